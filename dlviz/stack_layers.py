"""Marks for a stack of convolutions: its units, and the way back from one of them to the inputs.

Nothing is stored for each unit: which units of the layer before it reads follows from kernel,
stride and dilation. ``assets/player-stack.js`` draws the same for any unit that is pressed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.layers import Array, Layer, Points, Polygons, Segments

Found = list[NDArray[np.intp]]  # for the input and each layer: which units, rising

SLANT = 0.4  # how far a plane's rows go to the right and up, of what its columns go to the right


@dataclass(frozen=True, eq=False, kw_only=True)
class StackDrawing(Layer):
    """Rows or planes of units, the inputs lowest; turn k lights what unit k of ``top`` reads.

    A unit lies over the middle of what it sees, at a height of its layer's number times ``rise``.

    Parameters
    ----------
    kernel, strides, dilations : of the layers, the first first
    sizes, fields, jumps : of the input and each layer: units in a row, inputs that one sees, and
        inputs from one to the next
    top : the layer of the unit that is looked from; frame t lights the t layers before it
    row : of that unit, in its plane; −1 where the layers are rows
    rise : from one layer to the next, in inputs; 1 for rows
    """

    kernel: int
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    sizes: tuple[int, ...]
    fields: tuple[int, ...]
    jumps: tuple[int, ...]
    top: int
    row: int = -1
    rise: float = 1.0
    moving: bool = True

    @property
    def plane(self) -> bool:
        """Whether the layers are planes."""
        return self.row >= 0

    def center(self, layer: int, unit: Array) -> Array:
        """Return the middle of what units of a layer see, in inputs."""
        return np.asarray(unit) * self.jumps[layer] + (self.fields[layer] - 1) / 2

    def reads(self, layer: int, units: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return which units of the layer before some units of a layer read, (..., kernel)."""
        first = np.asarray(units)[..., None] * self.strides[layer - 1]
        return first + self.dilations[layer - 1] * np.arange(self.kernel)

    def seen(self, unit: int) -> Found:
        """Return which units of each layer a unit of the top one sees, along one dimension."""
        found = [np.array([unit])]
        for layer in range(self.top, 0, -1):
            found.append(np.unique(self.reads(layer, found[-1])))
        return found[::-1]

    def place(self, layer: int, column: Array, row: Array) -> Array:
        """Return where units of a plane are, or corners of cells at half numbers, (..., 2)."""
        x, back = self.center(layer, column), self.center(layer, row)
        return np.stack([x + SLANT * back, layer * self.rise + SLANT * back], -1)

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return lines and dots, or outlines of planes and their lit cells."""
        depth = self.top - frame
        lit = [
            found if layer >= depth else found[:0] for layer, found in enumerate(self.seen(knob))
        ]
        return self._planes(lit) if self.plane else self._rows(lit)

    def _rows(self, lit: Found) -> list[Layer]:
        marks: list[Layer] = []
        every: Found = [np.arange(size) for size in self.sizes]
        for units, color, width, size in ((every, "faint", 1.0, 3.0), (lit, "path", 2.0, 5.0)):
            wires = [self._wires(layer, units) for layer in range(1, len(units))]
            marks.append(Segments(xy=np.concatenate([np.empty((0, 2, 2)), *wires]), color=color,
                                  width=width))  # fmt: skip
            dots = [np.stack([self.center(layer, u), np.full(len(u), layer)], -1)
                    for layer, u in enumerate(units)]  # fmt: skip
            marks.append(Points(xy=np.concatenate(dots), size=size,
                                color="muted" if color == "faint" else color))  # fmt: skip
        return marks

    def _wires(self, layer: int, units: Found) -> Array:
        """Return the lines from units of a layer to those they read, where both are given."""
        upper = np.repeat(units[layer], self.kernel)
        below = self.reads(layer, units[layer]).ravel()
        there = np.isin(below, units[layer - 1])
        ends = ((layer, upper[there]), (layer - 1, below[there]))
        return np.stack([np.stack([self.center(at, u), np.full(len(u), at)], -1)
                         for at, u in ends], 1)  # fmt: skip

    def _planes(self, lit: Found) -> list[Layer]:
        rows = self._lit_rows(lit)
        cells = [self._cells(i, *np.meshgrid(lit[i], rows[i])) for i in range(len(lit))]
        corners = np.concatenate(cells)
        frames = [self._outline(i, [0, size - 1], [0, size - 1])
                  for i, size in enumerate(self.sizes)]  # fmt: skip
        return [
            Segments(xy=np.concatenate(frames), color="muted"),
            Polygons(xy=corners, codes=np.ones(len(corners), dtype=np.uint8), colors="labels"),
        ]

    def _lit_rows(self, lit: Found) -> Found:
        return [rows if len(units) else rows[:0]
                for rows, units in zip(self.seen(self.row), lit, strict=True)]  # fmt: skip

    def _cells(self, layer: int, column: Array, row: Array) -> Array:
        half = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
        x, y = (at.reshape(-1, 1) + half[:, i] for i, at in enumerate((column, row)))
        return self.place(layer, x, y)

    def _outline(self, layer: int, columns: Sequence[int], rows: Sequence[int]) -> Array:
        """Return the four sides of a block of cells, (4, 2, 2)."""
        (left, right), (low, high) = columns, rows
        x = np.array([left - 0.5, right + 0.5, right + 0.5, left - 0.5])
        y = np.array([low - 0.5, low - 0.5, high + 0.5, high + 0.5])
        corners = self.place(layer, x, y)
        return np.stack([corners, np.roll(corners, -1, axis=0)], 1)
