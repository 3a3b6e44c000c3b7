"""What the lab's scenes, questions and challenges claim, tested on the runs they show."""

import numpy as np
import pytest

from dlviz.filters.compute import FiltersConfig, facts, learning, train
from dlviz.filters.lesson import LESSON
from dlviz.lessons import Facts


def config_of(settings) -> FiltersConfig:
    return FiltersConfig(**{k: v for k, v in settings.items() if k not in LESSON.views})


def facts_of(settings) -> Facts:
    config = config_of(settings)
    return facts(train(learning(config)), config)


def scene(slug: str) -> Facts:
    return facts_of(LESSON.scene(slug).settings)


def answer(slug: str):
    question = next(q for q in LESSON.predictions if q.slug == slug)
    found = facts_of(question.settings)
    return question.choices[question.answer(found)][0], found


def test_filters_form():
    found = scene("learning")
    run = train(FiltersConfig())
    assert found["right"]
    assert run.test_accuracy[0] < 0.2 < 0.97 < run.test_accuracy[-1]


def test_a_six_stands_on_its_head():
    assert scene("six")["says"] == "9"
    assert answer("upside-down")[0] == "9"


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda c: c.slug)
def test_a_challenge_is_met_by_its_solution_and_by_no_default(challenge):
    assert challenge.is_met(facts_of(challenge.solution))
    assert not challenge.is_met(facts_of({}))


def test_the_answers_are_probabilities():
    found = facts_of({})
    assert 0 <= found["sure"] <= 100
    assert np.isfinite(found["accuracy"])
