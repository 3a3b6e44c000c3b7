"""Regions painted on a grid of pixels, and those that such a grid does not see."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_count
from dlviz.frozen import frozen
from dlviz.regions import Regions

Array = NDArray[np.float64]
Ints = NDArray[np.intp]


class _Crossings(NamedTuple):
    """Where edges meet the middles of rows of pixels, from left to right."""

    rows: Ints
    columns: Array
    labels: Ints  # the region to the right


def labels_on(regions: Regions, size: int = 512) -> Ints:
    """Return the region at the center of each pixel of a grid over the window.

    Row by row: pixels belong to the region right of the last edge that is left of their centers.

    Parameters
    ----------
    regions : of any polygon; the window is the smallest upright rectangle around it
    size : 2 to 4096, the number of pixels in a row and in a column

    Returns
    -------
    int (size, size), read-only; row 0 is the lowest; −1 outside the polygon
    """
    check_count("size", size, 2, 4096)
    rows, columns, labels = _crossings(regions, size)
    starts = np.clip(np.ceil(columns), 0, size).astype(np.intp)
    image = np.full((size, size + 1), -1)
    image[rows, starts] = labels  # of several at one place the last remains
    last = np.zeros(image.shape, dtype=np.intp)
    last[rows, starts] = starts
    np.maximum.accumulate(last, axis=1, out=last)
    return frozen(np.take_along_axis(image, last, axis=1)[:, :size], np.intp)


def missed_by_grid(regions: Regions, size: int = 512) -> NDArray[np.bool_]:
    """Tell which regions, bool (N,), hold the center of no pixel of a grid."""
    labels = labels_on(regions, size)
    seen = np.bincount(labels[labels >= 0], minlength=len(regions)) > 0
    return frozen(~seen, bool)


def _crossings(regions: Regions, size: int) -> _Crossings:
    low, high = regions.vertices.min(0), regions.vertices.max(0)
    places = (regions.vertices - low) / (high - low) * size - 0.5  # pixel centers are whole numbers
    (x1, y1), (x2, y2) = places[regions.edges.ends].transpose(1, 2, 0)
    first = np.clip(np.ceil(np.minimum(y1, y2)), 0, size).astype(np.intp)
    behind = np.clip(np.ceil(np.maximum(y1, y2)), 0, size).astype(np.intp)
    counts = behind - first  # the lower end of an edge belongs to it, the upper does not
    edge = np.repeat(np.arange(len(counts)), counts)
    rows = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    lean = ((x2 - x1)[edge]) / (y2 - y1)[edge]
    columns = x1[edge] + (rows - y1[edge]) * lean
    labels = regions.edges.faces[edge, (y1 < y2).astype(np.intp)[edge]]
    order = np.lexsort((lean, columns))  # edges that begin in a vertex on the row lean apart
    return _Crossings(rows[order], columns[order], labels[order])
