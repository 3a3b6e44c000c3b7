"""What the race lesson claims, scene by scene, against the engine and closed forms."""

import re
from dataclasses import replace

import numpy as np
import pytest

from dlviz.lessons import agrees
from dlviz.race.compute import RaceConfig, best_rates, facts, race, surface_of
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
    for words in (*LESSON.notice, LESSON.formula):
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
