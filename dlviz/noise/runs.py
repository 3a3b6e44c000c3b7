"""Stochastic gradient descent, batch by batch; the deck of samples and how it is dealt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.noise.config import NoiseConfig
from dlviz.noise.problem import problem_of
from dlviz.optimizers import SCHEDULES, Array

Indices = NDArray[np.int64]


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
    """

    config: NoiseConfig
    points: Array
    losses: Array
    batches: tuple[Indices, ...]
    seen: NDArray[np.int64]


def deal(config: NoiseConfig) -> Iterator[Indices]:
    """Yield the samples of each update, for ever.

    Without replacement a deck is shuffled, dealt from the top, and shuffled again when it is
    empty: each sample exactly once an epoch, in batches of B, the last one of what is left. The
    order of the deck does not depend on B.
    """
    rng = np.random.default_rng((config.seed, 2))
    size, count = config.size, config.samples
    while True:
        if config.replacement:
            yield rng.integers(count, size=size)
            continue
        deck = rng.permutation(count)
        for first in range(0, count, size):
            yield deck[first : first + size]


def run(config: NoiseConfig) -> NoiseTrace:
    """Run stochastic gradient descent once."""
    problem = problem_of(config)
    multipliers = SCHEDULES[config.schedule](np.arange(config.steps), config.steps)
    points = np.empty((config.steps + 1, 2))
    w, velocity = np.array(config.start), np.zeros(2)
    points[0] = w
    batches = []
    with np.errstate(all="ignore"):  # overflow is an outcome, not an accident
        for t, batch in zip(range(config.steps), deal(config), strict=False):
            velocity = config.momentum * velocity + problem.gradients(w, batch).mean(0)
            w = w - config.lr * multipliers[t] * velocity
            points[t + 1] = w
            batches.append(batch)
        losses = problem.loss(points)
    seen = np.cumsum([0, *(len(batch) for batch in batches)])
    kept = tuple(frozen(batch, np.int64) for batch in batches)
    return NoiseTrace(config, frozen(points), frozen(losses), kept, frozen(seen, np.int64))


def sweep(config: NoiseConfig, sizes: Sequence[int]) -> list[NoiseTrace]:
    """Run once for each batch size; all are dealt from the same decks."""
    return [run(replace(config, batch_size=int(size))) for size in sizes]


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
