from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dlviz.descent.compute import DescentConfig, descend, sweep
from dlviz.descent.rates import (
    LEARNING_RATES,
    against_limit,
    learning_rates,
    milestones,
    rate_limits,
    sweep_limits,
)
from dlviz.surfaces import SURFACES

LECUN = (0.036, 0.84)


def _limits(**settings):
    return rate_limits(descend(DescentConfig(**settings)))


def test_the_knob_has_64_rates_over_four_decades_the_decks_among_them():
    assert len(LEARNING_RATES) == 64
    assert list(LEARNING_RATES) == sorted(set(LEARNING_RATES))
    assert LEARNING_RATES[0] == 0.001
    assert 9 <= LEARNING_RATES[-1] <= 10
    assert {0.01, 0.05, 0.1, 0.25, 0.3, 0.5, 1.0, 1.5, 2.0, 2.5} <= set(LEARNING_RATES)
    steps = np.diff(np.log10(LEARNING_RATES))
    assert steps.max() < 0.1


@example(10.0)
@example(5e-324)
@example(9.5)
@given(st.floats(0, 10, exclude_min=True) | st.sampled_from(LEARNING_RATES))
def test_any_rate_is_exactly_one_of_the_64_rising_values(lr):
    rates = learning_rates(lr)
    assert lr in rates
    assert len(rates) == 64
    assert (np.diff(rates) > 0).all()
    assert len(set(rates) - set(LEARNING_RATES)) <= 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"surface": "quadratic", "curvature1": 8.0}, {"1/λ": 1 / 8, "2/λ": 2 / 8}),
        ({"curvature1": 4.0, "curvature2": 4.0}, {"1/λ": 1 / 4, "2/λ": 2 / 4}),
        ({}, {"1/λ": 1 / 10, "best": 2 / 11, "2/λ": 2 / 10}),
        ({"rotation": 33.0}, {"1/λ": 1 / 10, "best": 2 / 11, "2/λ": 2 / 10}),
        ({"surface": "ravine"}, {"1/λ": 1 / 10, "best": 2 / 10.1, "2/λ": 2 / 10}),
        (
            {"surface": "linear_network"},
            {"1/λ": 1 / LECUN[1], "best": 2 / sum(LECUN), "2/λ": 2 / LECUN[1]},
        ),
        (
            {"surface": "j1", "start": (2.5, 0.0), "lr": 0.05},
            {"1/λ": 1 / 8, "2/λ": 2 / 8},
        ),
        ({"optimizer": "momentum", "momentum": 0.9}, {"limit": 3.8 / 10}),
        ({"optimizer": "nesterov", "momentum": 0.5}, {"limit": 1.5 / 10}),
        ({"optimizer": "adam"}, {}),
        ({"optimizer": "newton"}, {}),
        ({"surface": "saddle"}, {}),
    ],
)
def test_limits_equal_their_closed_forms(settings, expected):
    assert _limits(**settings) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_limits_of_a_sweep_are_those_of_its_runs_alone(surface):
    config = DescentConfig(surface=surface, steps=60)
    rates = LEARNING_RATES[::6]
    alone = [rate_limits(descend(replace(config, lr=lr))) for lr in rates]
    for found, known in zip(sweep_limits(sweep(config, "lr", rates)), alone, strict=True):
        assert found == pytest.approx(known, rel=1e-9)


def test_limits_come_in_rising_order():
    assert list(_limits()) == ["1/λ", "best", "2/λ"]


@pytest.mark.parametrize(
    ("lr", "words"), [(0.1, " < 2/λ = 0.2"), (0.2, " = 2/λ"), (0.21, " > 2/λ = 0.2")]
)
def test_a_rate_is_compared_with_the_largest_that_settles(lr, words):
    assert against_limit(lr, {"1/λ": 0.1, "2/λ": 0.2}) == words
    assert against_limit(lr, {}) == ""


@pytest.mark.parametrize("field", ["lr", "momentum", "start"])
@pytest.mark.parametrize("surface", SURFACES)
def test_milestones_are_twelve_different_values_that_a_sweep_takes(surface, field):
    config = DescentConfig(surface=surface, steps=5)
    values = milestones(config, field)
    assert len(values) == len(set(values)) == 12
    assert len(sweep(config, field, values).outcomes) == 12


@pytest.mark.parametrize("curvature", [0.1, 1.0, 20.0])
def test_the_milestones_of_the_rate_lie_on_both_sides_of_the_limit(curvature):
    config = DescentConfig(surface="quadratic", curvature1=curvature, steps=200)
    values = milestones(config, "lr")
    named = set(sweep(replace(config, start=(2.0, 0.0)), "lr", values).outcomes)
    assert len(set(values)) == 12
    assert "converged" in named
    assert (2 / curvature > 10) or {"cycles", "diverged"} <= named
