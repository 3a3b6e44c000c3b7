"""What can be chosen about an attack, and the table of attacks there are."""

from collections.abc import Mapping
from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range


@dataclass(frozen=True)
class Method:
    """A way to fool a network.

    Parameters
    ----------
    label : the name shown to users
    formula : in one line, what it does
    steps : as many are taken unless told otherwise
    bounded : whether it stays within ε of the image; the others look for the nearest mistake, or
        change few pixels, and know no ε
    targets : whether it can aim at a class
    """

    label: str
    formula: str
    steps: int
    bounded: bool = True
    targets: bool = True


METHODS: Mapping[str, Method] = {
    "noise_uniform": Method("Uniform noise", "x + u, u uniform in the ball", 1),
    "noise_sign": Method("Random signs", "x + ε r, each r = ±1 by a coin", 1),
    "fgsm": Method("FGSM", "x + ε sign(∇ loss)", 1),
    "pgd": Method("PGD", "x ← project(x + α sign(∇ loss)), again and again", 10),
    "universal": Method(
        "Universal", "one δ for all images: δ ← project(δ + α sign(Σ ∇ loss))", 100
    ),
    "deepfool": Method(
        "DeepFool",
        "step over the nearest boundary, as if the network were linear",
        50,
        bounded=False,
        targets=False,
    ),
    "cw": Method(
        "Carlini–Wagner", "least ‖δ‖² + c max(0, margin + κ), c by search", 200, bounded=False
    ),
    "one_pixel": Method("One pixel", "differential evolution of where and what", 30, bounded=False),
}

NORM_LABELS: Mapping[str, str] = {"linf": "L∞", "l2": "L2"}
LOSS_NAMES = ("cross_entropy", "margin")


@dataclass(frozen=True)
class AttackConfig:
    """An attack on images with pixels in [0, 1].

    Parameters
    ----------
    method : a key of ``METHODS``
    norm : "linf", the largest change of a pixel, or "l2", the length of the change
    epsilon : in [0, 100], radius of the ball of the bounded methods; the others take no notice
    steps : 1 ... 10000, of the search (for "cw" those under each c); None: as in ``METHODS``
    step_size : in (0, 100], of "pgd" and "universal"; None: 2.5 ε / steps, which reaches the edge
        of the ball from anywhere in it (Madry et al. 2018); "universal", 10 ε / steps
    random_start : begin somewhere in the ball rather than at the image ("pgd")
    targeted : y says what the images are to be taken for, and not what they are
    seed : >= 0, of all that is random
    loss : what is climbed: "cross_entropy", or "margin", the lead of another class, whose gradient
        does not vanish where the network is sure
    overshoot : in [0, 1], how far "deepfool" goes beyond the boundary, as a share of the total
    confidence : κ in [0, 100], the margin by which "cw" wants to win
    searches : 1 ... 20, the number of c that "cw" tries
    at_once : whether these are tried side by side, from 0.1 to 100, and not one after another
    pixels : 1 ... 64, how many "one_pixel" may change

    Raises
    ------
    ValueError
        If a number is out of its range, or the method cannot aim at a class.
    """

    method: str = "pgd"
    norm: str = "linf"
    epsilon: float = 0.1
    steps: int | None = None
    step_size: float | None = None
    random_start: bool = False
    targeted: bool = False
    seed: int = 0
    loss: str = "cross_entropy"
    overshoot: float = 0.02
    confidence: float = 0.0
    searches: int = 6
    at_once: bool = False
    pixels: int = 1

    def __post_init__(self) -> None:
        check_choice("method", self.method, METHODS)
        check_choice("norm", self.norm, NORM_LABELS)
        check_choice("loss", self.loss, LOSS_NAMES)
        check_range("epsilon", self.epsilon, 0.0, 100.0)
        if self.steps is not None:
            check_count("steps", self.steps, 1, 10_000)
        if self.step_size is not None:
            check_range("step_size", self.step_size, 0.0, 100.0, open_low=True)
        check_count("seed", self.seed, 0, 2**32 - 1)
        check_range("overshoot", self.overshoot, 0.0, 1.0)
        check_range("confidence", self.confidence, 0.0, 100.0)
        check_count("searches", self.searches, 1, 20)
        check_count("pixels", self.pixels, 1, 64)
        if self.targeted and not METHODS[self.method].targets:
            raise ValueError(f"expected targeted=False for {self.method}, got True")

    @property
    def rounds(self) -> int:
        """How many steps there are; "fgsm" takes one."""
        if self.method == "fgsm":
            return 1
        return METHODS[self.method].steps if self.steps is None else self.steps

    @property
    def stride(self) -> float:
        """How long a step is; that of "fgsm" is ε."""
        if self.method == "fgsm":
            return self.epsilon
        reach = 10 if self.method == "universal" else 2.5
        return reach * self.epsilon / self.rounds if self.step_size is None else self.step_size

    @property
    def note(self) -> str:
        """A sentence about steps too short to reach the edge of the ball, or nothing."""
        if self.method not in ("pgd", "universal") or self.rounds * self.stride >= self.epsilon:
            return ""
        return (
            f"{self.rounds} steps of {self.stride:g} reach {self.rounds * self.stride:g} at most: "
            f"the edge of the ball, ε = {self.epsilon:g}, is out of reach."
        )
