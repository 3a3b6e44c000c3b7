"""Data with two weights to find: losses, gradients and curvatures, sample by sample."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.noise.config import NoiseConfig
from dlviz.optimizers import Array

Chosen = NDArray[np.int64] | slice  # of the samples
TRUE = (1.5, -1.0)  # the weights that made the data
STEEP = 2.0  # of the second axis against the first
RIDGE = 0.05  # of logistic regression, so that it has a minimum on any data


@dataclass(frozen=True, eq=False)
class Problem:
    """N samples; ``losses``, ``gradients`` and ``hessians`` are of each of them, the loss a mean.

    Parameters
    ----------
    task : as in ``NoiseConfig``
    x : float64 (N, 2)
    y : float64 (N,), the targets; classes 0 and 1; not used by "mean"
    minimum : float64 (2,), where the loss is least
    """

    task: str
    x: Array
    y: Array
    minimum: Array

    def losses(self, w: Array, chosen: Chosen = slice(None)) -> Array:
        """Return the losses (..., n) of the chosen samples at weights (..., 2)."""
        x, y = self.x[chosen], self.y[chosen]
        if self.task == "mean":
            away = w[..., None, :] - x
            return np.asarray(0.5 * (away * away) @ np.array([1.0, STEEP]))
        z = w @ x.T
        if self.task == "linear":
            return np.asarray(0.5 * (z - y) ** 2)
        return np.asarray(np.logaddexp(0, z) - y * z + RIDGE / 2 * (w * w).sum(-1)[..., None])

    def loss(self, w: Array) -> Array:
        """Return the loss (...) over all samples at weights (..., 2)."""
        return np.asarray(self.losses(w).mean(-1))

    def gradients(self, w: Array, chosen: Chosen = slice(None)) -> Array:
        """Return the gradients (n, 2) of the chosen samples at weights (2,)."""
        x, y = self.x[chosen], self.y[chosen]
        if self.task == "mean":
            return np.asarray((w - x) * np.array([1.0, STEEP]))
        z = x @ w
        if self.task == "linear":
            return np.asarray((z - y)[:, None] * x)
        return np.asarray((_sigmoid(z) - y)[:, None] * x + RIDGE * w)

    def hessians(self, w: Array) -> Array:
        """Return the curvatures (N, 2, 2) of the samples at weights (2,)."""
        if self.task == "mean":
            return np.broadcast_to(np.diag([1.0, STEEP]), (len(self.x), 2, 2))
        outer = self.x[:, :, None] * self.x[:, None, :]
        if self.task == "linear":
            return outer
        p = _sigmoid(self.x @ w)
        return np.asarray((p * (1 - p))[:, None, None] * outer + RIDGE * np.eye(2))


def _sigmoid(z: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(z / 2)))


def problem_of(config: NoiseConfig) -> Problem:
    """Return the data of a Config; equal settings give the same object."""
    return _problem(config.task, config.samples, config.spread, config.seed)


@lru_cache(maxsize=64)
def _problem(task: str, samples: int, spread: float, seed: int) -> Problem:
    rng = np.random.default_rng((seed, 1))
    x = rng.normal(size=(samples, 2)) * [1.0, np.sqrt(STEEP)]
    noise = rng.normal(size=samples)
    if task == "mean":
        x, y = np.array(TRUE) + spread * x / [1.0, np.sqrt(STEEP)], np.zeros(samples)
    elif task == "linear":
        y = x @ TRUE + spread * noise
    else:
        y = (x @ TRUE + spread * noise > 0).astype(float)
    start = Problem(task, frozen(x), frozen(y), frozen([0.0, 0.0]))
    return Problem(task, start.x, start.y, frozen(_minimum(start)))


def _minimum(problem: Problem) -> Array:
    """Return where the mean gradient vanishes, by Newton's steps; short ones at first."""
    w = np.zeros(2)
    for _ in range(60):
        step = np.linalg.solve(problem.hessians(w).mean(0), problem.gradients(w).mean(0))
        w = w - step / max(1.0, float(np.abs(step).max()))
    return w
