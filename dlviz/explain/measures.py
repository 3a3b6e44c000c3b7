"""What can be measured of maps: do they add up, do they forget, do they agree, are they heeded."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from dlviz.attribution import rank_correlation
from dlviz.digits import SIDE
from dlviz.explain.config import METHODS, ExplainConfig
from dlviz.explain.maps import ExplainSweep, image_of, maps_of, network, order_of, sweep
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel
from dlviz.torch_threads import one_thread

Array = NDArray[np.float64]

COINS = 20  # random orders of pixels that are the yardstick of erasing


def alike(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Return Spearman's rank correlation of the sizes of two maps."""
    a, b = (torch.tensor(np.abs(each))[None].double() for each in (first, second))
    return float(rank_correlation(a, b))


def alike_to_first(run: ExplainSweep) -> Array:
    """Return how alike each map's sizes are to those of the first turn, (K, 9)."""
    return frozen([[alike(turn[i], run.maps[0, i]) for i in range(len(METHODS))]
                   for turn in run.maps])  # fmt: skip


def agreement(config: ExplainConfig) -> Array:
    """Return the rank correlation of each pair of signed maps of a picture, (9, 9).

    Not-a-number where a network has no such map.
    """
    maps = torch.tensor(sweep(config, "forgotten", (config.forgotten,)).maps[0]).double()
    rows = [rank_correlation(maps, each.expand_as(maps)) for each in maps]
    found = torch.stack(rows)
    none = maps.isnan().flatten(1).any(1)
    return frozen(torch.where(none | none[:, None], torch.nan, found).numpy())


@dataclass(frozen=True, eq=False)
class Erasing:
    """A picture while its pixels are erased, those first that a map holds for most.

    Parameters
    ----------
    config : of no choice in particular
    values : which of the network's choices is explained, K of them
    classes : (K,), those
    pictures : float32 (K, 65, 10, 8, 8), after so many pixels have the baseline's gray; by the nine
        methods and, last, in a random order
    logits : float32 (K, 10, 65), of the class; the last row is the mean of 20 random orders

    Samek et al. 2017: the better a map, the faster it falls.
    """

    config: ExplainConfig
    values: tuple[float, ...]
    classes: tuple[int, ...]
    pictures: NDArray[np.float32]
    logits: NDArray[np.float32]


def erase(config: ExplainConfig, values: tuple[float, ...]) -> Erasing:
    """Erase pixel after pixel, by each map of each class explained."""
    usual = ExplainConfig()
    return _erase(replace(config, method=usual.method, rank=usual.rank), values)


@lru_cache(maxsize=4)  # the picture asks for it, and then the words
def _erase(config: ExplainConfig, values: tuple[float, ...]) -> Erasing:
    x, _ = image_of(config)
    ranked = order_of(config)
    y = torch.tensor([ranked[int(rank) - 1] for rank in values])
    generator = torch.Generator().manual_seed(config.seed)
    coins = torch.stack([torch.randperm(x.numel(), generator=generator) for _ in range(COINS)])
    with one_thread():
        maps = maps_of(config, x.expand(len(y), -1, -1, -1), y)
    chosen = torch.stack([maps[method].flatten(1) for method in METHODS], 1)  # (K, 9, 64)
    orders = chosen.argsort(dim=2, descending=True, stable=True)
    model = FrozenModel(network(config))
    by_map, by_chance = (_emptied(x, each, config.baseline) for each in (orders, coins))
    none = chosen.isnan().any(-1)  # a network without maps has no Grad-CAM
    by_map = torch.where(none[..., None, None], x.flatten(), by_map)
    falls = _logits(model, by_map).take_along_dim(y[:, None, None, None], -1)[..., 0]
    falls = torch.where(none[..., None], torch.nan, falls)
    random = _logits(model, by_chance).mean(0)[:, y].T[:, None]  # (K, 1, 65)
    one = by_chance[:1, None].expand(len(y), -1, -1, -1)
    pictures = torch.cat([by_map, one], 1).transpose(1, 2)
    pictures = pictures.reshape(*pictures.shape[:-1], SIDE, SIDE)
    return Erasing(config, values, tuple(y.tolist()), frozen(pictures.numpy(), np.float32),
                   frozen(torch.cat([falls, random], 1).numpy(), np.float32))  # fmt: skip


def _emptied(x: torch.Tensor, orders: torch.Tensor, gray: float) -> torch.Tensor:
    """Return the picture (..., 65, 64) while pixels are erased in orders (..., 64)."""
    turn = orders.argsort(-1)[..., None, :]
    gone = turn < torch.arange(x.numel() + 1)[:, None]
    return torch.where(gone, gray, x.flatten())


def _logits(model: FrozenModel, pictures: torch.Tensor) -> torch.Tensor:
    """Return the logits (..., 10) of pictures (..., 64); those that are equal are read once."""
    rows = pictures.reshape(-1, SIDE * SIDE)
    bytes_of = np.ascontiguousarray(rows.numpy()).view(f"V{rows.shape[1] * 4}")[:, 0]
    _, first, which = np.unique(bytes_of, return_index=True, return_inverse=True)
    found = model.logits(rows[first].reshape(-1, 1, SIDE, SIDE))[which]
    return found.reshape(*pictures.shape[:-1], -1)
