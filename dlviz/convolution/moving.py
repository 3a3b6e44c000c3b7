"""Equivariance: move the image and then look, or look and then move what was seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.convolution.config import ConvolutionConfig, image_of
from dlviz.convolution.runs import operate
from dlviz.frozen import frozen

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moved:
    """Two ways to the same place, or not; all arrays are read-only.

    Parameters
    ----------
    image : (size, size), moved
    first : (H, W), moved first, then convolved or pooled
    after : (H, W), convolved or pooled first, then moved as far as the stride lets it: by
        ⌊shift / stride⌋ columns
    before : (H, W), not moved at all
    change : the mean of |image moved − image|
    """

    image: Array
    first: Array
    after: Array
    before: Array
    change: float

    @property
    def gap(self) -> float:
        """The largest difference between the two ways: 0 if the operation is equivariant."""
        return float(np.abs(self.first - self.after).max())

    @property
    def answer(self) -> float:
        """The mean of |output of the moved image − output of the image|: 0 if it is invariant."""
        return float(np.abs(self.first - self.before).mean())


def move(config: ConvolutionConfig) -> Moved:
    """Shift or turn the image of a Config, before its window and after it."""
    image = image_of(config)
    before = operate(config, image).output
    if config.move == "turn":
        moved, after = np.rot90(image, -config.turns), np.rot90(before, -config.turns)
    else:
        pooled = config.operation != "convolve"
        stride = config.pool_stride if pooled else config.stride
        moved = np.roll(image, config.shift, axis=1)
        after = np.roll(before, config.shift // stride, axis=1)
    return Moved(frozen(moved), frozen(operate(config, moved).output), frozen(after),
                 frozen(before), float(np.abs(moved - image).mean()))  # fmt: skip
