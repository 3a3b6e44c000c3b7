"""Convolution in a browser: cells that fill, sums written out, painting, typing, photos."""

import io
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from dlviz.convolution.compute import ConvolutionConfig, Stack, image_of, run, stack
from dlviz.convolution.compute import move as compute_move
from dlviz.ui.address import encode
from dlviz.words import number
from tests.browser.driving import (
    CALM,
    PHONE,
    Finger,
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

IMAGE, OUTPUT, PRODUCTS = 0, 1, 2  # the numbers of the panels
ONE_WINDOW = CALM

# The words that a panel's canvas is asked to draw at one frame.
WRITTEN = """(() => {
  const view = p.views[arg], seen = [], pen = CanvasRenderingContext2D.prototype
  const draw = pen.fillText
  pen.fillText = function (text, ...rest) { seen.push(text); return draw.call(this, text, ...rest) }
  view.draw(p.at, p.turn)
  pen.fillText = draw
  return seen
})()"""


def address(app_url: str, **settings: Any) -> str:
    return f"{app_url}/convolution?" + urlencode(
        {name: encode(value) for name, value in settings.items()}, safe=","
    )


def test_the_output_fills_with_the_sums_that_are_written_out(page: Page, app_url: str) -> None:
    visit(page, address(app_url))
    output = run(ConvolutionConfig()).output.ravel()
    for frame in (0, 7, 24):
        pause(page, frame)
        assert tell(page, WRITTEN, PRODUCTS)[-1] == f"sum = {number(output[frame])}"
        shown = tell(page, WRITTEN, OUTPUT)
        assert shown == [number(value) for value in output[: frame + 1]]
    trace = run(ConvolutionConfig())
    pause(page, 7)
    terms = [f"{number(v)} · {number(w)}" for v, w in zip(
        trace.windows[7].ravel(), trace.kernel.ravel(), strict=True)]  # fmt: skip
    assert tell(page, WRITTEN, PRODUCTS)[:-1] == terms


@pytest.mark.parametrize(
    "settings",
    [{"operation": "max", "size": 8}, {"border": "same", "dilation": 2, "kernel": "sobel"},
     {"border": "circular", "stride": 2, "kernel": "own", "flip": True}],
)  # fmt: skip
def test_every_turn_of_the_knob_has_its_own_sums(
    page: Page, app_url: str, settings: dict[str, Any]
) -> None:
    visit(page, address(app_url, **settings))
    for turn in (0, 2, 5):
        output = run(ConvolutionConfig(**settings, shift=turn)).output.ravel()
        tell(page, "p.setTurn(arg, false)", turn)
        pause(page, len(output) - 1)
        until(page, "p.box.dataset.turn == arg", turn)
        way = settings.get("operation", "sum")
        assert tell(page, WRITTEN, PRODUCTS)[-1] == f"{way} = {number(output[-1])}"
        assert tell(page, WRITTEN, OUTPUT) == [number(value) for value in output]


def test_all_terms_of_the_widest_kernel_are_written_out(page: Page, app_url: str) -> None:
    visit(page, address(app_url, kernel="gauss", kernel_size=7, size=16))
    pause(page, 0)
    written, ones = tell(page, WRITTEN, PRODUCTS), ConvolutionConfig.image.count("1")
    assert len(written) == 50 and sum(text.startswith("1 · ") for text in written) == ones


def test_a_press_on_a_cell_of_the_output_goes_to_its_window(page: Page, app_url: str) -> None:
    visit(page, address(app_url))
    page.mouse.click(*spot(page, 3.5, 3.5, OUTPUT))  # column 4, row 2
    until(page, "p.frame === 8")
    assert tell(page, "p.caption()").startswith("row 2, column 4: the 9 products sum to 3")
    assert param(page, "image") == ""


def test_the_image_is_painted_on_the_stage_and_by_keyboard(page: Page, app_url: str) -> None:
    visit(page, address(app_url, image="0" * 49))
    page.mouse.move(*spot(page, 1.5, 4.5))
    page.mouse.down()
    page.mouse.move(*spot(page, 5.5, 4.5), steps=6)
    page.mouse.up()
    until_param(page, "image", "0" * 15 + "11111" + "0" * 29)
    until(page, "p.scene.panels[0].layers[0].arrays.values.data[17] === 1")
    page.get_by_role("grid", name="Image").focus()
    for key in ("End", "ArrowDown", "9"):
        page.keyboard.press(key)
    wanted = "0" * 13 + "9" + "0" + "11111" + "0" * 29
    until_param(page, "image", wanted)
    config = ConvolutionConfig(image=wanted)
    assert image_of(config)[1, 6] == 9
    pause(page, 24)
    assert tell(page, WRITTEN, OUTPUT) == [number(v) for v in run(config).output.ravel()]
    page.get_by_role("button", name="Clear the image").click()
    page.wait_for_function("new URL(location).searchParams.get('image') === ''")
    settle(page)
    page.reload()
    until(page, "p.draws > 0")
    settle(page)
    assert tell(page, "[...p.scene.panels[0].layers[0].arrays.values.data].every(v => v === 0)")


def test_a_weight_typed_makes_the_kernel_ones_own(page: Page, app_url: str) -> None:
    visit(page, address(app_url))
    field = page.get_by_role("textbox", name="row 2, column 2", exact=True)
    field.fill("-3.5")
    field.press("Enter")
    until_param(page, "kernel", "own")
    weights = (1.0, 0.0, 1.0, 0.0, -3.5, 0.0, 1.0, 0.0, 1.0)
    assert param(page, "weights") == encode(weights)
    output = run(ConvolutionConfig(kernel="own", weights=weights)).output
    pause(page, 24)
    assert tell(page, WRITTEN, OUTPUT) == [number(np.float32(v)) for v in output.ravel()]
    expect(field).to_have_value("−3.5")
    field.fill("nonsense")
    field.press("Enter")
    expect(field).to_have_value("−3.5")


def test_any_unit_of_a_row_lights_its_field_when_it_is_pressed(page: Page, app_url: str) -> None:
    visit(page, address(app_url, picture="field", field_stride=2))
    layers = stack(3, (2, 2, 2), (1, 1, 1))
    pause(page)
    page.mouse.click(*spot(page, *_of_row(layers, 2, 5)))
    lit = tell(page, "p.views[0].lit(p.turn)")  # before Python answers
    assert lit["columns"] == [np.flatnonzero(each).tolist() for each in layers.seen(5, 2)]
    until_param(page, "back", "1")
    until(page, "p.turn === 5 && p.scene.frames === 3 && p.frame === 2")
    assert tell(page, "p.views[0].lit(p.turn)") == lit
    page.mouse.click(*spot(page, *_of_row(layers, 3, 7)))
    until_param(page, "back", "")
    until(page, "p.turn === 7 && p.scene.frames === 4 && p.frame === 3")


def _of_row(layers: Stack, layer: int, unit: int) -> tuple[float, float]:
    return float(layers.centers[layer][unit]), float(layer)


def test_any_unit_of_a_plane_lights_its_field_when_it_is_pressed(page: Page, app_url: str) -> None:
    visit(page, address(app_url, picture="field", plane="1", doubling="1"))
    layers = stack(3, (1, 1, 1), (1, 2, 4))
    rise = 0.52 * layers.sizes[0]
    at, back = layers.centers[1][6], 0.4 * layers.centers[1][9]
    page.mouse.click(*spot(page, at + back, rise + back))
    lit = tell(page, "p.views[0].lit(p.turn)")
    assert lit == {"columns": [[6, 7, 8], [6]], "rows": [[9, 10, 11], [9]]}
    until_param(page, "unit_row", "9")
    until(page, "p.turn === 6 && p.scene.frames === 2")
    assert (param(page, "back"), param(page, "unit")) == ("2", "6")


@pytest.mark.parametrize(("move", "name"), [("shift", "shift"), ("turn", "turns")])
def test_a_drag_of_the_image_moves_it_and_both_outputs(
    page: Page, app_url: str, move: str, name: str
) -> None:
    visit(page, address(app_url, picture="shift", border="circular", move=move))
    places = {"shift": [(1.5, 3.5), (3.4, 3.5), (4.6, 3.5)],
              "turn": [(3.5, 6.0), (5.5, 5.5), (6.0, 3.5)]}[move]  # fmt: skip
    page.mouse.move(*spot(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*spot(page, *place))
    wanted = 3 if move == "shift" else 1
    until(page, "p.turn === arg", wanted)  # while the button is down
    assert param(page, name) == ""
    page.mouse.up()
    until_param(page, name, str(wanted))
    until(page, "p.turn === arg", wanted)
    config = ConvolutionConfig(picture="shift", border="circular", move=move, **{name: wanted})
    found, image = compute_move(config), tell(page, WRITTEN, IMAGE)
    assert image == [number(value) for value in found.image.ravel()]
    ways = [text for text in tell(page, WRITTEN, OUTPUT) if "→" not in text]
    assert ways == [number(value) for value in [*found.first.ravel(), *found.after.ravel()]]
    if move == "shift":  # its ends are joined
        page.mouse.move(*spot(page, 5.5, 3.5))
        page.mouse.down()
        page.mouse.move(*spot(page, 0.6, 3.5))
        until(page, "p.turn === 5")
        page.mouse.up()
        until_param(page, name, "5")


def test_ones_own_photo_is_seen_through_the_kernel(page: Page, app_url: str) -> None:
    visit(page, address(app_url, picture="photo", photo="own", kernel="identity",
                        border="same"))  # fmt: skip
    halves = Image.new("L", (60, 40), 255)
    halves.paste(0, (0, 0, 30, 40))
    file = io.BytesIO()
    halves.save(file, "PNG")
    page.locator("input[type=file]").set_input_files(
        {"name": "halves.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    until(page, "p.scene.panels[1].layers[0].arrays.image.shape.slice(-2).join() === '40,60'")
    settle(page)
    row = "[...p.scene.panels[0].layers[0].arrays.image.data.slice(0, 60)]"
    assert tell(page, row) == [0] * 30 + [255] * 30
    page.locator("input[type=file]").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\nnothing"}
    )
    refused = "Expected a whole PNG picture, got one that is broken or cut off"
    expect(page.get_by_text(refused)).to_be_visible()
    assert tell(page, row) == [0] * 30 + [255] * 30


@pytest.mark.parametrize("scene", ["window", "blur", "line", "matrix", "shift", "cost", "field",
                                   "field-plane"])  # fmt: skip
def test_nothing_scrolls_in_front_of_a_class(page: Page, app_url: str, scene: str) -> None:
    visit(page, f"{app_url}/convolution?present=1&scene={scene}")
    check_nothing_scrolls(page)
    for panel in player(page).locator("canvas.panel").all():
        box = panel.bounding_box()
        assert box["x"] + box["width"] <= 1280 and box["y"] + box["height"] <= 720
        assert len(panel.get_attribute("aria-label")) > 40


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_visit_on_a_phone(page: Page, app_url: str) -> None:
    visit(page, address(app_url, image="0" * 49))
    Finger(page).draw(spot(page, 1.5, 3.5), spot(page, 4.5, 3.5))
    until_param(page, "image", "0" * 22 + "1111" + "0" * 23)
    check_no_sideways_scrolling(page)
    grid = page.get_by_role("grid", name="Image").bounding_box()
    assert grid["width"] > 250
