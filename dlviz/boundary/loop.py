"""The training loop, for any number of runs side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.config import BoundaryConfig
from dlviz.boundary.knobs import Knobs
from dlviz.boundary.measures import Gauge, Measures
from dlviz.boundary.problem import Problem
from dlviz.networks import Tape
from dlviz.optimizers import SCHEDULES, State
from dlviz.regularizers import pull_l1

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MAX_UPDATES = 100_000  # some seconds of a network of the default's size
FRAMES = 100  # recorded after the first: more than can be told apart when played


@dataclass(frozen=True, eq=False)
class Frame:
    """R runs after an epoch.

    Parameters
    ----------
    epoch : how many have been made
    parameters : float64 (R, P)
    dead : bool (R, P), the weights that L1 has killed
    memory : the update rule's
    """

    epoch: int
    parameters: Array
    dead: Flags
    memory: State
    measures: Measures


@dataclass(frozen=True, eq=False)
class Start:
    """Where runs begin: with fresh memory (None), or in the middle of another run."""

    parameters: Array  # (R, P)
    dead: Flags  # (R, P)
    memory: State | None = None
    epoch: int = 0


class Learner:
    """R networks that learn side by side; the only thing here that changes with time."""

    def __init__(
        self, config: BoundaryConfig, problem: Problem, knobs: Knobs, start: Start
    ) -> None:
        shape, samples = problem.architecture, problem.train.x.shape[-1]
        self.config, self.problem, self.knobs = config, problem, knobs
        self.parameters = start.parameters.copy()
        self.grad = np.empty_like(self.parameters)
        self.matrices = shape.matrices(self.parameters)
        self.into = shape.matrices(self.grad)
        self.dead = start.dead
        self.memory = knobs.rule.init(self.parameters) if start.memory is None else start.memory
        of_weights = shape.is_weight().astype(np.float64)
        kills = np.any(knobs.l1) or start.dead.any()
        self.decay: Array | None = knobs.l2 * of_weights if np.any(knobs.l2) else None
        self.pull: Array | None = knobs.l1 * of_weights if kills else None
        self.batches = _batches(samples, config.batch_size)
        self.tape_of = cache(partial(Tape, shape, len(self.parameters)))
        self.gauge = Gauge(problem, len(self.parameters))
        self.epochs = epochs_of(config, problem)

    def learn(self, epoch: int) -> None:
        """Make the updates of one epoch, the first of which has the number 0."""
        train, hidden = self.problem.train, self.problem.architecture.sizes[1:-1]
        x, t, n = train.x, train.t, train.x.shape[-1]
        if self.config.shuffle:
            order = self.knobs.orders(epoch, n)[:, None]
            x, t = _reordered(x, order), _reordered(t, order)
        drops = hidden and np.any(self.knobs.dropout)
        masks = self.knobs.kept(epoch, hidden, n) if drops else []
        multipliers = self._multipliers(epoch)
        with np.errstate(all="ignore"):  # overflow is an outcome, not an accident
            for part, multiplier in zip(self.batches, multipliers, strict=True):
                dropped = [mask[..., part] for mask in masks]
                self._update(x[..., part], t[..., part], multiplier, dropped)

    def _update(self, x: Array, t: Array, multiplier: float, masks: Sequence[Array]) -> None:
        """Change the parameters once: the gradient, the rule's step, what L1 takes off."""
        before, lr = self.parameters, multiplier * self.knobs.lr
        tape, grad_of = self.tape_of(x.shape[-1]), self.problem.head.trains.gradient
        slope = grad_of(tape.forward(self.matrices, x, masks), t)
        slope /= x.shape[-1]
        tape.backward(self.matrices, slope, self.into)
        if self.decay is not None:
            self.grad += self.decay * before
        after, self.memory = self.knobs.rule.step(before, self.grad, self.memory, lr)
        if self.pull is not None:
            after, self.dead = pull_l1(before, after, lr * self.pull, self.dead)
        before[...] = after  # in place: the matrices are views of it

    def frame(self, epoch: int) -> Frame:
        """Record where the runs are after ``epoch`` epochs."""
        measures = self.gauge.read(self.parameters)
        return Frame(epoch, self.parameters.copy(), self.dead, self.memory, measures)

    def _multipliers(self, epoch: int) -> list[float]:
        """Return what the schedule makes of lr in each update of an epoch."""
        count = len(self.batches)
        updates = epoch * count + np.arange(count)
        multipliers: list[float] = SCHEDULES[self.config.schedule](
            updates, self.epochs * count
        ).tolist()
        return multipliers


def epochs_of(config: BoundaryConfig, problem: Problem) -> int:
    """Return the epochs that a run has in all: so many that its updates are not too many."""
    batches = -(-int(problem.train.x.shape[-1]) // config.batch_size)
    return min(config.epochs, max(MAX_UPDATES // batches, 1))


def stops_of(config: BoundaryConfig, problem: Problem, begin: int = 0) -> list[int]:
    """Return the epochs recorded of a run from one on: that one, every so many, and the last."""
    last = epochs_of(config, problem)
    every = -(-last // FRAMES)
    epochs = range(begin + 1, last + 1)
    return [begin, *(epoch for epoch in epochs if epoch % every == 0 or epoch == last)]


def run(config: BoundaryConfig, problem: Problem, knobs: Knobs, start: Start) -> Iterator[Frame]:
    """Train, and record the runs at each of the stops."""
    learner = Learner(config, problem, knobs, start)
    yield learner.frame(start.epoch)
    for begin, end in pairwise(stops_of(config, problem, start.epoch)):
        for epoch in range(begin, end):
            learner.learn(epoch)
        yield learner.frame(end)


def _batches(n: int, size: int) -> list[slice]:
    return [slice(begin, min(begin + size, n)) for begin in range(0, n, size)]


def _reordered(columns: Array, order: NDArray[Any]) -> Array:
    """Return samples (R or 1, rows, n) in an order (R or 1, 1, n)."""
    if len(order) == 1:  # several times as fast as the general case
        return np.asarray(columns.take(order[0, 0], axis=-1))
    return np.asarray(np.take_along_axis(columns, order, axis=-1))
