"""Every attack on one picture, within every ε of the knob at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dlviz.adversarial.config import ATTACKS, EPSILONS, AdversarialConfig
from dlviz.adversarial.pictures import aim_of, climbing, model_of, pattern_of, picture_of
from dlviz.attacks import METHODS, AttackConfig, attack, attack_within
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel

Array = NDArray[np.float32]
BRIEF: Mapping[str, Mapping[str, Any]] = {
    "cw": {"steps": 60, "searches": 6, "at_once": True},
    "one_pixel": {"steps": 20},
}  # so that nobody waits


@dataclass(frozen=True, eq=False)
class AdversarialSweep:
    """What became of one picture.

    Parameters
    ----------
    config : its ε is that of no entry in particular
    values : the ε, K of them
    picture : float32 (H, W) in [0, 1], row 0 at the top
    label : what it is; of a drawing, what the network takes it for
    pictures : float32 (A, K, H, W), after each of the attacks ``shown`` within each ε
    confidences : float32 (A, K, 10), what the network says of them; they add up to 1
    """

    config: AdversarialConfig
    values: tuple[float, ...]
    picture: Array
    label: int
    pictures: Array
    confidences: Array

    @property
    def shown(self) -> tuple[str, ...]:
        """The attacks: the four usual ones, and the one whose answer is looked at."""
        return shown_by(self.config)

    @property
    def answers(self) -> NDArray[np.int64]:
        """What the network takes each picture for, (A, K)."""
        read: NDArray[np.int64] = self.confidences.argmax(axis=2)
        return read

    @property
    def lengths(self) -> NDArray[np.float64]:
        """How far each picture was moved in L2, (A, K)."""
        moved = (self.pictures - self.picture).astype(float)
        lengths: NDArray[np.float64] = np.sqrt((moved**2).sum(axis=(2, 3)))
        return lengths

    def first_mistake(self, method: str) -> float | None:
        """Return the least ε from which on to the largest it is misread; None if at none."""
        wrong = self.answers[self.shown.index(method)] != self.label
        right = np.flatnonzero(~wrong)
        after = int(right[-1]) + 1 if len(right) else 0
        return self.values[after] if after < len(self.values) else None


def shown_by(config: AdversarialConfig) -> tuple[str, ...]:
    """Return the attacks that are shown side by side."""
    return tuple(dict.fromkeys((*ATTACKS, config.method)))


def sweep(config: AdversarialConfig, values: tuple[float, ...] = EPSILONS) -> AdversarialSweep:
    """Attack the picture in all ways that are shown, within each ε of ``values``."""
    usual = AdversarialConfig()
    return replace(_sweep(replace(config, epsilon=usual.epsilon), values), config=config)


@lru_cache(maxsize=4)  # the picture asks for it, and then the words
def _sweep(config: AdversarialConfig, values: tuple[float, ...]) -> AdversarialSweep:
    x, label = picture_of(config)
    radii = torch.tensor(values)
    shown = shown_by(config)
    found = torch.stack([_attacked(method, x, label, config, radii) for method in shown])
    logits = FrozenModel(model_of(config)).logits(found.flatten(0, 1))
    confidences = logits.softmax(1).reshape(len(shown), len(radii), -1)
    return AdversarialSweep(
        config,
        values,
        frozen(x[0, 0].numpy(), np.float32),
        label,
        frozen(found[:, :, 0].numpy(), np.float32),
        frozen(confidences.numpy(), np.float32),
    )


def _attacked(
    method: str, x: Tensor, label: int, config: AdversarialConfig, radii: Tensor
) -> Tensor:
    """Return the picture after one attack within each ε, (K, 1, H, W)."""
    if not METHODS[method].bounded:  # the same at every ε
        return unbounded(method, config).expand(len(radii), -1, -1, -1)
    if method in ("noise_sign", "noise_uniform", "universal"):
        return (x + radii[:, None, None, None] * direction(method, x, config)).clamp(0, 1)
    images = x.expand(len(radii), -1, -1, -1)
    how = climbing(config, method)
    *_, last = attack_within(model_of(config), images, aim_of(config, label), how, radii)
    return last


def direction(method: str, x: Tensor, config: AdversarialConfig) -> Tensor:
    """Return what ε scales in an attack that does not look at this picture, (1, H, W)."""
    if method == "universal":
        return pattern_of(config)
    generator = torch.Generator().manual_seed(config.seed)
    if method == "noise_sign":
        return torch.randint(2, x[0].shape, generator=generator) * 2.0 - 1
    return torch.rand(x[0].shape, generator=generator) * 2 - 1


def unbounded(method: str, config: AdversarialConfig) -> Tensor:
    """Return the picture (1, 1, H, W) after an attack that knows no ε; kept, for it takes long."""
    usual = AdversarialConfig()
    same = ("picture", "method", "epsilon", "steps", "step_size", "way", "dimension")
    others: dict[str, Any] = {name: getattr(usual, name) for name in same}
    return _unbounded(method, replace(config, **others))


@lru_cache(maxsize=128)
def _unbounded(method: str, config: AdversarialConfig) -> Tensor:
    x, label = picture_of(config)
    aimed = config.target != "any" and METHODS[method].targets
    aim = aim_of(config, label) if aimed else label
    brief: Mapping[str, Any] = BRIEF.get(method, {})
    how = replace(AttackConfig(method, targeted=aimed, seed=config.seed), **brief)
    return attack(model_of(config), x, aim, how).adversarial
