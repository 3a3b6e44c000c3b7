"""Evenly spaced points over a window, at which fields are drawn and maps are computed."""

from dataclasses import dataclass

import numpy as np

from dlviz.checks import check_count
from dlviz.frozen import frozen
from dlviz.landscapes import Array
from dlviz.surface import Window, stack


@dataclass(frozen=True, eq=False)
class Grid:
    """An n by n lattice over a window, ends included.

    Parameters
    ----------
    x, y : float64 (n,), read-only, ascending: the coordinates of the columns and of the rows
    points : float64 (n, n, 2), read-only; ``points[row, column]`` is (x[column], y[row]), so that
        row 0 is the lowest y
    """

    x: Array
    y: Array
    points: Array


def grid(window: Window, n: int) -> Grid:
    """Return the lattice of n by n points, 2 <= n <= 4096, over a window of two (low, high)."""
    check_count("n", n, 2, 4096)
    (x_low, x_high), (y_low, y_high) = window
    x, y = np.linspace(x_low, x_high, n), np.linspace(y_low, y_high, n)
    points = stack(np.meshgrid(x, y), (n, n))
    return Grid(frozen(x), frozen(y), frozen(points))


def line(window: Window, n: int) -> Array:
    """Return n evenly spaced points (n, 1), read-only, over a window of one (low, high)."""
    check_count("n", n, 2, 1_000_000)
    ((low, high),) = window
    return frozen(np.linspace(low, high, n)[:, None])
