"""The words of the GAN lab: scenes, predictions, challenges, what to notice, sources."""

from math import log

from dlviz.gan.config import GanConfig
from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source

# An affine generator on the line: Goodfellow's Figure 1.
LINE = {"data": "gauss", "noise_dim": 1, "hidden_g": (), "hidden_d": (16,), "units": "tanh",
        "lr_g": 0.01, "lr_d": 0.01}  # fmt: skip
FAR = {**LINE, "data": "far", "lr_d": 0.03, "k_d": 5}
COLLAPSE = {"lr_g": 0.003, "lr_d": 0.001, "beta1": 0.9}

SCENES = (
    Preset("ring", "Eight modes",
           "G sends noise to the plane, D tells real from fake, both learn at once. Within 1500 steps the fakes sit on all 8 blobs. Turn the knob and see when they do not.",
           {}),
    Preset("slow", "One step, slowly",
           "Ten moments make a step: D draws, judges, learns; then G. Step through them with the arrow keys; every number is that of step 100.",
           {"picture": "slow"}),
    Preset("figure", "Figure 1, live",
           "Data N(3, 1) on a line. G stretches and shifts its noise until it has the data's density. Then the best D is ½ everywhere, and the value is −log 4.",
           LINE),
    Preset("bells", "Two bells from one",
           "G has to tear the noise in two: lines from z part to either bell. D* = p / (p + q) is dashed; D learns to be it and never quite gets there.",
           {**LINE, "data": "pair", "hidden_g": (16, 16), "hidden_d": (32, 32), "units": "leaky_relu",
            "lr_g": 0.001, "lr_d": 0.003, "seed": 2}),
    Preset("vanish", "D wins: no gradient",
           "The data is far away and D is sure of everything. With the minimax loss, log(1 − D), the slope for G is about D(G(z)), nearly 0: G stays where it is.",
           {**FAR, "loss": "minimax"}),
    Preset("rescue", "The same, −log D",
           "Same start, same D. The non-saturating loss has the slope 1 − D(G(z)), nearly 1 where the fakes are worst: G walks over and fits the data.",
           FAR),
    Preset("collapse", "Mode collapse",
           "A slow D and much momentum: G puts all its points where D is fooled now, D follows, G jumps on. Never more than half of the modes at the end.",
           COLLAPSE),
    Preset("cure-momentum", "Cure 1: less momentum",
           "The same with β₁ = 0.5: G no longer overshoots what D has just found out. All 8 modes.",
           {**COLLAPSE, "beta1": 0.5}),
    Preset("cure-r1", "Cure 2: R1",
           "The same with a penalty on the slope of D at real points, γ = 0.1: D's landscape gets gentle. All 8 modes in the end.",
           {**COLLAPSE, "r1": 0.1}),
    Preset("cure-updates", "Cure 3: D moves thrice",
           "The same with 3 updates of D in each step: D keeps up with G. All 8 modes.",
           {**COLLAPSE, "k_d": 3}),
    Preset("apart", "Disjoint supports",
           "Pull data and fakes apart. JS climbs to log 2 = 0.693 and stays: no slope tells G where to go. The Wasserstein distance grows with every inch.",
           {"picture": "apart", "gap": 3.0}),
    Preset("cycle", "The smallest game",
           "One point θ against one slope ψ. With both moving at once every step stretches by √(1 + (η/2)²) > 1: around and outwards, never home.",
           {"picture": "dirac"}),
    Preset("turns", "Moving in turns",
           "Alternating steps neither stretch nor shrink: the eigenvalues lie on the unit circle. The players circle for ever.",
           {"picture": "dirac", "method": "alternating"}),
    Preset("calm", "R1 brings them home",
           "A penalty γ/2 ψ² on the slope pulls the eigenvalues inside the circle: the spiral ends at the equilibrium. Turn the knob for more or less of it.",
           {"picture": "dirac", "gamma": 0.5}),
    Preset("digits", "Digits out of noise",
           "16 numbers of noise become 64 pixels. Two seconds of training, and a classifier that knows real digits alone is sure of more than half of these.",
           {"picture": "digits"}),
    Preset("copies", "64 copies",
           "Without batch norm and dropout, and with G ten times as fast as D, all noises become the same picture: the classifier is sure, and sees one class.",
           {"picture": "digits", "kind": "collapse"}),
    Preset("between", "Between two noises",
           "Turn the knob: one digit becomes another, with no jump on the way. A straight way passes through shorter noises than G has ever seen; one along the sphere does not.",
           {"picture": "between", "mix": 0.5}),
    Preset("demand", "A digit on demand",
           "G and D are told the class. Turn the knob: the same noises become any digit you ask for, and keep their style.",
           {"picture": "wanted", "wanted": 3.0}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("rate", "G's learning rate goes from 0.001 to 0.1. How many of the 8 modes does it hold after 1500 steps?",
               (("covered", "All 8"), ("partial", "4 to 7"), ("collapsed", "Fewer than 4")),
               {"lr_g": 0.1}, "outcome",
               "{found} of {modes}. G runs from blob to blob, faster than D can follow."),
    Prediction("value", "When the fakes are just like the data, what is the value E log D(x) + E log(1 − D(G(z))) with the best D?",
               ((0.0, "0"), (-log(2), "−log 2 = −0.69"), (-log(4), "−log 4 = −1.39")),
               LINE, "equilibrium",
               "The best D is ½ everywhere: 2 log ½. Here D's loss has come to {d_loss}, the fakes to mean {mean} and sd {sd}."),
    Prediction("sure", "The data is far from all fakes, and D is sure which is which. With the loss log(1 − D(G(z))), what does G do?",
               (("covered", "It walks to the data"), ("lost", "It hardly moves"), ("diverged", "It blows up")),
               {**FAR, "loss": "minimax"}, "outcome",
               "D(G(z)) is {d_fake}, and the slope of log(1 − D) is as small. The fakes have got to {mean}; the data is at 6."),
)  # fmt: skip

CHALLENGES = (
    Challenge("swift", "Find all 8 modes of the ring within 150 steps.",
              {"data": "ring8", "first": (1, 150)}, "A better D shows the way sooner: R1, more updates, larger rates.",
              {"r1": 0.1, "lr_g": 0.003, "lr_d": 0.01, "k_d": 2}),
    Challenge("bell", "Fit one bell so well that JS is below 0.002.",
              {"data": "gauss", "js": (0.0, 0.002)}, "Scene 2 with a few settings changed: more batch, or more steps.",
              {**LINE, "batch_size": 128}),
    Challenge("gone", "Lose all 8 modes of the ring, without numbers beyond all bounds.",
              {"data": "ring8", "outcome": "lost"}, "G fast, D slow, much momentum.",
              {"lr_g": 0.01, "lr_d": 0.001, "beta1": 0.9, "seed": 1}),
    Challenge("far", "Bring the fakes to the far bell with a loss that is not −log D.",
              {"data": "far", "outcome": "covered", "loss": frozenset({"least_squares", "hinge", "wgan", "wgan_gp"})},
              "Some losses do not saturate.", {**FAR, "loss": "least_squares"}),
)  # fmt: skip

VIEWS = {
    "picture": "game",
    "looks": ("field", "real", "fake", "mesh", "arrows"),
    "brush": 0,
    "images": "digits",
    "kind": "norm",
    "rival": "bare",
    "mix": 0.0,
    "wanted": 0.0,
    "gap": 1.0,
    "gamma": 0.0,
    "method": "simultaneous",
    "sweep_over": "lr_g",
    "at": 100,
}

LESSON = Lesson(
    config=GanConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formulas=(
        r"V = \mathbb{E}_x \log D(x) + \mathbb{E}_z \log(1 - D(G(z)))",
        r"\min_G \max_D V: \quad D^* = \frac{p}{p + q}",
        r"V(D^*) = -\log 4 + 2\,\mathrm{JS}(p, q)",
        r"\text{here } V = «value», \quad \mathrm{JS}(p, q) = «js»",
    ),
    notice=(
        "**Neither loss tells who is winning.** D's loss is «d_loss», G's «g_loss»: each depends on the other player. Look at the samples, or at a measure that does not know D: JS is «js».",
        "**No sample scores 0.** 10 000 real points against 10 000 others score «js_floor» in JS: that is the dashed line, and nobody can be better. A histogram of 150 points would show «js_floor» as something like 0.1 to 0.4.",
        "**Modes are found one by one.** «found» of «modes» hold more than 1 % of the samples each; «on_mode» of all samples are on a mode, the others are bridges: G is continuous, and cannot tear the plane.",
        "**Can anyone tell?** The nearest neighbor of a point is of its own kind in «telling» of all cases; if fakes were real, it would be 0.5.",
        "**Arrows show what G follows,** minus the gradient of G's own loss at each fake, and not the slope of D. Where D is sure, with log(1 − D), they vanish.",
    ),
    sources=(
        Source("Goodfellow et al.: Generative Adversarial Nets, NIPS 2014", "the game, its value, D*, Figure 1", "https://arxiv.org/abs/1406.2661"),
        Source("Arjovsky, Chintala, Bottou: Wasserstein GAN, ICML 2017", "disjoint supports, clipping", "https://arxiv.org/abs/1701.07875"),
        Source("Gulrajani et al.: Improved Training of Wasserstein GANs, NIPS 2017", "the gradient penalty", "https://arxiv.org/abs/1704.00028"),
        Source("Mescheder, Geiger, Nowozin: Which Training Methods for GANs do actually Converge?, ICML 2018", "the Dirac-GAN and R1", "https://arxiv.org/abs/1801.04406"),
        Source("Mao et al.: Least Squares GANs, ICCV 2017", "least squares", "https://arxiv.org/abs/1611.04076"),
        Source("Miyato et al.: Spectral Normalization for GANs, ICLR 2018", "spectral norm", "https://arxiv.org/abs/1802.05957"),
        Source("Lopez-Paz, Oquab: Revisiting Classifier Two-Sample Tests, ICLR 2017", "the nearest neighbor's verdict", "https://arxiv.org/abs/1610.06545"),
        Source("Kahng et al.: GAN Lab, IEEE VIS 2018", "to play with on", "https://poloclub.github.io/ganlab/"),
    ),
    views=VIEWS,
)  # fmt: skip
