"""The data of the lab by name: from a Config to points of many dimensions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np
from numpy.random import Generator

from dlviz import digits as handwritten
from dlviz.embedding import hidden, shapes
from dlviz.embedding.cloud import Array, Cloud
from dlviz.embedding.config import EmbeddingConfig
from dlviz.frozen import frozen
from dlviz.reader import BLOCKS, seen_by_reader
from dlviz.tables import Features

Draw = Callable[[int, int, Generator], Cloud]  # n, dim, rng


@dataclass(frozen=True)
class Maker:
    """Points that can be drawn: what they are called, how many and of what dimension usually.

    ``free`` says that the dimension can be chosen.
    """

    label: str
    draw: Draw
    n: int = 200
    dim: int = 2
    free: bool = False


def _digits(n: int, dim: int, rng: Generator) -> Cloud:
    return digits(n)


@cache
def _whole(name: str) -> Cloud:
    if name == "digits":
        pictures, classes = handwritten.digits()
        x = pictures.reshape(len(pictures), -1).astype(np.float64)
        images = (x * (255 / handwritten.LEVELS)).round().astype(np.uint8)
        return Cloud(x, classes, handwritten.NAMES, side=handwritten.SIDE, images=images)
    import sklearn.datasets

    table = getattr(sklearn.datasets, f"load_{name}")()
    x = (table.data - table.data.mean(axis=0)) / table.data.std(axis=0)
    names = tuple(str(each).replace("class_", "cultivar ") for each in table.target_names)
    return Cloud(x, table.target, names)


def digits(n: int) -> Cloud:
    """Return the first n of ``dlviz.digits``."""
    return _first(_whole("digits"), n)


def _first(cloud: Cloud, n: int) -> Cloud:
    return replace(cloud, x=cloud.x[:n], y=cloud.y[:n], images=cloud.images[:n])


def _table_of(name: str) -> Draw:
    def draw(n: int, dim: int, rng: Generator) -> Cloud:
        whole = _whole(name)
        some = rng.permutation(len(whole))[:n]
        return Cloud(whole.x[some], whole.y[some], whole.names)

    return draw


CLOUDS: dict[str, Maker] = {
    "digits": Maker("Digits, 8 × 8 pixels", _digits, 500, 64),
    "two_clusters": Maker("Two clusters", shapes.two_clusters, 100, 2, True),
    "two_sizes": Maker("Two sizes", shapes.two_sizes, 150, 2, True),
    "three_clusters": Maker("Three distances", shapes.three_clusters, 150, 2, True),
    "noise": Maker("Pure noise", shapes.noise, 500, 100, True),
    "ellipse": Maker("Long ellipse", shapes.ellipse, 100, 50, True),
    "two_lines": Maker("Two long lines", shapes.two_lines, 150),
    "nested": Maker("Cluster in a cluster", shapes.nested, 150, 50, True),
    "linked_rings": Maker("Linked rings", shapes.linked_rings, 200, 3),
    "unlinked_rings": Maker("Unlinked rings", shapes.unlinked_rings, 200, 3),
    "nested_rings": Maker("Ring in a ring", shapes.nested_rings, 200),
    "trefoil": Maker("Trefoil knot", shapes.trefoil, 150, 3),
    "grid": Maker("Grid", shapes.grid, 225),
    "circle": Maker("Circle", shapes.circle, 100),
    "line": Maker("Straight line", shapes.line, 100, 3, True),
    "walk": Maker("Random walk", shapes.walk, 150, 100, True),
    "simplex": Maker("All equally far", shapes.simplex, 50),
    "swiss_roll": Maker("Swiss roll", shapes.swiss_roll, 800, 3),
    "s_curve": Maker("S-curve", shapes.s_curve, 500, 3),
    "iris": Maker("Iris, 4 measures", _table_of("iris"), 150, 4),
    "wine": Maker("Wine, 13 measures", _table_of("wine"), 178, 13),
}


def cloud_of(config: EmbeddingConfig) -> Cloud:
    """Return the points that a Config names; of the user's own table there are none here."""
    return _drawn(config.dataset, config.n, config.dim, config.seed, config.layer, config.epochs)


@lru_cache(maxsize=16)
def _drawn(dataset: str, n: int, dim: int, seed: int, layer: str, epochs: int) -> Cloud:
    if dataset not in CLOUDS:
        raise ValueError("expected a table: upload it")
    maker = CLOUDS[dataset]
    cloud = maker.draw(n, dim or maker.dim, np.random.default_rng(seed))
    if dataset != "digits" or layer == "pixels":
        return cloud
    return cloud.seen_as(activations(cloud, layer, epochs))


@lru_cache(maxsize=8)
def own_cloud(features: Features) -> Cloud:
    """Return the points of a table, each column standardized; the same object for the same table.

    Points without classes are colored by their row.
    """
    x = (features.x - features.x.mean(axis=0)) / features.x.std(axis=0)
    if features.names:
        return Cloud(x, features.y, features.names)
    return Cloud(x, np.arange(len(x)), value="row")


def activations(cloud: Cloud, layer: str, epochs: int) -> Array:
    """Return what a layer of a network trained on all digits makes of some of them."""
    if layer in BLOCKS:
        return frozen(seen_by_reader(cloud.x / 16, layer, epochs))
    whole = _whole("digits")
    return hidden.activations(whole.x / 16, whole.y, layer, epochs)[: len(cloud)]
