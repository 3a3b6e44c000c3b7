"""What the lab of defenses says."""

from dlviz.defend.config import DefendConfig
from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source

SCENES = (
    Preset("twins", "Train on attacks",
           "The same first weights, trained twice: on digits, and on digits as PGD would have them within 0.15. Both learn to read; one learns to stand. Turn ε.", {}),
    Preset("beyond", "Beyond what it knows",
           "It was trained on attacks within 0.15. Within 0.3 it falls, too: training buys a radius, not safety.",
           {"epsilon": 0.3}, opens_at_end=True),
    Preset("noise", "Noise is no attack",
           "Random signs of the same size instead of attacks: it helps a little, and no more. What is not the worst case does not prepare for it.",
           {"attack_steps": 0}, opens_at_end=True),
    Preset("live", "While you watch",
           "A training of your own, attacks within 0.25: it is made now. Stop it, go on, scrub what there is.",
           {"hardening": 0.25, "epochs": 16, "epsilon": 0.2}),
    Preset("price", "The price",
           "Seven networks, each trained on larger attacks. The smallest attacks cost nothing; the largest take more on plain digits than they give.",
           {"picture": "price", "hardening": 0.3}),
    Preset("masked", "It only looks safe",
           "All logits times 100: every answer stays, FGSM and PGD find no slope, and nearly all digits survive. The lead of another class still has a slope: it breaks.",
           {"picture": "masking"}),
    Preset("rounded", "Grays rounded away",
           "With 4 grays left the slope is exactly 0 everywhere. Attack its twin, or take the rounding for nothing on the way back: it falls.",
           {"picture": "masking", "mask": "quantized"}),
    Preset("vote", "A vote that can be proved",
           "1000 noisy copies vote: no change within the radius can turn it, by any attack. Turn σ: too little proves little, too much drowns the digit.",
           {"picture": "smoothing"}),
    Preset("both", "Hardened, then smoothed",
           "Noise of σ = 0.4 drowns the plain network in mistakes. Its hardened twin reads through it, and proves more.",
           {"picture": "smoothing", "hardened": True, "sigma": 0.4}),
)  # fmt: skip

YES_NO = (("yes", "yes"), ("no", "no"))

PREDICTIONS = (
    Prediction("cost", "One network is trained on attacked digits alone. Does it read plain digits much worse, by 10 points or more?",
               YES_NO, {}, "costly",
               "Trained on digits: {plain_clean} %; on attacks within 0.15: {hard_clean} %. Turn ε to see what that buys."),
    Prediction("safe", "All logits are multiplied by 100; every answer stays. FGSM within 0.15 fooled most digits before. Does it still?",
               YES_NO, {"picture": "masking"}, "fgsm_fools",
               "No slope is left to follow: {fgsm_right} % stay right. Yet its breaker leaves {break_right} %: nothing was defended."),
    Prediction("proof", "Of 1000 noisy copies (σ = 0.25) 870 are read as a 7. Is it proved that no change of length 1 turns the vote?",
               YES_NO, {"picture": "smoothing"}, "beyond",
               "It is proved within {radius}. Even if all copies agreed, it would be {most}."),
)  # fmt: skip

CHALLENGES = (
    Challenge("bargain", "Find a network that reads over 60 % within 0.15, for at most 1 point of what it reads without attack.",
              {"picture": "price", "price_robust": (60.0, 100.0), "price_cost": (-100.0, 1.0), "epsilon": (0.149, 0.151)},
              "The price differs with the network.", {"picture": "price", "kind": "cnn", "hardening": 0.15}),
    Challenge("unmask", "Find a mask so thin that FGSM within 0.15 still fools.",
              {"picture": "masking", "fgsm_fools": "yes"}, "How large must logits be until no slope is left?",
              {"picture": "masking", "sharpness": 2.0}),
    Challenge("far", "Prove a radius above 0.7.",
              {"radius": (0.7, 10.0)}, "More noise, more copies, a hardened network, a clear digit.",
              {"picture": "smoothing", "kind": "cnn", "hardened": True, "sigma": 0.35, "samples": 2000, "digit": 33}),
    Challenge("abstain", "Have the vote abstain.",
              {"picture": "smoothing", "radius": 0, "copies": (100, 2000)}, "Too much noise.",
              {"picture": "smoothing", "kind": "linear", "sigma": 0.6, "digit": 2}),
)  # fmt: skip

LESSON = Lesson(
    config=DefendConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    notice=(
        "After «epochs» epochs, within ε = «epsilon»: «hard» % right against «plain» %, «gain» points gained.",
        "Without attack: «hard_clean» % against «plain_clean» %: the price is «cost» points.",
        "Trained on attacks, this network pays «price_cost» points without attack; within ε = «epsilon» it reads «price_robust» %.",
        "On «flat» % of the digits the masked network has no slope at all: FGSM leaves «fgsm_right» % right, PGD «pgd_right» %.",
        "Attacks on its unmasked twin leave «twin_right» %, its breaker «break_right» %: a defense must be attacked by those who know it.",
        "«votes» of «copies» copies agree; with a chance of 1 in 1000 to be wrong, p is at least «bound», and the radius «radius».",
        "Were all copies alike, the radius would be «most»: more noise or more copies prove more.",
    ),
    formulas=(
        r"\min_\theta \mathbb{E} \max_{\lVert\delta\rVert_\infty \le «hardening»} \mathrm{loss}(f_\theta(x + \delta), y)",
        r"R = \sigma\,\Phi^{-1}(p), \quad \sigma = «sigma»",
    ),
    sources=(
        Source("Madry et al. 2018, Towards deep learning models resistant to adversarial attacks",
               "training on attacks, equation 2.1", "https://arxiv.org/abs/1706.06083"),
        Source("Tsipras et al. 2019, Robustness may be at odds with accuracy", "the price",
               "https://arxiv.org/abs/1805.12152"),
        Source("Athalye, Carlini & Wagner 2018, Obfuscated gradients give a false sense of security",
               "hidden slopes, and the backward pass that takes rounding for nothing (BPDA)",
               "https://arxiv.org/abs/1802.00420"),
        Source("Carlini & Wagner 2017, Towards evaluating the robustness of neural networks",
               "large logits (distillation), and the lead that breaks them",
               "https://arxiv.org/abs/1608.04644"),
        Source("Cohen, Rosenfeld & Kolter 2019, Certified adversarial robustness via randomized smoothing",
               "the vote and its radius, theorem 1", "https://arxiv.org/abs/1902.02918"),
        Source("Clopper & Pearson 1934, The use of confidence or fiducial limits",
               "how probable the vote is at least", "https://doi.org/10.1093/biomet/26.4.404"),
    ),
)  # fmt: skip
