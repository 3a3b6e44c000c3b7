"""What excites a unit most, among the test pictures."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlviz.cnn import Cnn
from dlviz.filters.traces import FiltersTrace, activations, data_of
from dlviz.frozen import frozen

Array = NDArray[np.float64]
SEARCHED = 300  # test pictures


@dataclass(frozen=True, eq=False)
class Patches:
    """The parts of test pictures that give each unit of a block its largest sums.

    Parameters
    ----------
    images : float64 (units, count, rows, columns) in [0, 1]; 0 outside the picture
    values : (units, count), the sums, falling
    places : int (units, count, 3): which picture, and the row and column of the map
    """

    images: Array
    values: Array
    places: NDArray[np.int64]


@lru_cache(maxsize=16)
def best_patches(trace: FiltersTrace, block: int, count: int = 9) -> Patches:
    """Find what excites each unit of a block most, at most one patch of a picture."""
    data = data_of(trace.config.dataset, trace.config.shuffled)
    x = data.test_x[:SEARCHED].astype(np.float64)
    sums = activations(trace, x)[block]
    maps = sums.reshape(*sums.shape[:2], -1)  # (pictures, units, pixels)
    best, at = maps.max(axis=2).T, maps.argmax(axis=2).T
    order = np.argsort(-best, axis=1, kind="stable")[:, :count]
    columns = sums.shape[-1] if sums.ndim == 4 else 1
    pixel = np.take_along_axis(at, order, axis=1)
    places = np.stack([order, pixel // columns, pixel % columns], axis=-1)
    images = _cut(trace.net, block, x[:, 0], places)
    return Patches(
        frozen(images),
        frozen(np.take_along_axis(best, order, axis=1)),
        frozen(places, np.int64),
    )


def receptive_field(net: Cnn, block: int) -> tuple[int, int, int]:
    """Return the side of what a pixel of a block sees, the step from pixel to pixel, the start.

    A pixel in row r sees the rows from ``start + step * r`` on, ``side`` of them.
    """
    side, step, start = 1, 1, 0
    for each in net.blocks[: block + 1]:
        k = each.word.numbers[-1] if each.kind in ("conv", "pool", "mean") else 1
        side += (k - 1) * step
        if each.kind == "conv":
            start -= each.word.padding * step
        elif each.kind in ("pool", "mean"):
            step *= k
    return side, step, start


def _cut(net: Cnn, block: int, x: Array, places: NDArray[np.int64]) -> Array:
    """Cut out what each place sees: (units, count, side, side); of dense the whole picture."""
    if len(net.blocks[block].shape) == 1:
        return np.asarray(x[places[..., 0]])
    side, step, start = receptive_field(net, block)
    edge = side + 1
    padded = np.pad(x, ((0, 0), (edge, edge), (edge, edge)))
    rows, columns = (edge + start + step * places[..., i] for i in (1, 2))
    offsets = np.arange(side)
    return np.asarray(padded[places[..., 0, None, None], (rows[..., None] + offsets)[..., None],
                             (columns[..., None] + offsets)[..., None, :]])  # fmt: skip
