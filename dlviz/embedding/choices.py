"""What the page offers: names, ranges, and what becomes of settings that do not fit."""

from dataclasses import replace
from typing import Any

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.clouds import CLOUDS, own_cloud
from dlviz.embedding.config import MAX_POINTS, PERPLEXITIES, EmbeddingConfig
from dlviz.embedding.methods import METHODS, installed
from dlviz.tables import Features

PICTURES = {
    "run": "One map",
    "perplexities": "Five perplexities",
    "methods": "Other methods",
    "seeds": "Two random starts",
    "trust": "Trust",
    "layers": "Layers of a network",
    "variance": "t-SNE beside PCA",
}
DATASET_NAMES = {name: maker.label for name, maker in CLOUDS.items()}
DATASET_NAMES["table"] = "A table of your own"
METHOD_NAMES = {"tsne": "t-SNE", **{name: METHODS[name].label for name in installed()}}
LAYER_NAMES = {
    "pixels": "Pixels",
    "hidden1": "Hidden layer 1",
    "hidden2": "Hidden layer 2",
    "logits": "Logits",
    "bottleneck": "Autoencoder's bottleneck",
    "conv1": "CNN: first convolution",
    "pool1": "CNN: first pooling",
    "conv2": "CNN: second convolution",
    "pool2": "CNN: second pooling",
    "dense": "CNN: dense layer",
    "scores": "CNN: scores",
}
LIMITS = {"digits": 1797, "iris": 150, "wine": 178, "simplex": 200}  # points that there are
LEAST = 30

START = ("choice", "init", "Start", {"pca": "PCA", "random": "Random"})
SEED = ("slider", "seed", "Seed", 0, 20)
STEPS = (
    ("slider", "iterations", "Iterations", 0, 2000, 10),
    ("slider", "lr", "Learning rate (0: automatic)", 0.0, 2000.0, 10.0),
    ("slider", "exaggeration", "Exaggeration", 1.0, 30.0, 1.0),
    ("slider", "exaggerated", "… for iterations", 0, 1000, 10),
)
NEIGHBORS = ("slider", "neighbors", "Neighbors", 2, 30)
FIXED = ("toggle", "fixed", "Fixed scale")
ONE_MAP = ("run", "trust")  # pictures of one method
OF_NEIGHBORS = ("isomap", "lle", "spectral", "ltsa", "umap")


def with_dataset(name: str) -> dict[str, Any]:
    """Return the settings that go with a data set."""
    settings: dict[str, Any] = {"n": CLOUDS[name].n, "dim": 0} if name in CLOUDS else {}
    return settings if name == "digits" else {**settings, "layer": "pixels", "picture": "run"}


def with_picture(picture: str, dataset: str) -> dict[str, Any]:
    """Return the settings that go with a picture: layers are of a network that reads digits."""
    needs = picture == "layers" and dataset != "digits"
    return {"dataset": "digits", **with_dataset("digits")} if needs else {}


def rows(dataset: str, picture: str) -> list[tuple[Any, ...]]:
    """Return the controls of data and picture that are always seen."""
    found: list[tuple[Any, ...]] = []
    if dataset in CLOUDS:
        found.append(("slider", "n", "Points", LEAST, LIMITS.get(dataset, MAX_POINTS)))
    if dataset == "digits" and picture != "layers":
        found.append(("choice", "layer", "Seen as", LAYER_NAMES))
    if dataset == "digits" and picture != "trust":
        found.append(("toggle", "images", "Digits as images, where there is room"))
    if dataset in CLOUDS and picture in (
        "seeds",
        "methods",
        "layers",
        "variance",
    ):  # which have no knob
        found.append(("slider", "perplexity", "Perplexity", 2.0, PERPLEXITIES[-1], 1.0))
    return found


def more(dataset: str, picture: str, layer: str, method: str) -> list[tuple[Any, ...]]:
    """Return the other controls, those that act on the picture."""
    found: list[tuple[Any, ...]] = []
    if picture == "layers" or layer != "pixels":
        found.append(("slider", "epochs", "Epochs the network was trained", 0, 30))
    if dataset in CLOUDS and CLOUDS[dataset].free:
        found.append(("slider", "dim", "Dimensions (0: as usual)", 0, 100))
    shown = method if picture in ONE_MAP else "tsne"
    if shown == "tsne":
        found += [*(() if picture == "seeds" else (START,)), SEED, *STEPS]
    else:
        found.append(SEED)
    if shown in OF_NEIGHBORS or picture == "methods":
        found.append(NEIGHBORS)
    return [*found, FIXED] if picture == "run" and shown == "tsne" else found


def with_table(
    config: EmbeddingConfig, features: Features | None, key: str
) -> tuple[EmbeddingConfig, Cloud | None, str]:
    """Return the settings, the user's own points if they are asked for, and their key."""
    if config.dataset != "table":
        return config, None, ""
    if features is None:
        return EmbeddingConfig(), None, ""  # until there is a table
    cloud = own_cloud(features)
    return replace(config, perplexity=fitting(config.perplexity, len(cloud))), cloud, key


def begun_with(before: Any, sweep: Any, perplexity: float) -> tuple[Any, float]:
    """Return a sweep and the perplexity it was first asked at, which turning the knob leaves."""
    return before if before and before[0] == sweep else (sweep, perplexity)


def fitted(perplexity: float, n: int, dataset: str) -> dict[str, Any]:
    """Return the perplexity that goes with data; of a table how many points it has is not known."""
    return {} if dataset == "table" else {"perplexity": fitting(perplexity, n, dataset)}


def fitting(perplexity: float, n: int, dataset: str = "") -> float:
    """Return a perplexity that as many points can have: the same, if they can."""
    n = min(n, LIMITS.get(dataset, n))
    room = n - max(4, n // 8)  # a grid or a pair of clusters may have somewhat fewer points
    return perplexity if perplexity < room - 1 else float(max(2, min(room // 2, PERPLEXITIES[-1])))
