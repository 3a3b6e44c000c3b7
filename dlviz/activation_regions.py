"""What is known of the regions that a ReLU network cuts a polygon into: shapes, maps, lines."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dlviz import subdivisions
from dlviz.cuts import cut
from dlviz.frozen import frozen
from dlviz.subdivisions import Edges, Subdivision

Array = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

ROUNDOFF = 2.0**-53  # of float64


@dataclass(frozen=True, eq=False)
class Regions:
    """The activation regions of a network on a convex polygon; all arrays are read-only.

    Units are counted through all hidden layers, from 0 on.

    Parameters
    ----------
    weights, biases : of each layer, the output last; of a slice, the first layer takes s and t
    leaks : the slope below 0 of each hidden layer
    whole : the regions as faces that share their corners
    patterns : bool (N, units), which units each region switches on
    counts : int (L + 1,), how many regions there are after each hidden layer; entry 0 is 1
    births : int (N,), the hidden layer, from 1 on, that cut the region out; 0 if none did
    values : float64 (V, out), the network's outputs at the corners
    errors : float64 (out,), bounds on the rounding errors of the values
    dropped_area : the area on the wrong side of a line by less than the tolerance, where a region
        too thin to be told from rounding was left to its neighbor
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    leaks: tuple[float, ...]
    whole: Subdivision
    patterns: Flags
    counts: Ints
    births: Ints
    values: Array
    errors: Array
    dropped_area: float

    def __len__(self) -> int:
        return len(self.patterns)

    @property
    def vertices(self) -> Array:
        """The corners of all regions, float64 (V, 2)."""
        return self.whole.vertices

    @cached_property
    def polygons(self) -> list[Array]:
        """The corners of each region, float64 (k, 2), counterclockwise."""
        real = np.arange(len(self.whole.corners)) < self.whole.counts[:, None]
        corners = frozen(self.vertices[self.whole.corners.T[real]])
        return np.split(corners, np.cumsum(self.whole.counts)[:-1])

    @property
    def outlines(self) -> Array:
        """The corners of each region, float64 (N, K, 2), those with fewer filled up with nan."""
        real = np.arange(len(self.whole.corners)) < self.whole.counts[:, None]
        return np.where(real[..., None], self.vertices[self.whole.corners.T], np.nan)

    @cached_property
    def areas(self) -> Array:
        """The area of each region, float64 (N,)."""
        return frozen(subdivisions.areas(self.whole))

    @cached_property
    def edges(self) -> Edges:
        """The sides of all regions, each once, with the two regions that it parts."""
        ends, faces = subdivisions.edges(self.whole)
        return Edges(frozen(ends, np.intp), frozen(faces, np.intp))

    @property
    def neighbors(self) -> Ints:
        """Pairs of regions with a side in common, int (A, 2)."""
        faces = self.edges.faces
        return faces[(faces >= 0).all(1)]

    @cached_property
    def creases(self) -> Ints:
        """The hidden layer, from 1 on, that drew each edge, int (E,); 0 on the polygon's rim."""
        drawn = np.zeros(len(self.edges.ends), dtype=np.intp)
        inside = np.flatnonzero((self.edges.faces >= 0).all(1))
        if len(inside):
            left, right = self.patterns[self.edges.faces[inside].T]
            units = (left != right).argmax(1)  # the first that switches there
            drawn[inside] = np.searchsorted(np.cumsum([len(b) for b in self.biases]), units + 1) + 1
        return frozen(drawn, np.intp)

    @property
    def slopes(self) -> Array:
        """The gradient of each output on each region, float64 (N, out, 2)."""
        return self._maps[0]

    @property
    def intercepts(self) -> Array:
        """What each output's affine map is at (0, 0), float64 (N, out)."""
        return self._maps[1]

    @cached_property
    def _maps(self) -> tuple[Array, Array]:
        """Go backward, as gradients do: rows of weights times gates times weights, and so on."""
        rows = self.weights[-1][:, None]  # (out, N, n), so that each product is of two matrices
        offsets = self.biases[-1][:, None]
        hidden = list(zip(self.weights, self.biases, self._gates(), strict=False))
        for w, b, gates in reversed(hidden):
            rows = rows * gates
            offsets = offsets + rows @ b
            rows = rows @ w
        shape = (len(self), len(rows))
        rows = np.broadcast_to(rows.swapaxes(0, 1), (*shape, 2))
        return frozen(rows), frozen(np.broadcast_to(offsets.T, shape))

    def hidden_maps(self, which: Ints | slice = slice(None)) -> list[Array]:
        """Return the sums of each hidden layer's units on some regions, as a x + b y + c.

        Parameters
        ----------
        which : regions, M of them; by default all

        Returns
        -------
        list of float64 (M, n_l, 3) : a, b and c
        """
        count = len(self.patterns[which])
        maps, rows = [], np.tile(np.eye(2, 3)[:, None], (count, 1))  # (units, M, 3)
        for w, b, gates in zip(self.weights, self.biases, self._gates(), strict=False):
            sums = np.tensordot(w, rows, axes=1)
            sums[..., 2] += b[:, None]
            maps.append(sums.swapaxes(0, 1))
            rows = sums * gates[which].T[..., None]
        return maps

    def _gates(self) -> list[Array | Flags]:
        """Return the slope of each unit on each region, (N, n_l) of each hidden layer."""
        ends = np.cumsum([len(b) for b in self.biases[:-1]])
        layers = np.split(self.patterns, ends[:-1], axis=1) if len(ends) else []
        pairs = zip(layers, self.leaks, strict=True)
        return [np.where(on, 1.0, leak) if leak else on for on, leak in pairs]

    def hinges(self, unit: int) -> Array:
        """Return the bent line on which a unit switches, segments float64 (S, 2, 2)."""
        return self.vertices[self.hinge_ends(unit)]

    def hinge_ends(self, unit: int) -> Ints:
        """Return the vertices between which a unit's bent line runs, int (S, 2)."""
        return _parting(self.edges, self.patterns[:, unit])

    def boundary(self, level: float = 0.0, output: int = 0) -> Array:
        """Return where an output crosses a level, segments float64 (S, 2, 2).

        They are the boundary of the set on which the output is above the level, without the rim
        of the polygon: where the output is the level on a whole region, its sides.
        """
        above = self.values[:, [output]] - level
        size = np.abs(self.values[:, output]).max() + abs(level)
        halves = cut(self.whole, above, self.errors[[output]] + 5 * ROUNDOFF * size)
        edges = subdivisions.edges(halves.whole)
        return halves.whole.vertices[_parting(edges, halves.positive[:, 0])]

    @cached_property
    def pieces(self) -> Ints:
        """The linear piece that each region belongs to, int (N,), from 0 on.

        Neighbors are one piece if their slopes differ by no more than rounding can make them.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        pairs = self.neighbors
        apart = np.abs(self.slopes[pairs[:, 0]] - self.slopes[pairs[:, 1]])
        left, right = pairs[(apart <= self._slope_error()).all((1, 2))].T
        graph = coo_array((np.ones(len(left)), (left, right)), shape=(len(self),) * 2)
        return frozen(connected_components(graph, directed=False)[1], np.intp)

    def _slope_error(self) -> Array:
        """Return how far apart two computed slopes can be that are equal, (out, 2)."""
        size = np.abs(self.weights[-1])
        for w in reversed(self.weights[:-1]):
            size = size @ np.abs(w)
        return 2 * ROUNDOFF * sum(len(w) + 1 for w in self.weights) * size


def _parting(edges: Edges, on: Flags) -> Ints:
    """Return the ends of the edges between faces that are on and faces that are not, (S, 2)."""
    inside = (edges.faces >= 0).all(1)
    turned = on[edges.faces[:, 0]] != on[edges.faces[:, 1]]
    return np.asarray(edges.ends[inside & turned])
