"""Convex polygons cut into convex faces along the zero lines of piecewise affine functions.

Faces share their corners, and each corner is above, on or below a zero line once and for all. So
neighbors always agree where the line between them runs: there are no gaps, no overlaps and no
corner in the middle of a neighbor's side, however many lines meet in a point.

A corner is *on* the line of a function if its value there is at most the function's tolerance.
If that covers the rounding errors, every face has its corners above the line in one run, and
those below in another. A cut goes from one end of the lower run to the other, and the new corners
on it take values between those of their neighbors, so both halves have this property again.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.subdivisions import Array, Ints, Subdivision, areas_above, distinct

Flags = NDArray[np.bool_]
Signs = NDArray[np.int8]


class Cut(NamedTuple):
    """What a subdivision has become.

    Parameters
    ----------
    whole : the finer subdivision; its first vertices are those of the coarser one
    values : float64 (n, V), the functions at its vertices
    positive : bool (N, n), on which faces they are above 0
    parents : int (N,), the face of the coarser subdivision that each face lies in
    dropped : the area on the wrong side of a zero line, by less than the tolerance
    """

    whole: Subdivision
    values: Array
    positive: Flags
    parents: Ints
    dropped: float


def cut(coarse: Subdivision, values: Array, tolerances: Array) -> Cut:
    """Cut faces along the zero lines of n functions, one after the other.

    Parameters
    ----------
    values : float64 (n, V), the functions at the vertices; each is affine on each face
    tolerances : float64 (n,), bounds on the errors of the values; a function counts as 0 up to it
    """
    knife = _Knife(coarse, values, tolerances)
    knife.cut_all()
    return knife.result()


class _Knife:
    """A subdivision on the way from coarse to fine; arrays have room for more than there is."""

    def __init__(self, coarse: Subdivision, values: Array, tolerances: Array) -> None:
        self.units, self.vertices = values.shape
        self.faces = len(coarse.counts)
        self.most, self.least = tolerances[:, None], -tolerances[:, None]  # that count as 0
        # The coordinates are two more rows: they are interpolated along edges like the values.
        self.rows = np.concatenate([values, coarse.vertices.T])
        self.signs = self._signs(values)
        self.corners = coarse.corners
        self.slots = np.arange(len(coarse.corners))[:, None]
        self.counts = coarse.counts
        self.parents = np.arange(self.faces)

    def _signs(self, values: Array) -> Signs:
        above, below = values > self.most, values < self.least
        return above.view(np.int8) - below.view(np.int8)

    def cut_all(self) -> None:
        low, high = self._ranges(self.signs)
        crossed = np.ascontiguousarray(((low < 0) & (high > 0)).T)  # (n, coarse faces)
        for unit in np.flatnonzero(crossed.any(1)).tolist():
            # Only a piece of a face that the line crosses can be crossed by it.
            self._cut(unit, crossed[unit].take(self.parents[: self.faces]).nonzero()[0])

    def _ranges(self, signs: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the lowest and the highest over the corners of each face, (N, n) each."""
        table = np.ascontiguousarray(signs[:, : self.vertices].T)
        low = table.take(self.corners[0, : self.faces], axis=0)
        high = low.copy()
        for corner in self.corners[1:, : self.faces]:
            at_corner = table.take(corner, axis=0)
            np.minimum(low, at_corner, out=low)
            np.maximum(high, at_corner, out=high)
        return low, high

    def _cut(self, unit: int, faces: Ints) -> None:
        """Cut those of the faces that have corners on both sides of the line."""
        corners = self.corners.take(faces, axis=1)
        sides = self.signs[unit].take(corners)
        counts = self.counts.take(faces)
        below = (sides < 0) & (self.slots < counts)
        hit = (below.any(0) & (sides > 0).any(0)).nonzero()[0]
        if not len(hit):
            return
        if len(hit) < len(faces):
            faces, counts = faces.take(hit), counts.take(hit)
            corners, below = corners.take(hit, 1), below.take(hit, 1)
        start, length = _lower_run(below, counts)
        after = start + length
        # The corners beside the run, before and after it, and then the ends of the run itself.
        turns = np.concatenate([start - 1, after, start, after - 1]).reshape(4, -1) % counts
        columns = np.arange(len(hit))
        outer, inner = corners.take(turns * len(hit) + columns).reshape(2, -1)
        ends, new = self._ends(unit, outer, inner)
        down, up = ends.reshape(2, -1)
        upper = counts - length
        sizes = np.concatenate([upper + new.reshape(2, -1).sum(0), length + 2])
        halves = _outlines(
            np.concatenate([corners, corners], axis=1),
            np.concatenate([counts, counts]),
            turns[1:3].ravel(),
            np.concatenate([upper, length]),
            np.concatenate([np.where(new[: len(hit)], down, up), up, up, down]).reshape(2, -1),
            sizes,
        )
        self._replace(faces, halves, sizes)

    def _ends(self, unit: int, outer: Ints, inner: Ints) -> tuple[Ints, Flags]:
        """Return where cuts begin and end: the outer corner if it is on the line, or a new one."""
        new = self.signs[unit].take(outer) > 0
        if new.all():
            return self._insert(unit, outer, inner), new
        ends = outer.copy()
        ends[new] = self._insert(unit, outer[new], inner[new])
        return ends, new

    def _insert(self, unit: int, a: Ints, b: Ints) -> Ints:
        """Return the vertices where the line crosses edges from a to b, new ones all."""
        low, high = np.minimum(a, b), np.maximum(a, b)
        first, which = distinct(low * self.vertices + high)  # both faces name the edge
        begin = self.rows.take(low.take(first), axis=1)
        rows = self.rows.take(high.take(first), axis=1)
        share = begin[unit] / (begin[unit] - rows[unit])
        rows -= begin
        rows *= share
        rows += begin
        rows[unit] = 0.0
        old, self.vertices = self.vertices, self.vertices + len(first)
        self.rows = _room(self.rows, self.vertices)
        self.rows[:, old : self.vertices] = rows
        self.signs = _room(self.signs, self.vertices)
        self.signs[:, old : self.vertices] = self._signs(rows[: self.units])
        return np.asarray(which + old)

    def _replace(self, faces: Ints, halves: Ints, sizes: Ints) -> None:
        """Put the upper halves in the place of the faces and the lower ones behind them all."""
        old, self.faces = self.faces, self.faces + len(faces)
        both = np.concatenate([faces, np.arange(old, self.faces)])
        missing = len(halves) - len(self.corners)
        if missing:
            self.corners = np.concatenate([self.corners, self.corners[:1].repeat(missing, 0)])
            self.slots = np.arange(len(halves))[:, None]
        self.corners = _room(self.corners, self.faces)
        self.corners[:, both] = halves
        self.counts = _room(self.counts, self.faces)
        self.counts[both] = sizes
        self.parents = _room(self.parents, self.faces)
        self.parents[old : self.faces] = self.parents.take(faces)

    def result(self) -> Cut:
        counts = self.counts[: self.faces]
        real = self.slots < counts
        self.corners = np.where(real, self.corners[:, : self.faces], self.corners[0, : self.faces])
        positive = self._ranges(self.signs)[1] > 0
        vertices = self.rows[self.units :, : self.vertices].T.copy()
        return Cut(
            whole=Subdivision(vertices, self.corners[: int(counts.max())], counts),
            values=self.rows[: self.units, : self.vertices],
            positive=positive,
            parents=self.parents[: self.faces],
            dropped=self._dropped(vertices, positive),
        )

    def _dropped(self, vertices: Array, positive: Flags) -> float:
        """Return the area where a function has the other sign than on the face as a whole."""
        values = self.rows[: self.units, : self.vertices]
        near = ((self.signs[:, : self.vertices] == 0) & (values != 0)).any(1).nonzero()[0]
        if not len(near):
            return 0.0
        low, high = self._ranges(np.sign(values[near]))
        faces, which = ((low < 0) & (high > 0)).nonzero()
        units = near[which]
        corners = self.corners[:, faces]
        other = np.where(positive[faces, units], -1.0, 1.0)
        return float(areas_above(vertices[corners], other * values[units, corners]).sum())


def _room(array: NDArray[Any], size: int) -> NDArray[Any]:
    """Return an array with room for ``size`` along its last axis."""
    held = array.shape[-1]
    if size <= held:
        return array
    wide = np.empty((*array.shape[:-1], max(2 * size, 64)), dtype=array.dtype)
    wide[..., :held] = array
    return wide


def _lower_run(below: Flags, counts: Ints) -> tuple[Ints, Ints]:
    """Return the slot at which the corners below the line begin, and how many they are."""
    length = below.sum(0)
    wrapped = counts - length + below.argmin(0)  # where the run goes on over the last slot
    return np.where(below[0], wrapped, below.argmax(0)), length


def _outlines(
    corners: Ints, counts: Ints, starts: Ints, lengths: Ints, ends: Ints, sizes: Ints
) -> Ints:
    """Return polygons: so many corners of a face from a start on, then the ends of the cut.

    Parameters
    ----------
    corners : int (K, C), of C faces, each of which becomes one polygon
    counts, starts, lengths, sizes : int (C,)
    ends : int (2, C), the first and the second; only the first, if ``sizes`` leaves no more room
    """
    slots = np.arange(max(len(corners), int(sizes.max())))[:, None]
    columns = np.arange(len(starts))
    at = np.minimum(slots, lengths - 1) + starts
    at -= counts * (at >= counts)
    table = np.where(slots < lengths, corners.take(at * len(starts) + columns), ends[1])
    table[lengths, columns] = ends[0]
    return np.asarray(table)
