"""Marks that show the exact linear regions of a network the scene carries along.

The player cuts the plane anew for each picture (``assets/player-regions.js``); ``plain`` asks
``dlviz.regions``, whose numbers are exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from dlviz.layers import Array, Layer, Polygons, Segments, Text
from dlviz.net_layers import NetLayer
from dlviz.regions import Regions, linear_regions
from dlviz.words import number

COLORED_BY = ("pattern", "direction", "size", "birth", "value")


@dataclass(frozen=True, eq=False, kw_only=True)
class NetRegions(NetLayer):
    """The regions of a relu network of x1 and x2 over its window, with each unit's bent line.

    Parameters
    ----------
    by : what the colors mean: which units are on, the direction or the size of the slope, the
        layer in which a region was cut off, or the network's value in its middle
    boundary : draw the line on which the network is 0
    hinges : draw each unit's line in the color of its layer
    """

    by: str = "pattern"
    boundary: bool = False
    hinges: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.by not in COLORED_BY:
            raise ValueError(f"expected by to be one of {COLORED_BY}, got {self.by!r}")

    def regions(self, frame: int, knob: int) -> Regions:
        """Return the regions of one picture, exactly."""
        turn, span = self.turn(knob), self.net.span
        corners = ((-span, -span), (span, -span), (span, span), (-span, span))
        return linear_regions(*self.net.layers(frame, turn), corners, self.net.leak(turn))

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the regions as polygons and the lines as segments."""
        regions = self.regions(frame, knob)
        polygons = regions.polygons
        xy = np.full((len(polygons), max(map(len, polygons)), 2), np.nan)
        for i, polygon in enumerate(polygons):
            xy[i, : len(polygon)] = polygon
        colors = "labels" if self.by in ("pattern", "birth") else "viridis"
        marks: list[Layer] = [Polygons(xy=xy, codes=self._codes(regions), colors=colors)]
        if self.boundary:
            marks.append(Segments(xy=regions.boundary(), color="ink", width=3.0))
        return marks

    def _codes(self, regions: Regions) -> Array:
        """Return a color code for each region."""
        if self.by == "birth":
            return np.asarray(regions.births)
        if self.by == "pattern":
            weights = np.random.default_rng(0).integers(1, 7, regions.patterns.shape[1])
            return np.asarray((regions.patterns @ weights) % 7)
        slopes = regions.slopes[:, 0]
        if self.by == "direction":
            return np.asarray(np.arctan2(slopes[:, 1], slopes[:, 0]) / (2 * np.pi) * 255 + 127.5)
        middles = np.stack([polygon.mean(axis=0) for polygon in regions.polygons])
        values = np.hypot(*slopes.T) if self.by == "size" else (
            (middles * slopes).sum(1) + regions.intercepts[:, 0])  # fmt: skip
        span = np.ptp(values)
        return np.asarray((values - values.min()) / (span or 1) * 255)


@dataclass(frozen=True, eq=False, kw_only=True)
class NetTally(NetLayer):
    """How many regions there are, as a bar over those of other numbers, on a logarithmic scale.

    Parameters
    ----------
    labels : what the other numbers are
    values : (N,), >= 1
    """

    BARE: ClassVar[bool] = True
    ARRAYS: ClassVar[dict[str, int]] = {"values": 1}
    labels: tuple[str, ...]
    values: Array

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the numbers as words in a panel of 0 to 1 on both axes."""
        count = len(NetRegions(net=self.net, run=self.run).regions(frame, knob))
        rows = [("here", float(count)), *zip(self.labels, self.values.tolist(), strict=True)]
        at = 1 - (np.arange(len(rows)) + 0.5) / len(rows)
        xy = np.column_stack([np.full(len(rows), 0.5), at])
        return [Text(xy=xy, texts=tuple(f"{label}: {_counted(value)}" for label, value in rows))]


def count_regions(layers: Iterable[Layer], frame: int, knob: int) -> int:
    """Return how many regions the network that is among the layers has."""
    shown = next(layer for layer in layers if isinstance(layer, NetRegions))
    return len(shown.regions(frame, knob))


def _counted(value: float) -> str:
    """Return a count to its last digit, and what is none, or very large, as any number."""
    return str(int(value)) if value < 1e5 and value == int(value) else number(value)
