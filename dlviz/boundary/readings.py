"""What is read off a run at given points: the units' values, classes, and their confusion."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.maps import scores_on, units_on
from dlviz.boundary.traces import BoundaryTrace
from dlviz.dataset import Dataset
from dlviz.features import featurize
from dlviz.networks import with_ones

Array = NDArray[np.float64]


def signals(
    trace: BoundaryTrace, frames: Sequence[int] | NDArray[np.intp], x: Array
) -> tuple[Array, ...]:
    """Return what every unit puts out at points x (n, 2), in G frames.

    One float64 (G, units, n) for each layer: the inputs, the hidden layers, the outputs. The
    points in the coordinates of two hidden units are the hidden space.
    """
    chosen = trace.parameters[np.asarray(frames)]
    return tuple(units_on(trace.architecture, trace.head, chosen, _columns(trace, x)))


def predictions(trace: BoundaryTrace, frame: int, x: Array) -> NDArray[np.intp]:
    """Return the class (n,) that the network gives to points x (n, 2); not of a regression."""
    if trace.head.task == "regression":
        raise ValueError("expected a classification, got a regression")
    scores = scores_on(trace.architecture, trace.parameters[frame][None], _columns(trace, x))
    return trace.head.classes(scores[0])


def confusion(trace: BoundaryTrace, frame: int, data: Dataset) -> NDArray[np.intp]:
    """Count the points of each class (rows) that are taken for each class (columns), (C, C)."""
    counts = np.zeros((data.classes, data.classes), dtype=np.intp)
    np.add.at(counts, (data.y, predictions(trace, frame, data.x)), 1)
    return counts


def _columns(trace: BoundaryTrace, x: Array) -> Array:
    return with_ones(featurize(x, trace.config.features))[None]
