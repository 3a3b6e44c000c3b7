"""The network and the digit that a Config is about."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.adversarial.config import AdversarialConfig
from dlviz.attacks import AttackConfig
from dlviz.digits import SIDE
from dlviz.drawn import cells
from dlviz.frozen_model import FrozenModel
from dlviz.victims import unseen_digits, victim


@lru_cache(maxsize=6)
def _model(kind: str, hardened: bool) -> nn.Sequential:
    return victim(kind, hardened)


def model_of(config: AdversarialConfig) -> nn.Sequential:
    """Return the network that is attacked."""
    return _model(config.victim, config.hardened)


def picture_of(config: AdversarialConfig) -> tuple[Tensor, int]:
    """Return the picture (1, 1, H, W), and what it is; of a drawing, what it is taken for."""
    if config.source == "drawn":
        drawn = torch.tensor(np.array(cells(config.drawing, SIDE, SIDE)), dtype=torch.float32)
        x = drawn.reshape(1, 1, SIDE, SIDE)
        return x, int(FrozenModel(model_of(config)).logits(x).argmax())
    x, y = unseen_digits()
    return x[config.digit : config.digit + 1], int(y[config.digit])


def aim_of(config: AdversarialConfig, label: int) -> int:
    """Return the class that an attack climbs away from, or the one that it makes for."""
    return label if config.target == "any" else int(config.target)


def climbing(config: AdversarialConfig, method: str, epsilon: float = 1.0) -> AttackConfig:
    """Return "fgsm" or "pgd" as a Config would have it."""
    return AttackConfig(
        method,
        epsilon=epsilon,
        steps=config.steps,
        step_size=config.step_size or None,
        targeted=config.target != "any",
        seed=config.seed,
    )
