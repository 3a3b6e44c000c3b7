"""The pad in a browser, painted by mouse, keyboard and finger; a picture of one's own."""

import io
import re
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from dlviz.drawn import cells
from tests.browser.chromium import FLAGS, find
from tests.browser.driving import (
    CALM,
    PATIENCE,
    PHONE,
    Finger,
    check_no_sideways_scrolling,
    scrolled,
    settle,
)
from tests.browser.server import serve

ONE_WINDOW = CALM


@pytest.fixture(scope="module")
def pads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("pads") / "log.txt", "tests/browser/pad_app.py") as url:
        yield url


def visit(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("grid")).to_have_count(2)
    settle(page)


def grid(page: Page, label: str) -> Locator:
    return page.get_by_role("grid", name=label)


def at(page: Page, label: str, row: float, column: float) -> tuple[float, float]:
    """Return where on the window a place of a grid is, in cells from its top left."""
    box = grid(page, label).bounding_box()
    rows = int(grid(page, label).get_attribute("aria-rowcount"))
    columns = int(grid(page, label).get_attribute("aria-colcount"))
    return box["x"] + box["width"] * column / columns, box["y"] + box["height"] * row / rows


def said(page: Page, text: str) -> None:
    """Wait until Python has heard of an image."""
    expect(page.get_by_text(f"image {text}", exact=True)).to_be_visible()
    settle(page)


def drag(page: Page, label: str, *places: tuple[float, float]) -> None:
    page.mouse.move(*at(page, label, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*at(page, label, *place), steps=3)
    page.mouse.up()


def test_the_mouse_paints_and_a_press_on_what_is_painted_erases(page: Page, pads: str) -> None:
    visit(page, pads)
    drag(page, "Image", (0.5, 0.5), (0.5, 3.5), (2.5, 3.5))
    said(page, "111100010001")
    drag(page, "Image", (0.5, 1.5), (0.5, 2.5))
    said(page, "100100010001")
    page.get_by_role("combobox", name="What the brush paints").first.select_option("7")
    drag(page, "Image", (1.5, 0.5), (1.5, 0.6))
    said(page, "100170010001")
    page.get_by_role("button", name="Erase").first.click()
    drag(page, "Image", (0.5, 3.5), (2.5, 3.5))
    said(page, "100070000000")
    page.get_by_role("button", name="Corner").click()
    said(page, "f00000000001")
    cell = grid(page, "Image").get_by_role("gridcell").first
    expect(cell).to_have_accessible_name("row 1, column 1: 15")
    page.get_by_role("button", name="Clear the image").click()
    said(page, "nothing")


def test_the_keyboard_paints(page: Page, pads: str) -> None:
    visit(page, pads)
    grid(page, "Image").focus()
    for key in ("ArrowRight", " ", "ArrowDown", "9", "ArrowDown", "ArrowDown", "e", "End", "3"):
        page.keyboard.press(key)
    said(page, "010009000e03")
    expect(grid(page, "Image")).to_have_attribute("aria-activedescendant", "cell-11")
    page.keyboard.press("Delete")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    page.keyboard.press(" ")
    said(page, "010019000e00")


def test_a_soft_stroke_has_no_gaps_and_fades_at_its_rim(page: Page, pads: str) -> None:
    visit(page, pads)
    before = grid(page, "Digit").evaluate("g => g.closest('.pad').pad.values.length")
    assert before == 784
    drag(page, "Digit", (4, 14), (24, 14))
    expect(page.get_by_text(re.compile("^ink [1-9]"))).to_be_visible()
    settle(page)
    text = grid(page, "Digit").evaluate("g => g.closest('.pad').pad.data.text")
    ink = cells(text, 28, 28)
    np.testing.assert_array_equal(ink[5:23, 13:15], 1)
    assert ((ink[5:23, [12, 15]] > 0) & (ink[5:23, [12, 15]] < 0.5)).all()
    assert not ink[:, :12].any() and not ink[:, 16:].any()
    shown = float(page.get_by_text(re.compile("^ink ")).inner_text().split()[1])
    assert shown == pytest.approx(ink.sum(), abs=0.01)


def test_strokes_in_quick_succession_are_all_kept(page: Page, pads: str) -> None:
    visit(page, pads)
    for row in (0.5, 1.5, 2.5):
        drag(page, "Image", (row, 0.5), (row, 1.5))
    said(page, "110011001100")
    values = grid(page, "Image").evaluate("g => g.closest('.pad').pad.values.join('')")
    assert values == "110011001100"


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_finger_paints_and_the_page_stays_where_it_is(page: Page, pads: str) -> None:
    visit(page, pads)
    grid(page, "Image").scroll_into_view_if_needed()
    top = scrolled(page)
    Finger(page).draw(
        *(at(page, "Image", *place) for place in ((0.5, 0.5), (1.5, 0.6), (2.5, 0.5)))
    )
    said(page, "100010001000")
    assert scrolled(page) == top
    check_no_sideways_scrolling(page)
    box = grid(page, "Digit").bounding_box()
    assert box["width"] >= 240 and box["x"] + box["width"] <= 390


def test_a_picture_is_uploaded_and_a_bad_one_leaves_the_last(page: Page, pads: str) -> None:
    visit(page, pads)
    file = io.BytesIO()
    Image.new("L", (120, 80), 51).save(file, "PNG")
    upload = page.locator("input[type=file]")
    upload.set_input_files({"name": "gray.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect(page.get_by_text("mean 0.20")).to_be_visible()
    settle(page)
    upload.set_input_files({"name": "bad.png", "mimeType": "image/png", "buffer": b"GIF89a"})
    refused = "Expected a PNG, JPEG or WebP picture, got another kind of file"
    expect(page.get_by_text(refused)).to_be_visible()
    expect(page.get_by_text("mean 0.20")).to_be_visible()
    expect(
        page.get_by_text("The last one stays: 64 x 43 px, in this session alone.")
    ).to_be_visible()


def test_the_camera_takes_a_picture(browser: Browser, pads: str) -> None:
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with_camera = browser.browser_type.launch(executable_path=find(), args=[*FLAGS, *fake])
    page = with_camera.new_context(permissions=["camera"]).new_page()
    visit(page, pads)
    page.get_by_text("Use the camera").click()
    page.wait_for_function("document.querySelector('video')?.readyState >= 2", timeout=PATIENCE)
    settle(page)
    page.get_by_role("button", name="Take Photo").click()
    expect(page.get_by_text(re.compile("^It is here: 64 x"))).to_be_visible()
    with_camera.close()
