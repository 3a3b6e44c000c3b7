"""One change for all: what a network reads of a hundred digits with the same change on each."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dlviz.adversarial.config import EPSILONS, AdversarialConfig
from dlviz.adversarial.pictures import model_of, picture_of, unseen_by
from dlviz.adversarial.sweeps import direction
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel

Array = NDArray[np.float32]
MANY, FEW = 100, 36  # small pictures, large ones


@dataclass(frozen=True, eq=False)
class Crowd:
    """Test digits under one change.

    Parameters
    ----------
    config : whose network it is; the change is "universal", or "noise_sign" if that is its method
    values : the ε, K of them
    change : float32 (H, W), at most 1 in size
    labels : int (n,), of a hundred digits, or of 36 large ones
    pictures : float32 (K, n, H, W)
    answers : int (K, n)
    """

    config: AdversarialConfig
    values: tuple[float, ...]
    change: Array
    labels: NDArray[np.int64]
    pictures: Array
    answers: NDArray[np.int64]

    @property
    def misread(self) -> NDArray[np.int64]:
        """How many are misread within each ε, (K,)."""
        return np.asarray((self.answers != self.labels).sum(axis=1))


def crowd(
    config: AdversarialConfig,
    values: tuple[float, ...] = EPSILONS,
    method: str = "universal",
) -> Crowd:
    """Put one change on the first hundred test digits, or on 36 large ones."""
    x, y = unseen_by(config)
    count = MANY if x[0].numel() <= 64 else FEW
    x, y = x[:count], y[:count]
    change = direction(method, picture_of(config)[0], config)
    radii = torch.tensor(values)[:, None, None, None, None]
    images = (x + radii * change).clamp(0, 1)
    read = FrozenModel(model_of(config)).logits(images.flatten(0, 1)).argmax(1)
    return Crowd(
        config,
        values,
        frozen(change[0].numpy(), np.float32),
        frozen(y.numpy(), np.int64),
        frozen(images[:, :, 0].numpy(), np.float32),
        frozen(read.reshape(len(values), -1).numpy(), np.int64),
    )
