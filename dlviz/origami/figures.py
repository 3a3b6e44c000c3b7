"""Pictures of origami: the stage, the fold, and the network's value as a folded surface."""

import numpy as np
import plotly.graph_objects as go

from dlviz import theme
from dlviz.origami.folding import MOST, fold_scene, hand_scene, packet_frames
from dlviz.origami.smooth import smooth
from dlviz.origami.stage import KNOBS, origami_scene
from dlviz.origami.traces import OrigamiTrace

__all__ = [
    "KNOBS",
    "MOST",
    "fold_scene",
    "hand_scene",
    "origami_scene",
    "packet_frames",
    "surface_figure",
]


def surface_figure(trace: OrigamiTrace, *, dark: bool = False) -> go.Figure:
    """Return the network's value over the plane, flat piece by flat piece, edges drawn.

    That of sigmoids bends everywhere.
    """
    if trace.outcome == "smooth":
        return _smooth_figure(trace, dark)
    regions = trace.regions
    colors = theme.DARK if dark else theme.LIGHT
    corners, counts = regions.whole.corners.T, regions.whole.counts
    fans = [(i, k) for i, count in enumerate(counts.tolist()) for k in range(1, count - 1)]
    faces, steps = np.array(fans, dtype=np.intp).T
    heights = regions.values[:, 0]
    x, y = regions.vertices.T
    triangles = corners[faces, 0], corners[faces, steps], corners[faces, steps + 1]
    tints = np.array(theme.CLASS_COLORS)[faces % len(theme.CLASS_COLORS)]
    figure = _space(dark)
    i, j, k = triangles
    figure.add_mesh3d(x=x, y=y, z=heights, i=i, j=j, k=k, facecolor=tints, flatshading=True,
                      opacity=0.85, hovertemplate="x₁ %{x:.3g}<br>x₂ %{y:.3g}<br>f %{z:.3g}"
                                                  "<extra></extra>")  # fmt: skip
    ends = regions.edges.ends
    gaps = np.full((len(ends), 1), np.nan)
    line = [np.hstack([axis[ends], gaps]).ravel() for axis in (x, y, heights)]
    figure.add_scatter3d(x=line[0], y=line[1], z=line[2], mode="lines", hoverinfo="skip",
                         line={"color": colors["ink"], "width": 3})  # fmt: skip
    return figure


def _smooth_figure(trace: OrigamiTrace, dark: bool) -> go.Figure:
    values = smooth(trace.config).values[0]
    line = np.linspace(-trace.config.span, trace.config.span, len(values))
    figure = _space(dark)
    figure.add_surface(x=line, y=line, z=values, colorscale="Viridis", showscale=False,
                       hovertemplate="x₁ %{x:.3g}<br>x₂ %{y:.3g}<br>f %{z:.3g}"
                                     "<extra></extra>")  # fmt: skip
    return figure


def _space(dark: bool) -> go.Figure:
    """Return an empty box of the plane and the network's value above it."""
    colors = theme.DARK if dark else theme.LIGHT
    figure = theme.figure("", "x₁", "x₂", dark=dark)
    axes = {"color": colors["ink"], "gridcolor": colors["faint"], "showbackground": False}
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, uirevision="camera",
        scene={"xaxis": {**axes, "title": "x₁"}, "yaxis": {**axes, "title": "x₂"},
               "zaxis": {**axes, "title": "f"}, "aspectmode": "manual",
               "aspectratio": {"x": 1.2, "y": 1.2, "z": 0.7},
               "camera": {"eye": {"x": 1.3, "y": -1.5, "z": 0.9}}},
    )  # fmt: skip
    return figure
