"""What a network is to learn: points, the numbers that stand for their classes, and the loss."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.activations import OUTPUTS
from dlviz.boundary.config import OWN, TABLE, BoundaryConfig, activations_of
from dlviz.datasets import DATASETS, Dataset, split
from dlviz.features import featurize
from dlviz.losses import LOSSES, Loss
from dlviz.networks import Architecture, with_ones
from dlviz.painting import read_points

Array = NDArray[np.float64]
Pair = tuple[Dataset, Dataset]  # to train on, to test on
Data = Dataset | Sequence[Any]  # brought by somebody: to be split, or split already


@dataclass(frozen=True)
class Head:
    """The end of the network: what its outputs mean.

    Parameters
    ----------
    task : "classification" or "regression"
    loss : a key of ``LOSSES``
    output : a key of ``OUTPUTS``: what is shown and read
    trained : the one the loss is computed from: linear where the loss takes the sums themselves
    units : the number K of outputs: one, or one for each class
    low : the target of classes other than a sample's own, which has 1; 0 or −1
    """

    task: str
    loss: str
    output: str
    trained: str
    units: int
    low: float

    @property
    def trains(self) -> Loss:
        return LOSSES[self.loss]

    def targets(self, y: NDArray[Any]) -> Array:
        """Return the targets (K, n) of labels or numbers (n,)."""
        if self.task == "regression":
            return np.array(y[None], dtype=np.float64)
        classes = [1] if self.units == 1 else range(self.units)
        return np.where(y[None] == np.array(classes)[:, None], 1.0, self.low)

    def shown(self, scores: Array) -> Array:
        """Return the outputs (..., K, n) as the output activation gives them."""
        return scores if self.trained == self.output else OUTPUTS[self.output].value(scores)

    def signed(self, scores: Array) -> Array:
        """Return the outputs (..., K, n) such that 0 is undecided: 2p − 1 for probabilities."""
        shown = self.shown(scores)
        return 2 * shown - 1 if self.output in ("sigmoid", "softmax") else shown

    def classes(self, scores: Array) -> NDArray[np.intp]:
        """Return the class (..., n) that the outputs name; one output names 1 above undecided."""
        if self.units > 1:
            return np.asarray(scores.argmax(-2))
        return (self.signed(scores)[..., 0, :] > 0).astype(np.intp)


def head_of(config: BoundaryConfig, data: Dataset) -> Head:
    """Return what the settings and the kind of data make of the outputs."""
    if data.task == "regression":  # its targets may be negative
        output = config.output if config.output in ("linear", "tanh") else "linear"
        return Head("regression", "half_mse", output, output, 1, 0.0)
    loss = LOSSES[config.loss]
    output = loss.output or config.output
    low = loss.low if loss.low is not None else -1.0 if output in ("linear", "tanh") else 0.0
    units = 1 if data.classes == 2 and output != "softmax" else data.classes
    trained = "linear" if loss.output else output
    return Head("classification", config.loss, output, trained, units, low)


@dataclass(frozen=True, eq=False)
class Samples:
    """Points as R networks take them; R is 1 where all take the same.

    Parameters
    ----------
    x : float64 (R, d + 1, n), features as columns with a row of ones
    t : float64 (R, K, n), targets
    y : int or float (R, n), labels or, of a regression, the targets
    """

    x: Array
    t: Array
    y: NDArray[Any]

    def of(self, runs: slice) -> "Samples":
        """Return those of some of the runs."""
        return self if len(self.x) == 1 else Samples(self.x[runs], self.t[runs], self.y[runs])


@dataclass(frozen=True, eq=False)
class Problem:
    """A network's shape and what it is to learn, for R runs, or for one that stands for all.

    Parameters
    ----------
    data : a training and a test set for each run
    train, test : the same, as the networks take them
    """

    head: Head
    architecture: Architecture
    data: tuple[Pair, ...]
    train: Samples
    test: Samples


def problem_of(config: BoundaryConfig, pairs: Sequence[Pair]) -> Problem:
    """Return the problem that settings make of data."""
    head = head_of(config, pairs[0][0])
    sizes = (len(config.features), *config.hidden, head.units)
    architecture = Architecture(sizes, activations_of(config), head.trained)
    train = _samples(config, head, [train for train, _ in pairs])
    test = _samples(config, head, [test for _, test in pairs])
    return Problem(head, architecture, tuple(pairs), train, test)


def _samples(config: BoundaryConfig, head: Head, datasets: Sequence[Dataset]) -> Samples:
    x = np.stack([with_ones(featurize(data.x, config.features)) for data in datasets])
    t = np.stack([head.targets(data.y) for data in datasets])
    return Samples(x, t, np.stack([data.y for data in datasets]))


def source_of(config: BoundaryConfig) -> tuple[Any, ...]:
    """Return the settings that data depend on: where these are alike, so are the data."""
    own: dict[str, tuple[Any, ...]] = {OWN: (config.points,), TABLE: ()}
    drawn = (config.n, config.noise)
    split_by = (config.dataset, config.train_share, config.data_seed)
    return (*split_by, *own.get(config.dataset, drawn))


def pair_of(config: BoundaryConfig) -> Pair:
    """Draw the dataset that the settings name, or read the painted one, and split it.

    Raises
    ------
    ValueError
        If it is the table, which somebody must bring.
    """
    if config.dataset == TABLE:
        raise ValueError("expected data for the dataset 'table', got none")
    if config.dataset == OWN:
        return _split(read_points(config.points), config)
    return _split(DATASETS[config.dataset](config.n, config.noise, config.data_seed), config)


def pairs_of(configs: Sequence[BoundaryConfig], data: Data | None) -> list[Pair]:
    """Return the data of runs side by side: one pair for all, or one for each if they differ."""
    if data is not None and not isinstance(data, Dataset):
        return [given_pair(data)]
    alike = len({source_of(config) for config in configs}) == 1
    some = configs[:1] if alike else configs
    return [pair_of(config) if data is None else _split(data, config) for config in some]


def _split(dataset: Dataset, config: BoundaryConfig) -> Pair:
    return split(dataset, config.train_share, config.data_seed)


def given_pair(data: Sequence[Any]) -> Pair:
    """Return data that somebody brings: two Datasets, or x_train, y_train, x_test, y_test.

    Points are (n, 2). Of labels that are all −1 or 1, 1 is class 1 and −1 is class 0; whole
    numbers from 0 on are classes; any other numbers are the targets of a regression.

    Raises
    ------
    ValueError
        If there are neither two nor four of them, or shapes or numbers make no sense.
    """
    if len(data) == 2:
        return data[0], data[1]
    if len(data) != 4:
        raise ValueError(f"expected data to be two datasets or four arrays, got {len(data)}")
    x_train, y_train, x_test, y_test = (np.asarray(array, dtype=np.float64) for array in data)
    kind = _kind(np.concatenate([np.ravel(y_train), np.ravel(y_test)]))
    if kind["task"] == "classification":  # −1 is class 0
        y_train, y_test = np.maximum(y_train, 0), np.maximum(y_test, 0)
    return Dataset(x_train, y_train, **kind), Dataset(x_test, y_test, **kind)


def _kind(y: Array) -> dict[str, Any]:
    """Tell what task the targets of all samples belong to, with how many classes."""
    signs = np.isin(y, (-1, 1)).all()
    labels = np.isin(y, range(len(ascii_uppercase))).all()
    if not signs and not labels:
        return {"task": "regression", "classes": 0, "names": ()}
    classes = 2 if signs else max(2, int(y.max()) + 1)
    return {"task": "classification", "classes": classes, "names": tuple(ascii_uppercase[:classes])}
