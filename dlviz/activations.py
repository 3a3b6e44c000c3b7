"""What a unit does with its sum z: activations and their derivatives.

Arrays are float64 and may have any leading axes; the last two are (units, samples), which only
softmax minds. A derivative may use the value a = f(z), where that is cheaper than z.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Out = Array | None

LEAK = 0.01  # the slope of leaky_relu below 0, as in torch
# numpy takes arrays twice as fast as Python's numbers.
_ZERO, _ONE = np.zeros(()), np.ones(())


@dataclass(frozen=True)
class Activation:
    """A function of each unit by itself.

    Parameters
    ----------
    value : z -> a, written into a second argument if there is one
    slope : (z, a) -> da/dz, an array shaped as z (of bools where it is 0 or 1), or a number; it
        may use the memory of z, which is needed no more
    formula : as a page writes it
    """

    value: Callable[..., Array]
    slope: Callable[[Array, Array], Any]
    formula: str

    def back(self, z: Array, a: Array, grad: Array) -> None:
        """Turn dE/da into dE/dz, in place: the chain rule at one layer. z may be used up."""
        grad *= self.slope(z, a)


class Softmax(Activation):
    """exp(z_k) / Σ exp(z_j) over the units of a layer; each output depends on every sum."""

    def back(self, z: Array, a: Array, grad: Array) -> None:
        """Turn dE/da_k into dE/dz_k = a_k (dE/da_k − Σ_j a_j dE/da_j), in place."""
        grad -= (a * grad).sum(-2, keepdims=True)
        grad *= a


def relu(z: Array, out: Out = None) -> Array:
    """Return max(0, z); its slope at 0 counts as 0. Nair & Hinton, ICML 2010."""
    return np.maximum(z, _ZERO, out=out)


def leaky_relu(z: Array, out: Out = None) -> Array:
    """Return z above 0 and ``LEAK`` z below. Maas, Hannun & Ng, ICML workshop 2013."""
    return np.maximum(z, LEAK * z, out=out)


def tanh(z: Array, out: Out = None) -> Array:
    """Return (exp(z) − exp(−z)) / (exp(z) + exp(−z))."""
    return np.tanh(z, out=out)


def _tanh_slope(z: Array, a: Array) -> Array:
    np.multiply(a, a, out=z)
    np.subtract(_ONE, z, out=z)
    return z


def sigmoid(z: Array, out: Out = None) -> Array:
    """Return 1 / (1 + exp(−z)), as ½ + ½ tanh(z/2), which cannot overflow."""
    a: Array = np.tanh(0.5 * z, out=out)
    a *= 0.5
    a += 0.5
    return a


def gelu(z: Array, out: Out = None) -> Array:
    """Return z Φ(z) as ½ z (1 + tanh(√(2/π) (z + 0.044715 z³))).

    Hendrycks & Gimpel, "Gaussian Error Linear Units", 2016, section 2; torch's
    ``gelu(approximate="tanh")``, at most 5e-4 from the exact one. arXiv:1606.08415
    """
    a: Array = np.multiply(0.5 * z, 1 + np.tanh(_gelu_inner(z)), out=out)
    return a


def _gelu_inner(z: Array) -> Array:
    return np.asarray(np.sqrt(2 / np.pi) * (z + 0.044715 * z * z * z))


def _gelu_slope(z: Array, a: Array) -> Array:
    t = np.tanh(_gelu_inner(z))
    inner_slope = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z * z)
    return np.asarray(0.5 * (1 + t) + 0.5 * z * (1 - t * t) * inner_slope)


def sine(z: Array, out: Out = None) -> Array:
    """Return sin z. Sitzmann et al., "Implicit Neural Representations", NeurIPS 2020."""
    return np.sin(z, out=out)


def linear(z: Array, out: Out = None) -> Array:
    """Return z itself."""
    return np.positive(z, out=out)


def softmax(z: Array, out: Out = None) -> Array:
    """Return exp(z_k) / Σ exp(z_j) over the second-last axis; the largest z is taken off first."""
    powers: Array = np.exp(z - z.max(-2, keepdims=True), out=out)
    powers /= powers.sum(-2, keepdims=True)
    return powers


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(relu, lambda z, a: z > 0, "max(0, z)"),
    "leaky_relu": Activation(
        leaky_relu, lambda z, a: np.where(z > 0, 1.0, LEAK), f"max({LEAK} z, z)"
    ),
    "tanh": Activation(tanh, _tanh_slope, "tanh z"),
    "sigmoid": Activation(sigmoid, lambda z, a: a * (_ONE - a), "1 / (1 + exp(−z))"),
    "gelu": Activation(gelu, _gelu_slope, "z Φ(z)"),
    "sine": Activation(sine, lambda z, a: np.cos(z), "sin z"),
    "linear": Activation(linear, lambda z, a: 1.0, "z"),
}
OUTPUTS: dict[str, Activation] = {
    name: ACTIVATIONS[name] for name in ("linear", "tanh", "sigmoid")
} | {"softmax": Softmax(softmax, lambda z, a: a - a * a, "exp(z_k) / Σ exp(z_j)")}
