"""What the landscape lesson claims, scene by scene."""

import re
from dataclasses import replace

import numpy as np
import pytest

from dlviz.landscape.choices import VALUES
from dlviz.landscape.compute import LandscapeConfig, facts, outcome_sentence, rescales, surface
from dlviz.landscape.lesson import LESSON
from dlviz.landscape.surveys import measure
from dlviz.ui.teaching import fill

SCENES = {scene.slug: scene for scene in LESSON.scenes}
PREDICTIONS = {question.slug: question for question in LESSON.predictions}
CHALLENGES = {challenge.slug: challenge for challenge in LESSON.challenges}


def _config(settings):
    return LandscapeConfig(**{k: v for k, v in settings.items() if k not in LESSON.views})


def _scene(slug):
    made = surface(_config(SCENES[slug].settings))
    return made, facts(made)


def test_the_way_fits_in_its_own_plane_and_in_no_random_one():
    made, known = _scene("path")
    assert known["parameters"] == 177 == 3 * 8 + 2 * 9 * 8 + 9
    assert known["explained"] > 90
    np.testing.assert_allclose(np.abs(made.path_loss - made.slice_loss).max(), known["gap"])
    random, less = _scene("random")
    assert less["explained"] < 5
    reach = random.axes[0, -1] - random.axes[0, 0]
    assert np.ptp(random.path, axis=0).max() < 0.2 * reach
    assert less["loss"] == known["loss"]


def test_no_random_plane_of_the_knob_holds_a_twentieth_of_the_way():
    scene = SCENES["planes"].settings
    for seed in VALUES[scene["turn"]]:
        made = surface(replace(_config(scene), direction_seed=seed))
        assert made.explained < 0.05


def test_raw_directions_make_the_same_network_look_sharper():
    _, raw = _scene("raw")
    _, even = _scene("random")
    assert raw["rise"] > 2 * even["rise"]
    assert raw["loss"] == even["loss"]


def test_a_rescale_changes_only_the_raw_picture():
    config = _config(SCENES["rescale"].settings)
    for factor in rescales(1.0):
        for kind, same in (("random", True), ("raw", factor == 1)):
            before = surface(replace(config, directions=kind)).loss
            after = surface(replace(config, directions=kind, rescale=factor)).loss
            assert (np.abs(after - before).max() < 1e-11) == same


def test_tanh_has_no_kinks():
    def bend(made, count):
        """Return the sharpest turn on a line through the plane, between ``count`` points."""
        places = np.stack([np.linspace(*made.axes[0, [0, -1]], count), np.zeros(count)], axis=-1)
        training = made.training
        losses = measure(training.network, training.parameters[-1], made.directions, places)
        return np.abs(np.diff(losses, 2)).max()

    made, _ = _scene("tanh")
    kinked = surface(replace(made.config, activation="relu"))
    assert bend(made, 801) / bend(made, 1601) == pytest.approx(4, rel=0.02)  # as parabolas do
    assert bend(kinked, 801) / bend(kinked, 1601) < 3  # as corners do: 2


def test_six_layers_with_and_without_shortcuts():
    _, plain = _scene("deep")
    _, skip = _scene("skip")
    assert (plain["depth"], plain["steps"]) == (6, 200)
    assert (plain["loss"], plain["highest"]) == pytest.approx((0.054, 7.7), abs=0.05)
    assert plain["loss"] == pytest.approx(0.054, abs=5e-4)
    assert skip["loss"] == pytest.approx(0.007, abs=5e-4)
    assert skip["highest"] == pytest.approx(2.4, abs=0.05)


def test_descent_is_thrown_out_where_it_is_too_steep():
    _, known = _scene("edge")
    assert known["edge"] == 2
    assert known["steepest"] > 2 > known["highest"]


@pytest.mark.parametrize(
    ("slug", "answer"), [("plane", "more than nine tenths"), ("random", "less than a half")]
)
def test_the_engine_answers_each_prediction(slug, answer):
    question = PREDICTIONS[slug]
    known = facts(surface(_config(question.settings)))
    assert question.choices[question.answer(known)][1] == answer
    assert "–" not in fill(question.because, known, "{}")


@pytest.mark.parametrize("slug", CHALLENGES)
def test_a_solution_meets_its_challenge_and_the_default_does_not(slug):
    challenge = CHALLENGES[slug]
    assert challenge.is_met(facts(surface(_config(challenge.solution))))
    assert not challenge.is_met(facts(surface(LandscapeConfig())))


def test_words_name_only_facts_that_there_are_and_the_sentence_has_them():
    made = surface(LandscapeConfig())
    known = facts(made)
    for words in (*LESSON.notice, *LESSON.formulas):
        assert set(re.findall(r"«(\w+)»", words)) <= set(known)
    assert "177 weights and biases, 200 steps" in outcome_sentence(made)
