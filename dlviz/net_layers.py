"""Marks that show a network the scene carries along (``dlviz.net``).

The player evaluates the network for each picture it draws. ``plain`` turns a mark into those of
``dlviz.layers`` at one frame and turn, for notebooks, saved stills and tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from dlviz.grids import grid
from dlviz.layers import Array, Field, Layer, Points, Segments, Text
from dlviz.net import BOUNDED, Net

MAP_SIZE = 100  # samples a side of the large map
THUMB_SIZE = 24  # of a unit's map in the drawing
STRONGEST = 0.72  # of the color map: where its colors are those of the classes
_EDGE = 5.0  # the weight that is drawn widest


@dataclass(frozen=True, eq=False, kw_only=True)
class NetLayer(Layer):
    """What marks of a network share: the network, and which of its runs if not the knob's."""

    net: Net
    run: int | None = None

    def turn(self, knob: int) -> int:
        """Return the run that is drawn at a turn of the knob."""
        return knob if self.run is None else self.run

    def options(self) -> dict[str, Any]:
        """Return the fields that go into the header as words; the network is packed once."""
        options = super().options()
        del options["net"]
        return options


@dataclass(frozen=True, eq=False, kw_only=True)
class NetMap(NetLayer):
    """The output over the plane, or one unit's: ``unit`` is (layer, number), inputs layer 0.

    Parameters
    ----------
    discrete : show the class alone, not how sure the network is; not of a unit
    lines : draw the boundary, and where the output is halfway to each side
    """

    unit: tuple[int, int] | None = None
    discrete: bool = False
    lines: bool = True

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the map as a field of color codes."""
        net, turn = self.net, self.turn(knob)
        points = grid(((-net.span, net.span),) * 2, MAP_SIZE).points.reshape(-1, 2)
        many = self.unit is None and net.sizes[-1] > 2
        if self.unit is None:
            values = net.field(points, frame, turn)
            values = np.sign(values) if self.discrete and not many else values
        else:
            layer, number = self.unit
            values = unit_scaled(net, layer, net.values(points, frame, turn)[layer][:, number])
        codes = np.floor(np.nan_to_num(values)) if many else code(values)
        ends = (-net.span, net.span)
        image = codes.reshape(MAP_SIZE, MAP_SIZE).astype(np.uint8)
        return [Field(image=image, x=ends, y=ends, colors="labels" if many else "diverging",
                      opacity=0.75)]  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class NetLine(NetLayer):
    """The boundary alone, dashed, of a network with two classes that is compared."""

    color: str = "good"
    label: str = ""

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the places where the sign changes from one sample to the next, as points."""
        net = self.net
        if net.regression or net.sizes[-1] > 2:
            return []
        lattice = grid(((-net.span, net.span),) * 2, MAP_SIZE)
        over = net.field(lattice.points.reshape(-1, 2), frame, self.turn(knob)) > 0
        over = over.reshape(MAP_SIZE, MAP_SIZE)
        edge = over[:-1, :-1] ^ over[1:, :-1] | over[:-1, :-1] ^ over[:-1, 1:]
        return [Points(xy=lattice.points[:-1, :-1][edge], color=self.color, size=1.0)]


@dataclass(frozen=True, eq=False, kw_only=True)
class NetPoints(NetLayer):
    """Points ``xy`` (N, 2) of ``classes`` (N,), those the network takes for another ringed.

    Of a regression ``classes`` are targets in [-1, 1], shown as color, and none is ringed.
    ``hollow`` points are those it was not trained on.
    """

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 2, "classes": 1}
    PLAIN: ClassVar[frozenset[str]] = frozenset({"xy", "classes"})
    xy: Array
    classes: ArrayLike
    hollow: bool = False
    size: float = 4.0  # px

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the points, over larger ones where they are misclassified."""
        if self.net.regression:
            return [Points(xy=self.xy, size=self.size)]
        wrong = self.net.classes(self.xy, frame, self.turn(knob)) != np.asarray(self.classes)
        rings = Points(xy=self.xy[wrong], color="ink", size=self.size * 1.8)
        return [rings, Points(xy=self.xy, classes=self.classes, size=self.size)]


@dataclass(frozen=True, eq=False, kw_only=True)
class NetDrawing(NetLayer):
    """Every unit as a small map, every weight as an edge: wide if large, dashed if negative.

    Parameters
    ----------
    names : of the inputs
    outputs : of the outputs
    """

    BARE: ClassVar[bool] = True
    names: tuple[str, ...]
    outputs: tuple[str, ...]

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return edges, maps and names in a panel of 0 to 1 on both axes."""
        net, turn = self.net, self.turn(knob)
        places = [_column(i, len(net.sizes), size) for i, size in enumerate(net.sizes)]
        marks: list[Layer] = []
        for i, w in enumerate(net.layers(frame, turn).weights):
            for sign, color in ((1, "path"), (-1, "second")):
                to, start = np.nonzero(np.sign(w) == sign)
                ends = np.stack([places[i][start], places[i + 1][to]], axis=1)
                width = 0.5 + float(np.clip(np.abs(np.nan_to_num(w)), 0, _EDGE).max())
                marks.append(Segments(xy=ends, color=color, width=width, dashed=sign < 0))
        points = grid(((-net.span, net.span),) * 2, THUMB_SIZE).points.reshape(-1, 2)
        half = 0.35 * min(1 / len(net.sizes), 1 / max(net.sizes))
        maps = [unit_scaled(net, i, a) for i, a in enumerate(net.values(points, frame, turn))]
        if net.sizes[-1] == 1 and not net.regression:
            maps[-1] = net.field(points, frame, turn)  # as the large map shows it
        for i, values in enumerate(maps):
            codes = code(values).reshape(THUMB_SIZE, THUMB_SIZE, -1)
            marks += [
                Field(image=codes[..., j], x=(x - half, x + half), y=(y - half, y + half),
                      colors="diverging")
                for j, (x, y) in enumerate(places[i])
            ]  # fmt: skip
        return [*marks, Text(xy=places[0] - [0, 1.2 * half], texts=self.names)]


@dataclass(frozen=True, eq=False, kw_only=True)
class NetConfusion(NetLayer):
    """How many points ``xy`` (N, 2) of each of the ``names`` the network takes for each."""

    BARE: ClassVar[bool] = True
    ARRAYS: ClassVar[dict[str, int]] = {"xy": 2, "classes": 1}
    PLAIN: ClassVar[frozenset[str]] = frozenset({"xy", "classes"})
    xy: Array
    classes: ArrayLike
    names: tuple[str, ...]

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the counts as words in a panel of 0 to 1 on both axes; a row is a true class."""
        count = len(self.names)
        counts = np.zeros((count, count), dtype=np.intp)
        taken = self.net.classes(self.xy, frame, self.turn(knob))
        np.add.at(counts, (np.asarray(self.classes).astype(np.intp), taken), 1)
        at = (np.arange(count) + 1.5) / (count + 1)
        cells = np.stack(np.meshgrid(at, 1 - at), axis=-1).reshape(-1, 2)
        rows = np.column_stack([np.full(count, 0.4 / (count + 1)), 1 - at])
        columns = np.column_stack([at, np.full(count, 1 - 0.4 / (count + 1))])
        return [
            Text(xy=cells, texts=tuple(map(str, counts.ravel()))),
            Text(xy=rows, texts=self.names),
            Text(xy=columns, texts=self.names),
        ]


@dataclass(frozen=True, eq=False, kw_only=True)
class NetSpace(NetLayer):
    """Points and the lines of a lattice in the coordinates of two units of a hidden layer.

    The panel's axes are −1 to 1. The player can morph from the input plane to this space.

    Parameters
    ----------
    layer : of the units; the inputs are layer 0
    units : the two numbers
    box : (..., 2, 2): the units' (lowest, highest) that are put at −1 and 1
    xy, classes : as in ``NetPoints``
    """

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 2, "classes": 1, "box": 2}
    PLAIN: ClassVar[frozenset[str]] = frozenset({"xy", "classes"})
    layer: int
    units: tuple[int, int]
    box: Array
    xy: Array
    classes: ArrayLike

    def at_units(self, points: Array, frame: int, knob: int) -> Array:
        """Return points (n, 2) of the input plane in the panel's coordinates."""
        values = self.net.values(points, frame, self.turn(knob))[self.layer][:, list(self.units)]
        low, high = self.at("box", frame, knob).astype(np.float64).T
        with np.errstate(all="ignore"):
            return np.asarray(2 * (values - low) / (high - low) - 1)

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the points, and the lattice, in hidden coordinates."""
        ends = self.net.span * np.linspace(-1, 1, 13)
        fine = self.net.span * np.linspace(-1, 1, 49)
        lines = [np.column_stack([np.full(49, at), fine]) for at in ends]
        lines += [line[:, ::-1] for line in lines]
        bent = [self.at_units(line, frame, knob) for line in lines]
        pieces = np.concatenate([np.stack([b[:-1], b[1:]], axis=1) for b in bent])
        points = Points(xy=self.at_units(self.xy, frame, knob), classes=self.classes, size=4)
        return [Segments(xy=pieces, color="faint", width=1.0), points]


def code(values: Array) -> Array:
    """Return color codes of the diverging map for values in [-1, 1]; nan is the middle."""
    return np.asarray(np.round((STRONGEST * np.clip(np.nan_to_num(values), -1, 1) + 1) * 127.5))


def unit_scaled(net: Net, layer: int, values: Array) -> Array:
    """Bring what units of a layer (n, ...) put out into [-1, 1] for the color map.

    Units with bounds keep their own scale, their middle at 0; others are divided by their largest
    finite size over the map.
    """
    names = ("input", *net.hidden, net.output)
    if names[layer] in BOUNDED:
        low, high = BOUNDED[names[layer]]
        return np.asarray(2 * (values - low) / (high - low) - 1)
    largest = np.abs(np.nan_to_num(values, posinf=0.0, neginf=0.0)).max(axis=0)
    return np.asarray(values / np.where(largest > 0, largest, 1.0))


def _column(i: int, columns: int, units: int) -> Array:
    """Return where the units of a layer are drawn, (units, 2) within 0 to 1."""
    return np.column_stack(
        [np.full(units, (i + 0.5) / columns), 1 - (np.arange(units) + 0.5) / units]
    )
