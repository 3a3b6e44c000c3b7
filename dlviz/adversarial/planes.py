"""The plane through a picture along an attack and along random signs, and what is read in it.

The network reads s along the attack and t along the coins at x + s a + t c, where a and c are the
changes by FGSM and by random signs within the largest ε, in the box, for each unit of ε.

Where a network is linear or has dense layers alone, its classes' regions are exact polygons: on
each linear region (``dlviz.regions``) the classes are parted by straight lines. A convolutional
one has too many linear regions for that (of the default CNN the first layer alone makes 21 646,
which take a second, and 160 000 points of the plane lie in at least 140 000 different ones of the
whole network), and is asked at points that lie closer where classes meet.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.adversarial.config import EPSILONS, AdversarialConfig
from dlviz.adversarial.pictures import model_of, picture_of
from dlviz.adversarial.sweeps import sweep
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel
from dlviz.regions import Plane, linear_regions

Array = NDArray[np.float64]

REACH = EPSILONS[-1]  # of the plane, from the picture to each side
COARSE, FINE = 40, 4  # cells a side that are asked first, and points a side in those that differ
SIZE = COARSE * FINE + 1


@dataclass(frozen=True, eq=False)
class AttackPlane:
    """What is read in a plane.

    Parameters
    ----------
    config : whose picture it is
    values : ε, K of them
    label : what the picture is
    picture : float32 (H, W)
    along : float32 (2, H, W), the change of each pixel for a unit of s and of t
    polygons, classes : convex pieces, float64 (k, 2), and the class of each; none if it was asked
        at points
    asked : uint8 (SIZE, SIZE), the class at each point, t upward, or (0, 0) if polygons are exact
    confidences : float32 (2, K, 10) along s, and along t, at each ε
    """

    config: AdversarialConfig
    values: tuple[float, ...]
    label: int
    picture: NDArray[np.float32]
    along: NDArray[np.float32]
    polygons: tuple[Array, ...]
    classes: NDArray[np.int64]
    asked: NDArray[np.uint8]
    confidences: NDArray[np.float32]

    @property
    def ends(self) -> NDArray[np.float32]:
        """The pictures at each ε along s, and along t, (2, K, H, W)."""
        sides = np.array(self.values, np.float32)[:, None, None]
        return np.asarray(self.picture + sides * self.along[:, None])

    @property
    def ball(self) -> Array:
        """Where the L∞ ball of ε = 1 cuts the plane, around it once, (R, 2)."""
        angles = np.linspace(0, 2 * np.pi, 361)
        towards = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        moved = np.abs(towards @ self.along.reshape(2, -1)).max(axis=1)
        rim: Array = towards / moved[:, None]
        return rim


def plane(config: AdversarialConfig, values: tuple[float, ...] = EPSILONS) -> AttackPlane:
    """Look at the plane of FGSM and random signs through a picture."""
    x, label = picture_of(config)
    ends = sweep(config, (0.0, REACH))
    names = [ends.shown.index("fgsm"), ends.shown.index("noise_sign")]
    along = (ends.pictures[names, 1] - ends.picture) / REACH
    model = model_of(config)
    dense = is_dense(model)
    pieces, classes = _pieces(model, x, along) if dense else ([], np.empty(0, np.int64))
    asked = np.empty((0, 0), np.uint8) if dense else _asked(FrozenModel(model), x, along)
    steps = torch.tensor(values)[:, None, None, None]
    lines = torch.cat([x + steps * torch.tensor(each) for each in along])
    said = FrozenModel(model).logits(lines).softmax(1).reshape(2, len(values), -1)
    return AttackPlane(
        config,
        values,
        label,
        frozen(ends.picture, np.float32),
        frozen(along, np.float32),
        tuple(pieces),
        frozen(classes, np.int64),
        frozen(asked, np.uint8),
        frozen(said.numpy(), np.float32),
    )


def is_dense(model: nn.Sequential) -> bool:
    """Tell whether a network is linear layers alone, with a ReLU after each but the last."""
    flat, *rest = model
    last = len(rest) - 1
    return (
        isinstance(flat, nn.Flatten)
        and all(isinstance(layer, nn.ReLU if i % 2 else nn.Linear) for i, layer in enumerate(rest))
        and last % 2 == 0
    )


def _pieces(
    model: nn.Sequential, x: Tensor, along: NDArray[np.float32]
) -> tuple[list[Array], NDArray[np.int64]]:
    """Part each linear region among the classes; polygons and their classes."""
    layers = [layer for layer in model if isinstance(layer, nn.Linear)]
    weights, biases = (
        [getattr(layer, name).detach().double().numpy() for layer in layers]
        for name in ("weight", "bias")
    )
    corners = REACH * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    cut = Plane(x.flatten().double().numpy(), along.reshape(2, -1).astype(float))
    regions = linear_regions(weights, biases, corners, plane=cut)
    found, classes = [], []
    for polygon, slope, offset in zip(
        regions.polygons, regions.slopes, regions.intercepts, strict=True
    ):
        for k in range(len(offset)):
            piece = _where_largest(polygon, slope, offset, k)
            if len(piece) >= 3:
                found.append(piece)
                classes.append(k)
    return found, np.array(classes)


def _where_largest(polygon: Array, slope: Array, offset: Array, k: int) -> Array:
    """Cut a convex polygon to where output k of an affine map is the largest."""
    for rival in range(len(offset)):
        if rival == k or not len(polygon):
            continue
        leads = polygon @ (slope[k] - slope[rival]) + (offset[k] - offset[rival])
        if (leads < 0).any():
            polygon = _half(polygon, leads)
    return polygon


def _half(polygon: Array, leads: Array) -> Array:
    """Keep the part of a convex polygon where a function, given at its corners, is not below 0."""
    kept: list[Array] = []
    for i in range(len(polygon)):
        before, here = leads[i - 1], leads[i]
        if (before < 0) != (here < 0):
            share = before / (before - here)
            kept.append(polygon[i - 1] + share * (polygon[i] - polygon[i - 1]))
        if here >= 0:
            kept.append(polygon[i])
    return np.array(kept) if kept else np.empty((0, 2))


def _asked(model: FrozenModel, x: Tensor, along: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Ask at points of a grid, then at more of them in the cells whose corners differ."""
    at = np.linspace(-REACH, REACH, SIZE)
    rough = np.arange(0, SIZE, FINE)
    read = np.zeros((SIZE, SIZE), np.uint8)
    rows, columns = (a.ravel() for a in np.meshgrid(rough, rough, indexing="ij"))
    read[rows, columns] = _read(model, x, along, at[columns], at[rows])
    coarse = read[::FINE, ::FINE]
    corners = np.stack([coarse[:-1, :-1], coarse[1:, :-1], coarse[:-1, 1:], coarse[1:, 1:]])
    mixed = (corners != corners[0]).any(axis=0)
    read[:-1, :-1] = coarse[:-1, :-1].repeat(FINE, axis=0).repeat(FINE, axis=1)
    read[-1, :-1], read[:-1, -1] = coarse[-1, :-1].repeat(FINE), coarse[:-1, -1].repeat(FINE)
    wide = np.pad(mixed.repeat(FINE, axis=0).repeat(FINE, axis=1), (0, 1), mode="edge")
    rows, columns = np.nonzero(wide)
    if len(rows):
        read[rows, columns] = _read(model, x, along, at[columns], at[rows])
    return read


def _read(
    model: FrozenModel, x: Tensor, along: NDArray[np.float32], s: Array, t: Array
) -> NDArray[np.int64]:
    a, c = (torch.tensor(each) for each in along)
    places = (torch.tensor(each, dtype=torch.float32)[:, None, None, None] for each in (s, t))
    first, second = places
    read: NDArray[np.int64] = model.logits(x + first * a + second * c).argmax(1).numpy()
    return read
