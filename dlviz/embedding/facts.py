"""What can be said about a map in numbers, for words, predictions and challenges."""

from typing import Any

import numpy as np

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.config import EmbeddingConfig
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
from dlviz.reader import BLOCKS

Facts = dict[str, Any]  # int, float, str, bool or None

NEARLY = 0.01  # of the perplexity asked for
WORTH_A_WORD = 1.5
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
    - ``sizes_off``, ``apart_off``: by which factor, above 1.5, the map is off in these
    - ``unrolled``: the larger of the correlations of a true place with either axis of the map
    - ``perplexity_met``, or ``perplexity_reached`` on average where rows of P cannot have it
    - ``neighbors_say``, ``labels_say``: what trust comes to, what became of the labels
    - ``clumps_of_noise``, ``evenness_of_noise``: ``clumped`` of noise, below 0.9 or above 1.1
    - ``settled``: whether t-SNE went on after its first phase; true of other methods
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
        "settled": not is_tsne or int(trace.iterations[-1]) > config.exaggerated,
        **perplexity_facts(trace),
        **neighbor_facts(cloud, trace),
        **_class_facts(cloud, points, config),
        "unrolled": _unrolled(cloud.y, points) if cloud.straight else None,
    }


def perplexity_facts(trace: EmbeddingTrace) -> Facts:
    """State whether the rows of P have the perplexity asked for, and if not, which."""
    found: Facts = dict.fromkeys(("perplexity_met", "perplexity_reached"))
    asked = float(trace.config.perplexity)
    if np.isfinite(trace.perplexities).all():
        is_met = bool(np.abs(trace.perplexities / asked - 1).max() < NEARLY)
        reached = asked if is_met else float(trace.perplexities.mean())
        found["perplexity_met" if is_met else "perplexity_reached"] = reached
    return found


def neighbor_facts(cloud: Cloud, trace: EmbeddingTrace) -> Facts:
    """State what the end of a run keeps of its points, as ``facts`` names it."""
    points = np.asarray(trace.points[-1], dtype=np.float64)
    names = ("trust", "continuity", "kept", "distances", "clumped", "neighbors_say",
             "clumps_of_noise", "evenness_of_noise")  # fmt: skip
    if trace.outcome == "none" or len(cloud) < 2 * NEIGHBORS + 2 or np.ptp(points) == 0:
        return dict.fromkeys(names)
    before, after = ranks(cloud.x), ranks(points)
    trust, continuity = trustworthiness(before, after, K), trustworthiness(after, before, K)
    clumped = clark_evans(points) if np.linalg.matrix_rank(points) == 2 else None
    of_noise = clumped if trace.config.dataset == "noise" else None
    return {
        "trust": trust,
        "continuity": continuity,
        "neighbors_say": neighbors_say(min(trust, continuity)),
        "kept": 1 - float(distortion(before, after).mean()),
        "distances": shepard(cloud.x, points).correlation,
        "clumped": clumped,
        "clumps_of_noise": of_noise if of_noise and of_noise < 0.9 else None,
        "evenness_of_noise": of_noise if of_noise and of_noise > 1.1 else None,
    }


def neighbors_say(trust: float) -> str:
    """Return what a trustworthiness, or a continuity, comes to; of a random map it is 0.5."""
    if trust >= 0.95:
        return "Near neighbors are kept"
    return "Most near neighbors are kept roughly" if trust >= 0.8 else "Near neighbors are lost"


def _class_facts(cloud: Cloud, points: Array, config: EmbeddingConfig) -> Facts:
    found: Facts = dict.fromkeys(
        ("nearest", "nearest_data", "labels_say", "sizes", "true_sizes", "sizes_off",
         "distances_apart", "true_apart", "apart_off")
    )  # fmt: skip
    if not cloud.names:
        return found
    found["nearest"] = nearest_label(points, cloud.y)
    found["nearest_data"] = nearest_label(cloud.x, cloud.y)
    found["labels_say"] = _labels_say(config)
    if len(cloud.names) == 2:
        shown, true = sizes(points, cloud.y), sizes(cloud.x, cloud.y)
        found |= {"sizes": shown, "true_sizes": true, "sizes_off": _off(shown, true)}
    if len(cloud.names) == 3:
        shown, true = apart(points, cloud.y), apart(cloud.x, cloud.y)
        found |= {"distances_apart": shown, "true_apart": true, "apart_off": _off(shown, true)}
    return found


def _labels_say(config: EmbeddingConfig) -> str:
    if config.layer in BLOCKS and config.epochs > 0:
        return "The network had seen most of them: it learned four fifths of all 1 797 digits."
    trained = config.layer in ("hidden1", "hidden2", "logits") and config.epochs > 0
    if config.dataset == "digits" and trained:
        return "The network had seen the labels: it was trained on these digits, among 1 797."
    return "The labels were never used."


def _off(shown: float | None, true: float | None) -> float | None:
    """Return the factor by which one ratio is off the other, if that is worth a word."""
    if not shown or not true:
        return None
    factor = max(shown / true, true / shown)
    return factor if factor >= WORTH_A_WORD else None


def sizes(x: Array, y: Array) -> float | None:
    """Return the ratio of the root mean square distances of two classes from their means."""
    wide = [
        float(np.sqrt(((x[y == c] - x[y == c].mean(axis=0)) ** 2).sum(1).mean())) for c in (0, 1)
    ]
    return wide[0] / wide[1] if wide[1] > 0 else None


def apart(x: Array, y: Array) -> float | None:
    """Return how many times farther from the first class the third is than the second."""
    middles = [x[y == c].mean(axis=0) for c in range(3)]
    near, far = (float(np.linalg.norm(middles[c] - middles[0])) for c in (1, 2))
    return far / near if near > 0 else None


def _unrolled(value: Array, points: Array) -> float | None:
    """Return the larger size of the correlations of a value with the two axes."""
    if np.ptp(value) == 0 or (np.ptp(points, axis=0) == 0).any():
        return None
    return max(abs(float(np.corrcoef(value, points[:, axis])[0, 1])) for axis in (0, 1))
