"""Networks, initializers, regularizers, rules and symmetries against torch and closed forms."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz.activations import ACTIVATIONS, OUTPUTS
from dlviz.initializers import INITIALIZERS, initial_layers
from dlviz.losses import LOSSES
from dlviz.networks import Architecture, Layers, Tape, with_ones
from dlviz.optimizers import Adam, Adamw, Nesterov, Rmsprop
from dlviz.regularizers import pull_l1
from dlviz.rules import rule_from
from dlviz.symmetries import rescale_relu, shuffle_units
from tests.test_activations import TORCH_PEERS as TORCH_ACTIVATIONS
from tests.test_losses import TORCH_PEERS as TORCH_LOSSES

RUNS, SAMPLES = 3, 8
RNG = np.random.default_rng(0)


def _parameters(shape, runs=RUNS):
    return 0.7 * np.random.default_rng(1).normal(size=(runs, shape.count))


def _points():
    return np.random.default_rng(2).normal(size=(SAMPLES, 2))


def _torch_outputs(shape, layers, x, masks=()):
    """Put points (n, 2) through one network given as torch tensors; return (K, n)."""
    a = torch.tensor(x).T
    names = (*shape.hidden, shape.output)
    for i, (w, b, name) in enumerate(zip(*layers, names, strict=True)):
        a = TORCH_ACTIVATIONS[name](w @ a + b[:, None])
        a = a * torch.tensor(masks[i]) if i < len(masks) else a
    return a


def _torch_layers(shape, parameters):
    layers = shape.layers(parameters)
    return Layers(*(tuple(torch.tensor(a, requires_grad=True) for a in part) for part in layers))


def _check_gradients(shape, loss, targets, masks=()):
    """Compare scores, and gradients of the mean loss, of three networks at once with autograd's."""
    parameters, x = _parameters(shape), _points()
    matrices, grad = shape.matrices(parameters), np.full_like(parameters, np.nan)
    tape = Tape(shape, RUNS, SAMPLES)
    scores = tape.forward(matrices, with_ones(x)[None], masks)
    tape.backward(matrices, loss.gradient(scores, targets) / SAMPLES, shape.matrices(grad))
    for r in range(RUNS):
        layers = _torch_layers(shape, parameters[r])
        peer = _torch_outputs(shape, layers, x, [mask[r % len(mask)] for mask in masks])
        np.testing.assert_allclose(scores[r], peer.detach(), rtol=0, atol=1e-12)
        LOSS_PEERS[loss](peer, torch.tensor(targets)).mean().backward()
        grads = shape.parameters(Layers(*(tuple(a.grad.numpy() for a in p) for p in layers)))
        np.testing.assert_allclose(grad[r], grads, rtol=0, atol=1e-10)


LOSS_PEERS = {LOSSES[name]: peer for name, peer in TORCH_LOSSES.items() if name != "cross_entropy"}
LOSS_PEERS[LOSSES["cross_entropy"]] = lambda s, t: -(t * torch.log_softmax(s, -2)).sum(-2)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("loss", ["half_mse", "hinge"])
def test_gradients_through_every_output_equal_autograd(output, loss):
    targets = np.where(RNG.random((3, SAMPLES)) < 0.5, -1.0, 1.0)
    _check_gradients(Architecture((2, 4, 3), ("tanh",), output), LOSSES[loss], targets)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_of_every_layer_activation_and_loss_equal_autograd(activation, loss):
    shape = Architecture((2, 5, 4, 3, 2), (activation, activation, activation), "linear")
    targets = np.eye(2)[RNG.integers(0, 2, SAMPLES)].T
    _check_gradients(shape, LOSSES[loss], 2 * targets - 1 if loss == "hinge" else targets)


def test_gradients_of_layers_with_activations_of_their_own_equal_autograd():
    shape = Architecture((2, 6, 5, 4, 1), ("gelu", "sine", "leaky_relu"), "tanh")
    _check_gradients(shape, LOSSES["half_mse"], np.sign(RNG.normal(size=(1, SAMPLES))))


def test_gradients_with_dropout_equal_autograd_with_the_same_masks():
    shape = Architecture((2, 6, 5, 1), ("tanh", "relu"), "tanh")
    masks = [2.0 * (RNG.random((runs, units, SAMPLES)) < 0.5) for runs, units in [(1, 6), (3, 5)]]
    _check_gradients(shape, LOSSES["half_mse"], np.sign(RNG.normal(size=(1, SAMPLES))), masks)


def test_a_network_without_hidden_layers_is_a_line():
    shape = Architecture((2, 1), (), "linear")
    layers = Layers((np.array([[2.0, -3.0]]),), (np.array([0.5]),))
    matrices = shape.matrices(shape.parameters(layers)[None])
    (out,) = Tape(shape, 1, SAMPLES).forward(matrices, with_ones(_points())[None])
    np.testing.assert_allclose(out[0], _points() @ [2.0, -3.0] + 0.5, atol=1e-14)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=5))
def test_parameters_and_layers_are_two_views_of_the_same(sizes):
    shape = Architecture(tuple(sizes), ("tanh",) * (len(sizes) - 2), "linear")
    parameters = np.arange(2.0 * shape.count).reshape(2, -1)
    layers = shape.layers(parameters)
    assert [w.shape[1:] for w in layers.weights] == list(zip(sizes[1:], sizes[:-1], strict=True))
    np.testing.assert_array_equal(shape.parameters(layers), parameters)
    assert all(np.shares_memory(array, parameters) for part in layers for array in part)
    biases = np.concatenate([b[0] for b in layers.biases])
    assert sorted(biases) == sorted(parameters[0, ~shape.is_weight()])


# Initializers: variance of what is drawn, and that layers do not depend on each other.


@pytest.mark.parametrize(
    ("init", "variance", "bias"),
    [("xavier", 2 / 300, 0.0), ("he", 2 / 100, 0.0), ("uniform", 1 / 12, 0.1), ("zeros", 0.0, 0.0)],
)
def test_initial_weights_have_the_variance_of_their_paper(init, variance, bias):
    layers = initial_layers(Architecture((100, 200), (), "linear"), init, 0)
    assert layers.weights[0].var() == pytest.approx(variance, rel=0.03)
    assert (layers.biases[0] == bias).all()


@pytest.mark.parametrize("init", INITIALIZERS)
def test_a_layer_begins_the_same_whatever_follows_it(init):
    short = initial_layers(Architecture((2, 4, 1), ("tanh",), "tanh"), init, 7)
    long = initial_layers(Architecture((2, 4, 3, 1), ("tanh",) * 2, "tanh"), init, 7)
    np.testing.assert_array_equal(short.weights[0], long.weights[0])


# Regularizers.


def test_l1_kills_what_it_takes_across_zero_and_only_that():
    before = np.array([1.0, 0.05, 0.2, -0.05, 0.0, 5.0])
    after = np.array([0.9, 0.04, -0.1, -0.04, 0.3, 4.0])
    dead = np.array([False, False, False, False, False, True])
    pulled, dead = pull_l1(before, after, 0.1, dead)
    # Pulled down; killed; crossed by the update itself and pulled on; killed; at 0 no pull; dead.
    np.testing.assert_allclose(pulled, [0.8, 0, -0.2, 0, 0.3, 0], atol=1e-15)
    assert dead.tolist() == [False, True, False, True, False, True]


# Rules by the settings' names.


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("nesterov", Nesterov(0.8)),
        ("rmsprop", Rmsprop(alpha=0.95)),
        ("adam", Adam(0.8, 0.95)),
        ("adamw", Adamw(0.8, 0.95, weight_decay=0.3)),
    ],
)
def test_settings_reach_the_rule_under_its_own_names(name, rule):
    settings = {"momentum": 0.8, "beta2": 0.95, "weight_decay": 0.3, "lr": 1.0}
    assert rule_from(name, settings) == rule
    assert rule_from(name, {}) == type(rule)()


# Symmetries (001-52): the function stays.


def _function(shape, layers, x):
    return _torch_outputs(shape, Layers(*(tuple(map(torch.tensor, p)) for p in layers)), x).numpy()


@pytest.mark.parametrize("layer", [0, 1])
def test_shuffling_the_units_of_a_layer_leaves_the_function(layer):
    shape = Architecture((2, 5, 5, 2), ("tanh", "gelu"), "tanh")
    layers = shape.layers(_parameters(shape)[0])
    shuffled = shuffle_units(layers, layer, [3, 0, 4, 1, 2])
    assert np.abs(shuffled.weights[layer] - layers.weights[layer]).max() > 0.1
    before, after = (_function(shape, part, _points()) for part in (layers, shuffled))
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_rescaling_a_relu_leaves_the_function(activation):
    shape = Architecture((2, 5, 5, 1), (activation,) * 2, "linear")
    layers = shape.layers(_parameters(shape)[0])
    rescaled = rescale_relu(layers, 1, 2, 7.0)
    assert rescaled.biases[1][2] == 7 * layers.biases[1][2]
    before, after = (_function(shape, part, _points()) for part in (layers, rescaled))
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-12)


def test_symmetries_work_on_all_frames_at_once():
    shape = Architecture((2, 3, 1), ("relu",), "linear")
    parameters = _parameters(shape, 4)
    many = rescale_relu(shuffle_units(shape.layers(parameters), 0, [2, 0, 1]), 0, 1, 2.0)
    one = rescale_relu(shuffle_units(shape.layers(parameters[3]), 0, [2, 0, 1]), 0, 1, 2.0)
    np.testing.assert_array_equal(many.weights[1][3], one.weights[1])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda layers: shuffle_units(layers, 0, [0, 0, 1]), "expected an order of the numbers"),
        (lambda layers: shuffle_units(layers, 1, [0]), "expected 0 <= layer <= 0"),
        (lambda layers: rescale_relu(layers, 0, 3, 2.0), "expected 0 <= unit <= 2"),
        (lambda layers: rescale_relu(layers, 0, 0, -1.0), "expected 0 < factor"),
    ],
)
def test_a_symmetry_that_makes_no_sense_is_refused_with_a_sentence(call, sentence):
    shape = Architecture((2, 3, 1), ("relu",), "linear")
    with pytest.raises(ValueError, match=sentence):
        call(shape.layers(_parameters(shape)[0]))
