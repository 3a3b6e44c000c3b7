"""The nearest mistakes of one picture, and what is read on the way to them and beyond."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dlviz.adversarial.config import AdversarialConfig
from dlviz.adversarial.knobs import VALUES
from dlviz.adversarial.pictures import model_of, picture_of
from dlviz.adversarial.shares import NEAREST
from dlviz.adversarial.sweeps import unbounded
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Ways:
    """The ways from a picture to the mistakes that DeepFool and Carlini–Wagner find.

    Parameters
    ----------
    config : whose picture it is
    values : how much of the way is gone, K shares
    label : what the picture is
    distances : float64 (2,), of the mistakes in L2
    picture : float32 (H, W)
    pictures : float32 (2, K, H, W)
    confidences : float32 (2, K, 10)
    """

    config: AdversarialConfig
    values: tuple[float, ...]
    label: int
    distances: NDArray[np.float64]
    picture: Array
    pictures: Array
    confidences: Array

    @property
    def answers(self) -> NDArray[np.int64]:
        """What is read, (2, K)."""
        read: NDArray[np.int64] = self.confidences.argmax(axis=2)
        return read


def ways(config: AdversarialConfig, values: tuple[float, ...] = VALUES["way"]) -> Ways:
    """Look for the nearest mistakes, and go so much of the way there; beyond, as far as the box."""
    x, label = picture_of(config)
    ends = torch.cat([unbounded(method, config) for method in NEAREST])
    shares = torch.tensor(values)[:, None, None, None]
    images = torch.stack([(x + shares * (end - x)).clamp(0, 1) for end in ends])
    said = FrozenModel(model_of(config)).logits(images.flatten(0, 1)).softmax(1)
    return Ways(
        config,
        values,
        label,
        frozen((ends - x).flatten(1).double().norm(dim=1).numpy()),
        frozen(x[0, 0].numpy(), np.float32),
        frozen(images[:, :, 0].numpy(), np.float32),
        frozen(said.reshape(len(NEAREST), len(values), -1).numpy(), np.float32),
    )
