"""One picture of a scene as a plotly figure, to zoom and hover in a notebook."""

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dlviz import still, theme
from dlviz.layers import Bars
from dlviz.scene import Axis, Panel, Scene
from dlviz.still import Moment
from dlviz.still_traces import TRACES, plain

_CAPTION_WIDTH = 100  # characters in a line
_CAPTION_ROOM = 56  # px below the panels


def draw(scene: Scene, frame: int, knob: int) -> go.Figure:
    """Return one picture of a scene as a plotly figure.

    Parameters
    ----------
    frame : 0 to ``scene.frames`` - 1
    knob : index of the knob's value
    """
    moment = Moment(frame, knob)
    figure = theme.figure("", "", "")
    look = figure.layout.xaxis.to_plotly_json()
    for i, (panel, slot) in enumerate(zip(scene.panels, still.slots(scene), strict=True), start=1):
        for layer in still.shown(panel, moment):
            for trace in TRACES[type(layer)](layer, panel, moment):
                figure.add_trace(trace.update(xaxis=f"x{i}", yaxis=f"y{i}"))
        _add_axes(figure, panel, slot, i, look)
        _add_title(figure, panel.title, slot)
    _add_caption(figure, scene.caption(frame, knob))
    left, bottom, right, top = still.MARGINS
    figure.update_layout(
        height=still.height(scene) + _CAPTION_ROOM,
        margin={"l": left, "b": bottom + _CAPTION_ROOM, "r": right, "t": top},
        bargap=0.2,
        barmode="overlay",
    )
    return figure


def _add_axes(
    figure: go.Figure, panel: Panel, slot: still.Box, index: int, look: dict[str, Any]
) -> None:
    left, bottom, right, top = slot
    look = look | {"constrain": "domain", "visible": not panel.bare, "showgrid": False}
    x, y = look | _axis(panel.x), look | _axis(panel.y)
    x |= {"domain": (left, right), "anchor": f"y{index}"} | _bar_names(panel)
    y |= {"domain": (bottom, top), "anchor": f"x{index}"}
    if (ratio := still.unit_ratio(panel)) is not None:
        y |= {"scaleanchor": f"x{index}", "scaleratio": ratio}
    figure.update_layout({f"xaxis{index}": x, f"yaxis{index}": y})


def _axis(axis: Axis) -> dict[str, Any]:
    ends = [axis.low, axis.high]
    title = {"text": plain(axis.label), "font": {"size": theme.STAGE_TYPE}}
    if not axis.log:
        return {"title": title, "range": ends, "type": "linear"}
    decades = np.log10(ends).tolist()
    return {"title": title, "range": decades, "type": "log", "exponentformat": "power",
            "dtick": max(1, round((decades[1] - decades[0]) / 5))}  # fmt: skip


def _bar_names(panel: Panel) -> dict[str, Any]:
    names = next((a.labels for a in panel.layers if isinstance(a, Bars) and a.labels), ())
    return {"tickvals": list(range(len(names))), "ticktext": list(names)} if names else {}


def _add_title(figure: go.Figure, title: str, slot: still.Box) -> None:
    figure.add_annotation(
        text=plain(title), x=slot[0], y=slot[3], xref="paper", yref="paper",
        xanchor="left", yanchor="bottom", yshift=6, showarrow=False,
    )  # fmt: skip


def _add_caption(figure: go.Figure, caption: str) -> None:
    figure.add_annotation(
        text="<br>".join(wrap(plain(caption), _CAPTION_WIDTH)), name="caption", x=0, y=0,
        xref="paper", yref="paper", xanchor="left", yanchor="top", yshift=-72, align="left",
        showarrow=False,
    )  # fmt: skip
