"""A window slides over an image of numbers, and each place gives a number of the output."""

import numpy as np
from numpy.typing import NDArray

from dlviz.cell_layers import Cells, Products
from dlviz.convolution.config import ConvolutionConfig
from dlviz.convolution.knobs import LABELS, turned
from dlviz.convolution.runs import guess_kernel, sweep
from dlviz.convolution.sliding import WindowTrace
from dlviz.layers import Layer, Segments
from dlviz.scene import Axis, Knob, Panel, Scene

Array = NDArray[np.float64]

SECONDS = 9.0  # that a film takes about
WORDS = {
    "convolve": "the {taps} products sum to",
    "max": "the largest of {taps} is",
    "min": "the smallest of {taps} is",
    "mean": "the mean of {taps} is",
}
ALONE = {"convolve": "the product is", **dict.fromkeys(("max", "min", "mean"), "the number is")}


def window_scene(config: ConvolutionConfig, shifts: tuple[float, ...]) -> Scene:
    """Return the window at each place, at each shift of the image."""
    runs = sweep(config, [int(shift) for shift in shifts])
    trace, outputs = runs[0], np.stack([run.output for run in runs])
    n, taps = len(trace.corners), trace.kernel.size
    rows, columns = np.unravel_index(np.arange(n), trace.output.shape)
    words = WORDS[config.operation].format(taps=taps) if taps > 1 else ALONE[config.operation]
    return Scene(
        panels=(
            _image(runs, _outlines(trace, 0)),
            _output(outputs, first=1),
            _products(config, runs),
        ),
        frames=n,
        fps=_pace(n),
        captions=(f"row {{row}}, column {{column}}: {words} {{value}}; {_sizes(trace)}",),
        knob=Knob("shift", LABELS["shift"], shifts, 0),
        layout="split",
        unit="window",
        numbers=tuple(range(1, n + 1)),
        readouts={
            "row": rows[None] + 1,
            "column": columns[None] + 1,
            "value": outputs.reshape(len(runs), n),
        },
    )


def guess_scene(config: ConvolutionConfig, noises: tuple[float, ...]) -> Scene:
    """Return what each further window tells of a kernel, at each size of the noise."""
    found = [guess_kernel(each) for each in turned(config, noises)]
    trace = found[0][0]
    n, (rows, columns) = len(trace.corners), trace.kernel.shape
    kernels = np.round([each.kernels for _, _, each in found], 6)
    limit = max(1.0, float(np.abs(trace.kernel).max()))
    estimate = Cells(values=kernels, over="kt", top=rows, limit=limit, signed=True)
    panel = Panel(
        "kernel",
        Axis("", 0, columns),
        Axis("", 0, rows),
        (estimate,),
        equal=True,
        title="the kernel so far",
        alt="The kernel with the smallest weights that explains the output so far.",
    )
    return Scene(
        panels=(
            _image((trace,), _outlines(trace, 1)),
            _output(np.stack([seen for _, seen, _ in found]), first=0),
            panel,
        ),
        frames=n + 1,
        fps=_pace(n),
        captions=(
            f"{{frame}} of {n} windows, {{rank}} of {trace.kernel.size} weights' worth settled; "
            "the worst weight is off by {error}",
        ),
        knob=Knob("noise", LABELS["noise"], noises, 0),
        layout="split",
        unit="window",
        readouts={
            "rank": found[0][2].ranks[None],
            "error": np.round([each.errors for _, _, each in found], 6),
        },
    )


def _pace(n: int) -> float:
    return float(np.clip(n / SECONDS, 2.0, 30.0))


def _sizes(trace: WindowTrace) -> str:
    height, width = trace.image.shape
    rows, columns = trace.output.shape
    return f"{height} × {width} becomes {rows} × {columns}"


def _image(runs: tuple[WindowTrace, ...], outline: Segments) -> Panel:
    trace = runs[0]
    height, width = trace.padded.shape
    limit = max(1.0, float(trace.image.max()))
    several = len(runs) > 1
    values = np.stack([run.padded for run in runs]) if several else trace.padded
    cells = Cells(values=values, over="k" if several else "", top=height, limit=limit)
    layers: list[Layer] = [cells]
    if trace.padded.shape != trace.image.shape:
        layers.append(_rim(trace))
    words = "the image" if len(layers) == 1 else "the image, and what is around it"
    return Panel(
        "image",
        Axis("", -0.05, width + 0.05),
        Axis("", -0.05, height + 0.05),
        (*layers, outline),
        equal=True,
        pick=True,
        framed=False,
        title=words,
        alt=f"An image of {trace.image.shape[0]} by {trace.image.shape[1]} numbers, and "
        "the window on it.",
    )


def _rim(trace: WindowTrace) -> Segments:
    """Return the border between the image and its padding."""
    spare = np.subtract(trace.padded.shape, trace.image.shape)
    top, left = spare // 2
    height, width = trace.image.shape
    box = _box(trace.padded.shape[0], np.array([[top, left]]), height, width)
    return Segments(xy=box[0], color="second", width=3.0, dashed=True)


def _outlines(trace: WindowTrace, before: int) -> Segments:
    """Return the window at each frame, after some frames without one; each tap where they part."""
    d, (rows, columns) = trace.dilation, trace.kernel.shape
    height = trace.padded.shape[0]
    if d == 1:
        boxes = _box(height, trace.corners, rows, columns)
    else:
        taps = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), -1)
        at = trace.corners[:, None] + d * taps.reshape(1, -1, 2)
        boxes = _box(height, at.reshape(-1, 2), 1, 1).reshape(len(trace.corners), -1, 2, 2)
    none = np.full((before, *boxes.shape[1:]), np.nan)
    return Segments(xy=np.concatenate([none, boxes]), over="t", color="path", width=4.0)


def _box(height: int, corners: NDArray[np.intp], rows: int, columns: int) -> Array:
    """Return the four sides of boxes, (n, 4, 2, 2), y upward, given by row and column."""
    low = height - corners[:, 0] - rows
    left = corners[:, 1]
    right, high = left + columns, low + rows
    ends = [
        (left, low, right, low),
        (right, low, right, high),
        (right, high, left, high),
        (left, high, left, low),
    ]
    return np.stack([np.stack(end, -1).reshape(-1, 2, 2) for end in ends], axis=1).astype(float)


def _output(outputs: Array, first: int) -> Panel:
    _, rows, columns = outputs.shape
    limit = max(1.0, float(np.abs(outputs).max()))
    cells = Cells(
        values=outputs,
        over="k",
        top=rows,
        limit=limit,
        signed=bool((outputs < 0).any()),
        moving=True,
        first=first,
    )
    return Panel(
        "output",
        Axis("", -0.05, columns + 0.05),
        Axis("", -0.05, rows + 0.05),
        (cells,),
        equal=True,
        title=f"the output, {rows} × {columns}",
        alt=f"The output, {rows} by {columns} numbers, filling up.",
    )


def _products(config: ConvolutionConfig, runs: tuple[WindowTrace, ...]) -> Panel:
    trace = runs[0]
    rows, columns = trace.kernel.shape
    way = "sum" if config.operation == "convolve" else config.operation
    layer = Products(
        image=np.stack([run.padded for run in runs]),
        over="k",
        kernel=trace.kernel,
        corners=trace.corners,
        dilation=trace.dilation,
        way=way,
    )
    flipped = ", flipped" if config.flip else ""
    words = f"window · kernel{flipped}" if way == "sum" else "under the window"
    return Panel(
        "products",
        Axis("", 0, columns),
        Axis("", 0, rows + 1),
        (layer,),
        title=words,
        alt=f"The numbers under the window, their weights if it has any, and their {way}.",
    )
