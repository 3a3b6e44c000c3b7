"""What a network is trained to make small, and the derivative that training starts from.

Scores and targets are float64 (..., K, n): K outputs for each of n samples. A loss is summed
over the outputs; the mean over the samples is left to whoever trains or reports.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.activations import sigmoid, softmax

Array = NDArray[np.float64]
Map = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Loss:
    """A loss of scores s and targets t.

    Parameters
    ----------
    value : (s, t) -> float64 (..., n), in nats for bce and cross_entropy
    gradient : (s, t) -> d value / d s, float64 (..., K, n)
    output : the output activation that belongs to the loss, whose scores are then the sums before
        it: their difference to the targets is the gradient, however far an output saturates.
        None where any output will do, and scores are what it puts out.
    low : the target of a class a sample does not belong to, 0 or −1; None: what the output's
        range begins with. That of its own class is 1.
    formula : as a page writes it
    """

    value: Map
    gradient: Map
    output: str | None
    low: float | None
    formula: str


def _half_squares(s: Array, t: Array) -> Array:
    return np.asarray(0.5 * ((s - t) ** 2).sum(-2))


def _cross_entropy(s: Array, t: Array) -> Array:
    """Return −Σ t log softmax(s), without ever taking the logarithm of 0."""
    shifted = s - s.max(-2, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(-2, keepdims=True))
    return np.asarray(-(t * logs).sum(-2))


LOSSES: dict[str, Loss] = {
    "half_mse": Loss(_half_squares, lambda s, t: s - t, None, None, "½ (ŷ − y)²"),
    "bce": Loss(  # −t log p − (1 − t) log(1 − p) with p = sigmoid(s)
        lambda s, t: (np.logaddexp(0.0, s) - t * s).sum(-2),
        lambda s, t: sigmoid(s) - t,
        "sigmoid",
        0.0,
        "−y log p − (1 − y) log(1 − p)",
    ),
    "hinge": Loss(  # Cortes & Vapnik, "Support-Vector Networks", 1995
        lambda s, t: np.maximum(0.0, 1 - t * s).sum(-2),
        lambda s, t: np.where(t * s < 1, -t, 0.0),
        None,
        -1.0,
        "max(0, 1 − y ŷ)",
    ),
    "cross_entropy": Loss(_cross_entropy, lambda s, t: softmax(s) - t, "softmax", 0.0, "−log p_y"),
}
