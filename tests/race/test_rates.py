"""Rates of momentum against eigenvalues, closed forms, the numbers of the course and Distill."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz.race import rates

PACES = np.linspace(0.01, 4, 80)
BETAS = np.linspace(0, 0.99, 34)
PLANE = np.meshgrid(PACES, BETAS)

# Each rule on a parabola as a matrix: of (v, w) with v ← βv + λw and w ← w − αv, and so on.
MATRICES = {
    "momentum": lambda a, b: [[b, 1], [-a * b, 1 - a]],
    "nesterov": lambda a, b: [[b, 1], [-a * b * b, 1 - a * (1 + b)]],
    "printed": lambda a, b: [[b, 1], [-a, 1]],
}
RATE = {"momentum": rates.momentum_rate, "nesterov": rates.nesterov_rate,
        "printed": rates.printed_rate}  # fmt: skip


@pytest.mark.parametrize("rule", MATRICES)
def test_a_rate_is_the_spectral_radius(rule):
    matrices = np.array([[MATRICES[rule](a, b) for a in PACES] for b in BETAS])
    radius = np.abs(np.linalg.eigvals(matrices)).max(-1)
    # near a double root eigenvalues are only good to the square root of rounding
    np.testing.assert_allclose(RATE[rule](*PLANE), radius, atol=3e-8)


@pytest.mark.parametrize("rule", MATRICES)
def test_the_rate_is_what_late_steps_do(rule):
    for pace, beta in [(0.3, 0.2), (0.02, 0.5), (1.2, 0.05), (0.03, 0.05)]:
        errors = rates.iterates(rule, pace, np.array([beta]), 1.0, 400)[0]
        late = (np.abs(errors[300:]).max() / np.abs(errors[200:301]).max()) ** 0.01
        assert late == pytest.approx(float(RATE[rule](pace, beta)), rel=0.02)


def test_ripples_shrink_by_the_root_of_beta_whatever_the_rate():
    rippling = rates.regimes(*PLANE) == "ripples"
    assert rippling.sum() > 500
    np.testing.assert_allclose(
        rates.momentum_rate(*PLANE)[rippling], np.sqrt(PLANE[1][rippling]), rtol=1e-14
    )
    assert rates.momentum_rate(0.15, 0.9) == pytest.approx(0.9486833, abs=1e-7)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(
    ("rate", "limit", "closed"),
    [
        (rates.momentum_rate, rates.momentum_limit, lambda b: 2 + 2 * b),
        (rates.nesterov_rate, rates.nesterov_limit, lambda b: (2 + 2 * b) / (1 + 2 * b)),
        (rates.printed_rate, rates.printed_limit, lambda b: 1 - b),
    ],
)
def test_a_rule_settles_up_to_its_limit_and_no_further(beta, rate, limit, closed):
    assert limit(beta) == pytest.approx(closed(beta), rel=1e-14)
    assert rate(limit(beta) - 1e-6, beta) < 1
    assert rate(limit(beta) + 1e-6, beta) > 1
    assert rate(limit(beta) / 2, beta) < 1
    assert rate(-1e-3, beta) > 1


def test_the_courses_limits():
    assert [rates.momentum_limit(b) for b in (0.9, 0.5, 0)] == pytest.approx([3.8, 3, 2])
    assert [rates.printed_limit(b) for b in (0.9, 0.5, 0)] == pytest.approx([0.1, 0.5, 1])
    assert [rates.nesterov_limit(b) for b in (0.9, 0.5)] == pytest.approx([1.357, 1.5], abs=1e-3)


def test_distills_numbers_for_curvatures_1_10_100():
    pace, beta, rate = rates.momentum_optimum(100)
    assert (pace, beta, rate) == pytest.approx((3.3057851, 0.669421488, 0.818181818), rel=1e-8)
    each = rates.momentum_rate(pace * np.array([0.01, 0.1, 1]), beta)
    np.testing.assert_allclose(each, 0.818181818, atol=1e-8)
    assert rates.plain_optimum(100) == pytest.approx((1.9801980, 0.9801980198))
    np.testing.assert_allclose(
        rates.momentum_rate(1.98019802 * np.array([0.01, 1]), 0), 0.980198, atol=1e-6
    )


@pytest.mark.parametrize(
    ("alpha", "beta", "rate", "regime"),
    [
        (0.0015, 0.9, 0.948683, "ripples"),
        (0.0015, 0.125, 0.823143, "monotone"),
        (0.01, 1e-5, 0.003162, "one step"),
        (0.02, 0.05, 0.894076, "oscillates"),
        (0.025, 0.235, 1.038771, "diverges"),
    ],
)
def test_distills_five_regimes(alpha, beta, rate, regime):
    assert rates.momentum_rate(100 * alpha, beta) == pytest.approx(rate, abs=1e-6)
    assert rates.regimes(100 * alpha, beta) == regime


@given(pace=st.floats(0.001, 3.99))
def test_on_the_ridge_no_other_beta_is_faster(pace):
    ridge = float(rates.critical_damping(pace))
    best = rates.momentum_rate(pace, ridge)
    assert best == pytest.approx(abs(1 - np.sqrt(pace)), abs=1e-7)
    assert (rates.momentum_rate(pace, np.linspace(0, 0.9999, 200)) >= best - 1e-7).all()


@pytest.mark.parametrize("condition", [1.0, 10.0, 100.0, 1e4])
@pytest.mark.parametrize(
    ("rate", "optimum"),
    [(rates.momentum_rate, rates.momentum_optimum), (rates.nesterov_rate, rates.nesterov_optimum)],
)
def test_no_point_of_the_plane_beats_the_optimum(condition, rate, optimum):
    pace, beta, best = optimum(condition)
    whole = rate(np.array([pace, pace / condition]), beta).max()
    assert whole == pytest.approx(best, abs=1e-7)
    paces, betas = np.meshgrid(np.linspace(0.005, 3.995, 200), np.linspace(0, 0.9999, 200))
    worst = np.maximum(rate(paces, betas), rate(paces / condition, betas))
    assert worst.min() >= best - 1e-7


@pytest.mark.parametrize("rule", ["sgd", "momentum", "nesterov"])
def test_the_runs_on_a_parabola_are_torchs(rule):
    pace, beta = 0.7, 0.6
    w = torch.ones(1, dtype=torch.float64, requires_grad=True)
    settings = {"sgd": {}, "momentum": {"momentum": beta},
                "nesterov": {"momentum": beta, "nesterov": True}}[rule]  # fmt: skip
    optimizer = torch.optim.SGD([w], lr=pace, **settings)
    seen = [1.0]
    for _ in range(30):
        optimizer.zero_grad()
        (0.5 * w * w).sum().backward()
        optimizer.step()
        seen.append(w.item())
    mine = rates.iterates(rule, pace, np.array([beta]), 1.0, 30)[0]
    np.testing.assert_allclose(mine, seen, rtol=0, atol=1e-14)


def test_the_printed_rule_steps_along_the_velocity_of_before():
    pace, beta, v, w = 0.3, 0.5, 0.0, 1.0
    seen = [w]
    for _ in range(20):
        v, w = beta * v - pace * w, w + v
        seen.append(w)
    mine = rates.iterates("printed", pace, np.array([beta]), 1.0, 20)[0]
    np.testing.assert_allclose(mine, seen, atol=1e-14)
