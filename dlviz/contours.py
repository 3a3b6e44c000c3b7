"""Color codes for loss surfaces: bands that lie evenly over bowls and canyons alike."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.frozen import frozen


def color_codes(values: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return color codes in [0, 255] for ``values`` and the value that each code stands for.

    With r the value's place between the lowest (0) and highest (1), the code is
    ``255 log(1 + c r) / log(1 + c)``, where c puts the median in the middle: 1 + c = (1 + c m)²,
    that is c = (1 - 2m) / m². A canyon whose walls are a thousand times its floor shows both; a
    surface whose median is not low (m near 1/2 or above) keeps its plain scale.

    Parameters
    ----------
    values : float of any shape; not-a-number and infinity are kept out of the scale

    Returns
    -------
    codes : float32 of that shape, read-only; not-a-number where the value is not finite
    levels : float64 (256,), rising, read-only
    """
    array = np.asarray(values, dtype=float)
    known = array[np.isfinite(array)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    span = high - low or 1.0
    with np.errstate(invalid="ignore"):
        share = np.where(np.isfinite(array), (array - low) / span, np.nan)
    middle = float(np.clip(np.nanmedian(share), 1e-3, 0.49)) if known.size else 0.49
    bend = (1 - 2 * middle) / middle**2
    codes = 255 * np.log1p(bend * share) / np.log1p(bend)
    levels = low + span * np.expm1(np.linspace(0, 1, 256) * np.log1p(bend)) / bend
    return frozen(codes, np.float32), frozen(levels)
