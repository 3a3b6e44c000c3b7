"""The verbs: what a window gives on the image by hand, at one setting or at each of several."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.convolution.config import ConvolutionConfig, image_of, kernel_of
from dlviz.convolution.guessing import Guess, guess
from dlviz.convolution.sliding import WindowTrace, convolve, pool

Array = NDArray[np.float64]


def run(config: ConvolutionConfig) -> WindowTrace:
    """Slide the window of a Config over its image, moved to the right by its shift."""
    return operate(config, np.roll(image_of(config), config.shift, axis=1))


def operate(config: ConvolutionConfig, image: ArrayLike) -> WindowTrace:
    """Convolve or pool an image as a Config says."""
    if config.operation != "convolve":
        return pool(image, config.pool_size, config.pool_stride, config.operation)
    return convolved(config, image, kernel_of(config))


def convolved(config: ConvolutionConfig, image: ArrayLike, kernel: ArrayLike) -> WindowTrace:
    """Convolve an image with a kernel, the rest as a Config says."""
    padding = "valid" if config.border == "valid" else "same"
    around = config.border == "circular"
    return convolve(image, kernel, config.stride, padding, config.dilation, config.flip, around)


def sweep(config: ConvolutionConfig, shifts: Sequence[int]) -> tuple[WindowTrace, ...]:
    """Return what the window of a Config gives for each shift of its image."""
    return tuple(run(replace(config, shift=shift)) for shift in shifts)


def guess_kernel(config: ConvolutionConfig) -> tuple[WindowTrace, Array, Guess]:
    """Return the run whose kernel is guessed, the output as it was seen, and the guesses.

    Noise is the same normal numbers at every size of it.
    """
    trace = convolved(config, np.roll(image_of(config), config.shift, axis=1), kernel_of(config))
    noise = np.random.default_rng([config.seed, 1]).normal(0, 1, trace.output.shape)
    seen = trace.output + config.noise * noise
    return trace, seen, guess(trace, seen.ravel())
