"""A sum of pixels, to which every pixel adds as much as its weight is large: why attacks are easy.

Goodfellow, Shlens & Szegedy, "Explaining and harnessing adversarial examples", 2015, section 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.adversarial.config import AdversarialConfig
from dlviz.adversarial.pictures import picture_of
from dlviz.checks import check_count
from dlviz.frozen import frozen
from dlviz.robustness import chosen_change
from dlviz.victims import victim

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LinearSum:
    """By how much one class leads another in a linear network, pixel by pixel.

    Pixels are in the order of the size of their weights, the largest first.

    Parameters
    ----------
    config : whose picture it is; the network is "linear", hardened or not
    label, rival : the two classes; the rival is the one that ε‖w‖₁ brings up first
    lead : by how much the rival leads on the picture as it is, below 0 where it is read right
    order : int (n,), which pixel comes when
    weights : float64 (n,), of the rival's lead, in that order
    coins : float64 (n,), ±1
    """

    config: AdversarialConfig
    label: int
    rival: int
    lead: float
    order: NDArray[np.int64]
    weights: Array
    coins: Array

    def chosen(self, epsilon: float = 1.0) -> Array:
        """Return what each pixel adds if it moves by ε as its weight says: ε|w|."""
        return chosen_change(self.weights, epsilon)

    def random(self, epsilon: float = 1.0) -> Array:
        """Return what each pixel adds if a coin says which way it moves by ε."""
        return epsilon * self.weights * self.coins

    @property
    def tie(self) -> float:
        """The ε at which the chosen signs bring both classes to a tie, −lead / ‖w‖₁."""
        return -self.lead / float(np.abs(self.weights).sum())


def linear_sum(config: AdversarialConfig) -> LinearSum:
    """Take the lead of the rival that is the easiest to bring up apart into pixels."""
    network = victim("linear", config.hardened)
    weights, biases = (part.detach().double().numpy() for part in network[1].parameters())
    x, _ = picture_of(config)
    pixels = x.flatten().double().numpy()
    logits = weights @ pixels + biases
    label = int(logits.argmax())
    others = [k for k in range(len(logits)) if k != label]
    leads = logits - logits[label]
    ties = [-leads[k] / np.abs(weights[k] - weights[label]).sum() for k in others]
    rival = others[int(np.argmin(ties))]
    slope = weights[rival] - weights[label]
    order = np.argsort(-np.abs(slope), kind="stable")
    coins = np.random.default_rng(config.seed).choice((-1.0, 1.0), len(slope))
    return LinearSum(
        config,
        label,
        rival,
        float(leads[rival]),
        frozen(order, np.int64),
        frozen(slope[order]),
        frozen(coins[order]),
    )


WALK = 200  # points at most of a sum that is drawn


@dataclass(frozen=True, eq=False)
class Walk:
    """Sums of n terms ±1 while they grow, over n: all of one sign, and by coins.

    Parameters
    ----------
    n : how many terms
    share : float64 (P,), of the terms that are added
    coins : float64 (M, P), M sums of as many coins, over n
    """

    n: int
    share: Array
    coins: Array


def walk(n: int, walks: int = 12, seed: int = 0) -> Walk:
    """Add up n coins, ``walks`` times.

    Coins in blocks are drawn as what they add up to, which is 2 binomial(b, 1/2) − b.
    """
    check_count("n", n, 1, 10**6)
    ends = np.unique(np.linspace(0, n, min(n, WALK) + 1).round().astype(int))
    blocks = np.diff(ends)
    rng = np.random.default_rng(seed)
    steps = 2.0 * rng.binomial(blocks, 0.5, (walks, len(blocks))) - blocks
    sums = np.concatenate([np.zeros((walks, 1)), steps.cumsum(axis=1)], axis=1)
    return Walk(n, frozen(ends / n), frozen(sums / n))


def measured_gap(n: int, seed: int = 0) -> float:
    """Return ‖w‖₁ / ‖w‖₂ of one w of n normal weights: chosen signs over the spread of coins."""
    check_count("n", n, 1, 10**6)
    weights = np.random.default_rng(seed).standard_normal(n)
    return float(np.abs(weights).sum() / np.linalg.norm(weights))
