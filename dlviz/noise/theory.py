"""What theory says of mini-batches: how much estimates scatter, and where descent ends up."""

import numpy as np

from dlviz.noise.config import NoiseConfig
from dlviz.noise.problem import Problem, problem_of
from dlviz.optimizers import Array


def scatter(gradients: Array, size: int, *, replacement: bool) -> Array:
    """Return the standard deviation (2,) of the mean of ``size`` of N gradients (N, 2).

    σ/√B, and without replacement times √((N − B)/(N − 1)); σ is that of the N gradients.
    """
    count = len(gradients)
    whole: Array = gradients.std(axis=0) / np.sqrt(size)
    if replacement:
        return whole
    return np.asarray(whole * np.sqrt((count - size) / max(1, count - 1)))


def stationary_variance(lr: float, momentum: float, curvature: float, noise: float) -> float:
    """Return the variance at which a parabola's run with noisy gradients comes to rest.

    α(1 + β)σ² / ((1 − β)λ(2(1 + β) − αλ)), for noise of variance σ² that does not depend on where
    the run is; infinite where the run is unstable.
    """
    room = 2 * (1 + momentum) - lr * curvature
    if room <= 0:
        return float("inf")
    return lr * (1 + momentum) * noise / ((1 - momentum) * curvature * room)


def stationary_covariance(config: NoiseConfig) -> Array | None:
    """Return the covariance (2, 2) of the weights in the end, batches drawn with replacement.

    One update of the error e and the velocity v is a random matrix; the covariance is the fixed
    point of its mean effect on (e, v)(e, v)ᵀ, which is linear. Exact where losses are parabolas
    ("mean", "linear"), near the minimum elsewhere. None where it grows without end.
    """
    problem, lr, beta = problem_of(config), config.lr, config.momentum
    hessians = problem.hessians(problem.minimum)
    each = np.array([_update(h, lr, beta) for h in hessians])  # (N, 4, 4)
    mean = each.mean(0)
    size = config.size
    of_one = np.einsum("nij,nkl->ikjl", each, each).reshape(16, 16) / len(each)
    of_mean = np.kron(mean, mean)
    effect = of_mean + (of_one - of_mean) / size
    if np.abs(np.linalg.eigvals(effect)).max() >= 1:
        return None
    gradients = problem.gradients(problem.minimum)
    pushes = np.concatenate([-lr * gradients, gradients], axis=1)  # into e and into v
    added = pushes.T @ pushes / len(pushes) / size
    whole = np.linalg.solve(np.eye(16) - effect, added.ravel()).reshape(4, 4)
    return np.asarray(whole[:2, :2])


def _update(hessian: Array, lr: float, beta: float) -> Array:
    """Return the matrix of v ← βv + He, e ← e − lr·v on (e, v)."""
    eye = np.eye(2)
    return np.block([[eye - lr * hessian, -lr * beta * eye], [hessian, beta * eye]])


def floor(config: NoiseConfig) -> float | None:
    """Return how far above its minimum the loss ends up on average, or None if it grows."""
    covariance = stationary_covariance(config)
    if covariance is None:
        return None
    problem: Problem = problem_of(config)
    curvature = problem.hessians(problem.minimum).mean(0)
    return float(0.5 * np.trace(curvature @ covariance))
