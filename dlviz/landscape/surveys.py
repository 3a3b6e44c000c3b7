"""Train a network, lay a plane through its weights, and measure the loss on it."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.landscape.config import LandscapeConfig
from dlviz.landscape.curvature import extremes
from dlviz.landscape.network import Network, network_of
from dlviz.optimizers import OPTIMIZERS, Array
from dlviz.symmetries import rescale_relu

Branch = tuple[int, LandscapeConfig]  # the step, and the settings up to there: the trunk
OF_THE_PLANE = ("directions", "direction_seed", "extent", "rescale", "resolution")
FROM_THE_START = ("dataset", "noise", "depth", "width", "activation", "skip", "seed")
FRAMES = 100  # recorded after the start
CURVED = 9  # frames at which the curvature is measured


@dataclass(frozen=True, eq=False)
class Training:
    """The way of a network; F frames, the first before training. Arrays are read-only.

    Parameters
    ----------
    steps : int (F,)
    parameters : float64 (F, P)
    loss : float64 (F,)
    curved : int (C,), the frames at which the curvature was measured; lowest and highest (C,)
    """

    network: Network
    steps: NDArray[np.int64]
    parameters: Array
    loss: Array
    curved: NDArray[np.int64]
    lowest: Array
    highest: Array


@dataclass(frozen=True, eq=False)
class Surface:
    """The loss on a plane through the trained weights. Arrays are read-only.

    Parameters
    ----------
    axes : float64 (2, N), the coordinates of columns and rows; 0 is the trained network
    loss : float64 (N, N), row 0 the lowest second coordinate
    path : float64 (F, 2), training's shadow on the plane
    path_loss : float64 (F,), what the network's loss was
    slice_loss : float64 (F,), what the plane says at the shadow
    explained : in [0, 1], the share of the way's squared length that lies in the plane
    directions : float64 (2, P)
    """

    config: LandscapeConfig
    training: Training
    axes: Array
    loss: Array
    path: Array
    path_loss: Array
    slice_loss: Array
    explained: float
    directions: Array


def train(config: LandscapeConfig, branch: Branch | None = None) -> Training:
    """Train the network; what the plane is like makes no difference to it.

    A ``branch`` (step, trunk) goes on from that step of the trunk's training. The rule's memory
    goes on with it if the optimizer stays the same, and starts afresh if it changes.
    """
    return trained(_unseen(config), branch and (branch[0], _unseen(branch[1])))


def _unseen(config: LandscapeConfig) -> LandscapeConfig:
    plain = LandscapeConfig()
    return replace(config, **{name: getattr(plain, name) for name in OF_THE_PLANE})


@lru_cache(maxsize=64)
def trained(config: LandscapeConfig, branch: Branch | None = None) -> Training:
    """Train the network of a config that has nothing else in it: see ``train``."""
    network = network_of(config)
    stops = np.unique(np.linspace(0, config.steps, FRAMES + 1).round().astype(np.int64))
    with np.errstate(all="ignore"):  # overflow is an outcome, not an accident
        parameters = _way(network, config, branch, stops)
        loss = network.loss(parameters)
    kept = np.isfinite(parameters).all(1) & np.isfinite(loss)
    last = len(stops) if kept.all() else max(2, int(np.argmin(kept)))
    stops, parameters, loss = stops[:last], np.nan_to_num(parameters[:last]), loss[:last]
    curved = np.unique(np.linspace(0, last - 1, CURVED).round().astype(np.int64))
    with np.errstate(all="ignore"):
        lowest, highest = extremes(network, parameters[curved])
    return Training(
        network, frozen(stops, np.int64), frozen(parameters), frozen(loss),
        frozen(curved, np.int64), frozen(lowest), frozen(highest),
    )  # fmt: skip


def _way(network: Network, config: LandscapeConfig, branch: Branch | None, stops: Any) -> Array:
    """Return the parameters (F, P) after each of the steps ``stops``."""
    leg = branch[1] if branch and branch[0] else config
    rule = OPTIMIZERS[leg.optimizer]()
    w = network.start[None]
    state = rule.init(w)
    seen = [w[0]]
    for step in range(1, config.steps + 1):
        w, state = rule.step(w, network.gradient(w), state, leg.lr)
        if step == stops[len(seen)]:
            seen.append(w[0])
        if branch and step == branch[0]:
            if config.optimizer != leg.optimizer:
                rule = OPTIMIZERS[config.optimizer]()
                state = rule.init(w)
            leg = config
    return np.array(seen)


@lru_cache(maxsize=128)
def surface(config: LandscapeConfig, branch: Branch | None = None) -> Surface:
    """Train the network and measure its loss on the plane that the settings name."""
    training = train(config, branch)
    network = training.network
    way = _rescaled(config, network, training.parameters)
    center = way[-1]
    directions = directions_of(config, network, way)
    path, explained = _shadow(way - center, directions)
    reach = _reach(config, path)
    axis = np.linspace(-1, 1, config.resolution)
    axes = reach[:, None] * axis
    a, b = np.meshgrid(*axes)
    with np.errstate(all="ignore"):
        loss = measure(network, center, directions, np.stack([a.ravel(), b.ravel()], axis=-1))
        sliced = measure(network, center, directions, path)
    return Surface(
        config, training, frozen(axes), frozen(loss.reshape(a.shape)), frozen(path),
        training.loss, frozen(sliced), explained, frozen(directions),
    )  # fmt: skip


def measure(network: Network, center: Array, directions: Array, places: Array) -> Array:
    """Return the loss (n,) at places (n, 2) of the plane."""
    return network.loss(center + places @ directions)


def directions_of(config: LandscapeConfig, network: Network, way: Array) -> Array:
    """Return the two directions (2, P) of the plane.

    The principal directions of the way are those of the frames' differences to the last one.
    Random ones leave biases alone; filter-normalized, the part that belongs to one unit's
    weights is as long as these weights are: Li et al. 2018, section 4.
    """
    if config.directions == "path":
        moves = np.zeros((max(2, len(way)), way.shape[1]))  # two rows at least: two directions
        moves[: len(way)] = way - way[-1]
        return np.asarray(np.linalg.svd(moves, full_matrices=False)[2][:2])
    drawn = np.random.default_rng((config.direction_seed, 7)).normal(size=(2, network.shape.count))
    drawn[:, ~network.shape.is_weight()] = 0.0
    if config.directions == "raw":
        return drawn
    for mine, theirs in zip(
        network.shape.layers(drawn).weights, network.shape.layers(way[-1]).weights, strict=True
    ):
        size = np.linalg.norm(theirs, axis=-1, keepdims=True)
        mine *= size / (np.linalg.norm(mine, axis=-1, keepdims=True) + 1e-10)
    return drawn


def _rescaled(config: LandscapeConfig, network: Network, way: Array) -> Array:
    if config.rescale == 1 or not config.can_be_rescaled:
        return way
    layers = network.shape.layers(way)
    for unit in range(config.width):
        layers = rescale_relu(layers, 0, unit, config.rescale)
    return network.shape.parameters(layers)


def shadow(made: Surface, training: Training) -> Array:
    """Return the nearest places (F, 2) on a plane to another training of the same network."""
    return _shadow(training.parameters - made.training.parameters[-1], made.directions)[0]


def _shadow(moves: Array, directions: Array) -> tuple[Array, float]:
    """Return the nearest places (F, 2) of the plane, and the share of moves that is in it."""
    path = np.asarray(np.linalg.lstsq(directions.T, moves.T, rcond=None)[0].T, dtype=np.float64)
    inside = ((path @ directions) ** 2).sum()
    return path, float(inside / max(float((moves**2).sum()), 1e-300))


def _reach(config: LandscapeConfig, path: Array) -> Array:
    """Return how far the window reaches along each direction (2,), to either side."""
    if config.directions != "path":
        return np.full(2, config.extent)
    first, second = (1.15 * np.abs(path).max(0) * config.extent).tolist()
    first = max(first, 1e-3)  # of a network that does not learn at all
    return np.array([first, max(second, 0.3 * first)])  # no thinner than it can be seen
