"""Filters in a browser: the maps that the player computes, and the hand that draws and points."""

from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dlviz.cnn import build, forward
from dlviz.cnn_layers import header
from dlviz.filters.compute import FiltersConfig, activations, answers, picture_of, train
from tests.browser.driving import (
    CALM,
    PHONE,
    check_no_sideways_scrolling,
    param,
    pause,
    player,
    settle,
    tell,
    until,
    until_param,
    visit,
)

ONE_WINDOW = CALM
SHOWN = "(() => { const f = p.views[0].panel.layers[0].cnn.at(p.frame, p.turn);" \
        " return [f.sums.map(v => [...v]), f.answer] })()"  # fmt: skip


def address(app_url: str, **settings: Any) -> str:
    return f"{app_url}/filters?" + urlencode(settings)


BOX = """(() => {
  const view = p.views[0]
  const box = view.panel.layers[0].laid.columns[arg[0]].boxes[arg[1]]
  const around = view.canvas.getBoundingClientRect()
  return [around.left + box.x + arg[2] * box.w, around.top + box.y + arg[3] * box.h]
})()"""


def on_map(page: Page, column: int, unit: int, u: float, v: float) -> tuple[float, float]:
    """Return where on the window a place of a map is: shares of its width and height."""
    x, y = tell(page, BOX, [column, unit, u, v])
    return x, y


def words_of(page: Page) -> str:
    return player(page).locator(".caption").inner_text()


@pytest.mark.parametrize("frame", [0, 11, 24])
def test_the_player_computes_the_engines_maps_and_answer(page: Page, app_url: str, frame: int):
    visit(page, address(app_url, picture=6, turn="angle", angle=90))
    pause(page, frame)
    config = FiltersConfig(picture=6, angle=90.0)
    run = train(FiltersConfig())
    sums, answer = tell(page, SHOWN)
    wanted = activations(run, picture_of(config)[None], frame)
    for ours, theirs in zip(wanted, sums, strict=True):
        np.testing.assert_allclose(theirs, ours[0].ravel(), atol=1e-9)
    np.testing.assert_allclose(answer, answers(run, picture_of(config)[None], frame)[0], atol=1e-9)
    best = int(np.argmax(answer))
    assert words_of(page).endswith(f"{best} ({int(100 * answer[best] + 0.5)} %)")


# A network put in the place of the one that is shown.
PUT = """(() => {
  const [net, numbers, picture] = arg
  const layer = p.views[0].panel.layers[0]
  const { net: before, numbersAt, picture: shown } = layer.cnn
  Object.assign(layer.cnn, { net, numbersAt: () => numbers, picture: () => picture, key: null })
  const { sums } = layer.cnn.at(0, 0)
  const found = sums.map((v) => [...v])
  Object.assign(layer.cnn, { net: before, numbersAt, picture: shown, key: null })
  return found
})()"""


@pytest.mark.parametrize(
    "text",
    [
        "conv 3 3; norm; pool 2; dropout 0.5; dense 7",
        "conv 4 5 same; mean 2; conv 2 1; pool 3; norm",
        "norm; conv 3 2; conv 3 3 same; dense 5; norm; dense 4",
        "",
    ],
)
def test_the_player_knows_every_block(page: Page, app_url: str, text: str):
    visit(page, address(app_url))
    net = build(text, (1, 9, 9), 3)
    rng = np.random.default_rng(0)
    numbers, picture = rng.uniform(0.1, 1, net.numbers) - 0.3, rng.random((1, 1, 9, 9))
    for block in net.blocks:
        if block.kind == "norm":  # variances are positive
            numbers[block.start : block.start + block.numbers] = rng.uniform(0.5, 2, block.numbers)
    found = tell(page, PUT, [header(net), numbers.tolist(), picture.ravel().tolist()])
    for ours, theirs in zip(forward(net, numbers, picture), found, strict=True):
        np.testing.assert_allclose(theirs, ours.ravel(), atol=1e-9)


def test_halves_are_numpys(page: Page, app_url: str):
    visit(page, address(app_url))
    run = train(FiltersConfig())
    pause(page, 7)
    found = tell(page, "[...p.views[0].panel.layers[0].cnn.numbersAt(7)]")
    np.testing.assert_array_equal(found, run.numbers[7].astype(float))


def test_a_pixel_that_is_pointed_at_is_taken_apart(page: Page, app_url: str):
    visit(page, address(app_url))
    pause(page, 24)
    page.mouse.move(*on_map(page, 3, 5, 0.6, 0.4))  # the second convolution's map 6
    until(page, "p.spot?.block === 2")
    assert tell(page, "[p.spot.unit, p.spot.row, p.spot.column]") == [5, 1, 2]
    page.mouse.click(*on_map(page, 3, 5, 0.6, 0.4))
    until_param(page, "block", "2")
    assert param(page, "unit") == "5"


def test_a_drawing_is_answered_while_the_pen_moves(page: Page, app_url: str):
    visit(page, address(app_url, source="drawn", turn="angle"))
    pause(page, 24)
    before = tell(page, SHOWN)[1]
    page.mouse.move(*on_map(page, 0, 0, 0.5, 0.1))
    page.mouse.down()
    for step in range(10):
        page.mouse.move(*on_map(page, 0, 0, 0.5, 0.1 + 0.085 * step))
    until(page, "p.views[0].panel.layers[0].cnn.edits > 0")
    drawn = tell(page, "[...p.views[0].panel.layers[0].cnn.drawn]")
    found = tell(page, SHOWN)[1]
    run = train(FiltersConfig())
    picture = np.reshape(drawn, (1, 1, 8, 8))
    np.testing.assert_allclose(found, answers(run, picture)[0], atol=1e-6)
    assert np.abs(np.subtract(found, before)).max() > 0.1
    page.mouse.up()
    page.wait_for_function("new URL(location).searchParams.get('drawing')")
    settle(page)
    text = param(page, "drawing")
    np.testing.assert_allclose([int(c, 16) / 15 for c in text], drawn, atol=1e-6)
    assert int(np.argmax(tell(page, SHOWN)[1])) == int(np.argmax(found))


def test_a_network_that_does_not_fit_is_refused_where_it_is_typed(page: Page, app_url: str):
    visit(page, address(app_url, epochs=1))
    field = page.locator(".st-key-architecture input")
    field.fill("pool 2; conv 4 5")
    field.press("Enter")
    expect(page.get_by_text("A 5x5 kernel does not fit a 4x4 map")).to_be_visible()
    field.fill("conv 4 3; pool 2")
    field.press("Enter")
    until(page, "p.views[0].panel.layers[0].net.blocks.length === 3")
    until(page, "p.scene.frames > 20 && !p.options.growing")
    assert "test accuracy" in words_of(page)


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_on_a_phone_a_finger_draws(page: Page, app_url: str):
    visit(page, address(app_url, source="drawn", turn="angle"))
    page.touchscreen.tap(*on_map(page, 0, 0, 0.5, 0.5))
    page.wait_for_function("new URL(location).searchParams.get('drawing')")
    settle(page)
    check_no_sideways_scrolling(page)
