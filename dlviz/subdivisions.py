"""Convex polygons in convex pieces: faces that share their corners, their sides and areas."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.intp]


class Subdivision(NamedTuple):
    """N convex faces that tile a convex polygon.

    Parameters
    ----------
    vertices : float64 (V, 2)
    corners : int (K, N), the vertices of each face, counterclockwise; a face with fewer than K of
        them repeats its first
    counts : int (N,), how many corners each face has
    """

    vertices: Array
    corners: Ints
    counts: Ints


class Edges(NamedTuple):
    """The E sides of faces, each once.

    Parameters
    ----------
    ends : int (E, 2), vertices
    faces : int (E, 2), the face to the left and to the right on the way from the first end to the
        second; −1 beyond the polygon
    """

    ends: Ints
    faces: Ints


def one_face(polygon: Array) -> Subdivision:
    """Return a convex polygon (k, 2), counterclockwise, in one piece."""
    return Subdivision(polygon, np.arange(len(polygon))[:, None], np.array([len(polygon)]))


def edges(whole: Subdivision) -> Edges:
    """Return the sides of the faces, each with the two faces it parts."""
    real = np.arange(len(whole.corners))[:, None] < whole.counts
    begin, end = whole.corners[real], np.roll(whole.corners, -1, axis=0)[real]
    face = np.broadcast_to(np.arange(len(whole.counts)), real.shape)[real]
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    first, edge = distinct(low * len(whole.vertices) + high)
    faces = np.full((len(first), 2), -1)
    faces[edge, (begin > end).astype(np.intp)] = face
    return Edges(np.stack([low[first], high[first]], axis=1), faces)


def areas(whole: Subdivision) -> Array:
    """Return the area of each face, (N,)."""
    x, y = (at.take(whole.corners[1:]) - at.take(whole.corners[0]) for at in whole.vertices.T)
    doubled: Array = (x[:-1] * y[1:] - y[:-1] * x[1:]).sum(0)
    return np.maximum(0.5 * doubled, 0.0)


def cross(a: Array, b: Array) -> Array:
    """Return a × b of vectors (..., 2): the area they span, above 0 if b is to the left of a."""
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def distinct(keys: Ints) -> tuple[Ints, Ints]:
    """Return a place where each distinct key stands, and which of these each key equals.

    ``np.unique`` does the same in five times the time.
    """
    order = keys.argsort()
    ranked = keys.take(order)
    new = np.ones(len(keys), dtype=bool)
    np.not_equal(ranked[1:], ranked[:-1], out=new[1:])
    which = np.empty_like(order)
    which[order] = new.cumsum() - 1
    return order[new], which


def areas_above(points: Array, values: Array) -> Array:
    """Return the area of the part of each polygon on which an affine function is above 0.

    Parameters
    ----------
    points : float64 (K, P, 2), of P convex polygons
    values : float64 (K, P)
    """
    ahead, next_values = np.roll(points, -1, axis=0), np.roll(values, -1, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = values / (values - next_values)
    enters, leaves = (values <= 0) & (next_values > 0), (values > 0) & (next_values <= 0)
    begin = points + np.where(enters, share, 0.0)[..., None] * (ahead - points)
    end = points + np.where(leaves, share, 1.0)[..., None] * (ahead - points)
    # Seen from a point of the zero line, that line adds nothing to the area.
    origin = begin[enters.argmax(0), np.arange(points.shape[1])]
    inside = (values > 0) | (next_values > 0)
    doubled: Array = np.where(inside, cross(begin - origin, end - origin), 0.0).sum(0)
    return np.maximum(0.5 * doubled, 0.0)


def cycles(follow: Ints, labels: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the cycles of a permutation.

    Parameters
    ----------
    follow : int (n,), what comes after each element
    labels : int (n,)

    Returns
    -------
    table : int (K, C), the labels along C cycles; one shorter than K goes back to its first
    first : int (C,), where each begins
    sizes : int (C,)
    """
    count = len(follow)
    least, ahead = np.minimum(np.arange(count), follow), follow.take(follow)
    while ((after := least.take(ahead)) != least).any():
        least = np.minimum(least, after)  # of twice as many elements as before
        ahead = ahead.take(ahead)
    last = (least == follow).nonzero()[0]
    first = follow.take(last)
    sizes = np.bincount(least, minlength=count).take(first)
    # After its last element, a cycle stays at one with the label of its first.
    stop = np.arange(count, count + len(first))
    follow = np.concatenate([follow, stop])
    follow[last] = stop
    table = np.empty((int(sizes.max()), len(first)), dtype=np.intp)
    table[0] = first
    for i in range(1, len(table)):
        table[i] = follow.take(table[i - 1])
    return np.concatenate([labels, labels.take(first)]).take(table), first, sizes


def side_by_side(left: Ints, right: Ints) -> Ints:
    """Return the corners of two sets of faces as one, short columns filled up with their first."""
    both = np.empty((max(len(left), len(right)), left.shape[1] + right.shape[1]), dtype=np.intp)
    for corners, columns in (
        (left, both[:, : left.shape[1]]),
        (right, both[:, left.shape[1] :]),
    ):
        columns[: len(corners)] = corners
        columns[len(corners) :] = corners[0]
    return both
