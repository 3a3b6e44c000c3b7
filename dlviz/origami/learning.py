"""A network that learns to part two classes, its weights recorded on the way.

All points make every step (full batch), with Adam and the cross-entropy of a sigmoid: the shortest
way to see regions crowd where the boundary has to bend.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlviz.datasets import DATASETS, Dataset
from dlviz.frozen import frozen
from dlviz.losses import LOSSES
from dlviz.networks import Architecture, Layers, Tape, with_ones
from dlviz.optimizers import OPTIMIZERS

Array = NDArray[np.float64]

POINTS, FRAMES = 300, 60  # trained on; recorded after the first
BUDGET = 1_200_000  # bytes of a film, four for each parameter: of wide networks fewer frames


def points_of(dataset: str, span: float) -> Dataset:
    """Return the points to part, brought into the window [−span, span]²."""
    data = DATASETS[dataset](POINTS, 0.0, 0)
    return Dataset(data.x * span / data.span, data.y, classes=data.classes, names=data.names,
                   axes=data.axes, span=span)  # fmt: skip


@lru_cache(maxsize=16)
def learned(
    start: tuple[float, ...],
    hidden: tuple[int, ...],
    dataset: str,
    steps: int,
    lr: float,
    span: float,
) -> tuple[Array, Array]:
    """Return the parameters (F, P) and losses (F,) of a relu network at 61 moments at most.

    Parameters
    ----------
    start : the parameters before the first step
    steps : updates, 0 or more
    """
    shape = Architecture((2, *hidden, 1), ("relu",) * len(hidden), "linear")
    data = points_of(dataset, span)
    x, t = with_ones(data.x)[None], data.y[None, None].astype(np.float64)
    parameters, grad = np.array([start]), np.empty((1, shape.count))
    matrices, into = shape.matrices(parameters), shape.matrices(grad)
    tape, loss, rule = Tape(shape, 1, len(data.x)), LOSSES["bce"], OPTIMIZERS["adam"]()
    state = rule.init(parameters)
    kept, losses = [], []
    moments = set(moments_of(steps, shape.count))
    for step in range(steps + 1):
        scores = tape.forward(matrices, x)
        if step in moments:
            kept.append(parameters[0].copy())
            losses.append(float(loss.value(scores, t).mean()))
        tape.backward(matrices, loss.gradient(scores, t) / len(data.x), into)
        after, state = rule.step(parameters, grad, state, lr)
        parameters[...] = after
    return frozen(kept), frozen(losses)


def moments_of(steps: int, count: int) -> tuple[int, ...]:
    """Return the numbers of the steps after which ``learned`` records so many parameters."""
    frames = min(steps, FRAMES, BUDGET // (4 * count) - 1)
    return tuple(np.linspace(0, steps, frames + 1).round().astype(int).tolist())


def flat(layers: Layers) -> tuple[float, ...]:
    """Return weights and biases as the numbers that ``learned`` starts from."""
    sizes = (layers.weights[0].shape[1], *(len(b) for b in layers.biases))
    shape = Architecture(sizes, ("relu",) * (len(sizes) - 2), "linear")
    return tuple(shape.parameters(layers).tolist())
