import pytest

from dlviz.lessons import Challenge, Lesson, Prediction, Preset, agrees

FACTS = {"outcome": "cycles", "steps": 12, "limit": 0.25, "exact": 2.0, "nothing": None,
         "stopped": True}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wanted", "holds"),
    [
        ("outcome", "cycles", True),
        ("outcome", "diverged", False),
        ("outcome", {"cycles", "ran"}, True),
        ("outcome", frozenset({"ran"}), False),
        ("outcome", (0.0, 1.0), False),
        ("outcome", 0.25, False),
        ("steps", 12, True),
        ("steps", 12.0, True),
        ("steps", 13, False),
        ("steps", (12, 40), True),
        ("steps", (1, 12), True),
        ("steps", (13, 40), False),
        ("steps", {12, 13}, True),
        ("limit", 0.25, True),
        ("limit", 0.25001, True),
        ("limit", 0.2502, True),
        ("limit", 0.251, False),
        ("limit", 0.0, False),
        ("limit", (0.25, 0.25), True),
        ("exact", 2, True),
        ("exact", 3, False),
        ("nothing", None, True),
        ("nothing", 0.0, False),
        ("nothing", (0.0, 1.0), False),
        ("nothing", {None}, True),
        ("unheard of", "cycles", False),
        ("unheard of", (0.0, 1.0), False),
        ("stopped", True, True),
        ("stopped", False, False),
    ],
)
def test_a_fact_agrees_with_a_value_a_range_or_a_set(name, wanted, holds):
    assert agrees(FACTS, name, wanted) is holds


def test_numbers_around_zero_must_be_zero():
    assert agrees({"loss": 0.0}, "loss", 0.0)
    assert not agrees({"loss": 1e-12}, "loss", 0.0)


def test_the_answer_is_the_choice_that_the_facts_make_right():
    choices = ((0.125, "0.125"), (0.25, "0.25"), (0.5, "0.5"))
    question = Prediction("q", "?", choices, {}, "limit", "")
    assert question.answer(FACTS) == 1
    assert question.answer({"limit": 0.5}) == 2


def test_a_question_without_a_right_choice_is_a_mistake_of_ours():
    with pytest.raises(StopIteration):
        Prediction("q", "?", ((1.0, "one"),), {}, "limit", "").answer(FACTS)


@pytest.mark.parametrize(
    ("wants", "met"),
    [
        ({}, True),
        ({"outcome": "cycles"}, True),
        ({"outcome": "cycles", "steps": (1, 40), "limit": 0.25}, True),
        ({"outcome": "cycles", "steps": (1, 11)}, False),
        ({"outcome": {"ran", "diverged"}, "steps": (1, 40)}, False),
    ],
)
def test_a_challenge_is_met_when_all_that_it_wants_agrees(wants, met):
    assert Challenge("c", "goal", wants, "hint", {}).is_met(FACTS) is met


def test_a_scene_is_found_by_its_slug_only():
    scene = Preset("one", "One", "caption", {})
    asked = Prediction("q", "?", ((1.0, "one"),), {}, "limit", "")
    lesson = Lesson(dict, (scene,), (asked,), (), (), "", ())
    assert lesson.scene("one") is scene
    assert lesson.scene("One") is None
    assert lesson.scene("") is None


@pytest.mark.parametrize("scenes", [(), (Preset("one", "One", "caption", {"lr": 0.1}),)])
def test_a_lesson_begins_with_the_default_configuration(scenes):
    with pytest.raises(ValueError, match="expected a prediction"):
        Lesson(dict, scenes, (), (), (), "", ())
