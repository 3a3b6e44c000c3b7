"""A set of labeled points in the plane, and its split into a training and a test set."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice, check_count, check_range
from dlviz.frozen import frozen

SPAN = 6.0  # half width of the window that TensorFlow Playground looks through
MAX_POINTS = 5000

Task = Literal["classification", "regression"]
Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Points of the plane with what is to be learned about them.

    Parameters
    ----------
    x : float64 (n, 2), read-only, finite; n >= 1
    y : (n,), read-only; int64 labels 0 ... classes - 1, or float64 targets of a regression
    task : "classification" or "regression"
    classes : number of classes, 0 for a regression. A part of a dataset may lack some of them.
    names : the name of each class, by label
    axes : what x1 and x2 are, in words, with their unit if they have one
    span : half width of the window to draw, which is centered on the origin; a few points of
        noisy data may lie outside
    origin, unit : where x1 and x2 were moved and scaled, ``origin + unit * x`` is what was measured

    Raises
    ------
    ValueError
        If shapes, labels or names do not fit together or a number is not finite.
    """

    x: Array
    y: NDArray[Any]
    task: Task = "classification"
    classes: int = 2
    names: tuple[str, ...] = ("A", "B")
    axes: tuple[str, str] = ("x1", "x2")
    span: float = SPAN
    origin: tuple[float, float] = (0.0, 0.0)
    unit: tuple[float, float] = (1.0, 1.0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", frozen(self.x))
        if self.x.ndim != 2 or self.x.shape[1] != 2 or len(self.x) == 0:
            raise ValueError(f"expected x of shape (n, 2) with n >= 1, got {self.x.shape}")
        if np.shape(self.y) != (len(self.x),):
            raise ValueError(f"expected y of shape ({len(self.x)},), got {np.shape(self.y)}")
        if not (np.isfinite(self.x).all() and np.isfinite(self.y).all()):
            raise ValueError("expected finite points, got inf or nan")
        check_choice("task", self.task, ("classification", "regression"))
        classification = self.task == "classification"
        if classification:
            self._check_labels()
        object.__setattr__(self, "y", frozen(self.y, np.int64 if classification else np.float64))

    def _check_labels(self) -> None:
        whole = np.equal(self.y, np.floor(self.y)).all()
        if not (whole and np.min(self.y) >= 0 and np.max(self.y) < self.classes):
            raise ValueError(f"expected whole labels from 0 to {self.classes - 1}")
        if len(self.names) != self.classes:
            raise ValueError(f"expected {self.classes} names, got {len(self.names)}")

    @property
    def measured(self) -> Array:
        """Return the points (n, 2) as they were before they were moved into the window."""
        return np.array(self.origin) + np.array(self.unit) * self.x

    def take(self, rows: NDArray[np.intp]) -> "Dataset":
        """Return the dataset of these rows, in this order; classes and window stay."""
        return replace(self, x=self.x[rows], y=self.y[rows])


@dataclass(frozen=True)
class Maker:
    """A dataset that can be drawn: ``make(n, noise, seed)``.

    Point i depends on the seed and on i alone wherever the recipe allows it: asking for more
    points adds to those there, and the same points are moved farther by more noise. Points come
    class by class in turn; ``split`` shuffles them.

    Parameters
    ----------
    label : the name shown to users
    noise : what noise does to this dataset, in words
    draw : from n, noise and seed to a Dataset; arguments were checked
    task : of the datasets drawn
    """

    label: str
    noise: str
    draw: Callable[[int, float, int], Dataset]
    task: Task = "classification"

    def __call__(self, n: int, noise: float, seed: int) -> Dataset:
        """Draw ``10 <= n <= 5000`` points with ``0 <= noise <= 0.5``; ValueError otherwise."""
        check_count("n", n, 10, MAX_POINTS)
        check_range("noise", noise, 0.0, 0.5)
        check_count("seed", seed, 0, 2**32 - 1)
        return self.draw(n, noise, seed)


def split(dataset: Dataset, train_share: float, seed: int) -> tuple[Dataset, Dataset]:
    """Shuffle a dataset and cut it into a training and a test set.

    Parameters
    ----------
    dataset : at least two points
    train_share : the part that is trained on, 0 to 1; either side gets one point at least
    seed : >= 0

    Returns
    -------
    train, test : Dataset
        A class may be missing on either side; ``classes`` still counts it.
    """
    check_range("train_share", train_share, 0.0, 1.0)
    check_count("seed", seed, 0, 2**32 - 1)
    check_count("n", len(dataset.x), 2, 2**32)
    order = np.random.default_rng(seed).permutation(len(dataset.x))
    cut = min(max(round(train_share * len(order)), 1), len(order) - 1)
    return dataset.take(order[:cut]), dataset.take(order[cut:])
