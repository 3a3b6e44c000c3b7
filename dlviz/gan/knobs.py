"""The settings in which games side by side may differ, as arrays."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.config import GanConfig, discriminator_of, generator_of
from dlviz.networks import Architecture
from dlviz.optimizers import OPTIMIZERS

Array = NDArray[np.float64]

NUMBERS = ("lr_g", "lr_d", "beta1", "beta2", "r1", "clip", "instance_noise", "smoothing")
SWEPT = (*NUMBERS, "seed")


class Knobs:
    """The numbers of R games: (R, 1, 1) each; and their seeds, one if all share it."""

    def __init__(self, configs: Sequence[GanConfig]) -> None:
        self.configs = tuple(configs)
        self.optimizer = configs[0].optimizer
        seeds = [config.seed for config in configs]
        self.seeds = seeds if len(set(seeds)) > 1 else seeds[:1]
        self._numbers = {
            name: np.array([getattr(config, name) for config in configs], float)[:, None, None]
            for name in NUMBERS
        }

    def __getitem__(self, name: str) -> Array:
        return self._numbers[name]

    def has(self, name: str) -> bool:
        """Tell whether any game has this number above 0."""
        return bool(self._numbers[name].any())

    def of(self, lr: str) -> tuple[Any, Array]:
        """Return the update rule of a player, and the learning rates (R, 1)."""
        beta1, beta2 = self["beta1"][:, 0], self["beta2"][:, 0]
        settings = {
            "adam": {"beta1": beta1, "beta2": beta2},
            "momentum": {"momentum": beta1},
            "rmsprop": {"alpha": beta2},
        }
        rule = OPTIMIZERS[self.optimizer](**settings.get(self.optimizer, {}))
        return rule, self[lr][:, 0]

    def initial(self) -> tuple[Array, Array]:
        """Return the initial parameters of generators and discriminators, (R, P) each."""
        pairs = [_initial(config) for config in self.configs]
        return np.stack([g for g, _ in pairs]), np.stack([d for _, d in pairs])


def _initial(config: GanConfig) -> tuple[Array, Array]:
    rng = np.random.default_rng([config.seed, 0])
    return drawn(generator_of(config), rng), drawn(discriminator_of(config), rng)


def drawn(shape: Architecture, rng: np.random.Generator) -> Array:
    """Return weights N(0, 2 / fan_in), after He et al., ICCV 2015, the last N(0, 1 / fan_in)."""
    parameters = np.zeros(shape.count)
    layers = shape.layers(parameters)
    for i, weights in enumerate(layers.weights):
        gain = 1.0 if i == len(layers.weights) - 1 else 2.0
        weights[...] = np.sqrt(gain / weights.shape[-1]) * rng.standard_normal(weights.shape)
    return parameters
