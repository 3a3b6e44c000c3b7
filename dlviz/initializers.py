"""How weights and biases begin."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from dlviz.networks import Architecture, Layers

Array = NDArray[np.float64]
Draw = Callable[[Generator, int, int], tuple[Array, Array]]


def xavier(rng: Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """Draw weights from U(−a, a) with a = √(6 / (fan_in + fan_out)); biases are 0.

    Their variance 2 / (fan_in + fan_out) keeps signals their size, forward and backward.
    Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS 2010, equation 16.
    """
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in)), np.zeros(fan_out)


def he(rng: Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """Draw weights from N(0, 2 / fan_in), for ReLU, which lets half through; biases are 0.

    He et al., "Delving Deep into Rectifiers", ICCV 2015, equation 10.
    """
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_out, fan_in)), np.zeros(fan_out)


def uniform(rng: Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """Draw weights from U(−½, ½); biases are 0.1. That is TensorFlow Playground's."""
    return rng.uniform(-0.5, 0.5, (fan_out, fan_in)), np.full(fan_out, 0.1)


def zeros(rng: Generator, fan_in: int, fan_out: int) -> tuple[Array, Array]:
    """Begin with nothing: the units of a layer stay alike, for they all learn the same."""
    return np.zeros((fan_out, fan_in)), np.zeros(fan_out)


INITIALIZERS: dict[str, Draw] = {"xavier": xavier, "he": he, "uniform": uniform, "zeros": zeros}


def initial_layers(architecture: Architecture, init: str, seed: int) -> Layers:
    """Draw the parameters of one network, each layer from a stream of its own.

    A layer begins with the same weights however many layers follow it.
    """
    sizes = architecture.sizes
    drawn = [
        INITIALIZERS[init](np.random.default_rng([seed, i]), sizes[i], sizes[i + 1])
        for i in range(len(sizes) - 1)
    ]
    return Layers(tuple(w for w, _ in drawn), tuple(b for _, b in drawn))
