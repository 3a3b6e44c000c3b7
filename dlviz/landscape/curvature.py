"""The extreme curvatures of a loss, by products of its Hessian with vectors alone."""

import numpy as np

from dlviz.landscape.network import Network
from dlviz.optimizers import Array

NOTHING = 1e-8  # of the Hessian's size: what is left of a vector is rounding
ROUNDS = 90  # of Lanczos; that many products a network at most
CHECKED = 15  # rounds from one look at whether the ends are there to the next
NEAR = 1e-9  # of the Hessian's size: an end that is as near is there


def extremes(network: Network, parameters: Array, rounds: int = ROUNDS) -> tuple[Array, Array]:
    """Return the smallest and the largest eigenvalue of the Hessian of each of M networks.

    Lanczos' method, all networks side by side: an orthonormal basis is grown by multiplying with
    the Hessian, in which it is a small tridiagonal matrix whose ends converge first. Every new
    vector is made orthogonal to all before, twice, so that rounding makes no ghosts. Where nothing
    new is left of it, as with units that never switch on, the network's basis is complete. It ends
    when no eigenvalue at an end can be further off than what is left of its vector.
    Golub & Van Loan, "Matrix Computations", 4th edition, section 10.3.

    Parameters
    ----------
    parameters : float64 (M, P)
    """
    many, count = parameters.shape
    rounds = min(rounds, count)
    basis = np.zeros((many, rounds, count))
    small = np.zeros((many, rounds, rounds))
    vector = np.random.default_rng(0).normal(size=(many, count))
    basis[:, 0] = vector / np.linalg.norm(vector, axis=1, keepdims=True)
    passed = network.forward(parameters)
    size_of_all = np.zeros(many)  # the largest entry so far
    for i in range(rounds):
        product = network.hessian_times(parameters, basis[:, i], passed)
        small[:, i, i] = (product * basis[:, i]).sum(-1)
        for _ in range(2):
            inside = basis[:, : i + 1] @ product[..., None]
            product = product - (basis[:, : i + 1].swapaxes(-1, -2) @ inside)[..., 0]
        size = np.linalg.norm(product, axis=1)
        size_of_all = np.maximum(size_of_all, np.maximum(size, np.abs(small[:, i, i])))
        size[size <= NOTHING * size_of_all] = 0.0
        if (i + 1) % CHECKED == 0 and _are_there(small[:, : i + 1, : i + 1], size, size_of_all):
            break
        if i + 1 < rounds:
            small[:, i, i + 1] = small[:, i + 1, i] = size
            basis[:, i + 1] = product * np.divide(1, size, where=size > 0, out=0 * size)[:, None]
    small = _filled(small[:, : i + 1, : i + 1])
    values = np.asarray(np.linalg.eigvalsh(small), dtype=np.float64)
    return values[:, 0], values[:, -1]


def _filled(small: Array) -> Array:
    """Fill rows beyond a complete basis with an entry within the spectrum, which moves no end."""
    which, rows = np.nonzero((small == 0).all(-1))
    small[which, rows, rows] = small[which, 0, 0]
    return small


def _are_there(small: Array, left: Array, size: Array) -> bool:
    """Tell whether the ends of every matrix have converged.

    Parameters
    ----------
    left : float64 (M,), the length of what the next vector is made of
    size : float64 (M,), of the Hessians
    """
    if not np.isfinite(small).all():
        return False
    _, vectors = np.linalg.eigh(_filled(small.copy()))
    off = left[:, None] * np.abs(vectors[:, -1, [0, -1]])
    return bool((off <= NEAR * size[:, None]).all())
