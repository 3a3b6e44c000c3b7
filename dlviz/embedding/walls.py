"""Maps side by side: by other methods, other perplexities, other seeds, of other layers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.config import EmbeddingConfig, usual_perplexities
from dlviz.embedding.facts import neighbor_facts
from dlviz.embedding.methods import METHODS, installed
from dlviz.embedding.runs import Data, EmbeddingTrace, points_of, steps
from dlviz.embedding.shipped import kept_map
from dlviz.words import number

FIVE = (2.0, 5.0, 30.0, 45.0, 100.0)
WALLS = ("methods", "perplexities", "seeds", "layers", "variance")


@dataclass(frozen=True, eq=False)
class Part:
    """One map of a wall: its title, its run, or None while it has not begun."""

    title: str
    trace: EmbeddingTrace | None
    cloud: Cloud


@dataclass(frozen=True, eq=False)
class Wall:
    """Maps of the same points side by side."""

    kind: str
    parts: tuple[Part, ...]

    @property
    def share(self) -> float:
        """How much of all of them is done, 0 to 1."""
        done = [part.trace.share if part.trace else 0.0 for part in self.parts]
        return sum(done) / len(done)


Asked = tuple[str, EmbeddingConfig]  # title, what to make


def wall_steps(config: EmbeddingConfig, kind: str, x: Data = None) -> Iterator[Wall]:
    """Make the maps of a wall one after the other, and yield them so far.

    Parameters
    ----------
    kind : "methods", t-SNE and all others; "perplexities", five of them, and PCA; "seeds", two
        random starts; "variance", t-SNE and PCA; "layers", the pixels of digits and what layers
        make of them, before training and after, which is of digits only
    """
    cloud = points_of(replace(config, layer="pixels") if kind == "layers" else config, x)
    wanted_maps = asked(config, kind, len(cloud))
    parts = [Part(title, None, cloud) for title, _ in wanted_maps]
    yield Wall(kind, tuple(parts))
    for i, (title, wanted) in enumerate(wanted_maps):
        points = points_of(wanted) if kind == "layers" else cloud
        for trace in _made(wanted, points, x is None):
            parts[i] = Part(title, trace, points)
            yield Wall(kind, tuple(parts))


@lru_cache(maxsize=8)
def kept_wall(config: EmbeddingConfig, kind: str) -> Wall | None:
    """Return a wall, if all its maps were made beforehand; its points are as drawn."""
    cloud = points_of(replace(config, layer="pixels") if kind == "layers" else config)
    found = [(title, kept_map(wanted)) for title, wanted in asked(config, kind, len(cloud))]
    parts = tuple(Part(title, trace, cloud) for title, trace in found if trace)
    return Wall(kind, parts) if len(parts) == len(found) else None


@lru_cache(maxsize=8)
def wall_rows(wall: Wall) -> tuple[tuple[str, ...], ...]:
    """Return what each finished map keeps of its points, for a table; its columns first."""
    rows: list[tuple[str, ...]] = [("map", "trustworthiness", "continuity", "10 nearest kept",
                                    "distances correlate")]  # fmt: skip
    for part in wall.parts:
        if part.trace is None or part.trace.share < 1 or wall.kind == "layers":
            continue  # of layers each is of data of its own
        found = neighbor_facts(part.cloud, part.trace)
        names = ("trust", "continuity", "kept", "distances")
        values = [found[name] for name in names]
        rows.append((part.title, *("–" if v is None else number(v) for v in values)))
    return tuple(rows) if len(rows) > 1 else ()


def blank_wall(config: EmbeddingConfig, kind: str, x: Data = None) -> Wall:
    """Return a wall of which nothing has been made."""
    return next(wall_steps(config, kind, x))


def _made(config: EmbeddingConfig, cloud: Cloud, usual: bool) -> Iterator[EmbeddingTrace]:
    """Yield the steps of a map, or the one that was made beforehand."""
    if usual and (kept := kept_map(config)):
        yield kept
    else:
        yield from steps(config, cloud)


def asked(config: EmbeddingConfig, kind: str, n: int) -> list[Asked]:
    """Return what stands on a wall of n points."""
    tsne = replace(config, method="tsne")
    if kind == "methods":
        others = [(METHODS[name].label, replace(config, method=name)) for name in installed()]
        return [("t-SNE", tsne), *others]
    if kind == "perplexities":
        values = FIVE if n - 1 > FIVE[-1] else usual_perplexities(n)[::2]
        found = [(f"perplexity {v:g}", replace(tsne, perplexity=v)) for v in values]
        return [*found, ("PCA, beside them", replace(config, method="pca"))]
    if kind == "seeds":
        start = replace(tsne, init="random")
        runs = (start, replace(start, seed=config.seed + 1))
        return [(f"start {run.seed}", run) for run in runs]
    if kind == "variance":
        return [("t-SNE", tsne), ("PCA", replace(config, method="pca"))]
    return _layers(tsne)


def _layers(config: EmbeddingConfig) -> list[Asked]:
    found: list[Asked] = [("pixels", replace(config, layer="pixels"))]
    for epochs, words in ((0, "untrained"), (config.epochs, f"{config.epochs} epochs")):
        for layer, name in (("hidden1", "layer 1"), ("hidden2", "layer 2"), ("logits", "logits")):
            found.append((f"{name}, {words}", replace(config, layer=layer, epochs=epochs)))
    return [*found, ("autoencoder's 2 units", replace(config, method="pca", layer="bottleneck"))]


def wall(config: EmbeddingConfig, kind: str, x: Data = None) -> Wall:
    """Make the maps of a wall."""
    *_, last = wall_steps(config, kind, x)
    return last
