"""Maps and predictions against ``predict`` of estimators built here, afresh for every value."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from dlviz.classifiers import CLASSIFIERS, fit
from dlviz.dataset import Dataset
from dlviz.datasets import DATASETS, split
from dlviz.features import featurize
from dlviz.grids import grid


@pytest.fixture(autouse=True)
def one_thread():
    """Round as ``fit`` does: sums over points are split among threads, which may decide a tie."""
    with threadpool_limits(1):
        yield


def scaled(estimator):
    return make_pipeline(StandardScaler(), estimator)


FRESH = {
    "logistic": lambda v, x, seed: scaled(LogisticRegression(C=v, tol=1e-6, max_iter=10_000)),
    "svm_linear": lambda v, x, seed: scaled(SVC(kernel="linear", C=v)),
    "svm_poly": lambda v, x, seed: scaled(
        SVC(kernel="poly", degree=v, gamma=1 / x.shape[1], coef0=1, C=0.1)
    ),
    "svm_rbf": lambda v, x, seed: scaled(SVC(kernel="rbf", gamma=v)),
    "tree": lambda v, x, seed: DecisionTreeClassifier(max_depth=v, random_state=seed),
    "forest": lambda v, x, seed: RandomForestClassifier(n_estimators=v, random_state=seed),
    "boosting": lambda v, x, seed: GradientBoostingClassifier(n_estimators=v, random_state=seed),
    "knn": lambda v, x, seed: scaled(KNeighborsClassifier(min(v, len(x)), algorithm="kd_tree")),
    "naive_bayes": lambda v, x, seed: GaussianNB(var_smoothing=v),
}
NAMES = list(FRESH)
PAIRS = {
    name: split(DATASETS[name](160, noise, 3), 0.5, 4)
    for name, noise in [("circle", 0.3), ("moons", 0.1), ("three_blobs", 0.4), ("pinwheel", 0.1)]
}
BESIDE = ("x1", "x1x2", "radius")


def points(size, span=6.0):
    return grid(((-span, span), (-span, span)), size).points.reshape(-1, 2)


def winners(fields, classes):
    """Return the class that a map shows at each point, (K, size²)."""
    flat = fields.reshape(len(fields), -1)
    return (flat > 0).astype(int) if classes == 2 else np.floor(flat).astype(int)


def estimators(name, fitted, train, features, seed=0):
    """Yield a fitted estimator for each value, made without the brick."""
    for value in fitted.values.tolist():
        value = int(value) if CLASSIFIERS[name].whole else value
        x = featurize(train.x, features)
        yield FRESH[name](value, x, seed).fit(x, train.y)


def assert_as_scikit_learn_says(name, fitted, pair, features, size, span=6.0, seed=0):
    train, test = pair
    shown = winners(fitted.fields, train.classes)
    for k, estimator in enumerate(estimators(name, fitted, train, features, seed)):
        with np.errstate(all="ignore"):  # naive Bayes divides by a variance of 0
            said = [
                estimator.predict(featurize(x, features))
                for x in (points(size, span), train.x, test.x)
            ]
        np.testing.assert_array_equal(shown[k], said[0])
        np.testing.assert_array_equal(fitted.train_predictions[k], said[1])
        np.testing.assert_array_equal(fitted.test_predictions[k], said[2])
        assert fitted.train_accuracy[k] == np.mean(said[1] == train.y)
        assert fitted.test_accuracy[k] == np.mean(said[2] == test.y)


@pytest.mark.parametrize("features", [("x1", "x2"), BESIDE])
@pytest.mark.parametrize("data", PAIRS)
@pytest.mark.parametrize("name", NAMES)
def test_maps_say_at_every_point_what_predict_says(name, data, features):
    fitted = fit(name, *PAIRS[data], features, size=30, seed=5)
    assert_as_scikit_learn_says(name, fitted, PAIRS[data], features, 30, seed=5)


# Ties: points in mirror symmetry about both axes, which the grid contains.

OPPOSITE = Dataset([(-1, 0), (1, 0), (-2, 0), (2, 0)], [0, 1, 0, 1])
TURNED = Dataset([(-1, 0), (1, 0), (-2, 0), (2, 0)], [1, 0, 1, 0])
CROSSED = Dataset([(-1, -1), (1, 1), (-1, 1), (1, -1)], [0, 0, 1, 1])
THREE = Dataset([(-1, -1), (1, -1), (0, 1)] * 2, [0, 1, 2] * 2, classes=3, names=("A", "B", "C"))
SQUARE = Dataset(
    [(-1, -1), (1, -1), (1, 1), (-1, 1)] * 2, [0, 1, 2, 3] * 2, classes=4, names=tuple("ABCD")
)


@pytest.mark.parametrize("data", [OPPOSITE, TURNED, CROSSED, THREE, SQUARE])
@pytest.mark.parametrize("name", NAMES)
def test_maps_say_what_predict_says_where_classes_tie(name, data):
    values = (1, 2, 3, 4) if CLASSIFIERS[name].whole else None
    fitted = fit(name, data, data, values=values, size=25, span=3)
    assert_as_scikit_learn_says(name, fitted, (data, data), ("x1", "x2"), 25, span=3)


@pytest.mark.parametrize("name", NAMES)
def test_maps_say_what_predict_says_where_points_lie_on_each_other(name):
    data = DATASETS["xor_corners"](40, 0.0, 0)
    fitted = fit(name, data, data, size=25, span=2)
    assert_as_scikit_learn_says(name, fitted, (data, data), ("x1", "x2"), 25, span=2)


def test_some_ties_go_to_class_1_and_the_map_shows_it():
    fields = fit("svm_linear", CROSSED, CROSSED, size=5, span=1).fields
    assert 0 < fields[0, 2, 2] < 1e-9


FEW = {name: (1, 3) if CLASSIFIERS[name].whole else (0.01, 1.0, 100.0) for name in NAMES}
PLACES = st.tuples(st.integers(-2, 2), st.integers(-2, 2))
CORNERS = st.lists(st.tuples(PLACES, st.integers(0, 2)), min_size=1, max_size=14)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), CORNERS, st.sampled_from([2, 3]), st.sampled_from([5, 8]))
def test_any_points_of_a_lattice_are_mapped_as_predicted(name, labeled, classes, size):
    x, y = zip(*labeled, strict=True)
    data = Dataset(x, np.array(y) % classes, classes=classes, names=tuple("ABC"[:classes]))
    fitted = fit(name, data, data, values=FEW[name], size=size, span=2)
    fields = fitted.fields
    assert np.isfinite(fields).all()
    if classes == 2:
        assert np.abs(fields).max() <= 1
    else:
        assert fields.min() >= 0
        assert fields.max() < 3
    if len(set(data.y)) > 1:
        assert_as_scikit_learn_says(name, fitted, (data, data), ("x1", "x2"), size, span=2)


# What the numbers mean.


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("svm")])
def test_of_two_classes_a_map_is_twice_the_probability_less_one(name):
    train, test = PAIRS["moons"]
    fitted = fit(name, train, test, size=20)
    for field, estimator in zip(
        fitted.fields, estimators(name, fitted, train, ("x1", "x2")), strict=True
    ):
        expected = 2 * estimator.predict_proba(points(20))[:, 1] - 1
        np.testing.assert_allclose(field.ravel(), expected, rtol=0, atol=1e-11)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("svm")])
def test_of_more_classes_a_map_is_the_winner_and_its_lead_over_the_second(name):
    train, test = PAIRS["three_blobs"]
    fitted = fit(name, train, test, size=20)
    for field, estimator in zip(
        fitted.fields, estimators(name, fitted, train, ("x1", "x2")), strict=True
    ):
        *_, second, first = np.sort(estimator.predict_proba(points(20))).T
        lead = field.ravel() % 1
        np.testing.assert_allclose(lead, np.minimum(first - second, 1 - 1e-6), rtol=0, atol=1e-11)


@pytest.mark.parametrize("name", ["svm_linear", "svm_poly", "svm_rbf"])
def test_a_machines_map_of_two_classes_is_tanh_of_the_margin(name):
    train, test = PAIRS["circle"]
    fitted = fit(name, train, test, size=20)
    for field, machine in zip(
        fitted.fields, estimators(name, fitted, train, ("x1", "x2")), strict=True
    ):
        expected = np.tanh(machine.decision_function(points(20)))
        np.testing.assert_allclose(field.ravel(), expected, rtol=0, atol=1e-11)


def test_a_machines_lead_is_tanh_of_the_margin_over_the_strongest_other_class():
    train, test = PAIRS["three_blobs"]
    fitted = fit("svm_linear", train, test, size=20)
    machines = estimators("svm_linear", fitted, train, ("x1", "x2"))
    for field, machine in zip(fitted.fields, machines, strict=True):
        machine[-1].decision_function_shape = "ovo"
        for number, (m01, m02, m12) in zip(
            field.ravel(), machine.decision_function(points(20)), strict=True
        ):
            winner = int(number)
            others = [(m01, m02), (-m01, m12), (-m02, -m12)][winner]
            lead = max(np.tanh(min(others)), 0)
            assert number - winner == pytest.approx(min(lead, 1 - 1e-6), abs=1e-11)


def test_the_largest_c_is_maximum_likelihood():
    train, test = PAIRS["circle"]
    z = np.column_stack([StandardScaler().fit_transform(train.x), np.ones(len(train.x))])
    w = np.zeros(3)
    for _ in range(20):  # Newton's method on the likelihood, without a penalty
        p = 1 / (1 + np.exp(-z @ w))
        w -= np.linalg.solve((z.T * (p * (1 - p))) @ z, z.T @ (p - train.y))
    fitted = fit("logistic", train, test, values=(1e6,), size=20)
    at = (points(20) - train.x.mean(0)) / train.x.std(0)
    expected = np.tanh((at @ w[:2] + w[2]) / 2)
    np.testing.assert_allclose(fitted.fields[0].ravel(), expected, rtol=0, atol=1e-5)


def test_row_0_of_a_map_is_the_lowest_x2():
    data = Dataset([(0, -1), (0, 1)], [0, 1])
    (field,) = fit("knn", data, data, values=(1,), size=4).fields
    assert (field[:2] < 0).all()
    assert (field[2:] > 0).all()


# Unusual data.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("label", [0, 1, 2])
def test_of_one_class_everything_is(name, label):
    train = Dataset([(0, 0), (1, 1)], [label] * 2, classes=3, names=tuple("ABC"))
    test = Dataset([(0, 0), (1, 1)], [label, (label + 1) % 3], classes=3, names=tuple("ABC"))
    fitted = fit(name, train, test, size=6)
    k = len(CLASSIFIERS[name].values)
    assert fitted.fields.shape == (k, 6, 6)
    assert set(winners(fitted.fields, 3).ravel()) == {label}
    assert (fitted.train_predictions == label).all()
    assert fitted.test_accuracy.tolist() == [0.5] * k


@pytest.mark.parametrize("label", [0, 1])
def test_of_one_class_of_two_the_map_is_as_sure_as_can_be(label):
    data = Dataset([(0, 0)], [label])
    assert set(fit("knn", data, data, size=6).fields.ravel()) == {2 * label - 1}


@pytest.mark.parametrize("name", NAMES)
def test_a_class_without_training_points_is_never_predicted(name):
    train, test = PAIRS["three_blobs"]
    without = train.take(np.flatnonzero(train.y != 1))
    fitted = fit(name, without, test, size=12)
    assert set(winners(fitted.fields, 3).ravel()) == {0, 2}
    assert_as_scikit_learn_says(name, fitted, (without, test), ("x1", "x2"), 12)


@pytest.mark.parametrize("name", NAMES)
def test_features_that_do_not_vary_tell_nothing_and_do_no_harm(name):
    data = Dataset([(0, 1), (1, 0), (2, 0), (0, 3)], [0, 0, 1, 1])
    fitted = fit(name, data, data, ("x1x2",), size=7)
    assert np.isfinite(fitted.fields).all()
    assert len(set(fitted.train_predictions[0])) == 1
    assert_as_scikit_learn_says(name, fitted, (data, data), ("x1x2",), 7)


def test_more_neighbors_than_points_are_all_points():
    train, test = PAIRS["pinwheel"]
    fitted = fit("knn", train, test, values=(len(train.x), 10 * len(train.x)), size=12)
    np.testing.assert_array_equal(fitted.fields[0], fitted.fields[1])
    assert set(winners(fitted.fields, 4).ravel()) == {np.bincount(train.y).argmax()}


# The table, and arguments.


def test_the_table_names_nine_classifiers_whose_knobs_rise():
    assert list(CLASSIFIERS) == NAMES
    for name, kind in CLASSIFIERS.items():
        assert 10 <= len(kind.values) <= 16, name
        assert all(low < high for low, high in pairwise(kind.values)), name
        assert kind.usual in kind.values, name
        assert kind.label and kind.knob_label and kind.formula, name


@pytest.mark.parametrize("name", NAMES)
def test_the_same_arguments_give_the_same_maps_and_none_can_be_written_to(name):
    first, again = (fit(name, *PAIRS["moons"], size=10, seed=2) for _ in range(2))
    for field in vars(first):
        if field == "name":
            continue
        np.testing.assert_array_equal(getattr(first, field), getattr(again, field))
        assert not getattr(first, field).flags.writeable
    assert first.values.tolist() == list(CLASSIFIERS[name].values)
    k = len(first.values)
    assert first.fields.shape == (k, 10, 10) and first.fields.dtype == np.float64
    assert first.train_predictions.shape == first.test_predictions.shape == (k, 80)
    assert first.train_predictions.dtype == np.int64
    assert first.train_accuracy.shape == first.test_accuracy.shape == (k,)


def test_another_seed_grows_another_forest():
    one, other = (fit("forest", *PAIRS["circle"], size=20, seed=seed) for seed in (0, 1))
    assert not np.array_equal(one.fields, other.fields)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "perceptron"}, "expected name in logistic, .*, got 'perceptron'"),
        ({"features": ("x3",)}, "expected features in x1, .*, got 'x3'"),
        ({"features": ()}, "expected at least one feature, got none"),
        ({"values": ()}, r"expected rising values, got \[\]"),
        ({"values": (3, 1)}, r"expected rising values, got \[3, 1\]"),
        ({"values": (0, 1)}, "expected 0 < values <= 10000, got 0"),
        ({"values": (1, float("nan"))}, "expected 0 < values <= 10000, got nan"),
        ({"values": (1.5,)}, "expected whole numbers of depth, got 1.5"),
        ({"size": 1}, "expected 2 <= n <= 4096, got 1"),
        ({"span": 0.0}, "expected 0 < span <= 1e.06, got 0.0"),
        ({"seed": -1}, "expected 0 <= seed"),
        ({"test": PAIRS["pinwheel"][1]}, "expected 2 classes to test, got 4"),
        ({"train": DATASETS["reg_plane"](10, 0, 0)}, "expected classes, got a regression"),
        ({"test": DATASETS["reg_plane"](10, 0, 0)}, "expected classes, got a regression"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_with_a_sentence(changes, sentence):
    train, test = PAIRS["circle"]
    with pytest.raises(ValueError, match=sentence):
        fit(**{"name": "tree", "train": train, "test": test} | changes)


def test_scikit_learn_is_loaded_when_something_is_fitted_and_not_before():
    program = "import sys, dlviz.classifiers; print('sklearn' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == "False", run.stderr
