"""The ten kinds of layers as plotly traces; ``TRACES`` names them all."""

from collections.abc import Callable
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dlviz import still, theme
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
from dlviz.scene import Axis, Panel
from dlviz.still import Moment, color

Traces = list[Any]  # of plotly's traces, which have no types

_SYMBOLS = {"triangle": "triangle-up", "cross": "x", "plus": "cross"}  # the others are named alike
_BALL = 15  # px across


def plain(text: str) -> str:
    """Return ``text`` so that plotly shows "<" instead of reading it as a tag."""
    return escape(text, quote=False)


def _scatter(xy: Array, mode: str, layer: Layer, **looks: Any) -> go.Scatter:
    looks = {"name": type(layer).__name__, "hoverinfo": "x+y"} | looks
    return go.Scatter(x=xy[..., 0].ravel(), y=xy[..., 1].ravel(), mode=mode, **looks)


def _words(xy: Array, texts: list[str], hue: str, layer: Layer, place: str) -> Traces:
    """Return words beside the points of (N, 2), or nothing where there is nothing to say."""
    if not any(texts) or not len(xy):
        return []
    return [_scatter(xy, "text", layer, text=[plain(text) for text in texts],
                     textposition=place, textfont={"color": color(hue)})]  # fmt: skip


def _gapped(lines: Array) -> Array:
    """Return (N, V, 2) lines as one line, with not-a-number after each to lift the pen."""
    return np.pad(lines.astype(float), ((0, 0), (0, 1), (0, 0)), constant_values=np.nan)


def _scale(name: str) -> list[list[Any]]:
    return [[i / 255, f"rgb({r},{g},{b})"] for i, (r, g, b) in enumerate(theme.colormap(name))]


def _field(layer: Field, panel: Panel, moment: Moment) -> Traces:
    codes = moment.of(layer, "image")
    hatched = np.isin(np.round(codes), layer.hatched)
    bare = hatched | np.isin(np.round(codes), layer.blank)
    looks: dict[str, Any] = {
        "x": still.centers(layer.x, codes.shape[1], panel.x),
        "y": still.centers(layer.y, codes.shape[0], panel.y),
        "z": np.where(bare, np.nan, codes) if bare.any() else codes,
        "zmin": 0,
        "zmax": 255,
        "colorscale": _scale(layer.colors),
        "showscale": False,
        "opacity": layer.opacity,
        "name": "Field",
        **_readout(layer, codes),
    }
    if layer.bands:
        step, line = 256 / layer.bands, {"width": 0.5, "color": color("muted")}
        contours = {"start": step, "end": 256 - step, "size": step, "coloring": "fill"}
        field = go.Contour(**looks, contours=contours, line=line)
    else:
        field = go.Heatmap(**looks, zsmooth="best" if still.is_smooth(layer) else False)
    return [field, *_hatching(layer, looks, hatched)]


def _readout(layer: Field, codes: Array) -> dict[str, Any]:
    """Return what the pointer reads: the value or the name that a code stands for."""
    levels = np.asarray(layer.levels)
    at = np.round(codes).astype(int)
    if layer.names:
        names = np.array([layer.names[i] if i < len(layer.names) else "" for i in range(256)])
        return {"customdata": names[at], "hovertemplate": "%{customdata}<extra></extra>"}
    if levels.size:
        return {"customdata": levels[at], "hovertemplate": "%{customdata:.3g}<extra></extra>"}
    return {"hoverinfo": "skip"}


def _hatching(layer: Field, looks: dict[str, Any], hatched: Array) -> Traces:
    """Return slanted stripes over the hatched samples."""
    if not hatched.any():
        return []
    hue, stripe = color("faint"), np.add.outer(*(np.arange(n) for n in hatched.shape)) % 3 == 0
    z = np.where(hatched & stripe, 1.0, np.nan)
    return [go.Heatmap(x=looks["x"], y=looks["y"], z=z, colorscale=[[0, hue], [1, hue]],
                       showscale=False, hoverinfo="skip", name="hatching")]  # fmt: skip


def _points(layer: Points, panel: Panel, moment: Moment) -> Traces:
    colors, markers = still.point_styles(layer, moment)
    xy = moment.of(layer, "xy")
    symbols = [_SYMBOLS.get(marker, marker) for marker in markers]
    marker = {"color": colors, "symbol": symbols, "size": 2 * layer.size,
              "line": {"color": color("halo"), "width": 1}}  # fmt: skip
    if not layer.labels:
        return [_scatter(xy, "markers", layer, marker=marker)]
    words = {"text": [plain(text) for text in layer.labels], "textposition": "middle right"}
    return [_scatter(xy, "markers+text", layer, marker=marker, **words)]


def _path(layer: Path, panel: Panel, moment: Moment) -> Traces:
    xy, ball = still.track(layer, moment), still.ball(layer, moment)
    hue = color(layer.color)
    traces = [_scatter(xy, "lines", layer, line={"color": hue, "width": layer.width})]
    if layer.dots:
        traces.append(_scatter(xy[:: layer.stride], "markers", layer,
                               marker={"color": hue, "size": 6}))  # fmt: skip
    traces += _dot(still.crash(xy), "x", layer, hue)
    traces += _dot(ball, "circle", layer, hue) if layer.ball else []
    return traces + _words(ball, [layer.label], layer.color, layer, "middle right")


def _dot(xy: Array, symbol: str, layer: Layer, hue: str) -> Traces:
    """Return a large marker at (1, 2); nothing at (0, 2)."""
    line = {"color": color("halo"), "width": 1.5}
    marker = {"color": hue, "symbol": symbol, "size": _BALL, "line": line}
    return [_scatter(xy, "markers", layer, marker=marker, cliponaxis=True)] if len(xy) else []


def _polygons(layer: Polygons, panel: Panel, moment: Moment) -> Traces:
    """Return one trace for each code: thousands of traces would be slow."""
    codes = np.round(moment.of(layer, "codes")).astype(int)
    xy = moment.of(layer, "xy")
    return [_polygons_of(layer, xy[codes == code], int(code)) for code in np.unique(codes)]


def _polygons_of(layer: Polygons, xy: Array, code: int) -> go.Scatter:
    closed = []
    for corners in (ring for row in xy for ring in still.rings(row)):
        closed += [*corners, *corners[:1], (np.nan, np.nan)]
    r, g, b = theme.colormap(layer.colors)[code]
    line = {"color": color(layer.outline or "ink"), "width": int(layer.outline != "")}
    return _scatter(np.array(closed), "lines", layer, fill="toself", line=line,
                    fillcolor=f"rgba({r},{g},{b},{layer.opacity})")  # fmt: skip


def _segments(layer: Segments, panel: Panel, moment: Moment) -> Traces:
    xy = moment.of(layer, "xy")
    line = {"color": color(layer.color), "width": layer.width, "dash": _dash(layer.dashed)}
    return [
        _scatter(_gapped(xy), "lines", layer, line=line),
        *_words(xy[:, 1], list(layer.labels), layer.color, layer, "bottom left"),
    ]


def _dash(dashed: bool) -> str:
    return "dash" if dashed else "solid"


def _curve(layer: Curve, panel: Panel, moment: Moment) -> Traces:
    xy, hue = still.curve(layer, moment), color(layer.color)
    line = {"color": hue, "width": layer.width, "dash": _dash(layer.dashed)}
    cursor = still.cursor(layer, moment)
    return [
        *_faint(layer, moment),
        _scatter(xy, "lines", layer, line=line),
        *_dot(still.crash(xy) if layer.cursor != "knob" else xy[:0], "x", layer, hue),
        *_upright(layer, cursor, panel.y),
        *_dot(cursor, "circle", layer, hue),
        *_words(still.last_finite(xy), [layer.label], layer.color, layer, "top left"),
    ]


def _upright(layer: Curve, cursor: Array, y: Axis) -> Traces:
    """Return a thin line from bottom to top through the cursor."""
    ends = np.array([[(x, y.low), (x, y.high)] for x in cursor[:, 0]])
    line = {"color": color("muted"), "width": 1}
    return [_scatter(ends, "lines", layer, line=line, hoverinfo="skip")] if len(ends) else []


def _faint(layer: Curve, moment: Moment) -> Traces:
    curves = still.faint_curves(layer, moment)
    if not curves:
        return []
    line = {"color": color("muted"), "width": 1}
    return [_scatter(_gapped(np.stack(curves)), "lines", layer, line=line, opacity=still.FAINT,
                     hoverinfo="skip")]  # fmt: skip


def _tiles(layer: Tiles, panel: Panel, moment: Moment) -> Traces:
    images, boxes = moment.of(layer, "images"), list(still.tile_boxes(layer, panel))
    scale = _scale(layer.colors)
    tiles = [_tile(image, box, scale) for image, box in zip(images, boxes, strict=True)]
    below = np.array([((left + right) / 2, bottom) for left, bottom, right, _ in boxes])
    return [*tiles, *_words(below, list(layer.labels), "ink", layer, "bottom center")]


def _tile(image: Array, box: still.Box, scale: list[list[Any]]) -> go.Heatmap:
    left, bottom, right, top = box
    dx, dy = (right - left) / image.shape[1], (top - bottom) / image.shape[0]
    return go.Heatmap(z=image, x0=left + dx / 2, dx=dx, y0=bottom + dy / 2, dy=dy, zmin=0,
                      zmax=255, colorscale=scale, showscale=False, name="Tiles",
                      hoverinfo="skip")  # fmt: skip


def _bars(layer: Bars, panel: Panel, moment: Moment) -> Traces:
    heights = moment.of(layer, "heights")
    return [go.Bar(x=np.arange(len(heights)), y=heights, marker={"color": color(layer.color)},
                   name="Bars", hoverinfo="x+y")]  # fmt: skip


def _arrows(layer: Arrows, panel: Panel, moment: Moment) -> Traces:
    xy = moment.of(layer, "xy")
    head = 5 + 2.5 * layer.width
    marker = {"symbol": "arrow", "angleref": "previous", "size": [0, head, 0] * len(xy),
              "color": color(layer.color)}  # fmt: skip
    line = {"color": color(layer.color), "width": layer.width}
    arrows = _scatter(_gapped(xy), "lines+markers", layer, line=line, marker=marker)
    labels = [layer.label] * len(xy)
    return [arrows, *_words(xy[:, 1], labels, layer.color, layer, "middle right")]


def _text(layer: Text, panel: Panel, moment: Moment) -> Traces:
    place = {"left": "middle right", "center": "middle center", "right": "middle left"}
    return _words(moment.of(layer, "xy"), list(layer.texts), layer.color, layer,
                  place[layer.anchor])  # fmt: skip


TRACES: dict[type[Layer], Callable[[Any, Panel, Moment], Traces]] = {
    Field: _field,
    Points: _points,
    Path: _path,
    Polygons: _polygons,
    Segments: _segments,
    Curve: _curve,
    Tiles: _tiles,
    Bars: _bars,
    Arrows: _arrows,
    Text: _text,
}
