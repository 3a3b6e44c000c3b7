"""Theory of small changes: closed forms against sums, simulations and scipy's distributions."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import binomtest, norm
from torch import nn

from dlviz.attacks import AttackConfig, attack
from dlviz.robustness import (
    Sharpened,
    certified_radius,
    chosen_change,
    distractor,
    lower_bound,
    random_change,
    sign_gap,
    smoothed,
)
from dlviz.victims import unseen_digits, victim


def test_chosen_signs_do_the_most_that_any_signs_do() -> None:
    w = np.random.default_rng(0).standard_normal(10)
    every = np.array(np.meshgrid(*[[-1, 1]] * 10)).reshape(10, -1)  # all 1024 patterns
    assert chosen_change(w, 0.3).sum() == pytest.approx((0.3 * w @ every).max())


def test_random_signs_do_epsilon_times_the_length() -> None:
    rng = np.random.default_rng(1)
    w = rng.standard_normal(400)
    change = 0.3 * rng.choice([-1.0, 1.0], (20000, 400)) @ w
    spread, size = random_change(w, 0.3)
    assert np.sqrt(np.mean(change**2)) == pytest.approx(spread, rel=0.02)
    assert np.abs(change).mean() == pytest.approx(size, rel=0.02)


def test_the_gap_is_that_of_the_course_and_of_normal_weights() -> None:
    assert round(sign_gap(784)) == 22
    assert round(sign_gap(224 * 224 * 3)) == 310
    w = np.random.default_rng(2).standard_normal((50, 5000))
    measured = np.abs(w).sum(1) / np.linalg.norm(w, axis=1)
    assert measured.mean() == pytest.approx(sign_gap(5000), rel=0.01)


def test_certified_radius_and_its_bound_are_those_of_scipy() -> None:
    for p in (0.6, 0.9, 0.999):
        assert certified_radius(p, 0.5) == pytest.approx(0.5 * norm.ppf(p))
    assert certified_radius(0.5, 1.0) == certified_radius(0.2, 1.0) == 0
    for hits, trials in ((990, 1000), (600, 1000), (1, 20), (20, 20)):
        exact = binomtest(hits, trials, alternative="greater").proportion_ci(0.999, "exact")
        assert lower_bound(hits, trials) == pytest.approx(exact.low)
    assert lower_bound(0, 10) == 0


def test_a_smoothed_linear_classifier_is_certified_up_to_nearly_its_distance() -> None:
    # f = sign(w·x + b): under N(0, sigma^2) right with probability Φ(distance / sigma), so the
    # radius of theorem 1 with the true probability is the distance itself.
    layer = nn.Linear(2, 2, dtype=torch.float64).requires_grad_(False)
    layer.weight.copy_(torch.tensor([[3.0, 4.0], [0.0, 0.0]]))
    layer.bias.copy_(torch.tensor([-1.0, 0.0]))
    x = torch.tensor([[0.5, 0.2], [0.0, 0.5], [0.12, 0.16]], dtype=torch.float64)
    distance = (x @ torch.tensor([3.0, 4.0], dtype=torch.float64) - 1).abs() / 5
    s = smoothed(layer, x, sigma=0.25, samples=20000)
    assert s.classes.tolist() == [0, 0, -1]  # the last lies on the boundary: no answer
    assert (s.radius <= distance.numpy() + 1e-9).all()
    np.testing.assert_allclose(s.radius[:2], distance[:2], atol=0.03)
    assert s.votes.sum(1).tolist() == [20000] * 3


def test_no_attack_within_the_certified_radius_changes_the_smoothed_answer() -> None:
    model, (x, y) = victim("mlp", hardened=True), unseen_digits()
    x, y = x[:8], y[:8]
    before = smoothed(model, x, samples=600)
    reach = 0.9 * float(before.radius[before.radius > 0].min())
    moved = attack(model, x, y, AttackConfig("pgd", norm="l2", epsilon=reach)).adversarial
    after = smoothed(model, moved, samples=600, seed=1)
    sure = (before.classes >= 0) & (after.classes >= 0)
    assert sure.sum() >= 6
    assert (before.classes[sure] == after.classes[sure]).all()


def test_the_weight_of_a_pixel_without_signal_is_minus_one() -> None:
    d = distractor(n=5000)
    # x1 - x2 = y exactly; cov(x, y) / var(y) = (1, 0) up to 1/√n.
    np.testing.assert_allclose(d.weights, [1, -1], atol=1e-9)
    np.testing.assert_allclose(d.pattern, [1, 0], atol=0.05)
    np.testing.assert_allclose(d.x @ [1, -1], d.y, atol=1e-12)


def test_a_sharpened_network_looks_safe_until_another_loss_is_climbed() -> None:
    plain, (x, y) = victim("cnn"), unseen_digits()
    masked = Sharpened(plain).eval()
    assert torch.equal(masked(x).argmax(1), plain(x).argmax(1))
    right = {}
    for loss in ("cross_entropy", "margin"):
        config = AttackConfig("pgd", epsilon=0.2, loss=loss)
        right[loss] = 1 - attack(masked, x, y, config).success.double().mean().item()
    unmasked = 1 - attack(plain, x, y, AttackConfig("pgd", epsilon=0.2)).success.double().mean()
    assert right["cross_entropy"] > 0.8
    assert right["margin"] < unmasked + 0.05 < 0.2


def test_bad_arguments_are_one_sentence() -> None:
    with pytest.raises(ValueError, match="expected 0 <= probability <= 1, got nan"):
        certified_radius(math.nan, 1.0)
    with pytest.raises(ValueError, match="expected 0 < sigma <= 100, got 0"):
        smoothed(victim("linear"), unseen_digits()[0][:1], sigma=0)
    with pytest.raises(ValueError, match="expected 1 <= n <= 1000000000, got 0"):
        sign_gap(0)
