"""Recipes for toy data: from n, noise and seed to a Dataset. ``dlviz.datasets`` lists them.

``circle``, ``xor``, ``gauss``, ``spiral``, ``reg_plane`` and ``reg_gauss`` are those of TensorFlow
Playground (Smilkov & Carter 2016, ``src/dataset.ts``) with its label +1 as class 1 and -1 as
class 0. Noise there often moves no point: it moves the place at which the label is looked up.

Every recipe has one stream of random numbers for places and one for jitter, drawn row by row, so
that neither more noise nor more points draw anything anew.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.dataset import Array, Dataset


def circle(n: int, noise: float, seed: int) -> Dataset:
    """Disk of radius 2.5 (class 1) in a ring from 3.5 to 5; labels looked up U(-5, 5) noise off."""
    place, jitter = np.random.default_rng(seed).spawn(2)
    share, turn = place.random((n, 2)).T
    inside = np.arange(n) % 2 == 0
    x = _polar(np.where(inside, 2.5 * share, 3.5 + 1.5 * share), turn)
    looked_up = x + noise * jitter.uniform(-5, 5, (n, 2))
    return Dataset(x, _radius(looked_up) < 2.5, names=("around", "center"))


def xor(n: int, noise: float, seed: int) -> Dataset:
    """U(-5, 5)^2 moved 0.3 off the axes; class 1 where x1 x2 >= 0, looked up U(-5, 5) noise off."""
    place, jitter = np.random.default_rng(seed).spawn(2)
    x = place.uniform(-5, 5, (n, 2))
    x += np.where(x > 0, 0.3, -0.3)
    looked_up = x + noise * jitter.uniform(-5, 5, (n, 2))
    return Dataset(x, looked_up.prod(axis=1) >= 0, names=("opposite signs", "same signs"))


def gauss(n: int, noise: float, seed: int) -> Dataset:
    """Two blobs, class 1 around (2, 2) and class 0 around (-2, -2), of variance 0.5 + 7 noise."""
    return _blobs([(-2, -2), (2, 2)], n, noise, seed)


def three_blobs(n: int, noise: float, seed: int) -> Dataset:
    """Three blobs in the corners of a triangle, 3 from the origin, of variance 0.5 + 7 noise."""
    return _blobs(_polar(np.full(3, 3.0), np.arange(3) / 3), n, noise, seed)


def four_blobs(n: int, noise: float, seed: int) -> Dataset:
    """Four blobs in the corners of a square, (+-3, +-3), of variance 0.5 + 7 noise."""
    return _blobs([(-3, -3), (3, -3), (3, 3), (-3, 3)], n, noise, seed)


def spiral(n: int, noise: float, seed: int) -> Dataset:
    """Two arms: at i of n/2, radius 5i/(n/2) and angle 3.5 pi i/(n/2), class 0 half a turn on.

    Points are moved by U(-1, 1) noise. They fill the arms evenly, so more points are other points.
    """
    jitter = np.random.default_rng(seed)
    y = 1 - np.arange(n) % 2
    along = np.arange(n) // 2 / (n / 2)
    x = _polar(5 * along, 1.75 * along + np.where(y == 1, 0.0, 0.5))
    return Dataset(x + noise * jitter.uniform(-1, 1, (n, 2)), y, names=("arm A", "arm B"))


def moons(n: int, noise: float, seed: int) -> Dataset:
    """Two half circles of radius 3 that interlock, as scikit-learn's moons 3 times as large.

    Points lie at random along the arcs and are moved by N(0, (3 noise)^2).
    """
    place, jitter = np.random.default_rng(seed).spawn(2)
    y = np.arange(n) % 2
    angle = np.pi * place.random(n)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    unit = np.where(y[:, None] == 0, upper, [1.0, 0.5] - upper) - [0.5, 0.25]
    return Dataset(3 * (unit + noise * jitter.standard_normal((n, 2))), y)


def rings(n: int, noise: float, seed: int) -> Dataset:
    """Rings of radius 1 and 2, the radius being normal with sd 0.1, as in the course (001-03).

    Noise is another independent error of the radius: sd = sqrt(0.01 + noise^2).
    """
    place, jitter = np.random.default_rng(seed).spawn(2)
    y = np.arange(n) % 2
    radius = 1 + y + np.hypot(0.1, noise) * jitter.standard_normal(n)
    return Dataset(_polar(radius, place.random(n)), y, names=("inner", "outer"), span=3.0)


def unit_circle(n: int, noise: float, seed: int) -> Dataset:
    """Points of N(0, 1)^2, class 1 where |x|^2 > 1, as in the course (002-04): P = exp(-1/2).

    Labels are looked up U(-2, 2) noise off, which is to this circle what it is to ``circle``.
    """
    place, jitter = np.random.default_rng(seed).spawn(2)
    x = place.standard_normal((n, 2))
    looked_up = x + noise * jitter.uniform(-2, 2, (n, 2))
    return Dataset(x, _radius(looked_up) > 1, names=("inside", "outside"), span=3.0)


def xor_corners(n: int, noise: float, seed: int) -> Dataset:
    """XOR itself, as in the course (002-18): (0, 0) and (1, 1) -> 0, (1, 0) and (0, 1) -> 1.

    The four corners in turn, moved by N(0, noise^2).
    """
    jitter = np.random.default_rng(seed)
    bits = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])[np.arange(n) % 4]
    x = bits + noise * jitter.standard_normal((n, 2))
    return Dataset(x, bits.sum(axis=1) == 1, names=("0", "1"), span=2.0)


def checkerboard(n: int, noise: float, seed: int) -> Dataset:
    """4 x 4 squares of side 2.5 on U(-5, 5)^2; labels looked up U(-2.5, 2.5) noise off."""
    place, jitter = np.random.default_rng(seed).spawn(2)
    x = place.uniform(-5, 5, (n, 2))
    looked_up = x + noise * jitter.uniform(-2.5, 2.5, (n, 2))
    y = np.floor(looked_up / 2.5).sum(axis=1) % 2
    return Dataset(x, y, names=("dark", "light"))


def pinwheel(n: int, noise: float, seed: int) -> Dataset:
    """Four bent arms. At radius r and a normal offset across of sd 0.1 + noise, turned by e^r / 4.

    r ~ N(1, 0.3^2); all is scaled by 3. After Johnson et al., "Structured VAEs", NeurIPS 2016.
    """
    place, jitter = np.random.default_rng(seed).spawn(2)
    y = np.arange(n) % 4
    along = 1 + 0.3 * place.standard_normal(n)
    across = (0.1 + noise) * jitter.standard_normal(n)
    turned = np.exp(along) / 4 + np.pi / 2 * y
    rotated = (along + 1j * across) * np.exp(1j * turned)
    x = 3 * np.column_stack([rotated.real, rotated.imag])
    return Dataset(x, y, classes=4, names=("A", "B", "C", "D"))


def reg_plane(n: int, noise: float, seed: int) -> Dataset:
    """Target (x1 + x2) / 10 on U(-6, 6)^2, looked up U(-6, 6) noise off."""
    x, looked_up = _square(n, noise, seed)
    return _regression(x, looked_up.sum(axis=1) / 10)


def reg_gauss(n: int, noise: float, seed: int) -> Dataset:
    """Six cones of height +-1 and radius 2 at x1 in {-4, 0, 4}, x2 = +-2.5 on U(-6, 6)^2.

    Targets are looked up U(-6, 6) noise off. Neighbors have opposite signs; no two overlap.
    """
    x, looked_up = _square(n, noise, seed)
    centers = np.array([(c, r) for r in (2.5, -2.5) for c in (-4.0, 0.0, 4.0)])
    signs = np.array([1, -1, 1, -1, 1, -1])
    distances = _radius(looked_up[:, None] - centers)  # (n, 6)
    return _regression(x, np.maximum(1 - distances / 2, 0) @ signs)


def _blobs(centers: ArrayLike, n: int, noise: float, seed: int) -> Dataset:
    middle = np.asarray(centers, dtype=np.float64)
    y = np.arange(n) % len(middle)
    offsets = np.random.default_rng(seed).standard_normal((n, 2))
    names = tuple("ABCD"[: len(middle)])
    x = middle[y] + np.sqrt(0.5 + 7 * noise) * offsets
    return Dataset(x, y, classes=len(middle), names=names)


def _square(n: int, noise: float, seed: int) -> tuple[Array, Array]:
    """Return points of [-6, 6]^2 and where their targets are looked up."""
    place, jitter = np.random.default_rng(seed).spawn(2)
    x = place.uniform(-6, 6, (n, 2))
    return x, x + noise * jitter.uniform(-6, 6, (n, 2))


def _regression(x: Array, y: Array) -> Dataset:
    return Dataset(x, y, task="regression", classes=0, names=())


def _polar(radius: Array, turn: Array) -> Array:
    """Return points (n, 2) at these radii; turns (1 = all around) count clockwise from x2."""
    angle = 2 * np.pi * turn
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def _radius(points: Array) -> NDArray[np.float64]:
    return np.asarray(np.hypot(points[..., 0], points[..., 1]))
