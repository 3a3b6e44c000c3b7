"""Pictures moved, turned and resized, with values in between found by straight lines."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def warp(
    pictures: ArrayLike,
    matrix: ArrayLike,
    shift: ArrayLike,
    bend: ArrayLike = 0.0,
    window: slice = slice(None),
) -> Array:
    """Return pictures whose pixel at p shows what was at ``matrix @ (p − c) + c − shift``.

    Parameters
    ----------
    pictures : (..., H, W); outside them is 0
    matrix : (2, 2) or one for each picture, (..., 2, 2), of rows and columns about the middle c
    shift : (2,) or (..., 2), rows down and columns to the right
    bend : further rows and columns added to where each pixel looks, (..., 2, h, w)
    window : the h rows and w columns that are wanted

    Returns
    -------
    float64 (..., h, w)
    """
    pictures = np.asarray(pictures, dtype=np.float64)
    size = np.array(pictures.shape[-2:])
    middle = ((size - 1) / 2)[:, None, None]
    at = np.stack(np.meshgrid(*(np.arange(n)[window] for n in size), indexing="ij")) - middle
    turned = np.asarray(matrix, dtype=np.float64) @ at.reshape(2, -1)
    turned = turned.reshape(*turned.shape[:-1], *at.shape[1:])
    return _between(pictures, turned + middle - np.asarray(shift)[..., None, None] + bend)


def rotation(degrees: ArrayLike) -> Array:
    """Return the matrices (..., 2, 2) that turn a picture counterclockwise."""
    angle = np.radians(np.asarray(degrees, dtype=np.float64))
    c, s = np.cos(angle), np.sin(angle)
    # Rows run down: a pixel looks to where it was, which lies clockwise of it.
    return np.stack([np.stack([c, s], axis=-1), np.stack([-s, c], axis=-1)], axis=-2)


def _between(pictures: Array, at: Array) -> Array:
    """Return what pictures (..., H, W) show at rows and columns (..., 2, h, w)."""
    height, width = pictures.shape[-2:]
    lead, shown = np.broadcast_shapes(pictures.shape[:-2], at.shape[:-3]), at.shape[-2:]
    flat = np.pad(np.broadcast_to(pictures, (*lead, height, width)).reshape(-1, height, width),
                  ((0, 0), (1, 1), (1, 1)))  # fmt: skip
    last = np.array([height, width])[:, None, None]
    at = np.clip(np.broadcast_to(at, (*lead, 2, *shown)).reshape(-1, 2, *shown) + 1, 0, last + 1)
    low = np.minimum(np.floor(at).astype(int), last)
    down, right = np.moveaxis(at - low, 1, 0)
    across = width + 2
    first = np.arange(len(flat))[:, None, None] * flat[0].size + low[:, 0] * across + low[:, 1]
    values = flat.ravel()
    upper = values[first] * (1 - right) + values[first + 1] * right
    lower = values[first + across] * (1 - right) + values[first + across + 1] * right
    total = upper * (1 - down) + lower * down
    return np.asarray(total).reshape(*lead, *shown)
