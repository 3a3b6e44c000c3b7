"""How many digits each network still reads, and how far the nearest mistakes are.

All attacks on all test digits take minutes, so that what came of them is kept in
``data/adversarial.npz``; it is made with ``python -m dlviz.adversarial.shares``.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dlviz.adversarial.config import ATTACKS, EPSILONS
from dlviz.attacks import AttackConfig, attack
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel
from dlviz.victims import KINDS, universal_pattern, unseen_digits, victim

FILE = Path(__file__).parents[1] / "data" / "adversarial.npz"
NETWORKS = tuple((kind, hardened) for hardened in (False, True) for kind in KINDS)
NEAREST = ("deepfool", "cw")

Counts = NDArray[np.uint16]


class Shares(NamedTuple):
    """What was found on all test digits.

    Parameters
    ----------
    right : float64 (attacks, networks, networks, ε), the share of digits read right by the third
        when they were attacked on the second; of "noise_sign" the second does not matter
    distances : float32 (methods, networks, digits), L2 from each digit to the mistake that
        "deepfool" and "cw" found; 0 where it is misread as it is, infinite where none was found
    """

    right: NDArray[np.float64]
    distances: NDArray[np.float32]


@cache
def shares() -> Shares:
    """Return what was found, as it is kept."""
    with np.load(FILE, allow_pickle=False) as kept:
        right = kept["right"] / kept["distances"].shape[-1]
        return Shares(frozen(right), frozen(kept["distances"], np.float32))


def at(kind: str, hardened: bool) -> int:
    """Return the place of a network among ``NETWORKS``."""
    return NETWORKS.index((kind, hardened))


def accuracy(method: str, kind: str, hardened: bool, epsilon: float) -> float:
    """Return the share read right within an ε; between those that are kept, on a line."""
    me = at(kind, hardened)
    kept = shares().right[list(ATTACKS).index(method), me, me]
    return float(np.interp(epsilon, EPSILONS, kept))


def distances(kind: str, hardened: bool, method: str = "deepfool") -> NDArray[np.float32]:
    """Return how far each test digit's mistake is, (497,)."""
    found: NDArray[np.float32] = shares().distances[NEAREST.index(method), at(kind, hardened)]
    return found


def changed(method: str, source: tuple[str, bool], epsilon: float) -> Tensor:
    """Return all test digits after an attack on one network."""
    x, y = unseen_digits()
    if method == "universal":
        return (x + epsilon * universal_pattern(*source)).clamp(0, 1)
    return attack(victim(*source), x, y, AttackConfig(method, epsilon=epsilon)).adversarial


def count_right(method: str, source: tuple[str, bool]) -> Counts:
    """Return how many digits each network reads right within each ε, (networks, ε)."""
    _, y = unseen_digits()
    readers = [FrozenModel(victim(*each)) for each in NETWORKS]
    counts = np.zeros((len(NETWORKS), len(EPSILONS)), np.uint16)
    for k, epsilon in enumerate(EPSILONS):
        images = changed(method, source, epsilon)
        for reader, model in enumerate(readers):
            counts[reader, k] = int((model.logits(images).argmax(1) == y).sum())
    return counts


def nearest(method: str, source: tuple[str, bool]) -> NDArray[np.float32]:
    """Return how far the mistake is that an attack finds, for each test digit."""
    x, y = unseen_digits()
    model = victim(*source)
    before = FrozenModel(model).logits(x).argmax(1) == y
    found = attack(model, x, y, AttackConfig(method))
    far = torch.where(found.success, found.distance(), torch.inf)
    distances: NDArray[np.float32] = torch.where(before, far, 0.0).numpy()
    return distances


def make() -> None:
    """Make the file."""
    distances = np.stack([[nearest(method, each) for each in NETWORKS] for method in NEAREST])
    noise = count_right("noise_sign", NETWORKS[0])
    right = [[noise] * len(NETWORKS)]
    for method in list(ATTACKS)[1:]:
        right.append([count_right(method, each) for each in NETWORKS])
        print(method, flush=True)
    np.savez_compressed(FILE, right=np.array(right, np.uint16), distances=distances)


if __name__ == "__main__":
    make()
