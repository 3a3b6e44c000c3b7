"""What the noise lab's page offers."""

from dlviz.noise.config import NoiseConfig
from dlviz.optimizers import SCHEDULES as ALL_SCHEDULES

TASKS = {"linear": "Linear regression", "logistic": "Logistic regression", "mean": "A mean"}
CLOCKS = {"epochs": "as much data", "updates": "as many updates"}
SCHEDULES = {name: name.replace("_", " ") for name in ALL_SCHEDULES}


def length(config: NoiseConfig) -> int:
    """Return the last number of the player's clock: samples or updates."""
    return config.updates if config.clock == "updates" else config.epochs * config.samples
