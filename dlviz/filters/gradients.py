"""What follows from the slopes of a trained network: dreams, and which pixels count."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dlviz.cnn import Cnn
from dlviz.filters.config import FiltersConfig
from dlviz.filters.shown import picture_of
from dlviz.filters.traces import FiltersTrace, answers
from dlviz.frozen import frozen

Array = NDArray[np.float64]
STEPS, STRIDE = 40, 0.08  # of the ascent; how far the pixels move in one step, on average
DECAY = 0.98  # what is left of a dream in each step: strokes that nothing holds fade


@dataclass(frozen=True, eq=False)
class Dreams:
    """Pictures made to excite each unit of a block, step by step.

    Parameters
    ----------
    images : float64 (T+1, units, H, W) in [0, 1], the first gray noise
    values : (T+1, units), the sum in the middle of each unit's map
    """

    images: Array
    values: Array


@dataclass(frozen=True, eq=False)
class Blame:
    """Which pixels of a picture count for each class.

    Parameters
    ----------
    picture : float64 (H, W)
    slopes : (classes, H, W), the gradient of each class's logit
    drops : (classes, H, W), what the probability loses while a gray square hides the place
    hidden : the side of that square
    """

    picture: Array
    slopes: Array
    drops: Array
    hidden: int


@lru_cache(maxsize=16)
def dream(trace: FiltersTrace, block: int, steps: int = STEPS) -> Dreams:
    """Climb from noise to what each unit of a block likes best (Erhan et al. 2009).

    Each step goes along the gradient with respect to the picture, of equal length; pixels stay
    between black and white.
    """
    net = trace.net
    units = net.blocks[block].shape[0]
    rng = np.random.default_rng(trace.config.seed)
    x = np.repeat(rng.uniform(0.3, 0.5, (1, *net.shape)), units, axis=0)
    images, values = [x], []
    for _ in range(steps):
        value, slope = _middle_slopes(net, trace.numbers[-1], x, block)
        size = np.abs(slope).mean(axis=(1, 2, 3), keepdims=True)
        x = np.clip(DECAY * x + STRIDE * slope / np.maximum(size, 1e-12) * 0.5, 0, 1)
        images.append(x)
        values.append(value)
    values.append(_middle_slopes(net, trace.numbers[-1], x, block)[0])
    return Dreams(frozen(np.stack(images)[:, :, 0]), frozen(np.stack(values)))


def _middle_slopes(
    net: Cnn, numbers: NDArray[np.float16], x: Array, block: int
) -> tuple[Array, Array]:
    """Return the middle sum of map i for picture i, (units,), and its gradient, like x."""
    import torch

    from dlviz.cnn_training import run, tensors
    from dlviz.torch_threads import one_thread

    with one_thread():
        pictures = torch.tensor(x, dtype=torch.float32, requires_grad=True)
        sums = run(net, tensors(net, numbers), pictures)[block]
        if sums.ndim == 4:
            sums = sums[:, :, sums.shape[2] // 2, sums.shape[3] // 2]
        own = sums.diagonal()
        (slope,) = torch.autograd.grad(own.sum(), pictures)
    return own.detach().double().numpy(), slope.double().numpy()


def blame(trace: FiltersTrace, config: FiltersConfig) -> Blame:
    """Find which pixels count: by the slopes, and by hiding places (Zeiler & Fergus 2014)."""
    picture = picture_of(config).astype(np.float64)
    classes, size = trace.net.classes, picture.shape[-1]
    many = np.repeat(picture[None], classes, axis=0)
    _, slopes = _middle_slopes(trace.net, trace.numbers[-1], many, len(trace.net.blocks) - 1)
    hidden = 3 if size <= 12 else 7
    drops = answers(trace, picture[None])[0][:, None] - answers(trace, _covered(picture, hidden)).T
    step = 1 if size <= 12 else 2
    side = -(-size // step)
    maps = drops.reshape(classes, side, side).repeat(step, 1).repeat(step, 2)[:, :size, :size]
    return Blame(frozen(picture[0]), frozen(slopes[:, 0]), frozen(maps), hidden)


def _covered(picture: Array, hidden: int) -> Array:
    """Return the picture with a black square in the middle of each place, every other if large."""
    size, half = picture.shape[-1], hidden // 2
    at = range(0, size, 1 if size <= 12 else 2)
    many = np.repeat(picture[None], len(at) ** 2, axis=0)
    for i, (row, column) in enumerate((r, c) for r in at for c in at):
        top, left = max(0, row - half), max(0, column - half)
        many[i, :, top : row + half + 1, left : column + half + 1] = 0
    return many
