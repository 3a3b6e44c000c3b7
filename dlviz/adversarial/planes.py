"""The plane through a picture along an attack and along random signs, and what is read in it.

The network reads s along the attack and t along the coins at x + s a + t c, where a and c are the
changes by FGSM and by random signs within the largest ε, in the box, for each unit of ε.

Where it reads what is known exactly, as polygons (``dlviz.class_regions``), of dense networks and
of convolutional ones. That takes up to some seconds. Meanwhile, and where a network is too large,
it is asked at points that lie closer where classes meet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dlviz.adversarial.config import EPSILONS, AdversarialConfig
from dlviz.adversarial.pictures import model_of, picture_of
from dlviz.adversarial.sweeps import sweep
from dlviz.class_regions import ClassRegions, class_regions_steps
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel

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
    regions : which class is read where, exactly, or of a share below 1 if that is not known
    asked : uint8 (SIZE, SIZE), the class at each point, t upward, or (0, 0) if regions are known
    confidences : float32 (2, K, 10) along s, and along t, at each ε
    """

    config: AdversarialConfig
    values: tuple[float, ...]
    label: int
    picture: NDArray[np.float32]
    along: NDArray[np.float32]
    regions: ClassRegions
    asked: NDArray[np.uint8]
    confidences: NDArray[np.float32]

    @property
    def is_exact(self) -> bool:
        """Whether the regions are known."""
        return self.regions.share == 1

    @property
    def polygons(self) -> list[Array]:
        """Pieces of one class each, float64 (k, 2), counterclockwise."""
        return self.regions.polygons

    @property
    def classes(self) -> NDArray[np.intp]:
        """The class of each."""
        return self.regions.classes

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


def plane(
    config: AdversarialConfig,
    values: tuple[float, ...] = EPSILONS,
    regions: ClassRegions | None = None,
) -> AttackPlane:
    """Look at the plane of FGSM and random signs through a picture.

    Parameters
    ----------
    regions : as ``regions_steps`` yields them; if they are not known yet, the network is asked at
        points; by default they are found now
    """
    x, label = picture_of(config)
    picture, along = _frame(config)
    found = list(regions_steps(config))[-1] if regions is None else regions
    model = FrozenModel(model_of(config))
    asked = np.empty((0, 0), np.uint8) if found.share == 1 else _asked(model, x, along)
    steps = torch.tensor(values)[:, None, None, None]
    lines = torch.cat([x + steps * torch.tensor(each) for each in along])
    said = model.logits(lines).softmax(1).reshape(2, len(values), -1)
    return AttackPlane(
        config,
        values,
        label,
        picture,
        along,
        found,
        frozen(asked, np.uint8),
        frozen(said.numpy(), np.float32),
    )


def regions_steps(config: AdversarialConfig) -> Iterator[ClassRegions]:
    """Yield what is known so far of which class is read where."""
    x, _ = picture_of(config)
    along = torch.tensor(_frame(config)[1])
    yield from class_regions_steps(model_of(config), x[0], along[:, None], REACH)


@lru_cache(maxsize=16)  # asked for by the regions, by the picture before them and by that of them
def _frame(config: AdversarialConfig) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the picture, and the changes along s and t for a unit of each."""
    ends = sweep(config, (0.0, REACH))
    names = [ends.shown.index("fgsm"), ends.shown.index("noise_sign")]
    along = (ends.pictures[names, 1] - ends.picture) / REACH
    return frozen(ends.picture, np.float32), frozen(along, np.float32)


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
