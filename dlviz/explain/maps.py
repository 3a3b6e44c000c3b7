"""Nine maps of one picture, under every turn of a knob."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.attribution import (
    grad_cam,
    input_x_gradient,
    integrated_gradients,
    lime,
    occlusion,
    randomized,
    saliency,
    smoothgrad,
)
from dlviz.digits import SIDE
from dlviz.drawn import cells
from dlviz.explain.config import LEARNED, METHODS, MOVED, ExplainConfig
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel, logit_of
from dlviz.torch_threads import one_thread
from dlviz.victims import unseen_digits, victim

Array = NDArray[np.float32]

TRIALS = 250  # of LIME
CAM_PART = {"first": 1, "second": 3, "pooled": 4}  # parts of the CNN whose maps Grad-CAM weighs


@dataclass(frozen=True, eq=False)
class ExplainSweep:
    """The maps of one picture, K of each kind; not-a-number where a network has none.

    Parameters
    ----------
    config : its ``field`` is that of no turn in particular
    field, values : the knob
    image : float32 (8, 8) in [0, 1], row 0 at the top
    label : what it is; None for a drawing
    order : the classes, as the trained network ranks them
    classes : (K,), which is explained
    logits : float32 (K, 10), of the network that is explained
    noisy : float32 (K, 8, 8), the first of SmoothGrad's copies
    baselines : float32 (K,), gray
    maps : float32 (K, 9, 8, 8), in the order of ``METHODS``
    rise : float32 (K,), f(image) − f(baseline), f the logit explained
    error : float32 (K,), how far integrated gradients' sum misses it
    fit : float32 (K,), share of its trials' variance that LIME's linear model explains
    """

    config: ExplainConfig
    field: str
    values: tuple[float, ...]
    image: Array
    label: int | None
    order: tuple[int, ...]
    classes: tuple[int, ...]
    logits: Array
    noisy: Array
    baselines: Array
    maps: Array
    rise: Array
    error: Array
    fit: Array

    def map_of(self, method: str) -> Array:
        """Return a method's maps, (K, 8, 8)."""
        maps: Array = self.maps[:, list(METHODS).index(method)]
        return maps

    @property
    def sums(self) -> Array:
        """The sum of each map, (K, 9)."""
        sums: Array = self.maps.sum((2, 3))
        return sums


@lru_cache(maxsize=6)
def _trained(kind: str, hardened: bool) -> nn.Sequential:
    return victim(kind, hardened)


def network(config: ExplainConfig) -> nn.Sequential:
    """Return the network that is explained, with so many layers forgotten."""
    model = _trained(config.victim, config.hardened)
    layers = min(config.forgotten, LEARNED[config.victim])
    forgot = randomized(model, config.seed, layers) if layers else model
    assert isinstance(forgot, nn.Sequential)
    return forgot


def image_of(config: ExplainConfig) -> tuple[Tensor, int | None]:
    """Return the picture (1, 1, 8, 8), and what it is; None for a drawing."""
    if config.source == "drawn":
        drawn = torch.tensor(np.array(cells(config.drawing, SIDE, SIDE)), dtype=torch.float32)
        return drawn.reshape(1, 1, SIDE, SIDE), None
    x, y = unseen_digits()
    return x[config.digit : config.digit + 1], int(y[config.digit])


class Found(dict[str, Tensor]):
    """The maps (n, 8, 8) of some methods, and the numbers that come with them."""

    error: Tensor
    fit: Tensor


Model = nn.Sequential


def _integrated(model: Model, x: Tensor, y: Tensor, config: ExplainConfig, found: Found) -> Tensor:
    taken = integrated_gradients(model, x, y, config.baseline, config.steps, config.rule)
    found.error = taken.error
    return taken.attributions


def _lime(model: Model, x: Tensor, y: Tensor, config: ExplainConfig, found: Found) -> Tensor:
    fitted = lime(model, x, y, config.patch, config.baseline, TRIALS, seed=config.seed)
    found.fit = fitted.fit
    return fitted.on_pixels(config.patch)


def _cam(model: Model, x: Tensor, y: Tensor, config: ExplainConfig, relu: bool) -> Tensor:
    if config.victim != "cnn":
        return torch.full_like(x, torch.nan)
    return grad_cam(model, model[CAM_PART[config.layer]], x, y, relu=relu, upsample=True)


def _smooth(model: Model, x: Tensor, y: Tensor, config: ExplainConfig, _: Found) -> Tensor:
    # One by one, so that the same noise is on each.
    pairs = zip(torch.split(x, 1), torch.split(y, 1), strict=True)
    noise, samples, seed = config.noise, config.samples, config.seed
    return torch.cat([smoothgrad(model, *pair, noise, samples, seed) for pair in pairs])


_MAPS: Mapping[str, Callable[[Model, Tensor, Tensor, ExplainConfig, Found], Tensor]] = {
    "gradient": lambda model, x, y, _, __: saliency(model, x, y),
    "size": lambda model, x, y, _, __: saliency(model, x, y, signed=False),
    "smooth": _smooth,
    "product": lambda model, x, y, _, __: input_x_gradient(model, x, y),
    "integrated": _integrated,
    "occlusion": lambda model, x, y, c, _: occlusion(model, x, y, c.window, c.baseline),
    "lime": _lime,
    "cam": lambda model, x, y, c, _: _cam(model, x, y, c, relu=False),
    "cam_relu": lambda model, x, y, c, _: _cam(model, x, y, c, relu=True),
}


def maps_of(
    config: ExplainConfig, x: Tensor, y: Tensor, methods: tuple[str, ...] = tuple(METHODS)
) -> Found:
    """Return the maps of pictures (n, 1, 8, 8), asked about classes (n,), each (n, 8, 8)."""
    model, found = network(config), Found()
    for method in methods:
        found[method] = _MAPS[method](model, x, y, config, found)[:, 0]
    return found


def order_of(config: ExplainConfig) -> tuple[int, ...]:
    """Return the classes as the trained network ranks them for the picture, its answer first."""
    x, _ = image_of(config)
    logits = FrozenModel(_trained(config.victim, config.hardened)).logits(x)[0]
    return tuple(logits.argsort(descending=True, stable=True).tolist())


def sweep(config: ExplainConfig, field: str, values: tuple[float, ...]) -> ExplainSweep:
    """Explain the picture at every value of one setting, a key of ``TURNS``."""
    with one_thread():
        return _sweep(config, field, values)


def _sweep(config: ExplainConfig, field: str, values: tuple[float, ...]) -> ExplainSweep:
    kind = type(getattr(config, field))
    configs = [replace(config, **{field: kind(value)}) for value in values]
    x, label = image_of(config)
    order = order_of(config)
    asked = torch.tensor([order[each.rank - 1] for each in configs])
    if field == "rank":  # many classes at once
        turns = maps_of(configs[0], x.expand(len(asked), -1, -1, -1), asked)
        kept = [torch.stack(list(turns.values()), 1), turns.error, turns.fit]
    else:
        first = maps_of(configs[0], x, asked[:1])
        moved = [first, *(maps_of(c, x, asked[:1], MOVED[field]) for c in configs[1:])]
        maps = [torch.stack([turn.get(m, first[m]) for m in METHODS], 1) for turn in moved]
        kept = [torch.cat(maps)] + [
            torch.cat([getattr(turn, name, getattr(first, name)) for turn in moved])
            for name in ("error", "fit")
        ]
    logits, rise = _answers(configs, x, asked)
    arrays = [frozen(each.numpy(), np.float32) for each in (*kept, logits, rise, x[0, 0])]
    return ExplainSweep(
        config, field, values, arrays[5], label, order, tuple(asked.tolist()), arrays[3],
        _noisy(configs, x), frozen([c.baseline for c in configs], np.float32), arrays[0],
        arrays[4], arrays[1], arrays[2],
    )  # fmt: skip


def _answers(configs: list[ExplainConfig], x: Tensor, asked: Tensor) -> tuple[Tensor, Tensor]:
    """Return logits (K, 10), and what the explained one rises by from the baseline, (K,)."""
    logits, rise = [], []
    for config, y in zip(configs, torch.split(asked, 1), strict=True):
        model = FrozenModel(network(config))
        logits.append(model.logits(x))
        nothing = model.logits(torch.full_like(x, config.baseline))
        rise.append(logit_of(logits[-1], y) - logit_of(nothing, y))
    return torch.cat(logits), torch.cat(rise)


def _noisy(configs: list[ExplainConfig], x: Tensor) -> Array:
    generator = torch.Generator().manual_seed(configs[0].seed)
    noise = torch.randn(x.shape, generator=generator)[0, 0]
    copies = torch.stack([x[0, 0] + config.noise * noise for config in configs])
    return frozen(copies.numpy(), np.float32)
