"""The embedding lab in a browser: points that are asked, marked and linked; runs that stream."""

import re

import pytest
from playwright.sync_api import Page

from dlviz.affinities import conditional
from dlviz.embedding.compute import EmbeddingConfig, cloud_of
from tests.browser.driving import (
    CALM,
    PHONE,
    PROJECTOR,
    check_nothing_scrolls,
    pause,
    player,
    settle,
    tell,
    until,
    until_param,
    visit,
)

ONE_WINDOW = CALM

PLACE = (  # of a point of a panel, on the window
    "(() => { const v = p.views[arg[1] ?? 0], box = v.canvas.getBoundingClientRect();"
    " return [box.left + v.places[2 * arg[0]], box.top + v.places[2 * arg[0] + 1]] })()"
)


def at_end(page: Page, app_url: str, query: str = "") -> None:
    visit(page, f"{app_url}/embedding{query}")
    until(page, "!p.options.growing")
    tell(page, "p.go(Infinity)")
    page.wait_for_timeout(300)


def test_a_point_under_the_pointer_is_asked(page: Page, app_url: str) -> None:
    at_end(page, app_url)
    page.mouse.move(*tell(page, PLACE, [17]))
    until(page, "p.askedPoint() !== null")
    asked = tell(page, "p.askedPoint()")
    until(page, f"p.caption().includes('point {asked}')")
    # P of the point by its definition, from the same data.
    layers = "p.scene.panels[0].layers"
    found = tell(page, f"[...{layers}.find(l => l.kind === 'CloudForces').row.given]")
    expected = conditional(cloud_of(EmbeddingConfig()).x, 30)[0][asked]
    assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) < 1e-4
    page.mouse.move(5, 5)
    until(page, "p.askedPoint() === null")


def test_a_lasso_marks_points_in_every_panel_and_escape_lets_go(page: Page, app_url: str) -> None:
    at_end(page, app_url)
    canvas = player(page).locator(".panel.main").bounding_box()
    corners = [(0.05, 0.05), (0.95, 0.05), (0.95, 0.95), (0.05, 0.95)]
    places = [
        (canvas["x"] + u * canvas["width"], canvas["y"] + v * canvas["height"]) for u, v in corners
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()
    until(page, "p.lassoed.size > 300")
    until(page, "p.caption().includes('points marked')")
    page.keyboard.press("Escape")
    until(page, "p.lassoed.size === 0")


def test_points_can_be_asked_by_keyboard(page: Page, app_url: str) -> None:
    at_end(page, app_url)
    page.keyboard.press("n")
    until(page, "p.caption().includes('point 0')")
    page.keyboard.press("n")
    until(page, "p.caption().includes('point 1: “1”')")
    page.keyboard.press("N")
    until(page, "p.caption().includes('point 0: “0”')")


def test_the_knob_turns_the_map_at_once_and_is_in_the_link(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/embedding")
    pause(page, 45)
    tell(page, "p.ask(3)")
    before = tell(page, "Array.from(p.views[0].places.slice(0, 20))")
    page.keyboard.press("ArrowUp")
    until(page, "p.turn === 7")
    page.wait_for_timeout(700)
    assert tell(page, "Array.from(p.views[0].places.slice(0, 20))") != before
    until_param(page, "perplexity", "45")
    assert tell(page, "p.askedPoint()") == 3  # the same point in the other map


def test_a_run_streams_and_can_be_stopped(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/embedding?n=1200&iterations=2000")
    until(page, "p.scene.frames > 1")
    assert tell(page, "p.options.growing")
    page.locator(".st-key-stop_work button").click()
    page.get_by_text(re.compile(r"Stopped at \d+ %")).wait_for()
    settle(page)
    assert tell(page, "p.scene.frames") > 1
    assert not tell(page, "p.options.growing")


def test_a_point_is_lit_in_every_map_of_a_wall(page: Page, app_url: str) -> None:
    at_end(page, app_url, "?picture=seeds&dataset=circle&n=40&iterations=100")
    page.mouse.move(*tell(page, PLACE, [5, 1]))
    until(page, "p.askedPoint() !== null")
    assert tell(page, "p.views.every(v => v.places && 2 * p.askedPoint() < v.places.length)")


def test_nothing_scrolls_in_presenter_mode(page: Page, app_url: str) -> None:
    page.set_viewport_size(PROJECTOR["viewport"])
    for scene in ("digits", "trust", "methods", "layers", "variance", "noise", "roll-isomap"):
        visit(page, f"{app_url}/embedding?present=1&scene={scene}")
        check_nothing_scrolls(page)


@pytest.mark.parametrize("page", [CALM | PHONE], indirect=True)
def test_a_finger_asks_a_point(page: Page, app_url: str) -> None:
    at_end(page, app_url)
    page.touchscreen.tap(*tell(page, PLACE, [40]))
    until(page, "p.askedPoint() !== null")
    until(page, "p.caption().includes('point ')")
