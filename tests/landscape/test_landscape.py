"""The landscape against torch, dense Hessians, SVD, and what must not change."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.landscape import config as names
from dlviz.landscape.compute import LandscapeConfig, surface, train
from dlviz.landscape.curvature import extremes
from dlviz.landscape.network import network_of

SMALL = {"depth": 2, "width": 3, "steps": 20}
KINDS = [("relu", False), ("tanh", False), ("tanh", True), ("relu", True)]


def torch_loss(network, flat):
    """The same network and loss in torch, of parameters as one tensor (P,)."""
    a, at = torch.tensor(network.x[:-1]), 0
    sizes = network.shape.sizes
    for i in range(len(sizes) - 1):
        block = flat[at : at + sizes[i + 1] * (sizes[i] + 1)].reshape(sizes[i + 1], sizes[i] + 1)
        at += block.numel()
        z = block[:, :-1] @ a + block[:, -1:]
        if i == len(sizes) - 2:
            break
        f = torch.tanh(z) if network.smooth else torch.relu(z)
        a = a + f if network.skip and i else f
    return torch.nn.functional.binary_cross_entropy_with_logits(z[0], torch.tensor(network.t))


def some_weights(network, seed=1):
    rng = np.random.default_rng(seed)
    return network.start + 0.3 * rng.normal(size=network.start.shape)


@pytest.mark.parametrize(("activation", "skip"), KINDS)
def test_loss_gradient_and_hessian_products_are_torchs(activation, skip):
    network = network_of(LandscapeConfig(depth=3, width=4, activation=activation, skip=skip))
    w = np.stack([some_weights(network, seed) for seed in range(3)])
    v = np.random.default_rng(9).normal(size=w.shape)
    losses, slopes, products = network.loss(w), network.gradient(w), network.hessian_times(w, v)
    for i in range(3):
        flat = torch.tensor(w[i], requires_grad=True)
        loss = torch_loss(network, flat)
        (slope,) = torch.autograd.grad(loss, flat, create_graph=True)
        (product,) = torch.autograd.grad(slope @ torch.tensor(v[i]), flat)
        assert losses[i] == pytest.approx(loss.item(), rel=1e-12)
        np.testing.assert_allclose(slopes[i], slope.detach().numpy(), atol=1e-13)
        np.testing.assert_allclose(products[i], product.numpy(), atol=1e-12)


@pytest.mark.parametrize(("activation", "skip"), KINDS)
def test_the_extreme_curvatures_are_those_of_the_dense_hessian(activation, skip):
    network = network_of(LandscapeConfig(depth=2, width=4, activation=activation, skip=skip))
    w = np.stack([some_weights(network, seed) for seed in range(2)])
    lowest, highest = extremes(network, w)
    hessian = torch.autograd.functional.hessian(
        lambda flat: torch_loss(network, flat), torch.tensor(w[1])
    )
    values = np.linalg.eigvalsh(hessian.numpy())
    assert lowest[1] == pytest.approx(values[0], abs=1e-8)
    assert highest[1] == pytest.approx(values[-1], rel=1e-8)


def test_curvatures_are_right_where_units_never_switch_on():
    network = network_of(LandscapeConfig(depth=3, width=4, skip=True, dataset="spiral"))
    w = some_weights(network)
    network.shape.layers(w).biases[1][...] = -20.0  # a whole layer is off: many zeros
    lowest, highest = extremes(network, np.stack([w, some_weights(network, 2)]))
    hessian = torch.autograd.functional.hessian(
        lambda flat: torch_loss(network, flat), torch.tensor(w)
    )
    values = np.linalg.eigvalsh(hessian.numpy())
    assert lowest[0] == pytest.approx(values[0], abs=1e-8)
    assert highest[0] == pytest.approx(values[-1], rel=1e-8)


def test_training_is_torchs():
    config = LandscapeConfig(optimizer="momentum", lr=0.1, skip=True, steps=15, depth=2)
    training = train(config)
    flat = torch.tensor(training.network.start, requires_grad=True)
    optimizer = torch.optim.SGD([flat], lr=0.1, momentum=0.9)
    for _ in range(15):
        optimizer.zero_grad()
        torch_loss(training.network, flat).backward()
        optimizer.step()
    np.testing.assert_allclose(training.parameters[-1], flat.detach().numpy(), atol=1e-9)


@pytest.mark.parametrize("directions", names.DIRECTIONS)
def test_the_center_is_the_trained_network(directions):
    made = surface(LandscapeConfig(directions=directions, **SMALL))
    middle = made.loss[25, 25]
    assert made.loss.shape == (51, 51)
    assert made.axes[:, 25].tolist() == [0, 0]
    assert middle == pytest.approx(made.training.loss[-1], abs=1e-12)
    assert made.slice_loss[-1] == pytest.approx(made.path_loss[-1], abs=1e-12)
    np.testing.assert_allclose(made.path[-1], 0, atol=1e-12)


@pytest.mark.parametrize("directions", names.DIRECTIONS)
def test_each_place_of_the_plane_is_the_network_there(directions):
    made = surface(LandscapeConfig(directions=directions, **SMALL))
    center = made.training.parameters[-1]
    for row, column in ((0, 0), (10, 40), (50, 25)):
        place = np.array([made.axes[0, column], made.axes[1, row]])
        flat = torch.tensor(center + place @ made.directions)
        wanted = torch_loss(made.training.network, flat).item()
        assert made.loss[row, column] == pytest.approx(wanted, rel=1e-10)


def test_the_principal_plane_explains_what_svd_says():
    made = surface(LandscapeConfig(**SMALL))
    moves = made.training.parameters - made.training.parameters[-1]
    values = np.linalg.svd(moves, compute_uv=False)
    assert made.explained == pytest.approx((values[:2] ** 2).sum() / (values**2).sum(), abs=1e-12)
    np.testing.assert_allclose(made.path, moves @ made.directions.T, atol=1e-10)
    np.testing.assert_allclose(made.directions @ made.directions.T, np.eye(2), atol=1e-12)
    other = surface(LandscapeConfig(directions="random", **SMALL))
    assert other.explained < made.explained


def test_filter_normalized_directions_are_as_long_as_the_weights():
    made = surface(LandscapeConfig(directions="random", **SMALL))
    shape, center = made.training.network.shape, made.training.parameters[-1]
    for direction in made.directions:
        for mine, theirs in zip(
            shape.layers(direction).weights, shape.layers(center).weights, strict=True
        ):
            np.testing.assert_allclose(
                np.linalg.norm(mine, axis=-1), np.linalg.norm(theirs, axis=-1), rtol=1e-8
            )
        assert not direction[~shape.is_weight()].any()


@pytest.mark.parametrize("factor", [0.1, 3.0, 10.0])
def test_a_rescale_that_changes_nothing_changes_only_the_raw_picture(factor):
    settings = {"activation": "relu", "depth": 2, "width": 8, "steps": 100, "lr": 0.3}
    for directions in ("random", "raw"):
        before = surface(LandscapeConfig(directions=directions, **settings))
        after = surface(LandscapeConfig(directions=directions, rescale=factor, **settings))
        assert after.loss[25, 25] == pytest.approx(before.loss[25, 25], abs=1e-12)
        difference = np.abs(after.loss - before.loss).max()
        if directions == "random":
            assert difference < 1e-12 * max(1.0, before.loss.max())
        else:
            assert difference > 0.1


def test_where_there_is_nothing_to_rescale_nothing_is():
    for own in ({"activation": "tanh"}, {"activation": "relu", "skip": True},
                {"activation": "relu", "depth": 1}):  # fmt: skip
        config = LandscapeConfig(**{**SMALL, **own, "directions": "raw"})
        np.testing.assert_array_equal(
            surface(config).loss, surface(replace(config, rescale=5.0)).loss
        )


def test_a_network_that_does_not_learn_has_a_window_too():
    made = surface(LandscapeConfig(width=2, depth=6, steps=10, seed=3, resolution=11, noise=0.5))
    still = surface(LandscapeConfig(lr=1e-9, steps=1, resolution=11, depth=1, width=2))
    for each in (made, still):
        assert (np.diff(each.axes) > 0).all()
        assert np.isfinite(each.loss).all()


@settings(max_examples=15, deadline=None)
@given(
    config=st.builds(
        LandscapeConfig, dataset=st.sampled_from(names.DATASETS), depth=st.integers(1, 3),
        width=st.integers(2, 8), activation=st.sampled_from(names.ACTIVATIONS),
        skip=st.booleans(), optimizer=st.sampled_from(names.OPTIMIZERS), lr=st.floats(1e-3, 10),
        steps=st.integers(1, 25), directions=st.sampled_from(names.DIRECTIONS),
        extent=st.floats(0.01, 10), rescale=st.floats(0.01, 100), seed=st.integers(0, 99),
        resolution=st.just(11),
    )
)  # fmt: skip
def test_any_landscape_has_its_shapes(config):
    made = surface(config)
    frames = len(made.training.steps)
    assert made.loss.shape == (11, 11)
    assert made.path.shape == (frames, 2)
    assert made.path_loss.shape == made.slice_loss.shape == (frames,)
    assert 0 <= made.explained <= 1 + 1e-9
    assert (np.diff(made.axes) > 0).all()
    np.testing.assert_array_equal(surface(config).loss, made.loss)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"dataset": "iris"}, "expected dataset in circle, .*, got 'iris'"),
        ({"depth": 0}, "expected 1 <= depth <= 8, got 0"),
        ({"lr": -1.0}, "expected 0 < lr <= 10, got -1"),
        ({"resolution": 50}, "expected an odd resolution, got 50"),
        ({"skip": 1}, "expected True or False, got skip=1"),
        ({"rescale": 0.0}, "expected 0.01 <= rescale <= 100, got 0"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(wrong, words):
    with pytest.raises(ValueError, match=words):
        LandscapeConfig(**wrong)
