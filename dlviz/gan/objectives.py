"""What each player wants: losses as functions of the discriminator's logits, and their slopes.

All are means over the points. D = σ(s) of a logit s; Wasserstein critics have no σ.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Part = tuple[Array, Array]  # a loss of each point, and its derivative by the logit


def sigmoid(s: Array) -> Array:
    """Return 1 / (1 + exp(−s)) as ½ + ½ tanh(s/2), which cannot overflow."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * s))


def _certain(s: Array) -> Array:
    """Return −log σ(s)."""
    return np.logaddexp(0, -s)


def _log(s: Array, target: Any) -> Part:
    """Return the cross-entropy of D = σ(s) with a target in [0, 1]."""
    return np.logaddexp(0, s) - target * s, sigmoid(s) - target


def _square(s: Array, target: Any) -> Part:
    gap = s - target
    return gap * gap / 2, gap


def _hinge(s: Array) -> Part:
    """Return max(0, 1 − s)."""
    return np.maximum(0, 1 - s), -(s < 1).astype(float)


def _flipped(part: Part) -> Part:
    return part[0], -part[1]


@dataclass(frozen=True)
class Objective:
    """The two losses of a game.

    Parameters
    ----------
    real : (logits of real points, their target 1 − smoothing) -> the discriminator's loss there
    fake : logits of fakes -> the discriminator's loss there
    trick : logits of fakes -> the generator's loss
    generator, discriminator : the formulas as a page writes them
    best : the formula of the best discriminator where densities are p and q; none in closed form
        for Wasserstein
    logistic : whether D = σ(s); else s itself is shown
    """

    real: Callable[[Array, Any], Part]
    fake: Callable[[Array], Part]
    trick: Callable[[Array], Part]
    generator: str
    discriminator: str
    best: str | None = None
    logistic: bool = True


_LOGISTIC = r"-\log D(x) - \log(1 - D(G(z)))"
_SHARE = r"\frac{p}{p + q}"  # of real points where densities are p and q
_WASSERSTEIN = Objective(
    real=lambda s, target: (-s, -np.ones_like(s)),
    fake=lambda s: (s, np.ones_like(s)),
    trick=lambda s: (-s, -np.ones_like(s)),
    generator="-D(G(z))",
    discriminator="D(G(z)) - D(x)",
    logistic=False,
)
OBJECTIVES: dict[str, Objective] = {
    "nonsaturating": Objective(
        _log, lambda s: _log(s, 0.0), lambda s: _log(s, 1.0), r"-\log D(G(z))", _LOGISTIC, _SHARE
    ),
    "minimax": Objective(
        _log,
        lambda s: _log(s, 0.0),
        lambda s: (-_certain(-s), -sigmoid(s)),  # log(1 − D), which the generator lowers
        r"\log(1 - D(G(z)))",
        _LOGISTIC,
        _SHARE,
    ),
    "least_squares": Objective(
        _square,
        lambda s: _square(s, 0.0),
        lambda s: _square(s, 1.0),
        r"\tfrac12 (D(G(z)) - 1)^2",
        r"\tfrac12 (D(x) - 1)^2 + \tfrac12 D(G(z))^2",
        _SHARE,
        logistic=False,
    ),
    "hinge": Objective(
        lambda s, target: _hinge(s),
        lambda s: _flipped(_hinge(-s)),
        _WASSERSTEIN.trick,
        "-D(G(z))",
        r"\max(0, 1 - D(x)) + \max(0, 1 + D(G(z)))",
        r"\operatorname{sign}(p - q)",
        logistic=False,
    ),
    "wgan": _WASSERSTEIN,
    "wgan_gp": _WASSERSTEIN,
}
GRADIENT_PENALTY = 10.0  # λ of Gulrajani et al., "Improved Training of WGANs", 2017
