"""The ground that descent walks on: the curve or the contours, landmarks, and the walk itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.descent.compute import DescentSweep, DescentTrace
from dlviz.layers import Arrows, Curve, Field, Layer, Path, Segments
from dlviz.scene import Axis, Panel
from dlviz.surfaces import Surface
from dlviz.terrain import contour_field, height_axis, landmark_layers, landscape, sizes
from dlviz.words import number

Array = NDArray[np.float64]
Labels = NDArray[np.int8]
Basins = tuple[Labels, Labels, int]  # coarse (K, h, w), fine (H, W), the index it belongs to
Ghosts = Sequence[tuple[str, DescentTrace]]  # other runs to show behind, each with a label


def plane_panel(
    surface: Surface,
    sweep: DescentSweep,
    basins: Basins | None,
    ghosts: Ghosts,
) -> Panel:
    """Return the picture from above: contours or basins, landmarks, paths."""
    (x0, x1), (y0, y1) = surface.window
    layers: list[Layer] = [contour_field(surface)] if basins is None else _grounds(surface, *basins)
    layers += landmark_layers(surface)
    layers += [
        Path(xy=trace.points, color="second", whole=True, ball=False, label=label)
        for label, trace in ghosts
    ]
    layers += [_downhill(surface, sweep), Path(xy=sweep.points, over="k")]
    return Panel(
        "plane", Axis("x", x0, x1), Axis("y", y0, y1), tuple(layers), pick=True,
        alt=f"Path of descent over the contours of {surface.label}, seen from above.",
    )  # fmt: skip


def _grounds(surface: Surface, coarse: Labels, fine: Labels, rest: int) -> list[Layer]:
    """Color every start by the minimum it reaches: coarse at every turn, fine where it rests."""
    others = np.array(coarse)
    others[rest] = -1  # nothing under the fine map
    return [_basins(surface, others, over="k"), _basins(surface, fine, only=rest)]


def _basins(surface: Surface, labels: Labels, **how: Any) -> Field:
    """Return labels as colors; codes M (blank) reach none in time, M + 1 (hatched) run away."""
    count = len(surface.minima)
    names = [f"reaches minimum {i + 1} at {_at(w)}" for i, w in enumerate(surface.minima)]
    return Field(
        image=np.where(labels >= 0, labels, count - 1 - labels).astype(np.uint8),
        x=surface.window[0], y=surface.window[1], colors="labels", opacity=0.55,
        names=(*names, "reaches no minimum in time", "runs away"),
        hatched=(count + 1,), blank=(count,), **how,
    )  # fmt: skip


def _at(point: Array) -> str:
    return "(" + ", ".join(number(float(value)) for value in point) + ")"


def _downhill(surface: Surface, sweep: DescentSweep) -> Arrows:
    """Arrows from each point along minus its gradient, longer where it is steeper, up to 15 %."""
    size = sizes(sweep.grads)[..., None]
    spans = np.array([high - low for low, high in surface.window])
    first = size[:, 0][np.isfinite(size[:, 0])]
    typical = max(float(np.median(first)), 1e-12) if first.size else 1.0
    with np.errstate(all="ignore"):
        length = 0.15 * spans.min() * size / (size + 0.5 * typical)
        tips = sweep.points - sweep.grads / size * length
    arrows = np.stack([sweep.points, np.where(size > 0, tips, np.nan)], axis=-2)[:, :, None]
    return Arrows(xy=arrows, over="kt", color="ink", label="−∇J")


def line_panel(
    surface: Surface,
    sweep: DescentSweep,
    _basins: Basins | None,
    ghosts: Ghosts,
) -> Panel:
    """Return the picture from the side: the curve, its tangent at the ball, steps as stairs."""
    x0, x1 = surface.window[0]
    values = landscape(surface)
    layers: list[Layer] = [Curve(x=np.linspace(x0, x1, 400), y=values, color="second", width=3)]
    layers += landmark_layers(surface)
    layers += [
        Path(xy=np.column_stack([trace.points[:, 0], trace.losses]), color="muted", whole=True,
             ball=False, label=label)
        for label, trace in ghosts
    ]  # fmt: skip
    layers += [
        _tangents(sweep, 0.18 * (x1 - x0)),
        Path(xy=_cobweb(sweep), over="k", stride=2, width=2),
    ]
    return Panel(
        "line", Axis("x", x0, x1), height_axis(values), tuple(layers), pick=True,
        alt=f"Steps of descent on the curve of {surface.label}, with the tangent at the ball.",
    )  # fmt: skip


def _tangents(sweep: DescentSweep, reach: float) -> Segments:
    """Return the tangent at every point: (K, T+1, 1, 2, 2), ``reach`` to either side."""
    x, slope = sweep.points[..., 0], sweep.grads[..., 0]
    with np.errstate(all="ignore"):
        ends = [np.stack([x + d, sweep.losses + d * slope], axis=-1) for d in (-reach, reach)]
    return Segments(xy=np.stack(ends, axis=-2)[:, :, None], over="kt", color="good", width=2.5)


def _cobweb(sweep: DescentSweep) -> Array:
    """Return the steps as stairs (K, 2T+1, 2): level to the new x, then up or down to the curve."""
    x, y = sweep.points[..., 0], sweep.losses
    stairs = np.empty((len(x), 2 * x.shape[1] - 1, 2))
    stairs[:, ::2] = np.stack([x, y], axis=-1)
    stairs[:, 1::2] = np.stack([x[:, 1:], y[:, :-1]], axis=-1)
    return stairs
