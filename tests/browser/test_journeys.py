"""Whole visits: by keyboard alone, on a phone, on a projector, through all scenes of a lecture."""

import io
import re

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from dlviz.descent.lesson import LESSON, PREDICTIONS, SCENES
from tests.browser.driving import (
    PHONE,
    check_no_sideways_scrolling,
    param,
    player,
    settle,
    spot,
    tell,
    until,
    until_param,
    visit,
)

FOCUSED = """() => {
  let at = document.activeElement
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  const { left, top, right, bottom } = at.getBoundingClientRect()
  const words = at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText ?? ""
  return { tag: at.tagName, words, box: [left, top, right, bottom] }
}"""
BLUR = """() => {
  let at = document.activeElement
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  at.blur()
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["words"].startswith(words):
            return
    raise AssertionError(f"no way to {words!r} by keyboard")


def picture(page: Page, box: list[float]) -> Image.Image:
    """Return what is seen in a box and close around it."""
    view = page.viewport_size
    left, top = (max(0, edge - 5) for edge in box[:2])
    right, bottom = min(view["width"], box[2] + 5), min(view["height"], box[3] + 5)
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    shot = page.screenshot(clip=clip, animations="disabled", caret="hide")
    return Image.open(io.BytesIO(shot)).convert("RGB")


# ---------------------------------------------------------------- keyboard


def test_everything_in_the_lab_is_done_by_keyboard_alone(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent")
    tab_to(page, "learning rate η")
    turn = tell(page, "p.turn")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    until(page, "p.turn === arg", turn + 3)
    page.wait_for_url("**lr=**")
    tab_to(page, "Pause" if tell(page, "p.playing") else "Play")
    page.keyboard.press("End")
    until(page, "!p.playing")
    page.keyboard.press("Space")
    until(page, "p.playing && p.frame > 0")
    tab_to(page, "Surface")
    page.keyboard.type("Saddle")
    expect(page.get_by_role("option").first).to_have_text("Saddle")
    choice = page.get_by_role("combobox", name="Surface")
    expect(choice).to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Enter")
    until_param(page, "surface", "saddle")
    tab_to(page, PREDICTIONS[0].choices[0][1])
    page.keyboard.press("Space")
    expect(page.get_by_text("2/λ = 2/10 = 0.2")).to_be_visible()
    until_param(page, "lr", "0.21")
    tab_to(page, "What to notice")
    for key, name, words in (
        ("End", "Sources", LESSON.sources[0].text),
        ("ArrowLeft", "Code", "It prints the point where the path ends"),
    ):
        tab = page.get_by_role("tab", name=name)
        page.keyboard.press(key)
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel", name=name)).to_contain_text(words)
        settle(page)
        expect(tab).to_be_focused()  # while its content is made, Streamlit disables a tab


@pytest.mark.parametrize("page", [{"reduced_motion": "reduce"}], indirect=True)
def test_the_focus_is_always_seen(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent")
    unseen, called = [], []
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["tag"] == "BODY":
            break
        called.append(at["words"])
        held = picture(page, at["box"])
        page.evaluate(BLUR)
        if not ImageChops.difference(held, picture(page, at["box"])).getbbox():
            unseen.append(at["words"][:40])
    assert len(called) > 20
    assert all(called)  # everything that takes the focus has a name
    assert unseen == []


# ---------------------------------------------------------------- phone


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_visit_on_a_phone(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent")
    check_no_sideways_scrolling(page)
    until(page, "!p.playing")
    page.get_by_role("button", name="Play", exact=True).tap()
    until(page, "p.playing && p.frame > 0")
    knob = page.get_by_role("slider", name="learning rate η")
    box = knob.bounding_box()
    knob.tap(position={"x": 0.25 * box["width"], "y": box["height"] / 2})
    until(page, "p.turn < 24")
    page.wait_for_url("**lr=**")
    settle(page)
    page.get_by_text(PREDICTIONS[0].choices[0][1], exact=True).tap()
    expect(page.get_by_text("2/λ = 2/10 = 0.2")).to_be_visible()
    check_no_sideways_scrolling(page)
    page.get_by_role("button", name="Share").tap()
    code = page.get_by_role("img", name="QR code")
    expect(code).to_be_visible()
    assert code.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 200
    box = code.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    check_no_sideways_scrolling(page)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_tap_in_the_picture_sets_the_start(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent")
    page.touchscreen.tap(*spot(page, 1.0, 2.0))
    page.wait_for_url("**start=**")
    assert list(map(float, param(page, "start").split(","))) == pytest.approx([1, 2], abs=0.05)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_fingers_find_what_they_press(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent")
    for button in player(page).locator(".transport > button, .transport summary").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 40


# ---------------------------------------------------------------- projector


@pytest.mark.parametrize("query", ["", "?present=1", "?scene=j1-bounce", "?scene=basins"])
def test_on_a_projector_all_that_moves_is_above_the_fold(
    page: Page, app_url: str, query: str
) -> None:
    visit(page, f"{app_url}/descent{query}")
    box = player(page).bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 720
    main, *rest = (canvas.bounding_box() for canvas in player(page).locator("canvas.panel").all())
    assert main["width"] >= 0.6 * (box["width"] - 10)
    assert all(panel["width"] > 200 and panel["height"] > 120 for panel in rest)


# ---------------------------------------------------------------- lecture


@pytest.mark.parametrize("query", ["", "?present=1"])
def test_a_clicker_walks_through_all_scenes(page: Page, app_url: str, query: str) -> None:
    visit(page, f"{app_url}/descent{query}")
    for scene in SCENES[1:]:
        page.keyboard.press("PageDown")
        until_param(page, "scene", scene.slug)
        steps = scene.settings.get("steps", LESSON.config.steps)
        lr = scene.settings.get("lr", LESSON.config.lr)
        until(page, "p.scene.frames === arg[0] && p.scene.knob.values[p.turn] === arg[1]",
              [steps + 1, lr])  # fmt: skip
        assert player(page).locator(".caption").inner_text().startswith("step ")
        expect(page.locator(".st-key-caption")).not_to_be_empty()
        box = player(page).bounding_box()
        assert box["y"] + box["height"] <= 720, scene.slug
    page.keyboard.press("PageDown")  # after the last there is nothing
    settle(page)
    assert param(page, "scene") == SCENES[-1].slug
