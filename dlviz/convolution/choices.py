"""What the page offers to choose, and settings as the engine takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isqrt
from typing import Any

import numpy as np

from dlviz.convolution.config import (
    LARGEST,
    SMALLEST,
    WIDEST_KERNEL,
    ConvolutionConfig,
    fitted,
    image_of,
    kernel_of,
    stack_of,
    units_of,
)
from dlviz.convolution.kernels import KERNELS, least_side
from dlviz.convolution.knobs import turned, values_of
from dlviz.convolution.lines import LINE_KERNELS, SIGNALS
from dlviz.convolution.receptive import MOST_INPUTS, fields_of
from dlviz.convolution.runs import run
from dlviz.drawn import FULL, text_of

PICTURE_NAMES = {
    "window": "Window",
    "guess": "Guess",
    "photo": "Photo",
    "line": "1-D",
    "matrix": "Matrix",
    "shift": "Shift",
    "cost": "Cost",
    "field": "Field",
}
OPERATION_NAMES = {"convolve": "Convolve", "max": "Max pooling", "mean": "Mean pooling",
                   "min": "Min pooling"}  # fmt: skip
KERNEL_NAMES = {**{name: kernel.label for name, kernel in KERNELS.items()}, "own": "My own",
                "secret": "A secret one"}  # fmt: skip
BORDER_NAMES = {"valid": "Nothing", "same": "Zeros", "circular": "Itself again"}
PHOTO_NAMES = {"china": "Temple", "flower": "Flower", "camera": "Cameraman",
               "astronaut": "Astronaut", "own": "My own"}  # fmt: skip
MOVE_NAMES = {"shift": "Shift it", "turn": "Turn it"}
IMAGES = {
    "Stroke": ConvolutionConfig.image,
    "Step": "9990000" * 7,
    "Dot": "0" * 24 + "1" + "0" * 24,
}
SLIDING = (
    ("slider", "stride", "Stride", 1, 4),
    ("slider", "dilation", "Dilation", 1, 3),
    ("toggle", "flip", "Flip the kernel", "Convolution as in mathematics; without it, correlation"),
)
LINE = (
    ("choice", "signal", "Signal", SIGNALS),
    ("choice", "line_kernel", "Kernel", LINE_KERNELS),
    ("slider", "taps", "Taps of the kernel", 1, 15),
    ("slider", "frequency", "Frequency", 0.0, 0.5, 0.0125),
)
MATRIX = (("choice", "border", "Around the input", BORDER_NAMES),)
COST = (
    ("slider", "image_height", "Height of the image", 8, 4096, 8),
    ("slider", "kernel_height", "Height of the kernel", 1, 15),
    ("slider", "kernel_width", "Width of the kernel", 1, 15),
)
FIELD = {  # label, least and most of what a stack is made of
    "layers": ("Layers", 1, 5),
    "field_kernel": ("Kernel", 2, 5),
    "field_stride": ("Stride of each layer", 1, 3),
    "field_dilation": ("Dilation of the first", 1, 3),
}
BRUSHES = {"window": 1, "guess": 1}  # pictures whose image is painted on
ROWS = {"line": LINE, "matrix": MATRIX, "cost": COST}


def settled(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what is to change so that all settings fit each other: the image, and its shift."""
    return {
        "image": fitted(settings["image"], settings["size"]),
        "shift": settings["shift"] % settings["size"],
    }


def grown(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what is to change so that the kernel that is chosen has a side that it can have."""
    return {"kernel_size": max(settings["kernel_size"], least_side(settings["kernel"]))}


def shown_kernel(settings: dict[str, Any]) -> tuple[tuple[float, ...], int]:
    """Return the weights of the kernel that is chosen, row by row, and how many are in a row."""
    names = ("kernel", "weights", "kernel_size", "angle", "seed")
    weights = kernel_of(ConvolutionConfig(picture="cost", **{n: settings[n] for n in names}))
    return tuple(weights.ravel().tolist()), len(weights)


def has_side(name: str) -> bool:
    """Return whether a kernel can have any side."""
    return name not in KERNELS or KERNELS[name].sized


def is_turned(name: str) -> bool:
    """Return whether a kernel has an angle."""
    return name in KERNELS and KERNELS[name].turned


def window_of(settings: dict[str, Any]) -> int:
    """Return how many cells a side the image must have for the window to fit."""
    if settings["picture"] != "guess" and settings["operation"] != "convolve":
        return int(settings["pool_size"])
    reach = settings["dilation"] * (shown_kernel(settings)[1] - 1) + 1
    return int(reach) if settings["border"] == "valid" else 1


def sizes(settings: dict[str, Any]) -> tuple[int, int]:
    """Return the ends of the image's side: the window fits in, but what is set stays possible."""
    least = max(SMALLEST, min(window_of(settings), LARGEST - 1))
    return min(least, settings["size"]), LARGEST


def sides(settings: dict[str, Any]) -> tuple[int, int]:
    """Return the ends of the kernel's side: it fits in, but what is set stays possible."""
    least = least_side(settings["kernel"])
    most = WIDEST_KERNEL
    if settings["picture"] != "photo" and settings["border"] == "valid":
        most = min(most, (settings["size"] - 1) // settings["dilation"] + 1)
    return least, max(most, least + 1, settings["kernel_size"])


def pooling(settings: dict[str, Any]) -> tuple[tuple[Any, ...], ...]:
    """Return the controls of a pooling: its window fits in, but what is set stays possible."""
    most = max(min(8, settings["size"]), settings["pool_size"])
    return (
        ("slider", "pool_size", "Window", 1, most),
        ("slider", "pool_stride", "Stride", 1, 8),
    )


def stacking(settings: dict[str, Any]) -> tuple[tuple[Any, ...], ...]:
    """Return the controls of a stack: what they offer fits on the inputs there are."""
    rows: list[tuple[Any, ...]] = [
        ("slider", name, label, least, _most(settings, name))
        for name, (label, least, _) in FIELD.items()
    ]
    if settings["doubling"] or _fits({**settings, "doubling": True}):
        rows.append(("toggle", "doubling", "Dilation doubles by layer"))
    rows.append(("toggle", "plane", "In two dimensions"))
    layers = settings["layers"]
    if layers > 1:
        names = {0: "the last", **{i: f"layer {layers - i}" for i in range(1, layers)}}
        rows.append(("choice", "back", "Look from a unit of", names))
    if settings["plane"] and (last := _last_unit(settings)):
        rows.append(("slider", "unit_row", "Row of the unit", 0, last))
    return tuple(rows)


def looked_from(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what is to change so that the unit that is looked from is there."""
    back = min(settings["back"], settings["layers"] - 1)
    last = _last_unit({**settings, "back": back})
    return {"back": back, **{n: min(settings[n], last) for n in ("unit", "unit_row")}}


def _last_unit(settings: dict[str, Any]) -> int:
    """Return the last unit of the layer that is looked from; 0 where a stack does not fit."""
    config = ConvolutionConfig(**_stack_alone(settings), back=settings["back"])
    return max(0, units_of(config) - 1)


def _stack_alone(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in (*FIELD, "doubling")}


def _fits(settings: dict[str, Any]) -> bool:
    config = ConvolutionConfig(**_stack_alone(settings))
    return fields_of(config.field_kernel, *stack_of(config))[-1] <= MOST_INPUTS


def _most(settings: dict[str, Any], name: str) -> int:
    """Return the largest value of a part of a stack that fits with the others, or what is set."""
    _, least, most = FIELD[name]
    fitting = [v for v in range(least, most + 1) if _fits({**settings, name: v})]
    return max(*fitting, settings[name]) if fitting else int(settings[name])


def typed(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what is to change once a weight of the kernel that is shown was typed."""
    return {"kernel": "own", "kernel_size": isqrt(len(settings["weights"]))}


def picked(config: ConvolutionConfig, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a press on the picture changes: the unit of a stack that is looked from."""
    if config.picture != "field" or "layer" not in said:
        return {}
    row = {"unit_row": int(said["row"])} if config.plane else {}
    return {"back": config.layers - int(said["layer"]), "unit": int(said["unit"]), **row}


def painted(config: ConvolutionConfig, stroke: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Return what a stroke over the picture's image changes: its cells.

    It paints as dark as the darkest cell is, or takes away if it begins on a cell with ink.

    Parameters
    ----------
    stroke : x and y of places on the panel of the image, in cells from its lower left
    """
    if config.picture not in ("window", "guess"):
        return {}
    operation = "convolve" if config.picture == "guess" else config.operation
    trace = run(replace(config, picture="window", operation=operation))
    image = image_of(config)
    top, left = np.subtract(trace.padded.shape, trace.image.shape) // 2
    places = np.array(stroke, dtype=float)
    steps = np.linspace(0, len(places) - 1, 20 * len(places))
    x, y = (np.interp(steps, np.arange(len(places)), axis) for axis in places.T)
    rows = len(trace.padded) - 1 - np.floor(y).astype(int) - top
    columns = np.floor(x).astype(int) - left
    inside = (rows >= 0) & (rows < config.size) & (columns >= 0) & (columns < config.size)
    if not inside.any():
        return {}
    cells = rows[inside], (columns[inside] - config.shift) % config.size
    ink = 0.0 if image[cells][0] else max(1.0, float(image.max()))
    image[cells] = ink
    return {"image": text_of(image / FULL)}


def at_rest(config: ConvolutionConfig) -> ConvolutionConfig:
    """Return the settings with the knob at its first value: all its turns share one picture."""
    return turned(config, values_of(config)[:1])[0]
