"""Where a layer puts the test pictures, in the two directions in which they differ most."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlviz.filters.traces import FiltersTrace, activations, data_of
from dlviz.frozen import frozen

Array = NDArray[np.float64]
SHOWN = 150  # test pictures


@dataclass(frozen=True, eq=False)
class Embedding:
    """Test pictures as points, at each moment of training.

    Parameters
    ----------
    points : float64 (F, N, 2), each moment turned to lie like the next
    labels : int (N,)
    share : (F,), how much of the variance the plane holds
    neighbors : (F,), how many points have a nearest neighbor of their own class, as a share
    """

    points: Array
    labels: NDArray[np.int64]
    share: Array
    neighbors: Array


@lru_cache(maxsize=16)
def embed(trace: FiltersTrace, block: int) -> Embedding:
    """Project what comes out of a block on its two principal components."""
    data = data_of(trace.config.dataset, trace.config.shuffled)
    x, labels = data.test_x[:SHOWN], data.test_y[:SHOWN]
    points, shares = [], []
    for frame in range(len(trace.updates)):
        out = activations(trace, x, frame)[block]
        flat = np.maximum(out, 0) if trace.net.blocks[block].relu else out
        plane, share = components(flat.reshape(len(x), -1))
        points.append(plane)
        shares.append(share)
    for i in range(len(points) - 2, -1, -1):
        points[i] = turned(points[i], points[i + 1])
    near = [neighbors(plane, labels) for plane in points]
    return Embedding(frozen(points), frozen(labels, np.int64), frozen(shares), frozen(near))


def components(features: Array) -> tuple[Array, float]:
    """Return points (N, 2) of spread 1 in the plane of most variance, and its share."""
    centered = features - features.mean(axis=0)
    sizes, axes = np.linalg.eigh(centered @ centered.T)  # there are fewer points than features
    sizes, axes = np.maximum(sizes[::-1], 0), axes[:, ::-1]
    plane = axes[:, :2] * np.sqrt(sizes[:2])
    total = float(sizes.sum())
    spread = float(np.sqrt((plane**2).sum() / len(plane)))
    return plane / (spread or 1.0), float(sizes[:2].sum() / total) if total else 1.0


def turned(points: Array, like: Array) -> Array:
    """Turn or mirror points so that they lie as near to others as can be (Schönemann 1966)."""
    u, _, v = np.linalg.svd(points.T @ like)
    return np.asarray(points @ (u @ v))


def neighbors(points: Array, labels: NDArray[np.int64]) -> float:
    """Return the share of points whose nearest neighbor is of their class."""
    apart = ((points[:, None] - points) ** 2).sum(axis=-1)
    np.fill_diagonal(apart, np.inf)
    return float((labels[apart.argmin(axis=1)] == labels).mean())
