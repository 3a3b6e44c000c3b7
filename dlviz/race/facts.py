"""What can be said about a race, and about a point of the (αλ, β) plane, in numbers."""

from math import log
from typing import Any

from dlviz.optimizers import OPTIMIZERS
from dlviz.race import rates
from dlviz.race.config import RaceConfig
from dlviz.race.runs import Race

Facts = dict[str, Any]  # int, float, str or None


def facts(run: Race) -> Facts:
    """State a race in numbers; None where one makes no sense.

    - ``surface``, ``steps``, ``tolerance``, ``rates``, ``runners`` (how many), ``schedule``,
      ``beta2``
    - ``first``, ``first_at``, ``second``, ``second_at``: who settled and at which step; ``last``
      and ``last_at``; ``settled``: how many; ``lead``: the second's steps over the first's
    - ``late``: how many did not; ``spread``: the largest rate over the smallest
    - ``deepest``: of those that settled the only one with the lowest loss, None if several have it
    - for each optimizer in the race, else None: ``<name>_at``, ``<name>_lr``, ``<name>_loss``,
      ``<name>_end`` (its outcome), ``<name>_step``: the length of its first step along x
    - of the (αλ, β) plane: see ``plane_facts``
    """
    config = run.config
    known: Facts = {
        "surface": config.surface,
        "steps": config.steps,
        "tolerance": config.tolerance,
        "rates": config.rates,
        "schedule": config.schedule,
        "beta2": config.beta2,
        "runners": len(run.lrs),
        "settled": len(run.order),
        "late": len(run.lrs) - len(run.order),
        "spread": float(run.lrs.max() / run.lrs.min()),
        "deepest": _deepest(run),
        **_podium(run),
        **dict.fromkeys(f"{name}_{what}" for name in OPTIMIZERS for what in _LANE),
    }
    for i in reversed(range(len(run.lrs))):  # of an optimizer that runs twice, the first lane
        known |= _lane(run, i)
    return known | plane_facts(config)


_LANE = ("at", "lr", "loss", "end", "step")


def _podium(run: Race) -> Facts:
    names = [run.config.optimizers[i] for i in run.order]
    steps = [int(run.settled[i]) for i in run.order]
    known: Facts = {}
    for place, at in {"first": 0, "second": 1, "last": -1}.items():
        there = len(names) > max(at, 0)
        known |= {place: names[at] if there else None, f"{place}_at": steps[at] if there else None}
    known["lead"] = steps[1] / steps[0] if len(steps) > 1 and steps[0] else None
    return known


def _deepest(run: Race) -> str | None:
    losses = {i: float(run.losses[i, -1]) for i in run.order}
    lowest = min(losses.values(), default=0.0)
    there = [i for i, loss in losses.items() if loss <= lowest + 1e-2 * (1 + abs(lowest))]
    return run.config.optimizers[there[0]] if len(there) == 1 else None


def _lane(run: Race, i: int) -> Facts:
    name = run.config.optimizers[i]
    at, loss = int(run.settled[i]), float(run.losses[i, -1])
    return {
        f"{name}_at": at if at >= 0 else None,
        f"{name}_lr": float(run.lrs[i]),
        f"{name}_loss": loss if abs(loss) < 1e300 else None,
        f"{name}_end": str(run.outcomes[i]),
        f"{name}_step": abs(float(run.points[i, 1, 0] - run.points[i, 0, 0])),
    }


def plane_facts(config: RaceConfig) -> Facts:
    """State a point of the (αλ, β) plane in numbers.

    - ``alpha_lambda``, ``momentum``, ``condition``; ``regime`` of momentum along the steepest axis
    - ``rate``, ``nesterov_rate``, ``printed_rate``: over all curvatures; ``half_life``: steps that
      halve the error, None where it does not shrink
    - ``limit``, ``nesterov_limit``, ``printed_limit``: the αλ up to which each settles
    - ``critical``: the β of critical damping
    - ``best_pace``, ``best_momentum``, ``best_rate`` and ``plain_rate``: of momentum, of descent
    """
    pace, beta, condition = config.alpha_lambda, config.momentum, config.condition
    both = [pace, pace / condition]
    rate = float(rates.momentum_rate(both, beta).max())
    best_pace, best_momentum, best_rate = rates.momentum_optimum(condition)
    return {
        "alpha_lambda": pace,
        "momentum": beta,
        "condition": condition,
        "regime": str(rates.regimes(pace, beta)),
        "rate": rate,
        "nesterov_rate": float(rates.nesterov_rate(both, beta).max()),
        "printed_rate": float(rates.printed_rate(both, beta).max()),
        "half_life": log(0.5) / log(rate) if 0 < rate < 1 else None,
        "limit": rates.momentum_limit(beta),
        "nesterov_limit": rates.nesterov_limit(beta),
        "printed_limit": rates.printed_limit(beta),
        "critical": float(rates.critical_damping(pace)),
        "best_pace": best_pace,
        "best_momentum": best_momentum,
        "best_rate": best_rate,
        "plain_rate": rates.plain_optimum(condition)[1],
    }
