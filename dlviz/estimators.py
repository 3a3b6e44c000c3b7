"""scikit-learn's estimators of classes: how each is fitted and how its verdict is read.

A verdict is what ``predict`` says, ties included, and by how much the winner leads. Each family
has its own rule for scores that are equal, so each is read in its own way; probabilities alone
do not tell. ``dlviz.classifiers`` lists them for use.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.support_vectors import machine, pair_votes

Array = NDArray[np.float64]
Labels = NDArray[np.intp]
Verdict = tuple[Labels, Array]  # of N points: the class that wins, and its lead in [0, 1]
Reader = Callable[[Array], Iterable[Verdict]]  # of points (N, d), one for each value of the knob
Method = Callable[[Array, Labels, Sequence[float], int], Reader]  # fits x, y, values, seed
Make = Callable[[float, Array, int], Any]  # an estimator, from the knob, the points, the seed


@cache
def threads() -> Any:
    """Return what limits the threads of linear algebra: ``with threads().limit(limits=1)``."""
    import sklearn.linear_model  # noqa: F401 - only libraries that are loaded are found
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    return ThreadpoolController()


# ---- How verdicts are read.


def leading(scores: Array) -> Verdict:
    """Let the highest of the scores (N, c) win, the first of equal ones, and lead the second."""
    second, first = np.sort(scores, axis=1)[:, -2:].T
    return scores.argmax(axis=1), first - second


def of_logits(logits: Array, undecided: int) -> Verdict:
    """Read logits (N, c), or log-odds of class 1 (N,); ``undecided`` is the class of log-odds 0.

    The lead is that of the probabilities, which of log-odds is tanh of a half: 0 only if they are.
    """
    if logits.ndim == 1:
        winner = logits >= 0 if undecided else logits > 0
        return winner.astype(np.intp), np.abs(np.tanh(logits / 2))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return logits.argmax(axis=1), leading(powers / powers.sum(axis=1, keepdims=True))[1]


def _read_logits(estimator: Any, x: Array) -> Verdict:
    return of_logits(estimator.decision_function(x), undecided=0)


def _read_likelihoods(estimator: Any, x: Array) -> Verdict:
    with np.errstate(all="ignore"):  # where no feature varies, nothing has a density
        winner, lead = of_logits(estimator.predict_joint_log_proba(x), undecided=0)
    return winner, np.nan_to_num(lead)


def _read_probabilities(estimator: Any, x: Array) -> Verdict:
    return leading(estimator.predict_proba(x))


def _read_machine(scaled: Any, x: Array) -> Verdict:
    scaler, fitted = scaled
    return pair_votes(fitted, scaler.transform(x))


# ---- How they are fitted: one for each value of the knob, or one from which all are read.


def one_class(x: Array, y: Labels, values: Sequence[float], seed: int) -> Reader:
    """Say of everything that it is of the only class there is."""
    return lambda points: [(np.zeros(len(points), np.intp), np.ones(len(points))) for _ in values]


def _each(make: Make, read: Callable[[Any, Array], Verdict]) -> Method:
    def method(x: Array, y: Labels, values: Sequence[float], seed: int) -> Reader:
        fitted = [make(value, x, seed).fit(x, y) for value in values]
        return lambda points: [read(estimator, points) for estimator in fitted]

    return method


def _scaled(estimator: Any) -> Any:
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), estimator)


def _logistic(c: float, x: Array, seed: int) -> Any:
    from sklearn.linear_model import LogisticRegression

    # The usual tolerance of 1e-4 leaves the hardly penalized fit at three digits.
    return _scaled(LogisticRegression(C=c, tol=1e-6, max_iter=10_000))


def _svm_linear(c: float, x: Array, seed: int) -> Any:
    return _scaled(machine(kernel="linear", C=c))


def _svm_poly(degree: float, x: Array, seed: int) -> Any:
    # With C = 1 the highest degrees take seconds to fit where classes overlap.
    settings = {"degree": int(degree), "gamma": 1 / x.shape[1], "coef0": 1, "C": 0.1}
    return _scaled(machine(kernel="poly", **settings))


def _svm_rbf(gamma: float, x: Array, seed: int) -> Any:
    return _scaled(machine(kernel="rbf", gamma=gamma))


def _neighbors(k: int) -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    # Brute force rounds distances in blocks: who is nearer would depend on what else is asked.
    return _scaled(KNeighborsClassifier(k, algorithm="kd_tree"))


def _tree(depth: float, x: Array, seed: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=int(depth), random_state=seed)


def _bayes(share: float, x: Array, seed: int) -> Any:
    from sklearn.naive_bayes import GaussianNB

    return GaussianNB(var_smoothing=share)


logistic = _each(_logistic, _read_logits)
svm_linear = _each(_svm_linear, _read_machine)
svm_poly = _each(_svm_poly, _read_machine)
svm_rbf = _each(_svm_rbf, _read_machine)
tree = _each(_tree, _read_probabilities)
naive_bayes = _each(_bayes, _read_likelihoods)


def knn(x: Array, y: Labels, values: Sequence[float], seed: int) -> Reader:
    """Look for the most neighbors; fewer are the first of them.

    Where the next one is as near as the last, estimators choose differently and are asked.
    """
    counts = [min(int(value), len(x)) for value in values]
    scaler, most = _neighbors(counts[-1]).fit(x, y)

    def read(points: Array) -> Iterator[Verdict]:
        distances, nearest = most.kneighbors(scaler.transform(points))
        votes = np.cumsum(y[nearest][..., None] == most.classes_, axis=1)  # (N, k, c)
        for k in counts:
            shares = votes[:, k - 1] / k
            tied = (distances[:, k - 1 : k] == distances[:, k : k + 1]).any(axis=1)
            if tied.any():
                shares[tied] = _neighbors(k).fit(x, y).predict_proba(points[tied])
            yield leading(shares)

    return read


def forest(x: Array, y: Labels, values: Sequence[float], seed: int) -> Reader:
    """Grow the largest forest; a smaller one is the first of its trees."""
    from sklearn.ensemble import RandomForestClassifier

    grown = RandomForestClassifier(int(values[-1]), random_state=seed).fit(x, y)

    def read(points: Array) -> Iterator[Verdict]:
        total = np.zeros((len(points), grown.n_classes_))
        for count, each in enumerate(grown.estimators_, start=1):
            total += each.predict_proba(points)
            if count in values:
                yield leading(total / count)

    return read


def boosting(x: Array, y: Labels, values: Sequence[float], seed: int) -> Reader:
    """Boost for the most rounds and read the others on the way."""
    from sklearn.ensemble import GradientBoostingClassifier

    boosted = GradientBoostingClassifier(n_estimators=int(values[-1]), random_state=seed).fit(x, y)

    def read(points: Array) -> Iterator[Verdict]:
        for count, logits in enumerate(boosted.staged_decision_function(points), start=1):
            if count in values:
                yield of_logits(logits[:, 0] if logits.shape[1] == 1 else logits, undecided=1)

    return read
