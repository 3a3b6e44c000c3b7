"""Maps side by side: by other methods, other perplexities, other seeds, of other layers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.config import PERPLEXITIES, EmbeddingConfig, usual_perplexities
from dlviz.embedding.methods import METHODS, installed
from dlviz.embedding.runs import Data, EmbeddingTrace, points_of, steps
from dlviz.embedding.shipped import shipped

FIVE = (2.0, 5.0, 30.0, 45.0, 100.0)
WALLS = ("methods", "perplexities", "seeds", "layers")


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
        random starts; "layers", the pixels of digits and what layers make of them, before
        training and after, which is of digits only
    """
    cloud = points_of(replace(config, layer="pixels") if kind == "layers" else config, x)
    asked = _asked(config, kind, len(cloud))
    parts = [Part(title, None, cloud) for title, _ in asked]
    yield Wall(kind, tuple(parts))
    for i, (title, wanted) in enumerate(asked):
        points = points_of(wanted) if kind == "layers" else cloud
        for trace in _made(wanted, points, x is None):
            parts[i] = Part(title, trace, points)
            yield Wall(kind, tuple(parts))


def blank_wall(config: EmbeddingConfig, kind: str, x: Data = None) -> Wall:
    """Return a wall of which nothing has been made."""
    return next(wall_steps(config, kind, x))


def _made(config: EmbeddingConfig, cloud: Cloud, usual: bool) -> Iterator[EmbeddingTrace]:
    """Yield the steps of a map, or the one that was made beforehand."""
    kept = shipped(config, PERPLEXITIES) if usual and config.perplexity in PERPLEXITIES else None
    if kept:
        yield kept.trace(config.perplexity)
    else:
        yield from steps(config, cloud)


def _asked(config: EmbeddingConfig, kind: str, n: int) -> list[Asked]:
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
    return _layers(tsne)


def _layers(config: EmbeddingConfig) -> list[Asked]:
    asked: list[Asked] = [("pixels", replace(config, layer="pixels"))]
    for epochs, words in ((0, "untrained"), (config.epochs, f"{config.epochs} epochs")):
        for layer, name in (("hidden1", "layer 1"), ("hidden2", "layer 2"), ("logits", "logits")):
            asked.append((f"{name}, {words}", replace(config, layer=layer, epochs=epochs)))
    return [*asked, ("autoencoder's 2 units", replace(config, method="pca", layer="bottleneck"))]


def wall(config: EmbeddingConfig, kind: str, x: Data = None) -> Wall:
    """Make the maps of a wall."""
    *_, last = wall_steps(config, kind, x)
    return last
