"""Explanations in a browser: the knob, a map chosen by hand, presenter mode, a phone, an upload."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from dlviz.drawn import text_of
from dlviz.explain.compute import ExplainConfig, sweep, values_of
from dlviz.explain.figures import maps_scene
from dlviz.explain.lesson import SCENES
from dlviz.victims import unseen_digits
from tests.browser.driving import (
    CALM,
    LOOK,
    PHONE,
    check_no_sideways_scrolling,
    param,
    settle,
    spot,
    tell,
    until,
    until_param,
    visit,
    walk,
)

ONE_WINDOW = CALM


def test_the_knob_explains_another_class_in_the_next_frame(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/explain")
    config = ExplainConfig()
    run = sweep(config, "rank", values_of(config))
    captions = maps_scene(run, "integrated").captions
    turns = [0, 1, 4, 9]
    assert tell(page, LOOK, turns) == [[1, captions[turn]] for turn in turns]
    page.keyboard.press("ArrowDown")
    until_param(page, "rank", "9")


def test_a_map_that_is_clicked_is_shown_large(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/explain")
    page.mouse.click(*spot(page, 30, -6))  # the third of the first row
    until_param(page, "method", "smooth")
    until(page, "p.scene.panels[1].title.includes('SmoothGrad')")


def test_no_scene_scrolls_in_presenter_mode(page: Page, app_url: str) -> None:
    for scene in walk(page, f"{app_url}/explain", SCENES):
        main = page.get_by_test_id("stMain")
        assert main.evaluate("main => main.scrollHeight <= main.clientHeight"), scene.slug


def test_an_uploaded_digit_is_explained(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/explain?source=drawn")
    digit = unseen_digits()[0][1, 0].numpy()
    sheet = 255 - np.pad(np.kron(digit, np.ones((12, 12))) * 255, 20)
    file = io.BytesIO()
    Image.fromarray(sheet.astype(np.uint8)).save(file, "png")
    page.get_by_role("button", name="Upload a picture").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "seven.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    page.wait_for_function("new URL(location).searchParams.get('drawing') !== null")
    settle(page)
    levels = np.array([int(c, 16) for c in param(page, "drawing")]).reshape(8, 8)
    wanted = np.array([int(c, 16) for c in text_of(digit / digit.max())]).reshape(8, 8)
    across = [np.corrcoef(np.roll(wanted, s, 1).ravel(), levels.ravel())[0, 1] for s in (-1, 0, 1)]
    assert max(across) > 0.95
    until(page, "p.caption().startsWith('Why a 7?')")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_visit_on_a_phone(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/explain")
    check_no_sideways_scrolling(page)
    before = tell(page, "p.caption()")
    knob = page.get_by_role("slider", name="its choice no.")
    box = knob.bounding_box()
    knob.tap(position={"x": 0.5 * box["width"], "y": box["height"] / 2})
    page.wait_for_url("**rank=**")
    settle(page)
    assert tell(page, "p.caption()") != before
