"""The ten kinds of layers as Pillow draws them on a panel's canvas; ``MARKS`` names them all."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz import still, theme
from dlviz.canvas import Canvas, fractions
from dlviz.layers import (
    Array,
    Arrows,
    Bars,
    Curve,
    Field,
    Layer,
    Path,
    Points,
    Polygons,
    Segments,
    Text,
    Tiles,
)
from dlviz.scene import Panel
from dlviz.still import Moment, color

_BALL = 8.0  # px, its radius
_CURSOR = 6.5
_CROSS = 7.0
_DOT = 3.0


def _draw_field(canvas: Canvas, layer: Field, panel: Panel, moment: Moment) -> None:
    codes = moment.of(layer, "image")
    columns, left = _samples(fractions(panel.x, np.array(layer.x)), codes.shape[1],
                             canvas.size[0])  # fmt: skip
    # Pixels count from the top, the field's rows from the lowest y.
    rows, top = _samples(1 - fractions(panel.y, np.array(layer.y)), codes.shape[0],
                         canvas.size[1])  # fmt: skip
    if not (len(rows) and len(columns)):
        return
    near = codes[np.ix_(rows.round().astype(int), columns.round().astype(int))]
    shown = _between(codes, rows, columns) if still.is_smooth(layer) else near.astype(float)
    rgb = _colored(shown, layer, round(canvas.scale))
    hatched = np.isin(near.round(), layer.hatched)
    rgb[hatched] = _hatching(hatched.shape, canvas.scale)[hatched]
    rgb[np.isin(near.round(), layer.blank)] = theme.rgb(theme.LIGHT["ground"])
    canvas.paint(rgb, left, top, layer.opacity)


def _samples(ends: Array, count: int, pixels: int) -> tuple[NDArray[np.float64], int]:
    """Return at which sample (0 to count - 1) each pixel is, and the first pixel that has one.

    ``ends`` are the centers of the first and last sample, as fractions of the pixels.
    """
    at = (np.arange(pixels) + 0.5) / pixels
    step = (ends[1] - ends[0]) / (count - 1) if count > 1 else 1.0
    index = (at - ends[0]) / step if count > 1 else np.zeros(pixels)
    inside = np.flatnonzero((index >= -0.5) & (index <= count - 0.5))
    return np.clip(index[inside], 0, count - 1), int(inside[0]) if len(inside) else 0


def _between(
    codes: Array, rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the codes at fractional rows and columns, interpolated linearly both ways."""
    codes = codes.astype(float)
    r, c = rows.astype(int), columns.astype(int)
    below, right = np.minimum(r + 1, len(codes) - 1), np.minimum(c + 1, codes.shape[1] - 1)
    down, along = (rows - r)[:, None], columns - c
    upper = codes[r][:, c] * (1 - along) + codes[r][:, right] * along
    lower = codes[below][:, c] * (1 - along) + codes[below][:, right] * along
    return np.asarray(upper * (1 - down) + lower * down)


def _colored(codes: NDArray[np.float64], layer: Field, line: int) -> NDArray[np.uint8]:
    """Return the colors of codes; in bands, with a line ``line`` px wide between two bands."""
    colors = theme.colormap(layer.colors)
    if not layer.bands:
        return np.asarray(colors[codes.round().astype(int)])
    bands = (codes / 256 * layer.bands).astype(int)
    rgb = colors[still.band_codes(layer.bands)[bands]]
    border = np.zeros(codes.shape, dtype=bool)
    border[:-line] |= bands[line:] != bands[:-line]
    border[:, :-line] |= bands[:, line:] != bands[:, :-line]
    rgb[border] = (rgb[border] * 0.8).astype(np.uint8)
    return np.asarray(rgb)


def _hatching(shape: tuple[int, ...], scale: float) -> NDArray[np.uint8]:
    """Return slanted stripes on the ground."""
    diagonal = np.add.outer(np.arange(shape[0]), np.arange(shape[1]))
    stripe = diagonal % (10 * scale) < 1.5 * scale
    hues = np.array([theme.rgb(color("ground")), theme.rgb(color("muted"))], dtype=np.uint8)
    return np.asarray(hues[stripe.astype(int)])


def _draw_points(canvas: Canvas, layer: Points, panel: Panel, moment: Moment) -> None:
    colors, markers = still.point_styles(layer, moment)
    for i, at in canvas.visible(moment.of(layer, "xy")):
        canvas.marker(at, markers[i], colors[i], layer.size)
        canvas.label(at, layer.labels[i] if layer.labels else "", "ink")


def _draw_path(canvas: Canvas, layer: Path, panel: Panel, moment: Moment) -> None:
    xy = still.track(layer, moment)
    canvas.line(xy, "halo", layer.width + 2)
    canvas.line(xy, layer.color, layer.width)
    for _, at in canvas.visible(xy[:: layer.stride]) if layer.dots else []:
        canvas.marker(at, "circle", layer.color, _DOT)
    for at in canvas.clamped(still.crash(xy)):
        canvas.marker(at, "cross", layer.color, _CROSS)
    ball = still.ball(layer, moment)
    if layer.ball:
        canvas.ball(ball, layer.color, _BALL)
    for at in canvas.clamped(ball):
        canvas.label(at, layer.label, layer.color)


def _draw_polygons(canvas: Canvas, layer: Polygons, panel: Panel, moment: Moment) -> None:
    colors = theme.colormap(layer.colors)
    codes = moment.of(layer, "codes").round().astype(int)
    xy = moment.of(layer, "xy")
    if layer.tiles and not layer.outline:
        for code in np.unique(codes):
            parts = [ring for row in xy[codes == code] for ring in still.rings(row)]
            canvas.area(parts, tuple(colors[code].tolist()), layer.opacity)
        return
    for row, code in zip(xy, codes, strict=True):
        for ring in still.rings(row):
            canvas.polygon(ring, tuple(colors[code].tolist()), layer.opacity, layer.outline)


def _draw_segments(canvas: Canvas, layer: Segments, panel: Panel, moment: Moment) -> None:
    xy = moment.of(layer, "xy")
    for segment in xy:
        canvas.line(segment, layer.color, layer.width, dashed=layer.dashed)
    for i, at in canvas.visible(xy[:, 1]) if layer.labels else []:
        canvas.label(at, layer.labels[i], layer.color)


def _draw_curve(canvas: Canvas, layer: Curve, panel: Panel, moment: Moment) -> None:
    for faint in still.faint_curves(layer, moment):
        canvas.line(faint, "muted", 1, opacity=still.FAINT)
    xy = still.curve(layer, moment)
    canvas.line(xy, layer.color, layer.width, dashed=layer.dashed)
    if layer.cursor != "knob":  # there, one value of many may fail
        for at in canvas.clamped(still.crash(xy)):
            canvas.marker(at, "cross", layer.color, _CROSS)
    cursor = still.cursor(layer, moment)
    for x in cursor[:, 0]:
        canvas.line(np.array([(x, panel.y.low), (x, panel.y.high)]), "muted", 1)
    for at in canvas.clamped(cursor):
        canvas.marker(at, "circle", layer.color, _CURSOR)
    for at in canvas.clamped(still.last_finite(xy)):
        canvas.label(at, layer.label, layer.color)


def _draw_tiles(canvas: Canvas, layer: Tiles, panel: Panel, moment: Moment) -> None:
    images = moment.of(layer, "images").round().astype(int)
    colors = theme.colormap(layer.colors)
    for i, (image, box) in enumerate(zip(images, still.tile_boxes(layer, panel), strict=True)):
        corners = canvas.pixels(np.array([(box[0], box[3]), (box[2], box[1])])).round()
        (left, top), (right, bottom) = corners.astype(int).tolist()
        rows = (1 - (np.arange(bottom - top) + 0.5) / (bottom - top)) * len(image)
        columns = (np.arange(right - left) + 0.5) / (right - left) * image.shape[1]
        canvas.paint(colors[image[np.ix_(rows.astype(int), columns.astype(int))]], left, top)
        if layer.labels:
            middle, room = (left + right) / 2, still.TILE_LABEL * (right - left)
            canvas.words((middle, bottom + room / 2), layer.labels[i], "ink", "mm",
                         most=0.7 * room / canvas.scale)  # fmt: skip


def _draw_bars(canvas: Canvas, layer: Bars, panel: Panel, moment: Moment) -> None:
    floor = max(panel.y.low, 0.0)
    fill = theme.rgb(color(layer.color))
    for i, tall in enumerate(moment.of(layer, "heights")):
        corners = [(i - 0.4, floor), (i - 0.4, tall), (i + 0.4, tall), (i + 0.4, floor)]
        if np.isfinite(tall):
            canvas.polygon(np.array(corners), fill, 1.0, layer.color)


def _draw_arrows(canvas: Canvas, layer: Arrows, panel: Panel, moment: Moment) -> None:
    for arrow in moment.of(layer, "xy"):
        canvas.line(arrow, layer.color, layer.width)
        start, end = canvas.pixels(arrow).tolist()
        if canvas.visible(arrow[1:]):
            canvas.head(tuple(start), tuple(end), layer.color, layer.width)
            canvas.label(tuple(end), layer.label, layer.color)


def _draw_text(canvas: Canvas, layer: Text, panel: Panel, moment: Moment) -> None:
    anchor = {"left": "lm", "center": "mm", "right": "rm"}[layer.anchor]
    for i, at in canvas.visible(moment.of(layer, "xy")):
        canvas.words(at, layer.texts[i], layer.color, anchor)


MARKS: dict[type[Layer], Callable[[Canvas, Any, Panel, Moment], None]] = {
    Field: _draw_field,
    Points: _draw_points,
    Path: _draw_path,
    Polygons: _draw_polygons,
    Segments: _draw_segments,
    Curve: _draw_curve,
    Tiles: _draw_tiles,
    Bars: _draw_bars,
    Arrows: _draw_arrows,
    Text: _draw_text,
}
