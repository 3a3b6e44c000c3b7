"""What the race lesson claims, scene by scene, against the engine and closed forms."""

import re
from dataclasses import replace

import numpy as np
import pytest

from dlviz.lessons import agrees
from dlviz.optimizers import SCHEDULES
from dlviz.race.compute import (
    RaceConfig,
    anatomy,
    best_rates,
    facts,
    momentum_rate,
    race,
    surface_of,
)
from dlviz.race.lesson import LESSON
from dlviz.ui.teaching import fill

SCENES = {scene.slug: scene for scene in LESSON.scenes}
PREDICTIONS = {question.slug: question for question in LESSON.predictions}
CHALLENGES = {challenge.slug: challenge for challenge in LESSON.challenges}


def _config(settings):
    return RaceConfig(**{k: v for k, v in settings.items() if k not in LESSON.views})


def _scene(slug):
    run = race(_config(SCENES[slug].settings))
    return run, facts(run)


def test_at_the_same_rate_momentum_alone_settles():
    run, known = _scene("equal")
    assert run.lrs.tolist() == [0.02] * 4
    assert (known["first"], known["settled"]) == ("momentum", 1)


def test_at_their_best_all_settle_and_momentum_is_last():
    run, known = _scene("best")
    np.testing.assert_array_equal(run.lrs, best_rates(run.config))
    assert known["settled"] == 4
    assert known["last"] == "momentum"


def test_newton_needs_one_step_and_adadelta_is_late():
    run, known = _scene("all")
    assert (known["newton_at"], known["second"], known["adadelta_at"]) == (1, "nesterov", None)
    assert len(run.lrs) == 10


def test_in_the_canyon_each_step_keeps_99_of_101():
    run, known = _scene("canyon")
    curvatures = np.linalg.eigvalsh(surface_of(run.config).hessian(np.zeros(2)))
    np.testing.assert_allclose(curvatures, [1, 100])
    assert run.lrs[0] == pytest.approx(2 / 101, rel=1e-3)
    keeps = np.abs(run.points[0, 1:] / run.points[0, :-1])
    np.testing.assert_allclose(keeps[:50], 99 / 101, rtol=1e-3)
    assert (run.points[0, :50, 1] * run.points[0, 1:51, 1] < 0).all()  # to and fro
    assert (known["momentum_at"], known["momentum"]) == (59, 0.67)
    assert known["sgd_at"] is None


def test_the_first_steps_of_adagrad_and_adam_are_as_long_in_each_direction():
    run, known = _scene("first-step")
    np.testing.assert_allclose(
        np.abs(surface_of(run.config).gradient(run.points[0, 0])), [2.5, 100]
    )
    for lane in (1, 2):
        np.testing.assert_allclose(
            np.abs(run.points[lane, 1] - run.points[lane, 0]), 0.1, rtol=1e-6
        )
    assert known["adam_step"] == pytest.approx(0.1)


def test_small_steps_end_in_the_shallow_valley():
    run, _ = _scene("shallow")
    assert run.lrs[0] == 0.003
    there = run.order
    assert 1 <= len(there) < 4
    np.testing.assert_allclose(run.losses[there, -1], -1.09273, atol=1e-4)
    values = surface_of(run.config).value(surface_of(run.config).minima)
    assert values.min() == pytest.approx(-5.03234, abs=1e-5)


def test_momentum_rolls_through_the_shallow_valley():
    run, known = _scene("deep")
    assert known["deepest"] == "momentum"
    np.testing.assert_allclose(run.points[1, -1], [-0.968, 0], atol=1e-2)
    assert (run.points[[0, 2, 3], -1, 0] > 0.8).all()


def test_rmsprop_is_first_past_the_saddle():
    run, known = _scene("saddle")
    assert known["first"] == "rmsprop"
    assert set(run.lrs.tolist()) == {0.03}
    assert known["sgd_at"] > known["momentum_at"]


def test_only_two_come_round_the_bend():
    run, _ = _scene("banana")
    assert [run.config.optimizers[i] for i in run.order] == ["momentum", "adam"]
    np.testing.assert_allclose(run.points[run.order, -1], 1, atol=0.03)


# Predictions and challenges.


@pytest.mark.parametrize(
    ("slug", "answer"), [("fair", "rmsprop"), ("step", "0.1 = η"), ("deepest", "momentum")]
)
def test_the_engine_answers_each_prediction(slug, answer):
    question = PREDICTIONS[slug]
    known = facts(race(_config(question.settings)))
    assert question.choices[question.answer(known)][1] == answer
    right = [value for value, _ in question.choices if agrees(known, question.fact, value)]
    assert len(right) == 1
    assert "–" not in fill(question.because, known, "{}")


@pytest.mark.parametrize("slug", CHALLENGES)
def test_a_solution_meets_its_challenge_and_the_default_does_not(slug):
    challenge = CHALLENGES[slug]
    assert challenge.is_met(facts(race(_config(challenge.solution))))
    assert not challenge.is_met(facts(race(RaceConfig())))


def test_words_name_only_facts_that_there_are():
    known = facts(race(RaceConfig()))
    for words in (*LESSON.notice, *LESSON.formulas):
        assert set(re.findall(r"«(\w+)»", words)) <= set(known)


def test_momentum_takes_steps_up_to_one_over_one_minus_beta():
    slope = race(RaceConfig(surface="formula", formula="x + 0*y", optimizers=("sgd", "momentum"),
                            start=(0.0, 0.0), steps=200))  # fmt: skip
    moves = np.abs(np.diff(slope.points[..., 0], axis=1))
    assert moves[1, -1] / moves[0, -1] == pytest.approx(10, rel=1e-6)
    assert (np.diff(moves[1]) >= -1e-15).all()


def test_none_of_the_facts_is_not_a_number():
    wild = race(replace(RaceConfig(), lrs=(10.0,), factor=1000.0, steps=300))
    known = facts(wild)
    assert all(value == value for value in known.values())
    assert (known["sgd_end"], known["sgd_loss"]) == ("diverged", None)


# Inside a step, the plane, the mistakes.


def _anatomy(slug):
    settings = SCENES[slug].settings
    assert settings["picture"] == "anatomy"
    config = _config(settings)
    return config, anatomy(config, settings.get("rule", "nesterov"), (1.0,))


def test_blue_is_the_sum_of_red_and_brown():
    _, made = _anatomy("momentum-step")
    parts = made.parts
    np.testing.assert_allclose(parts["gradient"] + parts["velocity"], parts["step"], atol=1e-12)


def test_green_is_jump_and_correction_and_blue_another_way():
    _, made = _anatomy("nesterov-step")
    parts = made.parts
    np.testing.assert_allclose(parts["jump"] + parts["correction"], parts["step"], atol=1e-12)
    assert np.abs(parts["plain"] - parts["step"])[0, 1:4].max() > 0.1


def test_newton_lands_at_the_bottom_of_a_bowl_in_one_step():
    _, made = _anatomy("newton-step")
    np.testing.assert_allclose(made.base[0, 1], 0, atol=1e-12)
    for axis, curvature in enumerate((1.0, 10.0)):  # of the bowl
        part = made.parts[f"along{axis + 1}"][0, 0]
        np.testing.assert_allclose(part[1 - axis], 0, atol=1e-12)
        np.testing.assert_allclose(curvature * made.parts[f"scaled{axis + 1}"][0, 0], part)


def test_the_steep_direction_gets_the_shorter_rate():
    _, made = _anatomy("adagrad-step")
    rates = np.abs(made.parts["step"] / made.grads)[0]
    assert (rates[:, 1] < rates[:, 0]).all()
    assert (np.diff(rates, axis=0) <= 0).all()


def test_adams_first_step_is_eta_once_its_bias_is_taken_away():
    config, made = _anatomy("adam-step")
    np.testing.assert_allclose(np.abs(made.parts["step"][0, 0]), config.lrs[0], rtol=1e-6)
    assert (made.squares[0, 0] < made.unbiased[0, 0]).all()


def test_the_plane_has_its_edge_at_two_and_two_beta():
    _, known = _scene("plane")
    assert known["rate"] < 1
    assert known["limit"] == pytest.approx(2 + 2 * known["momentum"])


def test_ripples_keep_the_root_of_beta():
    _, known = _scene("ripples")
    assert (known["alpha_lambda"], known["momentum"]) == (0.15, 0.9)
    assert known["regime"] == "ripples"
    assert known["rate"] == pytest.approx(0.949, abs=5e-4) == pytest.approx(np.sqrt(0.9), abs=5e-4)


def test_critical_damping_keeps_four_tenths():
    _, known = _scene("critical")
    assert known["critical"] == pytest.approx(0.16) == pytest.approx(known["momentum"])
    assert known["rate"] == pytest.approx(0.4, abs=1e-7)
    assert momentum_rate(known["alpha_lambda"], 0) == pytest.approx(0.64)


def test_at_the_optimum_both_ends_keep_nine_elevenths():
    _, known = _scene("optimum")
    assert known["rate"] == pytest.approx(9 / 11, abs=1e-3)
    assert known["best_rate"] == pytest.approx(9 / 11)
    assert known["plain_rate"] == pytest.approx(99 / 101)


def test_one_step_late_it_runs_away():
    _, known = _scene("late")
    assert known["alpha_lambda"] == 0.2
    assert (known["printed_rate"] > 1, known["rate"] < 1) == (True, True)
    assert known["limit"] == pytest.approx(3.8)


def test_a_schedule_never_overshoots_below_one():
    _, known = _scene("schedule")
    shares = 1 - known["alpha_lambda"] * SCHEDULES["inverse_time"](np.arange(80), 80)
    assert (shares > 0).all()


@pytest.mark.parametrize(("slug", "answer"), [("late", "0.1"), ("damping", "0.25")])
def test_the_plane_answers_its_predictions(slug, answer):
    question = PREDICTIONS[slug]
    known = facts(race(_config(question.settings)))
    assert question.choices[question.answer(known)][1] == answer


def test_no_other_beta_is_faster_than_the_answer():
    betas = np.linspace(0, 0.99, 100)
    assert betas[np.argmin(momentum_rate(0.25, betas))] == pytest.approx(0.25)
