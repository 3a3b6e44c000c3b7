"""How runs ended, decided from their numbers alone once they are over."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Outcome = Literal["converged", "ran", "stalled", "diverged"]

HUGE = 10.0  # a loss; guessing makes one of 0.5 to 1
FALL = 0.5  # of the first loss: what counts as having learned something
STILL = 1e-6  # a gradient: with lr 10 it would move a weight by 0.01 in a thousand updates
SETTLED = 0.01  # of all that the loss fell: as much as it may still change in the last tenth


def outcomes_of(losses: Array, parameters: Array, grad_norms: Array) -> NDArray[np.str_]:
    """Name the outcome of each of R runs; the first rule below that holds decides.

    - ``diverged``: a parameter or a training loss is not finite, or the last loss is above
      ``HUGE`` and as many times the first.
    - ``stalled``: the gradient of no layer's weights is longer than ``STILL``, and yet the last
      loss is more than ``FALL`` of the first: a saddle (all weights 0), dead or saturated units,
      or nothing more to be learned by such a network.
    - ``converged``: the loss fell below ``FALL`` of the first, and in the last tenth of the run
      it changed by at most ``SETTLED`` of what it fell in all.
    - ``ran``: anything else; the run was on its way.

    Parameters
    ----------
    losses : float64 (R, F), the training loss
    parameters : float64 (R, F, P)
    grad_norms : float64 (R, F, L)
    """
    if losses.shape[1] == 1:
        return np.full(len(losses), "ran")
    first, last = losses[:, 0], losses[:, -1]
    finite = np.isfinite(losses).all(1) & np.isfinite(parameters).all((1, 2))
    tail = losses[:, -max(losses.shape[1] // 10, 2) :]
    with np.errstate(all="ignore"):
        rules = {
            "diverged": ~finite | ((last > HUGE) & (last > HUGE * first)),
            "stalled": (grad_norms[:, -1] <= STILL).all(1) & (last > FALL * first),
            "converged": (last < FALL * first)
            & (tail.max(1) - tail.min(1) <= SETTLED * (first - last)),
        }
    return np.select(list(rules.values()), list(rules), "ran")
