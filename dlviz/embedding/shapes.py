"""Toy points whose truth is known: those of Distill's article, and rolls that can be unrolled.

Wattenberg, Viégas & Johnson, "How to Use t-SNE Effectively", Distill 2016; its playground's
formulas, drawn with a seed. ``n`` is the number of all points.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from dlviz.embedding.cloud import Array, Cloud

TILT = 0.4  # radians that the rings are tilted, so that no axis is special


def _classes(parts: list[Array], names: tuple[str, ...]) -> Cloud:
    """Return the points of clusters of one size, one of each in turn."""
    x = np.stack(parts, axis=1).reshape(-1, parts[0].shape[1])
    return Cloud(x, np.arange(len(x)) % len(parts), names)


def _along(x: ArrayLike, t: ArrayLike, value: str, *, straight: bool = False) -> Cloud:
    return Cloud(np.asarray(x), np.asarray(t), value=value, straight=straight)


def two_clusters(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw two clouds of sd 1, 10 apart."""
    return _clusters(n, dim, rng, (0, 10))


def three_clusters(n: int, dim: int, rng: Generator) -> Cloud:
    """Three clouds of sd 1 at 0, 10 and 50: one five times as far from the first as the other."""
    return _clusters(n, dim, rng, (0, 10, 50))


def _clusters(n: int, dim: int, rng: Generator, places: tuple[float, ...]) -> Cloud:
    parts = [rng.standard_normal((n // len(places), dim)) for _ in places]
    for part, place in zip(parts, places, strict=True):
        part[:, 0] += place
    return _classes(parts, tuple("ABC"[: len(places)]))


def two_sizes(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw two clouds 20 apart, one ten times as wide as the other."""
    wide, narrow = rng.standard_normal((2, n // 2, dim))
    narrow /= 10
    narrow[:, 0] += 20
    return _classes([wide, narrow], ("wide", "narrow"))


def nested(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw a tight cloud in the middle of one that is 50 times as wide."""
    tight, wide = rng.standard_normal((2, n // 2, dim))
    return _classes([tight, 50 * wide], ("tight", "wide"))


def two_lines(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw two long parallel clusters in the plane."""
    half = n // 2
    noise = 0.03 * half * rng.standard_normal((2, half, 2))
    along = np.arange(half)[:, None]
    return _classes([along + noise[0], along + noise[1] + np.array([half, -half]) / 5], ("A", "B"))


def noise(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw one Gaussian cloud, the same in all directions: nothing to be found."""
    x = rng.standard_normal((n, dim))
    return _along(x, np.sqrt((x**2).sum(axis=1)), "distance from the center")


def ellipse(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw a long Gaussian cloud: sd 1/i along axis i."""
    x = rng.standard_normal((n, dim)) / np.arange(1, dim + 1)
    return _along(x, x[:, 0], "place along the longest axis", straight=True)


def grid(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw a square grid of equal steps."""
    side = max(int(n**0.5), 3)
    x = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    return _along(x, np.hypot(*(x - (side - 1) / 2).T), "distance from the middle")


def circle(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw points in equal steps on a circle."""
    t = 2 * np.pi * np.arange(n) / n
    return _along(np.column_stack([np.cos(t), np.sin(t)]), t, "angle")


def line(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw points in equal steps on a straight line."""
    t = np.arange(n) / n
    return _along(np.outer(t, np.ones(dim)), t, "place along the line", straight=True)


def linked_rings(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw two circles in space, linked like a chain."""
    return _rings(n, 1.0)


def unlinked_rings(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw two circles in space, side by side."""
    return _rings(n, 3.0)


def _rings(n: int, apart: float) -> Cloud:
    t = 2 * np.pi * np.arange(n // 2) / (n // 2)
    flat = np.column_stack([np.cos(t), np.sin(t), 0 * t])
    upright = np.column_stack([apart + np.cos(t), 0 * t, np.sin(t)])
    c, s = np.cos(TILT), np.sin(TILT)
    turn = np.array([[1, 0, 0], [0, c, s], [0, -s, c]])
    return _classes([flat @ turn.T, upright @ turn.T], ("ring A", "ring B"))


def nested_rings(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw two circles in the plane about one center, of radius 1 and 3."""
    t = 2 * np.pi * np.arange(n // 2) / (n // 2)
    ring = np.column_stack([np.cos(t), np.sin(t)])
    return _classes([ring, 3 * ring], ("inner", "outer"))


def trefoil(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw a trefoil knot in space: one closed line."""
    t = 2 * np.pi * np.arange(n) / n
    x = [np.sin(t) + 2 * np.sin(2 * t), np.cos(t) - 2 * np.cos(2 * t), -np.sin(3 * t)]
    return _along(np.column_stack(x), t, "place along the knot")


def walk(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw a random walk of normal steps."""
    return _along(rng.standard_normal((n, dim)).cumsum(axis=0), np.arange(n), "step", straight=True)


def simplex(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw points that are all equally far from each other: no map of the plane can show them."""
    return _along(np.eye(n), np.arange(n), "number")


def swiss_roll(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw a sheet rolled up in space, as scikit-learn's: 1.5π to 4.5π around, 21 wide."""
    t = 1.5 * np.pi * (1 + 2 * rng.random(n))
    return _along(np.column_stack([t * np.cos(t), 21 * rng.random(n), t * np.sin(t)]), t,
                  "place along the roll", straight=True)  # fmt: skip


def s_curve(n: int, dim: int, rng: Generator) -> Cloud:
    """Draw a sheet bent to an S in space, as scikit-learn's."""
    t = 3 * np.pi * (rng.random(n) - 0.5)
    x = np.column_stack([np.sin(t), 2 * rng.random(n), np.sign(t) * (np.cos(t) - 1)])
    return _along(x, t, "place along the S", straight=True)
