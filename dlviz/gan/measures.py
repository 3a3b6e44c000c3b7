"""How good a generator is, told honestly: many samples, and what a perfect one would score.

Any measure on samples differs from 0 though the distributions be the same. So each is drawn with
its floor: what other real samples, as many, score against the real ones.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.gan.data import Source, source_of

Array = NDArray[Any]

SAMPLES = 10_000
CELLS = 30  # along each axis of the histogram; beyond the window is one more
FOUND = 0.01  # of the samples on a mode make it found
_REAL, _FLOOR, _NEAR = 1000, 1001, 1002  # streams of random numbers
FLOORS = 8  # draws of which the floor is the mean


class Scores(NamedTuple):
    """Of R sets of samples, (R,) each."""

    js: Array  # nats, in [0, log 2]
    kl: Array  # KL(real | fake) in nats, half a sample added to each cell of the fakes
    coverage: Array  # share of the modes found
    on_mode: Array  # share of samples within reach of a mode


@cache
def reference(data: str, points: str = "") -> Array:
    """Return the real samples (10 000, d) that all generators are compared with."""
    return frozen(source_of(data, points).draw(np.random.default_rng(_REAL), SAMPLES))


@cache
def floor(data: str, points: str = "") -> tuple[float, float]:
    """Return what a perfect generator scores: JS and KL of real against real samples."""
    source, rng = source_of(data, points), np.random.default_rng(_FLOOR)
    others = np.stack([source.draw(rng, SAMPLES) for _ in range(FLOORS)])
    marks = scores(others, source, reference(data, points))
    return float(marks.js.mean()), float(marks.kl.mean())


def scores(samples: Array, source: Source, real: Array) -> Scores:
    """Score samples (R, n, d) against real ones (m, d); nan where samples are not finite."""
    p = histogram(real, source)
    marks = [_score(each, source, p) for each in samples]
    return Scores(*(np.array(column) for column in zip(*marks, strict=True)))


def _score(samples: Array, source: Source, p: Array) -> tuple[float, float, float, float]:
    if not np.isfinite(samples).all():
        return np.nan, np.nan, 0.0, 0.0
    q = histogram(samples, source)
    spread = (q * len(samples) + 0.5) / (len(samples) + 0.5 * len(q))
    counts, on_mode = modes_of(samples, source)
    found = float((counts > FOUND * len(samples)).mean())
    return js_of(p, q), _kl(p, spread), found, float(on_mode)


def histogram(samples: Array, source: Source) -> Array:
    """Return the share of samples (n, d) in each cell of the window, and last beyond it."""
    step = (source.high - source.low) / CELLS
    index, inside = np.zeros(len(samples), np.intp), np.ones(len(samples), bool)
    with np.errstate(invalid="ignore", over="ignore"):
        for axis, along in enumerate(samples.T):  # a column at a time is several times as fast
            at = np.floor((along - source.low) / step)
            inside &= (at >= 0) & (at < CELLS)
            index += CELLS**axis * at.astype(np.intp)
    index = index[inside]
    cells = CELLS ** samples.shape[1]
    counts = np.bincount(index, minlength=cells + 1).astype(float)
    counts[cells] = len(samples) - len(index)
    return np.asarray(counts / len(samples))


def js_of(p: Array, q: Array) -> float:
    """Return the Jensen-Shannon divergence of two histograms, in nats."""
    middle = (p + q) / 2
    return (_kl(p, middle) + _kl(q, middle)) / 2


def _kl(p: Array, q: Array) -> float:
    filled = p > 0
    return float((p[filled] * np.log(p[filled] / q[filled])).sum())


def modes_of(samples: Array, source: Source) -> tuple[NDArray[np.intp], float]:
    """Return how many samples (n, d) are on each mode, and the share that is on any."""
    columns = samples.T.astype(float)
    least, nearest = np.full(len(samples), np.inf), np.zeros(len(samples), np.intp)
    for i, mode in enumerate(source.modes):
        squares = sum((along - at) ** 2 for along, at in zip(columns, mode, strict=True))
        np.copyto(nearest, i, where=squares < least)
        np.minimum(least, squares, out=least)
    on = least <= source.reach**2
    return np.bincount(nearest[on], minlength=len(source.modes)), float(on.mean())


def sliced_wasserstein(a: Array, b: Array, directions: int = 64) -> float:
    """Return the mean W1 of the shadows of two sets (n, d) on lines in all directions.

    Bonneel et al., "Sliced and Radon Wasserstein Barycenters", 2015. In one dimension it is W1.
    """
    if a.shape[1] == 1:
        return float(np.abs(np.sort(a, 0) - np.sort(b, 0)).mean())
    angles = np.pi * (np.arange(directions) + 0.5) / directions
    ways: Array = np.stack([np.cos(angles), np.sin(angles)])
    return float(np.abs(np.sort(a @ ways, 0) - np.sort(b @ ways, 0)).mean())


def two_sample_accuracy(a: Array, b: Array) -> float:
    """Return how often the nearest neighbor of a sample is of its own kind; ½ if none can tell.

    Lopez-Paz & Oquab, "Revisiting Classifier Two-Sample Tests", ICLR 2017, with leave-one-out.
    """
    both = np.concatenate([a, b])
    squares = sum((both[:, None, i] - both[None, :, i]) ** 2 for i in range(both.shape[1]))
    squares = np.asarray(squares)
    np.fill_diagonal(squares, np.inf)
    kind = np.arange(len(both)) < len(a)
    return float((kind[squares.argmin(1)] == kind).mean())


def fresh(data: str, points: str, n: int) -> Array:
    """Return real samples (n, d), other than those of ``reference``."""
    return source_of(data, points).draw(np.random.default_rng(_NEAR), n)


def push(matrices: Sequence[Array], z: Array, leak: float | None, part: int = 1000) -> Array:
    """Return what networks make of columns with ones (1, d + 1, n), as samples (R, n, K).

    Run by run and part by part, so that what passes between the layers stays in the cache, and in
    float32, twice as fast: the eye and ten thousand samples see no difference.
    """
    runs, last = len(matrices[-1]), len(matrices) - 1
    out = np.empty((runs, z.shape[-1], matrices[-1].shape[1]), np.float32)
    columns = z[0].astype(np.float32)
    for run in range(runs):
        layers = [matrix[run].astype(np.float32) for matrix in matrices]
        for begin in range(0, z.shape[-1], part):
            a = columns[:, begin : begin + part]
            for i, layer in enumerate(layers):
                a = layer[:, :-1] @ a[: layer.shape[1] - 1]
                a += layer[:, -1:]
                if i < last:
                    a = np.tanh(a) if leak is None else np.maximum(a, np.float32(leak) * a)
            out[run, begin : begin + part] = a.T
    return out
