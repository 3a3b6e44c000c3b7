"""The smallest game there is: one point against one slope.

The data is the point 0, the generator the point θ, the discriminator D(x) = ψ x. With the logistic
loss f(t) = −log(1 + exp(−t)) the generator lowers f(ψ θ) + f(0) and the discriminator raises it.
Both are content at (0, 0) alone. Mescheder, Geiger & Nowozin, ICML 2018, section 2.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.checks import check_choice, check_count, check_range
from dlviz.frozen import frozen

Array = NDArray[np.float64]

METHODS = ("simultaneous", "alternating")
START = (1.0, 0.0)


def force(theta: ArrayLike, psi: ArrayLike, r1: ArrayLike = 0.0) -> tuple[Array, Array]:
    """Return where both players are going: (−ψ f'(ψθ), θ f'(ψθ) − r1 ψ), f'(t) = σ(−t)."""
    theta, psi = np.asarray(theta, float), np.asarray(psi, float)
    slope = 0.5 - 0.5 * np.tanh(0.5 * psi * theta)
    return -psi * slope, theta * slope - np.asarray(r1) * psi


def dirac_paths(
    r1: ArrayLike, method: str = "simultaneous", lr: float = 0.2, steps: int = 150
) -> Array:
    """Play the game for each of K weights of the penalty R1, from (1, 0).

    Parameters
    ----------
    r1 : (K,), each >= 0
    method : one of ``METHODS``; in turns, the discriminator moves first
    lr : in (0, 10], of both players
    steps : 0 to 10 000

    Returns
    -------
    float64 (K, steps + 1, 2), read-only
        (θ, ψ), entry 0 before the first step.
    """
    check_choice("method", method, METHODS)
    check_range("lr", lr, 0, 10, open_low=True)
    check_count("steps", steps, 0, 10_000)
    weights = np.asarray(r1, float)
    path = np.empty((len(weights), steps + 1, 2))
    path[:, 0] = START
    for t in range(steps):
        theta, psi = path[:, t, 0], path[:, t, 1]
        along, up = force(theta, psi, weights)
        psi_next = psi + lr * up
        if method == "alternating":
            along, _ = force(theta, psi_next, weights)
        path[:, t + 1, 0], path[:, t + 1, 1] = theta + lr * along, psi_next
    return frozen(path)
