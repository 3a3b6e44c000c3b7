"""The network and the digit that a Config is about."""

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.adversarial.config import OWN, AdversarialConfig, reads, recipe_of
from dlviz.adversarial.networks import network, pattern, unseen
from dlviz.attacks import AttackConfig
from dlviz.drawn import cells
from dlviz.frozen_model import FrozenModel
from dlviz.own_victims import own_victim


def model_of(config: AdversarialConfig) -> nn.Sequential:
    """Return the network that is attacked."""
    if config.victim == OWN:
        return own_victim(recipe_of(config)).model()
    return network(config.victim, config.hardened)


def unseen_by(config: AdversarialConfig) -> tuple[Tensor, Tensor]:
    """Return test images (n, 1, H, W) that it has not seen, and labels."""
    if config.victim == OWN:
        return own_victim(recipe_of(config)).unseen()
    return unseen(config.victim)


def pattern_of(config: AdversarialConfig) -> Tensor:
    """Return the one change for all images, (1, H, W), at most 1 in size."""
    if config.victim == OWN:
        return torch.tensor(own_victim(recipe_of(config)).change)
    return pattern(config.victim, config.hardened)


def picture_of(config: AdversarialConfig) -> tuple[Tensor, int]:
    """Return the picture (1, 1, H, W), and what it is; of a drawing, what it is taken for."""
    if config.source == "drawn":
        side, _ = reads(config.victim, config.dataset)
        drawn = torch.tensor(np.array(cells(config.drawing, side, side)), dtype=torch.float32)
        x = drawn.reshape(1, 1, side, side)
        return x, int(FrozenModel(model_of(config)).logits(x).argmax())
    x, y = unseen_by(config)
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
