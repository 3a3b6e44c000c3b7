"""The network that reads digits: the filters lab's first one, as it comes trained.

Its numbers are in ``dlviz/data/filters/digits.npz``, at every moment that was kept.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.cnn import Cnn, build, forward
from dlviz.frozen import frozen

Array = NDArray[np.float64]

FILE = Path(__file__).parent / "data" / "filters" / "digits.npz"
ARCHITECTURE = "conv 8 3 same; pool 2; conv 16 3 same; pool 2; dense 32"
BLOCKS = ("conv1", "pool1", "conv2", "pool2", "dense", "scores")
EPOCHS = 20


@cache
def reader() -> tuple[Cnn, NDArray[np.float64], NDArray[np.float16]]:
    """Return the network, the moments that were kept in epochs (F,), and its numbers (F, P)."""
    with np.load(FILE, allow_pickle=False) as data:
        updates, numbers = data["updates"], frozen(data["numbers"], np.float16)
    return build(ARCHITECTURE, (1, 8, 8), 10), frozen(EPOCHS * updates / updates[-1]), numbers


def seen_by_reader(x: ArrayLike, block: str, epochs: int) -> Array:
    """Return what a block makes of digits, after its ReLU if it has one.

    Parameters
    ----------
    x : (n, 64), pixels in [0, 1]
    block : one of ``BLOCKS``
    epochs : of training; the nearest moment that was kept is taken

    Returns
    -------
    float64 (n, d)
    """
    net, moments, numbers = reader()
    frame = int(np.abs(moments - epochs).argmin())
    at = BLOCKS.index(block)
    pixels = np.asarray(x, dtype=np.float64).reshape(-1, 1, 8, 8)
    sums = forward(net, numbers[frame], pixels)[at].reshape(len(pixels), -1)
    return np.maximum(sums, 0) if net.blocks[at].relu else sums
