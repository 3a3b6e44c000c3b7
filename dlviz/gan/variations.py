"""Games that differ in one setting, for small multiples."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from dlviz.checks import check_choice
from dlviz.gan.config import LOSSES, GanConfig
from dlviz.gan.runs import shown_steps
from dlviz.gan.traces import SERIES, GanSweep

VALUES: dict[str, tuple[Any, ...]] = {
    "lr_g": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.05, 0.1),
    "lr_d": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.05, 0.1),
    "loss": LOSSES,
    "r1": (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
    "beta1": (0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99),
    "seed": (0, 1, 2, 3, 4, 5, 6, 7),
}


def varied_steps(config: GanConfig, field: str) -> Iterator[GanSweep]:
    """Play games that differ in one of ``VALUES``, from the same start, and yield them so far.

    Losses are played one beside the other, each its own way; all else is one batch of games.
    """
    check_choice("field", field, VALUES)
    if field != "loss":
        yield from shown_steps(config, field, VALUES[field])
        return
    games = [shown_steps(replace(config, loss=loss), "seed", (config.seed,)) for loss in LOSSES]
    for each in zip(*games, strict=True):
        yield beside(each, "loss")


def beside(games: tuple[GanSweep, ...], field: str) -> GanSweep:
    """Return games of their own as a sweep."""
    return GanSweep(
        configs=tuple(config for each in games for config in each.configs),
        field=field,
        frames=games[0].frames,
        series={name: np.concatenate([each[name] for each in games]) for name in SERIES},
        last=games[0].last,
    )
