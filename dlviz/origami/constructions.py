"""Networks that fold, networks that draw lines, and networks of random weights.

A layer can fold an axis like a fan. With p units, relu(x − c_1), relu(c_1 − x), relu(x − c_2) to
relu(x − c_{p−1}), and creases c_j = 2j/p − 1, the next layer can read

    g(x) = 1 − p relu(c_1 − x) − p relu(x − c_1) + 2p relu(x − c_2) − 2p relu(x − c_3) + ...,

which runs from −1 to 1 and back p times while x goes from −1 to 1: for p = 2 it is 1 − 2|x|. Each
line that a later layer draws in g(x) and g(y) appears p² times in x and y. This is how Montúfar,
Pascanu, Cho & Bengio, "On the number of linear regions of deep neural networks", NIPS 2014, section
3.1, reach their lower bound.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.networks import Layers
from dlviz.origami.config import OrigamiConfig, architecture_of
from dlviz.origami.learning import flat, learned

Array = NDArray[np.float64]


class Fold(NamedTuple):
    """One folding layer, with coordinates (2,) of the sheet below and above it.

    Parameters
    ----------
    directions, offsets : (n, 2) and (n,); the units' sums are directions · below + offsets
    readout, origin : (2, n) and (2,); above = readout · units + origin
    """

    directions: Array
    offsets: Array
    readout: Array
    origin: Array


def layers_of(config: OrigamiConfig) -> Layers:
    """Return the weights and biases of each layer of the network."""
    if config.parameters:
        return architecture_of(config).layers(np.array(config.parameters, dtype=np.float64))
    return BUILDERS[config.network](config)


def random_network(config: OrigamiConfig) -> Layers:
    """Draw weights from N(0, 2 / fan_in) and biases from U(±1/√fan_in), both scaled.

    He et al., "Delving Deep into Rectifiers", ICCV 2015, equation 10, with torch's biases. Each
    layer has a stream of its own: it begins alike however many layers follow it. Over sigmoids the
    output's bias takes half the sum of its weights away, so that it has both signs.
    """
    weights, biases = [], []
    sizes = architecture_of(config).sizes
    for i, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        rng = np.random.default_rng([config.seed, i])
        w = rng.normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in))
        b = rng.uniform(-1, 1, fan_out) / np.sqrt(fan_in)
        weights.append(config.weight_scale * w)
        biases.append(config.bias_scale * b)
    if config.activation == "sigmoid":  # from 0 to 1: their sum is told from what it is halfway
        biases[-1] = biases[-1] - weights[-1].sum(axis=1) / 2
    return Layers(tuple(weights), tuple(biases))


def fold_network(config: OrigamiConfig) -> Layers:
    """Return a network all of whose layers fold: it has Π ⌊n_l / 2⌋² equal squares."""
    return _network([fold_of(units) for units in config.hidden])


def folded_lines(config: OrigamiConfig) -> Layers:
    """Return a network that folds, and then draws lines on the folded sheet."""
    folds = [fold_of(units) for units in config.hidden[:-1]]
    return _network(folds, lines_of(config.hidden[-1], config.seed) if config.hidden else None)


def trained_network(config: OrigamiConfig) -> Layers:
    """Return the network at the end of its training."""
    return architecture_of(config).layers(course_of(config)[0][-1])


def course_of(config: OrigamiConfig) -> tuple[Array, Array]:
    """Return parameters (F, P) and losses (F,) of a trained network from its first step on."""
    start = flat(random_network(config))
    return learned(start, config.hidden, config.dataset, config.steps, config.lr, config.span)


BUILDERS = {"random": random_network, "folds": fold_network, "folded_lines": folded_lines,
            "trained": trained_network}  # fmt: skip


def fold_of(units: int) -> Fold:
    """Return the layer that folds x and y in ⌊units / 2⌋ each; a unit left over is dead."""
    (signs, offsets), turns, start = _fan(units // 2)
    dead = units % 2
    return Fold(
        directions=np.pad(np.kron(np.eye(2), signs[:, None]), ((0, dead), (0, 0))),
        offsets=np.pad(np.tile(offsets, 2), (0, dead)),
        readout=np.pad(np.kron(np.eye(2), turns), ((0, 0), (0, dead))),
        origin=np.full(2, start),
    )


def _fan(p: int) -> tuple[tuple[Array, Array], Array, float]:
    """Return signs and offsets of the p units on an axis, their shares in g, and its constant."""
    if p == 1:
        return (np.ones(1), np.ones(1)), np.ones(1), -1.0  # relu(x + 1) − 1: x all over the window
    creases = 2 * np.arange(1, p) / p - 1
    signs = np.array([1.0, -1.0] + [1.0] * (p - 2))
    offsets = -signs * np.concatenate([creases[:1], creases])
    later = 2.0 * p * (-1.0) ** np.arange(p - 2)
    return (signs, offsets), np.concatenate([[-p, -p], later]), 1.0


def lines_of(count: int, seed: int) -> tuple[Array, Array]:
    """Return lines w · x + b = 0 in general position, all of whose crossings are in the window.

    They are tangents of a circle at the corners of a regular polygon with an odd number of them:
    no two are parallel and no three meet. The farthest crossing is 0.85 from the center.

    Parameters
    ----------
    seed : of the angle by which they are turned

    Returns
    -------
    w : float64 (count, 2), of length 1
    b : float64 (count,)
    """
    odd = count + 1 - count % 2
    angles = np.random.default_rng(seed).uniform(0, 2 * np.pi) + 2 * np.pi * np.arange(count) / odd
    radius = min(0.45, 0.85 * np.sin(np.pi / (2 * odd)))  # tangents α apart meet at r / cos(α / 2)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1), np.full(count, radius)


def _network(folds: list[Fold], lines: tuple[Array, Array] | None = None) -> Layers:
    """Chain folds and lines; the output is a weighted sum of the last units."""
    drawn = [(fold.directions, fold.offsets) for fold in folds] + ([lines] if lines else [])
    sheets = [(np.eye(2), np.zeros(2)), *((fold.readout, fold.origin) for fold in folds)]
    pairs = list(zip(drawn, sheets, strict=False))  # what is drawn on which sheet
    weights = [w @ readout for (w, _), (readout, _) in pairs]
    biases = [w @ origin + b for (w, b), (_, origin) in pairs]
    last = 1.0 / np.arange(1, len(weights[-1]) + 1 if weights else 3)
    return Layers((*weights, last[None]), (*biases, np.zeros(1)))
