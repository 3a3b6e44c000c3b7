"""The verb: cut the plane and fold it; one network, or one for each value of a setting."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice
from dlviz.frozen import frozen
from dlviz.networks import Layers
from dlviz.origami.config import OrigamiConfig, window_of
from dlviz.origami.constructions import layers_of
from dlviz.origami.paper import Paper, paper_of
from dlviz.regions import Regions, linear_regions

Outcome = Literal["exact", "merged", "smooth"]

SLIVER = 1e-12  # of the window: less than that is rounding
SWEPT = ("leak", "weight_scale", "bias_scale", "seed", "sharpness")


@dataclass(frozen=True, eq=False)
class OrigamiTrace:
    """How the layers of a network fold the plane, one after the other.

    Parameters
    ----------
    config : the settings
    layers : weights and biases
    counts : int (L + 1,), how many regions there are after each hidden layer; entry 0 is 1
    paper : the folded sheet before each layer, and in ``paper.regions`` the regions in the end
    outcome : "exact"; "merged" if regions too thin to tell from rounding were left to their
        neighbors; "smooth" if the units are sigmoids, and the regions those of the network that has
        ReLU in their place
    """

    config: OrigamiConfig
    layers: Layers
    counts: NDArray[np.intp]
    paper: Paper
    outcome: Outcome

    @property
    def regions(self) -> Regions:
        """The regions after the last layer."""
        return self.paper.regions


@dataclass(frozen=True, eq=False)
class OrigamiSweep:
    """R networks that differ in one setting.

    Parameters
    ----------
    configs : the settings of each
    field : the name of the setting in which they differ
    regions : of each
    counts : int (R,), how many regions each has
    """

    configs: tuple[OrigamiConfig, ...]
    field: str
    regions: tuple[Regions, ...]
    counts: NDArray[np.intp]

    @property
    def values(self) -> tuple[Any, ...]:
        """The value of the setting in each network."""
        return tuple(getattr(config, self.field) for config in self.configs)

    def __len__(self) -> int:
        return len(self.configs)


def unfold(config: OrigamiConfig) -> OrigamiTrace:
    """Cut the window along the hinges of all units, and fold it layer by layer."""
    layers = layers_of(config)
    regions = regions_of(config, layers)
    sliver = regions.dropped_area > SLIVER * float(regions.areas.sum())
    merged: Outcome = "merged" if sliver else "exact"
    return OrigamiTrace(
        config=config,
        layers=layers,
        counts=regions.counts,
        paper=paper_of(regions),
        outcome="smooth" if config.activation == "sigmoid" else merged,
    )


def sweep(config: OrigamiConfig, field: str, values: Sequence[Any]) -> OrigamiSweep:
    """Return the regions for each value of a setting, one of ``SWEPT``.

    That is a loop over networks, as it pays to do many polygons at once, not many networks: one of
    them is some milliseconds.
    """
    check_choice("field", field, SWEPT)
    configs = tuple(replace(config, **{field: v}) for v in np.asarray(values).tolist())
    if not configs:
        raise ValueError("expected at least one value, got none")
    regions = tuple(regions_of(config, layers_of(config)) for config in configs)
    return OrigamiSweep(configs, field, regions, frozen([len(r) for r in regions], np.intp))


def regions_of(config: OrigamiConfig, layers: Layers) -> Regions:
    """Return the regions of a network with the window and leak of a Config."""
    return linear_regions(*layers, window_of(config), config.leak)
