"""What the pictures of convolution depend on."""

from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice, check_count, check_range
from dlviz.convolution.kernels import KERNELS, kernel, least_side
from dlviz.convolution.lines import LINE_KERNELS, SIGNALS
from dlviz.convolution.receptive import MOST_INPUTS, Stack, fields_of, stack
from dlviz.drawn import FULL, cells, text_of

Array = NDArray[np.float64]

PICTURES = ("window", "guess", "photo", "line", "matrix", "shift", "cost", "field")
OPERATIONS = ("convolve", "max", "mean", "min")
BORDERS = ("valid", "same", "circular")
PHOTOS = ("china", "flower", "camera", "astronaut", "own")
MOVES = ("shift", "turn")
SMALLEST, LARGEST, WIDEST_KERNEL = 4, 16, 7
# The example of the course, which is the usual one: a crooked stroke, 7 x 7.
STROKE = "0111000001110000011100001100001100001100001100000"


@dataclass(frozen=True)
class ConvolutionConfig:
    """Everything a picture of convolution depends on.

    Parameters
    ----------
    picture : what is shown, one of ``PICTURES``
    size, image : the image by hand, size x size of 4 to 16; a hexadecimal digit for each cell, 0
        to 15, row by row; a text of another size is cut, or has zeros added
    operation : "convolve", or "max", "mean", "min" of a pooling
    kernel : a name of ``KERNELS``, "own", or "secret", whose whole numbers come from the seed
    weights : of a kernel of one's own, row by row, 1 to 49 of them, each in [−99, 99]; they are
        cut to its side, or have zeros added
    kernel_size : 1 to 7, the side of a kernel of one's own, and of a named one that has one; a
        Gabor's is 3 at least
    angle : degrees in [0, 360), of a named kernel that has one
    stride, dilation : 1 to 4, 1 to 3
    border : what is around the image: nothing, zeros that keep the size, or the image itself again
    flip : turn the kernel by 180° first
    pool_size, pool_stride : of a pooling's window, 1 to 8
    shift : 0 to 15, columns that the image is moved to the right, its ends joined
    noise : in [0, 2], the standard deviation of what is added to the output before a kernel is
        guessed from it
    photo : one of ``PHOTOS``
    amount : in [−2, 2], how much of the kernel is in a photo's output; the rest is the photo
    signal, line_kernel, taps : in one dimension: ``SIGNALS``, ``LINE_KERNELS``, 1 to 15
    frequency : of the signal, in [0, 0.5] cycles per sample
    tie : of the matrix: 0 dense, 1 local, 2 shared
    move : "shift", or "turn", by ``turns`` quarters, 0 to 3
    image_height, image_width, kernel_height, kernel_width : whose cost is counted
    layers, field_kernel, field_stride, field_dilation : a stack's, 1 to 5, 2 to 5, 1 to 3, 1 to 3
    doubling : whether each layer's dilation is twice that of the layer before
    plane : whether the layers are planes of units, as of an image, and not rows
    back : how many layers before the last the unit is in that is looked from
    unit, unit_row : of that layer, from 0: which one in its row, and in which row of a plane
    seed : of noise, and of the secret kernel
    """

    picture: str = "window"
    size: int = 7
    image: str = STROKE
    operation: str = "convolve"
    kernel: str = "cross"
    weights: tuple[float, ...] = (1.0, 0.0, -1.0, 2.0, 0.0, -2.0, 1.0, 0.0, -1.0)
    kernel_size: int = 3
    angle: float = 0.0
    stride: int = 1
    dilation: int = 1
    border: str = "valid"
    flip: bool = False
    pool_size: int = 2
    pool_stride: int = 2
    shift: int = 0
    noise: float = 0.0
    photo: str = "china"
    amount: float = 1.0
    signal: str = "sinusoid"
    line_kernel: str = "average"
    taps: int = 5
    frequency: float = 0.05
    tie: int = 2
    move: str = "shift"
    turns: int = 0
    image_height: int = 280
    image_width: int = 320
    kernel_height: int = 1
    kernel_width: int = 2
    layers: int = 3
    field_kernel: int = 3
    field_stride: int = 1
    field_dilation: int = 1
    doubling: bool = False
    plane: bool = False
    back: int = 0
    unit: int = 4
    unit_row: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("picture", self.picture, PICTURES)
        self._check_image()
        self._check_kernel()
        self._check_sliding()
        self._check_other_pictures()
        self._check_stack()
        check_count("seed", self.seed, 0, 2**32 - 1)

    def _check_image(self) -> None:
        check_count("size", self.size, SMALLEST, LARGEST)
        side = isqrt(len(self.image)) if isinstance(self.image, str) else 0
        if side > LARGEST or not isinstance(self.image, str):
            raise ValueError(f"expected an image of at most {LARGEST} x {LARGEST} digits")
        cells(self.image, side, side)
        check_count("shift", self.shift, 0, LARGEST - 1)

    def _check_kernel(self) -> None:
        check_choice("kernel", self.kernel, (*KERNELS, "own", "secret"))
        count = len(self.weights) if isinstance(self.weights, tuple) else 0
        if isqrt(count) ** 2 != count or not 1 <= count <= WIDEST_KERNEL**2:
            raise ValueError(f"expected 1, 4, 9, 16, 25, 36 or 49 weights, got {count}")
        for weight in self.weights:
            check_range("weights", weight, -99, 99)
        check_count("kernel_size", self.kernel_size, least_side(self.kernel), WIDEST_KERNEL)
        check_range("angle", self.angle, 0, 359.999)

    def _check_sliding(self) -> None:
        check_choice("operation", self.operation, OPERATIONS)
        check_choice("border", self.border, BORDERS)
        check_count("stride", self.stride, 1, 4)
        check_count("dilation", self.dilation, 1, 3)
        check_count("pool_size", self.pool_size, 1, 8)
        check_count("pool_stride", self.pool_stride, 1, 8)
        if self.picture not in ("window", "guess", "shift"):
            return
        convolves = self.operation == "convolve" or self.picture == "guess"
        side = self.dilation * (len(kernel_of(self)) - 1) + 1 if convolves else self.pool_size
        if side > self.size and not (convolves and self.border != "valid"):
            raise ValueError(f"expected a window of at most {self.size} cells a side, got {side}")

    def _check_other_pictures(self) -> None:
        check_range("noise", self.noise, 0, 2)
        check_choice("photo", self.photo, PHOTOS)
        check_range("amount", self.amount, -2, 2)
        check_choice("signal", self.signal, SIGNALS)
        check_choice("line_kernel", self.line_kernel, LINE_KERNELS)
        check_count("taps", self.taps, 1, 15)
        check_range("frequency", self.frequency, 0, 0.5)
        check_count("tie", self.tie, 0, 2)
        check_choice("move", self.move, MOVES)
        check_count("turns", self.turns, 0, 3)
        for name in ("image_height", "image_width"):
            check_count(name, getattr(self, name), 1, 4096)
        for name in ("kernel_height", "kernel_width"):
            check_count(name, getattr(self, name), 1, 15)

    def _check_stack(self) -> None:
        check_count("layers", self.layers, 1, 5)
        check_count("field_kernel", self.field_kernel, 2, 5)
        check_count("field_stride", self.field_stride, 1, 3)
        check_count("field_dilation", self.field_dilation, 1, 3)
        check_count("back", self.back, 0, 4)
        for name in ("unit", "unit_row"):
            check_count(name, getattr(self, name), 0, MOST_INPUTS - 1)
        if self.picture != "field":
            return
        field = fields_of(self.field_kernel, *stack_of(self))[-1]
        if field > MOST_INPUTS:
            raise ValueError(f"expected a stack on at most {MOST_INPUTS} inputs, got {field}")
        check_count("back", self.back, 0, self.layers - 1)
        for name in ("unit", "unit_row")[: 1 + self.plane]:
            check_count(name, getattr(self, name), 0, units_of(self) - 1)


def image_of(config: ConvolutionConfig) -> Array:
    """Return the image by hand, (size, size), whole numbers 0 to 15."""
    return np.rint(cells(fitted(config.image, config.size), config.size, config.size) * FULL)


def fitted(image: str, size: int) -> str:
    """Return the text of an image at another size: cut at the right and bottom, or with zeros."""
    side = isqrt(len(image))
    if len(image) in (0, size * size):
        return image
    grid = np.zeros((size, size))
    known = cells(image, side, side)[:size, :size]
    grid[: len(known), : len(known)] = known
    return text_of(grid)


def kernel_of(config: ConvolutionConfig) -> Array:
    """Return the kernel as it was chosen, not flipped."""
    if config.kernel == "own":
        side, old = config.kernel_size, isqrt(len(config.weights))
        out = np.zeros((side, side))
        known = np.array(config.weights).reshape(old, old)[:side, :side]
        out[: len(known), : len(known)] = known
        return out
    if config.kernel == "secret":
        rng = np.random.default_rng(config.seed)
        return rng.integers(-2, 3, (config.kernel_size,) * 2).astype(float)
    return kernel(config.kernel, config.kernel_size, config.angle)


def field_of(config: ConvolutionConfig) -> Stack:
    """Return the stack of a Config, up to its last layer."""
    return stack(config.field_kernel, *stack_of(config))


def units_of(config: ConvolutionConfig) -> int:
    """Return how many units a side the layer has whose unit is looked from."""
    return field_of(config).sizes[config.layers - config.back]


def stack_of(config: ConvolutionConfig) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the strides and the dilations of a stack's layers."""
    growth = 2 if config.doubling else 1
    dilations = tuple(config.field_dilation * growth**i for i in range(config.layers))
    return (config.field_stride,) * config.layers, dilations
