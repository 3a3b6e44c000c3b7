"""What the lesson claims, scene by scene, against the course's numbers and the engine's facts."""

import re
from collections.abc import Iterable
from dataclasses import replace
from math import e

import numpy as np
import pytest

from dlviz.descent.compute import DescentConfig, basins, descend, facts, surface_of
from dlviz.descent.lesson import LESSON
from dlviz.lessons import agrees

SCENES = {scene.slug: scene for scene in LESSON.scenes}
PREDICTIONS = {question.slug: question for question in LESSON.predictions}
CHALLENGES = {challenge.slug: challenge for challenge in LESSON.challenges}
FACTS = facts(descend(DescentConfig()))


def _config(settings):
    return DescentConfig(**{k: v for k, v in settings.items() if k not in LESSON.views})


def _scene(slug):
    trace = descend(_config(SCENES[slug].settings))
    return trace, facts(trace)


def _follows(slug, x, atol=1e-12):
    np.testing.assert_allclose(_scene(slug)[0].points[: len(x), 0], x, atol=atol)


# Each scene's words, by what they say.


def test_in_the_bowl_small_steps_creep_and_large_ones_run_away():
    config = _config(SCENES["bowl"].settings)
    assert [descend(replace(config, lr=lr)).outcome for lr in (0.001, 0.1, 1.0)] == [
        "ran", "converged", "diverged"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("slug", "x", "outcome"),
    [
        ("creep", [2, 1, 0.5, 0.25], "converged"),
        ("one-step", [2, 0, 0], "converged"),
        ("oscillate", [2, -1, 0.5, -0.25], "converged"),
        ("cycle", [2, -2, 2, -2], "cycles"),
        ("run-away", [2, -2.2, 2.42], "diverged"),
    ],
)
def test_the_four_regimes_and_the_step_between_them(slug, x, outcome):
    _follows(slug, x)
    trace, known = _scene(slug)
    assert trace.outcome == outcome
    assert known["lambda_max"] == 1


def test_j1_rolls_into_its_minimum_and_bounces_over_a_quarter():
    trace, known = _scene("j1")
    assert trace.config.start[0] == 2.5
    assert (trace.config.lr, trace.outcome) == (0.05, "converged")
    assert trace.points[-1, 0] == pytest.approx(e**-0.5, abs=5e-4)
    bounce, known = _scene("j1-bounce")
    assert bounce.outcome == "cycles"
    np.testing.assert_allclose(sorted(bounce.points[-2:, 0]), [0.556, 0.725], atol=5e-4)
    assert (known["lambda_max"], known["stability_limit"]) == pytest.approx((8, 0.25))


def test_j2_has_a_near_valley_and_a_deep_one():
    near, known = _scene("j2")
    assert (near.config.start[0], near.config.lr) == (2.5, 0.05)
    assert near.points[-1, 0] == pytest.approx(1.582, abs=5e-4)
    assert known["minimum_kind"] == "local"
    surface = surface_of(near.config)
    deeper = surface.minima[surface.value(surface.minima) < near.losses[-1] - 0.1]
    assert (deeper[:, 0] > 1.6).all()
    assert len(deeper) == 2
    leap, known = _scene("j2-leap")
    assert leap.points[0, 0] == pytest.approx(1 / e + 0.01, abs=1e-6)
    assert leap.points[1, 0] == pytest.approx(4.93, abs=5e-3)
    assert leap.points[-1, 0] == pytest.approx(5.530, abs=5e-4)
    assert (leap.outcome, known["minimum_kind"]) == ("converged", "deepest")


def test_a_small_step_is_slow_and_a_large_one_just_settles():
    small, known = _scene("small-step")
    large, _ = _scene("large-step")
    assert small.config.start == large.config.start
    assert (small.config.lr, large.config.lr) == (0.01, 0.19)
    assert known["stability_limit"] == pytest.approx(0.2)
    assert small.outcome == "ran"
    assert large.outcome == "converged"
    assert (np.diff(small.losses) < 0).all()
    assert (large.points[:10, 1] * large.points[1:11, 1] < 0).all()


def test_lecuns_network_settles_at_one_rate_and_grows_at_the_other():
    good, known = _scene("lecun-good")
    assert good.config.lr == 1.5
    assert (known["lambda_max"], known["lambda_min"]) == pytest.approx((0.84, 0.036))
    assert good.losses[-1] < good.losses[0]
    _, axes = np.linalg.eigh(surface_of(good.config).hessian(good.points[0]))
    steep = (good.points[:6] - surface_of(good.config).minima[0]) @ axes[:, 1]
    assert (steep[:-1] * steep[1:] < 0).all()
    bad, known = _scene("lecun-bad")
    assert bad.config.lr == 2.5
    assert known["stability_limit"] == pytest.approx(2.38, abs=5e-3)
    assert bad.outcome == "diverged"
    assert bad.losses[-1] / bad.losses[-2] == pytest.approx(1.21, abs=1e-3)


def test_a_saddle_holds_what_is_exactly_on_its_ridge():
    ridge, known = _scene("ridge")
    assert known["end_kind"] == "saddle"
    np.testing.assert_allclose(ridge.points[-1], [0, 0], atol=1e-8)
    off, known = _scene("off-ridge")
    assert off.config.start[1] == 0.000001
    np.testing.assert_allclose(off.points[1:, 1] / off.points[:-1, 1], 1.2)
    assert off.outcome == "diverged"


def test_the_ravine_is_a_hundred_times_steeper_across_and_momentum_helps():
    plain, known = _scene("ravine")
    assert known["condition_number"] == pytest.approx(100)
    assert known["lr_times_lambda_max"] == pytest.approx(100 * 0.1 * plain.config.lr)
    momentum, known = _scene("ravine-momentum")
    assert (momentum.config.optimizer, momentum.config.momentum) == ("momentum", 0.9)
    assert momentum.config.lr == plain.config.lr
    assert momentum.losses[-1] < plain.losses[-1] / 5


def test_basins_dissolve_as_the_rate_rises():
    scene = SCENES["basins"]
    assert scene.settings["picture"] == "basins"
    config = _config(scene.settings)
    labels = basins(config, 48).label
    assert set(np.unique(labels)) == {0, 1, 2, 3}
    assert (basins(DescentConfig(surface="himmelblau", lr=0.1), 48).label == -2).mean() > 0.5


def test_the_formula_of_ones_own_has_several_minima_and_descent_finds_one():
    trace, known = _scene("formula")
    assert len(surface_of(trace.config).minima) > 1
    assert (trace.outcome, known["end_kind"]) == ("converged", "minimum")


# Predictions: the engine's answer is the theory's.


@pytest.mark.parametrize(
    ("slug", "answer"),
    [
        ("settle", "it runs away"),
        ("largest", "0.25"),
        ("j1", "it jumps to and fro"),
        ("saddle", "on the saddle"),
        ("lecun", "it runs away"),
        ("newton", "one"),
    ],
)
def test_a_prediction_has_one_right_answer_and_it_is_the_theorys(slug, answer):
    question = PREDICTIONS[slug]
    known = facts(descend(_config(question.settings)))
    right = [label for value, label in question.choices if agrees(known, question.fact, value)]
    assert right == [answer]
    assert question.choices[question.answer(known)][1] == answer


def test_there_are_at_least_five_predictions_and_six_challenges():
    assert len(PREDICTIONS) >= 5
    assert len(CHALLENGES) >= 6


def test_not_every_answer_is_in_the_same_place():
    places = {q.answer(facts(descend(_config(q.settings)))) for q in LESSON.predictions}
    assert len(places) > 1


# Challenges can be met, and not by anything.


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda challenge: challenge.slug)
def test_a_challenge_is_met_by_its_solution_and_not_by_the_defaults_or_every_scene(challenge):
    assert challenge.is_met(facts(descend(_config(challenge.solution))))
    assert not challenge.is_met(FACTS)
    assert not all(challenge.is_met(_scene(slug)[1]) for slug in SCENES)
    assert set(challenge.wants) <= set(FACTS)


# The words.


def _names(texts: Iterable[str], pattern: str) -> set[str]:
    return {name for text in texts for name in re.findall(pattern, text)}


def test_every_number_in_the_words_is_a_fact():
    assert _names([*LESSON.formulas, *LESSON.notice], "«(.*?)»") <= set(FACTS)
    assert _names((q.because for q in LESSON.predictions), r"{(.*?)}") <= set(FACTS)
    assert {q.fact for q in LESSON.predictions} <= set(FACTS)


def _end(slug, entry=-1):
    return descend(DescentConfig(**LESSON.scene(slug).settings)).points[entry]


# What each caption must say, computed anew: change a number in the words and this fails.
SAID = {
    "creep": lambda: ", ".join(f"{2 * 0.5**t:g}" for t in range(4)),
    "oscillate": lambda: ", ".join(f"{2 * (-0.5) ** t:g}".replace("-", "−") for t in range(4)),
    "cycle": lambda: ", ".join(f"{2 * (-1) ** t:g}".replace("-", "−") for t in range(4)),
    "run-away": lambda: ", ".join(f"{2 * (-1.1) ** t:g}".replace("-", "−") for t in range(3)),
    "j1": lambda: f"{np.exp(-0.5):.3f}",
    "j1-bounce": lambda: "between {:.3f} and {:.3f}".format(
        *(_end("j1-bounce", t)[0] for t in (-1, -2))
    ),
    "j2": lambda: f"at {_end('j2')[0]:.3f}",
    "j2-leap": lambda: f"leaps to {_end('j2-leap', 1)[0]:.2f}",
    "large-step": lambda: f"2/λ = {2 / 10:g}",
    "lecun-bad": lambda: f"2/0.84 = {2 / 0.84:.2f}. With η = 2.5 the loss along the steep axis "
    f"grows {(1 - 2.5 * 0.84) ** 2:.2f} times",
    "off-ridge": lambda: f"grows {1 + 2 * 0.1:g} times",
}  # fmt: skip


@pytest.mark.parametrize("slug", SAID)
def test_a_caption_says_the_numbers_that_come_out(slug):
    assert SAID[slug]() in LESSON.scene(slug).caption
