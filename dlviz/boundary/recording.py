"""From the entries that training yields to runs that can be scrubbed, while they still grow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.config import BoundaryConfig
from dlviz.boundary.knobs import Knobs
from dlviz.boundary.loop import Frame, Start, run, stops_of
from dlviz.boundary.measures import Measures
from dlviz.boundary.outcomes import outcomes_of
from dlviz.boundary.problem import Problem
from dlviz.boundary.traces import SERIES, BoundarySweep, BoundaryTrace
from dlviz.frozen import frozen
from dlviz.optimizers import State

SHOWN = 25  # times that a growing sweep is handed out


@dataclass(frozen=True, eq=False)
class Plan:
    """R runs that are to be made.

    Parameters
    ----------
    configs : the settings of each
    field : the name of the setting in which they differ
    start : where they begin
    trunk, entry : the run whose entries before this one come first, if they go on from a run
    edited : whether they begin with other parameters than the trunk has in that entry
    """

    configs: tuple[BoundaryConfig, ...]
    field: str
    problem: Problem
    knobs: Knobs
    start: Start
    trunk: BoundaryTrace | None = None
    entry: int = 0
    edited: bool = False

    @property
    def stops(self) -> list[int]:
        return stops_of(self.configs[0], self.problem, self.start.epoch)

    def frames(self) -> Iterator[Frame]:
        """Train, and yield all entries, those of the trunk too."""
        runs = run(self.configs[0], self.problem, self.knobs, self.start)
        if self.trunk is None:
            yield from runs
            return
        for entry in range(self.entry):
            yield _entry_of(self.trunk, entry, self.trunk.memory[entry], len(self.configs))
        first = next(runs)  # seen with its own loss and data, which the trunk's entry is not
        shared = _entry_of(self.trunk, self.entry, first.memory, len(self.configs))
        yield first if self.edited else shared
        yield from runs


class Recorder:
    """The entries of R runs, each written once to where it stays.

    So the runs so far cost no copy: they are read-only views of entries that no one changes.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.epochs: list[int] = []
        self.memory: list[State] = []
        self.series: dict[str, NDArray[Any]] = {}

    def add(self, frame: Frame) -> None:
        """Write one more entry."""
        values = {"parameters": frame.parameters, "dead": frame.dead, **frame.measures._asdict()}
        at, runs = len(self.epochs), len(self.plan.configs)
        for name, value in values.items():
            if at == 0:
                shape = (runs, self.plan.entry + len(self.plan.stops), *value.shape[1:])
                self.series[name] = np.empty(shape, value.dtype)
            self.series[name][:, at] = value
        self.epochs.append(frame.epoch)
        self.memory.append(frame.memory)

    def runs(self) -> BoundarySweep:
        """Return the runs so far."""
        series = {name: self.series[name][:, : len(self.epochs)] for name in SERIES}
        for view in series.values():
            view.setflags(write=False)
        outcomes = outcomes_of(series["train_loss"], series["parameters"], series["grad_norms"])
        plan = self.plan
        return BoundarySweep(
            configs=plan.configs,
            field=plan.field,
            data=plan.problem.data,
            head=plan.problem.head,
            architecture=plan.problem.architecture,
            epochs=frozen(self.epochs, np.int64),
            **series,
            outcomes=frozen(outcomes, outcomes.dtype),
            memory=tuple(self.memory),
            branched_at=None if plan.trunk is None else plan.entry,
            trunk=plan.trunk,
        )


def grown(plan: Plan, shown: Sequence[int] | None = None) -> Iterator[BoundarySweep]:
    """Train, and yield the runs so far after so many new entries each; by default ``SHOWN`` times.

    The last is the whole.
    """
    after = _moments(len(plan.stops) - 1) if shown is None else set(shown)
    recorder = Recorder(plan)
    for entry, frame in enumerate(plan.frames(), start=-plan.entry):
        recorder.add(frame)
        if entry in after:
            yield recorder.runs()


def completed(plan: Plan) -> BoundarySweep:
    """Train to the end."""
    (runs,) = grown(plan, [len(plan.stops) - 1])
    return runs


def _moments(last: int) -> set[int]:
    """Return after which of the entries 1 to ``last`` to show: the first, and ever fewer."""
    return {max(min(1, last), round(last * (i / SHOWN) ** 1.5)) for i in range(1, SHOWN + 1)}


def _entry_of(trunk: BoundaryTrace, entry: int, memory: State, runs: int) -> Frame:
    """Return an entry of one run as that of R runs, which have it in common."""
    measures = Measures(*(getattr(trunk, name)[entry][None] for name in Measures._fields))
    epoch, parameters = int(trunk.epochs[entry]), trunk.parameters[entry][None]
    return Frame(epoch, parameters, trunk.dead[entry][None], spread(memory, runs), measures)


def spread(state: State, runs: int) -> State:
    """Return what a rule remembers of one run, or of R, as the memory of R runs."""
    return tuple(
        np.broadcast_to(part, (runs, *part.shape[1:])) if isinstance(part, np.ndarray) else part
        for part in state
    )
