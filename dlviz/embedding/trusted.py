"""How far the maps of a sweep can be trusted, all at once for a picture."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.facts import K
from dlviz.embedding.runs import EmbeddingTrace
from dlviz.embedding.trust import Array, distortion, kept, ranks, shepard, trustworthiness
from dlviz.frozen import frozen

MOST_K = 200  # of the curve


@dataclass(frozen=True, eq=False)
class TrustSweep:
    """Measures of the final maps of R runs.

    Parameters
    ----------
    perplexities : of the runs
    points : (R, n, 2)
    distortion : (R, n), the share of each point's 10 nearest that its map has lost
    k : int (M,), and ``kept`` (R, M), the share of the k nearest that are kept
    shepard : uint8 (R, C, C), how many pairs, darker where more: 255 times the root of the share
    trust, continuity, correlation : (R,)
    """

    perplexities: tuple[float, ...]
    points: Array
    distortion: Array
    k: NDArray[np.intp]
    kept: Array
    shepard: NDArray[np.uint8]
    trust: Array
    continuity: Array
    correlation: Array

    def __post_init__(self) -> None:
        kinds = {"k": np.intp, "shepard": np.uint8}
        for field in fields(self)[1:]:
            array = frozen(getattr(self, field.name), kinds.get(field.name, np.float64))
            object.__setattr__(self, field.name, array)


def trust_of(traces: Sequence[EmbeddingTrace], cloud: Cloud) -> TrustSweep:
    """Measure the final maps of runs under several perplexities."""
    before = ranks(cloud.x)
    most = min(MOST_K, len(cloud) - 2)
    k = min(K, (len(cloud) - 1) // 2)
    rows = []
    for trace in traces:
        points = np.asarray(trace.points[-1], dtype=np.float64)
        after = ranks(points)
        diagram = shepard(cloud.x, points)
        shades = np.round(255 * np.sqrt(diagram.counts / max(diagram.counts.max(), 1)))
        rows.append((
            points, distortion(before, after, min(10, most)), kept(before, after)[:most], shades,
            trustworthiness(before, after, k), trustworthiness(after, before, k),
            diagram.correlation,
        ))  # fmt: skip
    points, lost, shares, shades, trust, continuity, correlation = map(
        np.stack, zip(*rows, strict=True)
    )
    return TrustSweep(
        tuple(trace.config.perplexity for trace in traces), points, lost, np.arange(1, most + 1),
        shares, shades, trust, continuity, correlation,
    )  # fmt: skip
