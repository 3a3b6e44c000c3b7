"""Marks of embeddings: points that move together, are linked across panels and can be asked.

The player draws them with ``assets/player-cloud.js``: a point under the pointer is lit in every
panel that shows it, a lasso marks points in all of them, and forces, probabilities and images are
worked out there for the point that is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from dlviz import theme
from dlviz.layers import Array, Layer, Points, Text

ABSENT = 65535  # the coordinate of a point that is not there yet
HALF = 32767  # as many steps from the middle of a map to its rim
PALETTE = (  # ten classes; what Okabe & Ito leave out is dark enough for letters on white
    "#0072B2", "#D98600", "#009E73", "#CC79A7", "#D55E00", "#3E9FDD", "#8A7A00", "#7A7F87",
    "#8C4A2F", "#6A51A3",
)  # fmt: skip
EDGE = 1.1  # half the width of a panel of a cloud, whose points lie within ±1


def quantized(points: ArrayLike) -> tuple[Array, Array]:
    """Return maps (..., n, 2) as uint16, each about its own middle, and their radii (...).

    The radius is half the longer side of the box around the points. A map that is not finite is of
    absent points.
    """
    xy = np.asarray(points, dtype=np.float64)
    there = np.isfinite(xy).all(axis=(-1, -2))
    xy = xy - (xy.max(axis=-2, keepdims=True) + xy.min(axis=-2, keepdims=True)) / 2
    radius = np.where(there, np.abs(np.nan_to_num(xy)).max(axis=(-1, -2)), 0)
    share = xy / np.where(radius > 0, radius, 1)[..., None, None]
    codes = np.round(np.nan_to_num(share) * HALF) + HALF
    codes[~there] = ABSENT
    return codes.astype(np.uint16), np.where(radius > 0, radius, 1)


@dataclass(frozen=True, eq=False, kw_only=True)
class CloudPoints(Layer):
    """Points of a map without axes, for neither its directions nor its place mean anything.

    Parameters
    ----------
    xy : uint16 (..., n, 2), and ``radius`` (...): see ``quantized``
    codes : uint8 (n,), or one for each turn: the class of each point, or a color code of viridis
    z : (...), the sum over all pairs of 1 / (1 + distance²), for forces; or 0
    names : of the classes; empty if codes are colors
    palette : the color of each class
    colors : a name of ``theme.COLORMAPS``, where there are no classes
    value : what the colors mean, and ``low`` and ``high`` the values of codes 0 and 255
    glyphs : draw a class as the first letter of its name in place of a marker
    tiles : draw the images of points, in the color of their class, where they have room; the
        rest are dots
    fixed : keep one scale for all frames, that of the largest map, in place of each its own
    ruler : draw a bar that tells how long a distance is
    """

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 2, "radius": 0, "codes": 1, "z": 0}
    BARE: ClassVar[bool] = True
    xy: Array
    radius: Array
    codes: Array
    z: ArrayLike = 0.0
    names: tuple[str, ...] = ()
    value: str = ""
    colors: str = "viridis"
    palette: tuple[str, ...] = PALETTE
    low: float = 0.0
    high: float = 1.0
    glyphs: bool = False
    tiles: bool = False
    fixed: bool = False
    ruler: bool = False
    size: float = 5.0  # px
    moving: bool = True  # drawn anew for each picture, as points are lit and marked

    def points(self, frame: int, knob: int) -> Array:
        """Return the points (n, 2) of one picture in the map's own units, nan where absent."""
        codes = self.at("xy", frame, knob).astype(np.float64)
        codes[codes == ABSENT] = np.nan
        return np.asarray((codes / HALF - 1) * float(self.at("radius", frame, knob)))

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the points of one picture within the panel of ±1."""
        radius = float(self.radius.max() if self.fixed else self.at("radius", frame, knob))
        xy = self.points(frame, knob) / radius
        codes = self.at("codes", frame, knob)
        if self.glyphs:
            letters = tuple(name[:1] for name in self.names)
            return [
                Text(xy=xy[codes == c], texts=(letter,) * int((codes == c).sum()),
                     color=self.palette[c % len(self.palette)])
                for c, letter in enumerate(letters)
            ]  # fmt: skip
        if self.names:
            return [Points(xy=xy, classes=codes, size=self.size)]
        table = theme.colormap("viridis")
        shades = np.unique(codes // 32)
        parts = [(xy[codes // 32 == s], table[int(s) * 32 + 16]) for s in shades]
        return [
            Points(xy=part, color="#{:02X}{:02X}{:02X}".format(*rgb), size=self.size)
            for part, rgb in parts
        ]


@dataclass(frozen=True, eq=False, kw_only=True)
class CloudForces(Layer):
    """What pulls and pushes the point that is asked, drawn over the points of its panel.

    Parameters
    ----------
    data : (n, d), what was embedded: uint8 or float32 in units of ``unit``
    beta, log_sums : (n,), p(j | i) = exp(−beta_i d_ij² − log_sums_i) with d in the data's units
    exaggeration : what P is multiplied with in frames before the frame ``until``
    """

    ARRAYS: ClassVar[dict[str, int]] = {"data": 2, "beta": 1, "log_sums": 1}
    PLAIN: ClassVar[frozenset[str]] = frozenset({"data"})
    BARE: ClassVar[bool] = True
    data: Array
    beta: Array
    log_sums: Array
    unit: float = 1.0
    moving: bool = True
    exaggeration: float = 1.0
    until: int = 0

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return nothing: in a still nobody asks."""
        return []


@dataclass(frozen=True, eq=False, kw_only=True)
class CloudImages(Layer):
    """What is shown at a point: ``images`` (n, H, W), gray codes."""

    ARRAYS: ClassVar[dict[str, int]] = {"images": 3}
    BARE: ClassVar[bool] = True
    images: Array
    moving: bool = True

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return nothing: in a still nobody asks."""
        return []


@dataclass(frozen=True, eq=False, kw_only=True)
class CloudRow(Layer):
    """The row of P of the point that is asked, as bars over those of Q; or the points marked."""

    BARE: ClassVar[bool] = True
    moving: bool = True
    hint: str = "Point at a dot. Drag around some to list them."

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the hint: in a still nobody asks."""
        return [Text(xy=np.array([[0.5, 0.5]]), texts=(self.hint,), color="muted")]
