"""What a still picture shows, whoever draws it: the part of each layer at one frame and knob.

``still_plotly`` and ``still_png`` turn the same answers into plotly traces and into pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt

import numpy as np
from numpy.typing import NDArray

from dlviz import theme
from dlviz.layers import Array, Bars, Curve, Field, Layer, Path, Points, Tiles
from dlviz.scene import Axis, Panel, Scene

Box = tuple[float, float, float, float]  # left, bottom, right, top
Ticks = list[tuple[float, str]]

WIDTH = 960  # px; the width that all sizes in px are meant for
MARGINS = (84, 84, 20, 44)  # px around all panels: names and numbers of the axes, titles
FAINT = 0.35  # opacity of the curves of all knob values
_GAP = (104, 96)  # px between panels: numbers and name of an axis, title of the next panel
_ROW = 240  # px of height for each row of panels, where that needs more than the least
_MAIN = 0.6  # the main picture's part of the width
_TILE_GAP = 0.05  # of a tile's width, on each side
NAMES = 10  # of bars that all stand under them; of more, as many as there is room for
TILE_LABEL = 0.3  # of a tile's width


@dataclass(frozen=True)
class Moment:
    """One picture of a scene: its frame and the index of its knob value."""

    frame: int
    knob: int

    def of(self, layer: Layer, name: str) -> Array:
        """Return the layer's array ``name`` at this moment."""
        return layer.at(name, self.frame, self.knob)


def color(role: str) -> str:
    """Return the ``#RRGGBB`` of a role of the light palette; colors stay as they are."""
    return theme.LIGHT.get(role, role)


def height(scene: Scene) -> int:
    """Return the height in px of a picture of ``scene``, at the width ``WIDTH``."""
    rows = _shape(scene)[0]
    return max(600, _ROW * rows)


def slots(scene: Scene) -> list[Box]:
    """Return where the panels go, as fractions of the picture within its margins.

    The first is large at the left and the others are stacked at the right, or all are alike.
    """
    rows, columns = _shape(scene)
    left, bottom, right, top = MARGINS
    x_gap = _GAP[0] / (WIDTH - left - right)
    y_gap = _GAP[1] / (height(scene) - bottom - top)
    tall = (1 + y_gap) / rows - y_gap
    tops = [1 - row * (tall + y_gap) for row in range(rows)]
    if scene.layout in ("main", "wide") and columns == 2:
        start = _MAIN + x_gap
        return [(0.0, 0.0, _MAIN, 1.0), *((start, max(0.0, y - tall), 1.0, y) for y in tops)]
    wide = (1 + x_gap) / columns - x_gap
    lefts = [column * (wide + x_gap) for column in range(columns)]
    boxes = [(x, max(0.0, y - tall), min(1.0, x + wide), y) for y in tops for x in lefts]
    return boxes[: len(scene.panels)]


def _shape(scene: Scene) -> tuple[int, int]:
    """Return the rows and columns that the panels stand in."""
    count = len(scene.panels)
    if scene.layout in ("main", "wide"):
        return max(1, count - 1), min(count, 2)
    columns = min(4, ceil(sqrt(count)))
    return ceil(count / columns), columns


def shown(panel: Panel, moment: Moment) -> list[Layer]:
    """Return the layers that are drawn at a turn of the knob."""
    layers = [layer for layer in panel.layers if layer.only in (None, moment.knob)]
    return [mark for layer in layers for mark in layer.plain(moment.frame, moment.knob)]


def unit_ratio(panel: Panel) -> float | None:
    """Return how much longer a unit is on y than on x; None where the panel leaves it open."""
    for layer in panel.layers:
        if isinstance(layer, Tiles):
            wide, tall = _cell(layer)
            x = (panel.x.high - panel.x.low) / layer.columns / wide
            return x * tall / (panel.y.high - panel.y.low) * _rows(layer)
    return 1.0 if panel.equal else None


def tile_boxes(layer: Tiles, panel: Panel) -> Iterator[Box]:
    """Yield the box of each tile in the panel's coordinates, row by row from the top."""
    wide, tall = _cell(layer)
    x = (panel.x.high - panel.x.low) / layer.columns  # of one cell
    y = (panel.y.high - panel.y.low) / _rows(layer)
    rows, columns = layer.images.shape[-2:]
    for i in range(layer.images.shape[-3]):
        left = panel.x.low + (i % layer.columns + _TILE_GAP * columns / wide) * x
        top = panel.y.high - (i // layer.columns + _TILE_GAP * columns / tall) * y
        yield left, top - y * rows / tall, left + x * columns / wide, top


def _rows(layer: Tiles) -> int:
    count: int = layer.images.shape[-3]
    return ceil(count / layer.columns)


def _cell(layer: Tiles) -> tuple[float, float]:
    """Return the width and height of a tile with its gaps and label, in its own pixels."""
    rows, columns = layer.images.shape[-2:]
    label = TILE_LABEL if layer.labels else 0.0
    return columns * (1 + 2 * _TILE_GAP), rows + columns * (2 * _TILE_GAP + label)


def centers(ends: tuple[float, float], count: int, axis: Axis) -> Array:
    """Return the coordinates of ``count`` columns of a field: evenly spaced to the eye."""
    return np.geomspace(*ends, count) if axis.log else np.linspace(*ends, count)


def is_smooth(layer: Field) -> bool:
    """Return whether codes between two samples mean anything; classes and hatching have none."""
    return layer.colors != "labels" and not layer.hatched


def point_styles(layer: Points, moment: Moment) -> tuple[list[str], list[str]]:
    """Return the color and the marker of each point."""
    classes = moment.of(layer, "classes").astype(int)
    if not classes.size:
        count = layer.xy.shape[-2]
        return [color(layer.color)] * count, [layer.marker] * count
    kinds = len(theme.CLASS_COLORS)
    colors = [theme.CLASS_COLORS[i % kinds] for i in classes]
    return colors, [theme.CLASS_MARKERS[i % kinds] for i in classes]


def track(layer: Path, moment: Moment) -> Array:
    """Return the entries of a path that are drawn: (entries, 2)."""
    xy = moment.of(layer, "xy")
    return xy if layer.whole else xy[: moment.frame * layer.stride + 1]


def ball(layer: Path, moment: Moment) -> Array:
    """Return where a path's ball is: (1, 2), or (0, 2) once the path is not finite."""
    at = moment.frame * layer.stride
    return last_finite(moment.of(layer, "xy")[at : at + 1])


def curve(layer: Curve, moment: Moment) -> Array:
    """Return the entries of a curve: (N, 2)."""
    return np.stack([moment.of(layer, "x"), moment.of(layer, "y")], axis=1)


def faint_curves(layer: Curve, moment: Moment) -> list[Array]:
    """Return the curves of all knob values, each (N, 2), that are drawn behind the current one."""
    if not (layer.all_faint and "k" in layer.over):
        return []
    turns = max(len(a) for a in (layer.x, layer.y) if a.ndim > 1)
    return [curve(layer, Moment(moment.frame, k)) for k in range(turns)]


def cursor(layer: Curve, moment: Moment) -> Array:
    """Return where a curve's cursor is: (1, 2), or (0, 2) where it has none."""
    at = {"step": moment.frame, "knob": moment.knob}.get(layer.cursor)
    xy = curve(layer, moment)
    return xy[:0] if at is None else xy[at : at + 1]


def last_finite(xy: Array) -> Array:
    """Return the last finite entry of a line: (1, 2), or (0, 2)."""
    finite: Array = xy[np.isfinite(xy).all(axis=1)]
    return finite[-1:]


def crash(xy: Array) -> Array:
    """Return the last finite entry of a line that stops being finite: (1, 2), or (0, 2)."""
    stops = len(xy) > 0 and not np.isfinite(xy[-1]).all()
    return last_finite(xy) if stops else xy[:0]


def band_codes(bands: int) -> NDArray[np.intp]:
    """Return the color code of each of ``bands`` flat steps, from the lowest to the highest."""
    return np.linspace(0, 255, bands).round().astype(int)


def x_ticks(panel: Panel, most: int) -> Ticks:
    """Return the ticks of a panel's x axis: names of bars where it has them, else numbers."""
    for layer in panel.layers:
        if isinstance(layer, Bars) and layer.labels:
            every = max(1, ceil(len(layer.labels) / most)) if len(layer.labels) > NAMES else 1
            return [(float(i), label) for i, label in enumerate(layer.labels) if i % every == 0]
    return ticks(panel.x, most)


def rings(xy: Array) -> list[Array]:
    """Return the polygons that a row of ``Polygons`` holds, (V, 2) each."""
    there = np.isfinite(xy.sum(axis=1))
    runs = np.split(xy, np.flatnonzero(there[1:] != there[:-1]) + 1)
    return [run for run in runs if len(run) and np.isfinite(run[0]).all()]


def ticks(axis: Axis, most: int) -> Ticks:
    """Return at most ``most`` (>= 2) round numbers on an axis, whole decades on a log axis."""
    if axis.log and log10(axis.high / axis.low) >= 1:
        return _decades(axis, most)
    step = _nice_step(max(1.0 if axis.whole else 0.0, (axis.high - axis.low) / most))
    first, last = ceil(axis.low / step - 1e-9), floor(axis.high / step + 1e-9)
    places = max(0, -floor(log10(step) + 1e-9))
    large = max(abs(axis.low), abs(axis.high)) >= 1e5 or places > 4
    style = ".3g" if large else f".{places}f"
    return [(i * step, f"{i * step:{style}}".replace("-", "−")) for i in range(first, last + 1)]


def _nice_step(least: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is at least ``least``."""
    power: float = 10.0 ** floor(log10(least))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= least * (1 - 1e-9))


def _decades(axis: Axis, most: int) -> Ticks:
    first, last = ceil(log10(axis.low) - 1e-9), floor(log10(axis.high) + 1e-9)
    apart = max(1, ceil((last - first + 1) / most))
    return [(10.0**n, f"{10.0**n:g}" if -3 <= n <= 4 else f"1e{n}".replace("-", "−"))
            for n in range(first, last + 1, apart)]  # fmt: skip
