"""Convex faces cut along the zero lines of many functions, all lines of all faces at once.

The *sides* of faces and their *chords*, which are what of the lines lies in them, are straight
paths; ``dlviz.crossings`` tells which lines cross them. How many lines are crossed on the way to a
crossing is again a matter of words: no length is compared, and nothing is put in order.

A chord is two paths, there and back, for each path has one side of the line to its left. Crossings
divide paths into *pieces*. After a piece that ends in a crossing comes the piece of the other line
that turns off to the left. Round and round, these are the outlines of finer faces.

That is right if all signs are, so lines must be in general position. A value that is 0 up to its
tolerance, but for those of the lines that a vertex was put on, is a ``DegenerateError``: lines seem
to meet in one point. So are other numbers of outlines than Euler's formula wants of faces: then
pieces do not lie in a plane. One line by itself is never degenerate. It may go through corners.
"""

from typing import NamedTuple

import numpy as np

from dlviz.bits import count, ones
from dlviz.crossings import Crossings, DegenerateError, Paths, Vertices
from dlviz.subdivisions import Array, Ints, cycles, distinct, side_by_side


class Mesh(NamedTuple):
    """Faces that share their corners, and the values of n functions there.

    Parameters
    ----------
    rows : float64 (V, n + 2), of each vertex the values, and then its x and y
    corners, counts : as of a ``Subdivision``
    parents : int (N,), the face of a coarser mesh that each face lies in
    """

    rows: Array
    corners: Ints
    counts: Ints
    parents: Ints


class _Pieces(NamedTuple):
    counts: Ints  # of each path
    first: Ints
    last: Ints
    start: Ints  # that begins at each crossing
    origin: Ints  # the vertex where each begins


def arrange(mesh: Mesh, functions: slice, tolerances: Array) -> Mesh:
    """Cut faces along the zero lines of some of the functions.

    Parameters
    ----------
    tolerances : float64 (n,), of all functions; they count as 0 up to it

    Raises
    ------
    DegenerateError
        The lines are more than one, and must be cut along in smaller groups.
    """
    vertices = Vertices(mesh.rows, functions, tolerances[functions])
    cutting = vertices.cutting(mesh.corners)
    is_cut = np.asarray(cutting.any(0))
    faces, rest = is_cut.nonzero()[0], (~is_cut).nonzero()[0]
    if not len(faces):
        return mesh
    corners, counts = mesh.corners.take(faces, axis=1), mesh.counts.take(faces)
    parts, sizes, whole = _cut(vertices, corners, counts, ones(cutting.take(faces, axis=1)))
    return Mesh(
        vertices.rows,
        side_by_side(mesh.corners.take(rest, axis=1), parts),
        np.concatenate([mesh.counts.take(rest), sizes]),
        mesh.parents.take(np.concatenate([rest, faces.take(whole)])),
    )


def _cut(vertices: Vertices, corners: Ints, counts: Ints, keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the corners of the parts of faces, how many each has, and what it is a part of.

    Parameters
    ----------
    corners, counts : of the faces
    keys : face << shift | line, for all lines that cut each face
    """
    chord_at = np.empty(len(counts) << vertices.shift, dtype=np.intp)
    chord_at[keys] = np.arange(0, 2 * len(keys), 2)
    sides, ahead = _sides(vertices, corners, counts)
    ends = vertices.crossings(sides)
    if len(ends.key) != 2 * len(keys):
        raise DegenerateError
    onto = _onto(vertices, sides, ends, chord_at)
    end_at, at_corners = _put_ends(vertices, sides, ends)
    if len(at_corners):
        ends = _at_corners(sides, ends, ahead, at_corners)
    begin = np.empty(2 * len(keys), dtype=np.intp)
    begin[onto] = end_at  # what a side leaves behind is cut off by the chord that begins there
    back = begin.reshape(-1, 2)[:, ::-1].ravel()
    chords = vertices.paths(begin, back, (keys >> vertices.shift).repeat(2))
    inner = vertices.crossings(chords)
    turn = _turns(vertices, inner, _onto(vertices, chords, inner, chord_at), keys)
    at = np.concatenate([end_at, _put_inner(vertices, chords, inner, turn)])
    pieces = _pieces(vertices, (sides, chords), (ends, inner), at)
    parts, first, sizes = cycles(_follow(pieces, ahead, onto, turn), pieces.origin)
    if len(sizes) != len(counts) + len(keys) + len(turn) // 4:  # Euler's formula
        raise DegenerateError
    face = np.concatenate([sides.face, chords.face]).repeat(pieces.counts)
    return parts, sizes, face.take(first)


def _sides(vertices: Vertices, corners: Ints, counts: Ints) -> tuple[Paths, Ints]:
    """Return the sides of faces, face by face, and the side that comes after each."""
    begin = corners.T[np.arange(len(corners)) < counts[:, None]]
    last = counts.cumsum() - 1
    ahead = np.arange(1, len(begin) + 1)
    ahead[last] = last - counts + 1
    face = np.arange(len(counts)).repeat(counts)
    return vertices.paths(begin, begin.take(ahead), face), ahead


def _onto(vertices: Vertices, paths: Paths, crossings: Crossings, chord_at: Ints) -> Ints:
    """Return the chord of each crossing that has the side where the path begins to its left."""
    onto = chord_at.take((paths.face.take(crossings.path) << vertices.shift) + crossings.line)
    onto += crossings.below
    return onto


def _put_ends(vertices: Vertices, sides: Paths, ends: Crossings) -> tuple[Ints, Ints]:
    """Return the vertices where chords end on sides, and which of the ends are at corners."""
    begin, end = sides.begin.take(ends.path), sides.end.take(ends.path)
    if vertices.lines > 1:  # in general position
        return _on_edges(vertices, begin, end, ends.line), np.empty(0, dtype=np.intp)
    at = np.where(ends.below, end, begin)
    new = vertices.above[at, 0]
    at[new] = _on_edges(vertices, begin[new], end[new], ends.line[new])
    return at, (~new).nonzero()[0]


def _on_edges(vertices: Vertices, begin: Ints, end: Ints, line: Ints) -> Ints:
    """Return new vertices where lines cross edges, the same from both sides of an edge."""
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    edge = low * len(vertices.rows) + high
    first, which = distinct((edge << vertices.shift) + line)
    at = vertices.insert(low.take(first), high.take(first), line.take(first), 1)
    return at.take(which)


def _at_corners(sides: Paths, ends: Crossings, ahead: Ints, corners: Ints) -> Crossings:
    """Return ends of chords, those at corners as if they came before the first piece of a side."""
    path, below = ends.path.copy(), ends.below.copy()
    sides.words[:, path.take(corners)] = 0  # not crossed, but touched
    path[corners] = np.where(below, ahead.take(path), path).take(corners)
    below[corners] = 1
    return ends._replace(path=path, below=below)


def _turns(vertices: Vertices, inner: Crossings, onto: Ints, keys: Ints) -> Ints:
    """Return the crossing of the other chord that each crossing of two chords turns off to."""
    own = (keys & ((1 << vertices.shift) - 1)).repeat(2).take(inner.path)
    to = (onto << vertices.shift) + own
    place = np.empty(2 * len(keys) << vertices.shift, dtype=np.intp)
    place[inner.key] = np.arange(len(inner.key))
    turn = place.take(to)
    if (inner.key.take(turn, mode="clip") != to).any():
        raise DegenerateError
    return turn


def _put_inner(vertices: Vertices, chords: Paths, inner: Crossings, turn: Ints) -> Ints:
    """Return the vertices where chords cross.

    Both chords are there and back: that is four crossings in one point, from which one turns to
    the next. Of these, one is on the chord there of the line with the higher number.
    """
    if not len(turn):
        return turn
    here = ((inner.path & 1) < (inner.line < inner.line.take(turn))).nonzero()[0]
    path = inner.path.take(here)
    new = vertices.insert(chords.begin.take(path), chords.end.take(path), inner.line.take(here), 2)
    at = np.full(len(turn), -1)
    for _ in range(4):
        at[here] = new
        here = turn.take(here)
    if at.min() < 0:
        raise DegenerateError
    return at


def _pieces(
    vertices: Vertices, paths: tuple[Paths, Paths], crossings: tuple[Crossings, Crossings], at: Ints
) -> _Pieces:
    """Return the pieces of sides and chords, one path after the other.

    Parameters
    ----------
    at : the vertices of all crossings
    """
    begin = np.concatenate([kind.begin for kind in paths])
    words = np.concatenate([kind.words for kind in paths], axis=1)
    path = np.concatenate([crossings[0].path, crossings[1].path + len(paths[0].begin)])
    counts = count(words)
    counts += 1
    last = counts.cumsum()
    first = last - counts
    last -= 1
    before = vertices.words.take(at, axis=1)
    before ^= vertices.words.take(begin.take(path), axis=1)
    before &= words.take(path, axis=1)
    start = count(before)
    start -= np.concatenate([kind.below for kind in crossings])  # no line is before itself
    start += first.take(path)
    start += 1
    origin = np.full(last[-1] + 1, -1)
    origin[first] = begin
    origin[start] = at
    if origin.min() < 0:
        raise DegenerateError
    return _Pieces(counts, first, last, start, origin)


def _follow(pieces: _Pieces, ahead: Ints, onto: Ints, turn: Ints) -> Ints:
    """Return the piece that comes after each piece, with its face to the left."""
    sides, ends = len(ahead), len(onto)
    follow = np.arange(1, len(pieces.origin) + 1)
    follow[pieces.last[:sides]] = pieces.first.take(ahead)
    behind = np.empty(len(follow) + 1, dtype=np.intp)
    behind[follow] = np.arange(len(follow))
    stop = behind.take(pieces.start)  # the pieces that end where these start
    follow[stop[:ends]] = pieces.first[sides:].take(onto)
    follow[pieces.last[sides:].take(onto ^ 1)] = pieces.start[:ends]
    follow[stop[ends:]] = pieces.start[ends:].take(turn)
    return follow
