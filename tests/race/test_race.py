"""The race against torch.optim, the published step counts, and the update rules one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.race import MAKERS, torch_run
from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.race.compute import (
    FACTORS,
    TRIED,
    RaceConfig,
    best_rates,
    first_within,
    race,
    stays_within,
    surface_of,
    sweep,
)
from dlviz.surfaces import SURFACES

ALL = tuple(OPTIMIZERS)


@pytest.mark.parametrize("name", MAKERS)
def test_every_lane_is_the_run_of_torch(name):
    lrs = tuple(0.001 * (i + 1) for i in range(len(MAKERS)))
    config = RaceConfig(surface="himmelblau", optimizers=tuple(MAKERS), lrs=lrs, steps=60,
                        start=(-1.0, 1.5))  # fmt: skip
    lane = list(MAKERS).index(name)
    loss = compile(surface_of(config).source, "loss", "eval")
    expected = torch_run(name, lrs[lane], loss, config.start, 60)
    np.testing.assert_allclose(race(config).points[lane], expected, atol=1e-10)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("name", ALL)
def test_a_lane_is_what_its_rule_does_alone(name, schedule):
    config = RaceConfig(optimizers=ALL[::-1], lrs=(0.002,), schedule=schedule, steps=50,
                        momentum=0.8, beta2=0.95, weight_decay=0.1, surface="beale",
                        start=(0.7, 1.4))  # fmt: skip
    own = {"momentum": {"momentum": 0.8}, "nesterov": {"momentum": 0.8},
           "adam": {"beta1": 0.8, "beta2": 0.95}, "nadam": {"beta1": 0.8, "beta2": 0.95},
           "adamw": {"beta1": 0.8, "beta2": 0.95, "weight_decay": 0.1}}  # fmt: skip
    rule = OPTIMIZERS[name](**own.get(name, {}))
    w, surface = np.array(config.start), surface_of(config)
    state, points = rule.init(w), [w]
    for multiplier in SCHEDULES[schedule](np.arange(50), 50):
        hessian = surface.hessian(w) if rule.uses_hessian else None
        w, state = rule.step(w, surface.gradient(w), state, 0.002 * multiplier, hessian)
        points.append(w)
    lane = config.optimizers.index(name)
    np.testing.assert_allclose(race(config).points[lane], points, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("schedule", ["constant", "step"])
def test_a_branch_is_the_race_with_other_rates_from_its_step_on(schedule):
    lrs = tuple(0.001 * (i + 1) for i in range(len(ALL)))
    trunk = RaceConfig(optimizers=ALL, lrs=lrs, steps=40, surface="beale", start=(0.7, 1.4),
                       schedule=schedule)  # fmt: skip
    branched = sweep(replace(trunk, factor=1.0), (1.0, 0.25), (15, trunk))
    before = race(trunk)
    np.testing.assert_array_equal(branched[0].points, before.points)
    np.testing.assert_allclose(branched[1].points[:, :16], before.points[:, :16], rtol=1e-12)
    for lane, name in enumerate(ALL):  # each rule by itself, with its memory
        rule, surface = OPTIMIZERS[name](), surface_of(trunk)
        w = np.array(trunk.start)
        state = rule.init(w)
        for t, multiplier in enumerate(SCHEDULES[schedule](np.arange(40), 40)):
            rate = lrs[lane] * multiplier * (1.0 if t < 15 else 0.25)
            hessian = surface.hessian(w) if rule.uses_hessian else None
            w, state = rule.step(w, surface.gradient(w), state, rate, hessian)
        np.testing.assert_allclose(branched[1].points[lane, -1], w, rtol=1e-9, atol=1e-11)


# gradient_descent_viz with exact gradients, started at (1.5, 1.5), all rates 0.001.
PUBLISHED = {
    "local_minimum": (587, 153, 1738, 2231),
    "global_minimum": (2850, 228, 1787, 3444),
    "saddle_sine": (8638, 849, 3110, 4059),
    "ecliptic_bowl": (5580, 526, 1675, 2658),
    "hills": (2131, 152, 1839, 3870),
    "plateau": (857, 103, 1193, 1700),
}


@pytest.mark.parametrize("surface", PUBLISHED)
def test_steps_to_tolerance_are_the_published_ones(surface):
    config = RaceConfig(surface=surface, lrs=(0.001,), steps=9000, start=(1.5, 1.5))
    result = race(config)
    assert result.arrived == pytest.approx(np.array(PUBLISHED[surface]), abs=1)
    assert config.optimizers[result.order[0]] == "momentum"


@pytest.mark.parametrize("surface", ["local_minimum", "hills"])
def test_at_equal_rates_all_end_in_the_shallow_minimum(surface):
    config = RaceConfig(surface=surface, lrs=(0.001,), steps=9000, start=(1.5, 1.5))
    ends = race(config).points[:, -1]
    values = SURFACES[surface].value(SURFACES[surface].minima)
    shallow = SURFACES[surface].minima[values.argmax()]
    np.testing.assert_allclose(ends, np.tile(shallow, (4, 1)), atol=0.01)


@pytest.mark.parametrize("name", ALL)
def test_the_best_rate_settles_first_of_all_tried(name):
    config = RaceConfig(surface="bowl", optimizers=(name,), steps=120, start=(-2.5, 1.5))
    best = float(best_rates(config)[0])
    ends = []
    for some in np.array_split(TRIED, 11):  # ten at a time: one race each
        run = race(RaceConfig(surface="bowl", optimizers=(name,) * len(some), steps=120,
                              lrs=tuple(some.tolist()), start=(-2.5, 1.5)))  # fmt: skip
        home = np.where(run.settled >= 0, run.settled, 121)
        ends += list(zip(home.tolist(), run.losses[:, -1].tolist(), strict=True))
    order = [(when, np.inf if np.isnan(loss) else loss) for when, loss in ends]
    assert best in TRIED
    assert order[TRIED.tolist().index(best)] == min(order)


def test_plain_descents_best_rate_is_near_the_theorys():
    config = RaceConfig(surface="bowl", optimizers=("sgd",), steps=200, start=(-2.5, 1.5))
    assert float(best_rates(config)[0]) == pytest.approx(2 / 11, rel=0.12)


def test_best_rates_are_used_and_the_factor_multiplies_them():
    config = RaceConfig(rates="best", factor=0.5, steps=100)
    np.testing.assert_allclose(race(config).lrs, 0.5 * best_rates(config))
    given = RaceConfig(lrs=(0.01, 0.02, 0.03, 0.04), factor=2.0, steps=5)
    np.testing.assert_allclose(race(given).lrs, [0.02, 0.04, 0.06, 0.08])
    few = RaceConfig(lrs=(0.01, 0.02), steps=5)
    np.testing.assert_allclose(race(few).lrs, [0.01, 0.02, 0.02, 0.02])


def test_a_sweep_is_its_races_one_by_one():
    config = RaceConfig(optimizers=ALL, steps=40)
    for run, factor in zip(sweep(config, FACTORS[::8]), FACTORS[::8], strict=True):
        alone = race(RaceConfig(optimizers=ALL, steps=40, factor=factor))
        np.testing.assert_array_equal(run.points, alone.points)
        np.testing.assert_array_equal(run.arrived, alone.arrived)
        assert run.config == alone.config


def test_when_a_slope_is_met_and_when_it_is_kept():
    slopes = np.array([[3, 1, 3, 1, 1], [3, 3, 3, 3, 3], [1, 1, 1, 1, 1], [3, 1, np.nan, 3, 1.0]])
    assert first_within(slopes, 1.0).tolist() == [1, -1, 0, 1]
    assert stays_within(slopes, 1.0).tolist() == [3, -1, 0, 4]


@settings(max_examples=60, deadline=None)
@given(
    surface=st.sampled_from([*SURFACES]),
    names=st.lists(st.sampled_from(ALL), min_size=1, max_size=10),
    lr=st.floats(1e-4, 10),
    start=st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    rates=st.sampled_from(["given", "best"]),
    steps=st.integers(1, 60),
)
def test_any_race_has_its_shapes_and_says_how_each_ended(surface, names, lr, start, rates, steps):
    config = RaceConfig(surface=surface, optimizers=tuple(names), lrs=(lr,), start=start,
                        rates=rates, steps=steps)  # fmt: skip
    result = race(config)
    dim = surface_of(config).dim
    assert result.points.shape == (len(names), steps + 1, dim)
    assert result.losses.shape == result.slopes.shape == (len(names), steps + 1)
    known = {"converged", "ran", "diverged", "cycles", "left_domain"}
    assert set(result.outcomes.tolist()) <= known
    away = [i for i, end in enumerate(result.outcomes) if end in ("converged", "ran", "cycles")]
    assert np.isfinite(result.points[away]).all()
    assert ((result.arrived <= result.settled) | (result.settled < 0)).all()
    there = [step for step in sorted(result.settled) if step >= 0]
    assert result.settled[result.order].tolist() == there
    assert not result.points.flags.writeable


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"optimizers": ()}, "expected 1 <= the number of optimizers <= 10, got 0"),
        ({"optimizers": ("sgd", "best")}, "expected optimizers in sgd, .*, got 'best'"),
        ({"lrs": ()}, "expected 1 <= the number of lrs <= 10, got 0"),
        ({"lrs": (-1.0,)}, "expected 0 < lr <= 10, got -1"),
        ({"factor": 0.0}, "expected 0.001 <= factor <= 1000, got 0"),
        ({"tolerance": float("nan")}, "expected 0 < tolerance <= 10, got nan"),
        ({"rates": "fast"}, "expected rates in given, best, got 'fast'"),
        ({"surface": "moon"}, "expected surface in .*, got 'moon'"),
        ({"start": (1.0,)}, "expected start to be a pair"),
        ({"alpha_lambda": 5.0}, "expected 0.001 <= alpha_lambda <= 4, got 5"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(settings, words):
    with pytest.raises(ValueError, match=words):
        RaceConfig(**settings)
