"""The same points under every perplexity of the knob, and the maps that were made beforehand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from dlviz.affinities import check_perplexity
from dlviz.embedding.config import EmbeddingConfig
from dlviz.embedding.runs import (
    Data,
    EmbeddingSweep,
    EmbeddingTrace,
    embed,
    points_of,
    start,
    steps,
    unbegun,
)
from dlviz.embedding.shipped import kept_map, shipped


def sweep_steps(
    config: EmbeddingConfig, perplexities: Sequence[float], x: Data = None, first: float = 30.0
) -> Iterator[EmbeddingSweep]:
    """Make a map under each perplexity, that nearest to ``first`` first; yield the sweep so far."""
    ready = shipped(config, perplexities) if x is None else None
    if ready:
        yield ready
        return
    cloud = points_of(config, x)
    values = tuple(perplexities)
    for value in values:
        check_perplexity(value, len(cloud))
    begun = beginning(config, values, cloud)
    yield begun
    traces = list(begun.traces)
    for i in sorted(range(len(values)), key=lambda i: abs(np.log(values[i] / first))):
        for trace in steps(replace(config, perplexity=values[i]), cloud):
            traces[i] = trace
            yield EmbeddingSweep(values, tuple(traces))


def beginning(
    config: EmbeddingConfig, perplexities: Sequence[float], x: Data = None
) -> EmbeddingSweep:
    """Return what there is to see before any iteration."""
    cloud = points_of(config, x)
    values = tuple(perplexities)
    points = start(config, cloud.x)
    begun = tuple(unbegun(replace(config, perplexity=value), points) for value in values)
    return EmbeddingSweep(values, begun)


def whole(config: EmbeddingConfig) -> EmbeddingTrace:
    """Return a map that was made beforehand, or make it."""
    return kept_map(config) or embed(config)


def sweep(config: EmbeddingConfig, perplexities: Sequence[float], x: Data = None) -> EmbeddingSweep:
    """Make a map under each perplexity."""
    *_, last = sweep_steps(config, perplexities, x)
    return last
