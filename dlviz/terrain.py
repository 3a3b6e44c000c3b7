"""A surface as a picture's ground: its values, contours or curve, and its stationary points."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlviz.contours import color_codes
from dlviz.frozen import frozen
from dlviz.grids import grid
from dlviz.layers import Field, Layer, Points
from dlviz.scene import Axis
from dlviz.stationary import stationary_points
from dlviz.surfaces import Surface

Array = NDArray[np.float64]
FLOOR = 1e-12  # of the height shown; what lies lower is drawn on the floor of a log axis

landmarks = lru_cache(maxsize=64)(stationary_points)


@lru_cache(maxsize=64)
def landscape(surface: Surface) -> Array:
    """Return the surface's values over its window: (128, 128), row 0 low y, or (400,) in 1-D."""
    if surface.dim == 1:
        return frozen(surface.value(np.linspace(*surface.window[0], 400)[:, None]))
    return frozen(surface.value(grid(surface.window, 128).points))


def contour_field(surface: Surface, colors: str = "terrain") -> Field:
    """Return the surface from above, in 16 bands of color."""
    codes, levels = color_codes(landscape(surface))
    return Field(
        image=codes,
        levels=levels,
        x=surface.window[0],
        y=surface.window[1],
        colors=colors,
        bands=16,
    )


def landmark_layers(surface: Surface, *, labels: bool = True) -> list[Layer]:
    """Stationary points, a marker shape for each kind."""
    found = landmarks(surface)
    points, kinds = found.points, found.kinds
    shapes = {"minimum": "star", "maximum": "triangle", "saddle": "cross", "degenerate": "diamond"}
    layers: list[Layer] = []
    for kind, marker in shapes.items():
        chosen = points[[k == kind for k in kinds]]
        if len(chosen):
            words: tuple[str, ...] = (kind,) if len(kinds) <= 9 else ()
            if kind == "minimum" and 1 < len(chosen) == len(surface.minima):
                chosen = surface.minima  # numbered as the basins are
                words = tuple(f"minimum {i}" for i in range(1, len(chosen) + 1))
            xy = chosen if surface.dim == 2 else np.column_stack([chosen, surface.value(chosen)])
            layers.append(Points(xy=xy, marker=marker, size=8, color="ink",
                                 labels=words if labels else ()))  # fmt: skip
    return layers


def height_axis(values: Array) -> Axis:
    """Choose ends that show the valleys; a pole may leave at the top."""
    known = values[np.isfinite(values)]
    low = known.min()
    high = min(known.max(), low + 1.2 * (np.quantile(known, 0.95) - low))
    return Axis("J(x)", float(low - 0.12 * (high - low)), float(high + 0.06 * (high - low)))


def sizes(vectors: Array) -> Array:
    """Return the lengths (...) of vectors (..., D); diverging ones may be infinitely long."""
    with np.errstate(all="ignore"):  # hypot keeps the size of what is too small to be squared
        return np.asarray(np.hypot.reduce(np.abs(vectors), axis=-1))


def above(surface: Surface, losses: Array) -> tuple[Array, str, float]:
    """Return losses above the lowest minimum, their axis label, and the lowest value drawn."""
    values = landscape(surface)
    known = values[np.isfinite(values)]
    span = float(np.ptp(known))
    lowest = surface.value(surface.minima).min() if len(surface.minima) else known.min()
    label = "loss − minimum" if len(surface.minima) else "loss − lowest shown"
    with np.errstate(invalid="ignore"):
        return losses - lowest, label, span


def floored(losses: Array, span: float) -> Array:
    """Keep curves on a log axis: what is at or below the floor is drawn on it."""
    return np.where(losses < FLOOR * span, FLOOR * span, losses)
