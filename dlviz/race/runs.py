"""The race: all optimizers from one start, at given rates or each at its own best."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.optimizers import SCHEDULES, Array
from dlviz.outcomes import outcomes_of
from dlviz.race.config import RaceConfig, surface_of
from dlviz.race.team import rules_of, run_team

TRIED = frozen(10.0 ** np.linspace(-4, 1, 101))  # learning rates of the sweep for the best one
Branch = tuple[int, RaceConfig]  # the step, and the settings up to there: the trunk
BRANCHED = ("factor", "tolerance", "alpha_lambda", "condition")  # what a branch can change
FROM_THE_START = tuple(f.name for f in fields(RaceConfig) if f.name not in BRANCHED)
FACTORS = tuple(float(f"{10.0 ** (power / 6):.3g}") for power in range(-12, 13))


@dataclass(frozen=True, eq=False)
class Race:
    """K optimizers side by side; entry 0 of T + 1 is the start. All arrays are read-only.

    Parameters
    ----------
    config : the settings
    lrs : float64 (K,), the rates used, the factor included
    points : float64 (K, T+1, D)
    losses : float64 (K, T+1)
    slopes : float64 (K, T+1), the largest part of the gradient
    outcomes : str (K,), as of descent
    arrived : int (K,), the first step at which the slope is within the tolerance, -1 never
    settled : int (K,), the step from which on it stays there, -1 never
    """

    config: RaceConfig
    lrs: Array
    points: Array
    losses: Array
    slopes: Array
    outcomes: NDArray[np.str_]
    arrived: NDArray[np.int64]
    settled: NDArray[np.int64]

    @property
    def order(self) -> list[int]:
        """The optimizers that settled, first come first; ties in the order of their lanes.

        To have passed through a place without slope counts for nothing.
        """
        there = [i for i in range(len(self.settled)) if self.settled[i] >= 0]
        return sorted(there, key=lambda i: int(self.settled[i]))


def race(config: RaceConfig, branch: Branch | None = None) -> Race:
    """Run the race once."""
    return sweep(config, (config.factor,), branch)[0]


def sweep(config: RaceConfig, factors: Sequence[float], branch: Branch | None = None) -> list[Race]:
    """Run the race at each of R factors on all learning rates, all side by side.

    A ``branch`` (step, trunk) goes on from that step of the trunk's race: the factors hold from
    there on, and what the optimizers remember stays.
    """
    base = base_rates(config)
    factor = np.array([replace(config, factor=value).factor for value in factors])
    lrs = base[:, None] * factor
    points = _points(config, lrs, branch[1].factor / factor if branch else None, branch)
    surface = surface_of(config)
    losses, grads = surface.value(points), surface.gradient(points)
    slopes = np.abs(grads).max(-1)
    arrived = first_within(slopes, config.tolerance)
    settled = stays_within(slopes, config.tolerance)
    count, many = lrs.shape
    flat = [array.reshape(count * many, *array.shape[2:]) for array in (points, losses, grads)]
    outcomes = outcomes_of(surface, *flat).reshape(count, many)
    return [
        Race(
            replace(config, factor=float(factor[r])), frozen(lrs[:, r]), frozen(points[:, r]),
            frozen(losses[:, r]), frozen(slopes[:, r]), frozen(outcomes[:, r], outcomes.dtype),
            frozen(arrived[:, r], np.int64), frozen(settled[:, r], np.int64),
        )
        for r in range(many)
    ]  # fmt: skip


def base_rates(config: RaceConfig) -> Array:
    """Return the learning rate of each optimizer (K,) before the factor."""
    if config.rates == "best":
        return best_rates(config)
    count = len(config.optimizers)
    return frozen([*config.lrs, *[config.lrs[-1]] * count][:count])


def best_rates(config: RaceConfig) -> Array:
    """Return for each optimizer the best (K,) of 101 rates from 0.0001 to 10, all run at once.

    The best settles first; of those that settle together, and where none does, the one with the
    lowest loss in the end.
    """
    kept = replace(config, rates="given", lrs=(1.0,), factor=1.0, alpha_lambda=1.0, condition=1.0)
    return find_best_rates(kept)


@lru_cache(maxsize=128)
def find_best_rates(config: RaceConfig) -> Array:
    """Try all rates and choose: ``best_rates`` of a config that has nothing else in it."""
    points = _points(config, np.tile(TRIED, (len(config.optimizers), 1)))
    surface = surface_of(config)
    settled = stays_within(np.abs(surface.gradient(points)).max(-1), config.tolerance)
    last = np.nan_to_num(surface.value(points[..., -1, :]), nan=np.inf)
    when = np.where(settled < 0, config.steps + 1, settled)
    best = [np.lexsort((last[k], when[k]))[0] for k in range(len(last))]
    return frozen(TRIED[best])


def _points(
    config: RaceConfig, lrs: Array, before: Array | None = None, branch: Branch | None = None
) -> Array:
    """Return points (K, R, T+1, D); up to the branch the rates (K, R) are times ``before`` (R,)."""
    settings = {
        "momentum": config.momentum,
        "beta1": config.momentum,
        "beta2": config.beta2,
        "weight_decay": config.weight_decay,
    }
    rules = rules_of(config.optimizers, settings)
    multipliers = SCHEDULES[config.schedule](np.arange(config.steps), config.steps)[:, None]
    if branch and before is not None:
        begun = np.arange(config.steps)[:, None] < branch[0]
        multipliers = np.where(begun, multipliers * before, multipliers)
    return run_team(surface_of(config), rules, config.start, lrs, multipliers)


def first_within(slopes: Array, tolerance: float) -> NDArray[np.int64]:
    """Return the first step at which slopes (..., T+1) are within the tolerance, -1 never."""
    met = slopes <= tolerance  # what is not a number is not
    return np.asarray(np.where(met.any(-1), met.argmax(-1), -1))


def stays_within(slopes: Array, tolerance: float) -> NDArray[np.int64]:
    """Return the step from which on slopes (..., T+1) stay within the tolerance, -1 never."""
    away = ~(slopes <= tolerance)
    after = away.shape[-1] - np.argmax(away[..., ::-1], axis=-1)
    first = np.where(away.any(-1), after, 0)
    return np.asarray(np.where(first < away.shape[-1], first, -1))
