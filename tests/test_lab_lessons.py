"""What the lesson of every lab keeps to; what each one claims is tested in the lab's own folder."""

import re
from importlib import import_module

import pytest

from dlviz.ui import address
from tests.pages.visiting import LABS
from tests.test_architecture import ROOT

LESSONS = {lab: import_module(f"dlviz.{lab}.lesson").LESSON for lab in LABS}


def _of_each(part: str) -> list:
    return [
        pytest.param(lesson, item, id=f"{lab}-{item.slug}")
        for lab, lesson in LESSONS.items()
        for item in getattr(lesson, part)
    ]


@pytest.mark.parametrize(("lesson", "scene"), _of_each("scenes"))
def test_a_scene_sets_up_a_valid_config_and_differs_from_the_others(lesson, scene):
    lesson.config(**{k: v for k, v in scene.settings.items() if k not in lesson.views})
    known = address.defaults(lesson)
    assert set(scene.settings) <= set(known)
    alike = [s for s in lesson.scenes if {**known, **s.settings} == {**known, **scene.settings}]
    assert alike == [scene]
    assert scene.title
    assert scene.caption.endswith((".", "…"))


@pytest.mark.parametrize(("lesson", "scene"), _of_each("scenes"))
def test_a_link_tells_a_scenes_settings(lesson, scene):
    wanted = {**address.defaults(lesson), **scene.settings}
    settings, notes = address.read(address.differing(wanted, lesson), lesson)
    assert ({**address.defaults(lesson), **settings}, notes) == (wanted, [])


@pytest.mark.parametrize(("lesson", "challenge"), _of_each("challenges"))
def test_a_solution_is_no_scene_and_no_answer_to_a_question(lesson, challenge):
    known = address.defaults(lesson)
    shown = [item.settings for item in (*lesson.scenes, *lesson.predictions)]
    assert set(challenge.solution) <= set(known)
    assert {**known, **challenge.solution} not in [{**known, **settings} for settings in shown]


@pytest.mark.parametrize("lab", LABS)
def test_every_scene_and_every_prediction_is_named_in_the_labs_own_tests(lab):
    oracles = (ROOT / "tests" / lab / "test_lesson.py").read_text("utf-8")
    items = (*LESSONS[lab].scenes, *LESSONS[lab].predictions)
    assert [item.slug for item in items if f'"{item.slug}"' not in oracles] == []


@pytest.mark.parametrize("part", ["scenes", "predictions", "challenges"])
@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LABS)
def test_slugs_are_short_unique_and_fit_for_a_link(lesson, part):
    slugs = [item.slug for item in getattr(lesson, part)]
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch("[a-z0-9-]{1,20}", slug) for slug in slugs)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LABS)
def test_formulas_hold_the_readers_numbers(lesson):
    assert re.search(r"«\w+»", " ".join(lesson.formulas))


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LABS)
def test_every_source_can_be_opened_and_says_what_it_is_for(lesson):
    assert all(source.url.startswith("https://") and source.use for source in lesson.sources)
