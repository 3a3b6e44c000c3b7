"""Which pixels a classifier's answer hangs on: maps of relevance, by gradients and by trials.

Every function takes any torch module in evaluation mode, images (n, ...) and the class asked about
(a number, one for each image, or None for the class predicted), and explains its logit. Maps are
signed: above 0 speaks for the class. ``signed=False`` gives sizes.

Simonyan et al. 2014 (saliency); Shrikumar et al. 2016 (input x gradient); Sundararajan, Taly & Yan
2017 (integrated gradients); Smilkov et al. 2017 (SmoothGrad); Selvaraju et al. 2017 (Grad-CAM);
Zeiler & Fergus 2014 (occlusion); Ribeiro, Singh & Guestrin 2016 (LIME); Adebayo et al. 2018
(randomized weights).
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from itertools import islice
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812, as everybody calls it
from torch import Tensor, nn

from dlviz.attribution_trials import Explanation, lime, occlusion
from dlviz.balls import l2_length
from dlviz.checks import check_choice, check_count, check_range
from dlviz.frozen_model import CHUNK, FrozenModel, as_classes, logit_of

__all__ = [
    "RULES",
    "Explanation",
    "IntegratedGradients",
    "grad_cam",
    "input_x_gradient",
    "integrated_gradients",
    "lime",
    "occlusion",
    "randomized",
    "rank_correlation",
    "saliency",
    "smoothgrad",
]

RULES: Mapping[str, str] = {
    "gauss": "Gauss–Legendre",
    "midpoint": "midpoints",
    "left": "left ends",
    "right": "right ends",
    "trapezoid": "trapezoids",
}


def saliency(
    model: nn.Module, x: Tensor, y: Tensor | int | None = None, *, signed: bool = True
) -> Tensor:
    """Return the gradient of the logit of y, (n, ...), or its absolute value."""
    frozen = FrozenModel(model)
    gradient = frozen.gradient(x, _asked(frozen, x, y), logit_of)
    return gradient if signed else gradient.abs()


def input_x_gradient(model: nn.Module, x: Tensor, y: Tensor | int | None = None) -> Tensor:
    """Return pixel times gradient, (n, ...): what a pixel adds to the logit of a linear model."""
    return x * saliency(model, x, y)


class IntegratedGradients(NamedTuple):
    """Attributions (n, ...), and how far their sums miss f(x) − f(baseline), (n,)."""

    attributions: Tensor
    error: Tensor


def integrated_gradients(
    model: nn.Module,
    x: Tensor,
    y: Tensor | int | None = None,
    baseline: Tensor | float = 0.0,
    steps: int = 50,
    rule: str = "gauss",
) -> IntegratedGradients:
    """Integrate gradients along the straight way from a baseline to each image.

    Parameters
    ----------
    model, x, y : as everywhere here
    baseline : what stands for "nothing there": a number, or images (1, ...) or (n, ...)
    steps : 2 ... 1000, the points of the integral
    rule : a key of ``RULES``, where they lie and what they weigh; weights add up to 1

    Returns
    -------
    IntegratedGradients
        The exact integral would have error 0 (completeness); more points are not always better.
    """
    check_count("steps", steps, 2, 1000)
    check_choice("rule", rule, RULES)
    frozen = FrozenModel(model)
    classes = _asked(frozen, x, y)
    start = torch.as_tensor(baseline, dtype=x.dtype).expand_as(x)
    way = (start + share * (x - start) for share in _points(rule, steps)[0])
    gradient = _weighed(frozen, way, _points(rule, steps)[1], classes)
    found = (x - start) * gradient
    gap = logit_of(frozen.logits(x), classes) - logit_of(frozen.logits(start), classes)
    return IntegratedGradients(found, found.flatten(1).sum(1) - gap)


def _points(rule: str, steps: int) -> tuple[list[float], list[float]]:
    """Return where in [0, 1] a rule looks, and what each point weighs."""
    if rule == "gauss":
        places, weights = np.polynomial.legendre.leggauss(steps)
        return list((1 + places) / 2), list(weights / 2)
    even = np.full(steps, 1 / steps)
    if rule == "trapezoid":
        inner = np.full(steps, 1 / (steps - 1))
        inner[[0, -1]] /= 2
        return list(np.linspace(0, 1, steps)), list(inner)
    shift = {"left": 0.0, "midpoint": 0.5, "right": 1.0}[rule]
    return list((np.arange(steps) + shift) / steps), list(even)


def smoothgrad(
    model: nn.Module,
    x: Tensor,
    y: Tensor | int | None = None,
    noise: float = 0.15,
    samples: int = 50,
    seed: int = 0,
) -> Tensor:
    """Return the mean gradient (n, ...) at images with normal noise of that standard deviation."""
    check_range("noise", noise, 0.0, 10.0)
    check_count("samples", samples, 1, 10_000)
    frozen, generator = FrozenModel(model), torch.Generator().manual_seed(seed)
    classes = _asked(frozen, x, y)
    noisy = (x + noise * torch.randn(x.shape, generator=generator).to(x) for _ in range(samples))
    return _weighed(frozen, noisy, [1 / samples] * samples, classes)


def _weighed(
    model: FrozenModel, batches: Iterator[Tensor], weights: list[float], classes: Tensor
) -> Tensor:
    """Return the weighted sum of the gradients at several batches alike, (n, ...)."""
    at_once = max(1, CHUNK // len(classes))  # few images would leave a processor idle
    total: Tensor | None = None
    for first in range(0, len(weights), at_once):
        shares = weights[first : first + at_once]
        images = torch.stack(list(islice(batches, len(shares))))
        slopes = model.gradient(images.flatten(0, 1), classes.repeat(len(shares)), logit_of)
        part = torch.tensordot(torch.tensor(shares).to(slopes), slopes.reshape(images.shape), 1)
        total = part if total is None else total + part
    assert total is not None
    return total


def grad_cam(
    model: nn.Module,
    layer: nn.Module,
    x: Tensor,
    y: Tensor | int | None = None,
    *,
    relu: bool = True,
    upsample: bool = False,
) -> Tensor:
    """Return the channels of a layer, weighed by their mean gradients and added up.

    Parameters
    ----------
    model, x, y : as everywhere here
    layer : a part of ``model`` that puts out maps (n, channels, h, w)
    relu : keep only what speaks for the class, as the paper does
    upsample : stretch the maps to the size of the image, bilinearly

    Returns
    -------
    Tensor
        (n, 1, h, w), or (n, 1, H, W)
    """
    frozen = FrozenModel(model)
    classes = _asked(frozen, x, y)
    caught: list[Tensor] = []
    handle = layer.register_forward_hook(lambda _, __, out: caught.append(out))
    try:
        # A leaf, so that there is a gradient even where no weight asks for one.
        score = logit_of(frozen(x.detach().requires_grad_(True)), classes).sum()
    finally:
        handle.remove()
    if len(caught) != 1 or caught[0].ndim != 4:
        raise ValueError("expected a layer of the model that puts out maps (n, channels, h, w)")
    (gradient,) = torch.autograd.grad(score, caught[0])
    maps = (gradient.mean((2, 3), keepdim=True) * caught[0]).sum(1, keepdim=True).detach()
    maps = maps.relu() if relu else maps
    return F.interpolate(maps, x.shape[2:], mode="bilinear") if upsample else maps


def randomized(model: nn.Module, seed: int = 0, layers: int | None = None) -> nn.Module:
    """Return a copy of a model whose last ``layers`` with weights, or all, forgot what they knew.

    Weights and biases are shuffled within each tensor, which keeps their sizes. A map that stays
    the same says nothing of the network: the sanity check of Adebayo et al.
    """
    copy, generator = deepcopy(model), torch.Generator().manual_seed(seed)
    learned = [part for part in copy.modules() if list(part.parameters(recurse=False))]
    with torch.no_grad():
        for part in learned[-layers:] if layers else learned:
            for weights in part.parameters(recurse=False):
                order = torch.randperm(weights.numel(), generator=generator)
                weights.copy_(weights.flatten()[order].reshape(weights.shape))
    return copy


def rank_correlation(a: Tensor, b: Tensor) -> Tensor:
    """Return Spearman's rank correlation of two maps of each image, (n,); ties share ranks."""
    ranks = [_ranks(each.flatten(1)) for each in (a, b)]
    first, second = (each - each.mean(1, keepdim=True) for each in ranks)
    together = (first * second).sum(1)
    return together / (l2_length(first) * l2_length(second)).clamp(min=1e-12)


def _ranks(rows: Tensor) -> Tensor:
    below = (rows[:, None, :] < rows[:, :, None]).sum(2)
    equal = (rows[:, None, :] == rows[:, :, None]).sum(2)
    return below.double() + (equal.double() - 1) / 2


def _asked(model: FrozenModel, x: Tensor, y: Tensor | int | None) -> Tensor:
    return model.logits(x).argmax(1) if y is None else as_classes(y, x)
