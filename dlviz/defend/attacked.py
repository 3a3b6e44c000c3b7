"""Digits under attack within many ε at once."""

from functools import cache, lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.attacks import AttackConfig, attack_within
from dlviz.defend.config import DefendConfig
from dlviz.digits import SIDE
from dlviz.drawn import cells
from dlviz.frozen_model import FrozenModel
from dlviz.victims import CLASSES, unseen_digits, victim

MEASURED = 150  # test digits that accuracies are measured on
LEVELS = 250  # of gray, in what is shown


@lru_cache(maxsize=6)
def network(kind: str, hardened: bool = False) -> nn.Sequential:
    """Return a shipped network."""
    return victim(kind, hardened)


def _first_of_each() -> list[int]:
    """Return where the first test digit of each class is."""
    _, y = unseen_digits()
    return [int((y == k).nonzero()[0]) for k in range(CLASSES)]


@cache
def measured() -> tuple[Tensor, Tensor]:
    """Return the test digits that accuracies are measured on; the ten that are shown come first."""
    _, y = unseen_digits()
    others = [i for i in range(len(y)) if i not in _first_of_each()]
    rows = [*_first_of_each(), *others[: MEASURED - CLASSES]]
    return unseen_digits()[0][rows], y[rows]


def picture_of(config: DefendConfig, model: nn.Module) -> tuple[Tensor, int]:
    """Return the picture (1, 1, 8, 8), and what it is; of a drawing, what the network reads."""
    if config.source == "drawn":
        drawn = torch.tensor(np.array(cells(config.drawing, SIDE, SIDE)), dtype=torch.float32)
        x = drawn.reshape(1, 1, SIDE, SIDE)
        return x, int(FrozenModel(model).logits(x).argmax())
    x, y = unseen_digits()
    return x[config.digit : config.digit + 1], int(y[config.digit])


def within(
    model: nn.Module, x: Tensor, y: Tensor, how: AttackConfig, values: tuple[float, ...]
) -> Tensor:
    """Return pictures (n, 1, 8, 8) after an attack within each ε, (K, n, 1, 8, 8)."""
    count = len(values)
    radii = torch.tensor(values).repeat_interleave(len(x))
    *_, last = attack_within(model, x.repeat(count, 1, 1, 1), y.repeat(count), how, radii)
    return last.reshape(count, *x.shape)


def answers(model: nn.Module, x: Tensor) -> Tensor:
    """Return the classes that a network reads, (...) of pictures (..., 1, 8, 8)."""
    flat = x.reshape(-1, 1, SIDE, SIDE)
    return FrozenModel(model).logits(flat).argmax(1).reshape(x.shape[:-3])


def as_codes(x: Tensor) -> NDArray[np.uint8]:
    """Return pictures in [0, 1] as whole numbers 0 to ``LEVELS``, without the channel."""
    codes: NDArray[np.uint8] = np.rint(LEVELS * x[..., 0, :, :].numpy()).astype(np.uint8)
    return codes
