"""Learning rates: the values of the knob, and those that theory marks."""

from typing import Any

import numpy as np

from dlviz.descent.config import DescentConfig, surface_of
from dlviz.descent.facts import curvatures, facts, limits
from dlviz.descent.runs import DescentSweep, DescentTrace, descend
from dlviz.optimizers import Array
from dlviz.scene import knob_values
from dlviz.words import number

# Sixteen round numbers a decade, so that the rates of decks and textbooks are among them.
_DECADE = (1.0, 1.2, 1.4, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)
LEARNING_RATES = tuple(
    float(f"{digit * 10.0**power:.6g}") for power in (-3, -2, -1, 0) for digit in _DECADE
)


def learning_rates(lr: float) -> tuple[float, ...]:
    """Return the 64 rates of the knob, the one nearest to ``lr`` replaced by ``lr`` itself."""
    return knob_values(lr, LEARNING_RATES)


def rate_limits(trace: DescentTrace) -> dict[str, float]:
    """Return the step sizes that matter for a run, by label; empty where theory has none.

    For descent at a constant rate near a minimum with curvatures λ: 1/λmax lands in one step
    along the steepest axis, 2/(λmax + λmin) is the best over all axes, 2/λmax the largest that
    settles; momentum and nesterov have limits of their own.
    """
    return _labelled(trace.config, trace.points, trace.outcome)


def sweep_limits(sweep: DescentSweep) -> list[dict[str, float]]:
    """Return ``rate_limits`` for each run of a sweep of learning rates, near where it ends."""
    ends = zip(sweep.points, sweep.outcomes.tolist(), strict=True)
    return [_labelled(sweep.config, points, outcome) for points, outcome in ends]


@np.errstate(all="ignore")  # near the largest and smallest numbers all is rough anyway
def _labelled(config: DescentConfig, points: Array, outcome: str) -> dict[str, float]:
    bends = curvatures(surface_of(config), points, outcome)
    known = limits(config, bends)
    limit = known.get("rule_limit")
    if bends is None or limit is None or config.schedule != "constant":
        return {}
    if config.optimizer != "sgd":
        return {"limit": limit}
    named = {"1/λ": known["one_step"], "2/λ": limit}
    if bends[0] != bends[-1]:
        named = {"1/λ": known["one_step"], "best": known["best_rate"], "2/λ": limit}
    return named


def against_limit(lr: float, limits: dict[str, float]) -> str:
    """Return how a rate stands to the largest that settles, as in " > 2/λ = 0.2"."""
    label, limit = next(reversed(limits.items()), ("", None))
    if limit is None:
        return ""
    if abs(lr - limit) <= 1e-9 * limit:
        return f" = {label}"
    sign = "<" if lr < limit else ">"
    return f" {sign} {label} = {number(limit)}"


def milestones(config: DescentConfig, field: str) -> list[Any]:
    """Return twelve values of a setting that tell its story, for small multiples.

    Learning rates lie around the largest that settles, where there is one; starts lie on a
    lattice over the window.
    """
    if field == "momentum":
        return [0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99]
    if field == "start":
        return _starts(config)
    limit = facts(descend(config)).get("rule_limit")
    if not isinstance(limit, float):
        return list(LEARNING_RATES[2::5][:12])
    shares = (0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98, 1.0, 1.02, 1.1, 1.5)
    top = min(limit, 10 / shares[-1])  # so that the largest is one the Config takes
    return [min(10.0, share * top) for share in shares]


def _starts(config: DescentConfig) -> list[tuple[float, float]]:
    window = surface_of(config).window
    (x0, x1), (y0, y1) = window if len(window) == 2 else (window[0], (0.0, 1.0))
    across, up = (4, 3) if len(window) == 2 else (12, 1)
    return [
        (x0 + (x1 - x0) * (i + 0.5) / across, y0 + (y1 - y0) * (j + 0.5) / up)
        for j in reversed(range(up))
        for i in range(across)
    ]
