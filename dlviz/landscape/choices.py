"""What the landscape lab's page offers."""

from dataclasses import replace
from typing import Any

from dlviz.datasets import DATASETS as MAKERS
from dlviz.landscape.config import DATASETS, LandscapeConfig

VIEWS = {"plane": "One plane", "rescale": "Rescaled"}
DATASET_NAMES = {name: MAKERS[name].label for name in DATASETS}
DIRECTION_NAMES = {"path": "Its way", "random": "Random", "raw": "Raw"}
ACTIVATION_NAMES = {"relu": "ReLU", "tanh": "tanh"}
TURNS = {"depth": "Layers", "lr": "Learning rate", "extent": "Reach", "direction_seed": "Plane"}
VALUES: dict[str, tuple[float, ...]] = {
    "depth": (1, 2, 3, 4, 5, 6),
    "lr": (0.05, 0.1, 0.2, 0.5, 0.7, 1.0, 1.5),
    "extent": (0.1, 0.2, 0.5, 1.0, 2.0, 3.0),
    "direction_seed": (0, 1, 2, 3, 4, 5),
}
CODE = "It prints the loss, how much of the way the plane holds, and the extreme curvatures."
OPTIMIZER_NAMES = {name: name for name in ("sgd", "momentum", "adam")}


def turns_for(directions: str, branched: bool) -> dict[str, str]:
    """Return what the knob can turn: a branch has its layers, and the way's own plane is one."""
    without = {"depth"} if branched else set()
    if directions == "path":
        without.add("direction_seed")
    return {field: name for field, name in TURNS.items() if field not in without}


def turned_from(config: LandscapeConfig, turn: str) -> LandscapeConfig:
    """Return the settings with the knob at rest, so that all its turns share one picture."""
    field: Any = {turn: VALUES[turn][0]}
    return replace(config, **field)


def longer(steps: int, at: int) -> int:
    """Return the steps of a run that branches: a hundred to see at least, if there is room."""
    return max(steps, min(at + 100, 500))


def plain_relu(config: LandscapeConfig) -> LandscapeConfig:
    """Return the network with which a rescale changes nothing: plain, of ReLUs, not rescaled."""
    depth = max(2, config.depth)
    return replace(config, activation="relu", skip=False, depth=depth, rescale=1.0,
                   directions="random")  # fmt: skip
