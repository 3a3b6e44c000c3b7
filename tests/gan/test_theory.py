"""Closed forms of the game against quadrature, the course's constants and linear algebra."""

from math import log

import numpy as np
import pytest
from scipy import integrate, stats

from dlviz.gan.dirac import dirac_paths, force
from dlviz.gan.theory import (
    EQUILIBRIUM,
    dirac_spectrum,
    js,
    kl,
    normal,
    normal_kl,
    normal_wasserstein,
    optimal_discriminator,
    value,
    wasserstein,
)

X = np.linspace(-16, 18, 20_001)
# The course's values of V(D*) for data N(0, 1), item 004-56d.
COURSE = {(1, 1): -1.16345, (2, 1): -0.71263, (5, 1): -0.03441, (0, 2): -1.20083}
PAIRS = [(0.0, 1.0, 1.0, 1.0), (0.0, 1.0, 2.0, 0.5), (1.0, 0.7, -1.0, 2.0), (0.0, 1.0, 0.0, 1.0)]


def _quad(function) -> float:
    return integrate.quad(function, -16, 18, limit=400, points=[-2, -1, 0, 1, 2])[0]


@pytest.mark.parametrize(("other", "expected"), COURSE.items())
def test_the_value_of_the_best_discriminator_is_the_courses(other, expected):
    assert value(normal(X), normal(X, *other), X) == pytest.approx(expected, abs=1e-5)


def test_at_the_equilibrium_d_is_a_half_and_the_value_minus_log_four():
    p = normal(X)
    assert (optimal_discriminator(p, p) == 0.5).all()
    assert value(p, p, X) == pytest.approx(-1.386294, abs=1e-6)
    assert pytest.approx(-1.386294, abs=1e-6) == EQUILIBRIUM


def test_the_best_discriminator_of_equal_bells_is_a_logistic_curve():
    expected = 1 / (1 + np.exp(2 * X - 2))  # log p/q = −μ x + μ²/2 with μ = 2
    got = optimal_discriminator(normal(X), normal(X, 2.0))
    np.testing.assert_allclose(got[np.abs(X) < 10], expected[np.abs(X) < 10], rtol=1e-9)
    assert optimal_discriminator(normal(0.0), normal(0.0, 0, 2)) == pytest.approx(2 / 3)


@pytest.mark.parametrize(("a", "s", "b", "t"), PAIRS)
def test_divergences_are_those_of_adaptive_quadrature(a, s, b, t):
    f, g = stats.norm(a, s), stats.norm(b, t)
    p, q = normal(X, a, s), normal(X, b, t)
    exact = _quad(lambda x: f.pdf(x) * (f.logpdf(x) - g.logpdf(x)))
    assert kl(p, q, X) == pytest.approx(exact, abs=1e-6)
    assert normal_kl(a, s, b, t) == pytest.approx(exact, abs=1e-6)

    def half(x, one):
        both = np.logaddexp(f.logpdf(x), g.logpdf(x)) - log(2)
        return one.pdf(x) * (one.logpdf(x) - both)

    mean = (_quad(lambda x: half(x, f)) + _quad(lambda x: half(x, g))) / 2
    assert js(p, q, X) == pytest.approx(mean, abs=1e-6)
    moved = _quad(lambda x: abs(f.cdf(x) - g.cdf(x)))
    assert wasserstein(p, q, X) == pytest.approx(moved, abs=1e-4)
    assert normal_wasserstein(a, s, b, t) == pytest.approx(moved, abs=1e-5)


def test_the_value_is_the_divergence_but_for_its_zero_and_no_d_does_better():
    p, q = normal(X, 0.5, 1.2), normal(X, -1.0, 0.7)
    best = value(p, q, X)
    assert best == pytest.approx(-log(4) + 2 * js(p, q, X), abs=1e-9)
    rng = np.random.default_rng(0)
    for _ in range(20):
        other = 1 / (1 + np.exp(-(rng.normal() + rng.normal() * X)))
        assert value(p, q, X, np.clip(other, 1e-12, 1 - 1e-12)) < best


def test_of_disjoint_supports_js_is_log_two_and_wasserstein_how_far_they_are_apart():
    for gap in (5.0, 10.0):
        p, q = normal(X, 0, 0.25), normal(X, gap, 0.25)
        assert js(p, q, X) == pytest.approx(log(2), abs=1e-9)
        assert wasserstein(p, q, X) == pytest.approx(gap, abs=1e-4)


def _jacobian(method: str, lr: float, r1: float) -> np.ndarray:
    """Return the Jacobian of one step at (0, 0) by central differences."""

    def step(theta, psi):
        along, up = force(theta, psi, r1)
        after = psi + lr * up
        if method == "alternating":
            along, _ = force(theta, after, r1)
        return np.array([theta + lr * along, after])

    h = 1e-5
    return np.stack([(step(h, 0) - step(-h, 0)) / (2 * h), (step(0, h) - step(0, -h)) / (2 * h)], 1)


@pytest.mark.parametrize("method", ["simultaneous", "alternating"])
@pytest.mark.parametrize(("lr", "r1"), [(0.2, 0.0), (0.2, 0.5), (1.0, 0.3), (0.1, 3.0)])
def test_the_smallest_games_spectrum_is_that_of_its_step(method, lr, r1):
    found = np.linalg.eigvals(_jacobian(method, lr, r1))
    ours = dirac_spectrum(lr, method, r1)
    np.testing.assert_allclose(np.sort_complex(found), np.sort_complex(ours), atol=1e-8)


def test_both_at_once_run_away_in_turns_circle_and_r1_comes_home():
    # Mescheder, Geiger & Nowozin 2018: |1 ± i lr/2| = √(1 + lr²/4), and 1 in turns.
    assert np.abs(dirac_spectrum(0.2)) == pytest.approx(np.sqrt(1 + 0.01))
    assert np.abs(dirac_spectrum(0.2, "alternating")) == pytest.approx(1)
    assert np.abs(dirac_spectrum(0.2, r1=0.5)).max() < 1
    away = np.hypot(*dirac_paths([0.0, 0.5], steps=400).T)  # (steps + 1, 2)
    assert away[-1, 0] > 2 > 1e-3 > away[-1, 1]
    circle = np.hypot(*dirac_paths([0.0], "alternating", steps=2000)[0].T)
    assert 0.8 < circle.min() < circle.max() < 1.5


def test_a_path_of_the_smallest_game_is_that_of_autograd():
    import torch

    theta, psi = torch.tensor(1.0, dtype=torch.float64), torch.tensor(0.0, dtype=torch.float64)
    for _ in range(20):
        theta.requires_grad_(True), psi.requires_grad_(True)
        loss = torch.nn.functional.logsigmoid(psi * theta)
        along, up = torch.autograd.grad(loss, (theta, psi))
        with torch.no_grad():
            theta, psi = theta - 0.2 * along, psi + 0.2 * (up - 0.3 * psi)
    got = dirac_paths([0.3], steps=20)[0, -1]
    np.testing.assert_allclose(got, [theta.item(), psi.item()], rtol=1e-12)
