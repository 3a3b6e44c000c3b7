"""What the page offers to choose."""

from dlviz.defend.config import DIGITS, HARDENINGS, MASKS, PICTURES
from dlviz.digits import SIDE
from dlviz.victims import KINDS as ALL

__all__ = [
    "DIGITS",
    "KINDS",
    "MASKS",
    "PICTURES",
    "SIDE",
    "SOURCES",
    "STRENGTHS",
    "TRAINING",
    "trained_on",
]

KINDS = {name: ALL[name] for name in ("mlp", "cnn", "linear")}
SOURCES = {"test": "Test digit", "drawn": "Drawn by hand"}
TRAINING = (
    ("slider", "hardening", "Trained on attacks within ε", 0.0, 0.4, 0.05),
    ("slider", "epochs", "Epochs", 1, 30, 1),
    ("slider", "attack_steps", "Their steps (0: random signs)", 0, 7, 1),
    ("slider", "seed", "Seed", 0, 99, 1),
)
STRENGTHS = {
    "sharp": ("slider", "sharpness", "Logits times", 1.0, 1000.0, 1.0),
    "quantized": ("slider", "levels", "Grays left", 2, 16, 1),
}


def trained_on(hardening: float) -> float:
    """Return the nearest of the attacks that a shipped network was trained on."""
    return min(HARDENINGS, key=lambda known: abs(known - hardening))
