"""Training of the networks to attack, on images as they are or as an attacker would have them.

Adversarial training: before each step, the images of the batch are attacked, by PGD on the network
as it is then, and the step is taken on what comes out. Madry et al., "Towards deep learning models
resistant to adversarial attacks", 2018, equation 2.1.

Run ``python -m dlviz.victim_training`` to train all victims anew and write their weights.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812, as everybody calls it
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.attacks import AttackConfig, attack, universal_perturbation
from dlviz.checks import check_choice, check_count, check_range
from dlviz.frozen import frozen
from dlviz.torch_threads import one_thread
from dlviz.victims import KINDS, WEIGHTS, seen_digits, unseen_digits, untrained, weights_name

Array = NDArray[np.float64]

HARDENING = 0.15  # ε of the attacks that the shipped twins were trained on


@dataclass(frozen=True)
class TrainingConfig:
    """How a victim is trained: Adam on cross-entropy.

    Parameters
    ----------
    kind : a key of ``dlviz.victims.KINDS``
    epochs : 1 ... 500
    lr : in (0, 1]
    batch_size : 1 ... 1300
    epsilon : in [0, 1], L∞ radius of the attacks trained on; 0: images as they are
    attack_steps : 1 ... 50 steps of PGD, from a random start; 0: random signs of size ε instead
    seed : >= 0, of first weights, order of images, and random starts
    """

    kind: str = "mlp"
    epochs: int = 30
    lr: float = 0.003
    batch_size: int = 128
    epsilon: float = 0.0
    attack_steps: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, KINDS)
        check_count("epochs", self.epochs, 1, 500)
        check_range("lr", self.lr, 0.0, 1.0, open_low=True)
        check_count("batch_size", self.batch_size, 1, 1300)
        check_range("epsilon", self.epsilon, 0.0, 1.0)
        check_count("attack_steps", self.attack_steps, 0, 50)
        check_count("seed", self.seed, 0, 2**32 - 1)


RECIPES: Mapping[str, TrainingConfig] = {
    "linear": TrainingConfig("linear", epochs=30, lr=0.01, batch_size=64),
    "mlp": TrainingConfig("mlp", epochs=100, lr=0.003, batch_size=128, seed=1),
    "cnn": TrainingConfig("cnn", epochs=30, lr=0.004, batch_size=128),
}


@dataclass(frozen=True, eq=False)
class TrainingTrace:
    """A training so far.

    Parameters
    ----------
    config : of the training
    model : the network after the last epoch of these; goes on changing until training is over
    losses : float64 (E,), mean of each epoch, on the images trained on
    clean : float64 (E + 1,), share of test digits read right, before training and after each epoch
    robust : float64 (E + 1,), the same under FGSM within the ε trained on (0.15 if that is 0)
    """

    config: TrainingConfig
    model: nn.Sequential
    losses: Array
    clean: Array
    robust: Array


def training_steps(config: TrainingConfig) -> Iterator[TrainingTrace]:
    """Yield the training so far, before it begins and after each epoch."""
    generator = torch.Generator().manual_seed(config.seed)
    model = untrained(config.kind, generator).eval()
    optimizer = torch.optim.Adam(model.parameters(), config.lr)
    losses: list[float] = []
    accuracies = [_accuracies(model, config)]
    yield _trace(config, model, losses, accuracies)
    for _ in range(config.epochs):
        with one_thread():
            losses.append(train_epoch(model, optimizer, config, generator))
        accuracies.append(_accuracies(model, config))
        yield _trace(config, model, losses, accuracies)


def train(config: TrainingConfig) -> TrainingTrace:
    """Train to the end."""
    *_, trace = training_steps(config)
    return trace


def train_epoch(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    config: TrainingConfig,
    generator: torch.Generator,
) -> float:
    """Take the steps of one epoch, and return its mean loss."""
    x, y = seen_digits()
    total = 0.0
    for rows in torch.split(torch.randperm(len(x), generator=generator), config.batch_size):
        images = _attacked(model, x[rows], y[rows], config, generator)
        loss = F.cross_entropy(model(images), y[rows])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        total += loss.item() * len(rows)
    return total / len(x)


def _attacked(
    model: nn.Module, x: Tensor, y: Tensor, config: TrainingConfig, generator: torch.Generator
) -> Tensor:
    if config.epsilon == 0:
        return x
    seed = int(torch.randint(2**31, (), generator=generator))
    if config.attack_steps == 0:
        how = AttackConfig("noise_sign", epsilon=config.epsilon, seed=seed)
    else:
        how = AttackConfig(
            "pgd", epsilon=config.epsilon, steps=config.attack_steps, random_start=True, seed=seed
        )
    return attack(model, x, y, how).adversarial


def _accuracies(model: nn.Module, config: TrainingConfig) -> tuple[float, float]:
    x, y = unseen_digits()
    radii = (0.0, config.epsilon or HARDENING)
    fooled = [attack(model, x, y, AttackConfig("fgsm", epsilon=e)).success for e in radii]
    clean, robust = (1 - each.double().mean().item() for each in fooled)
    return clean, robust


def _trace(
    config: TrainingConfig,
    model: nn.Sequential,
    losses: list[float],
    accuracies: list[tuple[float, float]],
) -> TrainingTrace:
    clean, robust = zip(*accuracies, strict=True)
    return TrainingTrace(config, model, frozen(losses), frozen(clean), frozen(robust))


def _universal(model: nn.Module) -> NDArray[np.float32]:
    """Return the signs (1, 8, 8) of a change for all images that is made within 0.2 in L∞."""
    how = AttackConfig("universal", epsilon=0.2, loss="margin")
    change = universal_perturbation(model, *seen_digits(), how)
    signs: NDArray[np.float32] = (change[0] / 0.2).numpy()
    return signs


def main() -> None:
    """Train all victims and their twins, and write their weights."""
    stored = {}
    for kind, recipe in RECIPES.items():
        for hardened in (False, True):
            trace = train(replace(recipe, epsilon=HARDENING if hardened else 0.0))
            name = weights_name(kind, hardened)
            for key, value in trace.model.state_dict().items():
                stored[f"{name}.{key}"] = value.numpy()
            stored[f"{name}.universal"] = _universal(trace.model)
            print(f"{name}: {trace.clean[-1]:.3f}, under FGSM {trace.robust[-1]:.3f}")
    np.savez_compressed(WEIGHTS, **stored)


if __name__ == "__main__":
    main()
