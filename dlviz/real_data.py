"""Iris, wine and breast cancer, seen through their first two principal components.

The tables ship with scikit-learn (``load_iris``, ``load_wine``, ``load_breast_cancer``): Fisher
1936; Forina et al. 1988; Wolberg, Street & Mangasarian 1995, from the UCI repository.
"""

from dataclasses import replace
from functools import cache

import numpy as np

from dlviz.dataset import Array, Dataset
from dlviz.frozen import frozen


def iris(n: int, noise: float, seed: int) -> Dataset:
    """150 flowers of three species; 4 lengths and widths."""
    return _sample("iris", n, noise, seed)


def wine(n: int, noise: float, seed: int) -> Dataset:
    """178 wines of three cultivars; 13 chemical analyses."""
    return _sample("wine", n, noise, seed)


def breast_cancer(n: int, noise: float, seed: int) -> Dataset:
    """569 tumors, malignant or benign; 30 measures of cell nuclei. A wider window than the rest."""
    return _sample("breast_cancer", n, noise, seed)


def principal_components(features: Array) -> tuple[Array, Array]:
    """Project standardized features on the two directions along which they vary most.

    The largest entry of each direction is positive, which settles its sign.

    Parameters
    ----------
    features : float64 (n, d), no column constant

    Returns
    -------
    scores : float64 (n, 2)
    shares : float64 (2,), the part of the variance that each direction holds
    """
    z = (features - features.mean(axis=0)) / features.std(axis=0)
    _, sizes, directions = np.linalg.svd(z, full_matrices=False)
    first = directions[:2]
    largest = np.take_along_axis(first, np.abs(first).argmax(axis=1, keepdims=True), axis=1)
    return z @ (first * np.sign(largest)).T, sizes[:2] ** 2 / np.sum(sizes**2)


def _sample(name: str, n: int, noise: float, seed: int) -> Dataset:
    """Return n rows at random, or all if there are fewer, moved by N(0, noise^2)."""
    whole = _whole(name)
    place, jitter = np.random.default_rng(seed).spawn(2)
    some = whole.take(place.permutation(len(whole.x))[:n])
    return replace(some, x=some.x + noise * jitter.standard_normal(some.x.shape))


@cache
def _whole(name: str) -> Dataset:
    import sklearn.datasets

    table = getattr(sklearn.datasets, f"load_{name}")()
    scores, shares = principal_components(table.data)
    names = tuple(str(each).replace("class_", "cultivar ") for each in table.target_names)
    first, second = (f"component {i} ({share:.0%})" for i, share in enumerate(shares, start=1))
    span = max(6.0, float(np.ceil(np.abs(scores).max())))
    target = frozen(table.target, np.int64)
    return Dataset(scores, target, "classification", len(names), names, (first, second), span)
