"""Where every start of the window ends: basins of attraction, for one learning rate or many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_count
from dlviz.descent.config import DescentConfig, rule_of, surface_of
from dlviz.descent.runs import run
from dlviz.frozen import frozen
from dlviz.optimizers import SCHEDULES, Array, State
from dlviz.outcomes import FAR, NEAR
from dlviz.surfaces import Surface

NONE, LOST = -1, -2
CHUNK = 8192  # starts at a time: their points, gradients and memories stay in the cache
LEG = 10  # updates between two looks at which starts need no more
RESTING = 1e-3  # of NEAR: a start that moves less per update, near a minimum, stays there


@dataclass(frozen=True, eq=False)
class Basins:
    """The minimum that descent reaches from every point of a grid over the window.

    Parameters
    ----------
    config : the settings of all runs, but for the start
    label : int8 (H, W), or (W,) on 1-D surfaces, read-only; row 0 is the lowest y. The index of
        the one of the surface's ``minima`` that is within ``NEAR`` of a window width of the end
        on each axis; or -1 for none; or -2 if the run left the domain, overflowed or ended more
        than ``FAR`` window widths out
    x, y : float64 (W,) and (H,), read-only, the coordinates of the grid; y is empty in 1-D
    """

    config: DescentConfig
    label: NDArray[np.int8]
    x: Array
    y: Array


def basins(config: DescentConfig, resolution: int = 128) -> Basins:
    """Run descent from each point of a grid of 2 to 512 points an axis, edges included."""
    label = basins_sweep(config, [config.lr], resolution)[0]
    axes = [frozen(ticks) for ticks in _ticks(surface_of(config), resolution)]
    return Basins(config, frozen(label, np.int8), axes[0], axes[1] if axes[1:] else frozen([]))


def basins_sweep(
    config: DescentConfig, values: Sequence[float] | Array, resolution: int = 48
) -> NDArray[np.int8]:
    """Return the labels (R, H, W) of ``Basins`` for each of R learning rates; (R, W) in 1-D."""
    check_count("resolution", resolution, 2, 512)
    surface = surface_of(config)
    rates = [replace(config, lr=lr).lr for lr in np.asarray(values, dtype=np.float64).tolist()]
    grid = np.stack(np.meshgrid(*_ticks(surface, resolution)), -1)  # ([H,] W, D)
    starts = np.tile(grid.reshape(-1, surface.dim), (len(rates), 1))
    lr = np.repeat(rates, grid.size // surface.dim)[:, None]
    label = np.empty(len(starts), dtype=np.int8)
    for first in range(0, len(starts), CHUNK):
        chunk = slice(first, first + CHUNK)
        label[chunk] = _labels(config, starts[chunk], lr[chunk])
    return label.reshape(len(rates), *grid.shape[:-1])


def _ticks(surface: Surface, resolution: int) -> list[Array]:
    return [np.linspace(low, high, resolution) for low, high in surface.window]


def _labels(config: DescentConfig, w: Array, lr: Array) -> NDArray[np.int8]:
    """Return the label of the end of each start ``w`` (N, D), at its own rate ``lr`` (N, 1).

    Starts that rest at a minimum, or are lost for good, are dropped on the way. A point that is
    merely far out is not: a schedule, or momentum, may bring it back.
    """
    surface, rule = surface_of(config), rule_of(config)
    multipliers = SCHEDULES[config.schedule](np.arange(config.steps), config.steps)
    label = np.full(len(w), NONE, dtype=np.int8)
    left, state = np.arange(len(w)), None
    for first in range(0, config.steps, LEG):
        points, state = run(surface, rule, w, lr, multipliers[first : first + LEG], state)
        w = points[-1]
        label[left] = _ends(surface, w)
        keep = ~_is_over(surface, points[-2], w, label[left])
        left, w, lr, state = left[keep], _kept(w, keep), lr[keep], _kept_state(state, keep)
        if len(left) == 0:
            break
    return label


def _ends(surface: Surface, w: Array) -> NDArray[np.int8]:
    low, high = np.array(surface.window).T
    width = high - low
    label = np.full(len(w), NONE, dtype=np.int8)
    for i, minimum in enumerate(surface.minima):
        label[(np.abs(w - minimum) <= NEAR * width).all(-1)] = i
    away = np.abs(w - (low + high) / 2) <= FAR * width  # False for nan
    label[~(away.all(-1) & surface.inside(w))] = LOST
    return label


def _is_over(
    surface: Surface, before: Array, w: Array, label: NDArray[np.int8]
) -> NDArray[np.bool_]:
    low, high = np.array(surface.window).T
    with np.errstate(invalid="ignore"):
        resting = (np.abs(w - before) <= RESTING * NEAR * (high - low)).all(-1)
    over: NDArray[np.bool_] = (resting & (label >= 0)) | ~np.isfinite(w).all(-1)
    return over


def _kept(array: Array, keep: NDArray[np.bool_]) -> Array:
    """Return the rows to keep, each coordinate still one block of memory."""
    return np.moveaxis(np.moveaxis(array, -1, 0)[:, keep], 0, -1)


def _kept_state(state: State, keep: NDArray[np.bool_]) -> State:
    return tuple(_kept(part, keep) if np.ndim(part) else part for part in state)
