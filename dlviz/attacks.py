"""Adversarial examples: small changes that a classifier answers with a mistake.

``attack(model, x, y, AttackConfig(...))`` attacks any torch module whose inputs lie in [0, 1]. An
attack is a generator of steps: ``attack_steps`` gives the images after each, so that what a
picture shows on the way and what comes out are the same computation.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlviz.attack_ascent import climb, noise, universal, universal_changes
from dlviz.attack_config import LOSS_NAMES, METHODS, NORM_LABELS, AttackConfig, Method
from dlviz.attack_minimal import carlini_wagner, deepfool
from dlviz.attack_pixels import one_pixel
from dlviz.balls import BALLS
from dlviz.checks import check_choice, check_range
from dlviz.frozen_model import FrozenModel, as_classes, check_images
from dlviz.torch_threads import one_thread

__all__ = [
    "BALLS",
    "LOSS_NAMES",
    "METHODS",
    "NORM_LABELS",
    "AttackConfig",
    "AttackResult",
    "Method",
    "attack",
    "attack_steps",
    "attack_within",
    "universal_perturbation",
]

Steps = Callable[[FrozenModel, Tensor, Tensor, AttackConfig], Iterator[Tensor]]

_STEPS: Mapping[str, Steps] = {
    "noise_uniform": noise,
    "noise_sign": noise,
    "fgsm": climb,
    "pgd": climb,
    "universal": universal,
    "deepfool": deepfool,
    "cw": carlini_wagner,
    "one_pixel": one_pixel,
}


@dataclass(frozen=True, eq=False)
class AttackResult:
    """What an attack came to.

    Parameters
    ----------
    config : of the attack
    images : (n, ...), what was attacked
    adversarial : (n, ...), what came out: in the box, and within ε if the method is bounded
    logits : (n, classes) of what came out
    success : bool (n,): the class is not y any more; if targeted: is y now
    note : a sentence about what kept the attack from doing its worst, or nothing
    steps : (T+1, n, ...) where it was before the first step and after each, if asked for
    """

    config: AttackConfig
    images: Tensor
    adversarial: Tensor
    logits: Tensor
    success: Tensor
    note: str
    steps: Tensor | None = None

    @property
    def perturbation(self) -> Tensor:
        """The change of each pixel, (n, ...)."""
        return self.adversarial - self.images

    def distance(self, norm: str = "l2") -> Tensor:
        """Return how far each image was moved, (n,), in L2 or "linf"."""
        return BALLS[norm].length(self.perturbation)


def attack(
    model: nn.Module,
    x: Tensor,
    y: Tensor | int,
    config: AttackConfig | None = None,
    *,
    keep_steps: bool = False,
) -> AttackResult:
    """Change images so that a classifier gets them wrong.

    Parameters
    ----------
    model : from images (n, ...) to logits (n, classes), in evaluation mode
    x : float (n, ...) in [0, 1]
    y : int (n,), what the images are; or, if targeted, what they are to be taken for
    config : PGD within 0.1 in L∞ unless told otherwise
    keep_steps : whether the result has all that came between

    Raises
    ------
    ValueError
        If pixels are not in [0, 1], or the model has dropout or a batch norm in training mode.

    Examples
    --------
    >>> from dlviz.victims import unseen_digits, victim
    >>> x, y = unseen_digits()
    >>> attack(victim("linear"), x, y, AttackConfig("fgsm", epsilon=0.2)).success.float().mean()
    """
    config = config or AttackConfig()
    taken: list[Tensor] = []
    with one_thread():
        for images in attack_steps(model, x, y, config):
            taken = [*taken, images] if keep_steps else [images]
        logits = FrozenModel(model).logits(taken[-1])
    success = (logits.argmax(1) == as_classes(y, x)) == config.targeted
    steps = torch.stack(taken) if keep_steps else None
    return AttackResult(config, x, taken[-1], logits, success, config.note, steps)


def attack_steps(
    model: nn.Module, x: Tensor, y: Tensor | int, config: AttackConfig
) -> Iterator[Tensor]:
    """Yield the images (n, ...) where the attack begins, and after each of its steps."""
    check_images(x)
    images, classes = x.detach(), as_classes(y, x)
    yield from _STEPS[config.method](FrozenModel(model), images, classes, config)


def attack_within(
    model: nn.Module, x: Tensor, y: Tensor | int, config: AttackConfig, radii: Tensor
) -> Iterator[Tensor]:
    """Yield the steps of "fgsm" or "pgd" as ``attack_steps`` does, with an ε for each image.

    So one image, repeated, is attacked within many ε at once. ``config.epsilon`` must be above 0:
    a step that is not of a given length is to each ε what the Config's is to its own.
    """
    check_choice("method", config.method, ("fgsm", "pgd"))
    check_range("epsilon", config.epsilon, 0.0, 100.0, open_low=True)
    check_images(x)
    yield from climb(FrozenModel(model), x.detach(), as_classes(y, x), config, radii)


def universal_perturbation(
    model: nn.Module, x: Tensor, y: Tensor | int, config: AttackConfig
) -> Tensor:
    """Return the one change (1, ...) that fools a model on most of these images, or on others."""
    check_images(x)
    *_, change = universal_changes(FrozenModel(model), x.detach(), as_classes(y, x), config)
    return change
