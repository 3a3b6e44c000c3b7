"""A photograph through a kernel, at every angle or amount of it; or through a pooling's window."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dlviz.cell_layers import Cells
from dlviz.convolution.config import ConvolutionConfig, kernel_of
from dlviz.convolution.knobs import LABELS, MARKS, knob_of, turned
from dlviz.convolution.photos import mixed_kernel, seen_through
from dlviz.layers import Field
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

Array = NDArray[np.float64]

KERNEL_SHARE = 0.3  # of the photo's width, that the kernel under it has
LEAST = 24  # px a side: what the widest kernel with the widest holes needs, and more
HAIR = 99.0  # percent of the numbers that have a shade of their own


def photo_scene(config: ConvolutionConfig, values: tuple[float, ...], pixels: Array) -> Scene:
    """Return a photo, what it is through the window, and the kernel, at each turn of the knob.

    Parameters
    ----------
    pixels : (H, W) in [0, 1], row 0 at the top
    """
    field = knob_of(config)
    configs = turned(config, values)
    spare = [(0, max(0, LEAST - side)) for side in pixels.shape]
    pixels = np.pad(pixels, spare, mode="edge")
    stacked = seen_through(configs, pixels)
    signed = field == "angle" and abs(float(kernel_of(config).sum())) < 0.5
    panels = [
        _picture("photo", pixels[None], "the photo", "gray", 1.0),
        _output(stacked, configs, signed),
    ]
    if config.operation == "convolve":
        panels[0] = _with_kernel(panels[0], configs)
    marks = MARKS.get(field, ())
    return Scene(
        panels=tuple(panels),
        captions=tuple(_caption(each, field) for each in configs),
        knob=Knob(field, LABELS[field], values, 0, marks),
        layout="split",
    )


def _caption(config: ConvolutionConfig, field: str) -> str:
    if field == "pool_size":
        side = config.pool_size
        return f"the {config.operation} of each {side} × {side} pixels: 1/{side * side} of the data"
    if field == "angle":
        return f"the kernel at {number(config.angle)}°"
    rest = number(round(1 - config.amount, 6))
    return f"{rest} · the photo + {number(config.amount)} · the photo through the kernel"


def _output(outputs: Array, configs: list[ConvolutionConfig], signed: bool) -> Panel:
    if signed:
        limit = float(np.percentile(np.abs(outputs), HAIR)) or 1.0
        panel = _picture(
            "output", outputs, "the output: orange positive, blue negative", "diverging", limit
        )
        return panel
    if configs[0].operation == "convolve":
        # An even patch stays as bright; where the weights sum to 0 it becomes middle gray.
        sums = np.reshape([mixed_kernel(each).sum() for each in configs], (-1, 1, 1))
        outputs = np.where(sums > 1, outputs / np.maximum(sums, 1), outputs + 0.5 * (1 - sums))
    return _picture("output", outputs, "the output", "gray", 1.0)


def _picture(name: str, images: Array, title: str, colors: str, limit: float) -> Panel:
    """Return a panel with an image (1, H, W), or one for each turn of the knob (K, H, W)."""
    share = images / limit
    codes = 255 * share if colors == "gray" else 127.5 + 127.5 * share
    image = np.clip(np.rint(codes), 0, 255).astype(np.uint8)[:, ::-1]
    height, width = image.shape[1:]
    layer = Field(
        image=image if len(image) > 1 else image[0],
        over="k" if len(image) > 1 else "",
        x=(0.5, width - 0.5),
        y=(0.5, height - 0.5),
        colors=colors,
    )
    return Panel(
        name,
        Axis("", 0, width),
        Axis("", 0, height),
        (layer,),
        equal=True,
        framed=False,
        title=title,
        alt=f"{title[0].upper()}{title[1:]}, {width} by {height} pixels.",
    )


def _with_kernel(panel: Panel, configs: list[ConvolutionConfig]) -> Panel:
    """Return the photo's panel with the kernel of each turn under the photo."""
    kernels = np.stack([mixed_kernel(each) for each in configs])
    shown = kernels[:, ::-1, ::-1] if configs[0].flip else kernels
    width, side = panel.x.high, kernels.shape[-1]
    unit = KERNEL_SHARE * width / side
    layer = Cells(values=np.round(shown, 3), over="k", top=-0.03 * width, unit=unit, signed=True,
                  paper=True, left=(width - unit * side) / 2,
        limit=0.0,)  # fmt: skip
    return replace(panel, y=Axis("", -(0.04 + KERNEL_SHARE) * width, panel.y.high),
                   layers=(*panel.layers, layer),
                   title="the photo, and the kernel" + ", flipped" * configs[0].flip,
                   alt=f"{panel.alt} Under it the kernel, {side} by {side} weights.")  # fmt: skip
