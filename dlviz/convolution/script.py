"""The code panel: what a picture shows, done by a short script that stands alone."""

from dlviz.convolution.config import ConvolutionConfig, image_of, kernel_of, stack_of
from dlviz.convolution.line_stage import slide_line
from dlviz.convolution.matrices import TIES
from dlviz.convolution.photos import FOLDERS, mixed_kernel

_WINDOWS = """
side, stride, d, border = {side}, {stride}, {dilation}, {border!r}


def windows(image):
    spare = 0 if border == "valid" else d * (side - 1)
    edges = [(spare // 2, spare - spare // 2)] * 2
    x = np.pad(image, edges, mode="wrap" if border == "circular" else "constant")
    reach = d * (side - 1) + 1
    views = np.lib.stride_tricks.sliding_window_view(x, (reach, reach))
    return views[::stride, ::stride, ::d, ::d]


def look(image):
    return {look}

"""

_IMAGE = """import numpy as np

image = np.array({image!r})
image = np.roll(image, {shift}, axis=1)
"""

_PHOTO = """import importlib.util
from pathlib import Path

import numpy as np
from PIL import Image

folder = Path(importlib.util.find_spec("{package}").origin).parent / "{folder}"
photo = Image.open(folder / "{photo}.jpg").convert("L")
photo.thumbnail((240, 240), Image.Resampling.BOX)
image = np.asarray(photo) / 255
"""

_GUESS = """
output = look(image)
output = output + {noise} * np.random.default_rng([{seed}, 1]).normal(0, 1, output.shape)
patches = windows(image).reshape(-1, side * side)
found, _, rank, _ = np.linalg.lstsq(patches, output.ravel(), rcond=1e-10)
print(rank)
print(found.reshape(side, side))
"""

_SHIFT = """
first, after = look({before}), {after}
print(abs(first - after).max())
"""

_LINE = """import numpy as np

x = np.array({signal!r})
k = np.array({kernel!r})
print(np.convolve(x, k, mode="valid"))
print(abs(np.exp(-2j * np.pi * {frequency} * np.arange(len(k))) @ k))
"""

_MATRIX = """import numpy as np

inputs, taps, border, tie = 5, 3, {border!r}, {tie!r}
outputs = inputs - taps + 1 if border == "valid" else inputs
first = 0 if border == "valid" else -1
there = np.zeros((outputs, inputs), dtype=int)  # which tap reads which input, from 1
for i in range(outputs):
    for tap in range(taps):
        j = i + first + tap
        if border == "circular" or 0 <= j < inputs:
            there[i, j % inputs] = tap + 1
if tie == "dense":
    there[:] = np.arange(1, outputs * inputs + 1).reshape(outputs, inputs)
elif tie == "local":
    there[there > 0] = np.arange(1, (there > 0).sum() + 1)
print(there)
print(len(np.unique(there[there > 0])))
"""

_COST = """height, width = {height}, {width}
kernel_height, kernel_width = {kernel_height}, {kernel_width}
outputs = max(0, height - kernel_height + 1) * max(0, width - kernel_width + 1)
taps = kernel_height * kernel_width
print(outputs, outputs * taps, outputs * (2 * taps - 1))
print(height * width * outputs, 2 * height * width * outputs)
"""

_FIELD = """kernel, strides, dilations = {kernel}, {strides!r}, {dilations!r}
field, jump = 1, 1
for stride, dilation in zip(strides, dilations):
    field += (kernel - 1) * dilation * jump
    jump *= stride
    print(field)
"""


def script(config: ConvolutionConfig) -> str:
    """Return Python text that prints the numbers of a picture."""
    if config.picture == "line":
        trace = slide_line(config)
        return _LINE.format(
            signal=trace.signal.tolist(),
            kernel=trace.kernel.tolist(),
            frequency=float(config.frequency),
        )
    if config.picture == "matrix":
        return _MATRIX.format(border=config.border, tie=TIES[config.tie])
    if config.picture == "cost":
        return _COST.format(
            height=config.image_height,
            width=config.image_width,
            kernel_height=config.kernel_height,
            kernel_width=config.kernel_width,
        )
    if config.picture == "field":
        strides, dilations = stack_of(config)
        return _FIELD.format(kernel=config.field_kernel, strides=strides, dilations=dilations)
    return _sliding(config)


def _sliding(config: ConvolutionConfig) -> str:
    if config.picture == "photo":
        name = "china" if config.photo == "own" else config.photo
        package, folder = FOLDERS[name]
        text = _PHOTO.format(photo=name, package=package, folder=folder)
    else:
        shift = config.shift if config.picture in ("window", "guess") else 0
        text = _IMAGE.format(image=image_of(config).tolist(), shift=shift)
    text += _pooling(config) if _pools(config) else _convolving(config)
    if config.picture == "guess":
        return text + _GUESS.format(noise=float(config.noise), seed=config.seed)
    if config.picture == "shift":
        return text + _both_ways(config)
    return text + "\nprint(look(image))\n"


def _pools(config: ConvolutionConfig) -> bool:
    return config.operation != "convolve" and config.picture != "guess"


def _convolving(config: ConvolutionConfig) -> str:
    kernel = mixed_kernel(config) if config.picture == "photo" else kernel_of(config)
    flip = "[::-1, ::-1]" if config.flip else ""
    text = _WINDOWS.format(
        side=len(kernel),
        stride=config.stride,
        dilation=config.dilation,
        border=config.border,
        look="(windows(image) * kernel).sum((2, 3))",
    )
    return f"kernel = np.array({kernel.tolist()!r}){flip}" + text.rstrip("\n") + "\n"


def _pooling(config: ConvolutionConfig) -> str:
    stride = config.pool_size if config.picture == "photo" else config.pool_stride
    return (
        _WINDOWS.format(
            side=config.pool_size,
            stride=stride,
            dilation=1,
            border="valid",
            look=f"windows(image).{config.operation}((2, 3))",
        ).strip("\n")
        + "\n"
    )


def _both_ways(config: ConvolutionConfig) -> str:
    if config.move == "turn":
        return _SHIFT.format(
            before=f"np.rot90(image, -{config.turns})",
            after=f"np.rot90(look(image), -{config.turns})",
        )
    stride = config.pool_stride if _pools(config) else config.stride
    return _SHIFT.format(
        before=f"np.roll(image, {config.shift}, axis=1)",
        after=f"np.roll(look(image), {config.shift // stride}, axis=1)",
    )
