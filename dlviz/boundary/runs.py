"""The verbs: train once, step by step, or with many values of a setting side by side."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.config import BoundaryConfig
from dlviz.boundary.knobs import initial_parameters, knobs_of, swept_configs
from dlviz.boundary.loop import Start
from dlviz.boundary.problem import Data, pairs_of, problem_of
from dlviz.boundary.recording import Plan, completed, grown
from dlviz.boundary.traces import BoundarySweep, BoundaryTrace
from dlviz.networks import Architecture, Layers

Array = NDArray[np.float64]
Initial = tuple[Sequence[Any], Sequence[Any]]  # weights (fan_out, fan_in), biases (fan_out,)


def train(
    config: BoundaryConfig, data: Data | None = None, initial: Initial | None = None
) -> BoundaryTrace:
    """Train a network once.

    With loss half_mse, output tanh, ``shuffle=False`` and given data and weights this is
    TensorFlow Playground's arithmetic, but that what is left over at the end of an epoch makes a
    smaller batch here and goes into the first of the next epoch there.

    Parameters
    ----------
    data : in place of those the settings name: a Dataset, which is split as they say; or, split
        already, two Datasets, or x_train (n, 2), y_train (n,), x_test, y_test: see ``given_pair``
        for what y may be
    initial : weights, one (fan_out, fan_in) for each layer, and biases, one (fan_out,) each, in
        place of drawn ones

    Raises
    ------
    ValueError
        If the data make no sense or the weights do not fit the network.
    """
    return completed(_plan((config,), "seed", data, initial)).run(0)


def steps(
    config: BoundaryConfig, data: Data | None = None, initial: Initial | None = None
) -> Iterator[BoundaryTrace]:
    """Train a network and yield the trace so far, as it grows by an entry each time."""
    plan = _plan((config,), "seed", data, initial)
    for runs in grown(plan, range(len(plan.stops))):
        yield runs.run(0)


def sweep(
    config: BoundaryConfig,
    field: str,
    values: Sequence[Any] | NDArray[Any],
    data: Data | None = None,
    initial: Initial | None = None,
) -> BoundarySweep:
    """Train with each of R ``values`` of one setting, all runs side by side.

    Parameters
    ----------
    field : one of ``SWEPT``: a number of the training, "seed", or "noise" and "data_seed"
    values : R of what the Config takes for ``field``
    data, initial : as for ``train``, for all runs alike; a Dataset is split anew for each
        "data_seed"

    Raises
    ------
    ValueError
        If ``field`` is another one (networks side by side have one shape and one rule), or a
        value is one the Config would refuse.
    """
    return completed(_plan(swept_configs(config, field, list(values)), field, data, initial))


def sweep_steps(
    config: BoundaryConfig,
    field: str,
    values: Sequence[Any] | NDArray[Any],
    data: Data | None = None,
    initial: Initial | None = None,
) -> Iterator[BoundarySweep]:
    """Train as ``sweep`` and yield the sweep so far: some 25 times, more often at first.

    The last is what ``sweep`` returns. Arguments that make no sense are refused at once.
    """
    return grown(_plan(swept_configs(config, field, list(values)), field, data, initial))


def _plan(
    configs: tuple[BoundaryConfig, ...], field: str, data: Data | None, initial: Initial | None
) -> Plan:
    problem = problem_of(configs[0], pairs_of(configs, data))
    knobs = knobs_of(configs[0], field, [getattr(config, field) for config in configs])
    if initial is None:
        parameters = initial_parameters(configs[0], knobs, problem.architecture)
    else:
        given = given_parameters(problem.architecture, initial)
        parameters = np.tile(given, (knobs.runs, 1))
    start = Start(parameters, np.zeros_like(parameters, dtype=bool))
    return Plan(configs, field, problem, knobs, start)


def given_parameters(shape: Architecture, initial: Initial) -> Array:
    """Return weights and biases that somebody brings as parameters (P,), if they fit."""
    weights, biases = (tuple(np.array(a, dtype=np.float64) for a in part) for part in initial)
    fitting = shape.layers(np.empty(shape.count))
    given = Layers(weights, biases)
    expected, got = ([[a.shape for a in part] for part in layers] for layers in (fitting, given))
    if expected != got:
        raise ValueError(f"expected initial weights and biases of shapes {expected}, got {got}")
    return shape.parameters(given)
