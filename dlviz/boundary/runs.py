"""The verbs: train once, step by step, many side by side, or on from where a run has come to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.config import MAX_EPOCHS, BoundaryConfig
from dlviz.boundary.knobs import (
    DATA,
    Knobs,
    initial_parameters,
    knobs_of,
    swept_configs,
    swept_pairs,
)
from dlviz.boundary.loop import Start, run
from dlviz.boundary.problem import Problem, given_pair, pair_of, problem_of
from dlviz.boundary.traces import BoundarySweep, BoundaryTrace, joined, sweep_of
from dlviz.checks import check_choice, check_count
from dlviz.networks import Architecture, Layers

Array = NDArray[np.float64]
Initial = tuple[Sequence[Any], Sequence[Any]]  # weights (fan_out, fan_in), biases (fan_out,)

FROM_THE_START = ("features", "hidden", "init", "seed")  # settings no branch can change
OF_THE_DATA = ("dataset", "n", "train_share", *DATA)


def train(
    config: BoundaryConfig, data: Sequence[Any] | None = None, initial: Initial | None = None
) -> BoundaryTrace:
    """Train a network once.

    With loss half_mse, output tanh, ``shuffle=False`` and given data and weights this is
    TensorFlow Playground's arithmetic, but that what is left over at the end of an epoch makes a
    smaller batch here and goes into the first of the next epoch there.

    Parameters
    ----------
    data : x_train (n, 2), y_train (n,), x_test, y_test, or two Datasets, in place of those the
        settings name: see ``given_pair`` for what y may be
    initial : weights, one (fan_out, fan_in) for each layer, and biases, one (fan_out,) each, in
        place of drawn ones

    Raises
    ------
    ValueError
        If the data make no sense or the weights do not fit the network.
    """
    problem, knobs, start = _setup(config, data, initial)
    return sweep_of([config], "seed", problem, list(run(config, problem, knobs, start))).run(0)


def steps(
    config: BoundaryConfig, data: Sequence[Any] | None = None, initial: Initial | None = None
) -> Iterator[BoundaryTrace]:
    """Train a network and yield the trace so far, as it grows by an entry each time."""
    problem, knobs, start = _setup(config, data, initial)
    frames = []
    for frame in run(config, problem, knobs, start):
        frames.append(frame)
        yield sweep_of([config], "seed", problem, frames).run(0)


def sweep(
    config: BoundaryConfig,
    field: str,
    values: Sequence[Any] | NDArray[Any],
    data: Sequence[Any] | None = None,
    initial: Initial | None = None,
) -> BoundarySweep:
    """Train with each of R ``values`` of one setting, all runs side by side.

    Parameters
    ----------
    field : one of ``SWEPT``: a number of the training, "seed", or "noise" and "data_seed"
    values : R of what the Config takes for ``field``
    data, initial : as for ``train``, for all runs alike

    Raises
    ------
    ValueError
        If ``field`` is another one (networks side by side have one shape and one rule), or a
        value is one the Config would refuse.
    """
    configs = swept_configs(config, field, list(values))
    pairs = swept_pairs(configs, field) if data is None else [given_pair(data)]
    problem = problem_of(config, pairs)
    knobs = knobs_of(config, field, [getattr(c, field) for c in configs])
    start = _start(problem.architecture, config, knobs, initial)
    return sweep_of(configs, field, problem, list(run(config, problem, knobs, start)))


def branch(trace: BoundaryTrace, epoch: int, **changes: Any) -> BoundaryTrace:
    """Continue a run from one of its recorded epochs with other settings.

    Entries up to that epoch are the trace's own. The rule's memory goes on if the optimizer stays
    the same, and starts afresh if it changes; dead links stay dead. Schedules count from the
    start of the run, ``epochs`` is its whole length. The branch has only its own data: entries
    made with other data, or another loss, keep the numbers that they had.

    Parameters
    ----------
    epoch : one of ``trace.epochs``
    changes : settings other than features, hidden, init and seed

    Raises
    ------
    ValueError
        If the epoch was not recorded or ``epochs`` is less, a setting may not change on the way
        or its value is refused, or the new data ask for another number of outputs.
    """
    frame, config = _frame_at(trace, epoch), _changed(trace.config, changes)
    check_count("epochs", config.epochs, epoch, MAX_EPOCHS)
    fresh_data = any(name in OF_THE_DATA for name in changes)
    problem = problem_of(config, [pair_of(config) if fresh_data else trace.data])
    _check_same_shape(trace.architecture, problem.architecture)
    same_rule = config.optimizer == trace.config.optimizer
    start = Start(
        trace.parameters[frame][None],
        trace.dead[frame][None],
        trace.memory[frame] if same_rule else None,
        int(trace.epochs[frame]),
    )
    frames = list(run(config, problem, knobs_of(config), start))
    return joined(trace, frame, sweep_of([config], "seed", problem, frames).run(0))


def _setup(
    config: BoundaryConfig, data: Sequence[Any] | None, initial: Initial | None
) -> tuple[Problem, Knobs, Start]:
    problem = problem_of(config, [pair_of(config) if data is None else given_pair(data)])
    knobs = knobs_of(config)
    return problem, knobs, _start(problem.architecture, config, knobs, initial)


def _start(
    shape: Architecture, config: BoundaryConfig, knobs: Knobs, initial: Initial | None
) -> Start:
    """Return where runs begin: with drawn parameters, or with given ones."""
    if initial is None:
        parameters = initial_parameters(config, knobs, shape)
    else:
        parameters = np.tile(_given_parameters(shape, initial), (knobs.runs, 1))
    return Start(parameters, np.zeros_like(parameters, dtype=bool))


def _given_parameters(shape: Architecture, initial: Initial) -> Array:
    weights, biases = (tuple(np.array(a, dtype=np.float64) for a in part) for part in initial)
    fitting = shape.layers(np.empty(shape.count))
    given = Layers(weights, biases)
    expected, got = ([[a.shape for a in part] for part in layers] for layers in (fitting, given))
    if expected != got:
        raise ValueError(f"expected initial weights and biases of shapes {expected}, got {got}")
    return shape.parameters(given)


def _frame_at(trace: BoundaryTrace, epoch: int) -> int:
    """Return the number of the entry made after ``epoch`` epochs."""
    found = np.flatnonzero(trace.epochs == epoch)
    if len(found) == 0:
        recorded = ", ".join(map(str, trace.epochs[:3]))
        raise ValueError(f"expected a recorded epoch ({recorded}, ...), got {epoch!r}")
    return int(found[0])


def _changed(config: BoundaryConfig, changes: dict[str, Any]) -> BoundaryConfig:
    allowed = [name for name in vars(config) if name not in FROM_THE_START]
    for name in changes:
        check_choice("changes", name, allowed)
    return replace(config, **changes)


def _check_same_shape(old: Architecture, new: Architecture) -> None:
    if old.sizes != new.sizes:
        raise ValueError(f"expected layers of sizes {old.sizes} as before, got {new.sizes}")
