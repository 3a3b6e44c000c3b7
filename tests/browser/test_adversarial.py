"""Adversarial examples in a browser: the knob, all scenes on a projector, a phone, a drawing."""

import pytest
from playwright.sync_api import Page

from dlviz.adversarial.attack_stage import scene_of
from dlviz.adversarial.compute import EPSILONS, AdversarialConfig, path, sweep
from dlviz.adversarial.config import PICTURES
from dlviz.adversarial.lesson import SCENES
from dlviz.drawn import text_of
from dlviz.victims import unseen_digits
from tests.browser.driving import (
    CALM,
    LOOK,
    PHONE,
    check_no_sideways_scrolling,
    check_nothing_scrolls,
    param,
    pause,
    settle,
    tell,
    until,
    until_param,
    visit,
    walk,
    watch,
)

ONE_WINDOW = CALM


def test_the_knob_changes_the_picture_in_the_next_frame(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/adversarial")
    captions = scene_of(sweep(AdversarialConfig())).captions
    turns = [0, 8, 11, 20, 40]
    assert tell(page, LOOK, turns) == [[1, captions[turn]] for turn in turns]
    page.keyboard.press("ArrowDown")
    until_param(page, "epsilon", str(EPSILONS[39]))


def test_no_scene_scrolls_in_presenter_mode(page: Page, app_url: str) -> None:
    for _ in walk(page, f"{app_url}/adversarial", SCENES):
        check_nothing_scrolls(page)


def test_pgd_plays_step_by_step_at_any_epsilon(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/adversarial?scene=path")
    run = path(AdversarialConfig(picture="path"))
    for turn, frame in ((15, 0), (15, 4), (30, 10)):
        tell(page, "p.setTurn(arg, false)", turn)
        pause(page, frame)
        words = f"step {frame} of 10 · ε = {EPSILONS[turn]:g} · read as {run.answers[turn, frame]} "
        assert tell(page, "p.caption()").startswith(words)


def test_all_pictures_are_drawn_without_an_error(page: Page, app_url: str) -> None:
    errors = watch(page)
    for picture in PICTURES:
        visit(page, f"{app_url}/adversarial?picture={picture}")
        last = tell(page, "p.scene.knob.values.length - 1")
        tell(page, "p.setTurn(arg, false)", last)
        until(page, "p.turn === arg", last)
    assert errors == []


SHADES = """
  const { canvas, axes } = p.views.find(v => v.panel.name === "plane")
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  const scale = canvas.width / canvas.clientWidth
  const found = new Set()
  for (let s = -0.39; s < 0.1; s += 0.002) for (let t = -0.39; t < -0.2; t += 0.002) {
    const x = Math.round(scale * axes.x(s)), y = Math.round(scale * axes.y(t))
    const at = 4 * (y * canvas.width + x)
    found.add(data.slice(at, at + 3).join())
  }
  return [...found]
"""


def test_exact_regions_follow_and_show_no_seams(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/adversarial?picture=plane")
    until(page, "p.scene.panels[0].title.includes('exact')")
    assert len(tell(page, f"(() => {{ {SHADES} }})()")) == 1  # many squares of one class


def test_a_digit_drawn_by_hand_is_attacked(page: Page, app_url: str) -> None:
    drawing = text_of(unseen_digits()[0][1, 0].numpy())
    visit(page, f"{app_url}/adversarial?source=drawn&drawing={drawing}")
    run = sweep(AdversarialConfig(source="drawn", drawing=drawing))
    assert tell(page, "p.caption()") == scene_of(run).captions[15]


def test_a_network_of_the_filters_lab_is_trained_and_attacked(page: Page, app_url: str) -> None:
    made = "architecture=conv 4 3; pool 2; dense 12&epochs=4&lr=0.01&seed=2"
    visit(page, f"{app_url}/filters?{made}&picture=3")
    page.get_by_role("link", name="Attack this network").click()
    page.wait_for_url("**/adversarial?*victim=own*")
    settle(page)
    until(page, "!p.options.growing")
    recipe = {"architecture": "conv 4 3; pool 2; dense 12", "epochs": 4, "lr": 0.01, "net_seed": 2}
    config = AdversarialConfig(victim="own", digit=int(param(page, "digit")), **recipe)
    run = sweep(config)
    assert run.label == 3
    until(page, "p.caption() === arg", scene_of(run).captions[15])


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_visit_on_a_phone(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/adversarial")
    check_no_sideways_scrolling(page)
    before = tell(page, "p.caption()")
    knob = page.get_by_role("slider", name="ε")
    box = knob.bounding_box()
    knob.tap(position={"x": 0.1 * box["width"], "y": box["height"] / 2})
    page.wait_for_url("**epsilon=**")
    settle(page)
    assert tell(page, "p.caption()") != before
