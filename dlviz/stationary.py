"""Find and name the points where a surface is flat: minima, maxima, saddles."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.landscapes import Array
from dlviz.surface import Surface

Kind = Literal["minimum", "maximum", "saddle", "degenerate"]

STARTS = {1: 401, 2: 33}  # per axis
STEPS = 80  # enough for flat points too, where Newton only gains a constant factor a step
MOST = 64


@dataclass(frozen=True, eq=False)
class StationaryPoints:
    """The isolated points of a surface's window with zero gradient, lowest first.

    Parameters
    ----------
    points : float64 (S, D), read-only; S <= 64
    kinds : S names, from the signs of the Hessian's eigenvalues; "degenerate" where an eigenvalue
        is zero, which leaves the kind undecided
    """

    points: Array
    kinds: tuple[Kind, ...]


def stationary_points(surface: Surface) -> StationaryPoints:
    """Run Newton's method on ∇f = 0 from a grid of starts and keep the places where it settles.

    Newton's method finds maxima and saddles as well as minima. Flat places that are not single
    points (plains, rings, valley floors) are left out, and so is what no start leads to. Of more
    than 64 points the lowest are kept.
    """
    with np.errstate(all="ignore"):
        settled = _newton(surface, _starts(surface))
        points = _distinct(surface, settled[np.argsort(surface.value(settled), kind="stable")])
        flat = _is_degenerate(surface, points)
        keep = ~flat
        few = np.flatnonzero(flat)[:MOST]
        keep[few] = _is_isolated(surface, points[few])
    points, flat = points[keep][:MOST], flat[keep][:MOST]
    signs = _eigenvalues(surface, points) > 0
    kinds = tuple(_kind(sign, bool(is_flat)) for sign, is_flat in zip(signs, flat, strict=True))
    return StationaryPoints(frozen(points), kinds)


def lowest_points(surface: Surface) -> Array:
    """Return the isolated local minima (M, D) within the window, lowest first.

    A degenerate point counts if it is lower than a small ring of points around it, as x⁴ is at 0.
    """
    found = stationary_points(surface)
    angles = np.linspace(0, 2 * np.pi, 128, endpoint=False)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=-1) if surface.dim == 2 else [[-1], [1]]
    around = found.points[:, None] + 1e-2 * _width(surface) * np.array(ring)  # (S, ring, D)
    higher = (surface.value(around) > surface.value(found.points)[:, None]).all(axis=1)
    kinds = np.array(found.kinds, dtype=str)
    lowest: Array = found.points[(kinds == "minimum") | ((kinds == "degenerate") & higher)]
    return lowest


def _starts(surface: Surface) -> Array:
    ticks = [np.linspace(low, high, STARTS[surface.dim]) for low, high in surface.window]
    return np.stack(np.meshgrid(*ticks), axis=-1).reshape(-1, surface.dim)


def _width(surface: Surface) -> Array:
    width: Array = np.diff(np.array(surface.window))[:, 0]
    return width


def _newton(surface: Surface, points: Array) -> Array:
    """Return where Newton's method settles within the window (P, D); steps are kept short."""
    width = _width(surface)
    low, high = np.array(surface.window).T
    step = np.full_like(points, np.inf)
    for _ in range(STEPS):
        step = _newton_step(surface, points)
        step = step / np.maximum(1, np.abs(step / width).max(axis=-1, keepdims=True) / 0.1)
        points = points + step
        strayed = (np.abs(points - (low + high) / 2) > width).any(axis=-1)
        alive = np.isfinite(points).all(axis=-1) & ~strayed
        points, step = points[alive], step[alive]
        if (np.abs(step) <= 1e-14 * width).all():
            break
    still = (np.abs(step) <= 1e-8 * width).all(axis=-1)
    within = ((points >= low - 1e-9 * width) & (points <= high + 1e-9 * width)).all(axis=-1)
    defined = np.isfinite(surface.value(points)) & _is_finite(surface.hessian(points))
    settled: Array = points[still & within & defined]
    return settled


def _newton_step(surface: Surface, points: Array) -> Array:
    """Return −H⁻¹g, zero where g is zero, and not finite where H alone is singular."""
    g, h = surface.gradient(points), surface.hessian(points)
    if surface.dim == 1:
        step = -g / h[..., 0]
    else:
        x, y = g[..., 0], g[..., 1]
        xx, xy, yy = h[..., 0, 0], h[..., 0, 1], h[..., 1, 1]
        det = xx * yy - xy * xy
        step = np.stack([xy * y - yy * x, xy * x - xx * y], axis=-1) / det[..., None]
    return np.where((g == 0).all(axis=-1, keepdims=True), 0.0, step)


def _distinct(surface: Surface, points: Array) -> Array:
    """Keep one of all points that agree to a ten-thousandth of the window."""
    kept: list[int] = []
    scaled = points / _width(surface)
    for i, point in enumerate(scaled):
        if not (np.abs(scaled[kept] - point).max(axis=-1) < 1e-4).any():
            kept.append(i)
    return points[kept]


def _is_degenerate(surface: Surface, points: Array) -> NDArray[np.bool_]:
    """Tell where an eigenvalue is nothing next to the other, or next to those of the window."""
    sizes = np.abs(_eigenvalues(surface, points))
    elsewhere = np.abs(_eigenvalues(surface, _starts(surface))).max(axis=-1)
    typical = np.median(elsewhere) if len(elsewhere) else 0.0
    flat: NDArray[np.bool_] = sizes.min(axis=-1) <= np.maximum(
        1e-6 * sizes.max(axis=-1), 1e-9 * typical
    )
    return flat


def _eigenvalues(surface: Surface, points: Array) -> Array:
    """Return the Hessian's eigenvalues (P, D), of those points where it is finite."""
    hessian = surface.hessian(points)
    return np.asarray(np.linalg.eigvalsh(hessian[_is_finite(hessian)]), dtype=np.float64)


def _is_finite(hessian: Array) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(hessian).all(axis=(-2, -1)))


def _is_isolated(surface: Surface, points: Array) -> NDArray[np.bool_]:
    """Tell from which degenerate points one cannot walk away along a flat valley, ring or plain.

    Step off in the direction of least curvature, on both sides, and let Newton's method, blind to
    directions without curvature, repair the gradient: it returns to an isolated point only. Points
    that crowd together are not isolated either.
    """
    curvatures, axes = np.linalg.eigh(surface.hessian(points))
    flattest = np.abs(curvatures).argmin(axis=-1)
    away = 1e-2 * _width(surface).min() * axes[np.arange(len(points)), :, flattest]
    apart = np.abs((points[:, None] - points[None]) / _width(surface)).max(axis=-1)
    isolated = np.asarray((apart < 0.05).sum(axis=1) == 1)
    for walkers in (points + away, points - away):
        for _ in range(20):
            walkers = walkers + _blind_newton_step(surface, walkers)
        isolated &= np.linalg.norm(walkers - points, axis=-1) < 0.5 * np.linalg.norm(away, axis=-1)
    return isolated


def _blind_newton_step(surface: Surface, points: Array) -> Array:
    """Return −H⁺g, without the directions of no curvature; zero where that is not finite."""
    gradient, hessian = surface.gradient(points), surface.hessian(points)
    usable = _is_finite(hessian) & np.isfinite(gradient).all(axis=-1)
    step = np.zeros_like(points)
    inverse = np.linalg.pinv(hessian[usable], rcond=1e-10, hermitian=True)
    step[usable] = -(inverse @ gradient[usable][..., None])[..., 0]
    return step


def _kind(positive: NDArray[np.bool_], is_flat: bool) -> Kind:
    if is_flat:
        return "degenerate"
    if positive.all():
        return "minimum"
    return "saddle" if positive.any() else "maximum"
