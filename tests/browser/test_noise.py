"""Mini-batches in a browser: the batch size turned live, in class, on a phone."""

import pytest
from playwright.sync_api import Page

from tests.browser.driving import (
    CALM,
    PHONE,
    check_no_sideways_scrolling,
    check_nothing_scrolls,
    param,
    pause,
    player,
    spot,
    tell,
    until,
    until_param,
    visit,
)

ONE_WINDOW = CALM


def test_the_batch_size_is_turned_live_and_kept_in_the_link(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/noise")
    pause(page, 400)
    before = player(page).locator(".panel.main").screenshot()
    page.keyboard.press("ArrowUp")
    until(page, "p.box.querySelector('.caption').textContent.includes('B = 5 ')")
    assert player(page).locator(".panel.main").screenshot() != before
    until_param(page, "batch_size", "5")


def test_a_run_is_pinned_and_one_goes_on_with_another_rate(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/noise")
    page.get_by_role("button", name="Pin this run").click()
    until(page, "p.scene.panels[0].title === 'gray: pinned, B = 4, η = 0.1'")
    page.get_by_role("button", name="Unpin").click()
    until(page, "!p.scene.panels[0].title")
    tell(page, "p.send('branch', 300)")
    until_param(page, "branch", "300,=")
    until(page, "p.scene.panels[0].title === 'gray: unbranched, B = 4, η = 0.1'")
    page.get_by_role("button", name="End the branch").click()
    until_param(page, "branch", "")


def test_nothing_scrolls_in_class(page: Page, app_url: str) -> None:
    for scene in ("mini", "schedule"):
        visit(page, f"{app_url}/noise?scene={scene}&present=1")
        check_nothing_scrolls(page)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_a_touch_sets_the_start(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/noise")
    page.touchscreen.tap(*spot(page, 2.5, 0.5))
    page.wait_for_function("new URL(location).searchParams.get('start') !== null")
    x, y = map(float, param(page, "start").split(","))
    assert (x, y) == pytest.approx((2.5, 0.5), abs=0.1)
    check_no_sideways_scrolling(page)
    assert tell(page, "p.scene.knob.name") == "batch_size"
