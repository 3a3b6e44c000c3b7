"""Maps side by side: by other methods, other perplexities, other seeds, of other layers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.clouds import activations
from dlviz.embedding.config import PERPLEXITIES, EmbeddingConfig
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


Asked = tuple[str, EmbeddingConfig, Cloud]  # title, what to make, of what


def wall_steps(config: EmbeddingConfig, kind: str, x: Data = None) -> Iterator[Wall]:
    """Make the maps of a wall one after the other, and yield them so far.

    Parameters
    ----------
    kind : "methods", t-SNE and all others; "perplexities", five of them; "seeds", two random
        starts; "layers", the pixels of digits and what layers make of them, before training and
        after, which is of digits only
    """
    cloud = points_of(config, x)
    asked = _asked(config, kind, cloud)
    parts = [Part(title, None, points) for title, _, points in asked]
    for i, (title, wanted, points) in enumerate(asked):
        for trace in _made(wanted, points, x is None and kind != "layers"):
            parts[i] = Part(title, trace, points)
            yield Wall(kind, tuple(parts))


def _made(config: EmbeddingConfig, cloud: Cloud, usual: bool) -> Iterator[EmbeddingTrace]:
    """Yield the steps of a map, or the one that was made beforehand."""
    kept = shipped(config, PERPLEXITIES) if usual and config.perplexity in PERPLEXITIES else None
    if kept:
        yield kept.trace(config.perplexity)
    else:
        yield from steps(config, cloud)


def _asked(config: EmbeddingConfig, kind: str, cloud: Cloud) -> list[Asked]:
    tsne = replace(config, method="tsne")
    if kind == "methods":
        others = [
            (METHODS[name].label, replace(config, method=name), cloud) for name in installed()
        ]
        return [("t-SNE", tsne, cloud), *others]
    if kind == "perplexities":
        fitting = [value for value in FIVE if value < len(cloud) - 1]
        return [(f"perplexity {v:g}", replace(tsne, perplexity=v), cloud) for v in fitting]
    if kind == "seeds":
        start = replace(tsne, init="random")
        runs = (start, replace(start, seed=config.seed + 1))
        return [(f"start {run.seed}", run, cloud) for run in runs]
    return _layers(tsne, cloud)


def _layers(config: EmbeddingConfig, cloud: Cloud) -> list[Asked]:
    plain = replace(config, layer="pixels")
    asked: list[Asked] = [("pixels", plain, points_of(plain))]
    for epochs, words in ((0, "untrained"), (config.epochs, f"{config.epochs} epochs")):
        for layer, name in (("hidden1", "layer 1"), ("hidden2", "layer 2"), ("logits", "logits")):
            seen = cloud.seen_as(activations(cloud, layer, epochs))
            asked.append((f"{name}, {words}", replace(config, layer=layer, epochs=epochs), seen))
    bottleneck = cloud.seen_as(activations(cloud, "bottleneck", config.epochs))
    return [*asked, ("autoencoder's 2 units", replace(config, method="pca"), bottleneck)]


def wall(config: EmbeddingConfig, kind: str, x: Data = None) -> Wall:
    """Make the maps of a wall."""
    *_, last = wall_steps(config, kind, x)
    return last
