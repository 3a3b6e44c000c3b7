"""Guess the kernel: each window is one equation for its weights, solved by least squares."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.convolution.sliding import WindowTrace
from dlviz.frozen import frozen

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Guess:
    """What the first t windows tell of a kernel, t = 0 to n.

    Parameters
    ----------
    kernels : float64 (n + 1, k, l), the smallest of all that fit the first t windows best
    ranks : int (n + 1,), how many of the weights' directions they settle
    errors : float64 (n + 1,), the largest weight's distance from the kernel that was used
    """

    kernels: Array
    ranks: NDArray[np.intp]
    errors: Array


def guess(trace: WindowTrace, seen: Array) -> Guess:
    """Find the kernel from windows and what was seen of the output, (n,), window by window.

    The equations are P k = y with a row of P for each window; the solution is the pseudoinverse's.
    """
    n, *shape = trace.windows.shape
    patches, weights = trace.windows.reshape(n, -1), trace.kernel.ravel()
    found, ranks = np.zeros((n + 1, patches.shape[1])), np.zeros(n + 1, dtype=np.intp)
    for t in range(1, n + 1):
        found[t], _, ranks[t], _ = np.linalg.lstsq(patches[:t], seen[:t], rcond=1e-10)
    errors = np.abs(found - weights).max(axis=1)
    return Guess(frozen(found.reshape(n + 1, *shape)), frozen(ranks, np.intp), frozen(errors))
