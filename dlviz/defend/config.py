"""What is defended, how, and against what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dlviz.checks import check_choice, check_count, check_range
from dlviz.digits import SIDE
from dlviz.drawn import cells
from dlviz.scene import knob_values
from dlviz.victims import KINDS

PICTURES = {
    "training": "Training on attacks",
    "price": "The price",
    "masking": "Hidden slopes",
    "smoothing": "Smoothing",
}
MASKS = {"sharp": "Logits made larger", "quantized": "Grays rounded"}
EPSILONS = tuple(i / 20 for i in range(9))  # of attacks
HARDENINGS = tuple(i / 20 for i in range(7))  # of the attacks trained on, in "price"
SIGMAS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6)
DIGITS = 497


@dataclass(frozen=True)
class DefendConfig:
    """A defense, and an attack on it.

    Parameters
    ----------
    picture : a key of ``PICTURES``
    kind : a key of ``dlviz.victims.KINDS``
    hardening : 0 to 0.4, ε of the attacks that are trained on
    attack_steps : 0 to 7, of those attacks, PGD from a random start; 0: random signs of that size
    epochs : 1 to 30
    seed : 0 to 99, of first weights, order of digits, random starts and noise
    epsilon : 0 to 0.4, the most that an attacker may change a pixel in [0, 1]
    mask : a key of ``MASKS``, how a slope is hidden
    sharpness : 1 to 1000, what logits are multiplied by
    levels : 2 to 16, grays that are left
    hardened : whether what is smoothed was trained on attacks
    source : "test", or "drawn" for a digit drawn by hand or uploaded
    digit : 0 to 496, which test digit
    drawing : the drawn one, as ``dlviz.drawn`` reads it
    sigma : 0.05 to 0.6, standard deviation of smoothing's noise
    samples : 100 to 2000, noisy copies that vote
    """

    picture: str = "training"
    kind: str = "mlp"
    hardening: float = 0.15
    attack_steps: int = 5
    epochs: int = 20
    seed: int = 0
    epsilon: float = 0.15
    mask: str = "sharp"
    sharpness: float = 100.0
    levels: int = 4
    hardened: bool = False
    source: str = "test"
    digit: int = 1
    drawing: str = ""
    sigma: float = 0.25
    samples: int = 1000

    def __post_init__(self) -> None:
        choices = {"picture": PICTURES, "kind": KINDS, "mask": MASKS, "source": ("test", "drawn")}
        for name, names in choices.items():
            check_choice(name, getattr(self, name), names)
        cells(self.drawing, SIDE, SIDE)
        counts = {"attack_steps": (0, 7), "epochs": (1, 30), "seed": (0, 99), "levels": (2, 16),
                  "digit": (0, DIGITS - 1), "samples": (100, 2000)}  # fmt: skip
        for name, ends in counts.items():
            check_count(name, getattr(self, name), *ends)
        ranges = {"hardening": (0.0, 0.4), "epsilon": (0.0, 0.4), "sharpness": (1.0, 1000.0),
                  "sigma": (0.05, 0.6)}  # fmt: skip
        for name, (low, high) in ranges.items():
            check_range(name, getattr(self, name), low, high)


KNOBS: Mapping[str, tuple[str, tuple[float, ...]]] = {
    "training": ("epsilon", EPSILONS),
    "price": ("hardening", HARDENINGS),
    "masking": ("epsilon", EPSILONS),
    "smoothing": ("sigma", SIGMAS),
}
# What each picture depends on; all else is put at its default, so that turns share a computation.
USED = {
    "training": ("kind", "hardening", "attack_steps", "epochs", "seed"),
    "price": ("kind",),
    "masking": ("kind", "mask", "sharpness", "levels", "source", "digit", "drawing", "seed"),
    "smoothing": ("kind", "hardened", "source", "digit", "drawing", "samples", "seed"),
}


def knob_of(config: DefendConfig) -> str:
    """Return the field that the knob turns."""
    return KNOBS[config.picture][0]


def values_of(config: DefendConfig) -> tuple[float, ...]:
    """Return what the knob can be, the Config's own value among it."""
    field, usual = KNOBS[config.picture]
    if config.picture == "price":
        return usual  # these were trained, and no others
    return knob_values(getattr(config, field), usual)


def asked_of(config: DefendConfig) -> DefendConfig:
    """Return the settings that a picture's computation depends on, the others at their defaults."""
    used = USED[config.picture]
    kept = {name: getattr(config, name) for name in used}
    return replace(DefendConfig(), picture=config.picture, **kept)
