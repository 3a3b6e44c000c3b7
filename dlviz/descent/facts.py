"""What can be said about a run in numbers, for words, predictions and challenges."""

from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np

from dlviz.descent.config import DescentConfig, surface_of
from dlviz.descent.runs import DescentTrace
from dlviz.frozen import frozen
from dlviz.optimizers import Array
from dlviz.outcomes import NEAR, eigen
from dlviz.surfaces import Surface
from dlviz.update_formulas import UPDATE_FORMULAS
from dlviz.words import number

Facts = dict[str, Any]  # int, float, str or None

RATE_FACTS = (
    "lambda_max",
    "lambda_min",
    "lr_times_lambda_max",
    "condition_number",
    "one_step",
    "stability_limit",
    "best_rate",
    "rule_limit",
    "contraction",
    "factors",
)
ALMOST = 1e-6  # of the loss to lose: what is left of it when a run counts as having arrived
FLAT = 1e-6  # of the larger curvature, or of 1: a curvature no larger than this is none


@np.errstate(all="ignore")  # near the largest and smallest numbers all is rough anyway
def facts(trace: DescentTrace) -> Facts:
    """State a run in numbers; None where a number makes no sense.

    - ``surface``, ``optimizer``, ``lr``, ``steps``, ``start_x``, ``start_y``: of the Config
      (``steps`` as made; ``start_y`` and all other y None on 1-D surfaces)
    - ``outcome``; ``final_x``, ``final_y``, ``final_loss``: the last point and its loss, None if
      not finite
    - ``end_kind``: "minimum", "maximum", "saddle" or "degenerate" (a curvature is 0) of the place
      where the run settles if it converged, "none" if not
    - ``minimum``: index of the minimum at the end (as ``Basins.label``); ``minimum_kind``:
      "deepest" or "local" among those of the window
    - ``steps_to_converge``: the step from which on the loss is within a millionth of the loss
      to lose from its end, if converged
    - ``period``: 2 if the run cycles
    - ``lambda_max``, ``lambda_min``: the largest and smallest curvature where the run settled, or
      else at the nearest minimum; on a quadratic they are the same everywhere
    - from them: ``lr_times_lambda_max``, ``condition_number``, ``one_step`` (1/λmax),
      ``stability_limit`` (2/λmax), ``best_rate`` (2/(λmax + λmin)), ``rule_limit``: the
      stability limit of momentum and nesterov, which differs from sgd's
    - ``update``: the rule in LaTeX
    - ``factors``: of sgd at a constant lr, 1 − lr·λ along the steepest and the flattest axis, as
      words
    - ``contraction``: of sgd at a constant lr on a quadratic, the largest factor |1 − lr·λ| by
      which a step multiplies the error along an axis
    """
    config, surface = trace.config, surface_of(trace.config)
    end = trace.points[-1]
    return {
        "surface": config.surface,
        "optimizer": config.optimizer,
        "update": UPDATE_FORMULAS[config.optimizer],
        "lr": config.lr,
        "steps": len(trace.rates),
        "start_x": _number(trace.points[0, 0]),
        "start_y": _number(trace.points[0, 1]) if surface.dim == 2 else None,
        "outcome": trace.outcome,
        "final_x": _number(end[0]),
        "final_y": _number(end[1]) if surface.dim == 2 else None,
        "final_loss": _number(trace.losses[-1]),
        "end_kind": _end_kind(surface, resting_place(surface, end, trace.outcome)),
        **_minimum_facts(surface, end),
        "steps_to_converge": _steps_to_converge(surface, trace),
        "period": 2 if trace.outcome == "cycles" else None,
        **rate_facts(trace),
    }


def _number(value: Any) -> float | None:
    return float(value) if isfinite(value) else None


def resting_place(surface: Surface, end: Array, outcome: str) -> Array | None:
    """Return the point (D,) where the slope vanishes near the end (D,) of a run that converged.

    A known minimum, or where some Newton steps lead; many, for they are slow where it is flat.
    """
    if outcome != "converged":
        return None
    if (index := reached(surface, end)) is not None:
        return np.asarray(surface.minima[index])
    place = end
    for _ in range(40):
        hessian, grad = surface.hessian(place), surface.gradient(place)
        if not (np.isfinite(hessian).all() and np.isfinite(grad).all()):
            return end
        place = place - np.linalg.pinv(hessian, rcond=1e-12, hermitian=True) @ grad
    near = np.abs(place - end) <= 2 * NEAR * _width(surface)
    return np.asarray(place) if near.all() else end


def _width(surface: Surface) -> Array:
    return np.array([high - low for low, high in surface.window])


def _end_kind(surface: Surface, place: Array | None) -> str:
    return "none" if place is None else kind_of(eigen(surface.hessian(place))[0])


def kind_of(curvatures: Array) -> str:
    """Name a stationary point by the signs of its curvatures (D,)."""
    if np.abs(curvatures).min() <= FLAT * max(1.0, np.abs(curvatures).max()):
        return "degenerate"
    if (curvatures > 0).all():
        return "minimum"
    return "saddle" if (curvatures > 0).any() else "maximum"


def _minimum_facts(surface: Surface, end: Array) -> Facts:
    index = reached(surface, end)
    if index is None:
        return {"minimum": None, "minimum_kind": None}
    depths = surface.value(surface.minima)
    deepest = depths[index] <= depths.min() + 1e-9 * max(1.0, np.ptp(depths))
    return {"minimum": index, "minimum_kind": "deepest" if deepest else "local"}


def reached(surface: Surface, point: Array) -> int | None:
    """Return the index of the minimum that a point has reached, by the measure of ``basins``."""
    near = (np.abs(surface.minima - point) <= NEAR * _width(surface)).all(-1)
    return int(near.argmax()) if near.any() else None


def _steps_to_converge(surface: Surface, trace: DescentTrace) -> int | None:
    if trace.outcome != "converged":
        return None
    index = reached(surface, trace.points[-1])
    floor = trace.losses[-1]
    if index is not None:
        floor = min(floor, surface.value(surface.minima[index]))
    away = np.abs(trace.losses - floor) > ALMOST * abs(trace.losses[0] - floor)
    return int(np.flatnonzero(away)[-1]) + 1 if away.any() else 0


@lru_cache(maxsize=256)
def is_quadratic(surface: Surface) -> bool:
    """Tell whether the curvature is the same at a dozen places all over the window."""
    low, high = np.array(surface.window).T
    places = low + (high - low) * np.random.default_rng(0).uniform(size=(12, surface.dim))
    hessians = surface.hessian(places)
    return bool(np.allclose(hessians, hessians[0], rtol=1e-9, atol=1e-9))


def curvatures(surface: Surface, points: Array, outcome: str) -> Array | None:
    """Return the Hessian's eigenvalues (D,), rising, that decide how a run ends; None if none do.

    They are taken where the run settled, else at the minimum nearest to the last finite one of its
    points (T+1, D); without any minimum, only a quadratic has curvatures to speak of.
    """
    end = points[-1]
    if not np.isfinite(end).all():
        end = points[np.isfinite(points).all(-1)][-1]
    place = resting_place(surface, points[-1], outcome)
    if place is None and len(surface.minima):
        place = min(surface.minima, key=lambda minimum: float(np.abs(minimum - end).max()))
    elif place is None and is_quadratic(surface):
        place = end
    return None if place is None else _curvatures_at(surface, tuple(place.tolist()))


@lru_cache(maxsize=1024)  # the runs of a sweep end in few places
def _curvatures_at(surface: Surface, place: tuple[float, ...]) -> Array | None:
    curvatures = eigen(surface.hessian(np.array(place)))[0]
    return frozen(curvatures) if np.isfinite(curvatures).all() else None


def rate_facts(trace: DescentTrace) -> Facts:
    """State the part of ``facts`` that the curvatures give: rates and limits."""
    surface = surface_of(trace.config)
    with np.errstate(all="ignore"):
        bends = curvatures(surface, trace.points, trace.outcome)
        return dict.fromkeys(RATE_FACTS) | _rate_facts(trace.config, surface, bends)


def _rate_facts(config: DescentConfig, surface: Surface, bends: Array | None) -> Facts:
    if bends is None:
        return {}
    low, high = float(bends[0]), float(bends[-1])
    known: Facts = {"lambda_max": high, "lambda_min": low, "lr_times_lambda_max": config.lr * high}
    if is_plain(config):
        known["factors"] = _factors(*(1 - config.lr * bends[::-1]).tolist())
        if is_quadratic(surface):
            known["contraction"] = float(np.abs(1 - config.lr * bends).max())
    if len(bends) > 1 and low > FLAT * high:
        known["condition_number"] = high / low
    return known | limits(config, bends)


def limits(config: DescentConfig, bends: Array | None) -> Facts:
    """State the part of ``facts`` that holds at every learning rate; empty if nothing is known."""
    low, high = (0.0, 0.0) if bends is None else (float(bends[0]), float(bends[-1]))
    if bends is None or high <= 0 or low < -FLAT * high:
        return {}
    limit = rule_limit(config)
    return {
        "one_step": 1 / high,
        "stability_limit": 2 / high,
        "best_rate": 2 / (low + high) if len(bends) > 1 else None,
        "rule_limit": None if limit is None else limit / high,
    }


def _factors(steep: float, flat: float | None = None) -> str:
    if flat is None:
        return number(steep)
    return f"{number(steep)} along the steepest axis and {number(flat)} along the flattest"


def is_plain(config: DescentConfig) -> bool:
    """Tell whether each step is the same lr times the gradient."""
    return config.optimizer == "sgd" and config.schedule == "constant"


def rule_limit(config: DescentConfig) -> float | None:
    """Return the lr·λ up to which the rule settles on a parabola of curvature λ, if it has one."""
    a = config.momentum
    limits = {"sgd": 2.0, "momentum": 2 * (1 + a), "nesterov": (2 + 2 * a) / (1 + 2 * a)}
    return limits.get(config.optimizer)
