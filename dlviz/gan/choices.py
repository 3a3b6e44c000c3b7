"""What the page offers to choose, in words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dlviz.gan.config import GanConfig
from dlviz.gan.data import DATA, SCALE
from dlviz.painting import LETTERS, touched
from dlviz.scene import knob_values

RATES = (0.0001, 0.001, 0.01, 0.03, 0.1)  # of the knob
GAPS = tuple(round(0.1 * i, 2) for i in range(51))
WEIGHTS = tuple(round(0.05 * i, 2) for i in range(31))
PICTURES = {
    "game": "The game",
    "slow": "One step, slowly",
    "digits": "Digits: learning",
    "average": "Digits: averaged",
    "between": "Digits: in between",
    "wanted": "Digits: on demand",
    "apart": "Two densities",
    "dirac": "The smallest game",
}
MIXES = tuple(round(0.05 * i, 2) for i in range(21))
COMPARED = ("game", "digits")  # pictures with room for a pinned run
BRANCHED = ("digits", "average")  # pictures of training
CLASSES = tuple(float(i) for i in range(10))
KINDS = {
    "norm": "Norm, dropout, averaging",
    "last": "Norm, dropout",
    "bare": "None of these",
    "collapse": "None, and G too fast",
}
SETS = {"digits": "Handwritten", "printed": "Printed"}
BRUSHES = {0: "Paint", -1: "Erase"}
VARIED = {
    "lr_g": "Learning rate of G",
    "lr_d": "Learning rate of D",
    "loss": "Loss",
    "r1": "R1",
    "beta1": "β₁",
    "seed": "Seed",
}
METHODS = {"simultaneous": "Both at once", "alternating": "In turns"}
KNOBS: dict[str, tuple[str, tuple[float, ...]]] = {
    "apart": ("gap", GAPS),
    "dirac": ("gamma", WEIGHTS),
    "slow": ("gamma", WEIGHTS),  # which has no knob
}
PAINTED: dict[str, tuple[str, tuple[float, ...]]] = {
    "digits": ("wanted", CLASSES),
    "average": ("wanted", CLASSES),
    "between": ("mix", MIXES),
    "wanted": ("wanted", CLASSES),
}
THEORY = {
    "slow": "Both learn by backpropagation; D hands the gradient on to G, which sees no data.",
    "apart": "Once two densities do not overlap, JS is log 2 however far they are apart.",
    "dirac": "Equilibria exist, but whether steps lead there is another matter.",
}
DATA_NAMES = {name: kind.label for name, kind in DATA.items()}
LOSS_NAMES = {
    "nonsaturating": "Non-saturating",
    "minimax": "Minimax (saturating)",
    "least_squares": "Least squares",
    "hinge": "Hinge",
    "wgan": "Wasserstein, clipped",
    "wgan_gp": "Wasserstein, GP",
}
LOOK_NAMES = {
    "field": "D's field",
    "real": "Real",
    "fake": "Fake",
    "mesh": "Manifold",
    "arrows": "Gradients",
    "norms": "Gradient norms",
}
TRAINING = (
    ("slider", "k_d", "Updates of D per step", 1, 5, 1),
    ("slider", "k_g", "Updates of G per step", 1, 5, 1),
    ("choice", "optimizer", "Optimizer",
     {"adam": "Adam", "sgd": "SGD", "momentum": "Momentum", "rmsprop": "RMSProp"}),
    ("slider", "beta1", "β₁", 0.0, 0.99, 0.01),
    ("slider", "beta2", "β₂", 0.5, 0.999, 0.001),
    ("slider", "batch_size", "Batch", 8, 128, 8),
    ("slider", "steps", "Steps", 0, 2500, 50),
    ("slider", "seed", "Seed", 0, 99, 1),
)  # fmt: skip
STEADIER = (
    ("slider", "r1", "R1 γ", 0.0, 5.0, 0.05),
    ("slider", "instance_noise", "Instance noise (sd)", 0.0, 1.0, 0.05),
    ("slider", "smoothing", "Label smoothing", 0.0, 0.5, 0.05),
    ("slider", "clip", "Clip of Wasserstein", 0.01, 1.0, 0.01),
    ("toggle", "spectral", "Spectral norm"),
)
NETWORKS = (
    ("segments", "noise", "Noise", {"normal": "Gaussian", "uniform": "Uniform"}),
    ("slider", "noise_dim", "Dimensions of the noise", 1, 2, 1),
    ("choice", "units", "Units", {"leaky_relu": "Leaky ReLU", "relu": "ReLU", "tanh": "tanh"}),
    ("widths", "hidden_g", "Hidden layers of G", 3, 64),
    ("widths", "hidden_d", "Hidden layers of D", 3, 64),
)
LOOKS = (("several", "looks", "Show", LOOK_NAMES),)
BOTH = (
    ("choice", "data", "Data", DATA_NAMES),
    ("choice", "loss", "Loss", LOSS_NAMES),
)
PACE = ("slider", "lr_d", "Learning rate of D", 0.0005, 0.1, 0.0005)
OWN = ("segments", "brush", "Paint on the plane", BRUSHES)
PAINTING = (
    ("segments", "images", "Pictures", SETS),
    ("choice", "kind", "Networks", KINDS),
    ("slider", "length", "Steps, times", 0.1, 2.0, 0.1),
    ("slider", "pace_g", "Learning rate of G, times", 0.2, 5.0, 0.2),
    ("slider", "pace_d", "Learning rate of D, times", 0.2, 5.0, 0.2),
    ("slider", "seed", "Seed", 0, 99, 1),
)
CONTROLS: dict[str, tuple[tuple[Any, ...], ...]] = {  # of each picture, before the menus
    "game": (*BOTH, PACE),
    "slow": (*BOTH, ("slider", "at", "Step", 0, 500, 10), PACE),
    "dirac": (("segments", "method", "Steps", METHODS),),
    "apart": (),
    **dict.fromkeys(PAINTED, PAINTING),
}
MENUS = (
    ("menus", {"Training": TRAINING, "Networks": NETWORKS}),
    ("menus", {"Steadier": STEADIER, "Show": LOOKS}),
)


def asked_of(config: GanConfig) -> tuple[GanConfig, str, tuple[float, ...]]:
    """Return the games to play: settings with the knob at rest, its field, and its values."""
    values = knob_values(config.lr_g, RATES)
    return replace(config, lr_g=values[0]), "lr_g", values


def dot(paint: Callable[[dict[str, Any]], None]) -> Callable[[float, float], None]:
    """Return what puts one point by keyboard, as a stroke of the hand would."""
    return lambda x, y: paint({"stroke": [[x, y]], "brush": 0})


def painted(text: str, said: Mapping[str, Any]) -> str:
    """Return the points of one's own data after a stroke of the hand on the picture."""
    scaled = [[SCALE * x, SCALE * y] for x, y in said["stroke"]]
    brush = said["brush"]
    return touched(text, scaled, brush if brush < 0 else LETTERS.index("A"))
