"""What the lab of adversarial examples says."""

from dlviz.adversarial.config import AdversarialConfig
from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source

SCENES = (
    Preset("chosen", "A chosen change",
           "Turn ε: signs along the gradient turn the answer, while random signs of the same size leave it.", {}),
    Preset("random", "Random against chosen",
           "Twice the size, but random: the network still reads it. Slides that print “random noise” beside the panda are wrong: it is the sign of the gradient.",
           {"method": "noise_sign", "epsilon": 0.3}),
    Preset("linear", "A linear network",
           "Ten sums of pixels fall to the same attack: no depth is needed, only many small steps that all add up.",
           {"victim": "linear", "epsilon": 0.15}),
    Preset("too-short", "Steps too short",
           "PGD in 10 steps of 0.008 moves no pixel by more than 0.08, however large ε is.",
           {"method": "pgd", "step_size": 0.008, "epsilon": 0.3}),
    Preset("aimed", "Aimed at a class",
           "PGD makes it read a 2, the digit that was asked for, where the easiest mistake would be a 3.",
           {"method": "pgd", "target": "2", "epsilon": 0.3}),
    Preset("universal", "One change for all",
           "The same pattern is added to every digit; it was made without this one.",
           {"method": "universal", "epsilon": 0.25}),
    Preset("hardened", "The hardened twin",
           "Trained on attacks within 0.15, the same network holds where its twin fell.",
           {"hardened": True}),
)  # fmt: skip

YES_NO = (("yes", "yes"), ("no", "no"))

PREDICTIONS = (
    Prediction("noise", "Every pixel moves by 0.15, up or down by a coin. Does the network misread the digit?",
               YES_NO, {"method": "noise_sign"}, "fooled",
               "It still reads {answer}: random signs cancel in every sum. Chosen ones all add up."),
    Prediction("one-step", "And if each pixel moves by 0.15 as its slope says?",
               YES_NO, {}, "fooled",
               "One step along the signs of the gradient and it reads {answer}."),
    Prediction("twin", "The same attack on a network trained on such attacks?",
               YES_NO, {"hardened": True}, "fooled",
               "It reads {answer}: training on attacked images pushed the boundary away."),
)  # fmt: skip

CHALLENGES = (
    Challenge("noise-fools", "Make random signs fool a network.",
              {"method": "Random signs", "fooled": "yes"},
              "A large ε, another seed, the linear network.",
              {"method": "noise_sign", "victim": "linear", "epsilon": 0.4, "digit": 3, "seed": 2}),
    Challenge("hardened-falls", "Fool a hardened network.",
              {"hardened": "yes", "fooled": "yes"}, "PGD, and a larger ε.",
              {"hardened": True, "method": "pgd", "epsilon": 0.4}),
    Challenge("be-a-three", "Have a digit read as a 3 by choice, that is none.",
              {"answer": 3, "target_hit": "yes", "fooled": "yes"}, "PGD, aimed at 3.",
              {"method": "pgd", "target": "3", "epsilon": 0.4}),
)  # fmt: skip

LESSON = Lesson(
    config=AdversarialConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    notice=(
        "FGSM fools it from ε = «fgsm_from» on.",
        "Random signs fool it from ε = «random_from» on.",
        "In 64 dimensions chosen signs move a sum about «gap» times as far as random ones: √(2n/π).",
        "The steps reach only «reach», less than ε = «epsilon»: the attack looks weaker than it is.",
    ),
    formula=r"x' = x + \varepsilon\,\mathrm{sign}(\nabla_x\,\mathrm{loss}),\qquad w\cdot(x'-x) = \varepsilon\,\lVert w\rVert_1,\qquad \varepsilon = «epsilon»",
    sources=(
        Source(
            "Goodfellow, Shlens & Szegedy 2015, Explaining and harnessing adversarial examples",
            "FGSM and the linear explanation",
            "https://arxiv.org/abs/1412.6572",
        ),
        Source(
            "Madry et al. 2018, Towards deep learning models resistant to adversarial attacks",
            "PGD and adversarial training",
            "https://arxiv.org/abs/1706.06083",
        ),
        Source(
            "Moosavi-Dezfooli et al. 2017, Universal adversarial perturbations",
            "one change for all images",
            "https://arxiv.org/abs/1610.08401",
        ),
    ),
)
