"""Kernels with a name: those of lectures, and families that have a size or an angle."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Kernel:
    """A kernel or a family of them.

    Parameters
    ----------
    label : its name in words
    make : (side, angle in degrees) -> (side, side), or (3, 3) where neither counts
    sized, turned : whether the side, and the angle, count
    least : the smallest side that it can have
    """

    label: str
    make: Callable[[int, float], Array]
    sized: bool = False
    turned: bool = False
    least: int = 1


def kernel(name: str, side: int = 3, angle: float = 0.0) -> Array:
    """Return a kernel of the table by name: float64, read-only."""
    return frozen(KERNELS[name].make(side, angle))


def least_side(name: str) -> int:
    """Return the smallest side of a kernel, of the table or not."""
    return KERNELS[name].least if name in KERNELS else 1


def _given(rows: object, scale: float = 1.0) -> Callable[[int, float], Array]:
    return lambda side, angle: np.asarray(np.array(rows, dtype=float) * scale)


def _middle(side: int, angle: float) -> Array:
    out = np.zeros((side, side))
    out[(side - 1) // 2, (side - 1) // 2] = 1.0
    return out


def _gaussian(side: int, angle: float) -> Array:
    """Return the outer product of a row of Pascal's triangle with itself, of sum 1."""
    row = np.ones(1)
    for _ in range(side - 1):
        row = np.convolve(row, [1.0, 1.0])
    return np.asarray(np.outer(row, row) / row.sum() ** 2)


def _motion(side: int, angle: float) -> Array:
    """Return a line through the middle, a cell thick, of sum 1."""
    x, y = _plane(side)
    radians = np.deg2rad(angle)
    across = np.abs(x * np.sin(radians) + y * np.cos(radians))
    along = np.abs(x * np.cos(radians) - y * np.sin(radians))
    line = np.clip(1 - across, 0, 1) * (along <= (side - 1) / 2 + 1e-9)
    return np.asarray(line / line.sum())


def _gabor(side: int, angle: float) -> Array:
    """Return a wave under a bell, of mean 0: its crests are across the angle.

    g = exp(−(u² + v²) / 2σ²) cos(2π u / λ), less its mean, with u along the angle, λ = 0.8 side
    and σ = side / 4 (Daugman, JOSA A 1985, in its even part), scaled to a sum of |g| of 2.
    """
    x, y = _plane(side)
    radians = np.deg2rad(angle)
    u = x * np.cos(radians) - y * np.sin(radians)
    bell = np.exp(-(x**2 + y**2) / (2 * (side / 4) ** 2))
    wave = bell * np.cos(2 * np.pi * u / (0.8 * side))
    wave -= bell * wave.sum() / bell.sum()
    return np.asarray(2 * wave / np.abs(wave).sum())


def _plane(side: int) -> tuple[Array, Array]:
    """Return x and y of each cell from the middle, y downward."""
    at = np.arange(side) - (side - 1) / 2
    x, y = np.meshgrid(at, at)
    return x, y


def _steered(rows: object) -> Callable[[int, float], Array]:
    """Return a difference along x turned to an angle: cos(angle) K − sin(angle) Kᵀ, y downward."""
    base = np.array(rows, dtype=float)

    def make(side: int, angle: float) -> Array:
        radians = np.deg2rad(angle)
        turned = np.cos(radians) * base - np.sin(radians) * base.T
        return np.where(np.abs(turned) < 1e-12, 0.0, turned)

    return make


KERNELS: dict[str, Kernel] = {
    "cross": Kernel("Cross", _given([[1, 0, 1], [0, 1, 0], [1, 0, 1]])),
    "identity": Kernel("Identity", _middle, sized=True),
    "edge": Kernel("Edges", _given([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])),
    "sharpen": Kernel("Sharpen", _given([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])),
    "box": Kernel("Box blur", lambda side, angle: np.full((side, side), side**-2.0), sized=True),
    "gauss": Kernel("Gaussian blur", _gaussian, sized=True),
    "unsharp": Kernel("Unsharp mask", _given([[-1, -2, -1], [-2, 28, -2], [-1, -2, -1]], 1 / 16)),
    "prewitt": Kernel("Prewitt", _steered([[1, 0, -1]] * 3), turned=True),
    "sobel": Kernel("Sobel", _steered([[1, 0, -1], [2, 0, -2], [1, 0, -1]]), turned=True),
    "emboss": Kernel("Emboss", _given([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])),
    "motion": Kernel("Motion blur", _motion, sized=True, turned=True),
    "gabor": Kernel("Gabor", _gabor, sized=True, turned=True, least=3),
}
