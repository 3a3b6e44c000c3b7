"""Cells of a plane cut exactly along the borders between classes.

Each cell has a small network of its own (``dlviz.local_networks``). Stage by stage, it is cut along
the lines where two candidates tie; on each face all is affine then, and in the end the classes are
parted by straight lines. Of the faces of a cell those of one class that touch become one polygon.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from dlviz.cell_bounds import Cells
from dlviz.cuts import cut
from dlviz.local_networks import LocalNetworks
from dlviz.subdivisions import Array, Ints, Subdivision, cross, cycles, edges

Flags = NDArray[np.bool_]
CORNERS = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
STRAIGHT = 1e-13  # of a cell's side, squared: a corner that turns by less is left out


class Areas(NamedTuple):
    """Polygons without holes, counterclockwise.

    Parameters
    ----------
    corners : float64 (V, 2), of one polygon after the other
    counts : int (N,), how many each has
    classes : int (N,)
    """

    corners: Array
    counts: Ints
    classes: Ints


class _Parts(NamedTuple):
    """Faces, the cell that each lies in, and its class; vertices are shared in a cell alone."""

    whole: Subdivision
    cell: Ints
    classes: Ints

    @property
    def cell_of_vertex(self) -> Ints:
        found = np.zeros(len(self.whole.vertices), dtype=np.intp)
        found[self.whole.corners] = self.cell
        return found


def part(nets: LocalNetworks) -> Areas:
    """Cut cells along all borders of classes in them."""
    count = len(nets)
    corners = np.arange(4 * count).reshape(count, 4).T
    whole = Subdivision(np.tile(CORNERS, (count, 1)), corners, np.full(count, 4))
    parts = _Parts(whole, np.arange(count), np.zeros(count, dtype=np.intp))
    forms, alive = ([each.numpy() for each in of] for of in (nets.forms, nets.alive))
    for stage, slack in enumerate(nets.slacks):
        parts = _cut(parts, forms[: stage + 1], alive[: stage + 1], slack)
    values = _values(forms, alive, parts)[:, 0]
    middle = values[parts.whole.corners].mean(0)
    leader = nets.classes.numpy()[parts.cell, middle.argmax(1)]
    areas, cell = _joined(parts._replace(classes=leader))
    places = nets.cells.centers.numpy()[cell.repeat(areas.counts)]
    return areas._replace(corners=places + nets.cells.half * areas.corners)


def _cut(parts: _Parts, forms: list[Array], alive: list[Flags], slack: float) -> _Parts:
    """Cut along the lines on which two candidates of a stage's maxima tie."""
    first, second = np.triu_indices(alive[-1].shape[2], 1)
    tied = alive[-1][:, :, first] & alive[-1][:, :, second]  # (n, maxima, pairs)
    used = tied.any(0)
    if not used.any():
        return parts
    values = _values(forms, alive, parts)
    values[np.isinf(values)] = 0.0
    apart = (values[:, :, first] - values[:, :, second])[:, used]
    apart[~tied[:, used][parts.cell_of_vertex]] = 1.0  # nothing to cut along in this cell
    done = cut(parts.whole, apart, np.full(apart.shape[1], 2 * slack))
    return _Parts(done.whole, parts.cell[done.parents], parts.classes[done.parents])


def _values(forms: list[Array], alive: list[Flags], parts: _Parts) -> Array:
    """Return the candidates of the last stage given at all vertices, (V, maxima, candidates)."""
    points, cell = parts.whole.vertices, parts.cell_of_vertex
    known = np.concatenate([np.ones((len(points), 1)), points], axis=1)
    values = np.empty(0)
    for form, lives in zip(forms, alive, strict=True):
        values = form.reshape(len(form), -1, form.shape[-1])[cell] @ known[..., None]
        values = np.where(lives[cell], values.reshape(len(points), *lives.shape[1:]), -np.inf)
        top = np.where(np.any(lives[cell], axis=2), values.max(2), 0.0)
        known = np.concatenate([known, top], axis=1)
    return values


def _joined(parts: _Parts) -> tuple[Areas, Ints]:
    """Return the faces of one class in a cell that touch as one polygon, and the cell of each.

    Where that would have a hole, or meet itself in a corner, they stay apart.
    """
    group = parts.cell * (parts.classes.max() + 1) + parts.classes
    begin, end, of = _outlines(parts.whole, group)
    step = len(parts.whole.vertices)
    keys = of * step + begin
    order = keys.argsort()
    ranked = keys[order]
    twice = of[order[1:][ranked[1:] == ranked[:-1]]]
    follow = order[np.searchsorted(ranked, of * step + end)]
    simple = ~np.isin(of, twice)
    number = simple.cumsum() - 1
    table, first, sizes = cycles(number[follow[simple]], begin[simple])
    ring = of[simple][first]
    points = parts.whole.vertices[table]
    doubled = cross(points[1:-1] - points[0], points[2:] - points[0]).sum(0)
    holed = np.isin(ring, ring[doubled <= 0])
    rings = _turning(points[:, ~holed], sizes[~holed])
    alone = np.isin(group, np.concatenate([twice, ring[holed]]))
    real = np.arange(len(parts.whole.corners)) < parts.whole.counts[alone, None]
    rest = parts.whole.vertices[parts.whole.corners[:, alone].T[real]]
    own = np.concatenate([ring[~holed], group[alone]])
    cell, classes = np.divmod(own, parts.classes.max() + 1)
    counts = np.concatenate([rings[1], parts.whole.counts[alone]])
    return Areas(np.concatenate([rings[0], rest]), counts, classes), cell


def _outlines(whole: Subdivision, group: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the sides between groups of faces: begin, end, and the group to the left."""
    ends, faces = edges(whole)
    left, right = (np.where(side >= 0, group[side], -1) for side in faces.T)
    outer = left != right
    there, back = outer & (left >= 0), outer & (right >= 0)
    begin = np.concatenate([ends[there, 0], ends[back, 1]])
    end = np.concatenate([ends[there, 1], ends[back, 0]])
    return begin, end, np.concatenate([left[there], right[back]])


def _turning(points: Array, sizes: Ints) -> tuple[Array, Ints]:
    """Return the corners of polygons (K, N, 2) that are turns, one after the other, and counts."""
    index = np.arange(len(points))[:, None]
    columns = np.arange(len(sizes))
    before = points[(index - 1) % sizes, columns]
    after = points[(index + 1) % sizes, columns]
    turns = np.abs(cross(points - before, after - points)) > STRAIGHT
    turns &= index < sizes
    return points.transpose(1, 0, 2)[turns.T], turns.sum(0)


def joined(squares: list[tuple[Cells, Tensor]]) -> Areas:
    """Return squares, each with its class, as polygons; four quarters of one class as one square.

    Parameters
    ----------
    squares : cells and their classes, int (n,); each a quarter, or a quarter of one, of some grid
    """
    halves = sorted({cells.half for cells, _ in squares})
    waiting = np.empty((0, 3))
    centers, sides, classes = [], [], []
    for half in halves:
        mine = [
            np.column_stack([c.centers.numpy(), k.numpy()]) for c, k in squares if c.half == half
        ]
        rows = np.concatenate([waiting, *mine])
        whole = np.floor(rows[:, :2] / (4 * half)) * 4 * half + 2 * half
        keys, which, count = np.unique(
            np.column_stack([np.rint(whole / half), rows[:, 2]]), axis=0,
            return_inverse=True, return_counts=True,
        )  # fmt: skip
        four = (count == 4)[which] & (half < halves[-1])
        waiting = np.column_stack([keys[:, :2] * half, keys[:, 2]])[count == 4]
        waiting = waiting if half < halves[-1] else waiting[:0]
        centers.append(rows[~four, :2])
        sides.append(np.full(int((~four).sum()), half))
        classes.append(rows[~four, 2])
    middles, reach = np.concatenate(centers), np.concatenate(sides)
    corners = middles[:, None] + reach[:, None, None] * CORNERS
    counts = np.full(len(middles), 4)
    return Areas(corners.reshape(-1, 2), counts, np.concatenate(classes).astype(np.intp))
