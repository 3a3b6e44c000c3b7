"""The maps of the first picture, made beforehand: ``python -m dlviz.embedding.shipped``.

500 digits under ten perplexities take seconds, which nobody should wait for when the page opens.
``dlviz/data/embedding_digits.npz`` keeps the frames that the page shows, in whole numbers of
1/32767 of each map's radius. A test makes some of them again.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from dlviz.embedding.config import PERPLEXITIES, EmbeddingConfig
from dlviz.embedding.runs import EmbeddingSweep, EmbeddingTrace

FILE = Path(__file__).parents[1] / "data" / "embedding_digits.npz"
FRAMES = 46
WHOLE = 32767
BY_POINT = ("perplexities", "beta", "log_sums")


def shipped(config: EmbeddingConfig, perplexities: Sequence[float]) -> EmbeddingSweep | None:
    """Return the sweep of the lab's first picture, if that is what is asked for."""
    usual = EmbeddingConfig(perplexity=config.perplexity)
    if config != usual or tuple(perplexities) != PERPLEXITIES:
        return None
    return _load()


@cache
def _load() -> EmbeddingSweep:
    with np.load(FILE) as kept:
        scale = kept["radius"][:, :, None, None] / WHOLE
        points = kept["points"] * scale
        traces = tuple(
            EmbeddingTrace(
                EmbeddingConfig(perplexity=perplexity), points[i], kept["iterations"],
                kept["kl"][i], kept["z"][i], kept["perplexities"][i], kept["beta"][i],
                kept["log_sums"][i], "ran",
            )
            for i, perplexity in enumerate(PERPLEXITIES)
        )  # fmt: skip
    return EmbeddingSweep(PERPLEXITIES, traces)


def make() -> None:
    """Make the file."""
    from dlviz.embedding.sweeps import sweep

    config = EmbeddingConfig()
    made = sweep(replace(config, every=5), PERPLEXITIES).traces
    frames = thinned(made[0].iterations.tolist(), FRAMES)
    points = np.stack([trace.points[frames] for trace in made])  # (K, T, n, 2)
    radius = np.abs(points).max(axis=(2, 3))
    whole = np.round(points / radius[:, :, None, None] * WHOLE).astype(np.int16)
    by_frame = {name: [getattr(each, name)[frames] for each in made] for name in ("kl", "z")}
    by_point = {name: [getattr(each, name) for each in made] for name in BY_POINT}
    kept: dict[str, Any] = {name: np.stack(rows) for name, rows in (by_frame | by_point).items()}
    np.savez_compressed(
        FILE, points=whole, radius=radius, iterations=made[0].iterations[frames], **kept
    )


def thinned(iterations: Sequence[int], most: int) -> list[int]:
    """Return the indices of at most so many frames, more of them early, where most happens."""
    count = len(iterations)
    if count <= most:
        return list(range(count))
    share = (np.arange(most) / (most - 1)) ** 1.4
    wanted = np.maximum.accumulate(np.round(share * (count - 1)).astype(int))
    wanted = np.maximum(wanted, np.arange(most))  # all different
    return [int(i) for i in np.minimum(wanted, count - most + np.arange(most))]


if __name__ == "__main__":
    make()
