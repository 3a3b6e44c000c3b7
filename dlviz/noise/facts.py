"""What can be said about a run with mini-batches, in numbers."""

from typing import Any

import numpy as np

from dlviz.noise.config import NoiseConfig
from dlviz.noise.problem import problem_of
from dlviz.noise.runs import NoiseTrace
from dlviz.noise.theory import floor, scatter, stationary_covariance

Facts = dict[str, Any]  # int, float, str or None


def facts(trace: NoiseTrace) -> Facts:
    """State a run in numbers; None where one makes no sense.

    - of the Config: ``task``, ``batch_size`` (at most N), ``samples``, ``lr``, ``momentum``,
      ``spread``, ``schedule``, ``clock``, ``replacement``
    - ``updates``, ``updates_per_epoch``, ``epochs``: as made (epochs may be a fraction)
    - ``sigma``: the standard deviation of single gradients along w1 at the start; ``sigma_batch``:
      of a batch's, ``sigma_deck`` if dealt from a deck, else ``sigma_anew``; ``quieter``: their
      ratio
    - ``excess``: the loss above its minimum in the end, a mean over the last quarter; ``floor``:
      what theory expects of batches drawn with replacement; ``swing``: the standard deviation of
      w1 that it expects
    - ``outcome``: "settles" (excess below a thousandth of the first), "underway"
      (all of the last quarter below all of the one before), "hovers", "diverged"
    """
    config, problem = trace.config, problem_of(trace.config)
    gradients = problem.gradients(trace.points[0])
    one = scatter(gradients, 1, replacement=config.replacement)[0]
    batch = scatter(gradients, config.size, replacement=config.replacement)[0]
    excess = float(_excess(trace))
    return {
        "task": config.task,
        "samples": config.samples,
        "batch_size": config.size,
        "lr": config.lr,
        "spread": config.spread,
        "momentum": config.momentum,
        "schedule": config.schedule,
        "clock": config.clock,
        "replacement": config.replacement,
        "updates": config.steps,
        "updates_per_epoch": -(-config.samples // config.size),
        "epochs": float(trace.seen[-1] / config.samples),
        "sigma": float(one),
        "sigma_batch": float(batch),
        "sigma_deck": None if config.replacement else float(batch),
        "sigma_anew": float(batch) if config.replacement else None,
        "quieter": float(one / batch) if batch > 0 else None,
        "excess": excess if np.isfinite(excess) else None,
        **_theory(config),
        "outcome": _outcome(trace, excess),
    }


def _excess(trace: NoiseTrace) -> float:
    problem = problem_of(trace.config)
    last = trace.losses[-max(1, len(trace.losses) // 4) :]
    with np.errstate(all="ignore"):
        return float(last.mean() - problem.loss(problem.minimum))


def _theory(config: NoiseConfig) -> Facts:
    covariance = stationary_covariance(config) if config.schedule == "constant" else None
    if covariance is None:
        return {"floor": None, "swing": None}
    return {"floor": floor(config), "swing": float(np.sqrt(covariance[0, 0]))}


def _outcome(trace: NoiseTrace, excess: float) -> str:
    problem = problem_of(trace.config)
    first = float(trace.losses[0] - problem.loss(problem.minimum))
    if not np.isfinite(excess) or excess > 2 * max(first, 1e-9):
        return "diverged"
    if excess <= 1e-3 * first:
        return "settles"
    quarter = max(1, len(trace.losses) // 4)
    before, last = trace.losses[-2 * quarter : -quarter], trace.losses[-quarter:]
    return "underway" if len(before) and last.max() < before.min() else "hovers"
