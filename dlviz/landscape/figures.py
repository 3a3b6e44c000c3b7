"""Pictures of a network's loss: the plane with the way on it, in three dimensions, rescaled."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dlviz import theme
from dlviz.contours import color_codes
from dlviz.landscape.config import DIRECTIONS
from dlviz.landscape.facts import facts
from dlviz.landscape.steps import Rescaled
from dlviz.landscape.surveys import Surface
from dlviz.layers import Curve, Field, Layer, Path, Points, Segments
from dlviz.optimizers import Array
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

AXES = dict(zip(DIRECTIONS, (("1st main direction", "2nd main direction"),
                             ("random direction 1", "random direction 2"),
                             ("raw direction 1", "raw direction 2")), strict=True))  # fmt: skip
ENDS = {"learned": "it has learned", "learning": "still learning", "stuck": "it has not learned"}


def landscape_scene(made: Surface) -> Scene:
    """Return the plane with training's shadow on it, both losses, and the curvature on the way."""
    training, known = made.training, facts(made)
    steps = training.steps
    held = number(known["explained"])
    return Scene(
        panels=(_plane(made, with_path=True), _losses(made), _curvature(made)),
        frames=len(steps),
        fps=20,
        captions=(f"step {{frame}} · loss {{loss}} · on the plane {{slice}} · the plane holds "
                  f"{held} % of the way",),
        endings=(ENDS[known["outcome"]],),
        readouts={"loss": made.path_loss[None], "slice": made.slice_loss[None]},
        numbers=tuple(steps.tolist()),
    )  # fmt: skip


def _plane(made: Surface, *, with_path: bool) -> Panel:
    x, y = made.axes
    codes, levels = color_codes(made.loss)
    layers: list[Layer] = [
        Field(image=codes, levels=levels, x=(x[0], x[-1]), y=(y[0], y[-1]), colors="terrain",
              bands=16)
    ]  # fmt: skip
    if with_path:
        layers.append(Path(xy=made.path, dots=False))
    layers.append(Points(xy=np.zeros((1, 2)), marker="star", size=8))
    names = AXES[made.config.directions]
    return Panel(
        "plane", Axis(names[0], x[0], x[-1]), Axis(names[1], y[0], y[-1]), tuple(layers),
        alt="The network's loss on a plane through its trained weights, with training's shadow.",
    )  # fmt: skip


def _losses(made: Surface) -> Panel:
    both = np.concatenate([made.path_loss, made.slice_loss])
    known = both[np.isfinite(both) & (both > 0)]
    low, high = float(known.min()) / 1.5, float(known.max()) * 1.5
    steps = made.training.steps
    return Panel(
        "loss", Axis("step", float(steps[0]), float(steps[-1])),
        Axis("loss", max(low, 1e-12), max(high, 2e-12), log=True),
        (Curve(x=steps, y=np.maximum(made.slice_loss, low), color="second", dashed=True,
               cursor="step"),
         Curve(x=steps, y=np.maximum(made.path_loss, low), color="path", cursor="step")),
        title="loss: true ——, on the plane - -",
        alt="Loss of the network, and what the plane says at its shadow, step by step.",
    )  # fmt: skip


def _curvature(made: Surface) -> Panel:
    training = made.training
    x = training.steps[training.curved].astype(float)
    high, low = np.clip(training.highest, -1e6, 1e6), np.clip(training.lowest, -1e6, 1e6)
    edge = 2 / made.config.lr if made.config.optimizer == "sgd" else None
    ends = [*high[np.isfinite(high)].tolist(), *low[np.isfinite(low)].tolist(), 0.0, 1e-6]
    top = max(*ends, min(edge, 4 * max(ends)) if edge else 0.0)
    span = top - min(ends)
    layers: list[Layer] = [
        Curve(x=x, y=high, color="path", label="largest"),
        Curve(x=x, y=low, color="second", label="smallest"),
        Points(xy=np.stack([x, high], axis=-1), color="path", size=4),
        Points(xy=np.stack([x, low], axis=-1), color="second", marker="square", size=4),
    ]
    if edge and edge <= top:
        line = np.array([[[x[-1], edge], [x[0], edge]]])  # its label stands at the second end
        layers.insert(0, Segments(xy=line, dashed=True, labels=("2/η",)))
    return Panel(
        "curvature", Axis("step", x[0], x[-1]),
        Axis("curvature", min(ends) - 0.08 * span, top + 0.12 * span), tuple(layers),
        title="extreme curvatures on the way",
        alt="Largest and smallest eigenvalue of the Hessian during training.",
    )  # fmt: skip


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
        layout="split",
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
    names = AXES[made.config.directions]
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, uirevision="camera",
        scene={"xaxis": {**axes, "title": names[0]}, "yaxis": {**axes, "title": names[1]},
               "zaxis": {**axes, "title": "loss"}, "aspectmode": "manual",
               "aspectratio": {"x": 1.2, "y": 1.2, "z": 0.7},
               "camera": {"eye": {"x": 1.3, "y": -1.5, "z": 0.9}}},
    )  # fmt: skip
    return figure
