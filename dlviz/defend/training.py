"""Two networks with the same first weights: one trained on digits, one on attacked digits."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from dlviz.attacks import AttackConfig
from dlviz.defend.attacked import answers, as_codes, measured, within
from dlviz.defend.config import EPSILONS, DefendConfig
from dlviz.frozen import frozen
from dlviz.torch_threads import one_thread
from dlviz.victim_training import RECIPES, TrainingConfig, train_epoch
from dlviz.victims import CLASSES, untrained

Codes = NDArray[np.uint8]

FRAMES = {"linear": 21, "mlp": 21, "cnn": 9}  # at most, of what is kept
JUDGED = {"linear": 100, "mlp": 100, "cnn": 60}  # test digits, the ten shown among them
JUDGE = AttackConfig("pgd", epsilon=1.0, steps=5)  # its ε is that of each turn of the knob
PLAIN, ATTACKED, NOISY = "on digits as they are", "on attacked digits", "on noisy digits"


@dataclass(frozen=True, eq=False)
class Duel:
    """Two trainings so far, F moments of them; each network is attacked on its own.

    Parameters
    ----------
    config : of the training
    values : the ε of the attacks that judge, K of them
    epochs : int64 (F,)
    accuracy : float32 (2, F, K), share of 100 test digits (CNN: 60) read right under attack
    pictures : uint8 (2, F, K, 10, 8, 8), ten digits after the attack, 0 to 250
    answers : uint8 (2, F, K, 10), what they are read as
    """

    config: DefendConfig
    values: tuple[float, ...]
    epochs: NDArray[np.int64]
    accuracy: NDArray[np.float32]
    pictures: Codes
    answers: Codes

    @property
    def sides(self) -> tuple[str, str]:
        """What the two are trained on, as words."""
        return PLAIN, ATTACKED if self.config.attack_steps else NOISY

    @property
    def share(self) -> float:
        """How much of the training is done."""
        return float(self.epochs[-1] / self.config.epochs)


def moments(config: DefendConfig) -> tuple[int, ...]:
    """Return the epochs after which the networks are looked at."""
    frames = min(FRAMES[config.kind], config.epochs + 1)
    spaced = np.linspace(0, config.epochs, frames).round().astype(int)
    return tuple(np.unique(spaced).tolist())


def recipes(config: DefendConfig) -> tuple[TrainingConfig, TrainingConfig]:
    """Return how the two are trained."""
    usual = replace(RECIPES[config.kind], epochs=config.epochs, seed=config.seed,
                    attack_steps=config.attack_steps)  # fmt: skip
    return replace(usual, epsilon=0.0), replace(usual, epsilon=config.hardening)


def duel_steps(config: DefendConfig, values: tuple[float, ...] = EPSILONS) -> Iterator[Duel]:
    """Train both, and yield the trace so far at each moment that is kept."""
    both = [_Learner(recipe) for recipe in recipes(config)]
    looks = [[first] for first in 2 * [both[0].look(values)]]  # their first weights are the same
    kept = moments(config)
    yield _duel(config, values, kept[:1], looks)
    for before, now in pairwise(kept):
        with one_thread():
            for learner, seen in zip(both, looks, strict=True):
                for _ in range(now - before):
                    learner.epoch()
                seen.append(learner.look(values))
        yield _duel(config, values, kept[: len(looks[0])], looks)


Look = tuple[NDArray[np.float32], Codes, Codes]


class _Learner:
    """A network while it is trained."""

    def __init__(self, recipe: TrainingConfig) -> None:
        self.recipe = recipe
        self.generator = torch.Generator().manual_seed(recipe.seed)
        self.model: nn.Sequential = untrained(recipe.kind, self.generator).eval()
        self.optimizer = torch.optim.Adam(self.model.parameters(), recipe.lr)

    def epoch(self) -> None:
        train_epoch(self.model, self.optimizer, self.recipe, self.generator)

    def look(self, values: tuple[float, ...]) -> Look:
        """Attack it within each ε: accuracies (K,), ten pictures and answers (K, 10, ...)."""
        x, y = (part[: JUDGED[self.recipe.kind]] for part in measured())
        attacked = within(self.model, x, y, JUDGE, values)
        read = answers(self.model, attacked)
        right = (read == y).float().mean(1).numpy()
        shown = attacked[:, :CLASSES]
        return right, as_codes(shown), read[:, :CLASSES].numpy().astype(np.uint8)


def _duel(
    config: DefendConfig,
    values: tuple[float, ...],
    epochs: tuple[int, ...],
    looks: list[list[Look]],
) -> Duel:
    accuracy, pictures, read = (
        np.stack([np.stack([look[part] for look in side]) for side in looks]) for part in range(3)
    )
    return Duel(config, values, frozen(epochs, np.int64), frozen(accuracy, np.float32),
                frozen(pictures, np.uint8), frozen(read, np.uint8))  # fmt: skip
