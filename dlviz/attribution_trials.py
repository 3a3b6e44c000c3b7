"""Relevance by trial: cover a part of an image and see what the classifier makes of the rest.

Zeiler & Fergus, "Visualizing and understanding convolutional networks", 2014 (occlusion);
Ribeiro, Singh & Guestrin, "Why should I trust you?", 2016 (LIME).
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from dlviz.checks import check_count, check_range
from dlviz.frozen_model import FrozenModel, as_classes


def occlusion(
    model: nn.Module,
    x: Tensor,
    y: Tensor | int | None = None,
    window: int = 3,
    baseline: float = 0.0,
    stride: int = 1,
) -> Tensor:
    """Return how far the logit falls when a square is covered, the mean of all on a pixel.

    Parameters
    ----------
    model : in evaluation mode
    x : (n, C, H, W)
    y : classes asked about; None: those predicted
    window : side of the square, which always lies within the image
    baseline : what it is filled with
    stride : pixels from one place of it to the next; a last one covers what is left

    Returns
    -------
    Tensor
        (n, C, H, W), the same in all channels
    """
    height, width = _size(x)
    check_count("window", window, 1, min(height, width))
    check_count("stride", stride, 1, window)
    frozen = FrozenModel(model)
    classes = frozen.logits(x).argmax(1) if y is None else as_classes(y, x)
    squares = _squares(height, width, window, stride)
    whole = torch.zeros(1, height, width, dtype=torch.bool)
    trials = torch.cat([whole, squares])[:, None].to(x.device)
    images, which = _distinct(x)
    said = [frozen.logits(torch.where(trials, baseline, image)) for image in images]
    logits = torch.stack([said[i][:, k] for i, k in zip(which, classes, strict=True)])
    falls = logits[:, :1] - logits[:, 1:]
    shares = squares.flatten(1).to(x) / squares.flatten(1).sum(0)
    return (falls @ shares).reshape(-1, 1, height, width).expand(x.shape).clone()


def _squares(height: int, width: int, window: int, stride: int) -> Tensor:
    """Return where each square lies, bool (squares, height, width)."""
    found = []
    for top in _places(height, window, stride):
        for left in _places(width, window, stride):
            square = torch.zeros(height, width, dtype=torch.bool)
            square[top : top + window, left : left + window] = True
            found.append(square)
    return torch.stack(found)


def _distinct(x: Tensor) -> tuple[Tensor, list[int]]:
    """Return the distinct ones of images, and which of them each is: one is asked about once."""
    images, which = torch.unique(x, dim=0, return_inverse=True)
    return images, which.tolist()


def _places(length: int, window: int, stride: int) -> list[int]:
    """Return where windows begin: every stride, and the last one at the very end."""
    return sorted({*range(0, length - window, stride), length - window})


class Explanation(NamedTuple):
    """A linear model of a classifier around one image.

    The logit of the class is about intercept + Σ weight of the patches left in; fit is the share
    of the variance of the trials that this explains, 1 at best.
    """

    weights: Tensor  # (n, rows, columns) of patches
    intercept: Tensor  # (n,)
    fit: Tensor  # (n,)

    def on_pixels(self, patch: int) -> Tensor:
        """Return each pixel's share of its patch's weight, (n, 1, H, W)."""
        spread = self.weights.repeat_interleave(patch, 1).repeat_interleave(patch, 2)
        return spread[:, None] / patch**2


def lime(
    model: nn.Module,
    x: Tensor,
    y: Tensor | int | None = None,
    patch: int = 2,
    baseline: float = 0.0,
    samples: int = 500,
    width: float = 0.25,
    seed: int = 0,
) -> Explanation:
    """Fit a linear model to a classifier's answers to images with patches missing.

    Parameters
    ----------
    model : in evaluation mode
    x : (n, C, H, W); H and W are multiples of ``patch``
    y : classes asked about; None: those predicted
    patch : side of the squares that come and go
    baseline : what is where a patch is missing
    samples : number of trials; the first is the whole image. More than there are patches
    width : > 0, of the kernel exp(−(share missing)² / width²): what is near counts more
    seed : of what is missing when, each patch with probability 1/2

    Returns
    -------
    Explanation
        By least squares, weighted by the kernel; the tiniest ridge settles what trials leave open.
    """
    height, breadth = _size(x)
    if height % patch or breadth % patch:
        raise ValueError(f"expected a patch that divides {height} x {breadth}, got {patch}")
    check_count("samples", samples, height * breadth // patch**2 + 1, 100_000)
    check_range("width", width, 0.0, 100.0, open_low=True)
    rows, columns = height // patch, breadth // patch
    frozen, generator = FrozenModel(model), torch.Generator().manual_seed(seed)
    classes = frozen.logits(x).argmax(1) if y is None else as_classes(y, x)
    kept = torch.randint(2, (samples, rows * columns), generator=generator).to(x)
    kept[0] = 1
    mask = kept.reshape(samples, 1, rows, columns)
    mask = mask.repeat_interleave(patch, 2).repeat_interleave(patch, 3)
    images, which = _distinct(x)
    said = [frozen.logits(baseline + mask * (image - baseline)) for image in images]
    answers = [said[i][:, k] for i, k in zip(which, classes, strict=True)]
    near = torch.exp(-((1 - kept.mean(1)) ** 2) / width**2)
    weights, intercept, fit = _least_squares(kept, torch.stack(answers), near)
    return Explanation(weights.reshape(-1, rows, columns), intercept, fit)


def _least_squares(kept: Tensor, answers: Tensor, near: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return slopes (n, patches), intercepts (n,) and R² (n,) of weighted regressions."""
    design = torch.cat([kept, torch.ones_like(kept[:, :1])], 1).double()
    weighed = design * near[:, None]
    ridge = 1e-9 * torch.eye(design.shape[1], dtype=torch.float64)
    found = torch.linalg.solve(design.T @ weighed + ridge, weighed.T @ answers.double().T)
    missed = answers.double().T - design @ found
    center = (near[:, None] * answers.double().T).sum(0) / near.sum()
    spread = (near[:, None] * (answers.double().T - center) ** 2).sum(0)
    fit = 1 - (near[:, None] * missed**2).sum(0) / spread.clamp(min=1e-12)
    return found[:-1].T.to(answers), found[-1].to(answers), fit.to(answers)


def _size(x: Tensor) -> tuple[int, int]:
    if x.ndim != 4:
        raise ValueError(f"expected images (n, channels, height, width), got {(*x.shape,)}")
    return x.shape[2], x.shape[3]
