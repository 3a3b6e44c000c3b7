"""Runs that go on, with other settings, from where a run has come to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.config import MAX_EPOCHS, BoundaryConfig
from dlviz.boundary.knobs import knobs_of, swept_configs
from dlviz.boundary.loop import Start
from dlviz.boundary.problem import Data, Pair, pairs_of, problem_of, source_of
from dlviz.boundary.recording import Plan, completed, grown, spread
from dlviz.boundary.runs import Initial, given_parameters
from dlviz.boundary.traces import BoundarySweep, BoundaryTrace
from dlviz.checks import check_choice, check_count
from dlviz.networks import Architecture

FROM_THE_START = ("features", "hidden", "init", "seed")  # settings no branch can change


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
    config = _changed(trace.config, changes)
    return completed(_plan(trace, epoch, (config,), "seed")).run(0)


def branch_sweep(
    trunk: BoundaryTrace,
    epoch: int,
    config: BoundaryConfig,
    field: str,
    values: Sequence[Any] | NDArray[Any],
    initial: Initial | None = None,
    data: Data | None = None,
) -> BoundarySweep:
    """Continue a run from one of its recorded epochs with each of R values of one setting.

    Each run is what ``branch`` makes of the same settings; ``run(r)`` returns it.

    Parameters
    ----------
    epoch : one of ``trunk.epochs``, at most ``config.epochs``
    config : the settings from there on; features, hidden, init and seed are the trunk's
    field : one of ``SWEPT`` but "seed"
    values : R of what the Config takes for ``field``
    initial : weights and biases as for ``train``, in place of the trunk's at that epoch: edited
        by hand. Their entry is measured with the data and the loss of ``config``. A dead link
        that they set to another number than 0 lives again.
    data : as for ``train``, in place of the trunk's; needed if ``config`` asks for another split
        of a table

    Raises
    ------
    ValueError
        As ``branch``, and if ``initial`` does not fit the network.
    """
    return completed(_swept(trunk, epoch, config, field, values, initial, data))


def branch_sweep_steps(
    trunk: BoundaryTrace,
    epoch: int,
    config: BoundaryConfig,
    field: str,
    values: Sequence[Any] | NDArray[Any],
    initial: Initial | None = None,
    data: Data | None = None,
) -> Iterator[BoundarySweep]:
    """Continue as ``branch_sweep`` and yield the sweep so far: some 25 times, more often at first.

    The first has an entry more than the trunk up to ``epoch``, if there is any more to come; the
    last is what ``branch_sweep`` returns. Arguments that make no sense are refused at once.
    """
    return grown(_swept(trunk, epoch, config, field, values, initial, data))


def _swept(
    trunk: BoundaryTrace,
    epoch: int,
    config: BoundaryConfig,
    field: str,
    values: Sequence[Any] | NDArray[Any],
    initial: Initial | None,
    data: Data | None,
) -> Plan:
    return _plan(trunk, epoch, swept_configs(config, field, list(values)), field, initial, data)


def _plan(
    trunk: BoundaryTrace,
    epoch: int,
    configs: tuple[BoundaryConfig, ...],
    field: str,
    initial: Initial | None = None,
    data: Data | None = None,
) -> Plan:
    entry, config = _entry_at(trunk, epoch), configs[0]
    check_count("epochs", config.epochs, epoch, MAX_EPOCHS)
    _check_same_beginning(trunk.config, configs)
    problem = problem_of(config, _pairs(trunk, configs, data))
    _check_same_shape(trunk.architecture, problem.architecture)
    parameters, dead = trunk.parameters[entry], trunk.dead[entry]
    if initial is not None:
        parameters = given_parameters(problem.architecture, initial)
        dead = dead & (parameters == 0)
    runs, same_rule = len(configs), config.optimizer == trunk.config.optimizer
    start = Start(
        np.tile(parameters, (runs, 1)),
        np.tile(dead, (runs, 1)),
        spread(trunk.memory[entry], runs) if same_rule else None,
        int(trunk.epochs[entry]),
    )
    knobs = knobs_of(config, field, [getattr(each, field) for each in configs])
    return Plan(configs, field, problem, knobs, start, trunk, entry, initial is not None)


def _pairs(
    trunk: BoundaryTrace, configs: Sequence[BoundaryConfig], data: Data | None
) -> list[Pair]:
    """Return the trunk's own data, unless the settings that they depend on have changed."""
    sources = {source_of(config) for config in (trunk.config, *configs)}
    return [trunk.data] if data is None and len(sources) == 1 else pairs_of(configs, data)


def _entry_at(trace: BoundaryTrace, epoch: int) -> int:
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


def _check_same_beginning(trunk: BoundaryConfig, configs: Sequence[BoundaryConfig]) -> None:
    for name in FROM_THE_START:
        before = getattr(trunk, name)
        for config in configs:
            if (got := getattr(config, name)) != before:
                raise ValueError(f"expected {name} as before, {before!r}, got {got!r}")


def _check_same_shape(old: Architecture, new: Architecture) -> None:
    if old.sizes != new.sizes:
        raise ValueError(f"expected layers of sizes {old.sizes} as before, got {new.sizes}")
