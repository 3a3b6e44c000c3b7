"""One look for the player, plotly and saved pictures: colors, color maps, type sizes.

Layers name colors by *role* ("path", "muted", ...); light and dark each give the role a value.
Class colors are Okabe & Ito's, told apart by the common kinds of color blindness; classes also
differ in marker shape, so that nothing depends on color alone.

References
----------
Okabe & Ito, "Color Universal Design", 2008. Viridis: Smith & van der Walt, SciPy 2015 (CC0).
"""

from functools import cache

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dlviz.frozen import frozen

CLASS_COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442")
CLASS_MARKERS = ("circle", "square", "triangle", "diamond", "cross", "plus", "star")

LIGHT = {
    "ground": "#FFFFFF",
    "ink": "#1A1F29",
    "muted": "#6B7280",
    "faint": "#D5DAE1",
    "path": "#C04C00",
    "ball": "#C04C00",
    "second": "#0072B2",
    "good": "#00735A",
    "accent": "#0B5FA5",
    "halo": "#FFFFFF",
}
DARK = {
    "ground": "#0E1117",
    "ink": "#E8ECF2",
    "muted": "#9AA4B2",
    "faint": "#343B48",
    "path": "#FF8A3D",
    "ball": "#FF8A3D",
    "second": "#6CB6FF",
    "good": "#2ECC9B",
    "accent": "#6CB6FF",
    "halo": "#0E1117",
}

# Ten things that run side by side, told apart by marker and label as well; all can be read as
# words on their ground.
_SIDE_BY_SIDE = (
    ("#1A1F29", "#B84300", "#0065A0", "#00735A", "#8A5A00",
     "#A03878", "#5A3FA8", "#0B7285", "#7A3B1E", "#5B6472"),
    ("#E8ECF2", "#FF8A3D", "#6CB6FF", "#2ECC9B", "#F2C14E",
     "#F08CC0", "#B79CFF", "#5BD6EA", "#D9A07A", "#9AA4B2"),
)  # fmt: skip
RUNNERS = tuple(f"runner{i}" for i in range(10))
LIGHT |= dict(zip(RUNNERS, _SIDE_BY_SIDE[0], strict=True))
DARK |= dict(zip(RUNNERS, _SIDE_BY_SIDE[1], strict=True))
RUNNER_MARKERS = ("circle", "square", "diamond", "triangle", "plus", "cross", "star", "square",
                  "diamond", "triangle")  # fmt: skip
PALETTES = {"light": LIGHT, "dark": DARK}

STAGE_TYPE = 16  # px; what the last row can read on a projector
PRESENTER_TYPE = 22  # px

# Evenly spaced anchors, interpolated to 256 colors. ``terrain`` is for loss surfaces under an
# orange path: low is light, high is a deep blue, so that the path stays the loudest thing; the
# gray ``relief`` is for paths of many colors.
_ANCHORS = {
    "viridis": ("#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962",
                "#ADDC30", "#FDE725"),
    "diverging": ("#004B7A", "#0072B2", "#7FB4D4", "#F7F7F7", "#F2CB85", "#E69F00", "#9C6C00"),
    "terrain": ("#FBFCFE", "#E3EDF6", "#C3DAEC", "#98C0DE", "#689FCB", "#3F7DB1", "#245B8E",
                "#123A63"),
    "terrain_dark": ("#10141C", "#16212F", "#1B3044", "#21425D", "#295779", "#336E97", "#4187B4",
                     "#58A2CF"),
    "relief": ("#FDFDFE", "#F1F3F5", "#E4E7EB", "#D6DAE0", "#C7CCD4", "#B8BEC8"),
    "relief_dark": ("#0E1117", "#161A22", "#1F242E", "#29303B", "#343C49", "#404957"),
    "gray": ("#000000", "#FFFFFF"),
}  # fmt: skip

DARK_TWIN = {
    "terrain": "terrain_dark",
    "relief": "relief_dark",
}  # color maps that change with the ground


def rgb(color: str) -> tuple[int, int, int]:
    """Return the red, green and blue (0 to 255) of a ``#RRGGBB`` color."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@cache
def colormap(name: str) -> NDArray[np.uint8]:
    """Return a color map: uint8 of shape (256, 3), read-only.

    ``labels`` gives code i the color of class i, and is used with whole-number fields.
    """
    if name == "labels":
        colors = [rgb(CLASS_COLORS[i % len(CLASS_COLORS)]) for i in range(256)]
        return frozen(colors, np.uint8)
    anchors = np.array([rgb(color) for color in _ANCHORS[name]], dtype=float)
    at = np.linspace(0, len(anchors) - 1, 256)
    bands = [np.interp(at, np.arange(len(anchors)), anchors[:, i]) for i in range(3)]
    return frozen(np.stack(bands, axis=1).round(), np.uint8)


COLORMAPS = ("labels", *_ANCHORS)


def figure(title: str, x: str, y: str, *, dark: bool = False) -> go.Figure:
    """Return an empty plotly figure in the app's look, with named axes."""
    colors = DARK if dark else LIGHT
    axis = {
        "linecolor": colors["muted"],
        "gridcolor": colors["faint"],
        "zeroline": False,
        "showline": True,
        "ticks": "outside",
    }
    return go.Figure(
        layout={
            "title": {"text": title, "x": 0, "xanchor": "left"},
            "xaxis": {"title": x, **axis},
            "yaxis": {"title": y, **axis},
            "paper_bgcolor": colors["ground"],
            "plot_bgcolor": colors["ground"],
            "font": {"color": colors["ink"], "size": STAGE_TYPE},
            "margin": {"l": 60, "r": 10, "t": 44, "b": 48},
            "showlegend": False,
            "colorway": list(CLASS_COLORS),
        }
    )
