"""The race in a browser: played, turned by keyboard, clicked on the plane, on a phone."""

import pytest
from playwright.sync_api import Page

from dlviz.race import choices
from tests.browser.driving import (
    CALM,
    PHONE,
    check_no_sideways_scrolling,
    check_nothing_scrolls,
    param,
    pause,
    player,
    settle,
    spot,
    tell,
    until,
    until_param,
    visit,
)

ONE_WINDOW = CALM
HEADS = (  # how far each track of the main picture has come, in entries of the shown frame
    "p.scene.panels[0].layers.find(l => l.kind === 'Tracks').labels.length"
)


def test_the_race_plays_to_its_end_and_says_who_won(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/race")
    until(page, "p.frame > 3")
    tell(page, "p.go(Infinity)")
    until(page, "p.box.querySelector('.caption').textContent.includes('first momentum (144)')")
    assert tell(page, HEADS) == 4


def test_the_knob_turns_all_rates_by_keyboard_and_the_link_keeps_it(
    page: Page, app_url: str
) -> None:
    visit(page, f"{app_url}/race")
    pause(page, 200)
    before = player(page).locator(".panel.main").screenshot()
    page.keyboard.press("ArrowUp")
    until(page, "p.box.querySelector('.caption').textContent.includes('η = 0.0294')")
    assert player(page).locator(".panel.main").screenshot() != before
    until_param(page, "factor", "1.47")


def test_a_click_on_the_plane_plays_that_run(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/race?scene=plane")
    page.mouse.click(*spot(page, 0.5, 0.25))
    page.wait_for_function("new URL(location).searchParams.get('momentum') !== null")
    settle(page)
    beta = float(param(page, "momentum"))
    assert beta == pytest.approx(0.25, abs=0.02)
    until(page, "p.scene.knob.values[p.turn] === arg", beta)
    assert beta in choices.BETAS
    until(page, "p.frame > 0")


def test_a_race_is_pinned_and_one_goes_on_with_other_rates(page: Page, app_url: str) -> None:
    dashed = "p.scene.panels[0].layers.filter(l => l.dashed?.[0] === true).length === arg"
    visit(page, f"{app_url}/race")
    until(page, dashed, 0)
    page.get_by_role("button", name="Pin this run").click()
    until(page, dashed, 1)
    assert param(page, "pin") == "="
    page.get_by_role("button", name="Unpin").click()
    until(page, dashed, 0)
    tell(page, "p.send('branch', 60)")
    until_param(page, "branch", "60,=")
    until(page, "p.scene.panels[0].title === 'dashed: unbranched, η = 0.02 for all'")
    page.get_by_role("button", name="End the branch").click()
    until_param(page, "branch", "")


def test_nothing_scrolls_in_class(page: Page, app_url: str) -> None:
    for scene in ("equal", "nesterov-step", "adam-step", "optimum", "late"):
        visit(page, f"{app_url}/race?scene={scene}&present=1")
        check_nothing_scrolls(page)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_a_touch_sets_the_start(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/race")
    page.touchscreen.tap(*spot(page, 2.0, -2.0))
    page.wait_for_function("new URL(location).searchParams.get('start') !== null")
    x, y = map(float, param(page, "start").split(","))
    assert (x, y) == pytest.approx((2.0, -2.0), abs=0.1)
    check_no_sideways_scrolling(page)
