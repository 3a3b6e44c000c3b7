"""Maps that were made beforehand, so that scenes open whole: ``python -m dlviz.embedding.shipped``.

Ten perplexities of 500 digits take seconds, which nobody should wait for when the page opens.
``dlviz/data/embedding_digits.npz`` keeps the frames of that first picture, and
``embedding_scenes.npz`` those of the other scenes, fewer of them and in fewer digits. Tests make
some of them again.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.embedding.config import PERPLEXITIES, EmbeddingConfig
from dlviz.embedding.runs import EmbeddingSweep, EmbeddingTrace, embed

FOLDER = Path(__file__).parents[1] / "data"
FIRST, SCENES = FOLDER / "embedding_digits.npz", FOLDER / "embedding_scenes.npz"
FRAMES, FEWER = 46, 28  # frames of a run of the first picture, and of the other scenes
WHOLE, COARSE = 32767, 1023  # steps from the middle of a map to its rim: of a last frame, of others
BY_POINT = ("perplexities", "beta", "log_sums")
BY_FRAME = ("kl", "z")


def shipped(config: EmbeddingConfig, perplexities: Sequence[float]) -> EmbeddingSweep | None:
    """Return the sweep of a scene, if all of it was made beforehand."""
    found = [kept_map(replace(config, perplexity=each)) for each in perplexities]
    traces = tuple(trace for trace in found if trace)
    return EmbeddingSweep(tuple(perplexities), traces) if len(traces) == len(found) else None


def kept_map(config: EmbeddingConfig) -> EmbeddingTrace | None:
    """Return the run of a Config, if it was made beforehand."""
    if config.perplexity in PERPLEXITIES and config == EmbeddingConfig(
        perplexity=config.perplexity
    ):
        return _first().trace(config.perplexity)
    at = _index().get(repr(config))
    return None if at is None else _read(at, config)


@cache
def _first() -> EmbeddingSweep:
    with np.load(FIRST) as kept:
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


@cache
def _index() -> dict[str, int]:
    with np.load(SCENES) as kept:
        return {str(text): i for i, text in enumerate(kept["configs"])}


@lru_cache(maxsize=64)
def _read(at: int, config: EmbeddingConfig) -> EmbeddingTrace:
    with np.load(SCENES) as file:
        names = ("moves", "last", "radius", "iterations", "outcome", *BY_FRAME, *BY_POINT)
        kept = {name: file[f"{at} {name}"] for name in names}
    moves = np.ascontiguousarray(np.moveaxis(kept["moves"], 0, -1)).view("<i2")[..., 0]
    codes = np.concatenate([moves.cumsum(axis=0) / COARSE, kept["last"][None] / WHOLE])
    points = codes * kept["radius"][:, None, None]
    return EmbeddingTrace(
        config, points, kept["iterations"], kept["kl"], kept["z"], kept["perplexities"],
        kept["beta"], kept["log_sums"], str(kept["outcome"]),
    )  # fmt: skip


def thinned(iterations: Sequence[int], most: int) -> list[int]:
    """Return the indices of at most so many frames, more of them early, where most happens."""
    count = len(iterations)
    if count <= most:
        return list(range(count))
    share = (np.arange(most) / (most - 1)) ** 1.4
    wanted = np.maximum.accumulate(np.round(share * (count - 1)).astype(int))
    wanted = np.maximum(wanted, np.arange(most))  # all different
    return [int(i) for i in np.minimum(wanted, count - most + np.arange(most))]


# ---------------------------------------------------------------- making the files


def make_first() -> None:
    """Make the file of the first picture."""
    config = replace(EmbeddingConfig(), every=5)
    made = [embed(replace(config, perplexity=each)) for each in PERPLEXITIES]
    frames = thinned(made[0].iterations.tolist(), FRAMES)
    points = np.stack([trace.points[frames] for trace in made])  # (K, T, n, 2)
    radius = np.abs(points).max(axis=(2, 3))
    whole = np.round(points / radius[:, :, None, None] * WHOLE).astype(np.int16)
    by_frame = {name: [getattr(each, name)[frames] for each in made] for name in BY_FRAME}
    by_point = {name: [getattr(each, name) for each in made] for name in BY_POINT}
    kept: dict[str, Any] = {name: np.stack(rows) for name, rows in (by_frame | by_point).items()}
    np.savez_compressed(
        FIRST, points=whole, radius=radius, iterations=made[0].iterations[frames], **kept
    )


def make_scenes() -> None:
    """Make the file of the other scenes."""
    configs = list(dict.fromkeys(scenes_maps()))
    kept: dict[str, Any] = {"configs": np.array([repr(config) for config in configs])}
    for i, config in enumerate(configs):
        print(f"{i + 1} of {len(configs)}: {config}", flush=True)
        kept |= {f"{i} {name}": array for name, array in packed(embed(config)).items()}
    np.savez_compressed(SCENES, **kept)


def scenes_maps() -> Iterator[EmbeddingConfig]:
    """Yield what the maps of all scenes depend on, but those of the first picture."""
    from dlviz.embedding.config import usual_perplexities
    from dlviz.embedding.lesson import LESSON
    from dlviz.embedding.runs import points_of
    from dlviz.embedding.walls import WALLS, asked
    from dlviz.scene import knob_values

    for scene in LESSON.scenes:
        picture = scene.settings.get("picture", "run")
        config = EmbeddingConfig(
            **{name: v for name, v in scene.settings.items() if name not in LESSON.views}
        )
        n = len(points_of(config))
        if picture in WALLS:
            found = [wanted for _, wanted in asked(config, picture, n)]
        elif config.method == "tsne":
            values = knob_values(config.perplexity, usual_perplexities(n))
            found = [replace(config, perplexity=each) for each in values]
        else:
            found = [config]
        yield from (each for each in found if not _is_first(each))


def _is_first(config: EmbeddingConfig) -> bool:
    return replace(config, perplexity=30.0) == EmbeddingConfig()


def packed(trace: EmbeddingTrace) -> dict[str, NDArray[Any]]:
    """Return a run in few bytes: what moves from frame to frame in coarse steps, the end in fine.

    ``moves`` (2, T − 1, n, 2) are from frame to frame, and of the first from the middle: their
    lower bytes, then their higher ones, which are mostly alike.
    """
    frames = thinned(trace.iterations.tolist(), FEWER)
    points = trace.points[frames].astype(np.float64)
    radius = np.maximum(np.abs(points).max(axis=(1, 2)), 1e-30)
    share = points / radius[:, None, None]
    coarse = np.round(share[:-1] * COARSE).astype("<i2")
    moves = np.diff(coarse, axis=0, prepend=np.zeros((1, *coarse.shape[1:]), "<i2"))
    by_frame = {name: getattr(trace, name)[frames].astype(np.float32) for name in BY_FRAME}
    by_point = {name: getattr(trace, name).astype(np.float32) for name in BY_POINT}
    return {
        "moves": np.moveaxis(moves[..., None].view(np.uint8), -1, 0),
        "last": np.round(share[-1] * WHOLE).astype(np.int16),
        "radius": radius.astype(np.float32),
        "iterations": trace.iterations[frames].astype(np.int32),
        "outcome": np.array(trace.outcome),
        **by_frame,
        **by_point,
    }


if __name__ == "__main__":
    if "first" in (sys.argv[1:] or ["first"]):
        make_first()
    if "scenes" in (sys.argv[1:] or ["scenes"]):
        make_scenes()
