"""What networks put out over the plane: pictures of the output and of every unit."""

from collections.abc import Iterator
from functools import cache, lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.problem import Head
from dlviz.checks import check_range
from dlviz.features import featurize
from dlviz.frozen import frozen
from dlviz.grids import grid
from dlviz.networks import Architecture, Tape, one_number, parts, with_ones

Array = NDArray[np.float64]

PART = 12_000  # numbers, 96 kB: small enough that asking for the memory costs little


@lru_cache(maxsize=16)
def plane(features: tuple[str, ...], span: float, size: int) -> Array:
    """Return the features of a size by size grid over [-span, span]^2, as columns with ones.

    Read-only float64 (1, d + 1, size²). Point i is in row i // size, rows going up from the
    lowest x2, and in column i % size: see ``dlviz.grids``.
    """
    check_range("span", span, 0, 1e6, open_low=True)
    points = grid(((-span, span), (-span, span)), size).points.reshape(-1, 2)
    return frozen(with_ones(featurize(points, features))[None])


def _passes(
    shape: Architecture, parameters: Array, columns: Array
) -> Iterator[tuple[slice, slice, Tape]]:
    """Put N points through M networks part by part: yield which networks and points, and a tape."""
    tape_of = cache(partial(Tape, shape))  # the same memory for all parts of a size
    widest = max(shape.sizes)
    for points in parts(columns.shape[-1], widest, PART):
        width = points.stop - points.start
        for some in parts(len(parameters), widest * width, PART):
            tape = tape_of(some.stop - some.start, width)
            with np.errstate(all="ignore"):
                tape.forward(shape.matrices(parameters[some]), columns[..., points])
            yield some, points, tape


def scores_on(shape: Architecture, parameters: Array, columns: Array) -> Array:
    """Return what M networks (M, P) put out at N points (1, d + 1, N), as (M, K, N)."""
    scores = np.empty((len(parameters), shape.sizes[-1], columns.shape[-1]))
    for some, points, tape in _passes(shape, parameters, columns):
        scores[some, :, points] = tape.values[-1]
    return scores


def field_of(head: Head, scores: Array) -> Array:
    """Make one number of the outputs (..., K, n) at each point, (..., n).

    - A regression: the output.
    - Two classes: the output such that 0 is the boundary and class 1 is above; of probabilities
      2p − 1, which is in [−1, 1]. The others are as large as they are.
    - More classes: the number of the winning one, plus by how much it leads the second, in
      [0, 1): see ``winner_and_lead``.
    """
    if head.task == "regression":
        return np.asarray(scores[..., 0, :])
    return one_number(head.signed(scores))


def winner_and_lead(field: Array) -> tuple[NDArray[np.intp], Array]:
    """Split a field of more than two classes into the winning class and its lead in [0, 1).

    Where numbers have gone wrong (nan) the class is −1.
    """
    winner = np.floor(np.nan_to_num(field, nan=-1.0)).astype(np.intp)
    return winner, field - winner


def units_on(shape: Architecture, head: Head, parameters: Array, columns: Array) -> list[Array]:
    """Return what every unit of M networks (M, P) puts out, one (M, units, N) for each layer.

    The first are the inputs, the last the outputs as their activation gives them.
    """
    units = [np.empty((len(parameters), size, columns.shape[-1])) for size in shape.sizes]
    units[0][...] = columns[:, :-1]
    for some, points, tape in _passes(shape, parameters, columns):
        for i, values in enumerate(tape.values, start=1):
            units[i][some, :, points] = values
    with np.errstate(all="ignore"):
        units[-1] = head.shown(units[-1])
    return units
