"""Pictures moved, turned and resized, with values in between found by straight lines."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def warp(pictures: ArrayLike, matrix: ArrayLike, shift: ArrayLike, bend: ArrayLike = 0.0) -> Array:
    """Return pictures whose pixel at p shows what was at ``matrix @ (p − c) + c − shift``.

    Parameters
    ----------
    pictures : (..., H, W); outside them is 0
    matrix : (2, 2) or one for each picture, (..., 2, 2), of rows and columns about the middle c
    shift : (2,) or (..., 2), rows down and columns to the right
    bend : further rows and columns added to where each pixel looks, (..., H, W, 2)

    Returns
    -------
    float64 (..., H, W)
    """
    pictures = np.asarray(pictures, dtype=np.float64)
    height, width = pictures.shape[-2:]
    middle = np.array([height - 1, width - 1]) / 2
    at = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij"), axis=-1) - middle
    matrix = np.asarray(matrix, dtype=np.float64)
    turned = at.reshape(-1, 2) @ np.swapaxes(matrix, -1, -2)
    turned = turned.reshape(*matrix.shape[:-2], *at.shape)
    found = turned + middle - np.asarray(shift, dtype=np.float64)[..., None, None, :] + bend
    return _between(pictures, found)


def rotation(degrees: ArrayLike) -> Array:
    """Return the matrices (..., 2, 2) that turn a picture counterclockwise."""
    angle = np.radians(np.asarray(degrees, dtype=np.float64))
    c, s = np.cos(angle), np.sin(angle)
    # Rows run down: a pixel looks to where it was, which lies clockwise of it.
    return np.stack([np.stack([c, s], axis=-1), np.stack([-s, c], axis=-1)], axis=-2)


def _between(pictures: Array, at: Array) -> Array:
    height, width = pictures.shape[-2:]
    lead = np.broadcast_shapes(pictures.shape[:-2], at.shape[:-3])
    flat = np.pad(np.broadcast_to(pictures, (*lead, height, width)).reshape(-1, height, width),
                  ((0, 0), (1, 1), (1, 1)))  # fmt: skip
    at = np.broadcast_to(at, (*lead, height, width, 2)).reshape(-1, height, width, 2) + 1
    at = np.clip(at, 0, [height + 1, width + 1])
    low = np.minimum(np.floor(at).astype(int), [height, width])
    share = at - low
    across = width + 2
    first = np.arange(len(flat))[:, None, None] * flat[0].size + low[..., 0] * across + low[..., 1]
    values, (down, right) = flat.ravel(), np.moveaxis(share, -1, 0)
    upper = values[first] * (1 - right) + values[first + 1] * right
    lower = values[first + across] * (1 - right) + values[first + across + 1] * right
    total = upper * (1 - down) + lower * down
    return np.asarray(total).reshape(*lead, height, width)
