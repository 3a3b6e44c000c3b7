"""Walks through the noise of a generator of pictures, and pictures on demand."""

from copy import deepcopy
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.gan.pictures import PictureTrace
from dlviz.picture_sets import pictures

Array = NDArray[Any]

ASKED_STREAM = 3  # of random numbers


def blend(a: Array, b: Array, t: ArrayLike, *, spherical: bool = False) -> Array:
    """Return points on the way from a to b (n, d) at shares t (T,): (T, n, d).

    Straight, (1 − t) a + t b; or along the sphere, sin((1 − t) ω) / sin ω a + sin(t ω) / sin ω b
    with the angle ω between them (Shoemake 1985). Noise of many dimensions lies in a thin shell,
    and a straight way leaves it (White, "Sampling Generative Networks", 2016). arXiv:1609.04468
    """
    share = np.asarray(t, float)[:, None, None]
    if not spherical:
        return np.asarray((1 - share) * a + share * b)
    lengths = np.sqrt((a * a).sum(1)) * np.sqrt((b * b).sum(1))
    angle = np.arccos(np.clip((a * b).sum(1) / lengths, -1, 1))[:, None]
    sine = np.where(np.sin(angle) < 1e-6, 1.0, np.sin(angle))
    turned = (np.sin((1 - share) * angle) * a + np.sin(share * angle) * b) / sine
    return np.asarray(np.where(np.sin(angle) < 1e-6, (1 - share) * a + share * b, turned))


def made(trace: PictureTrace, z: Array, labels: Array) -> Array:
    """Return the pictures (n, H, W) that a trained generator makes of noises, in [0, 1]."""
    data = pictures(trace.config.pictures)
    if trace.config.conditional:
        z = np.concatenate([z, np.eye(len(data.names))[labels]], axis=1)
    net = deepcopy(trace.generator)  # others may be using it
    return net.forward(z.astype(np.float32), learning=False).reshape(-1, *data.shape[1:])


def walks(trace: PictureTrace, pairs: int, t: ArrayLike) -> tuple[Array, Array]:
    """Return what lies between pairs of noises, straight and along the sphere.

    Returns
    -------
    pictures : (2, T, pairs, H, W)
    lengths : (2, T), the mean length of the noises
    """
    rng = np.random.default_rng([trace.config.seed, ASKED_STREAM])
    a, b = rng.standard_normal((2, pairs, trace.config.noise_dim))
    labels = np.arange(pairs) % 10
    ways = [blend(a, b, t, spherical=bent) for bent in (False, True)]
    shown = [[made(trace, z, labels) for z in way] for way in ways]
    lengths = [np.sqrt((way**2).sum(2)).mean(1) for way in ways]
    return np.array(shown), np.array(lengths)


def on_demand(trace: PictureTrace, count: int) -> Array:
    """Return pictures of each class, of the same noises: (classes, count, H, W)."""
    classes = len(pictures(trace.config.pictures).names)
    rng = np.random.default_rng([trace.config.seed, ASKED_STREAM])
    z = rng.standard_normal((count, trace.config.noise_dim))
    return np.stack([made(trace, z, np.full(count, label)) for label in range(classes)])
