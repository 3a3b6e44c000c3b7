"""Convolutional networks written as a line of text, and what they compute.

"conv 8 3 same; pool 2; dense 32" is a network of eight 3x3 filters with zeros around the picture,
a maximum over 2x2, and 32 units. A ReLU follows each conv and dense, after the batch norm if one
comes between, and a dense layer of one unit for each class ends it. The forward pass is numpy's
alone: ``dlviz.cnn_training`` trains with torch, and must agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.cnn_text import Shape, Word, read_words

Array = NDArray[np.float64]
EPSILON = 1e-5  # of batch norm, as in torch


@dataclass(frozen=True)
class Block:
    """One layer: what it is, what goes in, and what comes out.

    Parameters
    ----------
    word : what was written: its kind and numbers
    shape_in, shape : (channels, rows, columns), or (units,) of dense
    relu : whether a ReLU follows
    start : where its numbers begin in the network's flat array
    """

    word: Word
    shape_in: Shape
    shape: Shape
    relu: bool
    start: int

    @property
    def kind(self) -> str:
        """conv, pool, mean, norm, dropout, dense or output."""
        return self.word.kind

    @property
    def title(self) -> str:
        """A few words for it: conv 3×3, max 2×2, dense."""
        k = self.word.numbers[-1] if self.word.numbers else 0
        words = {
            "conv": f"conv {k}×{k}",
            "pool": f"max {k}×{k}",
            "mean": f"mean {k}×{k}",
            "norm": "batch norm",
        }
        return words.get(self.kind, self.kind)

    @property
    def sizes(self) -> tuple[Shape, ...]:
        """Shapes of its arrays: weights and biases; of norm scale, shift, mean and variance."""
        if self.kind == "conv":
            k = self.word.kernel
            return (self.shape[0], self.shape_in[0], k, k), (self.shape[0],)
        if self.kind in ("dense", "output"):
            return (self.shape[0], prod(self.shape_in)), (self.shape[0],)
        return ((self.shape[0],),) * 4 if self.kind == "norm" else ()

    @property
    def numbers(self) -> int:
        """How many numbers it keeps."""
        return sum(map(prod, self.sizes))

    @property
    def parameters(self) -> int:
        """How many of them are trained: of norm not the running mean and variance."""
        return self.numbers // 2 if self.kind == "norm" else self.numbers

    @property
    def products(self) -> int:
        """How many products of a weight and a value one picture takes."""
        weighted = self.kind in ("conv", "dense", "output")
        return prod(self.shape[1:]) * prod(self.sizes[0]) if weighted else 0


@dataclass(frozen=True)
class Cnn:
    """A network: the shape of its pictures, and its blocks, the last of which is the output."""

    shape: Shape
    blocks: tuple[Block, ...]

    @property
    def classes(self) -> int:
        """How many classes it tells apart."""
        return self.blocks[-1].shape[0]

    @property
    def parameters(self) -> int:
        """How many parameters are trained."""
        return sum(block.parameters for block in self.blocks)

    @property
    def numbers(self) -> int:
        """How many numbers the network keeps, running means and variances among them."""
        return sum(block.numbers for block in self.blocks)

    @property
    def products(self) -> int:
        """How many products of two numbers one picture takes."""
        return sum(block.products for block in self.blocks)

    def arrays(self, numbers: ArrayLike) -> list[tuple[Array, ...]]:
        """Return each block's arrays out of the flat array of all ``numbers``."""
        flat = np.asarray(numbers, dtype=np.float64)
        if flat.shape != (self.numbers,):
            raise ValueError(f"expected {self.numbers} numbers, got shape {flat.shape}")
        found = []
        for block in self.blocks:
            ends = list(accumulate(map(prod, block.sizes), initial=block.start))
            parts = zip(ends, ends[1:], block.sizes, strict=False)
            found.append(tuple(flat[a:b].reshape(size) for a, b, size in parts))
        return found


def build(text: str, shape: Shape, classes: int) -> Cnn:
    """Return the network that a text tells of.

    Parameters
    ----------
    text : as "conv 8 3 same; pool 2; dense 32"
    shape : (channels, rows, columns) of a picture
    classes : how many to tell apart

    Raises
    ------
    ValueError
        If it makes no sense, or does not fit: "a 5x5 kernel does not fit a 4x4 map".
    """
    words = (*read_words(text), Word("output", (classes,)))
    blocks: list[Block] = []
    now, start = shape, 0
    for i, word in enumerate(words):
        after = word.shape(now)
        followed = words[i + 1].kind if i + 1 < len(words) else ""
        weighted = word.kind in ("conv", "dense")
        late = word.kind == "norm" and i > 0 and words[i - 1].kind in ("conv", "dense")
        blocks.append(Block(word, now, after, (weighted and followed != "norm") or late, start))
        start += blocks[-1].numbers
        now = after
    return Cnn(shape, tuple(blocks))


def forward(net: Cnn, numbers: ArrayLike, pictures: ArrayLike) -> tuple[Array, ...]:
    """Return what comes out of each block, before its ReLU; dropout is off.

    Parameters
    ----------
    numbers : flat, as ``Cnn.arrays`` takes them
    pictures : (B, channels, rows, columns)

    Returns
    -------
    float64 (B, *block.shape) for each block; the last are the logits
    """
    flow = np.asarray(pictures, dtype=np.float64)
    if flow.shape[1:] != net.shape:
        raise ValueError(f"expected pictures (B, {net.shape}), got {flow.shape}")
    found = []
    for block, arrays in zip(net.blocks, net.arrays(numbers), strict=True):
        sums = _apply(block, arrays, flow)
        found.append(sums)
        flow = np.maximum(sums, 0) if block.relu else sums
    return tuple(found)


def _apply(block: Block, arrays: Sequence[Array], x: Array) -> Array:
    if block.kind == "conv":
        return correlate(x, arrays[0], block.word.padding) + arrays[1][:, None, None]
    if block.kind in ("dense", "output"):
        return x.reshape(len(x), -1) @ arrays[0].T + arrays[1]
    if block.kind == "norm":
        scale, shift, mean, variance = (a.reshape(-1, *[1] * (x.ndim - 2)) for a in arrays)
        return (x - mean) / np.sqrt(variance + EPSILON) * scale + shift
    if block.kind in ("pool", "mean"):
        k = block.word.numbers[0]
        rows, columns = block.shape[1:]
        cells = x[:, :, : rows * k, : columns * k].reshape(*x.shape[:2], rows, k, columns, k)
        pooled: Array = cells.max(axis=(3, 5)) if block.kind == "pool" else cells.mean(axis=(3, 5))
        return pooled
    return x


def correlate(x: Array, weights: Array, padding: int = 0) -> Array:
    """Slide filters over pictures, as ``torch.nn.functional.conv2d`` does.

    Parameters
    ----------
    x : (B, C, H, W)
    weights : (F, C, k, k)
    padding : rows and columns of zeros on each side

    Returns
    -------
    (B, F, H', W')
    """
    k = weights.shape[-1]
    edge = (padding, padding)
    padded = np.pad(x, ((0, 0), (0, 0), edge, edge)) if padding else x
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))
    return np.moveaxis(np.tensordot(windows, weights, axes=((1, 4, 5), (1, 2, 3))), -1, 1)


def softmax(logits: Array) -> Array:
    """Return the probability of each class (..., classes)."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))
