"""What the page offers to choose."""

from typing import Any

from dlviz.digits import SIDE
from dlviz.explain.config import DIGITS, LAYERS, LEARNED, METHODS, PICTURES, RULES, TURNS
from dlviz.victims import KINDS

__all__ = ["DIGITS", "KINDS", "LEARNED", "METHODS", "PICTURES", "SIDE", "SOURCES", "TURNS", "rows"]

SOURCES = {"test": "Test digit", "drawn": "Drawn by hand"}

_ROWS: tuple[tuple[Any, ...], ...] = (
    ("slider", "rank", "Which of its choices is explained", 1, 10, 1),
    ("slider", "baseline", "Gray of the baseline", 0.0, 1.0, 0.1),
    ("slider", "steps", "Steps of integrated gradients", 2, 100, 1),
    ("choice", "rule", "Where the steps lie", RULES),
    ("slider", "noise", "Noise of SmoothGrad", 0.0, 1.0, 0.05),
    ("slider", "samples", "Noisy copies", 2, 200, 1),
    ("slider", "window", "Side of what covers", 1, 4, 1),
    ("segments", "patch", "Side of LIME's squares", {1: "1", 2: "2", 4: "4"}),
    ("choice", "layer", "Grad-CAM looks at", LAYERS),
    ("slider", "seed", "Seed of noise, trials, shuffles", 0, 99, 1),
)


def rows(turn: str, victim: str) -> list[tuple[Any, ...]]:
    """Return the settings of the methods, but the one that the knob turns."""
    forgotten = ("slider", "forgotten", "Layers forgotten", 0, LEARNED[victim], 1)
    return [row for row in (*_ROWS, forgotten) if row[1] != turn]
