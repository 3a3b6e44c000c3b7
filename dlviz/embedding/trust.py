"""How far a map can be trusted: what became of neighbors and of distances.

Venna & Kaski, "Local multidimensional scaling", Neural Networks 19, 2006 (trustworthiness,
continuity); Lee & Verleysen, "Quality assessment of dimensionality reduction", Neurocomputing 72,
2009 (Q_NX, the curve over k); Shepard, Psychometrika 27, 1962 (the diagram).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.affinities import squared_distances
from dlviz.frozen import frozen

Array = NDArray[np.float64]
Ranks = NDArray[np.intp]

SHEPARD = 40  # cells on each side of the diagram
NEIGHBORS = 10  # of a point's distortion


def ranks(x: ArrayLike) -> Ranks:
    """Return how far down the list of i's neighbors j stands, int (n, n); 0 is i itself.

    Of equal distances the first in the data comes first.
    """
    d = squared_distances(x)
    np.fill_diagonal(d, -1)
    order = np.argsort(d, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(d))[None], axis=1)
    return rank


def trustworthiness(before: Ranks, after: Ranks, k: int) -> float:
    """Return 1 less a penalty for neighbors in the map that were none, in [0, 1].

    1 − 2 / (n k (2n − 3k − 1)) Σ_i Σ_j∈U (r_ij − k), where U holds those among the k nearest in
    the map that are not in the data, and r is their rank there (eq. 2). With data and map
    exchanged it is *continuity*: neighbors that were torn apart.

    Parameters
    ----------
    before, after : int (n, n), ranks in the data and in the map
    k : 1 <= k < n / 2
    """
    n = len(before)
    if not 1 <= k < n / 2:
        raise ValueError(f"expected 1 <= k < n / 2 = {n / 2:g}, got {k!r}")
    intruders = (after <= k) & (after > 0) & (before > k)
    penalty = float((before[intruders] - k).sum())
    return 1 - 2 * penalty / (n * k * (2 * n - 3 * k - 1))


def kept(before: Ranks, after: Ranks) -> Array:
    """Return Q_NX(k) for k = 1 ... n − 2: the share of the k nearest that the map keeps.

    A random map keeps k / (n − 1) of them.
    """
    n = len(before)
    off = ~np.eye(n, dtype=bool)
    worst = np.maximum(before, after)[off]  # a pair is kept for all k from here on
    counts = np.bincount(worst, minlength=n)[1 : n - 1].cumsum()
    return np.asarray(counts / (n * np.arange(1, n - 1)))


def distortion(before: Ranks, after: Ranks, k: int = NEIGHBORS) -> Array:
    """Return for each point the share of its k nearest that are not among them in the map."""
    both = (before <= k) & (before > 0) & (after <= k) & (after > 0)
    return np.asarray(1 - both.sum(axis=1) / k)


def nearest_label(points: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of points whose nearest other point is of their class: 1-NN accuracy."""
    d = squared_distances(points)
    np.fill_diagonal(d, np.inf)
    y = np.asarray(labels)
    return float((y[d.argmin(axis=1)] == y).mean())


def held_out(points: ArrayLike, labels: ArrayLike, folds: int = 5) -> float:
    """Return the mean 1-NN accuracy on each of some parts, the others being what is known.

    All parts have their share of each class, in the order of the points, as scikit-learn's
    ``cross_val_score`` has them.
    """
    d, y = squared_distances(points), np.asarray(labels).astype(int)
    ordered = np.sort(y)
    counts = np.stack([np.bincount(ordered[i::folds], minlength=y.max() + 1) for i in range(folds)])
    part = np.empty(len(y), dtype=int)
    for label, each in enumerate(counts.T):
        part[y == label] = np.repeat(np.arange(folds), each)
    d[part[:, None] == part] = np.inf
    right = y[d.argmin(axis=1)] == y
    return float(np.mean([right[part == i].mean() for i in range(folds)]))


@dataclass(frozen=True, eq=False)
class Shepard:
    """Pairs of points by their distance in the data (columns) and in the map (rows).

    Parameters
    ----------
    counts : int (SHEPARD, SHEPARD)
    data, map : the largest distance in each; cells are equal parts of 0 to this
    correlation : Pearson's, of the two distances over all pairs
    """

    counts: NDArray[np.intp]
    data: float
    map: float
    correlation: float


def shepard(x: ArrayLike, points: ArrayLike) -> Shepard:
    """Return the Shepard diagram of all pairs."""
    from scipy.spatial.distance import pdist

    before, after = pdist(np.asarray(x)), pdist(np.asarray(points, dtype=np.float64))
    ends = before.max(), after.max()
    counts, _, _ = np.histogram2d(
        after, before, SHEPARD, range=((0, ends[1] or 1), (0, ends[0] or 1))
    )
    flat = min(before.std() / (ends[0] or 1), after.std() / (ends[1] or 1)) < 1e-9
    r = 0.0 if flat else float(np.corrcoef(before, after)[0, 1])
    return Shepard(frozen(counts, np.intp), float(ends[0]), float(ends[1]), r)


def aligned(points: ArrayLike, target: ArrayLike) -> Array:
    """Return points (n, 2) turned, mirrored, moved and scaled to lie as near as can be to others.

    Procrustes: Schönemann, "A generalized solution of the orthogonal Procrustes problem", 1966.
    """
    a, b = np.asarray(points, dtype=np.float64), np.asarray(target, dtype=np.float64)
    a0, b0 = a - a.mean(axis=0), b - b.mean(axis=0)
    u, s, v = np.linalg.svd(a0.T @ b0)
    size = (a0**2).sum()
    return np.asarray(a0 @ (u @ v) * (s.sum() / size if size else 1) + b.mean(axis=0))


def clark_evans(points: ArrayLike) -> float:
    """Return how clumped points are: 1 is random, less is clumped, more is evenly spaced.

    The mean distance to the nearest neighbor over 1 / (2 √density), the density being n over the
    area of the convex hull. Clark & Evans, Ecology 35, 1954.
    """
    from scipy.spatial import ConvexHull

    y = np.asarray(points, dtype=np.float64)
    d = squared_distances(y)
    np.fill_diagonal(d, np.inf)
    area = ConvexHull(y).volume  # of a polygon, its area
    return float(np.sqrt(d.min(axis=1)).mean() * 2 * np.sqrt(len(y) / area))
