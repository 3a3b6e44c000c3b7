"""Photographs to look at through a kernel: scikit-learn's two, or one's own."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dlviz.convolution.config import ConvolutionConfig, kernel_of
from dlviz.convolution.runs import convolved
from dlviz.convolution.sliding import pool
from dlviz.frozen import frozen
from dlviz.pictures import read_picture

Array = NDArray[np.float64]

LONGEST = 240  # px of a photo's longer side
FILES = {"china": "china.jpg", "flower": "flower.jpg"}


@cache
def photo(name: str) -> Array:
    """Return a photograph that comes with scikit-learn: gray, (160, 240), in [0, 1], read-only."""
    spec = find_spec("sklearn")  # found without loading it
    if not spec or not spec.origin:
        raise RuntimeError("expected scikit-learn to be installed")
    file = Path(spec.origin).parent / "datasets" / "images" / FILES[name]
    return read_picture(file.read_bytes(), LONGEST)


def seen_through(configs: Sequence[ConvolutionConfig], pixels: Array) -> Array:
    """Return a photo through the kernel of each Config, ``amount`` of it, or pooled.

    The kernel is (1 − amount) I + amount K, with I that leaves all as it is. A pooling's windows
    do not overlap, and each of its numbers fills the window it comes from.

    Returns
    -------
    float64 (K, H', W')
        Of poolings, what the smallest output covers.
    """
    if configs[0].operation == "convolve":
        kernels = np.stack([mixed_kernel(each) for each in configs])
        if configs[0].flip:
            kernels = kernels[:, ::-1, ::-1]
        trace = convolved(replace(configs[0], flip=False), pixels, kernels[0])
        outputs = trace.windows.reshape(-1, kernels[0].size) @ kernels.reshape(len(kernels), -1).T
        return np.asarray(outputs.T.reshape(-1, *trace.output.shape))
    blocks = [_pooled(each, pixels) for each in configs]
    height, width = np.min([block.shape for block in blocks], axis=0)
    return np.stack([block[:height, :width] for block in blocks])


def _pooled(config: ConvolutionConfig, pixels: Array) -> Array:
    side = config.pool_size
    pooled = pool(pixels, side, None, config.operation).output
    return np.asarray(np.kron(pooled, np.ones((side, side))), dtype=np.float64)


def mixed_kernel(config: ConvolutionConfig) -> Array:
    """Return (1 − amount) I + amount K; as I, the cell that stays where it is without padding."""
    k = kernel_of(config)
    identity = np.zeros_like(k)
    middle = (len(k) // 2 if config.flip else (len(k) - 1) // 2,) * 2
    identity[middle] = 1.0
    return frozen((1 - config.amount) * identity + config.amount * k)
