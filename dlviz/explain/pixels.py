"""Two pixels, of which one has a signal and both have the same noise."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.explain.config import ExplainConfig
from dlviz.frozen import frozen
from dlviz.robustness import distractor

Array = NDArray[np.float64]

DRAWN = 300  # points


@dataclass(frozen=True, eq=False)
class TwoPixels:
    """What is learned of x = y (1, 0) + d (1, 1), for K sizes of the noise d; y is normal.

    Parameters
    ----------
    spreads : of d, K of them
    x : float64 (K, 300, 2), the pixels
    y : float64 (300,), what is to be told from them
    weights : float64 (K, 2), the gradient of the least-squares fit
    patterns : float64 (K, 2), cov(x, y) / var(y): where y is
    """

    spreads: tuple[float, ...]
    x: Array
    y: Array
    weights: Array
    patterns: Array

    @property
    def correlations(self) -> Array:
        """How well each pixel alone tells y, (K, 2)."""
        return np.array([[np.corrcoef(x[:, i], self.y)[0, 1] for i in (0, 1)] for x in self.x])


def two_pixels(config: ExplainConfig, spreads: tuple[float, ...]) -> TwoPixels:
    """Draw the same y and the same noise, at each size."""
    drawn = [distractor(DRAWN, spread, config.seed) for spread in spreads]
    x, weights, patterns = (
        frozen(np.stack([getattr(each, name) for each in drawn]))
        for name in ("x", "weights", "pattern")
    )
    return TwoPixels(tuple(spreads), x, frozen(drawn[0].y), weights, patterns)
