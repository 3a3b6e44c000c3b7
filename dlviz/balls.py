"""Balls around images, in which bounded attacks stay: L∞ and L2.

An attack needs three things of a norm: a random place in the ball, the steepest direction of
length 1 for a gradient, and the way back into the ball. Changes are tensors (n, ...), a change
for each image.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

TINY = 1e-12  # lengths below are taken for this one: a gradient of zero goes nowhere


Radius = float | Tensor


@dataclass(frozen=True)
class Ball:
    """A norm, as attacks use it.

    Parameters
    ----------
    length : changes (n, ...) to their norms (n,)
    direction : gradients (n, ...) to the changes of norm 1 along which they rise most
    project : (changes, ε) to the nearest changes of norm at most ε; ε is a number, or one for
        each image, (n, 1, ...)
    uniform : (shape, generator) to changes, uniform in the ball of radius 1
    signs : (shape, generator) to changes of norm 1 whose pixels all change equally, up or down
    """

    length: Callable[[Tensor], Tensor]
    direction: Callable[[Tensor], Tensor]
    project: Callable[[Tensor, Radius], Tensor]
    uniform: Callable[[torch.Size, torch.Generator], Tensor]
    signs: Callable[[torch.Size, torch.Generator], Tensor]


def l2_length(change: Tensor) -> Tensor:
    """Return the Euclidean lengths (n,) of changes (n, ...)."""
    lengths: Tensor = torch.linalg.vector_norm(change.flatten(1), dim=1)
    return lengths


def _per_image(numbers: Tensor, like: Tensor) -> Tensor:
    return numbers.reshape(-1, *(1 for _ in like.shape[1:]))


def _linf_length(change: Tensor) -> Tensor:
    return change.flatten(1).abs().amax(1)


def _linf_project(change: Tensor, epsilon: Radius) -> Tensor:
    if isinstance(epsilon, Tensor):
        return torch.maximum(torch.minimum(change, epsilon), -epsilon)
    return change.clamp(-epsilon, epsilon)


def _linf_uniform(shape: torch.Size, generator: torch.Generator) -> Tensor:
    return torch.rand(shape, generator=generator) * 2 - 1


def _coins(shape: torch.Size, generator: torch.Generator) -> Tensor:
    return torch.randint(2, shape, generator=generator) * 2.0 - 1


def _l2_direction(gradient: Tensor) -> Tensor:
    return gradient / _per_image(l2_length(gradient).clamp(min=TINY), gradient)


def _l2_project(change: Tensor, epsilon: Radius) -> Tensor:
    lengths = _per_image(l2_length(change).clamp(min=TINY), change)
    return change * (epsilon / lengths).clamp(max=1)


def _l2_uniform(shape: torch.Size, generator: torch.Generator) -> Tensor:
    # A normal vector points anywhere alike; the volume within r of the center grows as r^d.
    towards = _l2_direction(torch.randn(shape, generator=generator))
    share = torch.rand(shape[0], generator=generator) ** (1 / shape[1:].numel())
    return towards * _per_image(share, towards)


def _l2_signs(shape: torch.Size, generator: torch.Generator) -> Tensor:
    return _coins(shape, generator) / math.sqrt(shape[1:].numel())


BALLS: Mapping[str, Ball] = {
    "linf": Ball(_linf_length, torch.sign, _linf_project, _linf_uniform, _coins),
    "l2": Ball(l2_length, _l2_direction, _l2_project, _l2_uniform, _l2_signs),
}
