"""One dimension: the generator's density, exactly where it can be, and Goodfellow's Figure 1."""

from functools import cache
from math import erf, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.config import GanConfig
from dlviz.gan.data import Source
from dlviz.gan.measures import push
from dlviz.gan.tapes import LEAK

Array = NDArray[Any]

LINE = 201  # places at which one dimension is shown
_ERF = np.vectorize(erf, otypes=[float])
STRATA = 8000  # equally likely values of the noise that make a histogram


def line_of(source: Source) -> Array:
    """Return the places (201,) at which a line is shown."""
    return np.linspace(source.low, source.high, LINE)


def densities(generator: Any, config: GanConfig, samples: Array, source: Source) -> Array:
    """Return the density of R generators on the line, float32 (R, 201); (R, 0) in the plane.

    The exact mean in the cell around each place for an affine generator of normal noise. Else the
    shares of these cells: of 8000 equally likely noises where there is one of them, of the
    ``samples`` (R, n, 1) where there are two.
    """
    if source.dim == 2:
        return np.empty((len(samples), 0), np.float32)
    x = line_of(source)
    if not config.hidden_g and config.noise == "normal":
        return normal_cells(x, *bell_of(generator)).astype(np.float32)
    if config.noise_dim == 1:
        leak = {"relu": 0.0, "leaky_relu": LEAK}.get(config.units)
        samples = push(generator.matrices, strata(config.noise), leak)
    return np.stack([histogram(each[:, 0], x) for each in samples])


def bell_of(generator: Any) -> tuple[Array, Array]:
    """Return mean and sd, (R, 1) each, of what R affine generators make of normal noise."""
    matrix = generator.matrices[0]  # x = w · z + b, so the variance is |w|²
    sd = np.sqrt((matrix[..., :-1] ** 2).sum(-1))
    return matrix[:, 0, -1:], np.maximum(sd, 1e-9)


def normal_cells(x: Array, mean: Array, sd: Array) -> Array:
    """Return the mean density of N(mean, sd²), (R, 1) each, in the cells around places (N,)."""
    step = x[1] - x[0]
    edges = np.append(x - step / 2, x[-1] + step / 2)
    with np.errstate(all="ignore"):
        below = _ERF((edges - mean) / (sd * sqrt(2))) / 2
    return np.asarray(np.diff(below, axis=-1) / step)


@cache
def strata(noise: str) -> Array:
    """Return equally likely noises as columns with ones, (1, 2, 8000)."""
    shares = (np.arange(STRATA) + 0.5) / STRATA
    if noise == "normal":
        z = np.array([NormalDist().inv_cdf(share) for share in shares])
    else:
        z = 2 * shares - 1
    return np.stack([z, np.ones_like(z)])[None]


def histogram(samples: Array, x: Array) -> Array:
    """Return the density of samples in the cells around evenly spaced places, float32."""
    step = x[1] - x[0]
    edges = np.append(x - step / 2, x[-1] + step / 2)
    finite = samples[np.isfinite(samples)]
    shares = np.histogram(finite, edges)[0] / (len(samples) * step)
    return np.asarray(shares, np.float32)
