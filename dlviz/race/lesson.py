"""The words of the race lab: scenes, predictions, challenges, what to notice, sources."""

from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source
from dlviz.race.config import RaceConfig

CANYON = {"surface": "bowl", "curvature2": 100.0, "start": (-2.5, 1.0)}
LOCAL = {"surface": "local_minimum", "lrs": (0.01,), "start": (1.5, 1.5)}
FIRST = {**CANYON, "optimizers": ("sgd", "adagrad", "adam"), "lrs": (0.015, 0.1, 0.1), "steps": 60}

SCENES = (
    Preset("equal", "All at the same rate",
           "A ravine, η = 0.02 for all. **Momentum** adds up the small slope along it, and is the only one to settle in time.",
           {}),
    Preset("best", "Each at its own best rate",
           "Now each has the best of 101 rates, tried on this page. All four settle, and momentum is last: most of its lead was the rate.",
           {"rates": "best"}),
    Preset("all", "All ten, each at its best",
           "Newton needs one step, for it knows the curvature. Nesterov is next. Adadelta, which makes its own rate, is late.",
           {"rates": "best", "optimizers": ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "nadam", "newton")}),
    Preset("canyon", "Zigzag in a canyon",
           "Curvatures 1 and 100, plain descent at its best rate 2/101: each step keeps 99/101 of the error. Momentum 0.67 needs 59 steps.",
           {**CANYON, "optimizers": ("sgd", "momentum"), "lrs": (0.0198, 0.033), "momentum": 0.67, "steps": 300}),
    Preset("first-step", "The first step of Adagrad and Adam",
           "Slopes 2.5 and 100, yet the first step of **adagrad** and **adam** is η = 0.1 in both: they go along the diagonal.",
           FIRST),
    Preset("shallow", "Small steps: the nearest valley",
           "η = 0.003: all but the slow ones settle, in the shallow valley. The deep one is on the left.",
           {**LOCAL, "lrs": (0.003,), "steps": 300}),
    Preset("deep", "Momentum rolls through",
           "η = 0.01: **momentum** is fast enough to roll through the shallow valley, and settles in the deep one. The others do not.",
           {**LOCAL, "steps": 300}),
    Preset("saddle", "Past a saddle",
           "Beside a saddle slopes are small. **RMSProp** divides by their size and is out first, at the same η = 0.03.",
           {"surface": "saddle_sine", "lrs": (0.03,), "start": (1.5, 1.5), "steps": 300}),
    Preset("banana", "Rosenbrock's banana",
           "The best rate of each, and still only **momentum** and **adam** come round the bend in 300 steps.",
           {"surface": "rosenbrock", "rates": "best", "start": (-1.2, 1.0), "steps": 300,
            "optimizers": ("sgd", "momentum", "nesterov", "rmsprop", "adam")}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("fair", "In the ravine each runs at its own best rate: who settles first?",
               (("sgd", "sgd"), ("momentum", "momentum"), ("rmsprop", "rmsprop"), ("adam", "adam")),
               {"rates": "best", "tolerance": 0.0101}, "first",
               "At equal rates momentum led. At their best, rmsprop needs {first_at} steps and momentum {momentum_at}: compare at tuned rates."),
    Prediction("step", "Adam starts where the slope is 2.5 along x and 100 along y, η = 0.1. How long is its first step along x?",
               ((0.25, "0.25 = η · 2.5"), (0.1, "0.1 = η"), (0.0025, "0.0025")),
               {**FIRST, "steps": 61}, "adam_step",
               "After bias correction m̂ = g and ŝ = g²: the step is η·g/|g| = {adam_step}, whatever the slope."),
    Prediction("deepest", "Start right of a shallow valley, η = 0.01. Who reaches the deep one behind it?",
               (("sgd", "plain descent"), ("momentum", "momentum"), ("adam", "adam")),
               {**LOCAL, "steps": 299}, "deepest",
               "Momentum 0.9 keeps the speed of the last ten or so steps, enough to roll through. So much for “converges to the nearest”."),
)  # fmt: skip

CHALLENGES = (
    Challenge("all-home", "Bring sgd, momentum, rmsprop and adam all home in the ravine, at one rate for all.",
              {"surface": "ravine", "rates": "given", "runners": (4, 10), "spread": 1.0, "late": 0, "steps": (1, 300)},
              "Turn the factor and watch the picture at the bottom right: where are all lines below the top?",
              {"factor": 6.81, "steps": 270}),
    Challenge("sgd-wins", "Let plain descent beat momentum, on any surface, each at its best rate.",
              {"rates": "best", "first": "sgd", "momentum_lr": (0.0, 10.0)},
              "Where one step is right for all directions there is nothing to add up: a round bowl.",
              {"rates": "best", "surface": "global_minimum", "optimizers": ("sgd", "momentum")}),
    Challenge("deep", "Bring adam into the deep valley of the surface with a local minimum, from (1.5, 1.5).",
              {"surface": "local_minimum", "adam_end": "converged", "adam_loss": (-5.04, -5.0)},
              "It needs a rate at which its memory of the slope carries it over. Give it its best one.",
              {**LOCAL, "optimizers": ("adam",), "rates": "best"}),
)  # fmt: skip

LESSON = Lesson(
    config=RaceConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formula=r"\begin{gathered} v \leftarrow \beta v + c\,g, \quad s \leftarrow \beta_2 s + c_2\,g^2 \\"
    r"w \leftarrow w - \eta\,\frac{a\,g + b\,v}{\sqrt{s} + \epsilon}\end{gathered}",
    notice=(
        "**Eight of the ten are one line with different numbers in it** (above): plain descent has only a, momentum only b, adam b and s. Adadelta and Newton are no such line.",
        "**“Faster” means: at which learning rate?** At one rate for all, momentum with β = «momentum» takes steps up to 1/(1 − β) times as long as plain descent's; that alone lets it lead.",
        "**First: «first», after «first_at» steps; second: «second», after «second_at».**",
        "Who passes through a place without slope has not settled: the table tells both.",
    ),
    sources=(
        Source("Polyak: Some methods of speeding up the convergence of iteration methods, 1964", "momentum", "https://doi.org/10.1016/0041-5553(64)90137-5"),
        Source("Sutskever, Martens, Dahl, Hinton: On the importance of initialization and momentum, ICML 2013", "Nesterov's momentum as a jump and a correction", "https://proceedings.mlr.press/v28/sutskever13.html"),
        Source("Goh: Why Momentum Really Works, Distill 2017", "the rate of momentum and its regimes", "https://doi.org/10.23915/distill.00006"),
        Source("Duchi, Hazan, Singer: Adaptive Subgradient Methods, JMLR 2011", "adagrad", "https://jmlr.org/papers/v12/duchi11a.html"),
        Source("Kingma, Ba: Adam, ICLR 2015, algorithm 1", "adam and its bias correction", "https://arxiv.org/abs/1412.6980"),
        Source("Wilson et al.: The Marginal Value of Adaptive Gradient Methods, NeurIPS 2017", "comparing at tuned rates", "https://arxiv.org/abs/1705.08292"),
        Source("gradient_descent_viz (desktop program)", "six of the surfaces, and the same race", "https://github.com/lilipads/gradient_descent_viz"),
    ),
    views={"picture": "race"},
)  # fmt: skip
