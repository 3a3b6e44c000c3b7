"""PGD step by step, within every ε at once."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dlviz.adversarial.config import EPSILONS, AdversarialConfig
from dlviz.adversarial.pictures import aim_of, climbing, model_of, picture_of
from dlviz.attacks import attack_within
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel

Array = NDArray[np.float32]
MOST = 20  # steps shown of large pictures


@dataclass(frozen=True, eq=False)
class AttackPath:
    """Where PGD is after each step.

    Parameters
    ----------
    config : its ε is that of no entry in particular
    values : the ε, K of them
    steps : which are kept, T + 1 of them: all of small pictures, of large ones 20 at most
    label : what the picture is
    picture : float32 (H, W)
    pictures : float32 (K, T + 1, H, W), the first is the picture itself
    confidences : float32 (K, T + 1, 10)
    """

    config: AdversarialConfig
    values: tuple[float, ...]
    steps: tuple[int, ...]
    label: int
    picture: Array
    pictures: Array
    confidences: Array

    @property
    def answers(self) -> NDArray[np.int64]:
        """What each picture is read as, (K, T + 1)."""
        read: NDArray[np.int64] = self.confidences.argmax(axis=2)
        return read

    @property
    def moved(self) -> Array:
        """The largest change of a pixel, (K, T + 1)."""
        most: Array = np.abs(self.pictures - self.picture).max(axis=(2, 3))
        return most


def path(config: AdversarialConfig, values: tuple[float, ...] = EPSILONS) -> AttackPath:
    """Attack the picture with PGD, and keep every step."""
    x, label = picture_of(config)
    images, radii = x.expand(len(values), -1, -1, -1), torch.tensor(values)
    model, how = model_of(config), climbing(config, "pgd")
    taken = list(attack_within(model, images, aim_of(config, label), how, radii))
    kept = _kept(config.steps, x.numel())
    shown = torch.stack([taken[step] for step in kept], dim=1)
    said = FrozenModel(model).logits(shown.flatten(0, 1)).softmax(1)
    return AttackPath(
        config,
        values,
        kept,
        label,
        frozen(x[0, 0].numpy(), np.float32),
        frozen(shown[:, :, 0].numpy(), np.float32),
        frozen(said.reshape(*shown.shape[:2], -1).numpy(), np.float32),
    )


def _kept(steps: int, pixels: int) -> tuple[int, ...]:
    """Return the steps that are shown: as many as a scene has room for."""
    stride = 1 if pixels <= 64 else -(-steps // MOST)
    return (*range(0, steps, stride), steps)
