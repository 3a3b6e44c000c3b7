"""Runs that come trained, so that the page opens complete: ``python -m dlviz.filters.shipped``.

Each file holds the arrays of a trace, and the Config it was made with as words.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np

from dlviz.filters.config import FiltersConfig, learning
from dlviz.filters.traces import FiltersTrace, learn
from dlviz.frozen import frozen

FOLDER = Path(__file__).parents[1] / "data" / "filters"
COURSE_NET = "conv 10 5; pool 2; conv 20 5; pool 2; dense 50"
SHAPES_NET = "conv 8 5; pool 2; conv 16 5; pool 2"
PERCEPTRON = "dense 24"
RUNS = {
    "digits": FiltersConfig(),
    "printed": FiltersConfig(dataset="printed", architecture=COURSE_NET, epochs=8, lr=0.002),
    "shapes": FiltersConfig(dataset="shapes", architecture=SHAPES_NET, epochs=12),
    "shapes-shuffled": FiltersConfig(
        dataset="shapes", architecture=SHAPES_NET, epochs=12, shuffled=True
    ),
    "perceptron": FiltersConfig(dataset="shapes", architecture=PERCEPTRON, epochs=12, lr=0.002),
    "perceptron-shuffled": FiltersConfig(
        dataset="shapes", architecture=PERCEPTRON, epochs=12, lr=0.002, shuffled=True
    ),
}
ARRAYS = ("updates", "numbers", "losses", "test_losses", "accuracy", "test_accuracy")
TYPES = {"updates": np.int64, "numbers": np.float16}


def shipped(config: FiltersConfig) -> FiltersTrace | None:
    """Return the run of a Config if it comes trained."""
    asked = learning(config)
    name = next((name for name, known in RUNS.items() if known == asked), None)
    return _load(name) if name else None


@cache
def _load(name: str) -> FiltersTrace | None:
    file = FOLDER / f"{name}.npz"
    if not file.exists():
        return None
    with np.load(file, allow_pickle=False) as data:
        if str(data["config"]) != repr(RUNS[name]):
            return None
        arrays = {key: frozen(data[key], TYPES.get(key, np.float64)) for key in ARRAYS}
    return FiltersTrace(RUNS[name], **arrays)


def make(name: str) -> FiltersTrace:
    """Train a run and write its file."""
    *_, trace = learn(RUNS[name])
    FOLDER.mkdir(parents=True, exist_ok=True)
    arrays = {key: getattr(trace, key) for key in ARRAYS}
    np.savez_compressed(FOLDER / f"{name}.npz", config=repr(trace.config), **arrays)
    return trace


if __name__ == "__main__":
    for each in sys.argv[1:] or RUNS:
        run = make(each)
        size = (FOLDER / f"{each}.npz").stat().st_size // 1024
        print(f"{each}: test accuracy {run.test_accuracy[-1]:.4f}, {size} kB")
