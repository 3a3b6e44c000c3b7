"""The words of the landscape lab: scenes, predictions, challenges, what to notice, sources."""

from dlviz.landscape.config import LandscapeConfig
from dlviz.lessons import Challenge, Lesson, Prediction, Preset, Source

DEEP = {"depth": 6, "lr": 0.2, "directions": "random"}

SCENES = (
    Preset("path", "The way down, in its own plane",
           "177 dimensions, seen in the two in which training moved most. Solid: the loss it had. Dashed: what the plane says.",
           {}),
    Preset("random", "The same, in random directions",
           "The same network, another plane: the way hardly moves in it. A slice through one point is not the landscape.",
           {"directions": "random"}),
    Preset("planes", "Six planes through one network",
           "Turn the knob: each is another random plane through the same network, and none holds a twentieth of its way.",
           {"directions": "random", "turn": "direction_seed"}),
    Preset("raw", "Raw directions",
           "Directions as they are drawn, not fitted to the size of the weights: the same network looks as sharp as you like.",
           {"directions": "raw"}),
    Preset("rescale", "One network, many pictures",
           "Turn the knob: one layer is made larger, the next smaller, and the network computes the same. Only the raw picture changes.",
           {"view": "rescale"}),
    Preset("tanh", "A smooth network",
           "With tanh units there are no kinks: the same data, a smoother valley.",
           {"activation": "tanh"}),
    Preset("deep", "Six layers deep, plain",
           "Six hidden layers: after 200 steps the loss is 0.054, and the sharpest curvature 7.7.",
           DEEP),
    Preset("skip", "Six layers deep, with skip connections",
           "The same, but each layer adds its input to what it puts out: 0.007, and 2.4. Pin one, turn the layers: it is no law at this size.",
           {**DEEP, "skip": True}),
    Preset("edge", "As steep as the step allows",
           "Turn η. At 1 plain descent cannot stay where the curvature is over 2/η = 2 (dashed). It is thrown out, and ends where it is flatter.",
           {"activation": "tanh", "lr": 1.0, "turn": "lr"}),
)  # fmt: skip

PREDICTIONS = (
    Prediction("plane", "A network's path through more than a hundred dimensions: how much of it fits in the best plane?",
               (("little", "less than a half"), ("most", "more than nine tenths")),
               {"steps": 199}, "held",
               "{explained} % of its squared length. Training moves in few directions at a time."),
    Prediction("random", "And in a plane of two random directions?",
               (("little", "less than a half"), ("most", "more than nine tenths")),
               {"directions": "random", "steps": 199}, "held",
               "{explained} %: of a hundred dimensions two are nearly none."),
)  # fmt: skip

CHALLENGES = (
    Challenge("flat", "Learn the moons (loss below 0.1) and end where no curvature is over 1.",
              {"dataset": "moons", "outcome": "learned", "highest": (0.0, 1.0)},
              "Train for longer, or with a larger step.",
              {"activation": "tanh", "steps": 500, "lr": 1.0}),
    Challenge("misleading", "Find a plane that holds less than 5 % of the way of a network that has learned.",
              {"outcome": "learned", "explained": (0.0, 5.0)},
              "Choose directions that know nothing of training.",
              {"directions": "random", "direction_seed": 1}),
)  # fmt: skip

LESSON = Lesson(
    config=LandscapeConfig,
    scenes=SCENES,
    predictions=PREDICTIONS,
    challenges=CHALLENGES,
    formulas=(
        r"f(a, b) = L(w^* + a\,\delta + b\,\epsilon)",
        r"f(0, 0) = L(w^*) = «loss»",
        r"\delta_{ij} \leftarrow \delta_{ij}\,\frac{\lVert w_{ij} \rVert}{\lVert \delta_{ij} \rVert}",
        r"\lambda_{\max} = «highest», \quad 2/\eta = «edge»",
    ),
    notice=(
        "**The plane holds «explained» % of the way.** Its points are not on the plane: their true loss and the plane's differ by up to «gap».",
        "**Curvatures at the end lie between «lowest» and «highest».** «parameters» numbers have as many; nearly all are next to 0.",
        "**Plain descent is stable up to a curvature of 2/η = «edge»**; the largest measured on the way was «steepest».",
        "Compare pictures only with filter-normalized directions: a ReLU network can be rescaled at will without changing what it computes.",
    ),
    sources=(
        Source("Li, Xu, Taylor, Studer, Goldstein: Visualizing the Loss Landscape of Neural Nets, NeurIPS 2018", "filter-normalized directions, skip connections, paths", "https://arxiv.org/abs/1712.09913"),
        Source("Pearlmutter: Fast Exact Multiplication by the Hessian, Neural Computation 1994", "curvature without the Hessian", "https://doi.org/10.1162/neco.1994.6.1.147"),
        Source("Dinh, Pascanu, Bengio, Bengio: Sharp Minima Can Generalize, ICML 2017", "the rescale that makes any minimum sharp", "https://arxiv.org/abs/1703.04933"),
        Source("Cohen et al.: Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, ICLR 2021", "the largest curvature and 2/η", "https://arxiv.org/abs/2103.00065"),
        Source("loss-landscape (PyTorch scripts)", "the first pictures of this kind", "https://github.com/tomgoldstein/loss-landscape"),
    ),
    views={"view": "plane", "turn": "depth"},
)  # fmt: skip
