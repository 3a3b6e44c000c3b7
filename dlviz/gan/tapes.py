"""A network that passes gradients on to its inputs, and gradients of those gradients.

A generator learns through the discriminator: by dE/dx of what it was fed. Penalties on |dE/dx| need
its derivative by the weights in turn. Both are done by hand here, for R networks side by side, in
the layout of ``dlviz.networks``: samples are columns, a layer is the matrix [W b].
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dlviz.networks import Architecture

Array = NDArray[np.float64]
Matrices = Sequence[Array]

LEAK = 0.2  # of leaky_relu, as in Radford et al., "DCGAN", ICLR 2016, section 3


class Passes:
    """What R networks make of n samples, kept on the way forward; its memory is used again."""

    def __init__(self, shape: Architecture, runs: int, samples: int) -> None:
        widths = shape.sizes[1:]
        self.leak = {"relu": 0.0, "leaky_relu": LEAK}.get((*shape.hidden, "relu")[0])
        self.sums = [np.empty((runs, n, samples)) for n in widths]
        self.inputs = [np.empty(0), *(np.ones((runs, n + 1, samples)) for n in widths[:-1])]
        self.values = [array[:, :-1] for array in self.inputs[1:]]
        self.slopes = [np.empty((runs, n, samples)) for n in widths[:-1]]
        self.deltas = [np.empty((runs, n, samples)) for n in widths]  # dE/dz of each layer
        self.into_input = np.empty((runs, shape.sizes[0], samples))

    def forward(self, matrices: Matrices, x: Array) -> Array:
        """Return the outputs (R, K, n), without an activation; written over by the next pass.

        Parameters
        ----------
        x : columns with ones below, (R or 1, d + 1, n)
        """
        self.inputs[0] = x
        for i, matrix in enumerate(matrices):
            z = np.matmul(matrix, self.inputs[i], out=self.sums[i])
            if i < len(self.values):
                self._activate(z, self.values[i], self.slopes[i])
        return self.sums[-1]

    def _activate(self, z: Array, value: Array, slope: Array) -> None:
        if self.leak is None:
            np.tanh(z, out=value)
            np.multiply(value, value, out=slope)
            np.subtract(1, slope, out=slope)
        else:
            np.greater(z, 0, out=slope)
            np.maximum(slope, self.leak, out=slope)
            np.multiply(z, slope, out=value)

    def backward(self, matrices: Matrices, grad: Array, into: Matrices | None) -> None:
        """Pass dE/d(outputs) (R, K, n) down; write dE/d[W b] of each layer ``into`` matrices."""
        self.deltas[-1][...] = grad
        for i in reversed(range(len(matrices))):
            if into is not None:
                np.matmul(self.deltas[i], self.inputs[i].swapaxes(-1, -2), out=into[i])
            if i:
                back = matrices[i][..., :-1].swapaxes(-1, -2)
                np.matmul(back, self.deltas[i], out=self.deltas[i - 1])
                self.deltas[i - 1] *= self.slopes[i - 1]

    def input_grad(self, matrices: Matrices) -> Array:
        """Return dE/dx (R, d, n) after ``backward``; written over by the next call."""
        back = matrices[0][..., :-1].swapaxes(-1, -2)
        return np.matmul(back, self.deltas[0], out=self.into_input)

    def penalty_grad(self, matrices: Matrices, pull: Array, into: Matrices) -> None:
        """Add to ``into`` the gradient of Σ pull · g, where g = dE/dx and E's deltas are here.

        The pull is passed forward as a direction in which x moves: u_l = f'(z_l) W_l u_(l−1).
        Then Σ pull · g = Σ_l of what each W_l hands on, so its gradient is δ_l u_(l−1)ᵀ; and where
        f bends, z_l has a gradient f''(z_l) (W_l u_(l−1)) (W_(l+1)ᵀ δ_(l+1)), passed down as any.
        Pearlmutter, "Fast Exact Multiplication by the Hessian", 1994, turned around.

        Parameters
        ----------
        pull : (R, d, n), held fixed
        """
        along, bends = pull, []
        for i, matrix in enumerate(matrices):
            into[i][..., :-1] += self.deltas[i] @ along.swapaxes(-1, -2)
            moved = matrix[..., :-1] @ along
            if i < len(self.values):
                bends.append(moved)
                along = moved * self.slopes[i]
        if self.leak is None:
            self._bend(matrices, bends, into)

    def _bend(self, matrices: Matrices, moved: Sequence[Array], into: Matrices) -> None:
        grad = np.zeros_like(self.deltas[-1])
        for i in reversed(range(len(moved))):
            back = matrices[i + 1][..., :-1].swapaxes(-1, -2)
            second = -2 * self.values[i] * self.slopes[i]  # tanh'' = −2 tanh tanh'
            grad = back @ grad * self.slopes[i] + second * moved[i] * (back @ self.deltas[i + 1])
            into[i][...] += grad @ self.inputs[i].swapaxes(-1, -2)
