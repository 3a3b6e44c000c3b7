"""Defenses in a browser: a training watched and stopped, the knob, presenter mode, a phone."""

import pytest
from playwright.sync_api import Page

from dlviz.defend.compute import DefendConfig, asked_of, defend, smoothing
from dlviz.defend.config import EPSILONS, SIGMAS
from dlviz.defend.figures import duel_scene, smoothing_scene
from dlviz.defend.lesson import SCENES
from tests.browser.driving import (
    CALM,
    PHONE,
    check_no_sideways_scrolling,
    pause,
    settle,
    tell,
    until,
    until_param,
    visit,
    walk,
)

ONE_WINDOW = CALM


def test_the_first_training_is_there_and_the_knob_turns_at_once(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/defend")
    pause(page, 20)
    scene = duel_scene(defend(DefendConfig()), 0.15)
    for turn in (3, 0, 8):
        shown = tell(page, "(p.setTurn(arg, false), p.caption())", turn)
        assert shown == scene.caption(20, turn)
    page.keyboard.press("ArrowDown")
    until_param(page, "epsilon", str(EPSILONS[7]))


def test_a_training_is_watched_stopped_and_goes_on(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/defend?epochs=30&hardening=0.2&attack_steps=7&seed=7")
    page.get_by_role("button", name="Stop").last.click()
    page.get_by_text("Stopped at").wait_for(timeout=30_000)
    settle(page)
    frames = tell(page, "p.scene.frames")
    assert 1 <= frames < 21
    page.get_by_role("button", name="Go on").click()
    until(page, "p.scene.frames >= arg", frames + 1)


def test_no_scene_scrolls_in_presenter_mode(page: Page, app_url: str) -> None:
    for scene in walk(page, f"{app_url}/defend", SCENES):
        main = page.get_by_test_id("stMain")
        assert main.evaluate("main => main.scrollHeight <= main.clientHeight"), scene.slug


def test_the_vote_follows_the_noise(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/defend?scene=vote")
    run = smoothing(asked_of(DefendConfig(picture="smoothing")))
    captions = smoothing_scene(run, 0.25).captions
    for turn in (0, 4, len(SIGMAS) - 1):
        assert tell(page, "(p.setTurn(arg, false), p.caption())", turn) == captions[turn]


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_visit_on_a_phone(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/defend?scene=masked")
    check_no_sideways_scrolling(page)
    before = tell(page, "p.caption()")
    knob = page.get_by_role("slider", name="ε")
    box = knob.bounding_box()
    knob.tap(position={"x": 0.9 * box["width"], "y": box["height"] / 2})
    page.wait_for_url("**epsilon=**")
    settle(page)
    assert tell(page, "p.caption()") != before
