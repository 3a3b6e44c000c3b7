"""How good networks are at a moment of their training, and how steep it is there."""

from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.problem import Head, Problem, Samples
from dlviz.networks import Tape, parts

Array = NDArray[np.float64]

PART = 40_000  # numbers, 320 kB


class Measures(NamedTuple):
    """Means over all samples, without dropout and penalty.

    Parameters
    ----------
    train_loss, test_loss : float64 (R,)
    train_accuracy, test_accuracy : float64 (R,) in [0, 1]; nan in a regression
    grad_norms : float64 (R, L), the length of the gradient of the training loss with respect to
        the weights of each layer, biases left out
    """

    train_loss: Array
    test_loss: Array
    train_accuracy: Array
    test_accuracy: Array
    grad_norms: Array


class Gauge:
    """Measures R networks at a time; the memory is used again each time."""

    def __init__(self, problem: Problem, runs: int) -> None:
        shape, n = problem.architecture, problem.train.x.shape[-1]
        self.problem = problem
        self.parts = parts(runs, max(shape.sizes) * n, PART)
        self.tape_of = cache(partial(Tape, shape))

    def read(self, parameters: Array) -> Measures:
        """Measure the networks (R, P)."""
        with np.errstate(all="ignore"):  # overflow is an outcome, not an accident
            measured = [self._read(parameters[part], part) for part in self.parts]
        return Measures(*(np.concatenate(series) for series in zip(*measured, strict=True)))

    def _read(self, parameters: Array, part: slice) -> Measures:
        shape, head = self.problem.architecture, self.problem.head
        train, test = self.problem.train.of(part), self.problem.test.of(part)
        matrices, grad = shape.matrices(parameters), np.empty_like(parameters)
        n = train.x.shape[-1]
        tape = self.tape_of(len(parameters), n)
        scores = tape.forward(matrices, train.x)
        train_loss, train_accuracy = _loss_and_accuracy(head, scores, train)
        tape.backward(matrices, head.trains.gradient(scores, train.t) / n, shape.matrices(grad))
        squares = [(w * w).sum((-2, -1)) for w in shape.layers(grad).weights]
        scores = self.tape_of(len(parameters), test.x.shape[-1]).forward(matrices, test.x)
        test_loss, test_accuracy = _loss_and_accuracy(head, scores, test)
        norms = np.sqrt(np.stack(squares, axis=-1))
        return Measures(train_loss, test_loss, train_accuracy, test_accuracy, norms)


def _loss_and_accuracy(head: Head, scores: Array, samples: Samples) -> tuple[Array, Array]:
    loss = head.trains.value(scores, samples.t).mean(-1)
    if head.task == "regression":
        return loss, np.full_like(loss, np.nan)
    return loss, (head.classes(scores) == samples.y).mean(-1)
