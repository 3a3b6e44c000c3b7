"""Changes of a network's parameters that leave what it computes as it is.

A hidden layer of N units can be put in N! orders, and a ReLU unit can be made larger by any
factor if what reads it is made smaller: so a network has its minima many times over.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_count, check_range
from dlviz.networks import Layers

Array = NDArray[np.float64]
HOMOGENEOUS = ("relu", "leaky_relu", "linear")  # f(c z) = c f(z) for c > 0


def shuffle_units(layers: Layers, layer: int, order: Sequence[int]) -> Layers:
    """Put the units of a hidden layer into another order, with the weights that read them.

    Parameters
    ----------
    layers : parameters (..., fan_out, fan_in) and (..., fan_out)
    layer : number of the hidden layer, from 0
    order : ``order[i]`` is the old number of the unit that comes to stand at i
    """
    _check_hidden(layers, layer)
    units = layers.biases[layer].shape[-1]
    if sorted(order) != list(range(units)):
        raise ValueError(f"expected an order of the numbers 0 to {units - 1}, got {order!r}")
    weights, biases, chosen = list(layers.weights), list(layers.biases), list(order)
    weights[layer] = weights[layer][..., chosen, :]
    biases[layer] = biases[layer][..., chosen]
    weights[layer + 1] = weights[layer + 1][..., chosen]
    return Layers(tuple(weights), tuple(biases))


def rescale_relu(layers: Layers, layer: int, unit: int, factor: float) -> Layers:
    """Multiply what goes into a unit by ``factor`` > 0 and divide what reads it by the same.

    The function stays what it is for the activations named in ``HOMOGENEOUS``. Parameters as in
    ``shuffle_units``; ``unit`` counts from 0.
    """
    _check_hidden(layers, layer)
    check_count("unit", unit, 0, layers.biases[layer].shape[-1] - 1)
    check_range("factor", factor, 0, 1e6, open_low=True)
    scale = np.ones(layers.biases[layer].shape[-1])
    scale[unit] = factor
    weights, biases = list(layers.weights), list(layers.biases)
    weights[layer] = weights[layer] * scale[:, None]
    biases[layer] = biases[layer] * scale
    weights[layer + 1] = weights[layer + 1] / scale
    return Layers(tuple(weights), tuple(biases))


def _check_hidden(layers: Layers, layer: int) -> None:
    check_count("layer", layer, 0, len(layers.biases) - 2)
