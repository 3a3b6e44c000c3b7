"""The picture that a network is shown, under every turn of the knob."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dlviz.drawn import cells
from dlviz.filters.config import FiltersConfig
from dlviz.filters.traces import data_of, shuffle
from dlviz.frozen import frozen
from dlviz.picture_sets import PICTURE_SETS, pictures
from dlviz.warps import rotation, warp

Floats = NDArray[np.float32]


def test_index(config: FiltersConfig) -> int:
    """Return which test picture is shown: number 0 to 9 is the first of each class, and so on."""
    y = pictures(config.dataset).test_y
    classes = PICTURE_SETS[config.dataset].classes
    members = np.flatnonzero(y == config.picture % classes)
    return int(members[config.picture // classes % len(members)])


def label_of(config: FiltersConfig) -> int | None:
    """Return the class of the picture shown, None of one drawn by hand."""
    return (
        None if config.source == "drawn" else config.picture % PICTURE_SETS[config.dataset].classes
    )


def picture_of(config: FiltersConfig) -> Floats:
    """Return the picture as the network gets it: (1, H, W) in [0, 1]."""
    size = PICTURE_SETS[config.dataset].size
    if config.source == "drawn":
        plain = cells(config.drawing, size, size)
    else:
        plain = data_of(config.dataset, False).test_x[test_index(config), 0]
    moved = warp(plain, rotation(config.angle), (0.0, config.shift))
    noise = np.random.default_rng(1).normal(0, 1, moved.shape)
    found = np.clip(moved + config.noise * noise, 0, 1)[None].astype(np.float32)
    return frozen(shuffle(found) if config.shuffled else found, np.float32)


def shown_under(config: FiltersConfig, field: str, values: Sequence[float]) -> Floats:
    """Return the picture under every value of a field: (K, 1, H, W)."""
    kind = type(getattr(config, field))
    turns = [replace(config, **{field: kind(value)}) for value in values]
    return np.stack([picture_of(turn) for turn in turns])
