"""What can be said about a map in numbers, for words, predictions and challenges."""

from typing import Any

import numpy as np

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.runs import Data, EmbeddingTrace, points_of
from dlviz.embedding.trust import (
    NEIGHBORS,
    Array,
    clark_evans,
    distortion,
    nearest_label,
    ranks,
    shepard,
    trustworthiness,
)

Facts = dict[str, Any]  # int, float, str, bool or None

K = 5  # of trustworthiness and continuity, as scikit-learn's default


def facts(trace: EmbeddingTrace, x: Data = None) -> Facts:
    """State a map in numbers; None where a number makes no sense.

    - ``method``, ``dataset``, ``n``, ``dim``, ``perplexity``, ``iterations``, ``outcome``
    - ``kl``, ``kl_start``, and whether it is now ``above_start``, of t-SNE
    - ``trust``, ``continuity``: of the 5 nearest; ``kept``: the share of the 10 nearest that are
      among the 10 nearest in the map
    - ``distances``: Pearson's correlation of the distances in data and map
    - ``nearest``: the share of points whose nearest in the map is of their class; ``nearest_data``
    - ``sizes``: how many times wider the first class is in the map than the second, and
      ``true_sizes`` in the data; of two classes
    - ``distances_apart``: how many times farther the third class is from the first than the second
      is, and ``true_apart`` in the data; of three classes
    - ``unrolled``: the larger of the correlations of the value with either axis of the map
    - ``clumped``: Clark and Evans' index, 1 for random points, less for clumps
    """
    cloud, config = points_of(trace.config, x), trace.config
    points = np.asarray(trace.points[-1], dtype=np.float64)
    is_tsne = config.method == "tsne"
    return {
        "method": config.method,
        "dataset": config.dataset,
        "n": len(cloud),
        "dim": cloud.x.shape[1],
        "perplexity": float(config.perplexity) if is_tsne else None,
        "iterations": int(trace.iterations[-1]) if is_tsne else None,
        "outcome": trace.outcome,
        "kl": float(trace.kl[-1]) if is_tsne else None,
        "kl_start": float(trace.kl[0]) if is_tsne else None,
        "above_start": bool(trace.kl[-1] > trace.kl[0]) if is_tsne else None,
        **_neighbor_facts(cloud, points, trace.outcome == "none"),
        **_class_facts(cloud, points),
        "unrolled": None if cloud.names else _unrolled(cloud.y, points),
    }


def _neighbor_facts(cloud: Cloud, points: Array, empty: bool) -> Facts:
    names = ("trust", "continuity", "kept", "distances", "clumped")
    if empty or len(cloud) < 2 * NEIGHBORS + 2 or np.ptp(points) == 0:
        return dict.fromkeys(names)
    before, after = ranks(cloud.x), ranks(points)
    return {
        "trust": trustworthiness(before, after, K),
        "continuity": trustworthiness(after, before, K),
        "kept": 1 - float(distortion(before, after).mean()),
        "distances": shepard(cloud.x, points).correlation,
        "clumped": clark_evans(points) if np.linalg.matrix_rank(points) == 2 else None,
    }


def _class_facts(cloud: Cloud, points: Array) -> Facts:
    found: Facts = dict.fromkeys(
        ("nearest", "nearest_data", "sizes", "true_sizes", "distances_apart", "true_apart")
    )
    if not cloud.names:
        return found
    found["nearest"] = nearest_label(points, cloud.y)
    found["nearest_data"] = nearest_label(cloud.x, cloud.y)
    if len(cloud.names) == 2:
        found["sizes"], found["true_sizes"] = _sizes(points, cloud.y), _sizes(cloud.x, cloud.y)
    if len(cloud.names) == 3:
        found["distances_apart"] = _apart(points, cloud.y)
        found["true_apart"] = _apart(cloud.x, cloud.y)
    return found


def _sizes(x: Array, y: Array) -> float | None:
    """Return the ratio of the root mean square distances of two classes from their means."""
    wide = [
        float(np.sqrt(((x[y == c] - x[y == c].mean(axis=0)) ** 2).sum(1).mean())) for c in (0, 1)
    ]
    return wide[0] / wide[1] if wide[1] > 0 else None


def _apart(x: Array, y: Array) -> float | None:
    """Return how many times farther from the first class the third is than the second."""
    middles = [x[y == c].mean(axis=0) for c in range(3)]
    near, far = (float(np.linalg.norm(middles[c] - middles[0])) for c in (1, 2))
    return far / near if near > 0 else None


def _unrolled(value: Array, points: Array) -> float | None:
    """Return the larger size of the correlations of a value with the two axes."""
    if np.ptp(value) == 0 or (np.ptp(points, axis=0) == 0).any():
        return None
    return max(abs(float(np.corrcoef(value, points[:, axis])[0, 1])) for axis in (0, 1))
