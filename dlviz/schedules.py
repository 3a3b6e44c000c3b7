"""Learning rate schedules: what the learning rate is multiplied by at each update.

Each maps ``(t, steps)`` to a multiplier in (0, 1]: ``t`` is the number of the update, counted
from 0, an int or an int array; ``steps`` is how many updates the run will make. All lengths are
fractions of ``steps``, so that a schedule keeps its shape when the run is made longer.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Schedule = Callable[[ArrayLike, int], Array]


def constant(t: ArrayLike, steps: int) -> Array:
    """Return 1 throughout."""
    return np.ones(np.shape(t))


def step(t: ArrayLike, steps: int) -> Array:
    """Return 1, then 0.1, then 0.01, each for a third of the run (rounded up)."""
    third = -(-steps // 3)
    return np.asarray(0.1 ** (np.asarray(t) // third))


def exponential(t: ArrayLike, steps: int) -> Array:
    """Fall by the same factor at each update, down to 0.01 after the last."""
    return np.asarray(0.01 ** (np.asarray(t) / steps))


def inverse_time(t: ArrayLike, steps: int) -> Array:
    """Fall as 1 / (1 + 10·t/steps): slow enough to get anywhere, fast enough to calm noise.

    Its sum diverges and the sum of its squares does not: Robbins & Monro, "A Stochastic
    Approximation Method", 1951, conditions (7).
    """
    return np.asarray(1 / (1 + 10 * np.asarray(t) / steps))


def cosine(t: ArrayLike, steps: int) -> Array:
    """Fall along half a cosine, from 1 to 0: slowly, then fast, then slowly.

    Loshchilov & Hutter, "SGDR", ICLR 2017, equation 5 without restarts. arXiv:1608.03983
    """
    return np.asarray((1 + np.cos(np.pi * np.asarray(t) / steps)) / 2)


def warmup_cosine(t: ArrayLike, steps: int) -> Array:
    """Rise in equal steps to 1 over the first tenth of the run, then fall along half a cosine.

    Goyal et al., "Accurate, Large Minibatch SGD", 2017, section 2.2. arXiv:1706.02677
    """
    t = np.asarray(t)
    warmup = steps // 10
    return np.where(t < warmup, (t + 1) / (warmup + 1), cosine(t - warmup, steps - warmup))


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "step": step,
    "exponential": exponential,
    "inverse_time": inverse_time,
    "cosine": cosine,
    "warmup_cosine": warmup_cosine,
}
