"""Stochastic gradient descent, batch by batch; the deck of samples and how it is dealt."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.noise.config import NoiseConfig
from dlviz.noise.problem import problem_of
from dlviz.optimizers import SCHEDULES, Array

Indices = NDArray[np.int64]
Branch = tuple[int, NoiseConfig]  # the samples or updates seen, and the settings up to there
FROM_THE_START = (
    "task", "samples", "spread", "seed", "start", "clock", "epochs", "updates",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class NoiseTrace:
    """One run; entry 0 is the start, entry t comes after update t. Arrays are read-only.

    Parameters
    ----------
    config : the settings
    points : float64 (T+1, 2), the weights
    losses : float64 (T+1,), over all samples
    batches : T index arrays: which samples each update used
    seen : int (T+1,), how many samples had been used
    opened : bool (T,), whether the update's batch is the first of a deck, or of as many draws
    """

    config: NoiseConfig
    points: Array
    losses: Array
    batches: tuple[Indices, ...]
    seen: NDArray[np.int64]
    opened: NDArray[np.bool_]


def deal(config: NoiseConfig, after: int = 0) -> Iterator[Indices]:
    """Yield the samples of each update, for ever; other ones ``after`` so many updates.

    Without replacement a deck is shuffled, dealt from the top, and shuffled again when it is
    empty: each sample exactly once an epoch, in batches of B, the last one of what is left. The
    order of the deck does not depend on B.
    """
    rng = np.random.default_rng((config.seed, 2, after) if after else (config.seed, 2))
    size, count = config.size, config.samples
    while True:
        if config.replacement:
            yield rng.integers(count, size=size)
            continue
        deck = rng.permutation(count)
        for first in range(0, count, size):
            yield deck[first : first + size]


def run(config: NoiseConfig, branch: Branch | None = None) -> NoiseTrace:
    """Run stochastic gradient descent once.

    A ``branch`` (count, trunk) goes on from a run of the trunk's settings once so many samples,
    or updates, had been seen, as the clock counts. The velocity stays; the deck too, if batches
    are dealt as before, and else there is a new one.
    """
    begun = run(branch[1]) if branch else None
    first = _updates(begun, branch[0]) if begun and branch else 0
    problem, last = problem_of(config), _last(config, begun, first)
    points, batches, velocity = _before(config, begun, first)
    w = points[-1]
    dealt = _go_on(config, begun, first)
    at = _along(config, begun, first)
    with np.errstate(all="ignore"):  # overflow is an outcome, not an accident
        for _ in range(last - first):
            batch = next(dealt)
            rate = config.lr * at(len(batches))
            velocity = config.momentum * velocity + problem.gradients(w, batch).mean(0)
            w = w - rate * velocity
            points.append(w)
            batches.append(batch)
        losses = problem.loss(np.array(points))
    counts = np.cumsum([0, *(len(batch) for batch in batches)])
    opened = _openings(config, batches)
    if begun and not _same_deal(config, begun.config):
        opened = np.concatenate([begun.opened[:first], _openings(config, batches[first:])])
    kept = tuple(frozen(batch, np.int64) for batch in batches)
    return NoiseTrace(config, frozen(points), frozen(losses), kept, frozen(counts, np.int64),
                      frozen(opened, np.bool_))  # fmt: skip


def _last(config: NoiseConfig, begun: NoiseTrace | None, first: int) -> int:
    """Return how many updates there are in all: a new deck in mid-epoch is dealt to its end."""
    if begun is None or _same_deal(config, begun.config) or config.clock == "updates":
        return config.steps
    left = max(0, config.epochs * config.samples - int(begun.seen[first]))
    decks, rest = divmod(left, config.samples)
    return first + decks * -(-config.samples // config.size) + -(-rest // config.size)


def turning_point(count: int, trunk: NoiseConfig) -> int:
    """Return after how many updates a branch begins."""
    return _updates(run(trunk), count)


def last_update(config: NoiseConfig, branch: Branch) -> int:
    """Return how many updates a run with a branch makes in all."""
    return _last(config, run(branch[1]), turning_point(*branch))


def _updates(trace: NoiseTrace, count: int) -> int:
    """Return how many updates a run has made when the clock shows ``count``."""
    if trace.config.clock == "updates":
        return min(count, len(trace.batches))
    return int(np.searchsorted(trace.seen, count, side="right") - 1)


def _before(
    config: NoiseConfig, begun: NoiseTrace | None, first: int
) -> tuple[list[Array], list[Indices], Array]:
    """Return the points and batches up to a branch, and the velocity there."""
    velocity = np.zeros(2)
    if begun is None:
        return [np.array(config.start)], [], velocity
    problem = problem_of(begun.config)
    with np.errstate(all="ignore"):
        for w, batch in zip(begun.points, begun.batches[:first], strict=False):
            velocity = begun.config.momentum * velocity + problem.gradients(w, batch).mean(0)
    return list(begun.points[: first + 1]), list(begun.batches[:first]), velocity


def _same_deal(config: NoiseConfig, other: NoiseConfig) -> bool:
    return (config.size, config.replacement) == (other.size, other.replacement)


def _go_on(config: NoiseConfig, begun: NoiseTrace | None, first: int) -> Iterator[Indices]:
    """Return the batches from update ``first`` on."""
    if begun and _same_deal(config, begun.config):
        return islice(deal(config), first, None)
    return deal(config, first)


def _along(config: NoiseConfig, begun: NoiseTrace | None, first: int) -> Callable[[int], float]:
    """Return the schedule: what the learning rate of each update is multiplied by.

    After a branch the schedule is as far on as the run is.
    """
    rates = SCHEDULES[config.schedule](np.arange(config.steps), config.steps)
    if begun is None or not first:
        return lambda t: float(rates[t])
    there = round(config.steps * first / max(1, begun.config.steps))
    return lambda t: float(rates[min(there + t - first, config.steps - 1)])


def _openings(config: NoiseConfig, batches: Sequence[Indices]) -> NDArray[np.bool_]:
    """Tell which batches begin a deck; of draws, as many as there are samples."""
    opened, used = np.zeros(len(batches), bool), 0
    for t, batch in enumerate(batches):
        opened[t] = used == 0 or used >= config.samples
        used = len(batch) if opened[t] else used + len(batch)
    return opened


def sweep(
    config: NoiseConfig, sizes: Sequence[int], branch: Branch | None = None
) -> list[NoiseTrace]:
    """Run once for each batch size; all are dealt from the same decks."""
    return [run(replace(config, batch_size=int(size)), branch) for size in sizes]


def estimates(config: NoiseConfig, w: Array, count: int) -> Array:
    """Return estimates (count, 2) of the gradient at ``w``, each of a batch of its own."""
    gradients = problem_of(config).gradients(w)
    rng = np.random.default_rng((config.seed, 3))
    if config.replacement:
        chosen = rng.integers(len(gradients), size=(count, config.size))
    else:
        decks = rng.permuted(np.tile(np.arange(len(gradients)), (count, 1)), axis=1)
        chosen = decks[:, : config.size]
    return np.asarray(gradients[chosen].mean(axis=1))
