"""How near points are to each other, as t-SNE sees it: Gaussians of one perplexity.

van der Maaten & Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008, section 2.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.checks import check_range
from dlviz.frozen import frozen

Array = NDArray[Any]

HALVINGS = 200  # of the bracket around a row's precision: more than doubles have digits


def squared_distances(x: ArrayLike) -> Array:
    """Return the squared Euclidean distances of all pairs, float64 (n, n), exactly symmetric."""
    from scipy.spatial.distance import pdist, squareform

    return np.asarray(squareform(pdist(np.asarray(x, dtype=np.float64), "sqeuclidean")))


def conditional(x: ArrayLike, perplexity: float) -> tuple[Array, Array]:
    """Return p(j | i), and the precisions that make every row's perplexity as asked.

    p(j | i) = exp(-beta_i d_ij^2) / sum_k exp(-beta_i d_ik^2), p(i | i) = 0 (eq. 1), where beta_i =
    1 / (2 sigma_i^2) is found by bisection on its logarithm, each guess a Newton step where that
    stays within the bracket. Perplexity = exp(entropy in nats).

    Parameters
    ----------
    x : float (n, d), finite, n >= 3
    perplexity : 1 < perplexity < n - 1

    Returns
    -------
    p : float64 (n, n), rows sum to 1
    beta : float64 (n,). Where no Gaussian has that many neighbors, as of a point with more
        doubles than that, it is the nearest to it that doubles can hold.

    Raises
    ------
    ValueError
        If shapes or the perplexity make no sense.
    """
    x = np.asarray(x, dtype=np.float64)
    if x.ndim != 2 or len(x) < 3 or not np.isfinite(x).all():
        raise ValueError(f"expected at least 3 finite points (n, d), got shape {x.shape}")
    check_perplexity(perplexity, len(x))
    d = squared_distances(x)
    np.fill_diagonal(d, np.inf)
    d -= d.min(axis=1, keepdims=True)  # the same p, and the nearest never underflows
    unit = np.where(np.isfinite(d), d, 0).sum(axis=1) / (len(x) - 1)
    d /= np.where(unit > 0, unit, 1)[:, None]
    log_beta = _bisect(d, np.log(perplexity))
    p, _, _ = _rows(d, np.exp(log_beta))
    return p, np.exp(log_beta) / np.where(unit > 0, unit, 1)


def check_perplexity(perplexity: float, n: int) -> None:
    """Raise ValueError unless a Gaussian around one of n points can have that perplexity."""
    check_range("perplexity", perplexity, 1, n - 1, open_low=True)
    if perplexity >= n - 1:
        raise ValueError(f"expected perplexity < n - 1 = {n - 1}, got {perplexity!r}")


def _bisect(d: Array, target: float) -> Array:
    """Return log beta (n,) at which the entropy of each row is ``target`` nats."""
    n = len(d)
    guess, low, high = np.zeros(n), np.full(n, -40.0), np.full(n, 80.0)
    todo = np.arange(n)
    for _ in range(HALVINGS):
        _, entropy, variance = _rows(d[todo], np.exp(guess[todo]))
        off = entropy - target
        low[todo] = np.where(off > 0, guess[todo], low[todo])
        high[todo] = np.where(off > 0, high[todo], guess[todo])
        going = (np.abs(off) > 1e-11) & (high[todo] - low[todo] > 1e-13)
        slope = np.maximum(np.exp(2 * guess[todo]) * variance, 1e-300)  # -dH / d log beta
        newton = guess[todo] + off / slope
        inside = (newton > low[todo]) & (newton < high[todo])
        step = np.where(inside, newton, (low[todo] + high[todo]) / 2)
        guess[todo[going]] = step[going]
        todo = todo[going]
        if not len(todo):
            break
    return guess


def _rows(d: Array, beta: Array) -> tuple[Array, Array, Array]:
    """Return p (m, n) of distances, each row's entropy in nats, and the variance of d under it."""
    with np.errstate(under="ignore", over="ignore", invalid="ignore"):
        p = np.exp(-beta[:, None] * d)
    finite = np.where(np.isfinite(d), d, 0)
    total = p.sum(axis=1)
    p /= total[:, None]
    mean = np.einsum("ij,ij->i", p, finite)
    square = np.einsum("ij,ij,ij->i", p, finite, finite)
    return p, np.log(total) + beta * mean, np.maximum(square - mean**2, 0)


def affinities(x: ArrayLike, perplexity: float) -> Array:
    """Return how near points are to each other, as t-SNE sees it.

    P = (p(j | i) + p(i | j)) / 2n, see ``conditional``.

    Parameters
    ----------
    x : float (n, d), finite, n >= 3
    perplexity : 1 < perplexity < n - 1, the effective number of neighbors

    Returns
    -------
    float64 (n, n), read-only, symmetric, sums to 1, zero on the diagonal
    """
    return joint(conditional(x, perplexity)[0])


def joint(p: Array) -> Array:
    """Return the affinities (n, n) of conditional probabilities p(j | i)."""
    both = p + p.T
    return frozen(both / both.sum())


def row_perplexities(p: Array) -> Array:
    """Return the perplexity (n,) of each row of conditional probabilities."""
    logs = np.log(p, out=np.zeros_like(p), where=p > 0)
    return np.asarray(np.exp(-(p * logs).sum(axis=1)))
