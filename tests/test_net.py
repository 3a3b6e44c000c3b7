"""Networks that a scene carries: against torch, and against the engine they come from."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from dlviz.activations import ACTIVATIONS, LEAK, OUTPUTS
from dlviz.boundary.compute import BoundaryConfig, predictions, train
from dlviz.features import FEATURES
from dlviz.grids import grid
from dlviz.net import BOUNDED, Net
from dlviz.networks import CERTAIN
from tests.test_activations import TORCH_PEERS

POINTS = np.random.default_rng(7).uniform(-6, 6, (50, 2))
TORCH_FEATURES = {
    "x1": lambda x, y: x,
    "x2": lambda x, y: y,
    "x1^2": lambda x, y: x**2,
    "x2^2": lambda x, y: y**2,
    "x1x2": lambda x, y: x * y,
    "sin x1": lambda x, y: torch.sin(x),
    "sin x2": lambda x, y: torch.sin(y),
    "radius": torch.hypot,
    "angle": lambda x, y: torch.atan2(y, x),
}


def count_of(sizes):
    return sum((a + 1) * b for a, b in pairwise(sizes))


def net_of(sizes=(2, 3, 1), hidden=("tanh",), output="tanh", runs=1, frames=1, **options):
    """Return networks with weights of any size, a different one for each run and frame."""
    rng = np.random.default_rng(sum(sizes) + len(hidden))
    parameters = options.pop("parameters", rng.normal(size=(runs, frames, count_of(sizes))))
    features = options.pop("features", ("x1", "x2"))
    return Net(parameters, sizes, hidden, output, features, **options)


def torch_values(net, x, frame, turn):
    """Return what torch gets of the same numbers, a float64 tensor (n, units) for each layer."""
    at = torch.tensor(net.parameters[turn, frame]).double()
    columns = torch.tensor(x).T
    values = [torch.stack([TORCH_FEATURES[name](*columns) for name in net.features])]
    for (a, b), name in zip(pairwise(net.sizes), (*net.hidden, net.output), strict=True):
        rows, at = at[: b * (a + 1)].reshape(b, a + 1), at[b * (a + 1) :]
        linear = torch.nn.Linear(a, b, dtype=torch.float64)
        linear.weight.data, linear.bias.data = rows[:, :-1], rows[:, -1]
        values.append(TORCH_PEERS[name](linear(values[-1].T).detach().T))
    assert len(at) == 0
    return [value.T.numpy() for value in values]


def assert_equals_torch(net, frame=0, turn=0):
    ours, theirs = net.values(POINTS, frame, turn), torch_values(net, POINTS, frame, turn)
    assert [a.shape for a in ours] == [(len(POINTS), size) for size in net.sizes]
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-10)


# Values: torch.


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_gives_what_it_gives_in_torch(activation):
    assert_equals_torch(net_of((2, 4, 3, 1), (activation,) * 2))


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_output_gives_what_it_gives_in_torch(output):
    assert_equals_torch(net_of((2, 4, 3), output=output))


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_gives_what_it_gives_in_torch(feature):
    assert_equals_torch(net_of((1, 2, 1), features=(feature,)))


def test_many_features_layers_and_activations_at_once():
    kinds = ("relu", "tanh", "gelu", "sine", "leaky_relu", "sigmoid")
    assert_equals_torch(net_of((9, 16, 8, 5, 3, 2, 4, 3), kinds, "softmax", features=(*FEATURES,)))


def test_a_network_without_hidden_layers_is_a_line():
    net = net_of((2, 1), (), "linear", parameters=[[[2.0, -3.0, 0.5]]])
    assert_equals_torch(net)
    np.testing.assert_allclose(net.field(POINTS, 0, 0), POINTS @ [2.0, -3.0] + 0.5)


def test_each_run_and_frame_has_its_own_weights():
    net = net_of(runs=3, frames=4)
    for turn in range(3):
        for frame in range(4):
            assert_equals_torch(net, frame, turn)


@pytest.mark.parametrize(("runs", "frames"), [(1, 4), (3, 1), (1, 1)])
def test_one_run_or_one_frame_does_for_all(runs, frames):
    net = net_of(runs=runs, frames=frames)
    for turn, frame in [(0, 0), (2, 3)]:
        stored = net.parameters[min(turn, runs - 1), min(frame, frames - 1)]
        alone = net_of(parameters=stored[None, None])
        expected = alone.field(POINTS, 0, 0)
        np.testing.assert_array_equal(net.field(POINTS, frame, turn), expected)


# Fields and classes: their definitions, on torch's outputs.


@pytest.mark.parametrize(("output", "halved"), [("sigmoid", True), ("tanh", False), ("linear", 0)])
def test_one_output_is_signed_and_above_0_means_class_1(output, halved):
    net = net_of(output=output)
    out = torch_values(net, POINTS, 0, 0)[-1][:, 0]
    np.testing.assert_allclose(net.field(POINTS, 0, 0), 2 * out - 1 if halved else out, atol=1e-12)
    above = out > (0.5 if halved else 0)
    assert 0 < above.sum() < len(above)
    np.testing.assert_array_equal(net.classes(POINTS, 0, 0), above)


def test_two_outputs_are_one_probability():
    net = net_of((2, 5, 2), output="softmax")
    p = torch_values(net, POINTS, 0, 0)[-1]
    np.testing.assert_allclose(net.field(POINTS, 0, 0), 2 * p[:, 1] - 1, atol=1e-12)
    np.testing.assert_array_equal(net.classes(POINTS, 0, 0), p.argmax(1))


@pytest.mark.parametrize("output", OUTPUTS)
def test_many_outputs_are_the_winner_and_its_lead(output):
    net = net_of((2, 6, 4), output=output)
    out = torch.tensor(torch_values(net, POINTS, 0, 0)[-1])
    best = torch.topk(out, 2, dim=1)
    lead = (best.values[:, 0] - best.values[:, 1]).numpy()
    lead = np.clip(lead if output in ("sigmoid", "softmax") else lead / 2, 0, CERTAIN)
    field, winner = net.field(POINTS, 0, 0), best.indices[:, 0].numpy()
    np.testing.assert_allclose(field, winner + lead, atol=1e-12)
    np.testing.assert_array_equal(net.classes(POINTS, 0, 0), winner)
    assert len(set(winner)) > 1


def test_a_class_that_is_certain_does_not_become_the_next_one():
    rows = [[0.0, 0.0, 500.0], [0.0, 0.0, -500.0], [0.0, 0.0, 0.0]]
    net = net_of((2, 3), (), "linear", parameters=np.reshape(rows, (1, 1, -1)))
    assert (net.classes(POINTS, 0, 0) == 0).all()
    assert (net.field(POINTS, 0, 0) < 1).all()


@pytest.mark.parametrize("output", ["linear", "tanh"])
def test_a_regressions_field_is_its_output(output):
    net = net_of(output=output, regression=True)
    out = torch_values(net, POINTS, 0, 0)[-1]
    np.testing.assert_allclose(net.field(POINTS, 0, 0), out[:, 0], atol=1e-12)


# The engine, with the weights that the browser gets.

RUNS = {
    "two classes, one output": BoundaryConfig(epochs=12, noise=0.1),
    "two classes, two outputs": BoundaryConfig(loss="cross_entropy", epochs=12, lr=0.1),
    "a probability": BoundaryConfig(loss="bce", activation="relu", epochs=9, lr=0.1),
    "four classes": BoundaryConfig(dataset="pinwheel", loss="cross_entropy", epochs=9, lr=0.1),
    "three classes, each for itself": BoundaryConfig(dataset="three_blobs", loss="bce", epochs=9),
    "a regression": BoundaryConfig(dataset="reg_gauss", activation="gelu", epochs=9),
    "other coordinates": BoundaryConfig(
        dataset="rings", features=("radius", "angle", "sin x1"), activation="sine,leaky_relu",
        epochs=9,
    ),
}  # fmt: skip


def rounded(config, frame):
    """Return a run of one entry with the weights of a frame in float32, and it as a network."""
    run = train(config)
    layers = run.architecture.layers(run.parameters[frame].astype(np.float32).astype(float))
    alone = train(BoundaryConfig(**{**vars(config), "epochs": 0}), run.data, layers)
    net = Net(
        parameters=run.parameters[None],
        sizes=run.architecture.sizes,
        hidden=run.architecture.hidden,
        output=run.head.output,
        features=config.features,
        regression=run.head.task == "regression",
        span=run.data[0].span,
    )
    return alone, net


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("frame", [0, -1])
def test_a_net_is_the_engines_network_rounded_to_float32(name, frame):
    run, net = rounded(RUNS[name], frame)
    points = grid(((-net.span, net.span),) * 2, 40).points.reshape(-1, 2)
    field = net.field(points, frame, 0).reshape(40, 40)
    np.testing.assert_allclose(field, run.field(0, net.span, 40), atol=1e-12)
    units = [values.T.reshape(-1, 40, 40) for values in net.values(points, frame, 0)]
    for ours, theirs in zip(units, run.units(0, net.span, 40), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)
    if not net.regression:
        x = run.data[1].x
        np.testing.assert_array_equal(net.classes(x, frame, 0), predictions(run, 0, x))


# Shapes, and what goes wrong.


def test_weights_are_kept_as_the_browser_gets_them_and_are_nobodys_elses():
    given = np.full((1, 1, 13), 0.1)
    net = net_of(parameters=given)
    given[:] = 9
    assert net.parameters.dtype == np.float32
    assert (net.parameters == np.float32(0.1)).all()
    with pytest.raises(ValueError, match="read-only"):
        net.parameters[0, 0, 0] = 1
    net.values(POINTS, 0, 0)
    assert (net.parameters == np.float32(0.1)).all()


@pytest.mark.parametrize("shape", [(1, 1, 12), (1, 1, 14), (13,), (1, 13), (1, 1, 1, 13)])
def test_parameters_of_another_number_are_refused(shape):
    with pytest.raises(ValueError, match=r"expected parameters of shape \(K, T, 13\)"):
        net_of(parameters=np.zeros(shape))


@pytest.mark.parametrize("sizes", [(2, 3, 1), (2, 3, 2), (2, 3, 4)])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30, 1e300])
@pytest.mark.parametrize("output", OUTPUTS)
def test_networks_that_ran_away_raise_nothing(sizes, bad, output):
    net = net_of(sizes, output=output, parameters=np.full((1, 1, count_of(sizes)), bad))
    values = net.values(POINTS, 0, 0)
    assert [a.shape for a in values] == [(50, size) for size in sizes]
    assert net.field(POINTS, 0, 0).shape == (50,)
    assert set(net.classes(POINTS, 0, 0)) <= set(range(max(2, sizes[-1])))


@pytest.mark.parametrize("sizes", [(2, 3, 1), (2, 3, 2), (2, 3, 4)])
def test_one_bad_weight_of_many_raises_nothing(sizes):
    for place in range(count_of(sizes)):
        parameters = np.ones((1, 1, count_of(sizes)))
        parameters[..., place] = np.nan
        named = net_of(sizes, parameters=parameters).classes(POINTS, 0, 0)
        assert set(named) <= set(range(max(2, sizes[-1])))


def test_no_points_have_no_values():
    net = net_of((2, 3, 3))
    assert [a.shape for a in net.values(np.empty((0, 2)), 0, 0)] == [(0, 2), (0, 3), (0, 3)]
    assert net.classes(np.empty((0, 2)), 0, 0).shape == (0,)


def test_the_header_holds_all_fields_but_the_weights_and_the_engines_constants():
    net = net_of(features=("x1", "radius"), span=3.0, regression=True)
    known = {name: value for name, value in vars(net).items() if name != "parameters"}
    assert net.header() == {**known, "leak": LEAK, "bounded": BOUNDED}


@pytest.mark.parametrize("name", [*ACTIVATIONS, "softmax"])
def test_units_with_bounds_are_those_whose_values_never_leave_them(name):
    z = torch.linspace(-40, 40, 801, dtype=torch.float64)
    values = TORCH_PEERS[name](torch.stack([z, 0 * z])).numpy()
    if name in BOUNDED:
        low, high = BOUNDED[name]
        assert (values >= low).all() and (values <= high).all()
        assert values.min() == pytest.approx(low, abs=2e-3)
        assert values.max() == pytest.approx(high, abs=2e-3)
    else:
        assert np.abs(values).max() > 1
