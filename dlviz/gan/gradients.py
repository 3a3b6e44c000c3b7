"""How strong the players' gradients are, and where they pull the fakes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.traces import GanSweep

Array = NDArray[Any]

ARROWS = 24  # drawn of the fakes
ARROW = 0.16  # of the window, the longest arrow there can be
HALFWAY = 2.0  # a gradient of this length is drawn half as long
LEAST, MOST = 1e-9, 1e6  # lengths beyond are drawn at the ends of the axis


def arrow_ends(games: GanSweep) -> tuple[Array, Array]:
    """Return some fakes and where they are told to go, the harder the farther, up to an end.

    Returns
    -------
    tails, heads : (R, F, 24, d)
    """
    source = games.run(0).source
    tails = games["samples"][:, :, :ARROWS].astype(float)
    pull = games["pull"][:, :, :ARROWS].astype(float)
    with np.errstate(all="ignore"):
        lengths = np.sqrt((pull**2).sum(-1, keepdims=True))
        heads = tails + pull * (ARROW * (source.high - source.low) / (lengths + HALFWAY))
    return tails, heads


def norms_of(games: GanSweep) -> tuple[Array, Array, float, float]:
    """Return the lengths of the gradients of D's and G's loss, (R, F), and a log axis' ends."""
    both = np.stack([games["d_grad"], games["g_grad"]])
    known = both[np.isfinite(both) & (both > 0)]
    known = np.clip(known if len(known) else np.ones(1), LEAST, MOST)
    low = 10.0 ** np.floor(np.log10(known.min()))
    high = 10.0 ** (np.floor(np.log10(known.max())) + 1)
    with np.errstate(invalid="ignore"):
        d_grad, g_grad = np.clip(both, low, high)
    return d_grad, g_grad, float(low), float(high)
