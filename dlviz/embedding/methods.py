"""Other ways to make a map of the same points: scikit-learn's, and UMAP's where it is there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.config import EmbeddingConfig
from dlviz.estimators import threads
from dlviz.frozen import frozen
from dlviz.threads import one_thread

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Method:
    """A way to make a map: its name, what it keeps, and what makes it; PCA is made here."""

    label: str
    keeps: str
    make: Callable[[int, int], Any] | None  # neighbors, seed -> an estimator


def _manifold(name: str, **options: Any) -> Any:
    import sklearn.manifold

    return getattr(sklearn.manifold, name)(n_components=2, **options)


def _lle(kind: str) -> Callable[[int, int], Any]:
    def make(k: int, seed: int) -> Any:
        return _manifold("LocallyLinearEmbedding", n_neighbors=k, method=kind, random_state=seed,
                         eigen_solver="dense")  # fmt: skip

    return make


def principal_scores(x: Array) -> Array:
    """Return the points (n, d) on the two directions of most variance, (n, 2).

    The largest entry of each direction is positive, which settles its sign.
    """
    centered = x - x.mean(axis=0)
    with one_thread():
        _, directions = np.linalg.eigh(centered.T @ centered)  # of at most 200 columns
        first = directions[:, ::-1][:, :2]
        largest = np.take_along_axis(first, np.abs(first).argmax(axis=0)[None], axis=0)
        scores = centered @ (first * np.where(largest < 0, -1, 1))
    return np.pad(scores, ((0, 0), (0, 2 - scores.shape[1])))


def _umap(k: int, seed: int) -> Any:
    import umap  # type: ignore[import-not-found]

    return umap.UMAP(n_neighbors=k, random_state=seed, n_jobs=1)


METHODS: dict[str, Method] = {
    "pca": Method("PCA", "the directions of most variance", None),
    "mds": Method("MDS", "all distances", lambda k, seed: _manifold(
        "MDS", n_init=1, max_iter=150, random_state=seed, init="classical_mds")),
    "isomap": Method("Isomap", "distances along the sheet", lambda k, seed: _manifold(
        "Isomap", n_neighbors=k)),
    "lle": Method("LLE", "each point as a mean of its neighbors", _lle("standard")),
    "ltsa": Method("LTSA", "each neighborhood's tangent plane", _lle("ltsa")),
    "spectral": Method("Spectral", "slow waves on the neighbor graph", lambda k, seed: _manifold(
        "SpectralEmbedding", n_neighbors=k, affinity="nearest_neighbors", random_state=seed)),
    "umap": Method("UMAP", "a fuzzy graph of neighbors", _umap),
}  # fmt: skip


@cache
def installed() -> tuple[str, ...]:
    """Return the names of the methods that can be used here."""
    return tuple(name for name in METHODS if name != "umap" or find_spec("umap"))


def method_map(name: str, cloud: Cloud, config: EmbeddingConfig) -> Array | None:
    """Return the points (n, 2) of a method's map; None where it finds none.

    The sign of each axis is such that its largest entry is positive.
    """
    import warnings

    n, make = len(cloud), METHODS[name].make
    if make is None:
        return frozen(principal_scores(cloud.x))
    made = make(min(config.neighbors, n - 1), config.seed)
    with threads().limit(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of graphs in parts: the picture shows it
        try:
            points = np.asarray(made.fit_transform(cloud.x), dtype=np.float64)
        except (ValueError, np.linalg.LinAlgError):  # singular neighborhoods, all points equal
            return None
    if points.shape != (n, 2) or not np.isfinite(points).all():
        return None
    points = points - points.mean(axis=0)
    largest = np.take_along_axis(points, np.abs(points).argmax(axis=0)[None], axis=0)
    return frozen(points * np.where(largest < 0, -1, 1))
