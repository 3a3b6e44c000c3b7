"""Activations and their derivatives against torch and its autograd."""

import numpy as np
import pytest
import torch

from dlviz.activations import ACTIVATIONS, OUTPUTS

TORCH_PEERS = {
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "gelu": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
    "sine": torch.sin,
    "linear": lambda z: 1.0 * z,
    "softmax": lambda z: torch.softmax(z, dim=-2),
}
ALL = ACTIVATIONS | OUTPUTS
Z = np.concatenate([np.linspace(-6, 6, 60), [0.0, -30.0, 30.0]]).reshape(3, 3, 7)


def test_every_activation_has_a_peer():
    assert set(ALL) == set(TORCH_PEERS)


@pytest.mark.parametrize("name", TORCH_PEERS)
def test_every_activation_and_its_derivative_equal_torchs(name):
    upstream = np.random.default_rng(0).normal(size=Z.shape)
    z = torch.tensor(Z, requires_grad=True)
    a = TORCH_PEERS[name](z)
    (a * torch.tensor(upstream)).sum().backward()
    ours = ALL[name].value(Z)
    np.testing.assert_allclose(ours, a.detach().numpy(), rtol=0, atol=1e-14)
    ALL[name].back(Z.copy(), ours, upstream)
    np.testing.assert_allclose(upstream, z.grad.numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "softmax"])
def test_what_saturates_neither_overflows_nor_leaves_its_range(name):
    a = ALL[name].value(np.array([[-1e300], [-800.0], [800.0], [1e300]]))
    assert np.isfinite(a).all()
    assert np.abs(a).max() <= 1


def test_gelu_is_within_5e_4_of_the_exact_one():
    exact = torch.nn.functional.gelu(torch.tensor(Z)).numpy()
    assert np.abs(ACTIVATIONS["gelu"].value(Z) - exact).max() < 5e-4
