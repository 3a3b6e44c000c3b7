"""The receptive field: the inputs that a unit deep in a stack of convolutions can see."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen

Array = NDArray[np.float64]

SPARE = 8  # units of the last layer that are drawn, beyond the first, where they have room
MOST_INPUTS = 100  # that can be told apart in a picture


@dataclass(frozen=True, eq=False)
class Stack:
    """L convolutions on top of each other, along one dimension, without padding.

    Parameters
    ----------
    kernel, strides, dilations : of the layers, the first first
    sizes : units of the input and of each layer
    centers : float64 (units,) for each of them, where a unit's field has its middle, in inputs
    fields : inputs that a unit sees, of the input (1) and of each layer
    jumps : inputs from one unit's field to the next one's
    """

    kernel: int
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    sizes: tuple[int, ...]
    centers: tuple[Array, ...]
    fields: tuple[int, ...]
    jumps: tuple[int, ...]

    def reads(self, layer: int, unit: int) -> NDArray[np.intp]:
        """Return which units of the layer before a unit reads (layer 1 is the first)."""
        first, apart = unit * self.strides[layer - 1], self.dilations[layer - 1]
        return first + apart * np.arange(self.kernel)

    def seen(self, unit: int, top: int) -> list[NDArray[np.int64]]:
        """Return for the input and each layer to ``top`` the ways of its units to ``unit``."""
        ways = [np.zeros(size, dtype=np.int64) for size in self.sizes[: top + 1]]
        ways[top][unit] = 1
        for layer in range(top, 0, -1):
            for each in np.flatnonzero(ways[layer]).tolist():
                ways[layer - 1][self.reads(layer, each)] += ways[layer][each]
        return ways


def fields_of(kernel: int, strides: tuple[int, ...], dilations: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many inputs a unit sees after each layer, the input itself (1) first.

    Layer l adds (kernel − 1) d_l s_1 ... s_(l−1).
    """
    fields, jump = [1], 1
    for stride, dilation in zip(strides, dilations, strict=True):
        fields.append(fields[-1] + (kernel - 1) * dilation * jump)
        jump *= stride
    return tuple(fields)


def inputs_of(kernel: int, strides: tuple[int, ...], dilations: tuple[int, ...]) -> int:
    """Return how many inputs a stack has whose last layer has nine units, or those that fit."""
    field, jump = fields_of(kernel, strides, dilations)[-1], int(np.prod(strides, dtype=int))
    return field + jump * min(SPARE, max(0, (MOST_INPUTS - field) // jump))


def stack(kernel: int, strides: tuple[int, ...], dilations: tuple[int, ...]) -> Stack:
    """Return a stack whose last layer has nine units, or as many as fit on the inputs."""
    fields = fields_of(kernel, strides, dilations)
    jumps = tuple(int(np.prod(strides[:i], dtype=int)) for i in range(len(strides) + 1))
    sizes = [inputs_of(kernel, strides, dilations)]
    centers = [np.arange(sizes[0], dtype=float)]
    for i, (stride, dilation) in enumerate(zip(strides, dilations, strict=True)):
        sizes.append((sizes[-1] - dilation * (kernel - 1) - 1) // stride + 1)
        centers.append(np.arange(sizes[-1]) * jumps[i + 1] + (fields[i + 1] - 1) / 2)
    return Stack(kernel, strides, dilations, tuple(sizes),
                 tuple(frozen(c) for c in centers), fields, jumps)  # fmt: skip
