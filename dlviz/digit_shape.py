"""A photo of a digit as the networks here know digits: small, white on black, filling its frame."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dlviz.checks import check_count
from dlviz.frozen import frozen

Array = NDArray[np.float64]

FAINTEST = 0.15  # contrast of a picture with something on it
GROUND, INK = 0.2, 0.45  # of the contrast: what is below is ground, what is above is ink for sure
MARGIN = 0.04  # of the longer side, around the ink


def as_digit(pixels: Array, side: int) -> Array:
    """Return the digit on a photo, cut out and scaled down.

    What differs from the middle of the rim's grays is ink, be it darker or lighter.

    Parameters
    ----------
    pixels : (H, W) in [0, 1]
    side : 2 to 64, pixels of what is returned

    Returns
    -------
    float64 (side, side) in [0, 1], read-only
        White on black, the mean of what lies under each pixel.

    Raises
    ------
    ValueError
        If nothing stands out from the ground.
    """
    check_count("side", side, 2, 64)
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    contrast = np.abs(pixels - np.median(rim))
    largest = float(contrast.max())
    if largest < FAINTEST:
        raise ValueError("expected a digit that stands out from its ground, got an even picture")
    ink = np.clip((contrast / largest - GROUND) / (1 - GROUND), 0, 1)
    square = _squared(ink, contrast / largest > INK)
    small = Image.fromarray(square.astype(np.float32)).resize((side, side), Image.Resampling.BOX)
    gray = np.asarray(small, dtype=float)
    return frozen(np.clip(gray / max(float(gray.max()), 1e-6), 0, 1))


def _squared(ink: Array, sure: NDArray[np.bool_]) -> Array:
    """Cut to where the ink is, and set it in the middle of a square."""
    rows, columns = (np.flatnonzero(sure.any(axis=axis)) for axis in (1, 0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    longest = max(cut.shape)
    edge = longest + 2 * round(MARGIN * longest)
    square = np.zeros((edge, edge))
    top, left = (edge - cut.shape[0]) // 2, (edge - cut.shape[1]) // 2
    square[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    return square
