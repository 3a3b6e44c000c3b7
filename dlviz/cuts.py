"""Convex polygons cut into convex faces along the zero lines of piecewise affine functions.

Faces share their corners, and each corner is above, on or below a zero line once and for all. So
neighbors always agree where the line between them runs: there are no gaps, no overlaps and no
corner in the middle of a neighbor's side, however many lines meet in a point.

A corner is *on* the line of a function if its value there is at most the function's tolerance.
If that covers the rounding errors, every face has its corners above the line in one run, and
those below in another. A cut goes from one end of the lower run to the other, and the new corners
on it take values between those of their neighbors, so both halves have this property again.

All lines are cut at once if they are in general position. If they are not, half of them are cut
first, and then the other half, down to one by one: see ``dlviz.arrangements``.
"""

from typing import NamedTuple

import numpy as np

from dlviz.arrangements import Mesh, arrange
from dlviz.bits import Flags, any_of, packed, unpacked
from dlviz.crossings import DegenerateError
from dlviz.subdivisions import Array, Ints, Subdivision, areas_above


class Cut(NamedTuple):
    """What a subdivision has become.

    Parameters
    ----------
    whole : the finer subdivision; its first vertices are those of the coarser one
    values : float64 (V, n), the functions at its vertices
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
    """Cut faces along the zero lines of n functions.

    Parameters
    ----------
    values : float64 (V, n), the functions at the vertices; each is affine on each face
    tolerances : float64 (n,), bounds on the errors of the values; a function counts as 0 up to it
    """
    count = len(tolerances)
    rows = np.concatenate([values, coarse.vertices], axis=1)
    mesh = Mesh(rows, coarse.corners, coarse.counts, np.arange(len(coarse.counts)))
    try:
        mesh, near = arrange(mesh, slice(0, count), tolerances), count == 1
    except DegenerateError:
        mesh, near = _one_by_one(mesh, 0, count, tolerances), True
    values, vertices = mesh.rows[:, :count], mesh.rows[:, count:]
    positive = unpacked(any_of(packed(values > tolerances), mesh.corners), count)
    return Cut(
        whole=Subdivision(vertices, mesh.corners, mesh.counts),
        values=values,
        positive=positive,
        parents=mesh.parents,
        dropped=_dropped(mesh, tolerances, positive) if near else 0.0,
    )


def _one_by_one(mesh: Mesh, first: int, last: int, tolerances: Array) -> Mesh:
    """Cut along the first half of some lines, and then along the others."""
    if last - first == 1:
        return arrange(mesh, slice(first, last), tolerances)
    middle = (first + last) // 2
    for half in ((first, middle), (middle, last)):
        try:
            mesh = arrange(mesh, slice(*half), tolerances)
        except DegenerateError:
            mesh = _one_by_one(mesh, *half, tolerances)
    return mesh


def _dropped(mesh: Mesh, tolerances: Array, positive: Flags) -> float:
    """Return the area where a function has the other sign than on the face as a whole."""
    values, vertices = np.split(mesh.rows, [len(tolerances)], axis=1)
    near = ((np.abs(values) <= tolerances) & (values != 0)).any(0).nonzero()[0]
    if not len(near):
        return 0.0
    values = values[:, near]
    above = unpacked(any_of(packed(values > 0), mesh.corners), len(near))
    below = unpacked(any_of(packed(values < 0), mesh.corners), len(near))
    faces, which = (above & below).nonzero()
    corners = mesh.corners[:, faces]
    other = np.where(positive[faces, near[which]], -1.0, 1.0)
    return float(areas_above(vertices[corners], other * values[corners, which]).sum())
