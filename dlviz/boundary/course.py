"""What the page asks for: the runs of all rates of its knob, from the start or on from a branch."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from dlviz.boundary.branches import branch_sweep_steps
from dlviz.boundary.config import BoundaryConfig
from dlviz.boundary.hand import edited_layers
from dlviz.boundary.problem import Pair
from dlviz.boundary.runs import sweep, sweep_steps, train
from dlviz.boundary.traces import BoundarySweep, BoundaryTrace
from dlviz.boundary.variations import words
from dlviz.classifiers import CLASSIFIERS, Fitted, fit
from dlviz.dataset import Dataset

Branch = tuple[int, BoundaryConfig]  # an epoch of the run with these settings


@lru_cache(maxsize=8)
def trained(config: BoundaryConfig, data: Pair | None = None) -> BoundaryTrace:
    """Return a run from its start; the latest are kept, as what a branch goes on from."""
    return train(config, data)


def course_steps(
    config: BoundaryConfig,
    rates: Sequence[float],
    data: Pair | None = None,
    branch: Branch | None = None,
    edits: str = "",
) -> Iterator[BoundarySweep]:
    """Train under each rate and yield the sweep so far.

    Parameters
    ----------
    data : of one's own, in place of the dataset that the settings name
    branch : the run of which all go on, and from where
    edits : what the hand changed there: see ``dlviz.boundary.hand``; of another epoch: nothing
    """
    if branch is None:
        yield from sweep_steps(config, "lr", rates, data)
        return
    epoch, trunk = branch
    before = trained(trunk, data)
    by_hand = edited_layers(before, edits) if edits.startswith(f"{epoch}@") else None
    yield from branch_sweep_steps(before, epoch, config, "lr", rates, by_hand, data)


def untrained(
    config: BoundaryConfig, rates: Sequence[float], data: Pair | None = None
) -> BoundarySweep:
    """Return what there is to see before any training."""
    return sweep(replace(config, epochs=0), "lr", rates, data)


def ghosts(
    config: BoundaryConfig,
    trunk: BoundaryConfig | None,
    pinned: BoundaryConfig | None,
    data: Pair | None = None,
) -> list[tuple[str, BoundaryTrace]]:
    """Return the runs that are shown beside the current one, with in what they differ from it."""
    others = {"unbranched": trunk, "pinned": pinned}
    return [
        (_named(name, other, config), trained(other, data))
        for name, other in others.items()
        if other
    ]


def _named(name: str, other: BoundaryConfig, config: BoundaryConfig) -> str:
    differing = [
        f"{field} {words(value)}"
        for field, value in vars(other).items()
        if value != getattr(config, field) and field not in ("lr", "points")
    ]
    return ", ".join([f"{name}: η = {other.lr:g}", *differing[:1]])


def share_of(runs: BoundarySweep | BoundaryTrace) -> float:
    """Return how much of its epochs a run has made, 0 to 1."""
    config = runs.config if isinstance(runs, BoundaryTrace) else runs.configs[0]
    return float(runs.epochs[-1]) / config.epochs if config.epochs else 1.0


def whole(run: BoundaryTrace) -> Dataset:
    """Return all points of a run, those trained on first."""
    train_set, test = run.data
    return replace(train_set, x=np.concatenate([train_set.x, test.x]),
                   y=np.concatenate([train_set.y, test.y]))  # fmt: skip


def rivals(names: Sequence[str], data: Pair, features: tuple[str, ...]) -> list[Fitted]:
    """Return classifiers fitted to the same points, each with its usual setting.

    None of them knows what to do with a regression.
    """
    if data[0].task == "regression":
        return []
    span = data[0].span
    return [fit(name, *data, features, (CLASSIFIERS[name].usual,), span=span) for name in names]
