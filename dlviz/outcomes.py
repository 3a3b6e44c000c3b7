"""How runs ended, decided from their numbers alone once they are over."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dlviz.optimizers import Array
from dlviz.surfaces import Surface

Outcome = Literal["converged", "ran", "diverged", "cycles", "left_domain"]
Flags = NDArray[np.bool_]

DEFINED = 1e6  # |x|; further out an undefined loss is mere overflow, as in x⁴ − x² at 1e100
FAR = 10.0  # window widths from the window's center: no picture shows what is further out
STILL = 1e-3  # the final slope over the steepest of the run; losses go with its square: 1e-6
NEAR = 0.01  # of the window: what is this near to a point looks to be there
NOISE = 1e-12  # of the steepest slope: what is no more than rounding
SAME = 1e-4  # of a hop: how nearly a cycle must come back; 0.01 % beside 2/λ is no cycle
HOP = 1e-6  # of the window: hops shorter than this are rounding around a minimum
GROWTH = 1e-6  # relative growth from third to third of a run that is more than rounding


def outcomes_of(surface: Surface, points: Array, losses: Array, grads: Array) -> NDArray[np.str_]:
    """Name the outcome of each of R runs; the first rule below that holds decides.

    - ``left_domain``: a step landed on a finite point where the surface is not defined.
    - ``diverged``: a number overflowed, or the end is more than ``FAR`` window widths out and
      further than the start, or the loss outgrew where it began and still grows geometrically
      at the end (see ``_grows``).
    - ``cycles``: the last points alternate between two places, to within ``SAME`` of their
      distance, which is more than rounding.
    - ``converged``: the final slope is at most ``STILL`` of the steepest one; along each axis of
      curvature λ it is at most what λ makes over ``NEAR`` of the window, so that the place where
      it vanishes is that near; and where λ < 0 it is at most ``NOISE``, so that a run that creeps
      past a saddle has not converged, while one exactly on its ridge has.
    - ``ran``: anything else, on its way or jumping about.

    Parameters
    ----------
    points, grads : float64 (R, T+1, D)
    losses : float64 (R, T+1)
    """
    with np.errstate(all="ignore"):
        finite = np.isfinite(points).all(-1)
        near = finite & (np.abs(points) <= DEFINED).all(-1)
        left = (near & ~surface.inside(points)).any(-1)
        lost = ~(finite.all(-1) & np.isfinite(losses).all(-1)) | far_out(surface, points)
        cycles = _cycles(surface, points)
        rules = {
            "left_domain": left,
            "diverged": lost | (_grows(losses) & ~cycles),
            "cycles": cycles,
            "converged": _is_still(surface, points[:, -1], grads),
        }
        return np.select(list(rules.values()), list(rules), "ran")


def far_out(surface: Surface, points: Array) -> Flags:
    """Tell which runs (R, T+1, D) end ``FAR`` window widths out, and further than they began."""
    low, high = np.array(surface.window).T
    distance = np.abs((points[:, [0, -1]] - (low + high) / 2) / (high - low)).max(-1)  # (R, 2)
    away: Flags = (distance[:, 1] > FAR) & (distance[:, 1] > distance[:, 0])
    return away


def _grows(losses: Array) -> Flags:
    """Tell where each third of a run peaks higher than the one before, and by no smaller factor.

    Peaks, for momentum grows in swings. Heights are taken over the run's lowest loss. The factor
    may shrink to its square root: a cycle that fills up from inside also grows, but slows down.
    """
    steps = losses.shape[1] - 1
    if steps < 3:
        return np.zeros(len(losses), dtype=bool)
    thirds = np.split(losses, [steps // 3 + 1, 2 * steps // 3 + 1], axis=1)
    first, second, third = (part.max(1) - losses.min(1) for part in thirds)
    more: Flags = (second > (1 + GROWTH) * first) & (third > (1 + GROWTH) * second)
    steady: Flags = third / second >= np.sqrt(second / first)
    return more & steady


def _cycles(surface: Surface, points: Array) -> Flags:
    if points.shape[1] < 4:
        return np.zeros(len(points), dtype=bool)
    width = max(high - low for low, high in surface.window)
    hop = np.linalg.norm(points[:, -1] - points[:, -2], axis=-1)
    back = np.linalg.norm(points[:, -2:] - points[:, -4:-2], axis=-1).max(-1)
    repeats: Flags = (back <= SAME * hop) & (hop > HOP * width)
    return repeats


def _is_still(surface: Surface, ends: Array, grads: Array) -> Flags:
    slopes = np.linalg.norm(grads, axis=-1)
    steepest = slopes.max(1)
    curvatures, directions = eigen(surface.hessian(ends))
    along = np.abs(np.einsum("rij,ri->rj", directions, grads[:, -1]))  # (R, D), by axis
    allowed = np.maximum(curvatures, 0) * NEAR * max(high - low for low, high in surface.window)
    resting = (along <= np.maximum(allowed, NOISE * steepest[:, None])).all(-1)
    still: Flags = (slopes[:, -1] <= STILL * steepest) & resting
    return still


def eigen(hessian: Array) -> tuple[Array, Array]:
    """Return eigenvalues (..., D), rising, and eigenvectors (..., D, D) in columns, or nan."""
    defined = np.isfinite(hessian.sum((-2, -1)))[..., None]
    values, vectors = np.linalg.eigh(np.where(defined[..., None], hessian, 0.0))
    return np.where(defined, values, np.nan), vectors
