"""Lines, shapes, words and color images in a panel's own coordinates, drawn with Pillow.

Nothing drawn here leaves the panel: a canvas is the panel's image, which is pasted into the
picture when it is done.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dlviz import theme
from dlviz.layers import Array
from dlviz.scene import Axis
from dlviz.still import color

Pixel = tuple[float, float]
_FAR = 1e5  # px; corners of polygons are drawn no farther out, which no one can see

# Pillow's own font has little more than ASCII: what it lacks is spelled out, here only.
_SPELLED = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "∞": "inf", "≤": "<=", "≥": ">=", "≈": "~", "≠": "!=",
     "→": "->", "←": "<-", "×": "x", "√": "sqrt ", "∂": "d", "∇": "grad ", "‖": "||",
     "±": "+-", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon",
     "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho",
     "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "Delta",
     "Σ": "Sum ", "Ω": "Omega", "²": "^2", "³": "^3", "’": "'", "“": '"', "”": '"'}
)  # fmt: skip
_DRAWN = "·°"  # beyond ASCII, these the font has


def spelled(text: str) -> str:
    """Return ``text`` in characters that Pillow's own font can draw, η as "eta"."""
    plain = " ".join(normalize("NFKD", text.translate(_SPELLED)).split())
    return "".join(c for c in plain if (c.isascii() and c.isprintable()) or c in _DRAWN)


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own font, ``size`` px high."""
    return ImageFont.load_default(size=size)


def fractions(axis: Axis, values: Array) -> Array:
    """Return where values lie between the ends of an axis, 0 to 1; nan where there is no place."""
    values = np.asarray(values, dtype=float)
    ends = np.array([axis.low, axis.high])
    if axis.log:
        with np.errstate(invalid="ignore", divide="ignore"):
            values, ends = np.log(values), np.log(ends)
    values = np.where(np.isfinite(values), values, np.nan)
    return np.asarray((values - ends[0]) / (ends[1] - ends[0]))


class Canvas:
    """An image of one panel.

    Parameters
    ----------
    x, y : the panel's axes
    size : width and height in px of the image
    scale : px of the image for one px of a layer's sizes
    """

    def __init__(self, x: Axis, y: Axis, size: tuple[int, int], scale: float) -> None:
        self.x, self.y, self.size, self.scale = x, y, size, scale
        self.image = Image.new("RGB", size, color("ground"))
        self._draw = ImageDraw.Draw(self.image, "RGBA")
        self._labels: list[tuple[float, float, float, float]] = []

    def pixels(self, xy: Array) -> NDArray[np.float64]:
        """Return the pixel of each of (N, 2) coordinates, nan where there is none."""
        wide, tall = self.size
        left = fractions(self.x, xy[:, 0]) * wide
        return np.stack([left, (1 - fractions(self.y, xy[:, 1])) * tall], axis=1)

    def visible(self, xy: Array) -> list[tuple[int, Pixel]]:
        """Return (index, pixel) of those of (N, 2) coordinates that lie in the panel."""
        at = self.pixels(xy)
        inside = ((at >= -1) & (at <= np.array(self.size) + 1)).all(axis=1)  # nan is not
        return [(int(i), (at[i, 0], at[i, 1])) for i in np.flatnonzero(inside)]

    def clamped(self, xy: Array) -> list[Pixel]:
        """Return the pixels of (N, 2) coordinates, those outside moved to the panel's edge."""
        at = self.pixels(xy)
        edge = 6 * self.scale
        at = np.clip(at[~np.isnan(at).any(axis=1)], edge, np.array(self.size) - edge)
        return [(x, y) for x, y in at]

    def line(
        self, xy: Array, hue: str, width: float, *, dashed: bool = False, opacity: float = 1.0
    ) -> None:
        """Draw a line through (N, 2) coordinates, broken where one is not finite."""
        thick = max(1, round(width * self.scale))
        ink = (*theme.rgb(color(hue)), round(255 * opacity))
        for piece in self._pieces(self.pixels(xy)):
            for part in _dashes(piece, 6 * self.scale) if dashed else [piece]:
                self._draw.line(part, fill=ink, width=thick, joint="curve")

    def _pieces(self, at: Array) -> list[list[Pixel]]:
        """Cut a line at the panel's edge: Pillow cannot draw to where diverging paths go."""
        room = max(self.size)
        low, high = np.array([-room, -room]), np.array(self.size) + room
        pieces: list[list[Pixel]] = []
        for start, end in pairwise(at):
            if (cut := _clipped(start, end, low, high)) is None:
                continue
            if pieces and pieces[-1][-1] == cut[0]:
                pieces[-1].append(cut[1])
            else:
                pieces.append(list(cut))
        return pieces

    def polygon(self, xy: Array, fill: tuple[int, ...], opacity: float, outline: str) -> None:
        """Draw a filled polygon (V, 2), with an outline unless ""; nan corners are left out."""
        at = self.pixels(xy)
        corners = [(x, y) for x, y in np.clip(at[np.isfinite(at).all(axis=1)], -_FAR, _FAR)]
        if len(corners) > 2:
            self._draw.polygon(corners, fill=(*fill, round(255 * opacity)))
            if outline:
                thick = max(1, round(self.scale))
                self._draw.line([*corners, *corners[:2]], fill=color(outline), width=thick)

    def area(self, polygons: list[Array], fill: tuple[int, ...], opacity: float) -> None:
        """Fill what polygons (V, 2) cover, once where they touch or overlap."""
        mask = Image.new("L", self.size)
        draw = ImageDraw.Draw(mask)
        for xy in polygons:
            at = np.clip(self.pixels(xy), -_FAR, _FAR)
            draw.polygon([(x, y) for x, y in at], fill=round(255 * opacity))
        self.image.paste(fill, mask=mask)

    def marker(self, at: Pixel, kind: str, hue: str, radius: float) -> None:
        """Draw a marker of a ``radius`` in px around a pixel, with a thin halo."""
        for shade, reach in (("halo", radius + 1), (hue, radius)):
            corners = np.array(at) + _SHAPES[kind] * reach * self.scale
            self._draw.polygon([(x, y) for x, y in corners], fill=color(shade))

    def ball(self, xy: Array, hue: str, radius: float) -> None:
        """Draw the moving point at (1, 2); off the picture, an arrow at the edge towards it."""
        if self.visible(xy):
            return self.marker(self.visible(xy)[0][1], "circle", hue, radius)
        for (x, y), edge in zip(self.pixels(xy), self.clamped(xy), strict=False):
            way = np.array([x - edge[0], y - edge[1]])
            tip = np.array(edge) + way / np.hypot(*way) * 4 * self.scale
            self.head(edge, (tip[0], tip[1]), hue, 4)

    def head(self, start: Pixel, end: Pixel, hue: str, width: float) -> None:
        """Draw the head of an arrow that points from one pixel to another."""
        way = np.array(end) - start
        length = float(np.hypot(*way))
        if length > 0:
            along = way / length * (5 + 2.5 * width) * self.scale
            across = np.array([-along[1], along[0]]) * 0.45
            corners = [np.array(end), end - along + across, end - along - across]
            self._draw.polygon([(x, y) for x, y in corners], fill=color(hue))

    def words(self, at: Pixel, text: str, hue: str, anchor: str, *, most: float = 1e3) -> None:
        """Write at a pixel, at most ``most`` px high; ``anchor`` as in Pillow ("lm")."""
        size = round(min(theme.STAGE_TYPE, most) * self.scale)
        self._draw.text(at, spelled(text), fill=color(hue), font=font(size), anchor=anchor,
                        stroke_width=round(2 * self.scale), stroke_fill=color("halo"))  # fmt: skip

    def label(self, at: Pixel, text: str, hue: str) -> None:
        """Write beside a pixel, at the first side with room in the panel and no other label."""
        if not text:
            return
        off, type_size = 9 * self.scale, round(theme.STAGE_TYPE * self.scale)
        wide, tall = font(type_size).getlength(spelled(text)), type_size
        sides = [(x, at[1] + (lines - 0.5) * tall) for lines in (0, -1, 1, -2, 2, -3, 3)
                 for x in (at[0] + off, at[0] - off - wide)]  # fmt: skip
        boxes = [(x, y, x + wide, y + tall) for x, y in sides]
        x, y, right, bottom = next(filter(self._has_room, boxes), boxes[0])
        self._labels.append((x, y, right, bottom))
        self.words((x, y + tall / 2), text, hue, "lm")

    def _has_room(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        inside = left >= 0 and top >= 0 and right <= self.size[0] and bottom <= self.size[1]
        return inside and all(
            right < x0 or x1 < left or bottom < y0 or y1 < top for x0, y0, x1, y1 in self._labels
        )

    def paint(self, rgb: NDArray[np.uint8], left: int, top: int, opacity: float = 1.0) -> None:
        """Lay an image over the panel with its first pixel at (left, top)."""
        mask = Image.new("L", rgb.shape[1::-1], round(255 * opacity))
        self.image.paste(Image.fromarray(rgb), (left, top), mask)


def _clipped(a: Array, b: Array, low: Array, high: Array) -> tuple[Pixel, Pixel] | None:
    """Return the part of the line from a to b that lies in a box (Liang & Barsky, 1984)."""
    way = b - a
    if not np.isfinite(way).all():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        to_low, to_high = (low - a) / way, (high - a) / way
    enter = max(0.0, np.nanmax(np.minimum(to_low, to_high), initial=0.0))
    leave = min(1.0, np.nanmin(np.maximum(to_low, to_high), initial=1.0))
    if enter > leave:
        return None
    first, last = a + enter * way, a + leave * way if leave < 1 else b
    return (float(first[0]), float(first[1])), (float(last[0]), float(last[1]))


def _dashes(piece: list[Pixel], length: float) -> Iterator[list[Pixel]]:
    """Yield every other stretch of a line, each ``length`` px long."""
    at = np.array(piece)
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(at, axis=0).T))])
    for start in np.arange(0.0, run[-1], 2 * length):
        stop = min(start + length, run[-1])
        stations = [start, *run[(run > start) & (run < stop)], stop]
        yield [(np.interp(s, run, at[:, 0]), np.interp(s, run, at[:, 1])) for s in stations]


def _ring(corners: int, *radii: float, turn: float = 0.0) -> NDArray[np.float64]:
    """Return a polygon around 0, its corners at ``radii`` in turn; the first points up."""
    angle = 2 * np.pi * (np.arange(corners) + turn) / corners
    radius = np.resize(radii, corners)
    return np.stack([radius * np.sin(angle), -radius * np.cos(angle)], axis=1)


_PLUS = np.array([(-1, 3), (1, 3), (1, 1), (3, 1), (3, -1), (1, -1), (1, -3), (-1, -3),
                  (-1, -1), (-3, -1), (-3, 1), (-1, 1)]) / 3  # fmt: skip
_SHAPES = {
    "circle": _ring(32, 1.0),
    "square": _ring(4, 1.25, turn=0.5),
    "triangle": _ring(3, 1.3),
    "diamond": _ring(4, 1.3),
    "cross": _PLUS @ np.array([(1, 1), (-1, 1)]) * 0.8,
    "plus": _PLUS * 1.15,
    "star": _ring(10, 1.45, 0.6),
}
