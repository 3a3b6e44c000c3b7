"""Support vector machines of scikit-learn, read faster than libsvm reads them and as exactly."""

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.networks import parts

Array = NDArray[np.float64]

PART = 200_000  # numbers of a kernel at a time, 1.6 MB
ROUNDING = 1e-10  # of a sum's terms: far more than two ways of adding them up may differ by


def machine(kernel: str, gamma: float = 1.0, **settings: Any) -> Any:
    """Return a machine to be fitted, one for each pair of classes."""
    from sklearn.svm import SVC

    return SVC(kernel=kernel, gamma=gamma, decision_function_shape="ovo", **settings)


def pair_votes(machine: Any, z: Array) -> tuple[NDArray[np.intp], Array]:
    """Let all pairs of classes vote, as libsvm does, on points (N, d).

    Returns
    -------
    winner : int (N,), the class with most votes, the first of several
    lead : float64 (N,) in [0, 1], tanh of its margin over the strongest other class
    """
    margins = _margins(machine, z)
    n, c = len(z), len(machine.classes_)
    votes, over = np.zeros((n, c)), np.full((n, c, c), np.inf)
    for margin, (i, j) in zip(margins.T, combinations(range(c), 2), strict=True):
        votes[:, i] += margin > 0
        votes[:, j] += margin <= 0
        over[:, i, j], over[:, j, i] = margin, -margin
    winner = votes.argmax(axis=1)
    narrowest = over[np.arange(n), winner].min(axis=1)
    return winner, np.tanh(np.maximum(narrowest, 0))


def _margins(machine: Any, z: Array) -> Array:
    """Return the margins (N, pairs) of the first class of each pair over the second.

    numpy is four times as fast as libsvm. Where rounding may decide, libsvm is asked.
    """
    from sklearn.metrics.pairwise import pairwise_kernels

    settings = {name: getattr(machine, name) for name in ("gamma", "degree", "coef0")}
    weights, bias = _weights_of_pairs(machine), machine.intercept_
    margins = np.empty((len(z), len(bias)))
    for part in parts(len(z), len(machine.support_), PART):
        kernel = pairwise_kernels(
            z[part], machine.support_vectors_, machine.kernel, filter_params=True, **settings
        )
        margins[part] = kernel @ weights.T + bias
        size = np.abs(kernel) @ np.abs(weights).T + np.abs(bias)
        unsure = (np.abs(margins[part]) <= ROUNDING * max(1, machine.gamma) * size).any(axis=1)
        if unsure.any():
            asked = machine.decision_function(z[part][unsure])
            margins[part][unsure] = asked.reshape(-1, len(bias))
    return -margins if len(bias) == 1 else margins  # of two classes, scikit-learn's sign is turned


def _weights_of_pairs(machine: Any) -> Array:
    """Return the weights (pairs, support vectors) of the machines that tell two classes apart.

    libsvm keeps those of a support vector of class i, against the other classes in their order,
    in the columns of ``dual_coef_``.
    """
    if len(machine.classes_) == 2:
        return np.asarray(machine.dual_coef_)
    ends = np.cumsum(machine.n_support_)
    of_class = [slice(end - n, end) for end, n in zip(ends, machine.n_support_, strict=True)]
    pairs = list(combinations(range(len(ends)), 2))
    weights = np.zeros((len(pairs), ends[-1]))
    for row, (i, j) in zip(weights, pairs, strict=True):
        row[of_class[i]] = machine.dual_coef_[j - 1, of_class[i]]
        row[of_class[j]] = machine.dual_coef_[i, of_class[j]]
    return weights
