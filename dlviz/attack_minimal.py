"""Attacks that look for the nearest mistake, in L2: DeepFool and Carlini–Wagner.

Moosavi-Dezfooli, Fawzi & Frossard, "DeepFool", 2016; Carlini & Wagner, "Towards evaluating the
robustness of neural networks", 2017.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.attack_config import AttackConfig
from dlviz.balls import l2_length
from dlviz.frozen_model import CHUNK, FrozenModel, margin
from dlviz.torch_threads import one_thread

BEYOND = 1e-4  # added to the way to a boundary, which would be reached but not crossed
INSIDE = 0.999  # tanh never reaches 1, and hardly moves close to it: black and white stay this far
RATE = 0.05  # of Adam, in the arctanh of pixels
FIRST_C, WORSE = 1.0, 10.0  # the first weight of the margin; times 10 while it does not do
ENDS_OF_C = -1, 2  # powers of ten, where all are tried at once


def deepfool(model: FrozenModel, x: Tensor, y: Tensor, config: AttackConfig) -> Iterator[Tensor]:
    """Yield the images on their way over the boundary that is nearest if all were linear.

    The total of all steps is what is scaled by 1 + overshoot, from the image: scaling every step,
    as some do, may end on the boundary where the box cuts the steps short.
    """
    here, total = x, torch.zeros_like(x)
    right = torch.arange(len(x))
    yield here
    for _ in range(config.rounds):
        right = right[model.logits(here[right]).argmax(1) == y[right]]
        if len(right):
            with one_thread():
                total[right] += _to_nearest_boundary(model, here[right], y[right])
            moved = (x[right] + (1 + config.overshoot) * total[right]).clamp(0, 1)
            here = here.index_copy(0, right, moved)
        yield here


def _to_nearest_boundary(model: FrozenModel, x: Tensor, y: Tensor) -> Tensor:
    """Return the shortest change (n, ...) to where another class ties, by the tangents at x."""
    steps = []
    for images, classes in zip(torch.split(x, CHUNK), torch.split(y, CHUNK), strict=True):
        leads, slopes = _rivals(model, images, classes)
        lengths = torch.linalg.vector_norm(slopes.flatten(2), dim=2).clamp(min=1e-8)
        ways = leads.abs() / lengths  # (rivals, n)
        nearest, rows = ways.argmin(0), torch.arange(len(images))
        far = (ways[nearest, rows] + BEYOND) / lengths[nearest, rows]
        steps.append(slopes[nearest, rows] * far.reshape(-1, *(1 for _ in x.shape[1:])))
    return torch.cat(steps)


def _rivals(model: FrozenModel, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return by how much each other class leads y, (rivals, n), and its gradients."""
    leaf = x.detach().requires_grad_(True)
    logits = model(leaf)
    classes = torch.arange(logits.shape[1])
    others = classes.expand_as(logits)[classes != y[:, None]].reshape(len(x), -1)
    leads = (logits.gather(1, others) - logits.gather(1, y[:, None])).T
    slopes = [torch.autograd.grad(lead.sum(), leaf, retain_graph=True)[0] for lead in leads]
    return leads.detach(), torch.stack(slopes)


@dataclass
class _Found:
    """The nearest mistake so far of each image."""

    images: Tensor
    distances: Tensor  # (n,), infinite where there is none yet

    def offer(self, images: Tensor, distances: Tensor, fooled: Tensor) -> None:
        better = fooled & (distances < self.distances)
        self.distances = torch.where(better, distances, self.distances)
        cases = better.reshape(-1, *(1 for _ in images.shape[1:]))
        self.images = torch.where(cases, images, self.images)


def carlini_wagner(
    model: FrozenModel, x: Tensor, y: Tensor, config: AttackConfig
) -> Iterator[Tensor]:
    """Yield the nearest mistakes found so far; an image without one is as it was.

    Adam on w, with images (1 + tanh w)/2, makes ‖x' − x‖² + c max(0, κ − margin) small; then c is
    tried ten times larger until the network is fooled, and halved between too little and enough.
    """
    if config.at_once:
        yield from _side_by_side(model, x, y, config)
        return
    found = _Found(x, x.new_full((len(x),), torch.inf))
    low, high = torch.zeros(len(x)), torch.full((len(x),), torch.inf)
    c = torch.full((len(x),), FIRST_C)
    yield found.images
    for _ in range(config.searches):
        fooled = torch.zeros(len(x), dtype=torch.bool)
        for images, wins in _descend(model, x, y, c.to(x), config):
            fooled |= wins
            found.offer(images, l2_length(images - x), wins)
            yield found.images
        low, high = torch.where(fooled, low, c), torch.where(fooled, c, high)
        c = torch.where(high.isinf(), c * WORSE, (low + high) / 2)


def _side_by_side(
    model: FrozenModel, x: Tensor, y: Tensor, config: AttackConfig
) -> Iterator[Tensor]:
    """Yield the nearest mistakes so far of descents under all c at once, in as few steps as one."""
    count = config.searches
    c = torch.logspace(*ENDS_OF_C, count).repeat_interleave(len(x)).to(x)
    many = x.repeat(count, *(1 for _ in x.shape[1:]))
    found = _Found(x, x.new_full((len(x),), torch.inf))
    yield found.images
    for images, wins in _descend(model, many, y.repeat(count), c, config):
        tries = zip(torch.split(images, len(x)), torch.split(wins, len(x)), strict=True)
        for some, fooled in tries:
            found.offer(some, l2_length(some - x), fooled)
        yield found.images


def _descend(
    model: FrozenModel, x: Tensor, y: Tensor, c: Tensor, config: AttackConfig
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield images under one c each, step by step, and whether they fool (n,)."""
    w = torch.atanh(INSIDE * (2 * x - 1)).requires_grad_(True)
    mean, square = torch.zeros_like(x), torch.zeros_like(x)
    side = -1 if config.targeted else 1
    for step in range(1, config.rounds + 1):
        with one_thread():
            images = (1 + torch.tanh(w)) / 2
            lead = side * margin(model(images), y)
            cost = l2_length(images - x) ** 2 + c * (config.confidence - lead).clamp(min=0)
            (gradient,) = torch.autograd.grad(cost.sum(), w)
        yield images.detach(), lead.detach() > config.confidence
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        size = (square / (1 - 0.999**step)).sqrt() + 1e-8
        w = (w.detach() - RATE * mean / (1 - 0.9**step) / size).requires_grad_(True)
