"""What the noise lesson claims, scene by scene, against closed forms and the engine."""

import re
from dataclasses import replace

import numpy as np
import pytest

from dlviz.noise.compute import NoiseConfig, deal, facts, problem_of, run, stationary_covariance
from dlviz.noise.lesson import LESSON
from dlviz.ui.teaching import fill

SCENES = {scene.slug: scene for scene in LESSON.scenes}
PREDICTIONS = {question.slug: question for question in LESSON.predictions}
CHALLENGES = {challenge.slug: challenge for challenge in LESSON.challenges}


def _scene(slug):
    trace = run(NoiseConfig(**SCENES[slug].settings))
    return trace, facts(trace)


def test_four_of_sixty():
    trace, known = _scene("mini")
    assert (known["batch_size"], known["samples"]) == (4, 60)
    assert all(len(batch) == 4 for batch in trace.batches)


def test_one_sample_hovers_within_the_ring():
    trace, known = _scene("one")
    assert (known["updates"], known["outcome"]) == (600, "hovers")
    covariance = stationary_covariance(trace.config)
    away = trace.points[150:] - problem_of(trace.config).minimum
    distance = np.sqrt(np.einsum("ti,ij,tj->t", away, np.linalg.inv(covariance), away))
    assert (distance <= 2).mean() > 0.8


def test_a_full_scan_goes_exactly_downhill_but_ten_times():
    trace, known = _scene("all")
    assert (known["updates"], known["epochs"], known["outcome"]) == (10, 10, "underway")
    assert (np.diff(trace.losses) < 0).all()


def test_three_batches_use_each_sample_once():
    trace, known = _scene("deck")
    assert known["updates_per_epoch"] == 3
    for epoch in range(3):
        used = np.concatenate(trace.batches[3 * epoch : 3 * epoch + 3])
        assert sorted(used) == list(range(60))


def test_drawn_anew_a_third_do_not_come():
    trace, _ = _scene("anew")
    drawn = np.concatenate(trace.batches)
    counts = np.bincount(drawn, minlength=60)
    assert len(drawn) == 60
    assert counts.max() >= 2
    assert (counts == 0).mean() == pytest.approx(np.exp(-1), abs=0.1)
    missing = []
    for seed in range(200):
        dealer = deal(replace(trace.config, seed=seed))
        seen = {int(next(dealer)[0]) for _ in range(60)}
        missing.append(1 - len(seen) / 60)
    assert np.mean(missing) == pytest.approx((59 / 60) ** 60, abs=0.01)


def test_sixteen_are_four_times_as_quiet():
    _, known = _scene("root")
    assert known["quieter"] == pytest.approx(4)
    wide = facts(run(NoiseConfig(**{**SCENES["root"].settings, "batch_size": 64})))
    assert wide["quieter"] == pytest.approx(8)


def test_at_equal_updates_the_largest_is_best_with_sixty_times_the_data():
    trace, known = _scene("updates")
    one = run(replace(trace.config, batch_size=1))
    assert trace.seen[-1] == 60 * one.seen[-1]
    for size in (1, 4, 20):
        assert known["excess"] < facts(run(replace(trace.config, batch_size=size)))["excess"]


def test_there_is_a_floor_and_schedules_take_it_away():
    _, known = _scene("floor")
    assert known["outcome"] == "hovers"
    assert known["excess"] == pytest.approx(known["floor"], rel=0.5)
    for slug in ("schedule", "decay"):
        _, gone = _scene(slug)
        assert gone["excess"] < known["excess"] / 5
        assert gone["floor"] is None


def test_momentum_hovers_ten_times_as_high():
    trace, known = _scene("momentum")
    still = facts(run(replace(trace.config, momentum=0.0)))
    assert known["floor"] / still["floor"] == pytest.approx(10, rel=0.06)
    assert known["excess"] > 4 * still["excess"]


def test_logistic_regression_hovers_too():
    _, known = _scene("logistic")
    assert known["task"] == "logistic"
    assert known["outcome"] == "hovers"


@pytest.mark.parametrize(
    ("slug", "answer"), [("quieter", "5 times"), ("count", "8"), ("ends", "it hovers above it")]
)
def test_the_engine_answers_each_prediction(slug, answer):
    question = PREDICTIONS[slug]
    known = facts(run(NoiseConfig(**question.settings)))
    assert question.choices[question.answer(known)][1] == answer
    assert "–" not in fill(question.because, known, "{}")


@pytest.mark.parametrize("slug", CHALLENGES)
def test_a_solution_meets_its_challenge_and_the_default_does_not(slug):
    challenge = CHALLENGES[slug]
    assert challenge.is_met(facts(run(NoiseConfig(**challenge.solution))))
    assert not challenge.is_met(facts(run(NoiseConfig())))


def test_one_sample_can_run_away_where_all_of_them_settle():
    settings = CHALLENGES["shaken"].solution
    together = NoiseConfig(**{**settings, "batch_size": 60, "clock": "updates", "updates": 300})
    assert facts(run(together))["outcome"] == "settles"


def test_words_name_only_facts_that_there_are():
    known = facts(run(NoiseConfig()))
    for words in (*LESSON.notice, *LESSON.formulas):
        assert set(re.findall(r"«(\w+)»", words)) <= set(known)


@pytest.mark.parametrize("size", [1, 4, 25, 60])
def test_the_formulas_numbers_are_those_of_its_way_of_drawing(size):
    deck = facts(run(NoiseConfig(batch_size=size)))
    anew = facts(run(NoiseConfig(batch_size=size, replacement=True)))
    share = (60 - size) / 59
    assert deck["sigma_deck"] == pytest.approx(deck["sigma"] * np.sqrt(share / size), abs=1e-12)
    assert anew["sigma_anew"] == pytest.approx(anew["sigma"] / np.sqrt(size))
    assert deck["sigma_anew"] is anew["sigma_deck"] is None
