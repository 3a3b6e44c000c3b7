"""Photographs to look at through a kernel: scikit-learn's two, two of ours, or one's own.

Ours are in the public domain: scikit-image's "camera" (CC0) and "astronaut" (NASA). They are made
from the files in its wheel's ``skimage/data`` by ``python -m dlviz.convolution.photos folder``.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dlviz.convolution.config import ConvolutionConfig, kernel_of
from dlviz.convolution.runs import convolved
from dlviz.convolution.sliding import pool
from dlviz.frozen import frozen
from dlviz.pictures import read_picture

Array = NDArray[np.float64]

LONGEST = 240  # px of a photo's longer side
FOLDERS = {  # the package a photo comes with, and where it is there
    "china": ("sklearn", "datasets/images"),
    "flower": ("sklearn", "datasets/images"),
    "camera": ("dlviz", "data/photos"),
    "astronaut": ("dlviz", "data/photos"),
}
OURS = tuple(name for name, (package, _) in FOLDERS.items() if package == "dlviz")


@cache
def photo(name: str) -> Array:
    """Return a photograph: gray, 240 px wide and 160 or 240 high, in [0, 1], read-only."""
    package, folder = FOLDERS[name]
    spec = find_spec(package)  # found without loading it
    if not spec or not spec.origin:
        raise RuntimeError(f"expected {package} to be installed")
    file = Path(spec.origin).parent / folder / f"{name}.jpg"
    return read_picture(file.read_bytes(), LONGEST)


def make(source: Path, target: Path) -> None:
    """Write our photos as small gray JPEG files, from scikit-image's own."""
    target.mkdir(exist_ok=True)
    for name in OURS:
        pixels = read_picture((source / f"{name}.png").read_bytes(), LONGEST)
        gray = Image.fromarray(np.rint(255 * pixels).astype(np.uint8))
        gray.save(target / f"{name}.jpg", quality=85)


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


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(__file__).parents[1] / "data" / "photos")
