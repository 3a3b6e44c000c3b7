"""A mesh that a map bends: how a generator lays the plane of its noise over the data's.

``assets/player-mesh.js`` is the twin of ``Mesh.shades`` in the browser.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from dlviz.layers import Array, Layer, Polygons, Segments

FAINTEST, DARKEST = 0.06, 0.75  # opacity


@dataclass(frozen=True, eq=False, kw_only=True)
class Mesh(Layer):
    """Cells between the points of a mesh, the denser the darker; with one row, a line.

    Parameters
    ----------
    xy : (..., rows · columns, 2), where the points of the mesh have come to lie, row by row
    weights : (cells,), the share of all mass that each cell holds: (rows − 1) · (columns − 1), or
        columns − 1 of a line
    columns : points in a row
    full : the density, mass per area (per length of a line), that is drawn half dark
    """

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 2, "weights": 1}
    PLAIN: ClassVar[frozenset[str]] = frozenset({"weights"})
    xy: Array
    weights: Array
    columns: int
    color: str = "ink"
    full: float = 1.0

    def cells(self, frame: int, knob: int) -> Array:
        """Return the corners of all cells in one picture, (cells, 4, 2), or (cells, 2, 2)."""
        points = self.at("xy", frame, knob).reshape(-1, self.columns, 2)
        if len(points) == 1:
            return np.stack([points[0, :-1], points[0, 1:]], axis=1)
        corners = [points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]]
        return np.stack(corners, axis=2).reshape(-1, 4, 2)

    def shades(self, frame: int, knob: int) -> Array:
        """Return the opacity of each cell in one picture: density / (density + full), scaled."""
        cells = self.cells(frame, knob).astype(float)
        if cells.shape[1] == 2:
            size = np.hypot(*(cells[:, 1] - cells[:, 0]).T)
        else:
            one, two = cells[:, 2] - cells[:, 0], cells[:, 3] - cells[:, 1]
            size = np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) / 2
        with np.errstate(divide="ignore"):
            share = self.weights / (self.weights + self.full * size)
        return np.asarray(FAINTEST + (DARKEST - FAINTEST) * share)

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the mesh of one picture as polygons, or as the pieces of its line."""
        cells = self.cells(frame, knob)
        if cells.shape[1] == 2:
            return (Segments(xy=cells, color=self.color, width=3.0),)
        codes = 255 * (1 - self.shades(frame, knob))
        return (Polygons(xy=cells, codes=codes, colors="gray", opacity=0.3, outline=self.color),)
