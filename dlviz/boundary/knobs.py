"""The settings in which runs side by side may differ, and the runs' own random numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.config import BoundaryConfig
from dlviz.checks import check_choice
from dlviz.initializers import initial_layers
from dlviz.networks import Architecture
from dlviz.optimizers import Number, Rule
from dlviz.rules import rule_from

Array = NDArray[np.float64]

NUMBERS = ("lr", "momentum", "beta2", "weight_decay", "l1", "l2", "dropout")
SWEPT = (*NUMBERS, "seed", "noise", "data_seed")
_ORDER, _DROPOUT = 100, 101  # streams of a seed; those of initial weights are the layers' numbers


@dataclass(frozen=True, eq=False)
class Knobs:
    """What tells R runs apart: each a number that all share, or (R, 1).

    Parameters
    ----------
    runs : R
    lr, l1, l2, dropout : as in the Config
    rule : the update rule, whose own numbers may differ too
    seeds : one for each run, or one for all
    """

    runs: int
    lr: Number
    l1: Number
    l2: Number
    dropout: Number
    rule: Rule
    seeds: tuple[int, ...]

    def orders(self, epoch: int, n: int) -> NDArray[np.intp]:
        """Return in which order each run takes its n points in an epoch, (R or 1, n)."""
        return np.stack([_stream(s, _ORDER, epoch).permutation(n) for s in self.seeds])

    def kept(self, epoch: int, units: Sequence[int], n: int) -> list[Array]:
        """Return dropout's masks of an epoch, one (R or 1, units, n) for each hidden layer."""
        draws = np.stack([_stream(s, _DROPOUT, epoch).random((sum(units), n)) for s in self.seeds])
        rate = np.asarray(self.dropout)[..., None]
        masks = (draws >= rate) / (1 - rate)
        return np.split(masks, np.cumsum(units)[:-1], axis=1)


def _stream(seed: int, *which: int) -> np.random.Generator:
    """Return a generator of its own for each epoch, so that a run can be taken up anywhere."""
    return np.random.default_rng([seed, *which])


def knobs_of(config: BoundaryConfig, field: str = "", values: Sequence[Any] = ()) -> Knobs:
    """Return the knobs of one run, or of a run for each of the ``values`` of one setting."""
    settings: dict[str, Any] = {f.name: getattr(config, f.name) for f in fields(config)}
    if field in NUMBERS:
        settings[field] = np.array(values, dtype=np.float64)[:, None]
    seeds = tuple(values) if field == "seed" else (config.seed,)
    shared = {name: settings[name] for name in ("lr", "l1", "l2", "dropout")}
    rule = rule_from(config.optimizer, settings)
    return Knobs(runs=max(len(values), 1), rule=rule, seeds=seeds, **shared)


def initial_parameters(config: BoundaryConfig, knobs: Knobs, shape: Architecture) -> Array:
    """Draw the initial parameters (R, P); runs of the same seed have the same."""
    drawn = [shape.parameters(initial_layers(shape, config.init, seed)) for seed in knobs.seeds]
    return np.tile(drawn, (knobs.runs // len(drawn), 1))


def swept_configs(
    config: BoundaryConfig, field: str, values: Sequence[Any]
) -> tuple[BoundaryConfig, ...]:
    """Return the settings of each run of a sweep; refuse what the Config would refuse."""
    check_choice("field", field, SWEPT)
    if len(values) == 0:
        raise ValueError("expected at least one value, got none")
    return tuple(replace(config, **{field: value}) for value in np.asarray(values).tolist())
