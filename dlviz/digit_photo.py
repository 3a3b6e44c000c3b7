"""A photo of a digit as the networks here know digits: cut out, white on black, 8 x 8 or larger.

For the data set of 8 x 8 digits, one was cut out of its page, scaled to a full height, and the ink
in each of 8 x 8 blocks was counted. Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits",
UCI repository 1998.
"""

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_count
from dlviz.digits import SIDE
from dlviz.frozen import frozen

Array = NDArray[np.float64]

INK = 0.3  # of the strongest, that belongs to the digit
CONTRAST = 0.1  # the least between paper and ink


def as_digit(pixels: Array, side: int = SIDE) -> Array:
    """Return a photo of one digit, dark on light or light on dark, as amounts of ink.

    Parameters
    ----------
    pixels : (H, W) in [0, 1], row 0 at the top; its border is paper
    side : 2 to 64, rows and columns of what is returned

    Returns
    -------
    float64 (side, side) in [0, 1], read-only
        The digit fills the height, or the width if it is wider than high.

    Raises
    ------
    ValueError
        If there is nothing on the paper.
    """
    check_count("side", side, 2, 64)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    paper = float(np.median(border))
    dark, light = paper - float(pixels.min()), float(pixels.max()) - paper
    if max(dark, light) < CONTRAST:
        raise ValueError("expected a digit on plain paper, got nothing but paper")
    ink = np.clip((paper - pixels) / dark if dark >= light else (pixels - paper) / light, 0, 1)
    rows, columns = (np.flatnonzero((ink >= INK).any(axis=axis)) for axis in (1, 0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    size, middle = max(bottom - top, right - left), ((top + bottom) / 2, (left + right) / 2)
    down, across = (
        _shares(length, center - size / 2, size, side)
        for length, center in zip(pixels.shape, middle, strict=True)
    )
    blocks = down @ ink @ across.T
    return frozen(np.clip(blocks / blocks.max(), 0, 1))


def _shares(length: int, start: float, size: float, parts: int) -> Array:
    """Return the share (parts, length) of each line of pixels in each equal part of a stretch."""
    ends = start + size * np.arange(parts + 1) / parts
    low, high = ends[:-1, None], ends[1:, None]
    lines = np.arange(length)
    overlap = np.minimum(high, lines + 1) - np.maximum(low, lines)
    shares: Array = np.clip(overlap, 0, None) / (size / parts)
    return shares
