"""Read-only arrays, of which traces and scenes are made."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray


def frozen(values: ArrayLike, dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """Return a read-only array of ``values`` that no one else can write to.

    A read-only array of the right dtype that owns its memory is returned as it is; anything
    else is copied. Numbers too large for the dtype become infinite: runs may diverge.
    """
    if isinstance(values, np.ndarray) and values.dtype == dtype and _is_settled(values):
        return values
    with np.errstate(over="ignore"):
        array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array


def _is_settled(array: NDArray[Any]) -> bool:
    return array.base is None and not array.flags.writeable
