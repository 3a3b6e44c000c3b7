"""What is known of the game in closed form: the best discriminator, the value, divergences.

Densities are given by their values on a rising grid; integrals are by the trapezoid rule, which for
smooth densities that vanish at both ends is exact up to rounding. Everything is in nats.

Goodfellow et al., "Generative Adversarial Nets", NIPS 2014, section 4.
"""

from math import erf, exp, log, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

EQUILIBRIUM = -log(4)  # the value where the generator has become the data


def optimal_discriminator(p: ArrayLike, q: ArrayLike) -> Array:
    """Return D* = p / (p + q), proposition 1: the best answer to a generator of density q.

    Parameters
    ----------
    p, q : densities of the data and of the generator at the same points

    Returns
    -------
    float64 in [0, 1]; ½ where both are 0, as nothing is known there
    """
    p, q = np.asarray(p, float), np.asarray(q, float)
    total = p + q
    half = np.full(np.broadcast_shapes(p.shape, q.shape), 0.5)
    return np.asarray(np.divide(p, total, out=half, where=total > 0))


def value(p: ArrayLike, q: ArrayLike, x: ArrayLike, d: ArrayLike | None = None) -> Array:
    """Return V(D, G) = E_p[log D] + E_q[log(1 − D)], equation 1, in [−∞, 0].

    Parameters
    ----------
    p, q : densities (..., N) at the points x
    x : (N,), rising
    d : what the discriminator says there, in [0, 1]; by default the optimal one, whose value is
        −log 4 + 2 JS(p, q)
    """
    p, q = np.asarray(p, float), np.asarray(q, float)
    if d is None:  # 1 − D* would round to 0 where D* is nearly 1
        real, fake = optimal_discriminator(p, q), optimal_discriminator(q, p)
    else:
        real = np.asarray(d, float)
        fake = 1 - real
    return integral(_times_log(p, real) + _times_log(q, fake), x)


def kl(p: ArrayLike, q: ArrayLike, x: ArrayLike) -> Array:
    """Return KL(p | q) = ∫ p log(p / q), ∞ where q is 0 and p is not."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    return integral(_times_log(p, p) - _times_log(p, q), x)


def js(p: ArrayLike, q: ArrayLike, x: ArrayLike) -> Array:
    """Return the Jensen-Shannon divergence, in [0, log 2]."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    middle = (p + q) / 2
    return (kl(p, middle, x) + kl(q, middle, x)) / 2


def wasserstein(p: ArrayLike, q: ArrayLike, x: ArrayLike) -> Array:
    """Return the distance W1 = ∫ |F_p − F_q|, in units of x: how far the mass has to be moved."""
    x = np.asarray(x, float)
    gap = np.asarray(p, float) - np.asarray(q, float)
    moved = np.cumsum((gap[..., 1:] + gap[..., :-1]) / 2 * np.diff(x), axis=-1)
    moved = np.concatenate([np.zeros_like(moved[..., :1]), moved], axis=-1)
    return integral(np.abs(moved), x)


def integral(values: ArrayLike, x: ArrayLike) -> Array:
    """Return the integral over the last axis by the trapezoid rule."""
    return np.asarray(np.trapezoid(np.asarray(values, float), np.asarray(x, float), axis=-1))


def _times_log(weight: Array, inner: Array) -> Array:
    """Return weight · log inner, 0 where the weight is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weight > 0, weight * np.log(inner), 0.0)


# Two normal densities.


def normal(x: ArrayLike, mean: ArrayLike = 0.0, sd: ArrayLike = 1.0) -> Array:
    """Return the density of N(mean, sd²); the push-forward of N(0, 1) by G(z) = sd z + mean."""
    width = np.abs(np.asarray(sd, float))
    z = (np.asarray(x, float) - np.asarray(mean, float)) / width
    return np.asarray(np.exp(-z * z / 2) / (width * sqrt(2 * pi)))


def normal_kl(mean: float, sd: float, other: float, other_sd: float) -> float:
    """Return KL(N(mean, sd²) | N(other, other_sd²))."""
    ratio = (sd / other_sd) ** 2
    return 0.5 * (ratio - 1 - log(ratio) + ((mean - other) / other_sd) ** 2)


def normal_wasserstein(mean: float, sd: float, other: float, other_sd: float) -> float:
    """Return W1 of two normals: E|Δmean + Δsd · Z|, the mean of a folded normal."""
    shift, spread = abs(mean - other), abs(sd - other_sd)
    if spread == 0:
        return shift
    ratio = shift / spread
    return spread * sqrt(2 / pi) * exp(-ratio * ratio / 2) + shift * erf(ratio / sqrt(2))


# The smallest game: Mescheder, Geiger & Nowozin, ICML 2018. arXiv:1801.04406


def dirac_spectrum(
    lr: float, method: str = "simultaneous", r1: float = 0.0
) -> NDArray[np.complex128]:
    """Return the eigenvalues of one step of the Dirac-GAN at its equilibrium (0, 0).

    The data is the point 0, the generator the point θ, the discriminator D(x) = ψ x. With the
    logistic loss the slope there is c = f'(0) = ½. The step converges if all are shorter than 1.

    Parameters
    ----------
    lr : of both players
    method : "simultaneous": 1 + lr λ with λ = −r1/2 ± √(r1²/4 − c²) (lemma 2.3, 4.1); or
        "alternating", the discriminator first: the roots of μ² − (2 − a − b²) μ + 1 − a with
        a = lr r1 and b = lr c, for r1 = 0 on the unit circle while b <= 2 (lemma 2.4)
    r1 : >= 0, the weight γ of the penalty γ/2 |∇D|²
    """
    b, a = lr * 0.5, lr * r1
    if method == "simultaneous":
        trace, determinant = 2 - a, 1 - a + b * b
    else:
        trace, determinant = 2 - a - b * b, 1 - a
    root = np.sqrt(complex(trace * trace / 4 - determinant))
    return np.array([trace / 2 + root, trace / 2 - root])
