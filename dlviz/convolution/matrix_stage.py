"""The layer as a wiring and as a matrix, with its weights free, local, or shared."""

import numpy as np
from numpy.typing import NDArray

from dlviz.cell_layers import Cells
from dlviz.convolution.config import ConvolutionConfig
from dlviz.convolution.knobs import LABELS, MARKS
from dlviz.convolution.matrices import INPUTS, TAPS, TIES, LayerMatrix, layer_matrix
from dlviz.layers import Bars, Layer, Points, Segments, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.theme import CLASS_COLORS

Array = NDArray[np.float64]

_SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def matrix_scene(config: ConvolutionConfig) -> Scene:
    """Return the layer with each tie of its weights, output by output."""
    kernel = np.array([1.0, 2.0, -1.0])
    layers = [layer_matrix(tie, config.border, kernel) for tie in TIES]
    outputs = len(layers[0].names)
    free = np.array([[float(layer.free)] for layer in layers])
    return Scene(
        panels=(_wiring(layers), _matrix(layers), _counts(free.ravel())),
        frames=outputs,
        fps=0.8,
        captions=(f"output {{row}} of {outputs}; {{free}} parameters to learn",),
        knob=Knob("tie", LABELS["tie"], (0.0, 1.0, 2.0), 0, MARKS["tie"]),
        layout="split",
        unit="output",
        numbers=tuple(range(1, outputs + 1)),
        readouts={"free": free, "row": np.arange(1.0, outputs + 1)[None]},
    )


def weight_name(number: int) -> str:
    """Return w₁ for 1."""
    return "w" + str(number).translate(_SMALL)


def formula_of(layer: LayerMatrix, row: int) -> str:
    """Return an output in words: y₁ = w₁x₁ + w₂x₂ + w₃x₃."""
    terms = [
        f"{weight_name(int(w))}x{str(i + 1).translate(_SMALL)}"
        for i, w in enumerate(layer.names[row])
        if w
    ]
    return f"y{str(row + 1).translate(_SMALL)} = " + " + ".join(terms)


def _wiring(layers: list[LayerMatrix]) -> Panel:
    names = np.stack([layer.names for layer in layers])
    outputs = names.shape[1]
    left = (INPUTS - outputs) / 2
    starts = np.stack([np.arange(INPUTS), np.ones(INPUTS)], -1)
    ends = np.stack([left + np.arange(outputs), np.zeros(outputs)], -1)
    edges = np.stack(np.broadcast_arrays(starts[None], ends[:, None]), -2)  # (outputs, 5, 2, 2)
    marks: list[Layer] = [_edges(edges, names, tap) for tap in range(TAPS + 1)]
    marks += [_lit(edges, names, tap) for tap in range(TAPS + 1)]
    for at, letter, color, gap in ((starts, "x", "ink", 0.16), (ends, "y", "second", -0.2)):
        marks.append(Points(xy=at, size=13.0, color=color))
        marks.append(Text(xy=at + np.array([0, gap]), texts=_labels(letter, len(at))))
    marks.append(_formulas(layers))
    return Panel(
        "wiring",
        Axis("", -0.6, INPUTS - 0.3),
        Axis("", -0.75, 1.32),
        tuple(marks),
        framed=False,
        title="lines of one color are one weight",
        alt="Five inputs above, the outputs below; a line for each weight.",
    )


def _chosen(names: NDArray[np.intp], tap: int) -> NDArray[np.bool_]:
    """Return which edges are drawn in the color of a tap, 1 to 3; 0 is for those of no tap."""
    shared = np.zeros(names.shape, dtype=bool)
    shared[-1] = names[-1] > 0
    return shared & (names == tap) if tap else (names > 0) & ~shared


def _edges(edges: Array, names: NDArray[np.intp], tap: int) -> Segments:
    there = _chosen(names, tap)[..., None, None]
    xy = np.where(there, edges[None], np.nan).reshape(len(names), -1, 2, 2)
    return Segments(xy=xy, over="k", color=_color(tap), width=2.0)


def _lit(edges: Array, names: NDArray[np.intp], tap: int) -> Segments:
    """Return the edges of the output at each frame, drawn thick."""
    outputs = names.shape[1]
    now = np.eye(outputs, dtype=bool)[None, :, :, None] & _chosen(names, tap)[:, None]
    xy = np.where(now[..., None, None], edges[None, None], np.nan)
    return Segments(
        xy=xy.reshape(len(names), outputs, -1, 2, 2), over="kt", color=_color(tap), width=7.0
    )


def _color(tap: int) -> str:
    return CLASS_COLORS[tap - 1] if tap else "muted"


def _labels(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{str(i + 1).translate(_SMALL)}" for i in range(count))


def _formulas(layers: list[LayerMatrix]) -> Text:
    outputs = len(layers[0].names)
    texts = tuple(formula_of(layer, row) for layer in layers for row in range(outputs))
    xy = np.full((len(layers), outputs, len(texts), 2), np.nan)
    for k in range(len(layers)):
        for row in range(outputs):
            xy[k, row, k * outputs + row] = ((INPUTS - 1) / 2, -0.62)
    return Text(xy=xy, over="kt", texts=texts)


def _matrix(layers: list[LayerMatrix]) -> Panel:
    names = np.stack([layer.names for layer in layers])
    codes = np.zeros(names.shape, dtype=np.uint8)
    codes[-1] = names[-1]
    outputs = names.shape[1]
    most = int(names.max())
    cells = Cells(
        values=names,
        codes=codes,
        over="k",
        top=outputs,
        names=("0", *(weight_name(i + 1) for i in range(most))),
    )
    rows = np.array(
        [[[(0, y), (INPUTS, y)], [(0, y + 1), (INPUTS, y + 1)]] for y in range(outputs)[::-1]],
        dtype=float,
    )
    now = Segments(xy=rows, over="t", color="path", width=4.0)
    return Panel(
        "matrix",
        Axis("", -0.03, INPUTS + 0.03),
        Axis("", -0.03, outputs + 0.03),
        (cells, now),
        equal=True,
        framed=False,
        title="the same as a matrix: y = W x",
        alt="The matrix of the layer: a row for each output, a column for each input.",
    )


def _counts(free: Array) -> Panel:
    bars = Bars(
        heights=free, labels=tuple(f"{tie}: {n:g}" for tie, n in zip(TIES, free, strict=True))
    )
    return Panel(
        "counts",
        Axis("", -0.6, len(free) - 0.4),
        Axis("parameters", 0, float(free.max()) * 1.1, whole=True),
        (bars,),
        framed=False,
        title="parameters to learn",
        alt="How many parameters there are to learn, for each tie.",
    )
