"""Marks for grids of numbers: a cell each, and the sum that a window over them makes.

Cells are squares in the panel's units; ``plain`` gives what shows the same in a still picture.
``assets/player-cells.js`` draws both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from dlviz.layers import Array, Field, Layer, Segments, Text
from dlviz.theme import CLASS_COLORS
from dlviz.words import number

MOST_NUMBERS = 144  # cells of a still picture in which numbers can be read
WAYS = ("sum", "max", "mean", "min")


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells(Layer):
    """A grid of numbers ``values`` (..., H, W), row 0 at the top; not-a-number is an empty cell.

    Parameters
    ----------
    codes : uint8 (..., H, W), which class color each cell has, from 1; 0 is the bare ground.
        Without them cells are shaded by their values.
    left, top : where the grid's top left corner is
    unit : a cell's side
    limit : the size of a value that has the full shade; 0 is that of the largest in each picture
    signed : whether values have colors by their sign, else ink
    paper : whether 0 is white on a dark page too, as it is in a field of diverging colors
    names : what stands in a cell with value i, in place of the number
    numbers : whether anything stands in the cells
    moving : whether the grid fills cell by cell: ``first`` at frame 0, then one for each frame; a
        press on a cell goes to its frame
    """

    ARRAYS: ClassVar[dict[str, int]] = {"values": 2, "codes": 2}
    BARE: ClassVar[bool] = True
    values: Array
    codes: Any = ((),)
    left: float = 0.0
    top: float
    unit: float = 1.0
    limit: float = 1.0
    signed: bool = False
    paper: bool = False
    names: tuple[str, ...] = ()
    numbers: bool = True
    moving: bool = False
    first: int = 1

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the grid as a field, lines between cells, and numbers."""
        values = np.array(self.at("values", frame, knob), dtype=float)
        if self.moving:
            values.ravel()[frame + self.first :] = np.nan
        rows, columns = values.shape
        marks: list[Layer] = [self._shades(values, frame, knob), self._lines(rows, columns)]
        if self.numbers and values.size <= MOST_NUMBERS:
            at = [(c + 0.5, -r - 0.6) for r, c in np.ndindex(rows, columns)]
            texts = tuple(self._text(value) for value in values.ravel().tolist())
            marks.append(Text(xy=self._placed(at), texts=texts))
        return marks

    def _shades(self, values: Array, frame: int, knob: int) -> Field:
        rows, columns = values.shape
        sizes = np.nan_to_num(values)
        limit = self.limit or float(np.abs(sizes).max()) or 1.0
        share = np.clip(sizes / limit, -1, 1)
        codes = self.at("codes", frame, knob)
        if codes.size:
            image, colors = np.where(codes > 0, (codes - 1) % len(CLASS_COLORS), 255), "labels"
        elif self.signed:
            image, colors = 127 + 100 * share, "diverging"
        else:
            image, colors = 250 - 150 * np.abs(share), "gray"
        image = np.where(np.isnan(values), 255, image)
        return Field(
            image=image[::-1].astype(np.uint8),
            x=(self.left + self.unit / 2, self.left + self.unit * (columns - 0.5)),
            y=(self.top - self.unit * (rows - 0.5), self.top - self.unit / 2),
            colors=colors,
            blank=(255,),
            opacity=0.6,
        )

    def _lines(self, rows: int, columns: int) -> Segments:
        across = [[(0, -r), (columns, -r)] for r in range(rows + 1)]
        down = [[(c, -rows), (c, 0)] for c in range(columns + 1)]
        return Segments(xy=self._placed(across + down), width=1.0)

    def _placed(self, cells: ArrayLike) -> Array:
        """Return places given in cells from the top left corner, y upward, in the panel's units."""
        return np.asarray(cells) * self.unit + (self.left, self.top)

    def _text(self, value: float) -> str:
        if np.isnan(value):
            return ""
        return self.names[int(value)] if self.names else number(value)


@dataclass(frozen=True, eq=False, kw_only=True)
class Products(Layer):
    """What is done under the window, written out: each number times its weight, and the sum.

    Parameters
    ----------
    image : (..., H, W), on which the window slides
    kernel : (k, l)
    corners : (T, 2), row and column of the window's top left cell at each frame
    dilation : cells from one tap to the next
    way : "sum" of the products; or "max", "mean", "min" of the numbers
    """

    ARRAYS: ClassVar[dict[str, int]] = {"image": 2, "kernel": 2, "corners": 2}
    PLAIN: ClassVar[frozenset[str]] = frozenset({"kernel", "corners"})
    BARE: ClassVar[bool] = True
    image: Array
    kernel: Array
    corners: Array
    dilation: int = 1
    way: str = "sum"
    moving: bool = True

    def window(self, frame: int, knob: int) -> Array:
        """Return the numbers under the window, (k, l)."""
        row, column = self.corners[frame].astype(int).tolist()
        image, d = self.at("image", frame, knob), self.dilation
        rows, columns = self.kernel.shape
        return np.asarray(image[row : row + d * rows : d, column : column + d * columns : d])

    def value(self, frame: int, knob: int) -> float:
        """Return what comes of the window."""
        window = self.window(frame, knob).astype(float)
        if self.way == "sum":
            window = window * self.kernel
        return float(getattr(window, self.way)())

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the products as words in a panel of 0 to l and 0 to k + 1."""
        window = self.window(frame, knob)
        rows, columns = window.shape
        at = [(c + 0.5, rows - r + 0.5) for r, c in np.ndindex(rows, columns)]
        texts = [self._term(window[r, c], self.kernel[r, c]) for r, c in np.ndindex(rows, columns)]
        total = (columns / 2, 0.4)
        texts.append(f"{self.way} = {number(self.value(frame, knob))}")
        return [Text(xy=np.array([*at, total]), texts=tuple(texts))]

    def _term(self, value: Any, weight: Any) -> str:
        factor = number(float(weight))
        return f"{number(float(value))}·{factor}" if self.way == "sum" else number(float(value))
