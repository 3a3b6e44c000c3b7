"""Networks that make pictures and judge them, forward and backward by hand, in float32.

Samples are rows here: pictures have more pixels than a batch has samples.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.objectives import sigmoid
from dlviz.gan.tapes import LEAK

Array = NDArray[Any]

EPS = 1e-5  # of batch norm, as in torch
FORGET = 0.1  # the share of a batch in the running mean and variance, as in torch


class Chain:
    """Layers of one flat vector of parameters: weights (m, n) and biases, scales and shifts."""

    def __init__(self, sizes: Sequence[int], scaled: bool, rng: np.random.Generator) -> None:
        shapes = []
        for i, (m, n) in enumerate(pairwise(sizes)):
            hidden = i < len(sizes) - 2
            shapes += [(m, n), (n,), *([(n,), (n,)] if scaled and hidden else [])]
        self.shapes, self.scaled, self.depth = shapes, scaled, len(sizes) - 1
        self.grad = np.zeros(sum(int(np.prod(shape)) for shape in shapes), np.float32)
        self.into = self.views(self.grad)
        self.put(np.zeros_like(self.grad))
        for i, part in enumerate(self.parts):
            if part.ndim == 2:
                part[...] = rng.standard_normal(part.shape) * np.sqrt(2 / len(part))
            elif self.is_scale(i):
                part[...] = 1

    def is_scale(self, i: int) -> bool:
        """Tell whether a part is a scale of batch norm."""
        return self.scaled and i % 4 == 2 and i < len(self.shapes) - 2

    def views(self, flat: Array) -> list[Array]:
        """Show a flat vector as the parts of all layers, without a copy."""
        parts, at = [], 0
        for shape in self.shapes:
            size = int(np.prod(shape))
            parts.append(flat[at : at + size].reshape(shape))
            at += size
        return parts

    def put(self, flat: Array) -> None:
        """Take these parameters from now on."""
        self.flat, self.parts = flat, self.views(flat)

    def layer(self, i: int) -> list[Array]:
        """Return weights and biases of layer i, and scales and shifts if it has them."""
        step = 4 if self.scaled else 2
        return self.parts[step * i : step * i + (step if i < self.depth - 1 else 2)]

    def slot(self, i: int) -> list[Array]:
        """Return where the gradients of layer i belong."""
        step = 4 if self.scaled else 2
        return self.into[step * i : step * i + (step if i < self.depth - 1 else 2)]


class PictureGenerator(Chain):
    """Noise to pixels in [0, 1]: hidden layers with batch norm and ReLU, then a sigmoid.

    Ioffe & Szegedy, "Batch Normalization", ICML 2015, algorithm 1. Where ``enlarged`` is the side
    of a picture, the last layer draws it at half that side and it is enlarged by linear
    interpolation before the sigmoid, a transposed convolution of stride 2 with a fixed kernel:
    neighbors among so many pixels are alike, which else had to be learned one by one.
    """

    def __init__(
        self, sizes: Sequence[int], norm: bool, rng: np.random.Generator, enlarged: int = 0
    ) -> None:
        super().__init__(sizes, norm, rng)
        self.enlarged = enlargement(enlarged // 2, enlarged) if enlarged else None
        self.forget = FORGET
        self.running = [np.stack([np.zeros(n), np.ones(n)]).astype(np.float32)
                        for n in sizes[1:-1]]  # fmt: skip

    def forward(self, z: Array, *, learning: bool) -> Array:
        """Return pictures (n, pixels); while learning, batch norm sees this batch alone."""
        self.inputs, self.normed, self.spreads = [z], list[Array](), list[Array]()
        for i in range(self.depth - 1):
            w, b, *scaling = self.layer(i)
            h = self.inputs[-1] @ w
            if scaling:  # a bias before batch norm would be taken off again
                h = self._normalized(i, h, learning) * scaling[0] + scaling[1]
            else:
                h += b
            self.inputs.append(np.maximum(h, 0, out=h))
        w, b = self.layer(self.depth - 1)
        drawn = self.inputs[-1] @ w + b
        if self.enlarged is not None:
            drawn = _both_ways(drawn, self.enlarged)
        made = self.outputs = sigmoid(drawn)
        if not learning:  # who only looks keeps nothing for a way back
            self.inputs, self.normed, self.spreads, self.outputs = [], [], [], made[:0]
        return made

    def _normalized(self, i: int, h: Array, learning: bool) -> Array:
        mean, var = (h.mean(0), h.var(0)) if learning else self.running[i]
        if learning:
            n = len(h)
            seen = np.stack([mean, var * (n / (n - 1))])
            kept = (1 - self.forget) * self.running[i]
            self.running[i] = (kept + self.forget * seen).astype(np.float32)
        spread = np.sqrt(var + EPS)
        self.spreads.append(spread)
        self.normed.append((h - mean) / spread)
        return np.asarray(self.normed[-1])

    def settle(self, z: Array) -> None:
        """Make the means and variances of batch norm those of these noises (n, d) alone."""
        self.forget = 1.0
        self.forward(z, learning=True)
        self.forget = FORGET

    def backward(self, grad: Array) -> None:
        """Write the gradients of all parameters, given dE/d(pictures)."""
        delta = grad * self.outputs * (1 - self.outputs)
        if self.enlarged is not None:
            delta = _both_ways(delta, self.enlarged.T)
        for i in reversed(range(self.depth)):
            into = self.slot(i)
            if i < self.depth - 1:
                delta = delta * (self.inputs[i + 1] > 0)
                if self.scaled:
                    delta = self._unnormalized(i, delta, into)
            np.matmul(self.inputs[i].T, delta, out=into[0])
            into[1][...] = delta.sum(0)
            if i:
                delta = delta @ self.layer(i)[0].T

    def _unnormalized(self, i: int, delta: Array, into: list[Array]) -> Array:
        normed = self.normed[i]
        into[2][...] = (delta * normed).sum(0)
        into[3][...] = delta.sum(0)
        inner = delta * self.layer(i)[2]
        inner -= inner.mean(0) + normed * (inner * normed).mean(0)
        return np.asarray(inner / self.spreads[i])


def enlargement(small: int, large: int) -> Array:
    """Return the matrix (small, large) that enlarges a row of pixels by linear interpolation."""
    at = np.clip((np.arange(large) + 0.5) * small / large - 0.5, 0, small - 1)
    near = 1 - np.abs(np.arange(small)[:, None] - at)
    return np.asarray(np.maximum(near, 0), np.float32)


def _both_ways(pictures: Array, by: Array) -> Array:
    """Multiply the rows and the columns of square pictures (n, pixels) by a matrix."""
    squares = pictures.reshape(len(pictures), len(by), len(by))
    return np.asarray(by.T @ squares @ by).reshape(len(pictures), -1)


class PictureJudge(Chain):
    """Pixels to a logit: hidden layers of leaky ReLU, with dropout while it learns."""

    def forward(self, x: Array, masks: Sequence[Array] = ()) -> Array:
        """Return logits (n, 1); ``masks`` hold 0 or 1 / (1 − rate) for each hidden unit."""
        self.inputs, self.slopes = [x], []
        for i in range(self.depth - 1):
            w, b = self.layer(i)
            h = self.inputs[-1] @ w + b
            slope = np.where(h > 0, np.float32(1), np.float32(LEAK))
            if masks:
                slope *= masks[i]
            self.slopes.append(slope)
            self.inputs.append(h * slope)
        w, b = self.layer(self.depth - 1)
        return np.asarray(self.inputs[-1] @ w + b)

    def backward(self, grad: Array, *, learning: bool) -> Array:
        """Return dE/dx; while learning, write the gradients of all parameters too."""
        delta = grad
        for i in reversed(range(self.depth)):
            if i < self.depth - 1:
                delta = delta * self.slopes[i]
            if learning:
                into = self.slot(i)
                np.matmul(self.inputs[i].T, delta, out=into[0])
                into[1][...] = delta.sum(0)
            delta = delta @ self.layer(i)[0].T
        return delta
