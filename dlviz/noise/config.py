"""What a run of stochastic gradient descent depends on."""

from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range
from dlviz.optimizers import SCHEDULES

TASKS = ("mean", "linear", "logistic")
CLOCKS = ("epochs", "updates")
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 80, 120, 240)  # of batches


@dataclass(frozen=True)
class NoiseConfig:
    """Everything a run depends on.

    Parameters
    ----------
    task : "mean" (find the mean of points), "linear" or "logistic" regression, two weights each
    samples : 4 to 240, the number of data N
    spread : in [0, 3], the noise in the data
    batch_size : 1 to 240; more than there are samples are all of them
    replacement : whether a batch is drawn anew from all, or dealt from a shuffled deck
    lr : in (0, 10]
    momentum : in [0, 0.99]
    schedule : a key of ``SCHEDULES``
    clock : what runs have in common: "epochs" (as much data) or "updates" (as many steps)
    epochs : 1 to 40
    updates : 1 to 100000
    seed : 0 to 2**32 - 1; the data and the order in which they are dealt
    start : a pair of numbers in [-1000, 1000]
    """

    task: str = "linear"
    samples: int = 60
    spread: float = 1.0
    batch_size: int = 4
    replacement: bool = False
    lr: float = 0.1
    momentum: float = 0.0
    schedule: str = "constant"
    clock: str = "epochs"
    epochs: int = 10
    updates: int = 150
    seed: int = 0
    start: tuple[float, float] = (-0.5, 0.5)

    def __post_init__(self) -> None:
        check_choice("task", self.task, TASKS)
        check_count("samples", self.samples, 4, 240)
        check_range("spread", self.spread, 0, 3)
        check_count("batch_size", self.batch_size, 1, 240)
        if not isinstance(self.replacement, bool):
            raise ValueError(f"expected True or False, got replacement={self.replacement!r}")
        check_range("lr", self.lr, 0, 10, open_low=True)
        check_range("momentum", self.momentum, 0, 0.99)
        check_choice("schedule", self.schedule, SCHEDULES)
        check_choice("clock", self.clock, CLOCKS)
        check_count("epochs", self.epochs, 1, 40)
        check_count("updates", self.updates, 1, 100_000)
        check_count("seed", self.seed, 0, 2**32 - 1)
        if not isinstance(self.start, tuple) or len(self.start) != 2:
            raise ValueError(f"expected start to be a pair (w1, w2), got {self.start!r}")
        for name, value in zip(("w1", "w2"), self.start, strict=True):
            check_range(f"start {name}", value, -1000, 1000)

    @property
    def size(self) -> int:
        """The batch size B that there is: at most all samples."""
        return min(self.batch_size, self.samples)

    @property
    def steps(self) -> int:
        """The number of updates."""
        if self.clock == "updates":
            return self.updates
        return self.epochs * -(-self.samples // self.size)


def batch_sizes(samples: int, size: int = 1) -> tuple[int, ...]:
    """Return the batch sizes of the knob, from 1 to all, with ``size`` among them."""
    return tuple(sorted({*(usual for usual in SIZES if usual < samples), samples, size}))
