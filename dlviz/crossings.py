"""Which lines cross the straight paths between vertices, told by signs alone.

A line is where a function is 0. It crosses a path if the function has other signs at the two ends.
Which functions are below 0 at a vertex are the bits of its *word*; so the words of two ends,
compared, tell which lines cross the path between them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.bits import Flags, Words, any_of, ones, packed, shift_of
from dlviz.subdivisions import Array, Ints


class DegenerateError(Exception):
    """Lines are not in general position, or it takes no more than rounding errors to be so."""


class Paths(NamedTuple):
    """Straight ways between vertices, each in one of the faces that are cut."""

    begin: Ints
    end: Ints
    face: Ints
    words: Words  # the lines that cross it


class Crossings(NamedTuple):
    """Where lines cross paths, one path after the other."""

    key: Ints  # path << shift | line
    path: Ints
    line: Ints
    below: NDArray[np.int8]  # 1 if the path begins below the line, else 0


class Vertices:
    """Vertices, and the signs of some functions there.

    Parameters
    ----------
    rows : float64 (V, n + 2), of each vertex the values of n functions, and then its x and y
    functions : some of them
    tolerances : float64, of these; they count as 0 up to it

    Raises
    ------
    DegenerateError
        Of several functions one is 0 at a vertex, though that was not put on its line.
    """

    def __init__(self, rows: Array, functions: slice, tolerances: Array) -> None:
        self.rows, self.functions, self.most, self.least = rows, functions, tolerances, -tolerances
        self.lines, self.shift = len(tolerances), shift_of(len(tolerances))
        self.above, self.below = self._signs(rows, 0)
        self.words = packed(self.below)

    def _signs(self, rows: Array, zeros: int) -> tuple[Flags, Flags]:
        """Return where functions are above 0 and where they are below."""
        values = rows[:, self.functions]
        above, below = values > self.most, values < self.least
        near = values.size - np.count_nonzero(above) - np.count_nonzero(below)
        if near != zeros and self.lines > 1:
            raise DegenerateError
        return above, below

    def cutting(self, corners: Ints) -> Words:
        """Return the lines that cut each face (K, N): those with corners on both sides."""
        words = self.words.take(corners, axis=1)
        cutting = np.bitwise_or.reduce(words, axis=1) & ~np.bitwise_and.reduce(words, axis=1)
        if self.lines == 1:  # a corner that is not below may be on it
            cutting &= any_of(packed(self.above), corners)
        return np.asarray(cutting)

    def paths(self, begin: Ints, end: Ints, face: Ints) -> Paths:
        words = self.words.take(begin, axis=1)
        words ^= self.words.take(end, axis=1)
        return Paths(begin, end, face, words)

    def crossings(self, paths: Paths) -> Crossings:
        key = ones(paths.words)
        path = key >> self.shift
        line = key & ((1 << self.shift) - 1)
        below = self.below.take(paths.begin.take(path) * self.lines + line)
        return Crossings(key, path, line, below.view(np.int8))

    def insert(self, begin: Ints, end: Ints, line: Ints, on: int) -> Ints:
        """Put vertices where lines cross the ways between others; each is on so many lines."""
        start, rows = self.rows.take(begin, axis=0), self.rows.take(end, axis=0)
        at = np.arange(self.functions.start, rows.size, rows.shape[1])
        at += line
        value = start.take(at)
        share = value / (value - rows.take(at))
        rows -= start
        rows *= share[:, None]
        rows += start
        rows.put(at, 0.0)
        _, below = self._signs(rows, on * len(rows))
        old = len(self.rows)
        self.rows = np.concatenate([self.rows, rows])
        self.below = np.concatenate([self.below, below])
        self.words = np.concatenate([self.words, packed(below)], axis=1)
        return np.arange(old, len(self.rows))
