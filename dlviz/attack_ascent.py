"""Attacks that climb the loss inside a ball: noise, FGSM, PGD, and one change for all images.

Goodfellow, Shlens & Szegedy, "Explaining and harnessing adversarial examples", 2015 (FGSM);
Madry et al., "Towards deep learning models resistant to adversarial attacks", 2018 (PGD);
Moosavi-Dezfooli et al., "Universal adversarial perturbations", 2017.
"""

from collections.abc import Callable, Iterator, Mapping

import torch
import torch.nn.functional as F  # noqa: N812, as everybody calls it
from torch import Tensor

from dlviz.attack_config import AttackConfig
from dlviz.balls import BALLS, Radius
from dlviz.frozen_model import FrozenModel, margin

BATCH = 60  # images that a universal change climbs for in one step


def _cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    return F.cross_entropy(logits, y, reduction="none")


LOSSES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": _cross_entropy,
    "margin": margin,
}


def noise(model: FrozenModel, x: Tensor, y: Tensor, config: AttackConfig) -> Iterator[Tensor]:
    """Yield the images, and the images with noise that knows nothing of the network."""
    ball = BALLS[config.norm]
    draw = ball.signs if config.method == "noise_sign" else ball.uniform
    change = config.epsilon * draw(x.shape, torch.Generator().manual_seed(config.seed))
    yield x
    yield (x + change.to(x)).clamp(0, 1)


def climb(
    model: FrozenModel,
    x: Tensor,
    y: Tensor,
    config: AttackConfig,
    radii: Tensor | None = None,
) -> Iterator[Tensor]:
    """Yield where gradient ascent on the loss begins and is after each step.

    One step is: along the gradient, back into the ball, back into the box. An image that is where
    it was two steps ago goes to and fro for good, and needs no more gradients. ``radii`` (n,) are
    the ε of the images where they differ; steps are then as long as each would have them.
    """
    epsilon = _radii(radii, x, config)
    here, before = _start(x, config, epsilon), x.new_full(x.shape, torch.nan)
    moving = torch.ones(len(x), dtype=torch.bool)
    yield here
    for _ in range(config.rounds):
        if moving.all():
            there = _step(model, here, x, y, config, epsilon)
        else:
            there = before.clone()
            if moving.any():
                radius = epsilon[moving] if isinstance(epsilon, Tensor) else epsilon
                there[moving] = _step(model, here[moving], x[moving], y[moving], config, radius)
        moving &= (there != before).flatten(1).any(1)
        here, before = there, here
        yield here


def _radii(radii: Tensor | None, x: Tensor, config: AttackConfig) -> Radius:
    return config.epsilon if radii is None else radii.reshape(-1, *(1 for _ in x.shape[1:])).to(x)


def _start(x: Tensor, config: AttackConfig, epsilon: Radius) -> Tensor:
    if not (config.random_start and config.method == "pgd"):
        return x
    draw = BALLS[config.norm].uniform(x.shape, torch.Generator().manual_seed(config.seed))
    return (x + epsilon * draw.to(x)).clamp(0, 1)


def _step(
    model: FrozenModel, here: Tensor, x: Tensor, y: Tensor, config: AttackConfig, epsilon: Radius
) -> Tensor:
    ball = BALLS[config.norm]
    towards = ball.direction(model.gradient(here, y, LOSSES[config.loss]))
    # Of images that each have their own ε, a step grows with it unless a length was asked for.
    scaled = isinstance(epsilon, Tensor) and (config.step_size is None or config.method == "fgsm")
    length = epsilon * (config.stride / config.epsilon) if scaled else config.stride
    moved = here - length * towards if config.targeted else here + length * towards
    return (x + ball.project(moved - x, epsilon)).clamp(0, 1)


def universal_changes(
    model: FrozenModel, x: Tensor, y: Tensor, config: AttackConfig
) -> Iterator[Tensor]:
    """Yield one change (1, ...) for all images, before the first step and after each.

    A step climbs the summed loss of some images, taken in an order that the seed shuffles.
    """
    ball, generator = BALLS[config.norm], torch.Generator().manual_seed(config.seed)
    change = torch.zeros_like(x[:1])
    order = torch.randperm(len(x), generator=generator)
    yield change
    for _ in range(config.rounds):
        if len(order) < min(BATCH, len(x)):
            order = torch.cat([order, torch.randperm(len(x), generator=generator)])
        some, order = order[:BATCH], order[BATCH:]
        images = (x[some] + change).clamp(0, 1)
        gradient = model.gradient(images, y[some], LOSSES[config.loss]).sum(0, keepdim=True)
        uphill = -gradient if config.targeted else gradient
        change = ball.project(change + config.stride * ball.direction(uphill), config.epsilon)
        yield change


def universal(model: FrozenModel, x: Tensor, y: Tensor, config: AttackConfig) -> Iterator[Tensor]:
    """Yield the images with the one change for all of them."""
    for change in universal_changes(model, x, y, config):
        yield (x + change).clamp(0, 1)
