"""Pictures of a network's loss: the plane with the way on it, in three dimensions, rescaled."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dlviz import theme
from dlviz.contours import color_codes
from dlviz.landscape.stage import AXES, course_scene
from dlviz.landscape.steps import Rescaled
from dlviz.landscape.surveys import Surface
from dlviz.layers import Field, Points
from dlviz.optimizers import Array
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

__all__ = ["course_scene", "rescale_scene", "surface_figure"]


def rescale_scene(made: Rescaled, factors: Sequence[float]) -> Scene:
    """Return raw and filter-normalized directions side by side; the knob rescales the network."""
    raw, even = made
    losses = [abs(surface.path_loss[-1] - surface.slice_loss[-1]) for surface in (*raw, *even)]
    changes = [[_change(some, i) for i in range(len(factors))] for some in (raw, even)]
    words = [
        f"first layer × {number(factor)}, second ÷ {number(factor)}: the network computes the "
        f"same (to {number(max(losses) + 1e-16)}) · raw picture changes by {number(changes[0][i])}"
        f", filter-normalized by {number(changes[1][i])}"
        for i, factor in enumerate(factors)
    ]
    return Scene(
        panels=(_side("raw", "Raw random directions", raw),
                _side("random", "Filter-normalized", even)),
        captions=tuple(words),
        knob=Knob("rescale", "layer 1 ×", tuple(factors), 0),
        layout="pair",
    )  # fmt: skip


def _change(surfaces: Sequence[Surface], i: int) -> float:
    """Return the largest difference to the network as it was trained."""
    plain = next(surface for surface in surfaces if surface.config.rescale == 1)
    change = float(np.abs(surfaces[i].loss - plain.loss).max())
    return 0.0 if change < 1e-11 else change


def _side(name: str, title: str, surfaces: Sequence[Surface]) -> Panel:
    x, y = surfaces[0].axes
    losses: Array = np.stack([surface.loss for surface in surfaces])
    codes, levels = color_codes(losses)  # one scale for all turns
    return Panel(
        name, Axis("direction 1", x[0], x[-1]), Axis("direction 2", y[0], y[-1]),
        (Field(image=codes, levels=levels, over="k", x=(x[0], x[-1]), y=(y[0], y[-1]),
               colors="terrain", bands=16),
         Points(xy=np.zeros((1, 2)), marker="star", size=8)),
        title=title, alt=f"{title}: the loss on the plane, as the network is rescaled.",
    )  # fmt: skip


def surface_figure(made: Surface, *, dark: bool = False) -> go.Figure:
    """Return the loss in three dimensions with the way on it: true, and its shadow."""
    colors = theme.DARK if dark else theme.LIGHT
    figure = theme.figure("", "", "", dark=dark)
    x, y = made.axes
    roof = float(np.nanquantile(np.where(np.isfinite(made.loss), made.loss, np.nan), 0.97))
    heights = np.minimum(made.loss, roof)
    codes, _ = color_codes(heights)
    table = theme.colormap("terrain_dark" if dark else "terrain")[::17]
    scale = [[i / (len(table) - 1), f"rgb({r},{g},{b})"] for i, (r, g, b) in enumerate(table)]
    figure.add_surface(
        x=x, y=y, z=heights.astype(np.float32), surfacecolor=codes, colorscale=scale,
        showscale=False, hovertemplate="loss %{z:.3g}<extra></extra>",
    )  # fmt: skip
    lift = 0.01 * float(np.ptp(heights[np.isfinite(heights)]))
    shown = {"path": made.path_loss, "second": made.slice_loss}
    for role, losses in shown.items():
        figure.add_scatter3d(
            x=made.path[:, 0], y=made.path[:, 1], z=np.minimum(losses, roof) + lift, mode="lines",
            line={"color": colors[role], "width": 6, "dash": "solid" if role == "path" else "dash"},
        )  # fmt: skip
    axes = {"color": colors["ink"], "gridcolor": colors["faint"], "showbackground": False}
    names = [f"{rank} {AXES[made.config.directions]}" for rank in ("1st", "2nd")]
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, uirevision="camera",
        scene={"xaxis": {**axes, "title": names[0]}, "yaxis": {**axes, "title": names[1]},
               "zaxis": {**axes, "title": "loss"}, "aspectmode": "manual",
               "aspectratio": {"x": 1.2, "y": 1.2, "z": 0.7},
               "camera": {"eye": {"x": 1.3, "y": -1.5, "z": 0.9}}},
    )  # fmt: skip
    return figure
