"""The layer as a matrix: every weight its own, then only neighbors, then the same ones shared."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen

Array = NDArray[np.float64]

INPUTS, TAPS = 5, 3
TIES = ("dense", "local", "shared")


@dataclass(frozen=True, eq=False)
class LayerMatrix:
    """A linear layer from 5 inputs.

    Parameters
    ----------
    names : int (outputs, 5), which weight stands in each place, from 1; 0 where there is none
    weights : float64 (free,), the free parameters, w₁ first
    matrix : float64 (outputs, 5)
    """

    names: NDArray[np.intp]
    weights: Array
    matrix: Array

    @property
    def free(self) -> int:
        """How many parameters there are to learn."""
        return len(self.weights)


def layer_matrix(tie: str, border: str, kernel: Array) -> LayerMatrix:
    """Return a layer of 5 inputs with one of three ties.

    Parameters
    ----------
    tie : "dense" (each output reads all inputs), "local" (a window of 3, each output its own
        weights) or "shared" (all outputs the same 3: a Toeplitz matrix)
    border : "valid" (3 outputs), "same" (5, zeros around) or "circular" (5, the ends joined)
    kernel : (3,), the shared weights; others have these first, and more like them
    """
    outputs = INPUTS - TAPS + 1 if border == "valid" else INPUTS
    first = np.arange(outputs) - (0 if border == "valid" else 1)  # of each output's window
    places = first[:, None] + np.arange(TAPS)
    rows = np.repeat(np.arange(outputs), TAPS)
    columns, taps = places.ravel(), np.tile(np.arange(TAPS), outputs)
    there = (
        np.full(len(rows), True) if border == "circular" else (columns >= 0) & (columns < INPUTS)
    )
    rows, columns, taps = rows[there], columns[there] % INPUTS, taps[there]
    names = np.zeros((outputs, INPUTS), dtype=np.intp)
    if tie == "dense":
        names[:] = np.arange(1, outputs * INPUTS + 1).reshape(outputs, INPUTS)
    elif tie == "local":
        names[rows, columns] = np.arange(1, len(rows) + 1)
    else:
        names[rows, columns] = taps + 1
    free = int(names.max())
    weights = kernel[np.arange(free) % TAPS] + (np.arange(free) // TAPS) * 0.5
    matrix = np.where(names > 0, np.append(0.0, weights)[names], 0.0)
    return LayerMatrix(frozen(names, np.intp), frozen(weights), frozen(matrix))
