"""A grid of cells painted by hand, as a text short enough to stand in a link.

A cell is one hexadecimal digit, 0 (empty) to f (full), row by row from the top left; the empty
text is a grid with nothing on it.
"""

import re

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.frozen import frozen

Array = NDArray[np.float64]

FULL = 15  # the largest digit
_DIGITS = re.compile("[0-9a-f]*")
_SHOWN = 20  # characters of a text that makes no sense, in the sentence about it


def cells(text: str, rows: int, columns: int) -> Array:
    """Return the grid that a text stands for.

    Returns
    -------
    float64 (rows, columns) in [0, 1], read-only
        Multiples of 1/15.

    Raises
    ------
    ValueError
        If it stands for none of this size.
    """
    count = rows * columns
    if not isinstance(text, str) or not _DIGITS.fullmatch(text) or len(text) not in (0, count):
        raise ValueError(f"expected nothing or {count} hexadecimal digits, got {_shown(text)}")
    digits = [int(digit, 16) for digit in text] or [0] * count
    return frozen(np.array(digits).reshape(rows, columns) / FULL)


def text_of(grid: ArrayLike) -> str:
    """Return the text of a grid of numbers in [0, 1], each rounded to a multiple of 1/15.

    Raises
    ------
    ValueError
        If it is not a grid of such numbers.
    """
    array = np.asarray(grid, dtype=float)
    if array.ndim != 2 or not ((array >= 0) & (array <= 1)).all():
        raise ValueError(
            f"expected rows of numbers between 0 and 1, got {_range(array)} in shape {array.shape}"
        )
    digits = np.rint(array * FULL).astype(int).ravel().tolist()
    return "".join(f"{digit:x}" for digit in digits) if any(digits) else ""


def _range(array: Array) -> str:
    return f"{array.min():g} to {array.max():g}" if array.size else "nothing"


def _shown(text: object) -> str:
    if not isinstance(text, str):
        return repr(text)
    kept = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return f"{kept!r} of {len(text)}"
