"""Equivariance seen: the image moved, then convolved; convolved, then moved; the difference."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dlviz.cell_layers import Cells
from dlviz.convolution.config import ConvolutionConfig
from dlviz.convolution.knobs import LABELS, knob_of, turned
from dlviz.convolution.moving import move
from dlviz.layers import Layer, Text
from dlviz.scene import Axis, Knob, Panel, Scene

Array = NDArray[np.float64]

GAP, HEAD = 1.0, 0.16  # between two grids, in cells; above them, of their height


def shift_scene(config: ConvolutionConfig, values: tuple[float, ...]) -> Scene:
    """Return both ways at each turn of the knob."""
    field = knob_of(config)
    runs = [move(each) for each in turned(config, values)]
    verb = "convolved" if config.operation == "convolve" else "pooled"
    done = "moved" if field == "shift" else "turned"
    firsts, afters = np.stack([r.first for r in runs]), np.stack([r.after for r in runs])
    limit = max(1.0, float(np.abs(firsts).max()))
    signed = bool((firsts < 0).any())
    image = np.stack([run.image for run in runs])
    panels = (
        _dragged(
            _panel("image", image, f"the image, {done}: drag it", max(1.0, float(image.max()))),
            field,
        ),
        _ways((firsts, afters), (f"{done} → {verb}", f"{verb} → {done}"), limit, signed),
        _panel("gap", firsts - afters, "the difference", limit, signed=True),
    )
    return Scene(
        panels=panels,
        captions=("the two ways differ by at most {gap}; the image changed by {change} a cell, "
                  "its output by {echo}",),
        knob=Knob(field, LABELS[field], values, 0),
        layout="split",
        readouts={
            "gap": np.array([[run.gap] for run in runs]),
            "change": np.array([[run.change] for run in runs]),
            "echo": np.array([[run.answer] for run in runs]),
        },
    )  # fmt: skip


def _dragged(panel: Panel, field: str) -> Panel:
    """Return the panel of the image, which a drag moves as the knob does."""
    return replace(panel, drag="across" if field == "shift" else "around")


def _ways(ways: tuple[Array, Array], names: tuple[str, str], limit: float, signed: bool) -> Panel:
    """Return both ways side by side, each under its name."""
    _, rows, columns = ways[0].shape
    wide, tall = 2 * columns + GAP, rows * (1 + HEAD)
    layers: list[Layer] = []
    for i, values in enumerate(ways):
        left = i * (columns + GAP)
        layers.append(Cells(values=np.round(values, 6), over="k", left=left, top=rows, limit=limit,
                            signed=signed))  # fmt: skip
        at = np.array([[left + columns / 2, rows * (1 + HEAD / 3)]])
        layers.append(Text(xy=at, texts=(names[i],)))
    return Panel(
        "ways",
        Axis("", 0, wide),
        Axis("", 0, tall),
        tuple(layers),
        equal=True,
        framed=False,
        alt=f"Left, {names[0]}; right, {names[1]}: {rows} by {columns} numbers.",
    )


def _panel(name: str, values: Array, title: str, limit: float, signed: bool = False) -> Panel:
    _, rows, columns = values.shape
    layer = Cells(values=np.round(values, 6), over="k", top=rows, limit=limit, signed=signed)
    return Panel(
        name,
        Axis("", 0, columns),
        Axis("", 0, rows),
        (layer,),
        equal=True,
        title=title,
        alt=f"{title[0].upper()}{title[1:]}: {rows} by {columns} numbers.",
    )
