"""What the lab's scenes, questions and challenges claim, tested on the runs they show."""

import numpy as np
import pytest
from torch import nn

from dlviz.filters.compute import FiltersConfig, facts, learning, receptive_field, train
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
    assert found["filters"] == 8
    assert run.test_accuracy[0] < 0.2 < 0.97 < run.test_accuracy[-1]


def test_a_filter_reads_eight_maps():
    settings = LESSON.scene("stack").settings
    net = train(FiltersConfig()).net
    block = net.blocks[settings["block"]]
    assert block.sizes[0] == (16, 8, 3, 3)
    assert receptive_field(net, 2)[0] == 8 > receptive_field(net, 0)[0] == 3


def test_a_six_stands_on_its_head():
    found = scene("six")
    assert found["says"] == "9"
    assert found["label"] == "6"
    assert answer("upside-down")[0] == "9"


def test_a_one_two_pixels_to_the_right_is_a_nine():
    assert scene("moved")["says"] == "9" != facts_of({"picture": 1})["says"]
    assert answer("shift")[0] == "9"


def test_noise_is_a_three():
    found = scene("noise")
    assert found["says"] == "3"
    assert found["sure"] > 90


def test_a_drawing_is_read():
    assert scene("drawn")["says"] == "4"


def test_an_error_is_one():
    found = scene("wrong")
    assert (found["label"], found["says"]) == ("8", "1")
    assert found["sure"] > 90


def test_the_course_net_is_the_courses():
    found = scene("course")
    net = train(config_of(LESSON.scene("course").settings)).net
    assert [block.shape[1] for block in net.blocks[:4]] == [24, 12, 8, 4]
    assert found["parameters"] == 21_840
    assert (found["filters"], found["channels"], found["kernel"]) == (10, 1, 5)
    assert found["first"] == 10 * (1 * 5**2 + 1)
    assert net.blocks[4].parameters / 21_840 == pytest.approx(0.75, abs=0.02)


def test_filters_find_shapes_and_dense_layers_do_not():
    found, dense = scene("shapes"), scene("no-filters")
    assert found["parameters"] == 4966
    assert round(found["accuracy"]) == 97
    assert dense["parameters"] / 4966 == pytest.approx(4, abs=0.25)
    assert dense["accuracy"] == pytest.approx(50, abs=4)
    assert round(dense["train_accuracy"]) == 85


def test_shuffled_pixels_harm_filters_alone():
    mixed = scene("shuffled")
    assert round(mixed["accuracy"]) == 53
    assert answer("mixed")[0] == "low"
    assert scene("no-matter")["accuracy"] == pytest.approx(scene("no-filters")["accuracy"], abs=3)


def test_eight_filters_have_eighty_parameters():
    assert answer("eight")[0] == 80 == sum(p.numel() for p in nn.Conv2d(1, 8, 3).parameters())


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda c: c.slug)
def test_a_challenge_is_met_by_its_solution_and_by_no_default(challenge):
    assert challenge.is_met(facts_of(challenge.solution))
    assert not challenge.is_met(facts_of({}))


def test_the_answers_are_probabilities():
    found = facts_of({})
    assert 0 <= found["sure"] <= 100
    assert np.isfinite(found["accuracy"])
