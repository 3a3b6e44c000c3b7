"""A loss surface: a landscape with a name, a window to look through and its known minima."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.frozen import frozen
from dlviz.landscapes import Array, Landscape, Point

Window = tuple[tuple[float, float], ...]


def at(*points: tuple[float, ...]) -> Array:
    """Return points (M, D) as an array, as in ``minima=at((-1.0,), (1.0,))``."""
    return np.array(points, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss of one or two coordinates, in float64 and vectorized over all leading axes.

    Far outside the window values may overflow to inf or nan; no warning is raised.

    Parameters
    ----------
    name : key of the surface in ``SURFACES``
    label : the name shown to users
    formula : LaTeX, with the numbers filled in
    source : the same as a Python expression in ``x`` (and ``y``) that uses ``torch.<function>``
    landscape : the formulas of value, gradient and Hessian
    window : D pairs (low, high), the part of the plane worth seeing
    start : D numbers inside the window, from where descent is telling
    minima : float64 (M, D), read-only; all isolated local minima within the window, to 1e-10.
        Valleys that are lines or rings are not listed.
    """

    name: str
    label: str
    formula: str
    source: str
    landscape: Landscape
    window: Window
    start: tuple[float, ...]
    minima: Array = field(default_factory=at)

    def __post_init__(self) -> None:
        minima = np.reshape(self.minima, (-1, self.dim))
        object.__setattr__(self, "minima", frozen(minima))

    @property
    def dim(self) -> int:
        """Number of coordinates D, 1 or 2."""
        return len(self.window)

    def value(self, points: ArrayLike) -> Array:
        """Return the loss (...) at points (..., D)."""
        with np.errstate(all="ignore"):
            return self.landscape.value(_by_axis(points))

    def gradient(self, points: ArrayLike) -> Array:
        """Return the gradient (..., D) at points (..., D)."""
        p = _by_axis(points)
        with np.errstate(all="ignore"):
            return stack(self.landscape.gradient(p), p[0].shape)

    def hessian(self, points: ArrayLike) -> Array:
        """Return the symmetric Hessian (..., D, D) at points (..., D)."""
        p = _by_axis(points)
        with np.errstate(all="ignore"):
            entries = sum(self.landscape.hessian(p), start=())
            return stack(entries, p[0].shape).reshape(*p[0].shape, self.dim, self.dim)

    def inside(self, points: ArrayLike) -> NDArray[np.bool_]:
        """Tell which points (..., D) lie where the loss is defined: bool (...)."""
        with np.errstate(all="ignore"):
            return self.landscape.inside(_by_axis(points))


def stack(parts: Sequence[Any], shape: tuple[int, ...]) -> Array:
    """Join D parts, arrays of ``shape`` or numbers, along a new last axis: (*shape, D).

    The memory stays one block for each part, so that taking a coordinate out again is fast.
    """
    blocks = np.empty((len(parts), *shape))
    for i, part in enumerate(parts):
        blocks[i] = part
    return blocks.transpose(*range(1, blocks.ndim), 0)  # a fifth of the time of moveaxis


def _by_axis(points: ArrayLike) -> Point:
    array = np.asarray(points, dtype=np.float64)
    return tuple(array.transpose(-1, *range(array.ndim - 1)))


def polished(surface: Surface) -> Surface:
    """Move roughly known minima to where the gradient vanishes, by Newton's method."""
    minima = np.array(surface.minima)
    for _ in range(6):
        step = np.linalg.solve(surface.hessian(minima), surface.gradient(minima)[..., None])
        minima = minima - step[..., 0]
    return replace(surface, minima=minima)
