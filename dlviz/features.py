"""What a network is given of a point (x1, x2): the point itself, or features made by hand.

The first seven are those of TensorFlow Playground; radius and angle are the polar coordinates.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEATURES: dict[str, Callable[[Array, Array], Array]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1 * x1,
    "x2^2": lambda x1, x2: x2 * x2,
    "x1x2": lambda x1, x2: x1 * x2,
    "sin x1": lambda x1, x2: np.sin(x1),
    "sin x2": lambda x1, x2: np.sin(x2),
    "radius": lambda x1, x2: np.hypot(x1, x2),
    "angle": lambda x1, x2: np.arctan2(x2, x1),  # radians in (−π, π], 0 along x1
}


def featurize(x: Array, names: Sequence[str]) -> Array:
    """Return the named features of points (..., 2), as float64 (..., len(names))."""
    x1, x2 = x[..., 0], x[..., 1]
    return np.stack([FEATURES[name](x1, x2) for name in names], axis=-1)
