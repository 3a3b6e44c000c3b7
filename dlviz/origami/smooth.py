"""The same networks with sigmoids: no hinges, no linear regions, and steps in the limit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.activations import sigmoid
from dlviz.checks import check_range
from dlviz.frozen import frozen
from dlviz.grids import grid
from dlviz.networks import Layers
from dlviz.origami.config import OrigamiConfig
from dlviz.origami.constructions import layers_of

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SmoothFields:
    """A sigmoid network over the window, for each sharpness.

    Units are σ(k z): with k they grow from straight to steps, and in the limit the first layer's
    are flat but for jumps at the hinges of ReLU.

    Parameters
    ----------
    sharpness : float64 (K,), the values of k
    values : float64 (K, size, size), the output; row 0 is the lowest
    slopes : float64 (K, size, size), the length of its gradient in the plane
    """

    sharpness: Array
    values: Array
    slopes: Array


def smooth(config: OrigamiConfig, sharpness: Sequence[float] = (), size: int = 100) -> SmoothFields:
    """Return the output of a network whose units are σ(k z).

    Parameters
    ----------
    sharpness : the values of k, in (0, 1000]; none are that of the Config
    size : 2 to 4096, of the grid; ends of the window included
    """
    ks = tuple(sharpness) or (config.sharpness,)
    for k in ks:
        check_range("sharpness", k, 0, 1000, open_low=True)
    span = (-float(config.span), float(config.span))
    points = grid((span, span), size).points.reshape(-1, 2).T
    layers = layers_of(config)
    fields = [_forward(layers, k, points) for k in ks]
    values, slopes = (np.reshape([f[i] for f in fields], (len(ks), size, size)) for i in (0, 1))
    return SmoothFields(frozen(ks), frozen(values), frozen(slopes))


def _forward(layers: Layers, k: float, points: Array) -> tuple[Array, Array]:
    """Return the output at points (2, n), and the length of its gradient, (n,) each.

    The gradient goes forward with the values: σ(k z) has the derivative k σ (1 − σ).
    """
    inputs, grads = points, np.eye(2)[:, :, None]  # (units, n) and (units, 2, n)
    for w, b in zip(layers.weights[:-1], layers.biases[:-1], strict=True):
        inputs = sigmoid(k * (w @ inputs + b[:, None]))
        grads = np.einsum("ij,jdn->idn", w, grads) * (k * inputs * (1 - inputs))[:, None]
    output = layers.weights[-1] @ inputs + layers.biases[-1][:, None]
    gradient = np.einsum("ij,jdn->idn", layers.weights[-1], grads)
    slope = np.broadcast_to(np.linalg.norm(gradient[0], axis=0), output[0].shape)
    return output[0], slope
