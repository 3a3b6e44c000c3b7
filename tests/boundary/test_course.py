"""Numbers of the course and of TensorFlow Playground's lessons, against networks and classifiers.

The course's figures are means over random draws, and so are ours: they agree if they are within
three standard errors of each other, both counted. Where nothing is said, Playground's figures
(its own nn.ts, 20 seeds, each with its own data and weights, 300 epochs, lr 0.03, batches of 10,
median test loss; guessing has 0.5) are met within a factor of 2.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from dlviz.boundary.compute import BoundaryConfig, sweep, train
from dlviz.classifiers import fit
from dlviz.dataset import Dataset
from dlviz.datasets import DATASETS, split
from dlviz.grids import grid
from dlviz.toys import rings, unit_circle

CORNERS = np.array([(0, 0), (1, 1), (1, 0), (0, 1)], dtype=float)
XOR = Dataset(CORNERS, [0, 0, 1, 1])
UNLIMITED = 10_000  # deeper than any tree of the points here


# 002-04: the unit circle, |x|² > 1 for x ~ N(0, 1)².

MODELS = {  # classifier, features, value; C = 1e6 is no regularization
    "logistic on x": ("logistic", ("x1", "x2"), 1e6),
    "logistic on x²": ("logistic", ("x1^2", "x2^2"), 1e6),
    "tree": ("tree", ("x1", "x2"), UNLIMITED),
    "1-NN": ("knn", ("x1", "x2"), 1),
}
UNIT_CIRCLE = {
    10: (0.524, 0.904, 0.684, 0.734),
    30: (0.516, 0.969, 0.844, 0.862),
    100: (0.540, 0.988, 0.921, 0.934),
    1000: (0.608, 0.999, 0.970, 0.979),
}


@cache
def accuracies(model, n, draws=50):
    """Return training and test accuracies (draws, 2) of a model that has seen n points."""
    name, features, value = MODELS[model]
    test = unit_circle(5000, 0.0, 10**6)
    runs = [
        fit(name, unit_circle(n, 0.0, seed), test, features, (value,), size=2, seed=seed)
        for seed in range(draws)
    ]
    return np.array([(run.train_accuracy[0], run.test_accuracy[0]) for run in runs])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("n", UNIT_CIRCLE)
def test_the_unit_circle_is_learned_as_well_as_the_course_says(n, model):
    """Measured: 0.51 0.91 0.67 0.74; 0.52 0.97 0.85 0.87; 0.55 0.99 0.92 0.94; 0.61 1.00 0.97 0.98.

    The course says not how its logistic regression was regularized; its figures are those without.
    """
    found = accuracies(model, n)[:, 1]
    of_draws = found.std() * np.sqrt(2 / len(found))  # of the course's mean of 50 and of ours
    of_tests = np.sqrt(0.25 / 20_000 + 0.25 / 5000)
    expected = UNIT_CIRCLE[n][list(MODELS).index(model)]
    assert found.mean() == pytest.approx(expected, abs=3 * np.hypot(of_draws, of_tests))


def test_trees_and_nearest_neighbors_know_the_unit_circles_points_by_heart():
    for n in UNIT_CIRCLE:
        assert (accuracies("tree", n)[:, 0] == 1).all()
        assert (accuracies("1-NN", n)[:, 0] == 1).all()


def test_thirty_points_are_enough_with_the_right_features_and_a_thousand_are_not_without():
    assert accuracies("logistic on x²", 30)[:, 1].mean() > 0.95
    guessing = np.exp(-0.5)  # of P(|x|² > 1)
    assert accuracies("logistic on x", 1000)[:, 1].mean() == pytest.approx(guessing, abs=0.02)


def test_the_line_in_squared_features_is_the_unit_circle():
    """-b/w1 and -b/w2 are the squares of where the boundary meets the axes."""
    data = unit_circle(1000, 0.0, 0)
    (field,) = fit("logistic", data, data, ("x1^2", "x2^2"), (1e6,), size=601, span=3.0).fields
    x = np.linspace(-3, 3, 601)
    for across in (field[300], field[:, 300]):
        assert np.abs(x[across < 0]).max() == pytest.approx(1, abs=0.03)
        assert np.abs(x[across > 0]).min() == pytest.approx(1, abs=0.03)


# 001-03: two rings, Cartesian and polar.


def test_logistic_regression_tells_rings_by_radius_and_not_by_coordinates():
    """The course's 0.53 is an accuracy of training on about 500 points; of new points it is 0.50.

    Measured over 50 draws: 0.53, sd 0.02, of training, 0.503 of new points, 1.00 both in radius
    and angle.
    """
    test, shares = rings(2000, 0.0, 999), []
    for seed in range(50):
        data = rings(500, 0.0, seed)
        plain = fit("logistic", data, test, values=(1e6,), size=2)
        polar = fit("logistic", data, test, ("radius", "angle"), (1e6,), size=2)
        shares.append((plain.train_accuracy[0], plain.test_accuracy[0]))
        assert polar.train_accuracy[0] == polar.test_accuracy[0] == 1
    on_train, on_test = np.mean(shares, axis=0)
    assert on_train == pytest.approx(0.53, abs=0.01)
    assert on_test == pytest.approx(0.5, abs=0.01)


# 002-18, 002-20: XOR. Its closed forms by training are in test_compute.


def test_logistic_regression_says_of_xors_corners_that_it_cannot_tell():
    fields = fit("logistic", XOR, XOR, size=11, span=2.0).fields
    np.testing.assert_allclose(fields, 0, atol=1e-9)  # p = 1/2, of which the loss is ln 2


def test_no_linear_classifier_gets_more_than_three_corners():
    for name in ("logistic", "svm_linear"):
        assert fit(name, XOR, XOR, size=2).train_accuracy.max() <= 0.75


def test_least_squares_on_xor_is_one_half_everywhere_with_a_quarter_of_loss():
    numbers = Dataset(CORNERS, [0, 0, 1, 1], task="regression", classes=0, names=())
    config = BoundaryConfig(hidden=(), output="linear", batch_size=4, lr=0.5, epochs=500)
    trace = train(config, (numbers, numbers))
    np.testing.assert_allclose(trace.field(-1, size=5), 0.5, atol=1e-9)
    assert 2 * trace.train_loss[-1] == pytest.approx(1 / 4, abs=1e-12)  # ours is half of MSE


XOR_RUN = BoundaryConfig(
    output="linear", loss="bce", optimizer="adam", lr=0.05, epochs=400, batch_size=4
)


def _as_torch_begins(units, seed):
    """Draw weights and biases from U(±1/√fan_in), as ``torch.nn.Linear`` does."""
    rng = np.random.default_rng(seed)
    shapes = [(units, 2), (1, units)]
    bounds = [1 / np.sqrt(shape[1]) for shape in shapes]
    weights = [rng.uniform(-b, b, shape) for b, shape in zip(bounds, shapes, strict=True)]
    return weights, [rng.uniform(-b, b, shape[0]) for b, shape in zip(bounds, shapes, strict=True)]


def test_the_weights_of_the_next_test_have_the_spread_of_torchs():
    weights, biases = _as_torch_begins(5000, 0)
    torch_layer = torch.nn.Linear(2, 5000)
    for ours, theirs in ((weights[0], torch_layer.weight), (biases[0], torch_layer.bias)):
        assert np.abs(ours).max() == pytest.approx(theirs.abs().max().item(), rel=0.01)
        assert ours.std() == pytest.approx(theirs.std().item(), rel=0.05)


@pytest.mark.parametrize(
    ("activation", "counts"),
    [("relu", (5, 12, 18)), ("tanh", (9, 19, 20)), ("sigmoid", (8, 18, 20))],
)
def test_some_beginnings_learn_xor_and_more_do_with_more_units(activation, counts):
    """Of 20 seeds with 2, 4 and 8 units, torch's beginnings and Adam with 0.05 for 400 steps.

    Over 200 seeds we measured 0.18, 0.64 and 0.95 of relu, 0.49, 0.94 and 1.00 of tanh, 0.52,
    0.94 and 1.00 of sigmoid, with BCE; with half MSE tanh and sigmoid succeed more often.
    """
    for units, expected in zip((2, 4, 8), counts, strict=True):
        config = replace(XOR_RUN, hidden=(units,), activation=activation)
        solved = sum(
            train(config, (XOR, XOR), _as_torch_begins(units, seed)).train_accuracy[-1] == 1
            for seed in range(20)
        )
        p = (solved + expected) / 40
        assert abs(solved - expected) <= 3 * np.sqrt(2 * 20 * p * (1 - p))


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_one_unit_never_learns_xor_and_eight_always_do_from_our_beginnings(activation):
    """With weights from U(±½) relu succeeds more often than from torch's: 10, 19, 20 of 20."""
    solved = []
    for units in (1, 2, 4, 8):
        config = replace(XOR_RUN, hidden=(units,), activation=activation)
        runs = sweep(config, "seed", range(20), (XOR, XOR))
        solved.append((runs.train_accuracy[:, -1] == 1).sum())
    assert solved[0] == 0  # a monotone function of a line's side
    assert solved == sorted(solved)
    assert solved[3] == 20


# 001-09: lines.


@pytest.mark.parametrize(("w", "b"), [((3.0, -4.0), 2.0), ((0.1, 0.2), -0.5), ((-7.0, 1.0), 0.0)])
def test_a_linear_classifiers_output_is_the_distance_to_its_line_times_its_weights(w, b):
    config = BoundaryConfig(hidden=(), output="linear", epochs=0)
    w = np.array(w)
    field = train(config, (XOR, XOR), ([w[None]], [np.array([b])])).field(0, span=3.0, size=9)
    # Points of the line, densely, from the one next to the origin.
    along = np.linspace(-20, 20, 40_001)[:, None] * np.array([-w[1], w[0]]) / np.hypot(*w)
    line = along - b * w / (w @ w)
    points = grid(((-3, 3), (-3, 3)), 9).points.reshape(-1, 2)
    nearest = [np.hypot(*(line - point).T).min() for point in points]
    np.testing.assert_allclose(np.abs(field).ravel() / np.hypot(*w), nearest, atol=2e-4)


@pytest.mark.parametrize("output", ["linear", "tanh"])
def test_the_boundary_stays_where_it_is_when_weights_and_bias_grow_alike(output):
    config = BoundaryConfig(hidden=(), output=output, epochs=0)
    w, b = np.array([[1.5, -0.7]]), np.array([0.4])
    first, *others = (
        train(config, (XOR, XOR), ([c * w], [c * b])).field(0, size=40) for c in (1, 0.01, 30, -1)
    )
    for other in others[:2]:
        np.testing.assert_array_equal(other > 0, first > 0)
    np.testing.assert_array_equal(others[2] > 0, first < 0)


# 002-05, 001-12, 002-09: kernels, ensembles, trees.


def test_the_kernel_of_degree_2_is_a_linear_machine_on_lifted_features():
    """(γ x·x′ + 1)² = φ(x)·φ(x′), φ = (1, √(2γ) x1, √(2γ) x2, γ x1², γ x2², γ √2 x1 x2)."""
    data, test = split(DATASETS["circle"](300, 0.2, 0), 0.5, 0)
    scaler = StandardScaler().fit(data.x)

    def lifted(x, gamma=0.5):
        a, b = np.sqrt(gamma) * scaler.transform(x).T
        root = np.sqrt(2)
        return np.column_stack([np.ones_like(a), root * a, root * b, a * a, b * b, root * a * b])

    machine = SVC(kernel="linear", C=0.1).fit(lifted(data.x), data.y)
    (field,) = fit("svm_poly", data, test, values=(2,), size=30).fields
    points = grid(((-6, 6), (-6, 6)), 30).points.reshape(-1, 2)
    expected = np.tanh(machine.decision_function(lifted(points)))
    np.testing.assert_allclose(field.ravel(), expected, rtol=0, atol=1e-6)


def test_the_mean_of_n_independent_trees_varies_an_nth_as_much():
    """400 trees, each of 60 points of its own; the variance at a point, its mean over a map."""
    trees = []
    for seed in range(400):
        data = DATASETS["moons"](60, 0.3, seed)
        trees.append(fit("tree", data, data, values=(UNLIMITED,), size=12, seed=seed).fields[0])
    single = np.var(trees, axis=0, ddof=1).mean()
    for n in (4, 16):
        means = np.reshape(trees, (-1, n, 12, 12)).mean(axis=1)
        ratio = single / np.var(means, axis=0, ddof=1).mean()
        # A variance among g numbers has a relative sd of √(2/g), and less as a mean over a map.
        assert ratio == pytest.approx(n, rel=np.sqrt(2 * n / 400))


@pytest.mark.parametrize(
    "name", [name for name, maker in DATASETS.items() if maker.task == "classification"]
)
def test_an_unlimited_tree_is_right_about_every_point_it_has_seen(name):
    data, test = split(DATASETS[name](300, 0.5, 1), 0.5, 1)
    fitted = fit("tree", data, test, values=(1, UNLIMITED), size=2)
    assert fitted.train_accuracy[1] == 1
    assert fitted.test_accuracy[1] < 1


# TensorFlow Playground's lessons as numbers.

LESSON = BoundaryConfig(epochs=300, shuffle=False)  # its points come in the same order each time
LEARNED = 0.02


def _twenty(config):
    """Return the epochs recorded and the test losses of 20 runs: four beginnings of five draws."""
    parts = [
        sweep(replace(config, seed=seed), "data_seed", range(5 * seed, 5 * seed + 5))
        for seed in range(4)
    ]
    return parts[0].epochs, np.concatenate([part.test_loss for part in parts])


def _arrival(epochs, losses, level=LEARNED):
    """Return the first recorded epoch with a loss below a level, or inf if there is none."""
    below = losses < level
    return np.where(below.any(-1), epochs[below.argmax(-1)], np.inf)


def _apart(found, expected):
    """Return how many times as large one positive number is as the other."""
    return max(found, expected) / min(found, expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"hidden": ()}, 0.506),
        ({"hidden": (), "dataset": "xor"}, 0.516),
        ({"activation": "linear"}, 0.504),
        ({"activation": "sigmoid"}, 0.485),
    ],
)
def test_neither_lines_nor_slow_sigmoids_get_far(changes, expected):
    """Measured: 0.509, 0.525, 0.504, 0.486; none of 20 below 0.02 there and here."""
    _, losses = _twenty(replace(LESSON, **changes))
    assert np.median(losses[:, -1]) == pytest.approx(expected, abs=0.015)
    assert losses.min() > LEARNED


@pytest.mark.parametrize(
    ("changes", "expected", "learned", "epoch"),
    [
        ({"hidden": (), "dataset": "gauss"}, 0.0003, 20, 2),
        ({"hidden": (), "features": ("x1^2", "x2^2")}, 0.0022, 15, None),
        ({"hidden": (), "features": ("x1x2",), "dataset": "xor"}, 0.0019, 20, 4),
        ({"hidden": (4,)}, 0.0155, 17, None),
        ({}, 0.0020, 20, 77),
        ({"activation": "relu"}, 0.0037, 19, 45),
    ],
)
def test_the_right_line_features_or_units_learn_it(changes, expected, learned, epoch):
    """Measured: 0.0002, 0.0016, 0.0025, 0.0155, 0.0033, 0.0023; 20 20 20 16 20 20 learned it."""
    epochs, losses = _twenty(replace(LESSON, **changes))
    assert _apart(np.median(losses[:, -1]), expected) < 2
    found = (losses[:, -1] < LEARNED).sum()
    p = (found + learned) / 40
    assert abs(found - learned) <= 3 * np.sqrt(2 * 20 * p * (1 - p))
    if epoch:  # every third is recorded
        assert np.median(_arrival(epochs, losses)) == pytest.approx(epoch, rel=0.1, abs=3)


RATES = {
    1e-5: 0.508, 1e-4: 0.505, 0.001: 0.489, 0.003: 0.260, 0.01: 0.0105, 0.03: 0.0019,
    0.1: 0.0006, 0.3: 0.027, 1.0: 0.082, 3.0: 0.757, 10.0: 1.016,
}  # fmt: skip


def test_the_loss_is_a_u_over_the_learning_rate():
    """Ten seeds. Measured: .507 .505 .493 .237 .0095 .0026 .0007 .0027 .109 .857 .984.

    Only at 0.3 does Playground's median, 0.027, not come again. Single runs end anywhere between
    0.0002 and 0.2 there; of 200 runs of its own arithmetic, written in JavaScript for the purpose,
    half end below 0.0084 and three quarters below 0.017. Ten seeds are too few at that rate. At
    1.0 runs are as wild: the last bit of a product, which hangs on the processor, makes 0.109 of
    ten seeds into 0.043.
    """
    runs = [
        sweep(replace(LESSON, seed=seed, data_seed=seed), "lr", list(RATES)) for seed in range(10)
    ]
    losses = np.median([run.test_loss[:, -1] for run in runs], axis=0)
    for rate, found, expected in zip(RATES, losses, RATES.values(), strict=True):
        assert rate == 0.3 or _apart(found, expected) < (3 if rate == 1 else 1.5)
    best = list(RATES).index(0.1)
    assert (np.diff(losses[: best + 1]) < 0).all()
    assert (np.diff(losses[best:]) > 0).all()
    arrivals = [_arrival(run.epochs, run.test_loss) for run in runs]
    # Playground: 201, 72 and 23 epochs with 0.01, 0.03 and 0.1.
    np.testing.assert_allclose(np.median(arrivals, axis=0)[4:7], [201, 72, 23], rtol=0.1)


def test_small_batches_learn_in_fewer_epochs():
    """Playground: 16, 72 and 231 epochs to 0.02 with batches of 1, 10, 30. Measured: 11, 75, 206.

    Its median loss after 300 epochs of single points, 0.0007, does not come again: we measured
    0.003 to 0.006 in three twenties. Nor does it in 200 runs of its own arithmetic, written in
    JavaScript for the purpose: their median is 0.0023 (after 15 epochs they are below 0.02), their
    quartiles are 0.0007 and 0.008, and the median of twenty is below 0.0008 once in a hundred
    times. Chance explains it: a test point or two on the wrong side make all the difference.
    """
    reached = []
    for size, length in ((1, 60), (10, 300), (30, 300)):
        epochs, losses = _twenty(replace(LESSON, batch_size=size, epochs=length))
        reached.append(np.median(_arrival(epochs, losses)))
    for found, expected in zip(reached, (16, 72, 231), strict=True):
        assert _apart(found, expected) < 1.6
    assert reached == sorted(reached)


PENALTIES = {0.0: 0.399, 0.003: 0.387, 0.01: 0.371, 0.03: 0.384, 0.1: 0.448}


def test_some_l2_generalizes_best_where_there_is_little_data_and_much_noise():
    """Measured: 0.405 0.395 0.389 0.399 0.469; of training 0.219 to 0.453, there 0.216 to 0.444."""
    config = replace(LESSON, noise=0.5, train_share=0.1, hidden=(8, 8))
    runs = [sweep(replace(config, seed=i, data_seed=i), "l2", list(PENALTIES)) for i in range(20)]
    on_train, on_test = (
        np.median([getattr(run, name)[:, -1] for run in runs], axis=0)
        for name in ("train_loss", "test_loss")
    )
    np.testing.assert_allclose(on_test, list(PENALTIES.values()), rtol=0.07)
    assert on_test[2:4].min() < 0.98 * on_test[0]
    assert on_test[2:4].max() < on_test[-1]
    assert (np.diff(on_train) > 0).all()
    np.testing.assert_allclose(on_train[[0, -1]], [0.216, 0.444], rtol=0.15)


SPIRAL = replace(LESSON, dataset="spiral", hidden=(8, 8, 8), epochs=1500)
SINES = ("x1", "x2", "sin x1", "sin x2")


def test_the_spiral_wants_relu_or_sines():
    """Medians of ten splits: 0.105 with tanh (two below 0.05), 0.023 with relu (8), 0.012 with sin.

    On another processor relu has 0.034: its runs jump about at the end.

    Playground: 0.103 (2), 0.0152 (9), 0.0049 (10, after 109 epochs). The points of a spiral
    without noise are always the same, so it is the split that counts: tanh on the single split of
    data_seed 0 has 0.054, and 0.028 with ``shuffle``, which Playground does not do.
    """
    changes = ({}, {"activation": "relu"}, {"hidden": (8, 8), "features": SINES})
    results = [sweep(replace(SPIRAL, **change), "data_seed", range(10)) for change in changes]
    tanh, relu, sines = (runs.test_loss for runs in results)
    medians = [np.median(losses[:, -1]) for losses in (tanh, relu, sines)]
    for found, expected, factor in zip(medians, (0.103, 0.0152, 0.0049), (1.5, 3, 3), strict=True):
        assert _apart(found, expected) < factor
    assert medians == sorted(medians, reverse=True)
    counts = [(losses[:, -1] < 0.05).sum() for losses in (tanh, relu, sines)]
    assert counts[0] <= 4 and counts[1] >= 7 and counts[2] == 10
    arrival = np.median(_arrival(results[2].epochs, sines, 0.05))
    assert arrival == pytest.approx(109, rel=0.15)
