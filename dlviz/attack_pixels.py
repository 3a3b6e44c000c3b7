"""The attack that changes one pixel, or a few, as much as it likes.

Su, Vargas & Sakurai, "One pixel attack for fooling deep neural networks", 2019: differential
evolution, which needs no gradient. Here that of all images goes on side by side.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from dlviz.attack_config import AttackConfig
from dlviz.frozen_model import FrozenModel, margin

POPULATION = 100  # candidates for each image
SCALE = 0.5  # of the difference of two candidates that a third one moves by


def one_pixel(model: FrozenModel, x: Tensor, y: Tensor, config: AttackConfig) -> Iterator[Tensor]:
    """Yield the images with the best pixels found so far.

    A candidate is, for each of its pixels, a row, a column and a value for each channel, all in
    [0, 1]; first values are normal around gray, so that many are black or white, as in the paper.
    What is inputs in a row, (n, d), has one row and d columns.
    """
    images = x if x.ndim == 4 else x.reshape(len(x), 1, 1, -1)
    generator = torch.Generator().manual_seed(config.seed)
    size = (len(x), POPULATION, config.pixels, 2 + images.shape[1])
    candidates = torch.rand(size, generator=generator).to(x)
    values = torch.randn(candidates[..., 2:].shape, generator=generator).to(x)
    candidates[..., 2:] = (0.5 + 0.5 * values).clamp(0, 1)
    leads = _leads(model, x, y, _painted(images, candidates), config)
    yield x
    for _ in range(config.rounds):
        children = _children(candidates, generator)
        theirs = _leads(model, x, y, _painted(images, children), config)
        better = theirs > leads
        candidates = torch.where(better[..., None, None], children, candidates)
        leads = torch.where(better, theirs, leads)
        rows = torch.arange(len(x))
        yield _painted(images, candidates[rows, leads.argmax(1)][:, None])[:, 0].reshape(x.shape)


def _children(candidates: Tensor, generator: torch.Generator) -> Tensor:
    """Move each candidate's place by the difference of two others: a + (b − c)/2."""
    n, many = candidates.shape[:2]
    drawn = torch.rand((n, many, many), generator=generator).argsort(-1)[..., :3]
    rows = torch.arange(n)[:, None]
    a, b, c = (candidates[rows, drawn[..., i]] for i in range(3))
    return (a + SCALE * (b - c)).clamp(0, 1)


def _painted(images: Tensor, candidates: Tensor) -> Tensor:
    """Return each image with each of its candidates' pixels, (n, candidates, C, H, W)."""
    n, many, pixels, _ = candidates.shape
    height, width = images.shape[2:]
    painted = images[:, None].repeat(1, many, 1, 1, 1)
    rows = (candidates[..., 0] * height).long().clamp(max=height - 1)
    columns = (candidates[..., 1] * width).long().clamp(max=width - 1)
    which, who = torch.arange(n)[:, None], torch.arange(many)[None]
    for pixel in range(pixels):
        at = (which, who, slice(None), rows[..., pixel], columns[..., pixel])
        painted[at] = candidates[:, :, pixel, 2:]
    return painted


def _leads(
    model: FrozenModel, x: Tensor, y: Tensor, painted: Tensor, config: AttackConfig
) -> Tensor:
    """Return how well each candidate does, (n, candidates): the margin, above 0 where it fools."""
    many = painted.shape[1]
    logits = model.logits(painted.reshape(-1, *x.shape[1:]))
    lead = margin(logits, y.repeat_interleave(many)).reshape(len(x), many)
    return -lead if config.targeted else lead
