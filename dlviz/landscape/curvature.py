"""The extreme curvatures of a loss, by products of its Hessian with vectors alone."""

import numpy as np

from dlviz.landscape.network import Network
from dlviz.optimizers import Array

NOTHING = 1e-8  # of the Hessian's size: what is left of a vector is rounding
ROUNDS = 90  # of Lanczos; that many products a network at most


def extremes(network: Network, parameters: Array, rounds: int = ROUNDS) -> tuple[Array, Array]:
    """Return the smallest and the largest eigenvalue of the Hessian of each of M networks.

    Lanczos' method, all networks side by side: an orthonormal basis is grown by multiplying with
    the Hessian, in which it is a small tridiagonal matrix whose ends converge first. Every new
    vector is made orthogonal to all before, twice, so that rounding makes no ghosts. Where nothing
    new is left of it, as with units that never switch on, the network's basis is complete.
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
        if i + 1 < rounds:
            small[:, i, i + 1] = small[:, i + 1, i] = size
            basis[:, i + 1] = product * np.divide(1, size, where=size > 0, out=0 * size)[:, None]
    done = (basis == 0).all(-1)  # an entry within the spectrum does not move its ends
    which, rows = np.nonzero(done)
    small[which, rows, rows] = small[which, 0, 0]
    values = np.asarray(np.linalg.eigvalsh(small), dtype=np.float64)
    return values[:, 0], values[:, -1]
