"""The loop of descent, and its runs: one, many side by side, one continued otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice, check_count
from dlviz.descent.config import DescentConfig, rule_of, surface_of, taken
from dlviz.frozen import frozen
from dlviz.optimizers import SCHEDULES, Array, Number, Rule, State
from dlviz.outcomes import Outcome, outcomes_of
from dlviz.surfaces import Surface

SWEPT = ("lr", "momentum", "beta2", "weight_decay", "start")
FROM_THE_START = ("surface", "formula", "curvature1", "curvature2", "rotation", "start")
BRANCHED = tuple(f.name for f in fields(DescentConfig) if f.name not in FROM_THE_START)


@dataclass(frozen=True, eq=False)
class DescentTrace:
    """One run of descent; entry 0 is the start, entry t comes after update t.

    All arrays are read-only and hold what float64 gives, inf and nan included. A point outside
    the surface's domain is kept, with a loss of nan, and all that follows it is nan.

    Parameters
    ----------
    config : the settings of the run; of a branch, those after it
    points : float64 (T+1, D)
    losses : float64 (T+1,)
    grads : float64 (T+1, D), the gradients at the points
    rates : float64 (T,), lr times the schedule at each update
    outcome : how it ended: see ``outcomes_of``
    branched_at : of a branch, the last step it shares with ``trunk``
    """

    config: DescentConfig
    points: Array
    losses: Array
    grads: Array
    rates: Array
    outcome: Outcome
    branched_at: int | None = None
    trunk: "DescentTrace | None" = None


@dataclass(frozen=True, eq=False)
class DescentSweep:
    """R runs side by side that differ in one setting; arrays as in ``DescentTrace``, read-only.

    Parameters
    ----------
    config : the settings that all runs share
    field : the name of the setting in which they differ
    values : float64 (R,), or (R, 2) for the field "start"
    points : float64 (R, T+1, D)
    losses : float64 (R, T+1)
    grads : float64 (R, T+1, D)
    outcomes : str (R,)
    """

    config: DescentConfig
    field: str
    values: Array
    points: Array
    losses: Array
    grads: Array
    outcomes: NDArray[np.str_]


def run(
    surface: Surface,
    rule: Rule,
    w: Array,
    lr: Number,
    multipliers: Array,
    state: State | None = None,
) -> tuple[Array, State]:
    """Make T updates of R runs from points ``w`` (R, D); every lab verb comes through here.

    Parameters
    ----------
    lr : a number or (R, 1)
    multipliers : (T,), the schedule
    state : the rule's memory to go on with, if not a fresh one

    Returns
    -------
    points : float64 (T+1, R, D), each coordinate one block of memory: four times as fast
    state : the memory after the last update
    """
    blocks = np.empty((len(multipliers) + 1, w.shape[1], w.shape[0]))
    points = np.moveaxis(blocks, 1, -1)
    points[0] = w
    state = rule.init(points[0]) if state is None else state
    with np.errstate(all="ignore"):  # overflow is an outcome, not an accident
        for t, multiplier in enumerate(multipliers.tolist()):
            w = points[t]
            hessian = surface.hessian(w) if rule.uses_hessian else None
            w, state = rule.step(w, surface.gradient(w), state, multiplier * lr, hessian)
            points[t + 1] = w
    return points, state


def descend(config: DescentConfig) -> DescentTrace:
    """Run descent once."""
    surface, multipliers = surface_of(config), _multipliers(config)
    start = np.array([config.start[: surface.dim]])
    points, _ = run(surface, rule_of(config), start, config.lr, multipliers)
    return _trace(config, points[:, 0], config.lr * multipliers)


def sweep(config: DescentConfig, field: str, values: Sequence[Any] | Array) -> DescentSweep:
    """Run descent with each of R ``values`` of one setting, all runs side by side.

    Parameters
    ----------
    field : "lr", "momentum", "beta2", "weight_decay" or "start"
    values : R of what the Config takes for ``field``

    Raises
    ------
    ValueError
        If ``field`` is another one, or a value is one the Config would refuse.
    """
    check_choice("field", field, SWEPT)
    array = _checked(field, values)
    surface = surface_of(config)
    starts = array if field == "start" else np.tile(config.start, (len(array), 1))
    lr = array[:, None] if field == "lr" else config.lr
    rule = rule_of(config, {} if field in ("lr", "start") else {field: array[:, None]})
    points, _ = run(surface, rule, starts[:, : surface.dim], lr, _multipliers(config))
    return _sweep(config, field, array, np.swapaxes(points, 0, 1))


def _sweep(config: DescentConfig, field: str, values: Array, points: Array) -> DescentSweep:
    """Add losses, gradients and outcomes to the points (R, T+1, D) of R runs."""
    surface = surface_of(config)
    losses, grads = surface.value(points), surface.gradient(points)
    outcomes = outcomes_of(surface, points, losses, grads)
    return DescentSweep(
        config, field, frozen(values), frozen(points), frozen(losses), frozen(grads),
        frozen(outcomes, outcomes.dtype),
    )  # fmt: skip


def branch(trace: DescentTrace, step: int, **changes: Any) -> DescentTrace:
    """Continue a run from one of its steps with other settings.

    The rule's memory (velocity, means) goes on if the optimizer stays the same, and starts afresh
    if it changes. Schedules count from the start of the run; ``steps`` is its whole length.

    Parameters
    ----------
    step : 0 to the trace's last; that many updates, and the entries up to it, are the trace's
    changes : other settings, of the optimizer, its hyperparameters, lr, schedule or steps

    Raises
    ------
    ValueError
        If a setting may not change on the way, its value is refused, or ``steps < step``.
    """
    config = _changed(trace, step, changes)
    rest = _multipliers(config)[step:]
    memory = _memory(trace, step, config.optimizer)
    here = trace.points[step : step + 1]
    points, _ = run(surface_of(config), rule_of(config), here, config.lr, rest, memory)
    return _trace(config, points[:, 0], config.lr * rest, trace, step)


def branch_sweep(
    trace: DescentTrace, step: int, values: Sequence[float] | Array, **changes: Any
) -> DescentSweep:
    """Continue a run from one of its steps under each of R learning rates, as ``branch`` does."""
    config = _changed(trace, step, changes)
    rates = _checked("lr", values)
    memory = _memory(trace, step, config.optimizer)
    here = np.tile(trace.points[step], (len(rates), 1))
    rest = _multipliers(config)[step:]
    points, _ = run(surface_of(config), rule_of(config), here, rates[:, None], rest, memory)
    trunk = np.tile(trace.points[:step], (len(rates), 1, 1))
    return _sweep(config, "lr", rates, np.concatenate([trunk, np.swapaxes(points, 0, 1)], axis=1))


def changes_between(trunk: DescentConfig, config: DescentConfig) -> dict[str, Any]:
    """Return what a branch of ``trunk`` has to change to go on as ``config``."""
    differing = [name for name in BRANCHED if getattr(trunk, name) != getattr(config, name)]
    return {name: getattr(config, name) for name in differing}


def _changed(trace: DescentTrace, step: int, changes: dict[str, Any]) -> DescentConfig:
    check_count("step", step, 0, len(trace.rates))
    for name in changes:
        check_choice("changes", name, BRANCHED)
    config = replace(trace.config, **changes)
    check_count("steps", config.steps, step, config.steps)
    return config


def _memory(trace: DescentTrace, step: int, optimizer: str) -> State | None:
    """Return what ``optimizer`` remembers after ``step`` updates, made once more to find out.

    None if the update before was not its own.
    """
    first, memory = 0, None
    if trace.trunk is not None and trace.branched_at is not None:
        if step <= trace.branched_at:
            return _memory(trace.trunk, step, optimizer)
        first = trace.branched_at
        memory = _memory(trace.trunk, first, optimizer)
    config = trace.config
    if config.optimizer != optimizer:
        return None
    here, made = trace.points[first : first + 1], _multipliers(config)[first:step]
    return run(surface_of(config), rule_of(config), here, config.lr, made, memory)[1]


def _trace(
    config: DescentConfig,
    points: Array,
    rates: Array,
    trunk: DescentTrace | None = None,
    step: int | None = None,
) -> DescentTrace:
    """Add losses, gradients and the outcome to points, and the trunk's first ``step`` entries."""
    surface = surface_of(config)
    arrays = [points, surface.value(points), surface.gradient(points), rates]
    if trunk is not None:
        before = [trunk.points, trunk.losses, trunk.grads, trunk.rates]
        arrays = [np.concatenate([b[:step], a]) for b, a in zip(before, arrays, strict=True)]
    points, losses, grads, rates = (frozen(array) for array in arrays)
    outcome = outcomes_of(surface, points[None], losses[None], grads[None])[0]
    return DescentTrace(
        config, points, losses, grads, rates, cast(Outcome, str(outcome)), step, trunk
    )


def _multipliers(config: DescentConfig) -> Array:
    return SCHEDULES[config.schedule](np.arange(config.steps), config.steps)


def _checked(field: str, values: Sequence[Any] | Array) -> Array:
    """Return swept values as an array; refuse what the Config would."""
    told = np.asarray(values).tolist()
    return np.array([taken(field, tuple(v) if isinstance(v, list) else v) for v in told])
