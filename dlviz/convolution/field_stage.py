"""The receptive field of a unit: which inputs it can see, layer by layer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.convolution.config import ConvolutionConfig, field_of
from dlviz.convolution.knobs import LABELS
from dlviz.convolution.receptive import Stack
from dlviz.layers import Bars, Curve, Field
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.stack_layers import SLANT, StackDrawing
from dlviz.words import counted

Array = NDArray[np.float64]
Ways = list[NDArray[np.int64]]  # to each unit of the input and each layer

PRESS = "press on any unit"
TAIL = 0.22  # of a plane's width, at its right, for the layer's name


def field_scene(config: ConvolutionConfig, units: tuple[float, ...]) -> Scene:
    """Return the way back from each unit of a layer, a layer for each frame."""
    layers, top = field_of(config), config.layers - config.back
    seen = [layers.seen(int(unit), top) for unit in units]
    rows = layers.seen(config.unit_row, top)[0] if config.plane else None
    beside = [_growth(config, layers), _ways(seen, rows)]
    return Scene(
        panels=(_net(config, layers), *beside[:: -1 if config.plane else 1]),
        frames=top + 1,
        fps=1.0,
        captions=("{says}; " + _reach(config, layers, top),),
        says=_back(seen[0], config.plane),
        knob=Knob("unit", f"unit of layer {top}" if config.back else LABELS["unit"], units, 0),
        layout="main" if config.plane else "split",
        unit="layer",
    )


def _reach(config: ConvolutionConfig, layers: Stack, top: int) -> str:
    side = layers.fields[top]
    inputs = f"{side} × {side} = {side * side} inputs" if config.plane else f"{side} inputs"
    return f"{counted(top, 'layer')} see{'s' * (top == 1)} {inputs}"


def _back(ways: Ways, plane: bool) -> tuple[str, ...]:
    """Return how far each frame is back, and how many units in a row are there, read or not."""
    said = []
    for back, each in enumerate(ways[::-1]):
        span, read = int(np.ptp(np.flatnonzero(each))) + 1, int((each > 0).sum())
        row = f"{span} × {span} units" if plane else f"{counted(span, 'unit')} in a row"
        said.append(f"{counted(back, 'layer')} back: {row}, {read**2 if plane else read} read")
    return tuple(said)


def _net(config: ConvolutionConfig, layers: Stack) -> Panel:
    depth, inputs = len(layers.sizes) - 1, layers.sizes[0]
    parts: dict[str, Any] = {**vars(layers), "top": depth - config.back}
    del parts["centers"]
    if not config.plane:
        return Panel(
            "net", Axis("input", -1, inputs, whole=True),
            Axis("layer", -0.4, depth + 0.4, whole=True), (StackDrawing(**parts),),
            pick=True, title=PRESS,
            alt="Rows of units, the inputs lowest; those that the chosen unit can see are lit, "
            "layer by layer.",
        )  # fmt: skip
    rise = SLANT * inputs + 0.12 * inputs
    drawing = StackDrawing(**parts, row=config.unit_row, rise=rise)
    return Panel(
        "net",
        Axis("", -1, inputs * (1 + SLANT + TAIL)),
        Axis("", -1, depth * rise + SLANT * inputs),
        (drawing,),
        pick=True,
        framed=False,
        title=PRESS,
        alt="Planes of units, the input lowest; in each the square that the chosen unit can see "
        "is lit, layer by layer.",
    )


def _growth(config: ConvolutionConfig, layers: Stack) -> Panel:
    fields = layers.fields
    curve = Curve(x=np.arange(len(fields)), y=np.array(fields, dtype=float), cursor="step")
    return Panel(
        "growth",
        Axis("layers", 0, max(1, len(fields) - 1), whole=True),
        Axis("inputs seen", 0, fields[-1] * 1.15, whole=True),
        (curve,),
        title="its side: " + ", ".join(map(str, fields)) if config.plane
        else "the field by layers: " + ", ".join(map(str, fields)),
        alt="How many inputs a unit sees after each layer.",
    )  # fmt: skip


def _ways(seen: list[Ways], rows: NDArray[np.int64] | None) -> Panel:
    """Return the ways to each input; in a plane they are those in its row times in its column."""
    ways = np.stack([each[0] for each in seen]).astype(float)
    inputs, title = ways.shape[1], "in how many ways each input reaches it"
    alt = "In how many ways each input reaches the unit: most from the middle."
    if rows is None:
        return Panel(
            "ways", Axis("input", -0.6, inputs - 0.4, whole=True),
            Axis("ways", 0, ways.max() * 1.1, whole=True), (Bars(heights=ways, over="k"),),
            title=title, alt=alt,
        )  # fmt: skip
    most = ways.max() * rows.max()
    image = np.rint(255 * ways[:, None, :] * rows[:, None] / most).astype(np.uint8)
    field = Field(image=image, over="k", x=(0, inputs - 1), y=(0, inputs - 1),
                  levels=np.linspace(0, most, 256))  # fmt: skip
    across = Axis("column", -0.5, inputs - 0.5, whole=True)
    down = Axis("row", -0.5, inputs - 0.5, whole=True)
    return Panel("ways", across, down, (field,), equal=True, title="ways of each input", alt=alt)
