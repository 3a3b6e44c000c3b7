"""Losses and their gradients against torch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as nnf

from dlviz.losses import LOSSES

RNG = np.random.default_rng(0)
SCORES = 4 * RNG.normal(size=(2, 3, 8))  # two runs, three outputs, eight samples
LABELS = RNG.integers(0, 3, 8)
ONE_HOT = np.eye(3)[LABELS].T  # (3, 8)
TORCH_PEERS = {
    "half_mse": lambda s, t: (0.5 * nnf.mse_loss(s, t, reduction="none")).sum(-2),
    "bce": lambda s, t: nnf.binary_cross_entropy_with_logits(s, t, reduction="none").sum(-2),
    "hinge": lambda s, t: torch.clamp(1 - t * s, min=0).sum(-2),
    "cross_entropy": lambda s, t: nnf.cross_entropy(s, _labels(), reduction="none"),
}


def _labels():
    return torch.tensor(LABELS).expand(2, 8)


def _targets(name):
    return 2 * ONE_HOT - 1 if name == "hinge" else ONE_HOT


def test_every_loss_has_a_peer():
    assert set(LOSSES) == set(TORCH_PEERS)


@pytest.mark.parametrize("name", TORCH_PEERS)
def test_every_loss_and_its_gradient_equal_torchs(name):
    scores = torch.tensor(SCORES, requires_grad=True)
    targets = torch.tensor(np.broadcast_to(_targets(name), SCORES.shape).copy())
    value = TORCH_PEERS[name](scores, targets)
    value.sum().backward()
    loss = LOSSES[name]
    np.testing.assert_allclose(loss.value(SCORES, _targets(name)), value.detach(), atol=1e-12)
    np.testing.assert_allclose(loss.gradient(SCORES, _targets(name)), scores.grad, atol=1e-12)


@pytest.mark.parametrize("name", ["bce", "cross_entropy"])
def test_a_score_far_out_costs_what_it_is_far_and_no_more(name):
    scores = np.array([[0.0], [-1000.0]])
    targets = np.array([[0.0], [1.0]])
    (value,) = LOSSES[name].value(scores, targets)
    other = np.log(2) if name == "bce" else 0.0  # of the output that says 0 to a target of 0
    assert value == pytest.approx(1000 + other)


def test_cross_entropy_of_two_classes_is_bce_of_the_difference():
    s, t = RNG.normal(size=(2, 10)), np.eye(2)[RNG.integers(0, 2, 10)].T
    two = LOSSES["cross_entropy"].value(s, t)
    one = LOSSES["bce"].value(s[1:] - s[:1], t[1:])
    np.testing.assert_allclose(two, one, rtol=1e-12)
