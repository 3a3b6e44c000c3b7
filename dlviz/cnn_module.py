"""A network of ``dlviz.cnn`` as a torch module: for what needs gradients of any kind."""

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from dlviz.cnn import EPSILON, Block, Cnn


def as_module(net: Cnn, numbers: ArrayLike) -> nn.Sequential:
    """Return a network with its numbers as a module in evaluation mode.

    Parameters
    ----------
    numbers : flat, as ``Cnn.arrays`` takes them

    Returns
    -------
    torch.nn.Sequential
        From pictures float32 (n, channels, rows, columns) to logits; dropout is left out.
    """
    layers: list[nn.Module] = []
    for block, arrays in zip(net.blocks, net.arrays(numbers), strict=True):
        if block.kind in ("dense", "output") and len(block.shape_in) > 1:
            layers.append(nn.Flatten())
        layers += [_filled(layer, arrays) for layer in _layers(block)]
        if block.relu:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers).eval().requires_grad_(False)


def numbers_of(module: nn.Sequential) -> NDArray[np.float32]:
    """Return all numbers of such a module, flat, as ``Cnn.arrays`` reads them."""
    parts = [each for layer in module for each in _arrays_of(layer)]
    return np.concatenate([part.detach().numpy().ravel() for part in parts])


def _layers(block: Block) -> list[nn.Module]:
    skip = nn.utils.skip_init
    if block.kind == "conv":
        sizes = (block.shape_in[0], block.shape[0], block.word.kernel)
        return [skip(nn.Conv2d, *sizes, padding=block.word.padding)]  # type: ignore[no-untyped-call]
    if block.kind in ("dense", "output"):
        return [skip(nn.Linear, int(np.prod(block.shape_in)), block.shape[0])]  # type: ignore[no-untyped-call]
    if block.kind == "norm":
        norm = nn.BatchNorm2d if len(block.shape) > 1 else nn.BatchNorm1d
        return [norm(block.shape[0], eps=EPSILON)]
    if block.kind in ("pool", "mean"):
        side = block.word.numbers[0]
        return [nn.MaxPool2d(side) if block.kind == "pool" else nn.AvgPool2d(side)]
    return []


def _arrays_of(layer: nn.Module) -> list[torch.Tensor]:
    """Return a layer's numbers in the order in which ``dlviz.cnn`` keeps them."""
    names = ("weight", "bias", "running_mean", "running_var")
    found = [getattr(layer, name, None) for name in names]
    return [each for each in found if isinstance(each, torch.Tensor)]


def _filled(layer: nn.Module, arrays: tuple[NDArray[np.float64], ...]) -> nn.Module:
    with torch.no_grad():
        for place, array in zip(_arrays_of(layer), arrays, strict=True):
            place.copy_(torch.tensor(array))
    return layer
