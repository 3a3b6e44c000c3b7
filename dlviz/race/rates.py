"""Exact rates of convergence on a parabola, for momentum in its three versions.

On a parabola of curvature λ a rule with a velocity is a 2x2 matrix. Its larger eigenvalue σ, in
size, is the factor by which a late step multiplies the error: σ² − b·σ + c = 0 with

============ ====================== =============
rule         b                      c
============ ====================== =============
momentum     1 + β − αλ             β
nesterov     (1 + β)·(1 − αλ)       β·(1 − αλ)
as printed   1 + β                  β + αλ
============ ====================== =============

Goh, "Why Momentum Really Works", Distill 2017; Lessard, Recht & Packard, "Analysis and Design of
Optimization Algorithms via Integral Quadratic Constraints", SIAM J. Optim. 26, 2016, table 1.
"""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.optimizers import Array

REGIMES = ("diverges", "ripples", "monotone", "oscillates", "one step")
QUICK = 0.1  # the error is a tenth after one step: as good as one step


def momentum_rate(alpha_lambda: ArrayLike, beta: ArrayLike) -> Array:
    """Return the rate of momentum, the spectral radius; it settles where this is below 1."""
    al, b = _both(alpha_lambda, beta)
    return _radius(1 + b - al, b)


def nesterov_rate(alpha_lambda: ArrayLike, beta: ArrayLike) -> Array:
    """Return the rate of Nesterov's momentum."""
    al, b = _both(alpha_lambda, beta)
    return _radius((1 + b) * (1 - al), b * (1 - al))


def printed_rate(alpha_lambda: ArrayLike, beta: ArrayLike) -> Array:
    """Return the rate of momentum that steps along its velocity of before, one step late."""
    al, b = _both(alpha_lambda, beta)
    return _radius(1 + b, b + al)


def _both(alpha_lambda: ArrayLike, beta: ArrayLike) -> tuple[Array, Array]:
    return np.asarray(alpha_lambda, dtype=float), np.asarray(beta, dtype=float)


def _radius(b: Array, c: Array) -> Array:
    """Return the size of the larger root of σ² − bσ + c."""
    inside = b * b - 4 * c
    apart = (np.abs(b) + np.sqrt(np.maximum(inside, 0))) / 2
    return np.asarray(np.where(inside < 0, np.sqrt(np.maximum(c, 0)), apart))


def momentum_limit(beta: float) -> float:
    """Return the αλ up to which momentum settles."""
    return 2 * (1 + beta)


def nesterov_limit(beta: float) -> float:
    """Return the αλ up to which Nesterov's momentum settles."""
    return 2 * (1 + beta) / (1 + 2 * beta)


def printed_limit(beta: float) -> float:
    """Return the αλ up to which momentum one step late settles."""
    return 1 - beta


def regimes(alpha_lambda: ArrayLike, beta: ArrayLike) -> NDArray[np.str_]:
    """Name how momentum comes down: "ripples" where σ is complex, and so on (``REGIMES``)."""
    al, b = _both(alpha_lambda, beta)
    rate, middle = momentum_rate(al, b), 1 + b - al
    return np.select(
        [(rate >= 1) | (al <= 0), rate < QUICK, middle * middle < 4 * b, middle >= 0],
        ["diverges", "one step", "ripples", "monotone"],
        "oscillates",
    )


def critical_damping(alpha_lambda: ArrayLike) -> Array:
    """Return the β at which momentum is fastest for a given αλ: (1 − √(αλ))²."""
    return np.asarray((1 - np.sqrt(np.asarray(alpha_lambda, dtype=float))) ** 2)


def momentum_optimum(condition: float) -> tuple[float, float, float]:
    """Return the best αλ (of the largest λ), β and rate for curvatures λ/condition to λ."""
    root = sqrt(condition)
    beta = ((root - 1) / (root + 1)) ** 2
    return (2 * root / (root + 1)) ** 2, beta, sqrt(beta)


def nesterov_optimum(condition: float) -> tuple[float, float, float]:
    """Return the same for Nesterov's momentum."""
    root = sqrt(3 * condition + 1)
    return 4 * condition / (3 * condition + 1), (root - 2) / (root + 2), 1 - 2 / root


def plain_optimum(condition: float) -> tuple[float, float]:
    """Return the best αλ and rate of descent without momentum."""
    return 2 * condition / (condition + 1), (condition - 1) / (condition + 1)


def iterates(rule: str, alpha_lambda: float, beta: Array, curvature: float, steps: int) -> Array:
    """Return the errors (B, steps + 1) of runs from 1 at rest on a parabola, for B values of β.

    Parameters
    ----------
    rule : "sgd", "momentum", "nesterov" or "printed" (the velocity of before)
    curvature : λ as a share of the one in αλ
    """
    pace = alpha_lambda * curvature
    error, velocity = np.ones_like(beta), np.zeros_like(beta)
    errors = [error]
    for _ in range(steps):
        before, velocity = velocity, beta * velocity + error  # the gradient is the error here
        step = {"sgd": error, "momentum": velocity, "printed": before,
                "nesterov": error + beta * velocity}[rule]  # fmt: skip
        error = error - pace * step
        errors.append(error)
    return np.stack(errors, axis=-1)
