"""The network and the digit that a Config is about."""

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.adversarial.config import READS, AdversarialConfig
from dlviz.adversarial.networks import network, unseen
from dlviz.attacks import AttackConfig
from dlviz.drawn import cells
from dlviz.frozen_model import FrozenModel


def model_of(config: AdversarialConfig) -> nn.Sequential:
    """Return the network that is attacked."""
    return network(config.victim, config.hardened)


def picture_of(config: AdversarialConfig) -> tuple[Tensor, int]:
    """Return the picture (1, 1, H, W), and what it is; of a drawing, what it is taken for."""
    if config.source == "drawn":
        side, _ = READS[config.victim]
        drawn = torch.tensor(np.array(cells(config.drawing, side, side)), dtype=torch.float32)
        x = drawn.reshape(1, 1, side, side)
        return x, int(FrozenModel(model_of(config)).logits(x).argmax())
    x, y = unseen(config.victim)
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
