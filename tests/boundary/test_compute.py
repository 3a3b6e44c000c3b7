"""Training against TensorFlow Playground's arithmetic, torch, closed forms and single runs."""

from dataclasses import fields as fields_of
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.activations import ACTIVATIONS, OUTPUTS
from dlviz.boundary import compute as training
from dlviz.boundary.compute import (
    SWEPT,
    BoundaryConfig,
    branch,
    branch_sweep,
    branch_sweep_steps,
    confusion,
    export_torch,
    predictions,
    signals,
    steps,
    sweep,
    sweep_steps,
    train,
    winner_and_lead,
)
from dlviz.boundary.config import RULES
from dlviz.boundary.export import _FEATURES, _MODULES
from dlviz.boundary.knobs import knobs_of
from dlviz.dataset import split
from dlviz.datasets import DATASETS
from dlviz.features import FEATURES
from dlviz.initializers import INITIALIZERS
from dlviz.losses import LOSSES
from dlviz.optimizers import SCHEDULES
from dlviz.painting import painted, read_points, write_points
from tests.boundary.scalar_playground import Playground
from tests.test_activations import TORCH_PEERS as TORCH_ACTIVATIONS

CIRCLE = BoundaryConfig()
SHORT = BoundaryConfig(n=80, epochs=6)
CORNERS = np.array([(0, 0), (1, 1), (1, 0), (0, 1)], dtype=float)
XOR = (CORNERS, np.array([0, 0, 1, 1]), CORNERS, np.array([0, 0, 1, 1]))


def _ring(n, seed=0):
    """Return points and targets ±1 of which the inner half are 1."""
    x = np.random.default_rng(seed).uniform(-5, 5, (n, 2))
    return x, np.where(np.hypot(*x.T) < 3.5, 1.0, -1.0)


def _given(sizes, seed=0):
    rng = np.random.default_rng(seed)
    weights = [rng.uniform(-0.5, 0.5, (b, a)) for a, b in pairwise(sizes)]
    return weights, [np.full(size, 0.1) for size in sizes[1:]]


# TensorFlow Playground's arithmetic.


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear"])
@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.0, 0.03), (0.01, 0.0)])
def test_training_follows_tensorflow_playground(activation, l1, l2):
    (x, y), (x_test, y_test) = _ring(60), _ring(25, seed=1)
    config = BoundaryConfig(
        activation=activation, lr=0.1, shuffle=False, epochs=30, l1=l1, l2=l2, hidden=(4, 3)
    )
    initial = _given((2, 4, 3, 1))
    trace = train(config, (x, y, x_test, y_test), initial)
    playground = Playground(*initial, activation, l1, l2)
    for epoch in range(31):
        assert trace.epochs[epoch] == epoch
        assert trace.train_loss[epoch] == pytest.approx(playground.loss(x, y), abs=1e-12)
        assert trace.test_loss[epoch] == pytest.approx(playground.loss(x_test, y_test), abs=1e-12)
        for layer in range(3):
            weights, biases = playground.weights[layer], playground.biases[layer]
            np.testing.assert_allclose(trace.weights[layer][epoch], weights, rtol=0, atol=1e-12)
            np.testing.assert_allclose(trace.biases[layer][epoch], biases, rtol=0, atol=1e-12)
            assert trace.dead_links[layer][epoch].tolist() == playground.dead[layer]
        playground.epoch(x, y, lr=0.1, batch_size=10)
    assert any(dead[-1].any() for dead in trace.dead_links) == (l1 > 0)


def test_labels_may_be_signs_or_classes():
    x, y = _ring(40)
    signs, classes = (train(SHORT, (x, t, x, t)) for t in (y, (y > 0).astype(int)))
    np.testing.assert_array_equal(signs.parameters, classes.parameters)
    assert signs.data[0].y.tolist() == classes.data[0].y.tolist()


def test_numbers_that_are_no_labels_are_a_regression():
    x, _ = _ring(200)
    plane = x.sum(1) / 10
    config = BoundaryConfig(hidden=(), output="linear", loss="cross_entropy", lr=0.05)
    trace = train(config, (x, plane, x, plane))
    assert trace.head.task == "regression"
    assert trace.head.loss == "half_mse"
    np.testing.assert_allclose(trace.weights[0][-1], [[0.1, 0.1]], atol=1e-9)
    np.testing.assert_allclose(trace.biases[0][-1], [0], atol=1e-9)
    assert trace.outcome == "converged"
    assert np.isnan(trace.train_accuracy).all()


# torch: the same network, batches and rule.


def _torch_run(config, data, initial):
    """Train with torch.nn and torch.optim; return the parameters of each layer at the end."""
    x, y = torch.tensor(data[0]), torch.tensor(data[1])[:, None]
    layers, modules = [], []
    for w, b in zip(*initial, strict=True):
        layer = torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(w), torch.tensor(b)
        layers.append(layer)
        modules += [layer, torch.nn.Tanh()]
    net = torch.nn.Sequential(*modules)
    optimizer = TORCH_RULES[config.optimizer](net.parameters(), config)
    for _ in range(config.epochs):
        for at in range(0, len(x), config.batch_size):
            optimizer.zero_grad()
            part = slice(at, at + config.batch_size)
            (0.5 * (net(x[part]) - y[part]) ** 2).mean().backward()
            optimizer.step()
    return [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in layers]


def _betas(c):
    return {"lr": c.lr, "betas": (c.momentum, c.beta2)}


TORCH_RULES = {
    "sgd": lambda p, c: torch.optim.SGD(p, c.lr),
    "momentum": lambda p, c: torch.optim.SGD(p, c.lr, momentum=c.momentum),
    "nesterov": lambda p, c: torch.optim.SGD(p, c.lr, momentum=c.momentum, nesterov=True),
    "adagrad": lambda p, c: torch.optim.Adagrad(p, c.lr),
    "rmsprop": lambda p, c: torch.optim.RMSprop(p, c.lr, alpha=c.beta2),
    "adadelta": lambda p, c: torch.optim.Adadelta(p, c.lr, rho=c.beta2),
    "adam": lambda p, c: torch.optim.Adam(p, **_betas(c)),
    "adamw": lambda p, c: torch.optim.AdamW(p, weight_decay=c.weight_decay, **_betas(c)),
    "nadam": lambda p, c: torch.optim.NAdam(p, **_betas(c)),
}


@pytest.mark.parametrize("optimizer", RULES)
def test_every_optimizer_trains_as_torchs(optimizer):
    x, y = _ring(25)  # the last batch has five
    data, initial = (x, y, x, y), _given((2, 3, 1))
    config = BoundaryConfig(hidden=(3,), optimizer=optimizer, shuffle=False, epochs=4, lr=0.01)
    trace = train(config, data, initial)
    # torch keeps NAdam's product of momenta in float32.
    tolerance = 1e-5 if optimizer == "nadam" else 1e-10
    for layer, (w, b) in enumerate(_torch_run(config, data, initial)):
        np.testing.assert_allclose(trace.weights[layer][-1], w, rtol=0, atol=tolerance)
        np.testing.assert_allclose(trace.biases[layer][-1], b, rtol=0, atol=tolerance)


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.7), (0.2, 0.0), (0.2, 0.7)])
def test_descent_goes_down_loss_and_penalty_as_autograd_sees_them(l1, l2):
    x, y = _ring(30)
    weights, biases = _given((2, 3, 1))
    config = BoundaryConfig(hidden=(3,), lr=1e-3, batch_size=30, epochs=1, l1=l1, l2=l2)
    trace = train(config, (x, y, x, y), (weights, biases))
    tensors = [[torch.tensor(a, requires_grad=True) for a in part] for part in (weights, biases)]
    a = torch.tensor(x)
    for w, b in zip(*tensors, strict=True):
        a = torch.tanh(a @ w.T + b)
    loss = (0.5 * (a[:, 0] - torch.tensor(y)) ** 2).mean()
    (loss + sum(l1 * w.abs().sum() + l2 * 0.5 * (w**2).sum() for w in tensors[0])).backward()
    for layer in range(2):
        moved = (trace.weights[layer][0] - trace.weights[layer][1]) / 1e-3
        np.testing.assert_allclose(moved, tensors[0][layer].grad, rtol=0, atol=1e-10)
        moved = (trace.biases[layer][0] - trace.biases[layer][1]) / 1e-3
        np.testing.assert_allclose(moved, tensors[1][layer].grad, rtol=0, atol=1e-10)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_schedule_counts_updates_of_the_whole_run(schedule):
    # One linear unit that sees x = 0 has the bias b ← b − lr·m(t)·(b − 1): a product.
    x, y = np.zeros((20, 2)), np.full(20, 0.5)
    config = BoundaryConfig(
        hidden=(), output="linear", schedule=schedule, batch_size=5, epochs=3, lr=0.3
    )
    trace = train(config, (x, y, x, y), ([np.zeros((1, 2))], [np.zeros(1)]))
    left = np.cumprod(1 - 0.3 * SCHEDULES[schedule](np.arange(12), 12))
    np.testing.assert_allclose(trace.biases[0][1:, 0], 0.5 * (1 - left[3::4]), atol=1e-14)


def test_newton_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match=r"expected optimizer in sgd, .*, got 'newton'"):
        BoundaryConfig(optimizer="newton")


# XOR (002-18): closed forms.


def test_two_relus_solve_xor_exactly():
    weights = [[[1, 1], [1, 1]], [[1, -2]]]
    biases = [[0, -1], [0]]
    config = BoundaryConfig(hidden=(2,), activation="relu", output="linear", epochs=0)
    trace = train(config, XOR, (weights, biases))
    inputs, hidden, outputs = signals(trace, [0], CORNERS)
    assert inputs[0].T.tolist() == CORNERS.tolist()
    assert hidden[0].T.tolist() == [[0, 0], [2, 1], [1, 0], [1, 0]]
    assert outputs[0, 0].tolist() == [0, 0, 1, 1]


def test_no_line_gets_more_than_three_of_xors_corners():
    rng = np.random.default_rng(0)
    config = BoundaryConfig(hidden=(), output="linear", epochs=0)
    shares = []
    for _ in range(200):
        line = ([rng.normal(size=(1, 2))], [rng.normal(size=1)])
        shares.append(train(config, XOR, line).train_accuracy[0])
    assert max(shares) == 0.75


def test_logistic_regression_on_xor_ends_at_a_loss_of_ln_2():
    config = BoundaryConfig(hidden=(), loss="bce", batch_size=4, lr=2.0, epochs=500)
    trace = train(config, XOR)
    np.testing.assert_allclose(trace.parameters[-1], 0, atol=1e-9)
    assert trace.train_loss[-1] == pytest.approx(np.log(2), abs=1e-12)
    assert trace.outcome == "stalled"


def test_least_squares_on_xor_ends_at_the_constant_and_a_quarter():
    # The targets are ±1 here, twice as far apart as 0 and 1: MSE 1, half of it ½.
    config = BoundaryConfig(hidden=(), output="linear", batch_size=4, lr=0.5, epochs=500)
    trace = train(config, XOR)
    np.testing.assert_allclose(trace.parameters[-1], 0, atol=1e-9)
    assert trace.train_loss[-1] == pytest.approx(0.5, abs=1e-12)


# Lessons whose reason is exact.


def test_zero_weights_stay_alike_for_ever():
    trace = train(replace(CIRCLE, init="zeros", epochs=50))
    assert all((w == 0).all() for w in trace.weights)
    assert (trace.biases[-1][1:] != 0).all()
    assert trace.outcome == "stalled"


@pytest.mark.parametrize("hidden", [(), (5,), (8, 8, 8)])
def test_a_linear_network_draws_a_plane_whatever_its_depth(hidden):
    trace = train(replace(CIRCLE, hidden=hidden, activation="linear", output="linear"))
    field = trace.field(-1, size=20)
    assert np.abs(np.diff(field, n=2, axis=0)).max() < 1e-12
    assert np.abs(np.diff(field, n=2, axis=1)).max() < 1e-12


def test_l1_kills_links_the_more_the_stronger_it_is():
    config = BoundaryConfig(hidden=(8, 8), epochs=300)
    runs = sweep(config, "l1", [0.0, 0.001, 0.01, 0.03])
    dead = runs.dead[:, -1].sum(-1)
    assert dead[0] == 0
    assert (np.diff(dead) > 0).all()
    assert dead[3] == 88  # of 2·8 + 8·8 + 8: PEERS 5.8
    alive = ~runs.dead[:, -1]
    assert (runs.parameters[:, -1][~alive] == 0).all()
    for frame in range(1, len(runs.epochs)):  # dead for good
        assert (runs.dead[:, frame] >= runs.dead[:, frame - 1]).all()


def test_three_tanh_units_close_a_ring_and_two_do_not():
    lost, closed = (
        sweep(replace(CIRCLE, hidden=(units,), epochs=300), "seed", range(10)).test_loss[:, -1]
        for units in (2, 3)
    )
    assert lost.min() > 0.1
    assert np.median(closed) < 0.05


def test_dropout_leaves_the_mean_of_each_sum_as_it_is():
    # With inverted dropout E[mask] = 1; 400 points, 16 units: sd of the mean √(1/(400·16)).
    (mask,) = knobs_of(replace(CIRCLE, dropout=0.5)).kept(0, (16,), 400)
    assert set(np.unique(mask)) == {0.0, 2.0}
    assert mask.mean() == pytest.approx(1, abs=4 / np.sqrt(400 * 16))


def test_dropout_changes_training_and_not_what_is_reported_before_it():
    plain, dropped = train(SHORT), train(replace(SHORT, dropout=0.5))
    assert plain.train_loss[0] == dropped.train_loss[0]
    assert plain.train_loss[-1] != dropped.train_loss[-1]


# More than two classes.


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(("dataset", "classes"), [("three_blobs", 3), ("four_blobs", 4)])
def test_every_loss_learns_three_and_four_blobs(loss, dataset, classes):
    output = "linear" if loss == "hinge" else "tanh"
    trace = train(BoundaryConfig(dataset=dataset, loss=loss, output=output, n=200, epochs=100))
    assert trace.weights[-1].shape[1] == classes
    assert trace.test_accuracy[-1] > 0.95
    winner, lead = winner_and_lead(trace.field(-1, size=30))
    assert set(np.unique(winner)) == set(range(classes))
    assert lead.min() >= 0
    assert lead.max() < 1


def test_the_loss_of_guessing_among_c_classes_is_the_logarithm_of_c():
    config = BoundaryConfig(dataset="three_blobs", loss="cross_entropy", init="zeros", epochs=0)
    assert train(config).train_loss[0] == pytest.approx(np.log(3), rel=1e-12)


def test_classes_confusion_and_accuracy_agree():
    trace = train(BoundaryConfig(dataset="three_blobs", noise=0.3, loss="cross_entropy", epochs=20))
    test = trace.data[1]
    counts = confusion(trace, -1, test)
    assert counts.sum(1).tolist() == np.bincount(test.y).tolist()
    assert np.trace(counts) / len(test.y) == trace.test_accuracy[-1]
    assert (predictions(trace, -1, test.x) == test.y).mean() == trace.test_accuracy[-1]


# Maps against torch on the grid.


@pytest.mark.parametrize(
    ("loss", "output", "dataset"),
    [
        ("half_mse", "tanh", "circle"),
        ("half_mse", "sigmoid", "circle"),
        ("bce", "tanh", "circle"),
        ("cross_entropy", "tanh", "circle"),
        ("cross_entropy", "tanh", "four_blobs"),
        ("hinge", "linear", "xor"),
        ("half_mse", "linear", "reg_gauss"),
    ],
)
def test_the_exported_program_draws_the_same_map(loss, output, dataset):
    config = BoundaryConfig(
        dataset=dataset, loss=loss, output=output, epochs=10, hidden=(5, 3),
        activation="relu,gelu", features=("x1", "x2^2", "sin x2", "radius", "angle"),
    )  # fmt: skip
    trace = train(config)
    program = {"__name__": "exported"}
    exec(export_torch(trace, -1), program)
    axis = np.linspace(-6, 6, 25)
    x = torch.tensor([(x1, x2) for x2 in axis for x1 in axis])
    outputs = program["network"](x).numpy().T
    *_, ours = trace.units(-1, size=25)
    np.testing.assert_allclose(ours.reshape(len(outputs), -1), outputs, rtol=0, atol=1e-12)
    field = trace.field(-1, size=25).ravel()
    if dataset == "four_blobs":
        np.testing.assert_array_equal(winner_and_lead(field)[0], outputs.argmax(0))
    elif trace.head.output == "softmax":
        np.testing.assert_allclose(field, outputs[1] - outputs[0], atol=1e-12)
    else:
        low = 2 * outputs[0] - 1 if trace.head.output == "sigmoid" else outputs[0]
        np.testing.assert_allclose(field, low, atol=1e-12)


def test_the_exported_program_has_a_module_for_every_activation():
    assert set(_MODULES) == set(TORCH_ACTIVATIONS) == set(ACTIVATIONS) | set(OUTPUTS)
    assert set(_FEATURES) == set(FEATURES)


def test_the_first_units_are_the_inputs_and_row_0_is_the_lowest():
    x1, x2 = train(replace(SHORT, epochs=0)).units(0, span=3.0, size=7)[0]
    assert x1[:, 0].tolist() == [-3.0] * 7
    assert x2[0].tolist() == [-3.0] * 7
    assert x2[:, 0].tolist() == [-3, -2, -1, 0, 1, 2, 3]


def test_fields_of_a_sweep_are_those_of_its_runs():
    runs = sweep(SHORT, "lr", [0.01, 0.1, 1.0])
    maps = training.fields(runs, [0, 3, -1], size=24)
    assert maps.shape == (3, 3, 24, 24)
    np.testing.assert_allclose(maps[1, 2], runs.run(1).field(-1, size=24), atol=1e-12)
    np.testing.assert_allclose(maps[2], training.fields(runs.run(2), [0, 3, -1], 24), atol=1e-12)


# Many runs at once.

VALUES = {
    "lr": [0.003, 0.03, 0.3], "momentum": [0.0, 0.5, 0.9], "beta2": [0.9, 0.99, 0.999],
    "weight_decay": [0.0, 0.1, 0.5], "l1": [0.0, 0.003, 0.1], "l2": [0.0, 0.01, 0.1],
    "dropout": [0.0, 0.2, 0.6], "seed": [3, 1, 4], "noise": [0.0, 0.1, 0.5], "data_seed": [5, 9, 2],
}  # fmt: skip


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "rmsprop", "adamw", "nadam"])
@pytest.mark.parametrize("field", VALUES)
def test_runs_side_by_side_equal_single_runs(field, optimizer):
    config = replace(SHORT, optimizer=optimizer, l1=0.001, dropout=0.1, noise=0.1)
    runs = sweep(config, field, VALUES[field])
    assert runs.values == tuple(VALUES[field])
    for r, value in enumerate(VALUES[field]):
        alone, among = train(replace(config, **{field: value})), runs.run(r)
        assert among.config == alone.config
        assert among.outcome == alone.outcome
        np.testing.assert_array_equal(among.data[0].x, alone.data[0].x)
        np.testing.assert_array_equal(among.dead, alone.dead)
        for name in ("parameters", "train_loss", "test_loss", "train_accuracy", "grad_norms"):
            ours, single = getattr(among, name), getattr(alone, name)
            np.testing.assert_allclose(ours, single, rtol=0, atol=1e-12)


def test_every_setting_that_may_be_swept_is_tested():
    assert set(VALUES) == set(SWEPT)


def test_settings_that_change_shapes_are_no_sweep():
    with pytest.raises(ValueError, match=r"expected field in lr, .*, got 'hidden'"):
        sweep(CIRCLE, "hidden", [(2,), (3,)])
    with pytest.raises(ValueError, match="expected 0 < lr <= 10, got 11"):
        sweep(CIRCLE, "lr", [0.1, 11.0])
    with pytest.raises(ValueError, match="expected at least one value"):
        sweep(CIRCLE, "lr", [])


def test_a_sweep_takes_given_data_and_weights():
    x, y = _ring(40)
    runs = sweep(SHORT, "lr", [0.1, 0.3], (x, y, x, y), _given((2, 4, 2, 1)))
    alone = train(replace(SHORT, lr=0.3), (x, y, x, y), _given((2, 4, 2, 1)))
    np.testing.assert_allclose(runs.run(1).parameters, alone.parameters, rtol=0, atol=1e-12)


# A sweep that grows.

SERIES = ("parameters", "dead", "train_loss", "test_loss", "train_accuracy", "grad_norms")


@pytest.mark.parametrize(("epochs", "yields"), [(0, 1), (1, 1), (5, 5), (100, 25), (2000, 25)])
def test_a_sweep_grows_in_some_25_steps_that_are_denser_at_first(epochs, yields):
    config = BoundaryConfig(n=10, hidden=(1,), epochs=epochs)
    lengths = [len(runs.epochs) for runs in sweep_steps(config, "lr", [0.1, 0.3])]
    assert lengths[0] == min(epochs, 1) + 1
    assert lengths[-1] == min(epochs, 100) + 1
    assert abs(len(lengths) - yields) <= 1
    gaps = np.diff(lengths)
    assert (gaps > 0).all()
    assert gaps[: len(gaps) // 2].sum() <= gaps[len(gaps) // 2 :].sum()


def test_what_a_growing_sweep_has_shown_stays_and_its_last_is_the_sweep():
    config = replace(SHORT, optimizer="nadam", epochs=40)
    whole, copies = sweep(config, "lr", [0.01, 0.1, 5.0]), []
    grown = list(sweep_steps(config, "lr", [0.01, 0.1, 5.0]))
    for runs in sweep_steps(config, "lr", [0.01, 0.1, 5.0]):
        copies.append({name: getattr(runs, name).copy() for name in (*SERIES, "epochs")})
    for runs, copy in zip(grown, copies, strict=True):
        entries = len(runs.epochs)
        assert len(runs.memory) == entries
        for name in SERIES:
            np.testing.assert_array_equal(getattr(runs, name), copy[name])
            np.testing.assert_array_equal(copy[name], getattr(whole, name)[:, :entries])
            assert not getattr(runs, name).flags.writeable
    assert grown[-1].outcomes.tolist() == whole.outcomes.tolist()
    np.testing.assert_array_equal(grown[-1].epochs, whole.epochs)
    half = train(replace(config, lr=0.1, epochs=int(grown[5].epochs[-1])))
    np.testing.assert_allclose(grown[5].run(1).parameters, half.parameters, rtol=0, atol=1e-12)


def test_a_growing_sweep_refuses_nonsense_before_it_begins():
    with pytest.raises(ValueError, match="expected 0 < lr"):
        sweep_steps(SHORT, "lr", [0.0])


# Data that somebody brings.

OWN = replace(SHORT, dataset="own")


def test_painted_points_are_split_and_learned():
    blobs = DATASETS["gauss"](60, 0.0, 0)
    config = replace(OWN, points=write_points(blobs.x, blobs.y), batch_size=2, epochs=100)
    trace = train(config)
    whole = read_points(config.points)
    both = np.concatenate([part.x for part in trace.data])
    assert sorted(both.tolist()) == sorted(whole.x.tolist())
    assert len(trace.data[0].x) == round(len(whole.x) / 2)
    assert trace.test_accuracy[-1] > 0.95


def test_without_points_the_starter_is_there_and_no_line_will_do():
    every = replace(OWN, train_share=0.95, batch_size=1, lr=0.1, epochs=300)
    line = train(replace(every, hidden=(), loss="bce"))
    bent = train(replace(every, hidden=(4,), seed=1))
    assert line.train_accuracy.max() <= 9 / 11  # a group of the twelve points is wrong
    assert bent.train_accuracy[-1] == 1.0


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_two_painted_points_of_one_class_are_enough(share):
    trace = train(replace(OWN, points="B____BAAAA", train_share=share))
    assert [len(part.x) for part in trace.data] == [1, 1]
    assert np.isfinite(trace.test_loss).all()


def test_more_classes_may_be_painted():
    trace = train(replace(OWN, points=painted("", [(5.0, 5.0), (4.0, 5.0)], 3)))
    assert trace.data[0].names == ("A", "B", "C", "D")
    assert trace.architecture.sizes[-1] == 4


def test_noise_and_n_say_nothing_of_painted_points_and_data_seed_splits_them():
    noise = sweep(OWN, "noise", [0.0, 0.5])
    np.testing.assert_array_equal(noise.parameters[0], noise.parameters[1])
    splits = sweep(OWN, "data_seed", [0, 1, 2])
    assert not np.array_equal(splits.data[0][0].x, splits.data[1][0].x)
    for r, seed in enumerate((0, 1, 2)):
        alone = train(replace(OWN, data_seed=seed))
        np.testing.assert_allclose(splits.run(r).parameters, alone.parameters, rtol=0, atol=1e-12)


def test_a_table_must_be_given():
    config = replace(SHORT, dataset="table")
    for verb in (lambda: train(config), lambda: sweep(config, "lr", [0.1])):
        with pytest.raises(ValueError, match="expected data for the dataset 'table', got none"):
            verb()


def test_a_dataset_that_is_given_is_split_as_the_settings_say():
    config = replace(SHORT, dataset="table", train_share=0.7)
    whole = DATASETS["moons"](60, 0.1, 0)
    splits = sweep(config, "data_seed", [3, 4], data=whole)
    for r, seed in enumerate((3, 4)):
        for ours, theirs in zip(splits.run(r).data, split(whole, 0.7, seed), strict=True):
            np.testing.assert_array_equal(ours.x, theirs.x)
    by_hand = train(config, split(whole, 0.7, 0))
    np.testing.assert_array_equal(train(config, whole).parameters, by_hand.parameters)


@pytest.mark.parametrize("points", ["A", "A____", "G____B____", "A___=B____", "A____" * 301, 5])
def test_points_that_make_no_sense_are_refused_with_a_sentence(points):
    with pytest.raises(ValueError, match=r"^expected .*, got [^\n]*$"):
        BoundaryConfig(points=points)


# Branches.


@pytest.mark.parametrize("optimizer", RULES)
def test_a_branch_that_changes_nothing_is_the_run(optimizer):
    trace = train(replace(SHORT, optimizer=optimizer, dropout=0.2, l1=0.01))
    again = branch(trace, 3)
    for name in ("epochs", "parameters", "dead", "train_loss", "test_accuracy", "grad_norms"):
        np.testing.assert_array_equal(getattr(again, name), getattr(trace, name))
    twice = branch(branch(trace, 2), 4)
    np.testing.assert_array_equal(twice.parameters, trace.parameters)


@pytest.mark.parametrize(
    "changes",
    [
        {"lr": 0.3},
        {"optimizer": "adam"},
        {"activation": "relu"},
        {"loss": "bce"},
        {"noise": 0.3},
        {"dataset": "xor", "n": 100},
        {"batch_size": 1, "l2": 0.1, "epochs": 20},
    ],
)
def test_a_branch_begins_with_the_runs_own_entries(changes):
    trace = train(replace(SHORT, optimizer="momentum"))
    other = branch(trace, 4, **changes)
    assert other.branched_at == 4
    assert other.trunk is trace
    assert other.config == replace(trace.config, **changes)
    assert other.epochs[-1] == other.config.epochs
    for name in ("epochs", "parameters", "train_loss", "test_loss", "grad_norms"):
        np.testing.assert_array_equal(getattr(other, name)[:5], getattr(trace, name)[:5])
    assert not np.array_equal(other.parameters[5], trace.parameters[5])


def test_memory_goes_on_with_the_same_rule_and_starts_afresh_with_another():
    # With lr 1e-9 nothing moves, so the velocity is all that a branch can inherit.
    trace = train(replace(SHORT, optimizer="momentum", lr=0.1))
    (kept,) = branch(trace, 3, lr=1e-9).memory[3]
    (fresh,) = branch(branch(trace, 3, optimizer="sgd"), 4, optimizer="momentum").memory[4]
    assert np.abs(kept).max() > 0
    assert np.abs(fresh).max() == 0


def test_a_run_of_a_sweep_can_be_branched():
    runs = sweep(replace(SHORT, optimizer="nadam"), "momentum", [0.5, 0.9])
    alone = train(replace(SHORT, optimizer="nadam", momentum=0.9))
    ours, single = (branch(t, 3, lr=0.1) for t in (runs.run(1), alone))
    np.testing.assert_allclose(ours.parameters, single.parameters, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("epoch", "changes", "sentence"),
    [
        (7, {}, "expected a recorded epoch"),
        (3, {"hidden": (2,)}, "expected changes in .*, got 'hidden'"),
        (3, {"seed": 1}, "expected changes in .*, got 'seed'"),
        (3, {"lr": -1.0}, "expected 0 < lr"),
        (3, {"epochs": 2}, "expected 3 <= epochs"),
        (3, {"dataset": "three_blobs"}, r"expected layers of sizes \(2, 4, 2, 1\) as before"),
    ],
)
def test_a_branch_that_makes_no_sense_is_refused_with_a_sentence(epoch, changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        branch(train(SHORT), epoch, **changes)


# Branches side by side.


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nadam", "adamw"])
@pytest.mark.parametrize("field", [field for field in VALUES if field != "seed"])
def test_branches_side_by_side_equal_single_branches(field, optimizer):
    trunk = train(replace(SHORT, optimizer=optimizer, l1=0.03, dropout=0.1, noise=0.1))
    changed = {"lr": 0.2, "loss": "bce", "epochs": 9}
    runs = branch_sweep(trunk, 3, replace(trunk.config, **changed), field, VALUES[field])
    assert runs.values == tuple(VALUES[field])
    for r, value in enumerate(VALUES[field]):
        alone, among = branch(trunk, 3, **{**changed, field: value}), runs.run(r)
        assert (among.config, among.outcome) == (alone.config, alone.outcome)
        assert (among.branched_at, among.trunk) == (3, trunk)
        np.testing.assert_array_equal(among.epochs, alone.epochs)
        np.testing.assert_array_equal(among.dead, alone.dead)
        np.testing.assert_array_equal(among.data[0].x, alone.data[0].x)
        for name in SERIES:
            ours, single = getattr(among, name), getattr(alone, name)
            np.testing.assert_allclose(ours, single, rtol=0, atol=1e-12)
            np.testing.assert_array_equal(ours[:4], getattr(trunk, name)[:4])


def test_a_branch_of_a_run_among_branches_is_that_of_the_single_run():
    trunk = train(replace(SHORT, optimizer="nadam"))
    runs = branch_sweep(trunk, 2, trunk.config, "momentum", [0.5, 0.9])
    again = branch(runs.run(0), 4, lr=0.1)
    alone = branch(branch(trunk, 2, momentum=0.5), 4, lr=0.1)
    np.testing.assert_allclose(again.parameters, alone.parameters, rtol=0, atol=1e-12)
    early = branch(runs.run(1), 1, lr=0.1)
    np.testing.assert_allclose(
        early.parameters, branch(trunk, 1, lr=0.1).parameters, rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_branches_of_the_same_rule_as_the_trunk_and_its_rate_are_the_trunk(optimizer):
    trunk = train(replace(SHORT, optimizer=optimizer, l1=0.01))
    runs = branch_sweep(trunk, 3, trunk.config, "lr", [trunk.config.lr, 0.5])
    for name in ("epochs", *SERIES):
        ours, theirs = getattr(runs.run(0), name), getattr(trunk, name)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


def test_branches_may_take_another_rule_with_memory_of_its_own():
    trunk = train(replace(SHORT, optimizer="momentum", lr=0.1))
    config = replace(trunk.config, optimizer="adam")
    runs = branch_sweep(trunk, 3, config, "lr", [0.01, 0.1])
    alone = branch(trunk, 3, optimizer="adam", lr=0.1)
    np.testing.assert_allclose(runs.run(1).parameters, alone.parameters, rtol=0, atol=1e-12)
    (velocity,), (count, *_) = runs.run(1).memory[2], runs.run(1).memory[3]
    np.testing.assert_array_equal(velocity, trunk.memory[2][0])
    assert count == 0


def test_branches_go_on_from_weights_edited_by_hand():
    trunk = train(SHORT)
    weights, biases = (tuple(a.copy() for a in part) for part in trunk.layers(3))
    weights[0][1, 0] = 2.5
    runs = branch_sweep(trunk, 3, trunk.config, "lr", [0.03, 0.3], (weights, biases))
    for r in (0, 1):
        ours = runs.run(r)
        np.testing.assert_array_equal(ours.parameters[:3], trunk.parameters[:3])
        np.testing.assert_array_equal(ours.weights[0][3], weights[0])
        np.testing.assert_array_equal(ours.train_loss[:3], trunk.train_loss[:3])
        fresh = train(replace(SHORT, epochs=0), trunk.data, (weights, biases))
        assert ours.train_loss[3] == pytest.approx(fresh.train_loss[0], abs=1e-12)
        assert ours.train_loss[3] != trunk.train_loss[3]
    unchanged = branch_sweep(trunk, 3, trunk.config, "lr", [0.03], trunk.layers(3))
    np.testing.assert_allclose(unchanged.run(0).parameters, trunk.parameters, rtol=0, atol=1e-12)


def test_a_dead_link_that_is_set_by_hand_lives_again():
    trunk = train(replace(SHORT, l1=0.1, epochs=30))
    first, second = np.argwhere(trunk.dead_links[0][30])[:2]
    weights, biases = (tuple(a.copy() for a in part) for part in trunk.layers(30))
    weights[0][tuple(first)] = 1.0
    runs = branch_sweep(trunk, 30, replace(trunk.config, epochs=31, l1=0.0), "lr", [0.03],
                        (weights, biases))  # fmt: skip
    after = runs.run(0)
    assert not after.dead_links[0][-1][tuple(first)]
    assert abs(after.weights[0][-1][tuple(first)]) > 0.5
    assert after.dead_links[0][-1][tuple(second)]
    assert after.weights[0][-1][tuple(second)] == 0


@pytest.mark.parametrize(("epoch", "epochs"), [(0, 60), (60, 60), (59, 60), (20, 2000)])
def test_branches_grow_from_the_trunk_on(epoch, epochs):
    trunk = train(BoundaryConfig(n=10, hidden=(1,), epochs=60))
    config = replace(trunk.config, epochs=epochs)
    grown = list(branch_sweep_steps(trunk, epoch, config, "lr", [0.1, 0.3]))
    whole = branch_sweep(trunk, epoch, config, "lr", [0.1, 0.3])
    assert len(grown[0].epochs) == epoch + 1 + (epochs > epoch)
    assert whole.epochs[-1] == epochs
    for runs in grown:
        entries = len(runs.epochs)
        np.testing.assert_array_equal(runs.parameters, whole.parameters[:, :entries])
    assert entries == len(whole.epochs)


def test_a_table_is_kept_by_its_branches_unless_it_is_to_be_split_anew():
    whole = DATASETS["moons"](60, 0.1, 0)
    trunk = train(replace(SHORT, dataset="table"), whole)
    config = replace(trunk.config, noise=0.3, n=77)
    runs = branch_sweep(trunk, 3, config, "noise", [0.1, 0.2])
    assert runs.run(1).data is trunk.data
    anew = replace(config, train_share=0.8)
    with pytest.raises(ValueError, match="expected data for the dataset 'table', got none"):
        branch_sweep(trunk, 3, anew, "lr", [0.1])
    runs = branch_sweep(trunk, 3, anew, "lr", [0.1], data=whole)
    assert len(runs.data[0][0].x) == 48


@pytest.mark.parametrize(
    ("epoch", "changes", "field", "sentence"),
    [
        (7, {}, "lr", "expected a recorded epoch"),
        (3, {"epochs": 2}, "lr", "expected 3 <= epochs <= 2000, got 2"),
        (3, {"hidden": (3, 2)}, "lr", r"expected hidden as before, \(4, 2\), got \(3, 2\)"),
        (3, {"init": "he"}, "lr", "expected init as before, 'uniform', got 'he'"),
        (3, {}, "seed", "expected seed as before, 0, got 1"),
        (3, {}, "hidden", "expected field in lr"),
        (3, {"dataset": "three_blobs"}, "lr", r"expected layers of sizes \(2, 4, 2, 1\)"),
    ],
)
def test_branches_that_make_no_sense_are_refused_at_once(epoch, changes, field, sentence):
    trunk = train(SHORT)
    with pytest.raises(ValueError, match=sentence):
        branch_sweep_steps(trunk, epoch, replace(SHORT, **changes), field, [1, 2])
    with pytest.raises(ValueError, match="expected initial weights and biases of shapes"):
        branch_sweep(trunk, 3, SHORT, "lr", [0.1], _given((2, 4, 1)))


# Traces.


def test_a_run_is_the_same_each_time_and_its_arrays_cannot_be_written_to():
    first, second = train(SHORT), train(SHORT)
    np.testing.assert_array_equal(first.parameters, second.parameters)
    arrays = [first.parameters, first.epochs, first.dead, first.train_loss, *first.weights]
    assert not any(array.flags.writeable for array in arrays)


def test_the_same_seed_keeps_the_weights_whatever_else_changes():
    others = [{"lr": 1.0}, {"dataset": "xor"}, {"optimizer": "adam"}, {"noise": 0.5}, {"n": 40}]
    start = train(SHORT).parameters[0]
    for other in others:
        np.testing.assert_array_equal(train(replace(SHORT, **other)).parameters[0], start)
    assert not np.array_equal(train(replace(SHORT, seed=1)).parameters[0], start)


@pytest.mark.parametrize(("epochs", "frames"), [(0, 1), (1, 2), (100, 101), (101, 52), (250, 85)])
def test_at_most_101_frames_are_recorded_with_the_first_and_the_last(epochs, frames):
    trace = train(BoundaryConfig(n=10, hidden=(1,), epochs=epochs))
    assert len(trace.epochs) == frames
    assert (trace.epochs[0], trace.epochs[-1]) == (0, epochs)


def test_steps_grow_to_the_whole_run():
    grown = list(steps(SHORT))
    assert [len(trace.epochs) for trace in grown] == [1, 2, 3, 4, 5, 6, 7]
    np.testing.assert_array_equal(grown[-1].parameters, train(SHORT).parameters)


def test_too_many_updates_end_a_run_after_a_whole_epoch(monkeypatch):
    monkeypatch.setattr("dlviz.boundary.loop.MAX_UPDATES", 10)
    trace = train(BoundaryConfig(n=60, batch_size=10, epochs=50))  # three updates an epoch
    assert trace.epochs[-1] == 3


def test_running_away_is_an_outcome():
    config = BoundaryConfig(hidden=(4,), activation="relu", output="linear", lr=5.0)
    trace = train(config)
    assert trace.outcome == "diverged"
    assert not np.isfinite(trace.train_loss[-1])
    trace.field(-1, size=8)
    trace.units(-1, size=8)


def test_too_large_a_rate_saturates_every_unit_and_the_run_stalls():
    # With lr 10 sums run far out, where the slope of tanh is 0 to all digits.
    outcomes = sweep(replace(CIRCLE, lr=10.0), "seed", range(6)).outcomes.tolist()
    assert "stalled" in outcomes


def test_a_run_that_has_learned_all_it_can_has_converged():
    assert train(CIRCLE).outcome == "converged"
    assert train(replace(CIRCLE, lr=0.001)).outcome == "ran"


@pytest.mark.parametrize(
    ("data", "initial", "sentence"),
    [
        ((CORNERS, [0, 0, 1, 1], CORNERS), None, "expected data to be two datasets or four arrays"),
        ((CORNERS, [0, 0, 1], CORNERS, [0, 0, 1, 1]), None, "expected y of shape"),
        ((CORNERS, [0, 0, 1, np.nan], *XOR[2:]), None, "expected finite"),
        (XOR, ([np.zeros((1, 2))], [np.zeros(1)]), "expected initial weights and biases of shapes"),
    ],
)
def test_data_and_weights_that_make_no_sense_are_refused_with_a_sentence(data, initial, sentence):
    with pytest.raises(ValueError, match=sentence):
        train(SHORT, data, initial)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"dataset": "square"}, "expected dataset in circle"),
        ({"features": ()}, "expected features to be a tuple of 1 to 9"),
        ({"features": ("x1", "x1")}, "expected each feature once"),
        ({"features": ("x3",)}, "expected features in x1"),
        ({"hidden": (17,)}, "expected 1 <= hidden <= 16"),
        ({"hidden": (1,) * 7}, "expected hidden to be a tuple of 0 to 6"),
        ({"hidden": [4]}, "expected hidden to be a tuple"),
        ({"activation": "tanh,swish"}, "expected activation in relu"),
        ({"shuffle": 1}, "expected True or False, got shuffle=1"),
        ({"lr": float("nan")}, "expected 0 < lr <= 10, got nan"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_a_sentence(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        BoundaryConfig(**changes)


def test_activations_may_be_named_layer_by_layer():
    config = BoundaryConfig(hidden=(3, 3, 3), activation=("relu", "sine"), epochs=0)
    assert config.activation == "relu,sine"
    assert hash(config) == hash(replace(config))
    assert train(config).architecture.hidden == ("relu", "sine", "sine")


def test_every_field_has_a_default_of_a_plain_kind():
    for field in fields_of(BoundaryConfig):
        assert isinstance(field.default, str | int | float | bool | tuple), field.name


CONFIGS = st.builds(
    BoundaryConfig,
    dataset=st.sampled_from(["own", *(name for name in DATASETS if name not in ("iris", "wine"))]),
    points=st.sampled_from(["", "A____BAAAA", "C____DAAAAB0000"]),
    n=st.integers(10, 60),
    noise=st.floats(0, 0.5),
    train_share=st.floats(0.05, 0.95),
    features=st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True).map(tuple),
    hidden=st.lists(st.integers(1, 16), max_size=6).map(tuple),
    activation=st.lists(st.sampled_from(list(ACTIVATIONS)), min_size=1, max_size=3).map(tuple),
    output=st.sampled_from(list(OUTPUTS)),
    loss=st.sampled_from(list(LOSSES)),
    optimizer=st.sampled_from(RULES),
    lr=st.floats(1e-6, 10),
    momentum=st.floats(0, 0.9999),
    beta2=st.floats(0, 0.9999),
    weight_decay=st.floats(0, 1),
    schedule=st.sampled_from(list(SCHEDULES)),
    batch_size=st.integers(1, 100),
    epochs=st.integers(0, 4),
    l1=st.floats(0, 10),
    l2=st.floats(0, 10),
    dropout=st.floats(0, 0.95),
    init=st.sampled_from(list(INITIALIZERS)),
    shuffle=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(CONFIGS)
def test_any_run_is_finite_or_flagged(config):
    trace = train(config)
    numbers = np.concatenate([trace.parameters.ravel(), trace.train_loss])
    assert trace.outcome in ("converged", "ran", "stalled", "diverged")
    assert np.isfinite(numbers).all() or trace.outcome == "diverged"
    assert trace.field(-1, size=5).shape == (5, 5)
    assert [len(units) for units in trace.units(-1, size=5)] == list(trace.architecture.sizes)
    assert trace.parameters.shape == (config.epochs + 1, trace.architecture.count)
    np.testing.assert_array_equal(train(config).parameters, trace.parameters)
