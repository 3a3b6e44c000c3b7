"""What the generator is to imitate: distributions that can be drawn from without end.

All are mixtures of normals around their centers, or curves with normal noise around them, in
windows of [−2, 2] or so: networks learn fastest where inputs are of size 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.theory import normal
from dlviz.painting import read_points

Array = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Array]

SCALE = 3.0  # painted points live in [−6, 6]²


@dataclass(frozen=True)
class Kind:
    """A distribution as the page offers it: its name and its dimension."""

    label: str
    dim: int


@dataclass(frozen=True, eq=False)
class Source:
    """A distribution.

    Parameters
    ----------
    draw : (generator of random numbers, n) -> float64 (n, d)
    modes : float64 (M, d), the centers of a mixture; of a curve, places along it
    reach : a sample is on a mode if it is at most so far from it: 4 sd in a mixture
    low, high : the window, the same on both axes
    sd : of the normal noise around centers or curve
    parts : what ``modes`` are, as a word: a curve has no modes
    """

    draw: Draw
    modes: Array
    reach: float
    low: float
    high: float
    sd: float
    parts: str = "modes"

    @property
    def dim(self) -> int:
        return int(self.modes.shape[1])

    def density(self, x: Array) -> Array:
        """Return the density of a mixture of one dimension at points (N,)."""
        return np.asarray(normal(x[:, None], self.modes[:, 0], self.sd).mean(1))


DATA: dict[str, Kind] = {
    "ring8": Kind("Eight on a ring", 2),
    "two": Kind("Two blobs", 2),
    "grid25": Kind("Grid of 25", 2),
    "disjoint": Kind("Three far blobs", 2),
    "line": Kind("Line", 2),
    "spiral": Kind("Spiral", 2),
    "moons": Kind("Moons", 2),
    "own": Kind("Your own, painted", 2),
    "gauss": Kind("1-D: one bell", 1),
    "far": Kind("1-D: a far narrow bell", 1),
    "pair": Kind("1-D: two bells", 1),
    "trio": Kind("1-D: three bells", 1),
    "own_line": Kind("1-D: your own", 1),
}


@cache
def source_of(data: str, points: str = "") -> Source:
    """Return a distribution by name; ``points`` are those of the painted ones."""
    if data in _CURVES:
        return _along(*_CURVES[data])
    if data in ("own", "own_line"):
        painted = np.unique(read_points(points).x / SCALE, axis=0)
        if data == "own_line":
            return _mixture(np.unique(painted[:, 0])[:, None], 0.1, -3, 3)
        return _mixture(painted, 0.06, -2, 2)
    centers, sd, low, high = _MIXTURES[data]
    return _mixture(np.array(centers, float).reshape(len(centers), -1), sd, low, high)


def _mixture(centers: Array, sd: float, low: float, high: float) -> Source:
    """Return normals of one sd around centers (M, d), all as likely."""

    def draw(rng: np.random.Generator, n: int) -> Array:
        chosen = centers[rng.integers(len(centers), size=n)]
        return np.asarray(chosen + sd * rng.standard_normal((n, centers.shape[1])))

    return Source(draw, centers, 4 * sd, low, high, sd)


def _along(curve: Callable[[Array], Array], sd: float, places: int) -> Source:
    """Return normal noise around a curve: a parameter in [0, 1] -> (n, 2), drawn evenly."""

    def draw(rng: np.random.Generator, n: int) -> Array:
        return np.asarray(curve(rng.random(n)) + sd * rng.standard_normal((n, 2)))

    modes = curve((np.arange(places) + 0.5) / places)
    ends = curve(np.arange(places + 1) / places)
    apart = np.hypot(*(ends[:-1] - modes).T).max()
    return Source(draw, modes, float(apart + 3 * sd), -2, 2, sd, "places")


def _ring(count: int, radius: float) -> list[tuple[float, float]]:
    angles = 2 * np.pi * np.arange(count) / count
    return [(radius * float(np.cos(a)), radius * float(np.sin(a))) for a in angles]


def _line(t: Array) -> Array:
    return np.stack([1.4 - 2.8 * t, -0.9 + 1.8 * t], axis=1)


def _spiral(t: Array) -> Array:
    radius, angle = 0.25 + 1.25 * np.sqrt(t), 3.5 * np.pi * np.sqrt(t)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _moons(t: Array) -> Array:
    upper, angle = t < 0.5, 2 * np.pi * (t % 0.5)
    x = np.where(upper, np.cos(angle), 1 - np.cos(angle)) - 0.5
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle)) - 0.25
    return np.stack([x, y], axis=1)


_CURVES = {"line": (_line, 0.04, 8), "spiral": (_spiral, 0.04, 12), "moons": (_moons, 0.05, 10)}
_GRID = [(-1 + 0.5 * i, -1 + 0.5 * j) for i in range(5) for j in range(5)]
_MIXTURES: dict[str, tuple[Any, float, float, float]] = {
    "ring8": (_ring(8, 1.0), 0.05, -1.6, 1.6),
    "two": ([(-0.8, -0.4), (0.8, 0.4)], 0.15, -2, 2),
    "grid25": (_GRID, 0.04, -1.6, 1.6),
    "disjoint": ([(-1.0, 0.9), (1.1, 0.3), (-0.2, -1.1)], 0.05, -2, 2),
    "gauss": ([3.0], 1.0, -4, 8),
    "far": ([6.0], 0.3, -4, 8),
    "pair": ([-1.5, 1.5], 0.5, -4, 4),
    "trio": ([-2.5, 0.0, 2.5], 0.3, -4, 4),
}  # fmt: skip
