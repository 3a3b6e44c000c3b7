"""scikit-learn's classifiers in the plane, each under all values of one setting at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz import estimators
from dlviz.checks import check_choice, check_count, check_range
from dlviz.dataset import Dataset
from dlviz.features import FEATURES, featurize
from dlviz.frozen import frozen
from dlviz.grids import grid
from dlviz.networks import CERTAIN

Array = NDArray[np.float64]

TIED = 1e-12  # the lead of class 1 where it wins a tie: above 0, and yet so in float32


@dataclass(frozen=True)
class Classifier:
    """A family of scikit-learn's classifiers with one setting to turn.

    Parameters
    ----------
    label : the name shown to users
    knob_label : what the setting is
    values : 10 to 16 numbers of it, rising
    usual : one of them
    formula : in one line, what it does
    method : how it is fitted: see ``dlviz.estimators``
    whole : whether the setting counts something
    """

    label: str
    knob_label: str
    values: tuple[float, ...]
    usual: float
    formula: str
    method: estimators.Method
    whole: bool = False


_COUNTS = (1, 2, 3, 5, 8, 12, 20, 30, 50, 75, 100)

CLASSIFIERS: Mapping[str, Classifier] = {
    "logistic": Classifier(
        "Logistic regression",
        "C = 1/regularization",
        (1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6),
        1,
        "p = σ(w·x + b) with the least ‖w‖²/2 + C Σ cross-entropy, a sum over the points",
        estimators.logistic,
    ),
    "svm_linear": Classifier(
        "Linear SVM",
        "C = 1/regularization",
        (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
        1,
        "the sign of w·x + b with the least ‖w‖²/2 + C Σ max(0, 1 − margin)",
        estimators.svm_linear,
    ),
    "svm_poly": Classifier(
        "SVM, polynomial kernel",
        "degree",
        (1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        3,
        "a linear SVM (C = 0.1) on all products of up to so many features: k = (γ x·x′ + 1)^degree",
        estimators.svm_poly,
        whole=True,
    ),
    "svm_rbf": Classifier(
        "SVM, Gaussian kernel",
        "γ, 1/width² of a bump",
        (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50),
        0.5,
        "the sign of a sum of bumps exp(−γ ‖x − x′‖²) at the support vectors (C = 1)",
        estimators.svm_rbf,
    ),
    "tree": Classifier(
        "Decision tree",
        "depth",
        (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20),
        5,
        "question after question, x_i ≤ c?, each the one that leaves the purest halves",
        estimators.tree,
        whole=True,
    ),
    "forest": Classifier(
        "Random forest",
        "trees",
        _COUNTS,
        100,
        "the mean of unlimited trees, each of points drawn with replacement and random features",
        estimators.forest,
        whole=True,
    ),
    "boosting": Classifier(
        "Gradient boosting",
        "rounds",
        _COUNTS,
        100,
        "log-odds as a sum: each round adds 0.1 of a tree of depth 3 fitted to what is left over",
        estimators.boosting,
        whole=True,
    ),
    "knn": Classifier(
        "Nearest neighbors",
        "neighbors k",
        (1, 3, 5, 7, 11, 15, 21, 31, 45, 65, 99),
        5,
        "the share of each class among the k nearest training points",
        estimators.knn,
        whole=True,
    ),
    "naive_bayes": Classifier(
        "Gaussian naive Bayes",
        "share of the largest variance added",
        (1e-9, 1e-3, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
        1e-9,
        "Bayes' rule, each class being a normal distribution with independent features",
        estimators.naive_bayes,
    ),
}


@dataclass(frozen=True, eq=False)
class Fitted:
    """One kind of classifier, fitted with each of K values of its setting; arrays are read-only.

    Parameters
    ----------
    name : a key of ``CLASSIFIERS``
    values : float64 (K,)
    fields : float64 (K, size, size), row 0 at the lowest x2. Of two classes in [-1, 1] and > 0
        where class 1 is predicted: 2p − 1, or tanh of an SVM's margin. Of more, the number of the
        class predicted plus its lead in [0, 1): over the second most probable one, or tanh of the
        margin over the strongest other.
    train_predictions, test_predictions : int64 (K, n) and (K, m)
    train_accuracy, test_accuracy : float64 (K,) in [0, 1]
    """

    name: str
    values: Array
    fields: Array
    train_predictions: NDArray[np.int64]
    test_predictions: NDArray[np.int64]
    train_accuracy: Array
    test_accuracy: Array


def fit(
    name: str,
    train: Dataset,
    test: Dataset,
    features: Sequence[str] = ("x1", "x2"),
    values: Sequence[float] | None = None,
    size: int = 100,
    span: float = 6.0,
    seed: int = 0,
) -> Fitted:
    """Fit a classifier with each value of its setting, and map what it says of the plane.

    The map agrees with ``predict`` at every point, ties included.

    Parameters
    ----------
    name : a key of ``CLASSIFIERS``
    train, test : of the same classes. Of one that ``train`` lacks nothing is learned; if all are
        of one class, so is everything.
    features : keys of ``FEATURES``; they are standardized for all but trees and naive Bayes
    values : of the setting, > 0 and rising; None for those of ``CLASSIFIERS``. More neighbors
        than there are points are as many as there are points.
    size, span : the map is size by size, over [-span, span]^2
    seed : of trees, forests and boosting; the others draw nothing

    Raises
    ------
    ValueError
        "expected classes, got a regression" and the like.
    """
    _check(name, (train, test), features, span, seed)
    knob = _checked_values(CLASSIFIERS[name], values)
    plane = grid(((-span, span), (-span, span)), size).points.reshape(-1, 2)
    classes, y = np.unique(train.y, return_inverse=True)
    method = CLASSIFIERS[name].method if len(classes) > 1 else estimators.one_class
    with estimators.threads().limit(limits=1):  # many times slower with two, at these sizes
        read = method(featurize(train.x, features), y, knob, seed)
        # Not all in one go: linear algebra may round a row differently among other rows.
        mapped, *told = [list(read(featurize(x, features))) for x in (plane, train.x, test.x)]
    fields = [_field(classes[winner], lead, train.classes) for winner, lead in mapped]
    on_train, on_test = (np.stack([classes[winner] for winner, _ in each]) for each in told)
    return Fitted(
        name,
        frozen(knob),
        frozen(np.reshape(fields, (-1, size, size))),
        frozen(on_train, np.int64),
        frozen(on_test, np.int64),
        frozen((on_train == train.y).mean(axis=1)),
        frozen((on_test == test.y).mean(axis=1)),
    )


def _check(
    name: str, data: tuple[Dataset, Dataset], features: Sequence[str], span: float, seed: int
) -> None:
    check_choice("name", name, CLASSIFIERS)
    if any(dataset.task == "regression" for dataset in data):
        raise ValueError("expected classes, got a regression")
    if data[0].classes != data[1].classes:
        raise ValueError(f"expected {data[0].classes} classes to test, got {data[1].classes}")
    if len(features) == 0:
        raise ValueError("expected at least one feature, got none")
    for feature in features:
        check_choice("features", feature, FEATURES)
    check_range("span", span, 0, 1e6, open_low=True)
    check_count("seed", seed, 0, 2**32 - 1)


def _checked_values(kind: Classifier, values: Sequence[float] | None) -> list[float]:
    chosen = list(kind.values if values is None else values)
    for value in chosen:
        check_range("values", value, 0, 10_000 if kind.whole else 1e12, open_low=True)
        if kind.whole and value != int(value):
            raise ValueError(f"expected whole numbers of {kind.knob_label}, got {value!r}")
    if not chosen or sorted(set(chosen)) != chosen:
        raise ValueError(f"expected rising values, got {chosen}")
    return chosen


def _field(winner: NDArray[np.int64], lead: Array, classes: int) -> Array:
    """Make one number of the class that wins and its lead: see ``Fitted.fields``."""
    if classes > 2:
        return np.asarray(winner + np.minimum(lead, CERTAIN))
    return np.where(winner == 1, np.maximum(lead, TIED), -lead)
