"""Descent against closed forms, the course's numbers, torch and single runs."""

from dataclasses import replace
from math import e, pi

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.descent.compute import (
    DescentConfig,
    basins,
    basins_sweep,
    branch,
    branch_sweep,
    changes_between,
    descend,
    facts,
    outcome_sentence,
    rule_of,
    surface_of,
    sweep,
)
from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.surfaces import SURFACES

PARABOLA = DescentConfig(surface="quadratic", start=(1.0, 0.0))
NEAR_POLE = (1 / e + 0.01, 0.0)


def _on(surface, x, y=0.0, **others):
    return descend(DescentConfig(surface=surface, start=(x, y), **others))


# Closed forms on quadratics: the error along an axis of curvature λ is (1 - ηλ)^t.


@pytest.mark.parametrize(
    ("lr", "expected"),
    [
        (0.5, [1, 0.5, 0.25, 0.125]),
        (1.0, [1, 0, 0, 0]),
        (1.5, [1, -0.5, 0.25, -0.125]),
        (2.0, [1, -1, 1, -1]),
        (2.1, [1, -1.1, 1.21, -1.331]),
    ],
)
def test_the_four_regimes_give_the_sequences_of_the_figure(lr, expected):
    trace = descend(replace(PARABOLA, lr=lr, steps=3))
    np.testing.assert_allclose(trace.points[:, 0], expected, rtol=1e-15)


def test_descent_in_a_bowl_is_a_power_law_along_each_axis():
    trace = descend(DescentConfig(curvature1=0.3, curvature2=7.0, lr=0.2, start=(2.0, -1.0)))
    t = np.arange(101)[:, None]
    expected = (1 - 0.2 * np.array([0.3, 7.0])) ** t * np.array([2.0, -1.0])
    np.testing.assert_allclose(trace.points, expected, rtol=1e-10)
    np.testing.assert_allclose(trace.losses, 0.5 * (expected**2) @ [0.3, 7.0], rtol=1e-10)
    np.testing.assert_allclose(trace.grads, expected * [0.3, 7.0], rtol=1e-10)


def test_turning_the_bowl_turns_the_path():
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    straight = descend(DescentConfig(start=(2.0, 1.0)))
    turned = descend(DescentConfig(rotation=30.0, start=tuple((turn @ [2.0, 1.0]).tolist())))
    np.testing.assert_allclose(turned.points, straight.points @ turn.T, atol=1e-12)


@pytest.mark.parametrize("curvature", [0.5, 1.0, 8.0, 100.0])
def test_descent_settles_below_two_over_the_curvature_and_runs_away_above(curvature):
    below, at, above = (
        replace(PARABOLA, curvature1=curvature, lr=factor / curvature, steps=400)
        for factor in (1.95, 2.0, 2.01)
    )
    assert [descend(c).outcome for c in (below, at, above)] == ["converged", "cycles", "diverged"]


def test_growth_of_a_thousandth_a_step_is_seen_before_the_point_is_far():
    trace = descend(replace(PARABOLA, lr=2.001))
    assert trace.outcome == "diverged"
    assert abs(trace.points[-1, 0]) < 1.2


@pytest.mark.parametrize("steps", [3, 4, 5, 20, 100])
def test_the_regimes_are_named_right_however_short_the_run(steps):
    names = [descend(replace(PARABOLA, lr=lr, steps=steps)).outcome for lr in (1.0, 2.0, 2.1)]
    assert names == ["converged", "cycles", "diverged"]


@pytest.mark.parametrize(
    ("optimizer", "momentum", "limit"),
    [
        ("momentum", 0.9, 3.8),
        ("momentum", 0.5, 3.0),
        ("nesterov", 0.9, 3.8 / 2.8),
        ("nesterov", 0.5, 1.5),
    ],
)
def test_momentum_settles_below_its_limit_and_runs_away_above(optimizer, momentum, limit):
    config = replace(PARABOLA, optimizer=optimizer, momentum=momentum, steps=2000)
    assert descend(replace(config, lr=0.99 * limit)).outcome == "converged"
    assert descend(replace(config, lr=1.01 * limit)).outcome == "diverged"
    assert facts(descend(replace(config, lr=1.0)))["rule_limit"] == pytest.approx(limit)


def test_newton_needs_one_step_on_any_bowl():
    trace = descend(DescentConfig(curvature2=100.0, rotation=20.0, optimizer="newton", lr=1.0))
    np.testing.assert_allclose(trace.points[1:], 0, atol=1e-12)
    assert facts(trace)["steps_to_converge"] == 1


# The course's figures.


def test_j1_from_two_and_a_half_rolls_into_its_minimum():
    trace = _on("j1", 2.5, lr=0.05)
    np.testing.assert_allclose(trace.points[:3, 0], [2.5, 2.4036, 2.3096], atol=5e-5)
    assert trace.points[-1, 0] == pytest.approx(e**-0.5, abs=1e-6)
    assert trace.outcome == "converged"


def test_j1_from_beside_the_pole_leaps_first():
    trace = _on("j1", NEAR_POLE[0], lr=0.01, steps=1000)
    assert trace.points[1, 0] == pytest.approx(5.3495, abs=5e-5)
    assert trace.points[-1, 0] == pytest.approx(0.60653, abs=5e-6)


def test_j1_holds_steps_up_to_a_quarter_and_bounces_beyond():
    assert _on("j1", 0.65, lr=0.245, steps=1000).outcome == "converged"
    bouncing = _on("j1", 2.5, lr=0.3)
    assert bouncing.outcome == "cycles"
    ends = sorted(bouncing.points[-2:, 0])
    np.testing.assert_allclose(ends, [0.556, 0.725], atol=5e-4)
    assert facts(bouncing)["lambda_max"] == pytest.approx(8.0, abs=1e-9)
    assert facts(bouncing)["stability_limit"] == pytest.approx(0.25, abs=1e-9)


def test_a_cycle_that_fills_up_from_inside_is_not_taken_for_running_away():
    outcomes = {_on("j1", 0.607, lr=lr, steps=200).outcome for lr in (0.26, 0.28, 0.3)}
    assert outcomes == {"cycles"}


def test_j2_from_two_starts_ends_in_two_minima():
    first = _on("j2", 2.5, lr=0.05)
    np.testing.assert_allclose(first.points[1:5, 0], [2.4036, 2.1697, 1.7662, 1.5858], atol=5e-5)
    second = _on("j2", NEAR_POLE[0], lr=0.01)
    np.testing.assert_allclose(second.points[1:3, 0], [4.9254, 5.2041], atol=5e-5)
    for trace, x, loss in [(first, 1.58229, -1.65912), (second, 5.52980, -11.23361)]:
        assert (trace.points[-1, 0], trace.losses[-1]) == pytest.approx((x, loss), abs=5e-6)
    assert facts(first)["minimum_kind"] == "local"
    assert facts(second)["minimum_kind"] == "deepest"


@pytest.mark.parametrize(("x", "limit"), [(1.58229, 0.1106), (3.54427, 0.0358), (5.52980, 0.0178)])
def test_each_minimum_of_j2_has_its_own_largest_step(x, limit):
    assert facts(_on("j2", x, lr=0.001))["stability_limit"] == pytest.approx(limit, abs=5e-5)
    assert _on("j2", x + 1e-4, lr=0.95 * limit, steps=500).outcome == "converged"
    assert _on("j2", x + 1e-4, lr=1.05 * limit, steps=500).outcome != "converged"


def test_lecuns_network_settles_at_one_and_a_half_and_runs_away_at_two_and_a_half():
    config = DescentConfig(surface="linear_network", start=(-1.5, 1.5), lr=1.5, steps=400)
    settled, away = descend(config), descend(replace(config, lr=2.5))
    assert (settled.outcome, away.outcome) == ("converged", "diverged")
    known = facts(settled)
    assert (known["lambda_max"], known["lambda_min"]) == pytest.approx((0.84, 0.036))
    assert (known["stability_limit"], known["best_rate"]) == pytest.approx((2 / 0.84, 2.283), 1e-3)
    assert known["condition_number"] == pytest.approx(23.3, abs=0.05)
    assert known["contraction"] == pytest.approx(1 - 1.5 * 0.036)
    assert away.losses[-1] / away.losses[-2] == pytest.approx(1.21)


def test_on_the_ridge_of_a_saddle_descent_stops_and_beside_it_leaves():
    ridge, beside = (_on("saddle", 1.5, y, lr=0.1) for y in (0.0, 1e-6))
    assert not ridge.points[:, 1].any()
    np.testing.assert_allclose(beside.points[:, 1], 1e-6 * 1.2 ** np.arange(101), rtol=1e-12)
    assert (ridge.outcome, facts(ridge)["end_kind"]) == ("converged", "saddle")
    assert beside.outcome == "diverged"
    assert facts(beside)["contraction"] == pytest.approx(1.2)


def test_creeping_past_a_saddle_is_not_taken_for_settling():
    assert {_on("saddle", 1.5, 1e-6, lr=0.1, steps=t).outcome for t in range(20, 61)} == {"ran"}


# Outcomes and sentences.


@pytest.mark.parametrize(
    ("trace", "outcome", "words"),
    [
        (_on("quadratic", 2.0, lr=2.1), "diverged", "Runs away: η·λ = 2.1 is over 2"),
        (_on("quadratic", 2.0, lr=2.1), "diverged", "each step is 1.1 times longer than the last"),
        (_on("quadratic", 2.0, lr=2.0), "cycles", "between 2 and −2|between −2 and 2"),
        (_on("quadratic", 2.0, lr=0.01), "ran", "each step leaves 0.99 of the way"),
        (_on("bowl", 2.0, 1.0, lr=0.21), "diverged", "η·λmax = 2.1 is over 2"),
        (_on("bowl", 2.0, 1.0, lr=0.4, optimizer="momentum"), "diverged", "η·λmax = 4 is over 3.8"),
        (_on("j1", 2.5, lr=0.3), "cycles", "at the nearest minimum η·λ = 2.4 is over 2"),
        (_on("j1", 2.5, lr=1.0), "left_domain", "step 3 goes from 0.921 to 0.007"),
        (_on("j1", 0.1), "left_domain", "Starts outside the domain"),
        (_on("j2", 2.5, lr=0.05), "converged", "Settles in a local minimum at 1.58"),
        (
            _on("himmelblau", 3.0, 2.1, lr=0.01),
            "converged",
            "one of 4 equally deep minima at (3, 2)",
        ),
        (_on("himmelblau", 3.0, 2.1, lr=0.1), "diverged", "Runs away: after"),
        (_on("saddle", 1.5, 0.0), "converged", "Stopped on a saddle at (0, 0)"),
        (_on("saddle", 1.5, 0.1), "diverged", "Falls without end: one axis curves down (λ = −2)"),
        (_on("double_well", 0.0), "converged", "Stopped on a maximum at 0"),
        (_on("monkey_saddle", 1.5, 0.0, steps=200), "converged", "Comes to rest at (0, 0)"),
        (_on("plateau", 1.5, 1.5), "converged", "Comes to rest at (0.47, 0.47)"),
        (_on("rosenbrock", -1.2, 1.0, lr=0.001), "ran", "Not settled after 100 steps"),
    ],
)
def test_each_outcome_is_said_in_one_sentence_with_its_numbers(trace, outcome, words):
    assert trace.outcome == outcome
    said = outcome_sentence(trace)
    assert any(part in said for part in words.split("|")), said
    assert said.endswith(".")
    assert said.count(". ") == 0


def test_a_formula_that_overflows_has_run_away_and_not_left_its_domain():
    trace = descend(DescentConfig(surface="formula", formula="x^4 - x^2", lr=1.0))
    assert trace.outcome == "diverged"
    assert not np.isfinite(trace.losses[-1])


def test_a_formula_that_ends_keeps_the_first_point_outside():
    trace = _on("formula", 0.5, formula="x + sqrt(x)", lr=0.3)
    outside = int(np.flatnonzero(trace.points[:, 0] < 0)[0])
    assert trace.outcome == "left_domain"
    assert np.isfinite(trace.losses[:outside]).all()
    assert np.isnan(trace.losses[outside:]).all()
    assert np.isnan(trace.points[outside + 1 :]).all()


def test_where_it_is_flat_no_minimum_is_claimed():
    trace = _on("formula", 1.4, formula="x^3", lr=0.1)
    assert facts(trace)["end_kind"] in ("degenerate", "none")


def test_a_far_start_that_comes_nearer_does_not_count_as_running_away():
    assert _on("bowl", 1e6, -1e6, lr=0.01).outcome == "ran"


def test_facts_name_what_the_pages_use():
    known = facts(descend(DescentConfig(lr=0.1)))
    expected = {
        "surface": "bowl",
        "start_x": -2.5,
        "start_y": 1.5,
        "outcome": "converged",
        "end_kind": "minimum",
        "minimum": 0,
        "minimum_kind": "deepest",
        "lambda_max": 10.0,
        "lambda_min": 1.0,
        "one_step": 0.1,
        "stability_limit": 0.2,
        "condition_number": 10.0,
        "period": None,
    }
    assert expected.items() <= known.items()
    assert known["best_rate"] == pytest.approx(2 / 11)
    assert known["contraction"] == pytest.approx(0.9)
    # Loss is 0.9^2t of the slow axis's 3.125, at first of 14.375 in all: t = 59 is a millionth.
    assert known["steps_to_converge"] == 59
    assert facts(descend(replace(PARABOLA, lr=2.0)))["period"] == 2


# Many runs at once.


@pytest.mark.parametrize(
    ("optimizer", "field", "values"),
    [
        ("sgd", "lr", [1e-3, 0.05, 0.2, 3.0]),
        ("momentum", "momentum", [0.0, 0.5, 0.99]),
        ("nesterov", "momentum", [0.0, 0.5, 0.99]),
        ("rmsprop", "beta2", [0.0, 0.5, 0.99]),
        ("adadelta", "beta2", [0.0, 0.5, 0.99]),
        ("adagrad", "lr", [0.1, 1.0]),
        ("adam", "beta2", [0.0, 0.5, 0.99]),
        ("nadam", "momentum", [0.0, 0.5, 0.99]),
        ("adamw", "weight_decay", [0.0, 0.5, 1.0]),
        ("newton", "start", [(-1.0, 2.0), (0.0, 0.0), (3.0, 1.0)]),
    ],
)
@pytest.mark.parametrize("schedule", ["constant", "warmup_cosine"])
def test_a_sweep_equals_its_runs_one_by_one(optimizer, field, values, schedule):
    config = DescentConfig(
        surface="himmelblau", optimizer=optimizer, lr=0.01, steps=40, schedule=schedule
    )
    swept = sweep(config, field, values)
    assert swept.points.shape == (len(values), 41, 2)
    assert swept.losses.shape == (len(values), 41)
    for run, value in enumerate(values):
        trace = descend(replace(config, **{field: value}))
        np.testing.assert_allclose(swept.points[run], trace.points, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(swept.losses[run], trace.losses, rtol=1e-9, atol=1e-12)
        assert swept.outcomes[run] == trace.outcome
    np.testing.assert_array_equal(swept.values, values)


def test_a_sweep_of_a_curve_starts_each_run_where_it_should():
    swept = sweep(DescentConfig(surface="j2", lr=0.01), "start", [(2.5, 0.0), NEAR_POLE])
    np.testing.assert_array_equal(swept.points[:, 0, 0], [2.5, NEAR_POLE[0]])


@pytest.mark.parametrize(
    ("field", "values", "message"),
    [
        ("steps", [1, 2], "expected field in"),
        ("lr", [0.1, -1.0], "expected 0 < lr <= 10, got -1.0"),
        ("start", [(0.0, float("nan"))], "expected -1e"),
    ],
)
def test_a_sweep_refuses_what_the_config_would(field, values, message):
    with pytest.raises(ValueError, match=message):
        sweep(DescentConfig(), field, values)


def test_runs_equal_torchs_on_convex_quadratics():
    config = DescentConfig(curvature1=0.7, curvature2=9.0, rotation=25.0, steps=300)
    swept = sweep(config, "lr", np.geomspace(1e-3, 2 / 9, 8))
    hessian = torch.tensor(surface_of(config).hessian(np.zeros((1, 2)))[0])
    for lr, points in zip(swept.values, swept.points, strict=True):
        w = torch.tensor(config.start, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=lr)
        for _ in range(300):
            optimizer.zero_grad()
            (0.5 * w @ hessian @ w).backward()
            optimizer.step()
        np.testing.assert_allclose(points[-1], w.detach().numpy(), rtol=0, atol=1e-9)


# Branches.


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_branch_without_changes_is_the_same_run(optimizer):
    trace = descend(DescentConfig(surface="himmelblau", optimizer=optimizer, lr=0.01))
    again = branch(trace, 20)
    np.testing.assert_array_equal(again.points, trace.points)
    np.testing.assert_array_equal(again.losses, trace.losses)
    assert again.branched_at == 20


def test_a_branch_shares_its_first_entries_and_then_goes_its_own_way():
    trace = descend(DescentConfig(lr=0.05))
    branched = branch(trace, 20, lr=0.15, steps=50)
    assert branched.points.shape == (51, 2)
    np.testing.assert_array_equal(branched.points[:21], trace.points[:21])
    np.testing.assert_array_equal(branched.losses[:21], trace.losses[:21])
    np.testing.assert_array_equal(branched.rates, [0.05] * 20 + [0.15] * 30)
    expected = trace.points[20] * (1 - 0.15 * np.array([1.0, 10.0])) ** 30
    np.testing.assert_allclose(branched.points[-1], expected)


def test_a_branch_keeps_the_velocity_unless_the_optimizer_changes():
    trace = descend(DescentConfig(optimizer="momentum", lr=0.01))
    velocity = (trace.points[19] - trace.points[20]) / 0.01
    for optimizer, kept in [("momentum", 0.9), ("nesterov", 0.0)]:
        branched = branch(trace, 20, lr=0.02, optimizer=optimizer)
        fresh = trace.grads[20] * (1.9 if optimizer == "nesterov" else 1.0)
        step = (branched.points[20] - branched.points[21]) / 0.02
        np.testing.assert_allclose(step, kept * velocity + fresh, rtol=1e-9)


def test_a_branch_of_a_branch_remembers_both_stretches():
    trunk = descend(DescentConfig(surface="himmelblau", optimizer="adam", lr=0.1))
    middle = branch(trunk, 30, lr=0.05)
    for step in (30, 60, 100):
        np.testing.assert_array_equal(branch(middle, step).points, middle.points)
    from_trunk, from_middle = branch(trunk, 10, lr=0.05), branch(middle, 10)
    np.testing.assert_array_equal(from_middle.points, from_trunk.points)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"optimizer": "adam", "beta2": 0.9},
        {"momentum": 0.5, "schedule": "cosine", "steps": 50},
        {"lr": 1.0, "steps": 20},
    ],
)
def test_the_runs_of_a_branch_sweep_are_branches(changes):
    trunk, rates = descend(DescentConfig(optimizer="momentum", lr=0.02)), (0.001, 0.05, 10.0)
    swept = branch_sweep(trunk, 20, rates, **changes)
    for r, lr in enumerate(rates):
        single = branch(trunk, 20, **{**changes, "lr": lr})
        assert swept.points[r].shape == single.points.shape
        np.testing.assert_allclose(swept.points[r], single.points, rtol=1e-12)
        assert swept.outcomes[r] == single.outcome


def test_a_branch_sweep_refuses_what_a_branch_refuses():
    trunk = descend(DescentConfig(steps=10))
    for changes in ({"surface": "saddle"}, {"steps": 4}, {"momentum": 2.0}):
        with pytest.raises(ValueError, match="expected"):
            branch_sweep(trunk, 5, (0.1,), **changes)


def test_what_a_branch_has_to_change_is_what_differs():
    trunk = DescentConfig(surface="saddle", lr=0.02)
    config = replace(trunk, lr=0.1, optimizer="adam", steps=7)
    assert changes_between(trunk, config) == {"lr": 0.1, "optimizer": "adam", "steps": 7}
    assert changes_between(trunk, trunk) == {}


def test_a_branch_at_the_last_step_adds_nothing_and_beyond_it_is_refused():
    trace = descend(DescentConfig(steps=10))
    np.testing.assert_array_equal(branch(trace, 10, lr=1.0).points, trace.points)
    with pytest.raises(ValueError, match="expected 0 <= step <= 10, got 11"):
        branch(trace, 11)
    with pytest.raises(ValueError, match="expected changes in optimizer"):
        branch(trace, 5, surface="saddle")
    with pytest.raises(ValueError, match="expected 6 <= steps"):
        branch(trace, 6, steps=5)


# Basins.


@pytest.mark.parametrize(
    ("surface", "optimizer", "lr"),
    [
        ("himmelblau", "sgd", 0.01),
        ("himmelblau", "sgd", 0.03),
        ("himmelblau", "momentum", 0.01),
        ("himmelblau", "adam", 0.3),
        ("local_minimum", "newton", 0.5),
        ("double_well", "nesterov", 0.1),
        ("j2", "sgd", 0.02),
    ],
)
def test_the_basin_of_a_start_is_where_descent_from_there_ends(surface, optimizer, lr):
    config = DescentConfig(surface=surface, optimizer=optimizer, lr=lr, steps=95)
    found = basins(config, 40)
    minima, dim = surface_of(config).minima, surface_of(config).dim
    assert found.label.shape == (40,) * dim
    width = np.array([high - low for low, high in surface_of(config).window])
    for place in np.random.default_rng(0).integers(0, 40, (60, dim)):
        x, y = found.x[place[-1]], found.y[place[0]] if dim == 2 else 0.0
        trace = descend(replace(config, start=(float(x), float(y))))
        label = found.label[tuple(place)]
        near = (np.abs(minima - trace.points[-1]) <= 0.01 * width).all(-1)
        assert label == (near.argmax() if near.any() else label)
        assert (label >= 0) == near.any()
        if label == -2:
            assert trace.outcome in ("diverged", "left_domain")


def test_the_four_valleys_of_himmelblau_divide_the_window():
    found = basins(DescentConfig(surface="himmelblau", lr=0.005, steps=200), 64)
    assert set(np.unique(found.label)) == {0, 1, 2, 3}
    for i, minimum in enumerate(SURFACES["himmelblau"].minima):
        row, column = np.abs(found.y - minimum[1]).argmin(), np.abs(found.x - minimum[0]).argmin()
        assert found.label[row, column] == i


def test_a_basin_map_for_each_rate_equals_the_maps_one_by_one():
    config, rates = DescentConfig(surface="himmelblau", steps=60), [1e-3, 0.02, 0.5]
    maps = basins_sweep(config, rates, 24)
    assert maps.shape == (3, 24, 24)
    assert maps.dtype == np.int8
    for lr, labels in zip(rates, maps, strict=True):
        np.testing.assert_array_equal(labels, basins(replace(config, lr=lr), 24).label)
    assert (maps[2] == -2).all()


def test_a_bowl_past_its_limit_is_lost_everywhere_but_at_the_minimum():
    label = basins(DescentConfig(curvature2=1.0, lr=2.5, steps=50), 21).label
    assert label[10, 10] == 0
    assert (np.delete(label.ravel(), 220) == -2).all()


# The Config, and anything whatever.


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("lr", -1, "expected 0 < lr <= 10, got -1"),
        ("lr", 0, "expected 0 < lr <= 10, got 0"),
        ("lr", 10.1, "expected 0 < lr <= 10"),
        ("lr", float("nan"), "expected 0 < lr <= 10, got nan"),
        ("steps", 0, "expected 1 <= steps <= 10000, got 0"),
        ("steps", 10_001, "expected 1 <= steps <= 10000"),
        ("steps", 2.5, "expected a whole number for steps"),
        ("momentum", 1.0, "expected 0 <= momentum <= 0.9999"),
        ("beta2", -0.1, "expected 0 <= beta2"),
        ("weight_decay", 2.0, "expected 0 <= weight_decay <= 1"),
        ("curvature1", 0.0, "expected 0 < curvature1 <= 100"),
        ("curvature2", 101.0, "expected 0 < curvature2 <= 100"),
        ("rotation", 400.0, "expected -360 <= rotation <= 360"),
        ("surface", "valley", "expected surface in quadratic, "),
        ("optimizer", "lion", "expected optimizer in sgd, "),
        ("schedule", "linear", "expected schedule in constant, "),
        ("start", (1.0,), "expected start to be a pair"),
        ("start", 1.0, "expected start to be a pair"),
        ("start", (0.0, float("inf")), "expected -1e[+]06 <= start y <= 1e[+]06, got inf"),
        ("bias_correction", "no", "expected True or False"),
    ],
)
def test_a_setting_out_of_range_is_refused_in_one_sentence(field, value, message):
    with pytest.raises(ValueError, match=message):
        DescentConfig(**{field: value})


@pytest.mark.parametrize("formula", ["", "x +", "import os", "x.__class__"])
def test_a_formula_that_cannot_be_read_is_refused(formula):
    with pytest.raises(ValueError, match=r"\S"):
        DescentConfig(surface="formula", formula=formula)


def test_a_formula_descends_like_the_surface_it_spells():
    bowl = descend(DescentConfig(curvature1=2.0, curvature2=6.0, lr=0.1))
    spelled = descend(DescentConfig(surface="formula", formula="x**2 + 3*y**2", lr=0.1))
    np.testing.assert_allclose(spelled.points, bowl.points, rtol=1e-12)
    assert facts(spelled)["lambda_max"] == pytest.approx(6.0)


def test_the_configs_settings_reach_the_rules_under_their_own_names():
    config = DescentConfig(momentum=0.7, beta2=0.6, weight_decay=0.2, bias_correction=False)
    made = {name: rule_of(replace(config, optimizer=name)) for name in OPTIMIZERS}
    assert (made["momentum"].momentum, made["nesterov"].momentum) == (0.7, 0.7)
    assert (made["rmsprop"].alpha, made["adadelta"].rho) == (0.6, 0.6)
    for name in ("adam", "adamw", "nadam"):
        assert (made[name].beta1, made[name].beta2) == (0.7, 0.6)
    assert made["adamw"].weight_decay == 0.2
    assert not made["adam"].bias_correction


def test_schedules_scale_the_rate_at_each_update():
    trace = descend(replace(PARABOLA, lr=0.5, schedule="cosine", steps=10))
    rates = 0.5 * (1 + np.cos(pi * np.arange(10) / 10)) / 2
    np.testing.assert_allclose(trace.rates, rates)
    np.testing.assert_allclose(trace.points[1:, 0], np.cumprod(1 - rates))


def test_equal_settings_share_one_surface():
    assert surface_of(DescentConfig()) is surface_of(DescentConfig(lr=0.2))
    assert surface_of(DescentConfig()) is not surface_of(DescentConfig(curvature2=3.0))


CONFIGS = st.builds(
    DescentConfig,
    surface=st.sampled_from([*SURFACES, "formula"]),
    formula=st.sampled_from(["x^4 - x^2", "log(x) + y^2", "exp(x) - sqrt(y)", "1/x", "x*y"]),
    curvature1=st.floats(1e-6, 100),
    curvature2=st.floats(1e-6, 100),
    rotation=st.floats(-360, 360),
    optimizer=st.sampled_from([*OPTIMIZERS]),
    lr=st.floats(1e-9, 10),
    momentum=st.floats(0, 0.9999),
    beta2=st.floats(0, 0.9999),
    weight_decay=st.floats(0, 1),
    bias_correction=st.booleans(),
    schedule=st.sampled_from([*SCHEDULES]),
    steps=st.integers(1, 40),
    start=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
    | st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
)


@settings(max_examples=300, deadline=None)
@given(config=CONFIGS)
def test_every_config_gives_a_run_that_is_finite_or_flagged_and_the_same_each_time(config):
    trace, again = descend(config), descend(config)
    dim = surface_of(config).dim
    assert trace.points.shape == trace.grads.shape == (config.steps + 1, dim)
    assert trace.losses.shape == (config.steps + 1,)
    assert trace.rates.shape == (config.steps,)
    assert not any(a.flags.writeable for a in (trace.points, trace.losses, trace.grads))
    np.testing.assert_array_equal(trace.points, again.points)
    finite = np.isfinite(trace.points).all() and np.isfinite(trace.losses).all()
    assert finite or trace.outcome in ("diverged", "left_domain")
    said = outcome_sentence(trace)
    assert said.endswith(".")
    assert "nan" not in said
    assert set(facts(trace)) == set(facts(descend(DescentConfig())))
