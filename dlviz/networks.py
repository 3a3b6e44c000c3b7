"""Fully connected networks, forward and backward by hand, any number of them side by side.

R networks of one shape are one array of parameters (R, P). A layer is the matrix [W b], of shape
(R, fan_out, fan_in + 1): the bias is the weight of an input that is always 1. Samples are columns:
what a layer puts out is (R, units, n), and what goes into it has a row of ones below. So one
matrix product does a layer of all R networks, and one more its gradient. Everything is float64.

Rumelhart, Hinton & Williams, "Learning representations by back-propagating errors", 1986. The
oracle of the tests is ``torch.autograd``, which at these sizes takes ten times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.activations import ACTIVATIONS, OUTPUTS, Activation

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Layers(NamedTuple):
    """One array for each layer: parameters, their gradients, or what is true of them."""

    weights: tuple[NDArray[Any], ...]  # (..., fan_out, fan_in) each
    biases: tuple[NDArray[Any], ...]  # (..., fan_out) each


@dataclass(frozen=True)
class Architecture:
    """The shape of a network and what its units do.

    Parameters
    ----------
    sizes : number of inputs, of units in each hidden layer, and of outputs
    hidden : keys of ``ACTIVATIONS``, one for each hidden layer
    output : a key of ``OUTPUTS``, for the last layer
    """

    sizes: tuple[int, ...]
    hidden: tuple[str, ...]
    output: str

    @property
    def activations(self) -> tuple[Activation, ...]:
        return (*(ACTIVATIONS[name] for name in self.hidden), OUTPUTS[self.output])

    @property
    def count(self) -> int:
        """The number P of parameters."""
        return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(self.sizes))

    def matrices(self, parameters: NDArray[Any]) -> tuple[NDArray[Any], ...]:
        """Show parameters (..., P) as matrices [W b], without a copy."""
        matrices, at = [], 0
        for fan_in, fan_out in pairwise(self.sizes):
            block = parameters[..., at : at + fan_out * (fan_in + 1)]
            matrices.append(block.reshape(*block.shape[:-1], fan_out, fan_in + 1))
            at += fan_out * (fan_in + 1)
        return tuple(matrices)

    def layers(self, parameters: NDArray[Any]) -> Layers:
        """Show parameters (..., P) as weights and biases, without a copy."""
        matrices = self.matrices(parameters)
        return Layers(tuple(m[..., :-1] for m in matrices), tuple(m[..., -1] for m in matrices))

    def parameters(self, layers: Layers) -> Array:
        """Return the parameters (..., P) of weights and biases: the inverse of ``layers``."""
        leading = layers.biases[0].shape[:-1]
        parameters = np.empty((*leading, self.count))
        for mine, given in zip(self.layers(parameters), layers, strict=True):
            for array, values in zip(mine, given, strict=True):
                array[...] = values
        return parameters

    def is_weight(self) -> Flags:
        """Tell which of the P parameters are weights and not biases."""
        flags = np.ones(self.count, dtype=bool)
        for bias in self.layers(flags).biases:
            bias[...] = False
        return flags


CERTAIN = 1 - 1e-6  # the largest lead of a class; with 1, the next class would begin


def one_number(signed: Array) -> Array:
    """Make one number of outputs (..., K, n) at each point, (..., n), 0 being undecided.

    One output is itself; of two it is half of how much the second is larger; of more it is the
    number of the winner plus its lead over the second, in [0, 1).
    """
    if signed.shape[-2] == 1:
        return np.asarray(signed[..., 0, :])
    if signed.shape[-2] == 2:
        return np.asarray((signed[..., 1, :] - signed[..., 0, :]) / 2)
    second, first = np.moveaxis(np.sort(signed, axis=-2)[..., -2:, :], -2, 0)
    return np.asarray(signed.argmax(-2) + np.clip((first - second) / 2, 0, CERTAIN))


def with_ones(x: Array) -> Array:
    """Return samples (..., n, d) as columns (..., d + 1, n), with the row of ones below."""
    columns = np.ones((*x.shape[:-2], x.shape[-1] + 1, x.shape[-2]))
    columns[..., :-1, :] = x.swapaxes(-1, -2)
    return columns


def parts(count: int, numbers: int, most: int) -> list[slice]:
    """Cut ``count`` networks or points into parts of at most so many ``numbers``.

    Worked on part by part, what passes between layers stays in the cache.

    Parameters
    ----------
    numbers : that the widest layer has for each network or point
    most : numbers of a part, though a part is one network or point at least
    """
    step = max(most // numbers, 1)
    return [slice(begin, min(begin + step, count)) for begin in range(0, count, step)]


class Tape:
    """What R networks make of n samples at a time, recorded on the way forward.

    The memory is used again for each batch: at the sizes of this app, asking for new memory would
    take as long as the arithmetic.
    """

    def __init__(self, architecture: Architecture, runs: int, samples: int) -> None:
        *hidden, outputs = architecture.sizes[1:]
        self.activations = architecture.activations
        self.sums = [np.empty((runs, n, samples)) for n in (*hidden, outputs)]  # z of each layer
        self.inputs = [np.empty(0), *(np.ones((runs, n + 1, samples)) for n in hidden)]
        self._insides = [array[:, :-1] for array in self.inputs[1:]]  # without the ones
        self.values = [np.empty_like(z) for z in self.sums]  # a = f(z), nothing dropped
        self._grads = [np.empty((runs, n, samples)) for n in hidden]
        self._masks: Sequence[Array] = ()

    def forward(self, matrices: Sequence[Array], x: Array, masks: Sequence[Array] = ()) -> Array:
        """Return what the networks put out, (R, K, n): z = [W b] (a; 1), then a = f(z).

        What is returned is written over by the next pass.

        Parameters
        ----------
        x : columns with ones (R, d + 1, n), or (1, d + 1, n) if all networks see the same
        masks : for each hidden layer an array (R or 1, units, n): 0 for a unit that is dropped,
            1 / (1 − rate) for one that stays, so that means stay what they are. Srivastava et
            al., "Dropout", JMLR 2014, section 10. None at all: nothing is dropped.
        """
        self.inputs[0], self._masks = x, masks
        for i, activation in enumerate(self.activations):
            np.matmul(matrices[i], self.inputs[i], out=self.sums[i])
            activation.value(self.sums[i], self.values[i])
            if i < len(self._insides):
                self._insides[i][...] = self.values[i] * masks[i] if masks else self.values[i]
        return self.values[-1]

    def backward(self, matrices: Sequence[Array], grad: Array, into: Sequence[Array]) -> None:
        """Write dE/d[W b] of each layer ``into`` matrices of their shapes; sums are used up.

        With δ = dE/dz of a layer, dE/d[W b] = δ (a; 1)ᵀ, and dE/da of the layer below is Wᵀ δ.

        Parameters
        ----------
        matrices : those of the way forward
        grad : dE/da of the outputs, (R, K, n); overwritten
        """
        for i in reversed(range(len(self.activations))):
            self.activations[i].back(self.sums[i], self.values[i], grad)  # from now on it is δ
            np.matmul(grad, self.inputs[i].swapaxes(-1, -2), out=into[i])
            if i:
                transposed = matrices[i][..., :-1].swapaxes(-1, -2)
                grad = np.matmul(transposed, grad, out=self._grads[i - 1])
                if self._masks:
                    grad *= self._masks[i - 1]
