"""Pictures of descent: the stage for the player, and what stands under it.

``descent_scene`` is the lab's main picture (``stage.py``); here are the turning surface, the
dial of directional derivatives, and the small multiples of a sweep.
"""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dlviz import theme
from dlviz.contours import color_codes
from dlviz.descent.compute import DescentSweep, DescentTrace, surface_of
from dlviz.descent.stage import descent_scene
from dlviz.grids import grid
from dlviz.layers import Arrows, Curve, Field, Path, Segments
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.surfaces import Surface
from dlviz.terrain import landscape, sizes
from dlviz.words import number

__all__ = ["descent_scene", "dial_scene", "surface_figure", "sweep_scene"]

Array = NDArray[np.float64]
DIRECTIONS = tuple(float(angle) for angle in range(0, 361, 10))  # degrees
NAMES = {"lr": "η", "momentum": "β"}
BRIEFLY = {
    "converged": "settles",
    "ran": "on its way",
    "diverged": "runs away",
    "cycles": "to and fro",
    "left_domain": "leaves",
}
FEW = 72  # samples a side of a turning surface: smooth to the eye, light to send


def surface_figure(trace: DescentTrace, *, dark: bool = False) -> go.Figure:
    """Return the surface in three dimensions with the path on it; in one dimension, the curve."""
    surface = surface_of(trace.config)
    colors = theme.DARK if dark else theme.LIGHT
    figure = theme.figure("", "x", "y", dark=dark)
    if surface.dim == 1:
        figure.update_layout(yaxis_title="J(x)")
        figure.add_scatter(
            x=np.linspace(*surface.window[0], 400), y=landscape(surface), mode="lines"
        )
        figure.add_scatter(x=trace.points[:, 0], y=trace.losses, mode="lines+markers")
        return figure
    (x0, x1), (y0, y1) = surface.window
    cells = grid(surface.window, FEW)
    heights = surface.value(cells.points)
    codes, levels = color_codes(heights)
    figure.add_surface(
        x=cells.x, y=cells.y, z=heights.astype(np.float32), surfacecolor=codes,
        colorscale=_colorscale("terrain_dark" if dark else "terrain"), showscale=False,
        contours={"z": {"show": True, "start": float(levels[0]), "end": float(levels[-1]),
                        "size": float(np.ptp(levels)) / 12, "color": colors["muted"]}},
        hovertemplate="x %{x:.3g}<br>y %{y:.3g}<br>J %{z:.3g}<extra></extra>",
    )  # fmt: skip
    shown = _within_view(surface, trace)
    lift = 0.01 * float(
        np.ptp(heights[np.isfinite(heights)])
    )  # the path lies on the sheet, not in it
    figure.add_scatter3d(
        x=shown[:, 0], y=shown[:, 1], z=surface.value(shown) + lift, mode="lines+markers",
        line={"color": colors["path"], "width": 6}, marker={"color": colors["path"], "size": 3},
    )  # fmt: skip
    axes = {"color": colors["ink"], "gridcolor": colors["faint"], "showbackground": False}
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, uirevision="camera",
        scene={"xaxis": {**axes, "title": "x", "range": [x0, x1]},
               "yaxis": {**axes, "title": "y", "range": [y0, y1]},
               "zaxis": {**axes, "title": "J"}, "aspectmode": "manual",
               "aspectratio": {"x": 1.2, "y": 1.2, "z": 0.7},
               "camera": {"eye": {"x": 1.3, "y": -1.5, "z": 0.9}}},
    )  # fmt: skip
    return figure


def _colorscale(name: str) -> list[list[object]]:
    table = theme.colormap(name)[::17]
    at = np.linspace(0, 1, len(table))
    return [[float(place), f"rgb({r},{g},{b})"] for place, (r, g, b) in zip(at, table, strict=True)]


def _within_view(surface: Surface, trace: DescentTrace) -> Array:
    """Return the path up to where it leaves the window for good: what lies beyond has no sheet."""
    low, high = np.array(surface.window).T
    with np.errstate(invalid="ignore"):
        inside = ((trace.points >= low) & (trace.points <= high)).all(axis=1)
    last = int(np.flatnonzero(inside)[-1]) + 1 if inside.any() else 0
    points = trace.points[:last]
    return np.where(inside[:last, None], points, np.nan)


def dial_scene(trace: DescentTrace) -> Scene:
    """Return the directional derivative ∇J·u for every direction u, at every step of a run.

    The knob turns u; the derivative is the shadow of the gradient on it, largest along the
    gradient, where it is ‖∇J‖, and zero along the contour. Both are drawn as shares of ‖∇J‖, which
    shrinks on the way; the caption has the numbers.
    """
    angles = np.radians(DIRECTIONS)
    units = np.column_stack([np.cos(angles), np.sin(angles)])  # (K, 2)
    grads = np.zeros((len(trace.grads), 2))
    grads[:, : trace.grads.shape[1]] = trace.grads
    size = sizes(grads)
    with np.errstate(all="ignore"):
        uphill = grads / size[:, None]  # (T+1, 2), nan where it is flat
        along = units @ grads.T  # (K, T+1)
        share = units @ uphill.T
    return Scene(
        panels=(_dial(units, uphill, share), _directions(share)),
        frames=len(grads),
        fps=max(6.0, len(grads) / 6),
        captions=("step {frame} · ∇J = ({gx}, {gy}) · direction {knob}°: ∇J·u = {along}, "
                  "the most is ‖∇J‖ = {size}",),
        knob=Knob("direction", "direction u (degrees)", DIRECTIONS, 0),
        readouts={"gx": grads[None, :, 0], "gy": grads[None, :, 1], "along": along,
                  "size": size[None]},
    )  # fmt: skip


def _dial(units: Array, uphill: Array, share: Array) -> Panel:
    """Gradient and direction as arrows from 0, the shadow of one on the other as a thick line."""
    gradient = np.stack([0 * uphill, uphill], axis=1)[:, None]  # (T+1, 1, 2, 2)
    direction = np.stack([0 * units, units], axis=1)[:, None]
    tips = share[..., None] * units[:, None]  # (K, T+1, 2)
    shadow = np.stack([0 * tips, tips], axis=2)[:, :, None]
    drop = np.stack([np.broadcast_to(uphill, tips.shape), tips], axis=2)[:, :, None]
    return Panel(
        "dial", Axis("∂J/∂x, share of ‖∇J‖", -1.25, 1.25),
        Axis("∂J/∂y, share of ‖∇J‖", -1.25, 1.25),
        (
            Segments(xy=shadow, over="kt", color="second", width=7),
            Segments(xy=drop, over="kt", dashed=True),
            Arrows(xy=direction, over="k", color="muted", label="u"),
            Arrows(xy=gradient, over="t", color="path", label="∇J", width=3.5),
        ),
        equal=True, alt="The gradient, a direction u, and the gradient's shadow on it.",
    )  # fmt: skip


def _directions(share: Array) -> Panel:
    line = Curve(x=np.array(DIRECTIONS), y=share.T, over="t", cursor="knob", color="second")
    level = Segments(xy=np.array([[[0.0, 0.0], [360.0, 0.0]]]), dashed=True)
    return Panel(
        "directions", Axis("direction u (degrees)", 0, 360),
        Axis("∇J·u, share of ‖∇J‖", -1.25, 1.25),
        (level, line), alt="The directional derivative against the direction: a cosine wave.",
    )  # fmt: skip


def sweep_scene(sweep: DescentSweep) -> Scene:
    """Return small multiples: the same run under each value of one setting, in step."""
    surface, name = surface_of(sweep.config), NAMES.get(sweep.field, sweep.field)
    frames = sweep.losses.shape[1]
    draw = _small_line if surface.dim == 1 else _small_plane
    return Scene(
        panels=tuple(draw(surface, sweep, i) for i in range(len(sweep.values))),
        frames=frames,
        fps=float(np.clip(frames / 5, 6, 60)),
        captions=(f"step {{frame}} · {len(sweep.values)} runs that differ in {name} alone",),
        layout="grid",
    )


def _titled(sweep: DescentSweep, i: int) -> str:
    value = sweep.values[i]
    shown = number(float(value)) if np.ndim(value) == 0 else f"{value[0]:.2g}, {value[1]:.2g}"
    return f"{NAMES.get(sweep.field, sweep.field)} = {shown}: {BRIEFLY[str(sweep.outcomes[i])]}"


def _small_plane(surface: Surface, sweep: DescentSweep, i: int) -> Panel:
    (x0, x1), (y0, y1) = surface.window
    codes, _ = color_codes(surface.value(grid(surface.window, 40).points))
    ground = Field(image=codes, x=(x0, x1), y=(y0, y1), colors="terrain", bands=10)
    path = Path(xy=sweep.points[i], width=1.5)
    return Panel(
        f"run{i}", Axis("x", x0, x1), Axis("y", y0, y1), (ground, path), title=_titled(sweep, i)
    )


def _small_line(surface: Surface, sweep: DescentSweep, i: int) -> Panel:
    values = landscape(surface)
    known = values[np.isfinite(values)]
    curve = Curve(x=np.linspace(*surface.window[0], len(values)), y=values, color="second")
    path = Path(xy=np.column_stack([sweep.points[i, :, 0], sweep.losses[i]]), width=1.5)
    height = Axis("J", float(known.min()), float(known.min() + 1.2 * np.ptp(known)))
    return Panel(
        f"run{i}", Axis("x", *surface.window[0]), height, (curve, path), title=_titled(sweep, i)
    )
