"""How many digits each network still reads, and how far the nearest mistakes are.

All attacks on all test digits take minutes, so that what came of them is kept in
``data/adversarial.npz``; it is made with ``python -m dlviz.adversarial.shares``.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dlviz.adversarial.config import ATTACKS, EPSILONS
from dlviz.adversarial.networks import network, pattern, unseen
from dlviz.attacks import AttackConfig, attack
from dlviz.cnn_victims import CNN_KINDS
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel
from dlviz.victims import KINDS

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
def _kept() -> Mapping[str, NDArray[Any]]:
    with np.load(FILE, allow_pickle=False) as kept:
        return dict(kept)


@cache
def shares() -> Shares:
    """Return what was found, as it is kept."""
    distances = _kept()["distances"]
    return Shares(frozen(_kept()["right"] / distances.shape[-1]), frozen(distances, np.float32))


def at(kind: str, hardened: bool) -> int:
    """Return the place of a network among ``NETWORKS``."""
    return NETWORKS.index((kind, hardened))


def accuracy(method: str, kind: str, hardened: bool, epsilon: float) -> float:
    """Return the share read right within an ε; between those that are kept, on a line."""
    row = list(ATTACKS).index(method)
    if kind in KINDS:
        me = at(kind, hardened)
        kept = shares().right[row, me, me]
    else:
        kept = _kept()[f"{kind}.right"][int(hardened), row] / _kept()[f"{kind}.distances"].shape[1]
    return float(np.interp(epsilon, EPSILONS, kept))


def distances(kind: str, hardened: bool, method: str = "deepfool") -> NDArray[np.float32]:
    """Return how far each test digit's mistake is; of ``CNN_KINDS`` "deepfool" alone is kept."""
    if kind not in KINDS:
        return frozen(_kept()[f"{kind}.distances"][int(hardened)], np.float32)
    found: NDArray[np.float32] = shares().distances[NEAREST.index(method), at(kind, hardened)]
    return found


def _tested(kind: str) -> tuple[Tensor, Tensor]:
    """Return the test digits of a network; of large ones the first half."""
    x, y = unseen(kind)
    many = len(x) if x[0].numel() <= 64 else len(x) // 2
    return x[:many], y[:many]


def changed(method: str, source: tuple[str, bool], epsilon: float) -> Tensor:
    """Return all test digits after an attack on one network."""
    x, y = _tested(source[0])
    if method == "universal":
        return (x + epsilon * pattern(*source)).clamp(0, 1)
    return attack(network(*source), x, y, AttackConfig(method, epsilon=epsilon)).adversarial


def count_right(
    method: str, source: tuple[str, bool], readers: Sequence[tuple[str, bool]]
) -> Counts:
    """Return how many digits each reader has right within each ε, (readers, ε)."""
    _, y = _tested(source[0])
    models = [FrozenModel(network(*each)) for each in readers]
    counts = np.zeros((len(models), len(EPSILONS)), np.uint16)
    for k, epsilon in enumerate(EPSILONS):
        images = changed(method, source, epsilon)
        for reader, model in enumerate(models):
            counts[reader, k] = int((model.logits(images).argmax(1) == y).sum())
    return counts


def nearest(method: str, source: tuple[str, bool]) -> NDArray[np.float32]:
    """Return how far the mistake is that an attack finds, for each test digit."""
    x, y = _tested(source[0])
    model = network(*source)
    before = FrozenModel(model).logits(x).argmax(1) == y
    found = attack(model, x, y, AttackConfig(method))
    far = torch.where(found.success, found.distance(), torch.inf)
    distances: NDArray[np.float32] = torch.where(before, far, 0.0).numpy()
    return distances


def of_digits() -> dict[str, NDArray[Any]]:
    """Attack all of ``NETWORKS``, and have the others read what came out."""
    distances = np.stack([[nearest(method, each) for each in NETWORKS] for method in NEAREST])
    noise = count_right("noise_sign", NETWORKS[0], NETWORKS)
    right = [[noise] * len(NETWORKS)]
    for method in list(ATTACKS)[1:]:
        right.append([count_right(method, each, NETWORKS) for each in NETWORKS])
        print(method, flush=True)
    return {"right": np.array(right, np.uint16), "distances": distances}


def of_one(kind: str) -> dict[str, NDArray[Any]]:
    """Attack one of ``CNN_KINDS`` and its twin."""
    both = [(kind, hardened) for hardened in (False, True)]
    right = [[count_right(method, each, [each])[0] for method in ATTACKS] for each in both]
    far = [nearest("deepfool", each) for each in both]
    return {f"{kind}.right": np.array(right, np.uint16), f"{kind}.distances": np.stack(far)}


def make(names: Sequence[str]) -> None:
    """Make the file, or those parts of it that are named."""
    kept: dict[str, Any] = dict(_kept()) if FILE.exists() else {}
    for name in names or ("digits", *CNN_KINDS):
        kept |= of_digits() if name == "digits" else of_one(name)
        np.savez_compressed(FILE, **kept)
        print(name, flush=True)


if __name__ == "__main__":
    make(sys.argv[1:])
