"""What is explained, and by which settings of each method."""

from collections.abc import Mapping
from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range
from dlviz.digits import SIDE
from dlviz.drawn import cells
from dlviz.scene import knob_values
from dlviz.victims import KINDS

PICTURES = {"maps": "Maps", "erase": "Erasing", "distractor": "Two pixels"}
METHODS: Mapping[str, str] = {
    "gradient": "gradient",
    "size": "its size",
    "smooth": "SmoothGrad",
    "product": "input × gradient",
    "integrated": "integrated gradients",
    "occlusion": "occlusion",
    "lime": "LIME",
    "cam": "Grad-CAM",
    "cam_relu": "Grad-CAM, ReLU",
}
# Which methods a knob changes; a choice of class and a network that forgets change all.
MOVED = {
    "steps": ("integrated",),
    "noise": ("smooth",),
    "baseline": ("integrated", "occlusion", "lime"),
    "rank": tuple(METHODS),
    "forgotten": tuple(METHODS),
}
TURNS = {
    "rank": "Which of its choices",
    "steps": "Steps of integrated gradients",
    "baseline": "Gray of the baseline",
    "noise": "Noise of SmoothGrad",
    "forgotten": "Layers forgotten",
}
RULES = {"midpoint": "midpoints", "right": "right ends", "left": "left ends",
         "trapezoid": "trapezoids", "gauss": "Gauss–Legendre"}  # fmt: skip
LAYERS = {"first": "the first convolution", "second": "the second", "pooled": "the pooling"}
LEARNED = {"linear": 1, "mlp": 2, "cnn": 3}  # layers with weights
PATCHES = (1, 2, 4)
DIGITS = 497
MOST_SPREAD = 3.0


@dataclass(frozen=True)
class ExplainConfig:
    """A picture, the network that reads it, and what is asked of it.

    Parameters
    ----------
    picture : a key of ``PICTURES``; of "distractor" only ``spread`` and ``seed`` count
    turn : what the knob turns, a key of ``TURNS``
    method : a key of ``METHODS``, the map that is shown large
    victim : a key of ``dlviz.victims.KINDS``
    hardened : whether it was trained on adversarial examples
    source : "test", or "drawn" for a digit drawn by hand or uploaded
    digit : 0 to 496, which test digit
    drawing : the drawn one, as ``dlviz.drawn`` reads it
    rank : 1 to 10, which of the network's choices is explained; 1 is its answer
    steps : 2 to 100, of integrated gradients
    rule : a key of ``RULES``, where they lie
    baseline : 0 to 1, the gray that stands for "nothing there"
    noise : 0 to 1, SmoothGrad's standard deviation
    samples : 2 to 200, SmoothGrad's noisy copies
    window : 1 to 4, side of the square that covers
    patch : 1, 2 or 4, side of LIME's squares
    layer : a key of ``LAYERS``, whose maps Grad-CAM weighs
    forgotten : 0 to 3, layers from the last back whose weights are shuffled
    seed : 0 to 99, of noise, trials and shuffles
    spread : 0.1 to 3, the distractor's size
    """

    picture: str = "maps"
    turn: str = "rank"
    method: str = "integrated"
    victim: str = "cnn"
    hardened: bool = False
    source: str = "test"
    digit: int = 1
    drawing: str = ""
    rank: int = 1
    steps: int = 20
    rule: str = "midpoint"
    baseline: float = 0.0
    noise: float = 0.15
    samples: int = 32
    window: int = 3
    patch: int = 2
    layer: str = "second"
    forgotten: int = 0
    seed: int = 0
    spread: float = 1.0

    def __post_init__(self) -> None:
        choices = {"picture": PICTURES, "turn": TURNS, "method": METHODS, "victim": KINDS,
                   "source": ("test", "drawn"), "rule": RULES, "layer": LAYERS}  # fmt: skip
        for name, names in choices.items():
            check_choice(name, getattr(self, name), names)
        cells(self.drawing, SIDE, SIDE)
        ends = {"digit": (0, DIGITS - 1), "rank": (1, 10), "steps": (2, 100), "samples": (2, 200),
                "window": (1, 4), "forgotten": (0, 3), "seed": (0, 99)}  # fmt: skip
        for name, (low, high) in ends.items():
            check_count(name, getattr(self, name), low, high)
        check_range("baseline", self.baseline, 0.0, 1.0)
        check_range("noise", self.noise, 0.0, 1.0)
        check_range("spread", self.spread, 0.1, MOST_SPREAD)
        if self.patch not in PATCHES:
            raise ValueError(f"expected patch in 1, 2, 4, got {self.patch!r}")


_VALUES: Mapping[str, tuple[float, ...]] = {
    "rank": tuple(range(1, 11)),
    "steps": (2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 64, 80, 100),
    "baseline": tuple(i / 10 for i in range(11)),
    "noise": tuple(i / 20 for i in range(21)),
    "spread": tuple(round(0.1 * i, 1) for i in range(1, 31)),
}


def knob_of(config: ExplainConfig) -> str:
    """Return the field that the knob turns."""
    return {"distractor": "spread", "erase": "rank"}.get(config.picture, config.turn)


def values_of(config: ExplainConfig) -> tuple[float, ...]:
    """Return what the knob can be, the Config's own value among it."""
    field = knob_of(config)
    if field == "forgotten":
        return tuple(range(LEARNED[config.victim] + 1))
    usual = _VALUES[field][:5] if config.picture == "erase" else _VALUES[field]
    return knob_values(getattr(config, field), usual)
