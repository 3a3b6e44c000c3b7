"""Runs that can be scrubbed: one, or many side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary import maps
from dlviz.boundary.config import BoundaryConfig
from dlviz.boundary.measures import Measures
from dlviz.boundary.outcomes import Outcome
from dlviz.boundary.problem import Head, Pair
from dlviz.checks import check_count
from dlviz.networks import Architecture, Layers
from dlviz.optimizers import State

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

SERIES = ("parameters", "dead", *Measures._fields)  # what has a number, or many, for each entry


@dataclass(frozen=True, eq=False)
class BoundaryTrace:
    """One training run; entry 0 is before the first update, entry f after ``epochs[f]`` epochs.

    Arrays are read-only and hold what float64 gives, inf and nan included.

    Parameters
    ----------
    config : the settings of the run; of a branch, those after it
    data : the training and the test set
    head : what the outputs mean: the loss and output activation that were used
    architecture : the network's shape
    epochs : int (F,), the epochs recorded: at most 101, evenly, with the first and the last; of
        a branch, those of its trunk and then its own
    parameters : float64 (F, P), which ``weights`` and ``biases`` show layer by layer
    dead : bool (F, P), the weights that L1 has killed; see ``dead_links``
    train_loss, test_loss : float64 (F,), means without dropout and penalty
    train_accuracy, test_accuracy : float64 (F,) in [0, 1]; nan in a regression
    grad_norms : float64 (F, L), the length of the gradient of the training loss with respect to
        the weights of each layer
    outcome : how it ended: see ``outcomes_of``
    memory : the update rule's, for each entry
    branched_at : of a branch, the last entry it shares with ``trunk``
    """

    config: BoundaryConfig
    data: Pair
    head: Head
    architecture: Architecture
    epochs: NDArray[np.int64]
    parameters: Array
    dead: Flags
    train_loss: Array
    test_loss: Array
    train_accuracy: Array
    test_accuracy: Array
    grad_norms: Array
    outcome: Outcome
    memory: tuple[State, ...]
    branched_at: int | None = None
    trunk: "BoundaryTrace | None" = None

    @property
    def weights(self) -> tuple[Array, ...]:
        """The weights of each layer, (F, fan_out, fan_in)."""
        return self.architecture.layers(self.parameters).weights

    @property
    def biases(self) -> tuple[Array, ...]:
        """The biases of each layer, (F, fan_out)."""
        return self.architecture.layers(self.parameters).biases

    @property
    def dead_links(self) -> tuple[Flags, ...]:
        """Which weights L1 has killed, (F, fan_out, fan_in) of each layer."""
        return self.architecture.layers(self.dead).weights

    def layers(self, frame: int) -> Layers:
        """Return weights and biases of one entry: what ``train`` takes as ``initial``."""
        return self.architecture.layers(self.parameters[frame])

    def field(self, frame: int, span: float = 6.0, size: int = 100) -> Array:
        """Return the output over [-span, span]^2, (size, size), row 0 at the lowest x2.

        What the numbers mean for two classes, for more, and for a regression: see ``field_of``.
        """
        return np.asarray(fields(self, [frame], size, span)[0])

    def units(self, frame: int, span: float = 6.0, size: int = 100) -> tuple[Array, ...]:
        """Return the map of every unit, (units, size, size) for each layer from the inputs on."""
        columns = maps.plane(self.config.features, span, size)
        parameters = self.parameters[frame][None]
        units = maps.units_on(self.architecture, self.head, parameters, columns)
        return tuple(values[0].reshape(-1, size, size) for values in units)


@dataclass(frozen=True, eq=False)
class BoundarySweep:
    """R runs that differ in one setting; arrays as in ``BoundaryTrace``, with R in front.

    Parameters
    ----------
    configs : the settings of each run
    field : the name of the setting in which they differ
    data : a pair for each run, or one that all share
    outcomes : str (R,), of what there is so far
    branched_at : of a branch, the last entry that all runs share with ``trunk``
    """

    configs: tuple[BoundaryConfig, ...]
    field: str
    data: tuple[Pair, ...]
    head: Head
    architecture: Architecture
    epochs: NDArray[np.int64]
    parameters: Array
    dead: Flags
    train_loss: Array
    test_loss: Array
    train_accuracy: Array
    test_accuracy: Array
    grad_norms: Array
    outcomes: NDArray[np.str_]
    memory: tuple[State, ...]
    branched_at: int | None = None
    trunk: BoundaryTrace | None = None

    @property
    def values(self) -> tuple[Any, ...]:
        """The value of the setting in each run."""
        return tuple(getattr(config, self.field) for config in self.configs)

    def __len__(self) -> int:
        return len(self.configs)

    def run(self, r: int) -> BoundaryTrace:
        """Return one run as a trace of its own, which can be branched."""
        check_count("r", r, 0, len(self) - 1)
        return BoundaryTrace(
            config=self.configs[r],
            data=self.data[r] if len(self.data) > 1 else self.data[0],
            head=self.head,
            architecture=self.architecture,
            epochs=self.epochs,
            **{name: getattr(self, name)[r] for name in SERIES},
            outcome=cast(Outcome, str(self.outcomes[r])),
            memory=tuple(_of_run(state, r) for state in self.memory),
            branched_at=self.branched_at,
            trunk=self.trunk,
        )


def _of_run(state: State, r: int) -> State:
    """Return what a rule remembers of one of R runs."""
    return tuple(part[r : r + 1] if isinstance(part, np.ndarray) else part for part in state)


def fields(
    runs: BoundaryTrace | BoundarySweep,
    frames: Sequence[int] | NDArray[np.intp],
    size: int = 100,
    span: float = 6.0,
) -> Array:
    """Return ``field`` at G frames: (G, size, size), or (R, G, size, size) of a sweep."""
    columns = maps.plane(_features(runs), span, size)
    chosen = runs.parameters[..., np.asarray(frames), :]
    shape = runs.architecture
    scores = maps.scores_on(shape, chosen.reshape(-1, shape.count), columns)
    with np.errstate(all="ignore"):
        values = maps.field_of(runs.head, scores)
    return values.reshape(*chosen.shape[:-1], size, size)


def _features(runs: BoundaryTrace | BoundarySweep) -> tuple[str, ...]:
    config = runs.config if isinstance(runs, BoundaryTrace) else runs.configs[0]
    return config.features
