"""What a folded plane depends on."""

from dataclasses import dataclass
from math import prod

from dlviz.checks import check_choice, check_count, check_range
from dlviz.networks import Architecture
from dlviz.region_bounds import arranged

MAX_LAYERS, MAX_UNITS, MAX_ALL_UNITS, MAX_REGIONS = 6, 64, 192, 20_000
KINDS = ("random", "folds", "folded_lines", "trained")
TASKS = ("circle", "xor", "gauss", "spiral", "moons", "rings", "checkerboard")  # two classes
ACTIVATIONS = ("relu", "sigmoid")


@dataclass(frozen=True)
class OrigamiConfig:
    """Everything a folded plane depends on.

    Parameters
    ----------
    network : "random" weights; "folds", where every layer folds x and y like paper; or
        "folded_lines", where all layers but the last fold, and the last draws lines on the folded
        sheet: with one layer that is lines in general position
    hidden : units in each hidden layer, 1 to 64 each, at most 192 in all; 0 to 6 layers. A layer
        that folds has at least 2, and ⌊units / 2⌋² squares; at most 20 000 regions are built.
    weight_scale : in [0, 10]; random weights are N(0, 2 / fan_in) times this
    bias_scale : in [0, 10]; random biases are U(±1/√fan_in) times this; 0 makes cones
    seed : >= 0, of random weights, and of the lines
    activation : "relu", or "sigmoid", which has no linear regions: see ``smooth``
    leak : in [−1, 1], the slope below 0: 0 is ReLU, 1 is linear, −1 folds paper, |z|
    sharpness : in (0, 1000]; sigmoids are σ(sharpness z), steps in the end
    dataset : one of ``TASKS``; this and the next two are of a trained network
    steps : 0 to 2000, updates with all points
    lr : in (0, 1], the learning rate of Adam
    span : in (0, 10 000]; the window is [−span, span]²
    parameters : all weights and biases, layer by layer as in ``Architecture``; none at all are
        those of ``network``
    """

    network: str = "random"
    hidden: tuple[int, ...] = (8, 8)
    weight_scale: float = 1.0
    bias_scale: float = 1.0
    seed: int = 0
    activation: str = "relu"
    leak: float = 0.0
    sharpness: float = 4.0
    dataset: str = "circle"
    steps: int = 300
    lr: float = 0.02
    span: float = 1.0
    parameters: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        check_choice("network", self.network, KINDS)
        check_choice("activation", self.activation, ACTIVATIONS)
        self._check_hidden()
        check_range("weight_scale", self.weight_scale, 0, 10)
        check_range("bias_scale", self.bias_scale, 0, 10)
        check_count("seed", self.seed, 0, 2**32 - 1)
        check_range("leak", self.leak, -1, 1)
        check_range("sharpness", self.sharpness, 0, 1000, open_low=True)
        check_choice("dataset", self.dataset, TASKS)
        check_count("steps", self.steps, 0, 2000)
        check_range("lr", self.lr, 0, 1, open_low=True)
        check_range("span", self.span, 0, 10_000, open_low=True)
        self._check_parameters()

    def _check_hidden(self) -> None:
        if not isinstance(self.hidden, tuple) or len(self.hidden) > MAX_LAYERS:
            raise ValueError(f"expected hidden to be a tuple of 0 to {MAX_LAYERS}, "
                             f"got {self.hidden!r}")  # fmt: skip
        for units in self.hidden:
            check_count("hidden", units, 1, MAX_UNITS)
        check_count("the sum of hidden", sum(self.hidden), 0, MAX_ALL_UNITS)
        if self.network in ("folds", "folded_lines"):
            self._check_folds()

    def _check_folds(self) -> None:
        lines = self.hidden[-1:] if self.network == "folded_lines" else ()
        folds = self.hidden[: len(self.hidden) - len(lines)]
        if min(folds, default=2) < 2:
            raise ValueError(f"expected at least 2 units in a layer that folds, got {self.hidden}")
        regions = prod((n // 2) ** 2 for n in folds) * prod(arranged(n, 2) for n in lines)
        if regions > MAX_REGIONS:
            raise ValueError(f"expected at most {MAX_REGIONS} regions, got {regions}")

    def _check_parameters(self) -> None:
        if not isinstance(self.parameters, tuple):
            raise ValueError(f"expected parameters to be a tuple, got {self.parameters!r}")
        for number in self.parameters:
            check_range("parameters", number, -1e6, 1e6)
        count = architecture_of(self).count
        if len(self.parameters) not in (0, count):
            raise ValueError(f"expected 0 or {count} parameters, got {len(self.parameters)}")


def architecture_of(config: OrigamiConfig) -> Architecture:
    """Return the shape of the network: 2 inputs, the hidden layers, 1 linear output."""
    return Architecture((2, *config.hidden, 1), ("relu",) * len(config.hidden), "linear")


def window_of(config: OrigamiConfig) -> tuple[tuple[float, float], ...]:
    """Return the corners of the window, counterclockwise."""
    s = float(config.span)
    return ((-s, -s), (s, -s), (s, s), (-s, s))
