"""What the landscape lab's page offers."""

from dataclasses import replace

from dlviz.datasets import DATASETS as MAKERS
from dlviz.landscape.config import DATASETS, LandscapeConfig

VIEWS = {"plane": "One plane", "rescale": "Rescaled"}
DATASET_NAMES = {name: MAKERS[name].label for name in DATASETS}
DIRECTION_NAMES = {"path": "Its way", "random": "Random", "raw": "Raw"}
ACTIVATION_NAMES = {"relu": "ReLU", "tanh": "tanh"}
OPTIMIZER_NAMES = {name: name for name in ("sgd", "momentum", "adam")}


def plain_relu(config: LandscapeConfig) -> LandscapeConfig:
    """Return the network with which a rescale changes nothing: plain, of ReLUs, not rescaled."""
    depth = max(2, config.depth)
    return replace(config, activation="relu", skip=False, depth=depth, rescale=1.0,
                   directions="random")  # fmt: skip
