"""Small digits with what is read of them beside: right answers blue, wrong ones orange with a ✗."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.cell_layers import Cells
from dlviz.defend.attacked import LEVELS
from dlviz.digits import NAMES, SIDE
from dlviz.layers import Layer, Text

WRONG = len(NAMES)  # an answer of 3 that is wrong has the number 13
WORDS = (*NAMES, *(f"✗{name}" for name in NAMES))
ANSWER = 3.0  # side of the cell with the answer, in pixels of a digit
PITCH = (12.6, 9.3)  # from one digit to the next

Codes = NDArray[np.uint8]


def digits_in_rows(
    pictures: Codes,
    answers: NDArray[Any],
    right: Sequence[int],
    columns: int,
    top: float,
    over: str,
    *,
    labels: Sequence[str] = (),
) -> list[Layer]:
    """Return the marks of n digits, row by row.

    Parameters
    ----------
    pictures : uint8 (..., n, 8, 8), 0 to 250
    answers : (..., n), what they are read as
    right : what they are
    columns : in a row
    top : the y of the first row
    over : the leading axes
    labels : words under each, which take room of their own
    """
    layers: list[Layer] = []
    for i, truth in enumerate(right):
        left, above = corner(i, columns, top, labelled=bool(labels))
        said = np.asarray(answers[..., i], dtype=np.uint8)
        said = np.where(said == truth, said, said + WRONG).astype(np.uint8)
        codes = np.where(said < WRONG, 1, 2).astype(np.uint8)
        layers += [
            Cells(values=pictures[..., i, :, :], over=over, left=left, top=above, limit=LEVELS,
                  numbers=False),
            Cells(values=said[..., None, None], codes=codes[..., None, None], over=over,
                  left=left + SIDE + 0.4, top=above, unit=ANSWER, names=WORDS),
        ]  # fmt: skip
        if labels:
            place = np.array([[left + SIDE / 2, above - SIDE - 1.1]])
            layers.append(Text(xy=place, texts=(labels[i],)))
    return layers


def corner(i: int, columns: int, top: float, *, labelled: bool) -> tuple[float, float]:
    """Return the left and the top of a digit."""
    row, column = divmod(i, columns)
    return PITCH[0] * column + 0.5, top - (PITCH[1] + 1.6 * labelled) * row
