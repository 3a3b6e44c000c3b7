"""Labelled pictures to learn from: handwritten digits, drawn shapes, printed digits, and MNIST.

All are gray, white on black, in [0, 1]; the split into training and test is always the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.digits import LEVELS, NAMES, digits
from dlviz.fetched import NoPicturesError, fetched
from dlviz.frozen import frozen
from dlviz.glyphs import SIZE as GLYPH
from dlviz.glyphs import glyphs
from dlviz.warps import rotation, warp

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
Array = NDArray[np.float64]

FASHION = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
           "boot")  # fmt: skip
SHAPES = ("disk", "ring", "square", "triangle", "cross", "bar")
SEED = 20  # of what is drawn, and of what is chosen
MIDDLE = slice(6, 34)  # of a glyph's rows and columns: 28
WAVES = ((0.5, 1.5, 2), (0.5, 1.5, 2), (0, 2 * np.pi, 2), (0, 2, 1))  # from, to, how many
PART = 40  # pictures that are bent at a time: their numbers stay in the processor's cache


@dataclass(frozen=True, eq=False)
class PictureSet:
    """Pictures (N, 1, H, W) and their labels (N,), to train on and to test with."""

    names: tuple[str, ...]
    x: Floats
    y: Labels
    test_x: Floats
    test_y: Labels

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a picture: channels, rows, columns."""
        return self.x.shape[1:]


@dataclass(frozen=True)
class PictureSource:
    """Where a set comes from: its label, shape and number of classes are known before."""

    label: str
    size: int
    classes: int
    make: Callable[[], PictureSet]

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape of a picture: channels, rows, columns."""
        return (1, self.size, self.size)


__all__ = ["PICTURE_SETS", "NoPicturesError", "PictureSet", "PictureSource", "pictures"]


@cache
def pictures(name: str) -> PictureSet:
    """Return a set of ``PICTURE_SETS``, made once.

    Raises
    ------
    NoPicturesError
        If it must be fetched and cannot be.
    """
    return PICTURE_SETS[name].make()


def _set(
    names: tuple[str, ...], train: tuple[NDArray[Any], Labels], test: tuple[NDArray[Any], Labels]
) -> PictureSet:
    (x, y), (test_x, test_y) = train, test
    return PictureSet(
        names,
        frozen(x, np.float32),
        frozen(y, np.int64),
        frozen(test_x, np.float32),
        frozen(test_y, np.int64),
    )


def _digits() -> PictureSet:
    """Return those of ``dlviz.digits``; a fifth are for the test."""
    images, y = digits()
    x = images[:, None].astype(np.float32) / LEVELS
    test = _fifth(y)
    return _set(NAMES, (x[~test], y[~test]), (x[test], y[test]))


def _fifth(y: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Choose a fifth of each class at random."""
    rng = np.random.default_rng(SEED)
    chosen = np.zeros(len(y), bool)
    for label in np.unique(y):
        members = np.flatnonzero(y == label)
        chosen[rng.choice(members, len(members) // 5, replace=False)] = True
    return chosen


def _printed() -> PictureSet:
    """Digits in 19 typefaces, of which 5 are only in the test, each bent in its own way; 28x28."""
    rng = np.random.default_rng(SEED)
    fonts = glyphs()
    train, test = fonts[:-5], fonts[-5:]
    return _set(NAMES, _bent(train, 12, rng), _bent(test, 8, rng))


def _bent(fonts: NDArray[np.uint8], each: int, rng: np.random.Generator) -> tuple[Floats, Labels]:
    """Return ``each`` distorted copies of every glyph, in a random order."""
    flat = fonts.reshape(-1, *fonts.shape[2:]) / 255.0
    glyph = np.repeat(np.arange(len(flat)), each)
    n = len(glyph)
    stretch = rng.uniform(0.85, 1.35, (n, 2))
    matrix = rotation(rng.uniform(-18, 18, n)) * stretch[:, None, :]
    matrix[:, 1, 0] += rng.uniform(-0.25, 0.25, n)  # slant
    shift, waves = rng.uniform(-3, 3, (n, 2)), _waves(n, rng)
    ink = rng.uniform(0.7, 1, (n, 1, 1))
    gray = np.empty((n, 1, 28, 28), np.float32)
    for i in (slice(begin, begin + PART) for begin in range(0, n, PART)):
        bend = _shifts(*(wave[i] for wave in waves))
        small = warp(flat[glyph[i]], matrix[i], shift[i], bend, MIDDLE)
        gray[i, 0] = np.clip(small * ink[i] + rng.normal(0, 0.04, small.shape), 0, 1)
    order = rng.permutation(n)
    return gray[order], glyph[order] % 10


def _waves(n: int, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Return of two waves in each picture: how many fit into it, their phases, their height."""
    drawn = [rng.uniform(low, high, (n, count, 1, 1, 2)) for low, high, count in WAVES]
    return [np.moveaxis(numbers, -1, 2) for numbers in drawn]


def _shifts(rows: Array, columns: Array, phase: Array, height: Array) -> Array:
    """Return smooth shifts of up to 2 pixels, of the pictures' middle: (n, 2, 28, 28)."""
    at = (np.arange(GLYPH) / GLYPH)[MIDDLE]
    angle = 2 * np.pi * (rows * at[:, None] + columns * at) + phase
    return np.asarray(np.sin(angle).mean(axis=1) * height[:, 0])


def _shapes() -> PictureSet:
    """Six shapes at random places, sizes and angles, with noise; 28x28."""
    rng = np.random.default_rng(SEED)
    return _set(SHAPES, _drawn(1200, rng), _drawn(300, rng))


def _drawn(n: int, rng: np.random.Generator) -> tuple[Floats, Labels]:
    labels = np.arange(n) % len(SHAPES)
    middle = rng.uniform(9, 19, (n, 2, 1, 1))
    radius = rng.uniform(5, 9, (n, 1, 1))
    angle = rng.uniform(0, 2 * np.pi, (n, 1, 1))
    at = np.stack(np.meshgrid(np.arange(28), np.arange(28), indexing="ij")) - middle
    u = (np.cos(angle) * at[:, 0] + np.sin(angle) * at[:, 1]) / radius
    v = (np.cos(angle) * at[:, 1] - np.sin(angle) * at[:, 0]) / radius
    inside = np.choose(labels[:, None, None], _distances(u, v)) * radius
    gray = np.clip(0.5 - inside, 0, 1) * rng.uniform(0.6, 1, (n, 1, 1))
    noisy = np.clip(gray + rng.normal(0, 0.08, gray.shape), 0, 1)
    return noisy[:, None].astype(np.float32), labels


def _distances(u: NDArray[np.float64], v: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return how far each place is outside of each shape of radius 1, negative inside."""
    r = np.hypot(u, v)
    s3 = np.sqrt(3.0)
    triangle = np.maximum.reduce([-u - 0.5, (u + s3 * v) / 2 - 0.5, (u - s3 * v) / 2 - 0.5])
    bar = np.maximum(np.abs(u) - 0.25, np.abs(v) - 1)
    return [
        r - 0.9,
        np.abs(r - 0.8) - 0.2,
        np.maximum(np.abs(u), np.abs(v)) - 0.75,
        triangle,
        np.minimum(bar, np.maximum(np.abs(v) - 0.25, np.abs(u) - 1)),
        bar,
    ]


def _fetched(
    name: str, names: tuple[str, ...], counts: tuple[int, ...], label: str = ""
) -> PictureSet:
    """5000 and 1000 of 70 000 pictures of 28x28 from OpenML."""
    x, y = fetched(name, counts, label)
    gray = x[:, None].astype(np.float32) / 255
    return _set(names, (gray[:5000], y[:5000]), (gray[5000:], y[5000:]))


MNIST_COUNTS = (6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958)
PICTURE_SETS = {
    "digits": PictureSource("Handwritten digits, 8x8", 8, 10, _digits),
    "printed": PictureSource("Printed digits, 28x28", 28, 10, _printed),
    "shapes": PictureSource("Shapes, 28x28", 28, len(SHAPES), _shapes),
    "mnist": PictureSource("MNIST (fetched)", 28, 10,
                           lambda: _fetched("mnist_784", NAMES, MNIST_COUNTS, "MNIST")),
    "fashion": PictureSource("Fashion-MNIST (fetched)", 28, 10,
                             lambda: _fetched("Fashion-MNIST", FASHION, (7000,) * 10)),
}  # fmt: skip
