"""1797 handwritten digits of 43 writers, 8 x 8 pixels.

Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits", UCI repository 1998, in the order of
scikit-learn's ``load_digits``. They are kept here, as scikit-learn takes seconds to import; the
file is made with ``python -m dlviz.digits``.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen

NAMES = tuple(map(str, range(10)))
SIDE, LEVELS = 8, 16  # pixels, and the largest value of one
FILE = Path(__file__).parent / "data" / "digits.npz"


@cache
def digits() -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Return the pictures uint8 (1797, 8, 8), 0 to 16, and their classes int64 (1797,)."""
    with np.load(FILE) as kept:
        images, classes = kept["x"].reshape(-1, SIDE, SIDE), kept["y"]
    return frozen(images, np.uint8), frozen(classes, np.int64)


def make() -> None:
    """Make the file."""
    from sklearn.datasets import load_digits

    table = load_digits()
    np.savez_compressed(FILE, x=table.data.astype(np.uint8), y=table.target.astype(np.uint8))


if __name__ == "__main__":
    make()
