"""Pictures and their changes as shades of gray, for all stages of the lab."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.scene import Axis

BOX = Axis("", 0, 1)
LARGEST = 0.4  # the change that is drawn black or white
CURVES = {"noise_sign": "muted", "universal": "good", "fgsm": "path", "pgd": "second"}
DIGITS = tuple("0123456789")


def shades(pictures: NDArray[Any]) -> NDArray[np.uint8]:
    """Return pixels in [0, 1] as codes."""
    codes: NDArray[np.uint8] = np.rint(255 * np.clip(pictures, 0, 1)).astype(np.uint8)
    return codes


def change_shades(changes: NDArray[Any], largest: float = LARGEST) -> NDArray[np.uint8]:
    """Return changes as codes: gray is none, white and black are the largest up and down."""
    return shades(0.5 + changes / (2 * largest))


def percent(share: float) -> str:
    """Return a share as a whole number of percent, which is not 100 or 0 unless it is exact."""
    whole = round(100 * share)
    if 0 < share < 1:
        whole = min(99, max(1, whole))
    return f"{whole} %"
