"""The same run under up to sixteen values of any one setting, for small multiples."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dlviz.activations import ACTIVATIONS
from dlviz.boundary.config import RULES, BoundaryConfig
from dlviz.boundary.knobs import SWEPT
from dlviz.boundary.problem import Pair
from dlviz.boundary.runs import sweep, train
from dlviz.boundary.traces import BoundaryTrace
from dlviz.initializers import INITIALIZERS
from dlviz.losses import LOSSES
from dlviz.optimizers import SCHEDULES

Runs = tuple[tuple[str, BoundaryTrace], ...]

_RATES = (
    0.0,
    0.0001,
    0.0003,
    0.001,
    0.002,
    0.003,
    0.005,
    0.01,
    0.02,
    0.03,
    0.05,
    0.1,
    0.2,
    0.3,
    0.5,
    1.0,
)
_NETWORKS = ((), (1,), (2,), (3,), (4,), (8,), (16,), (2, 2), (4, 2), (4, 4), (8, 8), (2, 2, 2),
             (4, 4, 4), (8, 8, 8), (4, 4, 4, 4), (4, 4, 4, 4, 4, 4))  # fmt: skip
_FEATURES = (
    ("x1", "x2"), ("x1",), ("x1^2", "x2^2"), ("x1x2",), ("sin x1", "sin x2"), ("radius",),
    ("radius", "angle"), ("x1", "x2", "x1^2", "x2^2"), ("x1", "x2", "x1x2"),
    ("x1", "x2", "sin x1", "sin x2"), ("x1", "x2", "x1^2", "x2^2", "x1x2"),
    ("x1", "x2", "x1^2", "x2^2", "x1x2", "sin x1", "sin x2"),
)  # fmt: skip

VARIED: dict[str, tuple[str, tuple[Any, ...]]] = {
    "lr": ("learning rate η", (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.02, 0.03, 0.05,
                               0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0)),
    "seed": ("initial weights", tuple(range(16))),
    "hidden": ("hidden layers", _NETWORKS),
    "activation": ("activation", tuple(ACTIVATIONS)),
    "features": ("features", _FEATURES),
    "optimizer": ("update rule", RULES),
    "schedule": ("schedule of η", tuple(SCHEDULES)),
    "batch_size": ("batch size", (1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500)),
    "loss": ("loss", tuple(LOSSES)),
    "init": ("initialization", tuple(INITIALIZERS)),
    "l1": ("L1", _RATES),
    "l2": ("L2", _RATES),
    "dropout": ("dropout", tuple(i / 20 for i in range(16))),
    "momentum": ("momentum β", (*(round(i / 16, 4) for i in range(15)), 0.99)),
    "noise": ("noise", tuple(round(i / 30, 3) for i in range(16))),
    "data_seed": ("draw of the points", tuple(range(16))),
    "train_share": ("share trained on", tuple(round(0.05 + 0.06 * i, 2) for i in range(16))),
}  # fmt: skip
OF_THE_DATA = ("noise", "data_seed", "train_share")


def variations_steps(
    config: BoundaryConfig, field: str, data: Pair | None = None
) -> Iterator[Runs]:
    """Train under each usual value of a setting; yield the (words, run) pairs so far.

    Parameters
    ----------
    field : a key of ``VARIED``
    data : in place of the dataset that the settings name; ``OF_THE_DATA`` cannot vary then
    """
    _, values = VARIED[field]
    if field in SWEPT:  # side by side, all at once
        runs = sweep(config, field, values, data)
        yield tuple((words(value), runs.run(i)) for i, value in enumerate(values))
        return
    done: list[tuple[str, BoundaryTrace]] = []
    for value in values:
        done.append((words(value), train(replace(config, **{field: value}), data)))
        yield tuple(done)


def words(value: Any) -> str:
    """Write a value of a setting as a title."""
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
