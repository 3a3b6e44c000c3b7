"""Decision boundaries in a browser: what the player computes, and what a hand does in it."""

import io
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from dlviz.boundary import choices, compute
from dlviz.boundary.compute import BoundaryConfig
from dlviz.boundary.figures import boundary_scene, classifier_scene
from dlviz.datasets import split
from dlviz.grids import grid
from dlviz.net import Net
from dlviz.net_layers import MAP_SIZE, NetMap, NetSpace
from dlviz.painting import read_points
from dlviz.scene import Scene, knob_values
from dlviz.tables import dataset_of, read_table
from dlviz.ui.address import encode
from dlviz.words import number
from tests.browser.driving import (
    CALM,
    PATIENCE,
    PHONE,
    Finger,
    check_no_sideways_scrolling,
    check_nothing_scrolls,
    param,
    pause,
    player,
    scrolled,
    settle,
    spot,
    tell,
    until,
    until_param,
    visit,
)

MAP, DRAWING, CONFUSION = 0, 1, 3  # the numbers of the panels
AT_REST = choices.RATES.index(BoundaryConfig().lr)  # where the knob is
ONE_WINDOW = CALM
CALM_PHONE = {**PHONE, "reduced_motion": "reduce"}
SMALL: dict[str, Any] = {"n": 60, "epochs": 20}  # a run that is quickly there
RELU: dict[str, Any] = {**SMALL, "hidden": (2, 3), "activation": "relu"}


def address(app_url: str, **settings: Any) -> str:
    return f"{app_url}/boundary?" + urlencode({k: encode(v) for k, v in settings.items()}, safe=",")


def sweep_of(
    branch: tuple[int, BoundaryConfig] | None = None, edits: str = "", **settings: Any
) -> compute.BoundarySweep:
    """Train what the page trains for settings."""
    config = BoundaryConfig(**settings)
    rates = knob_values(config.lr, choices.RATES)
    *_, sweep = compute.course_steps(replace(config, lr=rates[0]), rates, None, branch, edits)
    return sweep


def look_at(page: Page, address: str) -> None:
    """Open an address and wait until all is trained."""
    visit(page, address)
    until(page, "!p.options.growing")
    settle(page)


def net_in(scene: Scene) -> Net:
    return scene.panel("network").layers[0].net


# ---------------------------------------------------------------- arithmetic

SIZE = 15  # of the lattice on which numbers are compared
NUMBERS = """arg.map(([frame, turn]) => {
  const net = p.drawing.net
  const values = net.maps(15, frame, turn)
  const units = values.map((layer) => layer.map((unit) => [...unit]))
  return [units, [...net.field(values)], [...net.classes(values)]]
})"""
SHAPES: dict[str, dict[str, Any]] = {
    "tanh": {},
    "relu": {
        "dataset": "spiral", "features": ("x1^2", "sin x1", "radius", "angle"), "hidden": (5,),
        "activation": "relu",
    },
    "mixed": {
        "dataset": "xor", "features": ("x1", "x2", "x2^2", "x1x2", "sin x2"),
        "hidden": (3, 4, 3, 2), "activation": "sigmoid,gelu,sine,leaky_relu", "optimizer": "adam",
    },
    "four classes": {"dataset": "four_blobs", "loss": "cross_entropy", "activation": "relu"},
    "two outputs": {"dataset": "gauss", "loss": "cross_entropy", "hidden": (2,)},
    "regression": {"dataset": "reg_gauss", "hidden": (4,)},
    "probability": {"dataset": "moons", "loss": "bce", "hidden": ()},
}  # fmt: skip


def lattice(net: Net, size: int = SIZE) -> np.ndarray:
    return grid(((-net.span, net.span),) * 2, size).points.reshape(-1, 2)


@pytest.mark.parametrize("name", SHAPES)
def test_the_browser_computes_what_python_computes(page: Page, app_url: str, name: str) -> None:
    settings = {**SMALL, **SHAPES[name]}
    net = net_in(boundary_scene(sweep_of(**settings)))
    look_at(page, address(app_url, **settings))
    pictures = [(0, 0), (7, AT_REST), (20, AT_REST), (20, 8)]
    points = lattice(net)
    for (frame, turn), (units, field, classes) in zip(
        pictures, tell(page, NUMBERS, pictures), strict=True
    ):
        close = {"rtol": 1e-9, "atol": 1e-9, "err_msg": f"frame {frame}, turn {turn}"}
        ours = net.values(points, frame, turn)
        assert [len(layer) for layer in units] == list(net.sizes)
        for layer, values in zip(units, ours, strict=True):
            np.testing.assert_allclose(np.transpose(layer), values, **close)
        np.testing.assert_allclose(field, net.field(points, frame, turn), **close)
        assert classes == net.classes(points, frame, turn).tolist()
    half = net.parameters[AT_REST, 7:9].astype(np.float64).mean(axis=0)
    shown = tell(page, "[...p.drawing.net.at(7.5, p.turn)]")
    np.testing.assert_allclose(shown, half, rtol=1e-6, atol=1e-7)


def test_where_numbers_have_gone_wrong_the_classes_are_those_of_python(
    page: Page, app_url: str
) -> None:
    settings = {**SMALL, "dataset": "four_blobs", "loss": "cross_entropy", "activation": "relu"}
    net = net_in(boundary_scene(sweep_of(**settings)))
    look_at(page, address(app_url, **settings))
    tell(page, "p.drawing.net.parameters.data.fill(NaN)")
    spoiled = replace(net, parameters=np.full_like(net.parameters, np.nan))
    ((_, field, classes),) = tell(page, NUMBERS, [(3, 2)])
    assert np.isnan(field).all()
    assert classes == spoiled.classes(lattice(net), 3, 2).tolist()


# ---------------------------------------------------------------- pictures

# Go to pictures; of each, how often the player drew for it, its caption, and what each panel shows.
LOOK = """(async () => {
  const looks = []
  for (const [frame, turn] of arg) {
    p.setTurn(turn, false)
    p.go(frame)
    const before = p.draws
    await new Promise((done) => { p.onframe = () => { p.onframe = null; done() } })
    const prints = []
    for (const { canvas } of p.views) {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
      prints.push(new Uint8Array(await crypto.subtle.digest("SHA-1", data)).join())
    }
    const said = p.box.querySelector(".caption").textContent
    looks.push({ draws: p.draws - before, said, prints })
  }
  return looks
})()"""
# The words that the next picture writes on a panel.
WRITTEN = """new Promise((done) => {
  const pen = CanvasRenderingContext2D.prototype, { fillText } = pen, said = []
  pen.fillText = function (text, ...where) {
    if (this.canvas === p.views[arg].canvas) said.push(String(text))
    fillText.call(this, text, ...where)
  }
  p.onframe = () => { p.onframe = null; pen.fillText = fillText; done(said) }
  p.redraw()
})"""
# The colors of the large map, row by row from the top, and the color of each code.
COLORS = """(async () => {
  await new Promise((done) => { p.onframe = done; p.redraw() })
  const { canvas } = p.views[0].panel.layers.find((layer) => layer.kind === "NetMap")
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
  return [[...data].filter((_, i) => i % 4 < 3), [...p.views[0].colormap("diverging")]]
})()"""


def check_colors(page: Page, net: Net, frame: int, turn: int, unit: Any = None) -> None:
    """Assert that the large map shows the outputs of a network, or of one of its units."""
    image, table = tell(page, COLORS)
    codes = NetMap(net=net, unit=unit).plain(frame, turn)[0].image[::-1]
    shown = np.reshape(image, (MAP_SIZE, MAP_SIZE, 3))
    differ = (shown != np.reshape(table, (-1, 3))[codes]).any(axis=-1)
    assert differ.mean() < 0.001  # a value on the edge of two colors may be rounded to either
    assert len(np.unique(codes)) > 10


def test_knob_and_epoch_change_map_network_and_confusion_in_the_same_frame(
    page: Page, app_url: str
) -> None:
    scene = boundary_scene(sweep_of())
    net, test = net_in(scene), scene.panel("confusion").layers[0]
    look_at(page, address(app_url))
    pictures = [(0, 4), (20, 4), (20, 6), (20, 2), (100, 2), (100, 12), (57, 0), (100, 4)]
    looks = tell(page, LOOK, pictures)
    assert [look["draws"] for look in looks] == [1] * len(pictures)
    assert [look["said"] for look in looks] == [scene.caption(*picture) for picture in pictures]
    for before, after in pairwise(looks):
        same = [a == b for a, b in zip(before["prints"], after["prints"], strict=True)]
        assert not any(same[:3])  # map, network, curves
    confusions = set()
    for frame, turn in pictures:
        tell(page, "p.setTurn(arg[1], false) || p.go(arg[0])", [frame, turn])
        counts = np.zeros((2, 2), dtype=int)
        np.add.at(counts, (test.classes.astype(int), net.classes(test.xy, frame, turn)), 1)
        drawn = [int(text) for text in tell(page, WRITTEN, CONFUSION) if text.isdigit()]
        assert drawn == counts.ravel().tolist()
        confusions.add(tuple(drawn))
    assert len(confusions) > 4
    check_colors(page, net, 100, 4)


def test_hovering_a_unit_shows_it_large_and_tells_its_formula(page: Page, app_url: str) -> None:
    net = net_in(boundary_scene(sweep_of(**RELU)))
    look_at(page, address(app_url, **RELU))
    check_colors(page, net, 20, AT_REST)
    page.mouse.move(*unit_at(page, 2, 1))
    until(page, "String(p.lit) === '2,1'")
    check_colors(page, net, 20, AT_REST, (2, 1))
    assert "h₂.₂" in tell(page, WRITTEN, MAP)
    weights, biases = net.layers(20, AT_REST)
    terms = [*zip(weights[1][1], (" h₁.₁", " h₁.₂"), strict=True), (biases[1][1], "")]
    summed = " ".join(("− " if w < 0 else "+ ") + number(abs(w)) + name for w, name in terms)
    expect(drawing(page)).to_have_attribute("title", f"h₂.₂ = max(0, {summed.removeprefix('+ ')})")
    page.mouse.move(*spot(page, 1.5, -2.5))
    until(page, "p.lit === null && p.views[0].pointer")
    expect(drawing(page)).to_have_attribute("title", "")
    x, y = tell(page, "Object.values(p.views[0].axes.at(...Object.values(p.views[0].pointer)))")
    assert [x, y] == pytest.approx([1.5, -2.5], abs=0.05)
    said = tell(page, WRITTEN, MAP)
    assert f"output: {number(net.field(np.array([[x, y]]), 20, AT_REST)[0])}" in said
    assert f"x₁: {number(x)}" in said


def test_words_and_marks_stay_when_only_the_panels_change(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **SMALL))
    marks = player(page).locator(".marks")
    expect(marks).to_have_text("lowest test loss")
    page.get_by_role("button", name="Picture", exact=True).click()
    page.get_by_role("radio", name="Hidden space").click()
    until_param(page, "picture", "hidden")
    until(page, "p.scene.panels[0].name === 'space'")
    expect(marks).to_have_text("lowest test loss")
    told = re.compile(r".{20}.*epoch 20 · training loss")
    for panel in player(page).locator("canvas[role=img]").all():
        expect(panel).to_have_attribute("aria-label", told)


# ---------------------------------------------------------------- weights in the hand

BOX = "const u = v.plan.boxes.find((u) => u.layer === arg[0] && u.unit === arg[1])"
PLACES = {
    "edge": "const e = v.plan.edges.find("
    "(e) => e.to.layer === arg[0] && e.to.unit === arg[1] && e.input === arg[2]);"
    "const at = [(e.x0 + e.x1) / 2, (e.y0 + e.y1) / 2]",
    "bias": f"{BOX}; const at = [u.x, u.y + u.side]",
    "unit": f"{BOX}; const at = [u.x + u.side / 2, u.y + u.side / 2]",
}


def place(page: Page, what: str, *which: int) -> tuple[float, float]:
    """Return where on the window something of the drawing is."""
    find = f"const v = p.views[{DRAWING}], box = v.canvas.getBoundingClientRect(); {PLACES[what]}"
    found = tell(page, f"(() => {{ {find}; return [box.left + at[0], box.top + at[1]] }})()", which)
    return tuple(found)


def unit_at(page: Page, layer: int, unit: int) -> tuple[float, float]:
    return place(page, "unit", layer, unit)


def drawing(page: Page) -> Locator:
    return player(page).locator("canvas.panel").nth(DRAWING)


def operations(page: Page) -> list[str]:
    return tell(page, "p.drawing.net.edited?.operations ?? []")


def parameters(page: Page) -> np.ndarray:
    """Return the parameters of the picture that is shown, edits done."""
    return np.array(tell(page, "[...p.drawing.net.at(p.at, p.turn)]"))


def field_of(page: Page) -> np.ndarray:
    return np.array(tell(page, "[...p.drawing.net.field(p.drawing.net.maps(15, p.at, p.turn))]"))


def edited_net(net: Net, parameters: np.ndarray) -> Net:
    return replace(net, parameters=parameters[None, None])


def edited_caption(run: compute.BoundaryTrace, text: str) -> str:
    """Return what the player should say of a run that was edited."""
    edited = compute.edited_run(run, text)
    rights = [
        f"{name} points: {round(accuracy[0] * len(data.x))} of {len(data.x)} right"
        for name, accuracy, data in (
            ("test", edited.test_accuracy, edited.data[1]),
            ("training", edited.train_accuracy, edited.data[0]),
        )
    ]
    return " · ".join([f"epoch {text.split('@')[0]}", "edited by hand", *rights])


def test_weights_are_dragged_with_the_mouse(page: Page, app_url: str) -> None:
    sweep = sweep_of(**RELU)
    net, run = net_in(boundary_scene(sweep)), sweep.run(AT_REST)
    said: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: said.append(text)))
    look_at(page, address(app_url, **RELU))
    pause(page, 12)
    before = parameters(page)
    np.testing.assert_array_equal(before, net.parameters[AT_REST, 12])
    place_of = {"edge": 0, "bias": 2}  # of the first unit's first weight, and of its bias
    done = []
    for what, by in (("edge", 40), ("bias", -60)):
        x, y = place(page, what, 1, 0, 0)
        (looks,) = tell(page, LOOK, [(12, AT_REST)])
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y - by / 2, steps=3)
        until(page, "p.drawing.net.edited?.operations.length === arg", len(done) + 1)
        said.clear()
        page.mouse.move(x, y - by, steps=3)
        now = before[place_of[what]] + by / 40
        until(page, "Math.abs(p.drawing.net.at(p.at, p.turn)[arg[0]] - arg[1]) < 0.03",
              [place_of[what], now])  # fmt: skip
        done.append(operations(page)[-1])
        assert done[-1].startswith(f"{place_of[what]}=")
        assert operations(page) == done
        changed = compute.apply_edits(run.architecture, before.astype(float), ";".join(done))
        np.testing.assert_allclose(parameters(page), changed, rtol=1e-6)
        ours = edited_net(net, changed)
        np.testing.assert_allclose(
            field_of(page), ours.field(lattice(net), 0, 0), rtol=1e-5, atol=1e-6
        )
        check_colors(page, ours, 0, 0)
        assert said == []  # Python hears of it when the hand lets go
        page.mouse.up()
        text = f"12@0.03;{';'.join(done)}"
        until_param(page, "edits", text)
        assert len(said) == 1
        expect(player(page).locator(".caption")).to_have_text(edited_caption(run, text))
        label = drawing(page).get_attribute("aria-label")
        assert label.endswith(edited_caption(run, text))
        assert looks["prints"] != tell(page, LOOK, [(12, AT_REST)])[0]["prints"]
    pause(page, 13)  # the other epochs are as they were
    np.testing.assert_array_equal(parameters(page), net.parameters[AT_REST, 13])
    expect(player(page).locator(".caption")).not_to_contain_text("by hand")
    page.reload()
    until(page, "p.draws > 0 && p.frame === 12 && !p.playing")
    np.testing.assert_allclose(parameters(page), changed, rtol=1e-6)
    expect(player(page).locator(".caption")).to_have_text(edited_caption(run, text))
    page.mouse.click(*unit_at(page, 1, 0))
    page.get_by_role("button", name="Undo edits").click()
    until_param(page, "edits", "")
    np.testing.assert_array_equal(parameters(page), before)
    expect(page.get_by_role("button", name="Undo edits")).to_be_hidden()


def test_weights_are_set_by_keyboard_alone(page: Page, app_url: str) -> None:
    run = sweep_of(**RELU).run(AT_REST)
    look_at(page, address(app_url, **RELU))
    page.keyboard.press("Home")
    for keys, chosen in (("n", "1,0"), ("nn", "2,0"), ("Shift+N", "1,1")):
        for key in [keys] if "+" in keys else keys:
            page.keyboard.press(key)
        until(page, "String(p.chosen) === arg", chosen)
    formula = player(page).locator(".formula")
    expect(formula).to_have_text(re.compile(r"h₁\.₂ = max\(0, .* x₁ .* x₂ .*\)"))
    page.keyboard.press("Tab")
    expect(page.get_by_label("x₁", exact=True)).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("-1.25")
    until(page, "String(p.drawing.net.edited?.operations) === '3=-1.25'")
    expect(formula).to_contain_text("max(0, − 1.25 x₁")
    page.keyboard.press("Tab")
    until_param(page, "edits", "0@0.03;3=-1.25")
    field = page.get_by_label("x₂", exact=True)
    expect(field).to_be_focused()  # the answer of the page takes nothing away
    tenth = round(float(field.input_value()), 1)
    page.keyboard.press("ArrowUp")  # steps the number, and not the knob
    page.keyboard.press("ArrowUp")
    until(page, "p.drawing.net.edited.operations.length === 2")
    page.wait_for_url("**4%3D**")
    settle(page)
    target, value = operations(page)[1].split("=")
    assert target == "4"
    assert tenth < float(value) <= tenth + 0.2 + 1e-9
    assert float(value) == pytest.approx(round(float(value), 1))
    assert tell(page, "[p.frame, p.turn]") == [0, AT_REST]
    expect(field).to_be_focused()
    text = ";".join(["0@0.03", *operations(page)])
    assert param(page, "edits") == text
    expect(player(page).locator(".caption")).to_have_text(edited_caption(run, text))
    page.keyboard.press("Escape")
    expect(player(page).locator(".inspector")).to_be_hidden()
    page.keyboard.press("ArrowRight")  # keys are the player's again
    until(page, "p.frame === 1")


def test_what_changes_no_output_leaves_the_picture_as_it_is(page: Page, app_url: str) -> None:
    run = sweep_of(**RELU).run(AT_REST)
    look_at(page, address(app_url, **RELU))
    page.keyboard.press("n")
    weights, field = parameters(page), field_of(page)
    assert np.ptp(field) > 0.1
    done = []
    for name, operation in (("Shuffle neurons", "s0"), ("Rescale × 2", "r0.0=2")):
        page.get_by_role("button", name=name).click()
        done.append(operation)
        until(page, "String(p.drawing.net.edited.operations) === arg", ",".join(done))
        moved = compute.apply_edits(run.architecture, weights, ";".join(done))
        np.testing.assert_allclose(parameters(page), moved, rtol=1e-12)
        assert not np.allclose(moved, weights, rtol=0.01)
        np.testing.assert_allclose(field_of(page), field, rtol=1e-9, atol=1e-9)
        until_param(page, "edits", "20@0.03;" + ";".join(done))
    page.reload()
    until(page, "p.draws > 0")
    np.testing.assert_allclose(parameters(page), moved, rtol=1e-12)
    page.keyboard.press("n")
    page.get_by_role("button", name="Undo edits").click()
    np.testing.assert_array_equal(parameters(page), weights)


@pytest.mark.parametrize(
    "text", ["20@0.03;999=1", "20@0.03;0=abc", "20@0.03;s2", "20@0.03;0=1;r0.2=2", "20@0.03;r0.0=0",
             "20@0.03;r0.0=2;0=1001", "20@0.04;0=1", "21@0.03;0=1"]
)  # fmt: skip
def test_edits_are_refused_as_python_refuses_them(page: Page, app_url: str, text: str) -> None:
    run = sweep_of(**RELU).run(AT_REST)
    assert compute.edited_layers(run, text) is None
    if not page.url.startswith(app_url + "/boundary?n=60"):
        look_at(page, address(app_url, **RELU))
    tell(page, "(p.options.edits = arg) && p.takeEdits()", text)
    assert tell(page, "p.drawing.net.edited") is None
    tell(page, "(p.options.edits = arg) && p.takeEdits()", "20@0.03;0=1;s1;r0.1=2e1")
    assert len(operations(page)) == 3


def test_training_goes_on_from_the_edited_weights(page: Page, app_url: str) -> None:
    trunk = BoundaryConfig(**RELU)
    look_at(page, address(app_url, **RELU))
    pause(page, 8)
    tell(page, "p.choose([1, 0])")
    page.get_by_label("x₁", exact=True).fill("2.5")
    page.get_by_role("button", name="Train on from here").click()
    page.wait_for_url("**branch=8**")
    settle(page)
    until(page, "Math.abs(p.drawing.net.parameters.data[arg] - 2.5) < 1e-6",
          (AT_REST * 21 + 8) * len(parameters(page)))  # fmt: skip
    expect(player(page).locator(".inspector")).to_be_hidden()
    before = compute.trained(trunk)
    changed = compute.apply_edits(before.architecture, before.parameters[8], "0=2.5")
    layers = before.architecture.layers(changed)
    rates = knob_values(trunk.lr, choices.RATES)
    at_rest = replace(trunk, lr=rates[0])
    initial = (layers.weights, layers.biases)
    runs = compute.branch_sweep(before, 8, at_rest, "lr", rates, initial=initial)
    shown = tell(page, "[...p.drawing.net.parameters.data]")
    np.testing.assert_array_equal(
        np.reshape(shown, runs.parameters.shape), runs.parameters.astype(np.float32)
    )
    assert not np.allclose(runs.parameters[AT_REST, 20], before.parameters[20], atol=0.01)


def test_where_no_weight_may_change_none_does(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **RELU))
    tell(page, "(p.options.edits = null) || p.takeEdits()")
    before = parameters(page)
    x, y = place(page, "edge", 1, 0, 0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 40, steps=3)
    page.mouse.up()
    until(page, "String(p.chosen) === '1,0'")
    expect(page.get_by_label("x₁", exact=True)).to_be_disabled()
    for name in ("Shuffle neurons", "Rescale × 2", "Undo edits"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    np.testing.assert_array_equal(parameters(page), before)
    assert param(page, "edits") == ""


# ---------------------------------------------------------------- points painted


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """Draw with the mouse through places of the plane."""
    first, *others = (spot(page, *at) for at in places)
    page.mouse.move(*first)
    page.mouse.down()
    for at in others:
        page.mouse.move(*at)
    page.mouse.up()


def painted(page: Page, count: int) -> tuple[np.ndarray, list[int]]:
    """Wait until so many points are painted and in the picture; return them with their classes."""
    page.wait_for_function(
        "count => (new URL(location).searchParams.get('points') ?? '').length === 5 * count",
        arg=count,
        timeout=PATIENCE,
    )
    settle(page)
    data = read_points(param(page, "points"))
    shown = "p.scene.panels[0].layers.filter((layer) => layer.kind === 'NetPoints')"
    until(page, f"{shown}.reduce((sum, l) => sum + l.arrays.xy.shape[0], 0) === arg", count)
    return data.x, data.y.tolist()


OWN = {"dataset": "own", "epochs": 20, "train_share": 0.9}
PAINTED_AT = [(-4.0, 5.5), (-2.0, 5.0), (0.0, 5.5), (2.0, 5.0)]


def test_points_are_painted_and_erased_with_the_mouse(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **OWN))
    stroke(page, *PAINTED_AT)
    x, y = painted(page, 16)
    np.testing.assert_allclose(x[12:], PAINTED_AT, atol=0.06)
    assert y[12:] == [0] * 4
    page.get_by_role("radio", name="C", exact=True).click()
    until_param(page, "brush", "2")
    stroke(page, (-5, -5.5), (-4.9, -5.5), (4, -5))  # the second place is too near for a point
    x, y = painted(page, 18)
    np.testing.assert_allclose(x[16:], [(-5, -5.5), (4, -5)], atol=0.06)
    assert y[16:] == [2, 2]
    until(page, "p.drawing.net.sizes.at(-1) === 3")
    page.get_by_role("radio", name="Erase").click()
    until_param(page, "brush", "-1")
    stroke(page, (-5, 5.3), (3, 5.3))
    x, y = painted(page, 14)
    assert y.count(0) == 6
    assert x[:, 1].max() < 5
    page.reload()
    until(page, "p.draws > 0")
    assert painted(page, 14)[0].tolist() == x.tolist()


# Count what Python is told, and end four strokes at once; return how often it was told by then.
BURST = """(() => {
  let send = p.send
  p.told = 0
  Object.defineProperty(p, "send", {
    get: () => (...said) => { p.told++; send(...said) },
    set: (other) => { send = other },
  })
  for (let i = 0; i < 4; i++) {
    Object.assign(p.views[0], { stroke: [[-5, i], [-4.5, i]], brush: p.options.brush })
    p.endStroke(p.views[0])
  }
  return p.told
})()"""


def test_no_stroke_is_lost_while_the_page_is_busy(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **OWN))
    (bare,) = tell(page, LOOK, [(20, AT_REST)])
    assert tell(page, BURST) == 1  # the others wait for the answer
    (wet,) = tell(page, LOOK, [(20, AT_REST)])
    assert wet["prints"][MAP] != bare["prints"][MAP]  # what is painted is seen at once
    x, _ = painted(page, 20)
    assert tell(page, "p.told") == 4
    np.testing.assert_allclose(x[12:, 1], np.repeat(np.arange(4), 2), atol=0.01)
    stroke(page, (5, 0), (5, 1))
    page.mouse.move(*spot(page, -2, -5.5))
    page.mouse.down()
    page.mouse.move(*spot(page, -1, -5.5))
    painted(page, 22)  # the answer to the stroke before comes in the middle of this one
    assert tell(page, "p.views[0].stroke.length") == 2
    page.mouse.move(*spot(page, 0, -5.5))
    page.mouse.up()
    x, _ = painted(page, 25)
    np.testing.assert_allclose(x[22:], [(-2, -5.5), (-1, -5.5), (0, -5.5)], atol=0.06)
    until(page, "p.strokes.length === 0 && !p.views[0].stroke")


# ---------------------------------------------------------------- fingers


@pytest.mark.parametrize("page", [CALM_PHONE], indirect=True)
def test_fingers_paint_and_do_not_scroll(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **OWN))
    finger = Finger(page)
    finger.draw(spot(page, 5.5, 3), spot(page, 5.5, -5))
    page.wait_for_url("**points=**")
    x, y = painted(page, len(read_points(param(page, "points")).x))
    assert scrolled(page) == 0
    fresh = x[12:]
    assert len(fresh) > 5
    np.testing.assert_allclose(fresh[:, 0], 5.5, atol=0.1)
    assert (np.diff(fresh[:, 1]) < 0).all()
    assert set(y[12:]) == {0}
    caption = player(page).locator(".caption").bounding_box()  # beside the map it does scroll
    at = caption["x"] + 20, caption["y"] + 10
    finger.draw(at, (at[0], at[1] - 300))
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 100")


@pytest.mark.parametrize("page", [CALM_PHONE], indirect=True)
def test_a_visit_on_a_phone(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **RELU))
    check_no_sideways_scrolling(page)
    page.get_by_role("button", name="Play", exact=True).tap()
    until(page, "p.playing && p.frame > 0 && p.frame < 20")
    page.get_by_role("button", name="Pause", exact=True).tap()
    until(page, "!p.playing")
    knob = page.get_by_role("slider", name="learning rate η")
    box = knob.bounding_box()
    knob.tap(position={"x": 0.8 * box["width"], "y": box["height"] / 2})
    until(page, "p.turn > 7")
    page.wait_for_url("**lr=**")
    settle(page)
    drawing(page).scroll_into_view_if_needed()
    before, top = parameters(page), scrolled(page)
    x, y = place(page, "edge", 1, 0, 0)
    Finger(page).draw((x, y), (x, y - 80))
    page.wait_for_url("**edits=**")
    settle(page)
    assert scrolled(page) == top
    (operation,) = operations(page)
    assert operation.startswith("0=")
    assert parameters(page)[0] - before[0] == pytest.approx(2, abs=0.03)
    page.get_by_role("combobox", name="Data").tap()
    page.get_by_role("option", name="Spiral").tap()
    until_param(page, "dataset", "spiral")
    assert param(page, "edits") == ""
    until(page, "!p.drawing.net.edited")
    check_no_sideways_scrolling(page)


# ---------------------------------------------------------------- hidden space


def test_points_move_from_the_plane_into_hidden_space(page: Page, app_url: str) -> None:
    settings = {**SMALL, "dataset": "moons", "hidden": (2,)}
    scene = boundary_scene(sweep_of(**settings), picture="hidden")
    mark: NetSpace = scene.panel("space").layers[1]
    look_at(page, address(app_url, **settings, picture="hidden"))
    places = """(() => {
      const net = p.drawing.net, layer = p.views[0].panel.layers[1]
      const values = net.points(layer, p.at, p.turn)
      return net.places(layer, values, layer.plane, p.at, p.turn, p.morph)
    })()"""
    xy = mark.xy.astype(np.float64)
    inside = mark.at_units(xy, 20, AT_REST)
    np.testing.assert_allclose(tell(page, places), inside, rtol=1e-9, atol=1e-9)
    (there,) = tell(page, LOOK, [(20, AT_REST)])
    slider = page.get_by_role("slider", name=re.compile("input space"))
    slider.focus()
    page.keyboard.press("Home")
    until(page, "p.morph === 0")
    np.testing.assert_allclose(tell(page, places), xy / 6, rtol=1e-9, atol=1e-9)
    (here,) = tell(page, LOOK, [(20, AT_REST)])
    assert here["prints"][0] != there["prints"][0]
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    until(page, "p.morph === 0.25")
    between = 0.25 * inside + 0.75 * xy / 6
    np.testing.assert_allclose(tell(page, places), between, rtol=1e-9, atol=1e-9)
    page.keyboard.press("m")
    until(page, "p.morph === 1")
    (again,) = tell(page, LOOK, [(20, AT_REST)])
    assert again["prints"][0] == there["prints"][0]
    page.keyboard.press("m")
    until(page, "p.morph === 0")
    expect(slider).to_have_value("0")


# ---------------------------------------------------------------- a table of one's own

TABLE = "wide,tall,kind\n" + "".join(
    f"{i % 7},{i % 5 + 0.5},{'cat' if i % 7 + i % 5 > 5 else 'dog'}\n" for i in range(40)
)


def test_a_table_is_uploaded_and_a_defect_keeps_the_picture(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, dataset="table", **SMALL))
    upload = page.locator(".st-key-table_file input[type=file]")
    upload.set_input_files({"name": "pets.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    said = page.get_by_text(re.compile(r"pets\W+csv is in the picture\W+ 40 points, 2 classes"))
    expect(said).to_be_visible()
    settle(page)
    until(page, "p.scene.panels[0].x.label === 'wide' && p.scene.panels[0].y.label === 'tall'")
    train = "[...p.scene.panels[0].layers.findLast(l => l.kind === 'NetPoints').arrays.xy.data]"
    points = np.reshape(tell(page, train), (-1, 2))
    dataset = dataset_of(read_table(TABLE.encode()), "wide", "tall", "kind")
    ours = split(dataset, 0.5, 0)[0]
    np.testing.assert_allclose(points, ours.x, rtol=1e-6, atol=1e-6)
    lines = TABLE.splitlines()
    lines[17] = "3,much,dog"
    broken = "\n".join(lines).encode()
    upload.set_input_files({"name": "broken.csv", "mimeType": "text/csv", "buffer": broken})
    expect(page.get_by_test_id("stAlert")).to_contain_text("18")
    settle(page)
    expect(page.get_by_text(re.compile(r"pets\W+csv stays in the picture"))).to_be_visible()
    np.testing.assert_array_equal(np.reshape(tell(page, train), (-1, 2)), points)


# ---------------------------------------------------------------- branches, heavy runs


def test_a_branch_keeps_what_was_before_it(page: Page, app_url: str) -> None:
    trunk = BoundaryConfig(**SMALL)
    look_at(page, address(app_url, **SMALL))
    pause(page, 8)
    player(page).locator(".menu summary").click()
    page.get_by_role("button", name="Branch at this step").click()
    until_param(page, "branch", "8,n=60&epochs=20")
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    until_param(page, "lr", "0.3")
    page.get_by_role("button", name="Training", exact=True).click()
    page.get_by_role("combobox", name="Update rule").click()
    page.get_by_role("option", name="momentum", exact=True).click()
    until_param(page, "optimizer", "momentum")
    slider = page.locator(".st-key-l2 input[type=range]")
    for _ in range(3):
        slider.press("ArrowRight")
    until_param(page, "l2", "0.003")
    until(page, "!p.options.growing")
    settle(page)
    expect(page.get_by_role("button", name="End the branch at step 8")).to_be_visible()
    assert tell(page, "p.scene.knob.values[p.turn]") == 0.3
    changed = {**SMALL, "lr": 0.3, "l2": 0.003, "optimizer": "momentum"}
    runs = sweep_of(branch=(8, trunk), **changed)
    shown = np.reshape(tell(page, "[...p.drawing.net.parameters.data]"), runs.parameters.shape)
    np.testing.assert_array_equal(shown, runs.parameters.astype(np.float32))
    before = compute.trained(trunk).parameters.astype(np.float32)
    for turn in range(len(shown)):
        np.testing.assert_array_equal(shown[turn, :9], before[:9])
        assert not np.allclose(shown[turn, 9:], before[9:], atol=1e-3)


def test_what_is_set_behind_a_button_stays(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **SMALL, optimizer="adam"))
    page.keyboard.press("ArrowUp")
    until_param(page, "lr", "0.05")
    page.get_by_role("button", name="Training", exact=True).click()
    slider = page.locator(".st-key-l2 input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    until_param(page, "l2", "0.001")
    assert param(page, "epochs") == "20"
    assert param(page, "optimizer") == "adam"


def test_a_heavy_run_is_seen_while_it_trains(page: Page, app_url: str) -> None:
    page.goto(address(app_url, hidden=(16,) * 6, epochs=2000))
    player(page).wait_for(timeout=PATIENCE)
    until(page, "p.draws > 0 && p.options.growing && p.scene.frames > 2")
    expect(
        page.locator(".st-key-controls").get_by_text(re.compile(r"^Training: \d+ %$"))
    ).to_be_visible()
    last = "p.scene.numbers.at(-1)"
    until(page, "p.scene.frames > 6")
    chosen = tell(page, "p.go(p.scene.frames - 2) || p.scene.numbers[p.frame]")
    reached = tell(page, last)
    until(page, f"{last} > 2 * arg + 100", chosen)  # fewer of its epochs are shown as it grows
    off = "Math.abs(n - arg) < Math.abs(p.scene.numbers[p.frame] - arg)"
    until(page, f"!p.scene.numbers.some((n) => {off})", chosen)
    page.keyboard.press("ArrowUp")
    until(page, "p.box.dataset.turn == arg", AT_REST + 1)
    until_param(page, "lr", "0.05")
    page.locator(".st-key-stop_work button").click()
    expect(page.get_by_text(re.compile(r"^Stopped at \d+ %"))).to_be_visible()
    settle(page)
    stopped = tell(page, last)
    assert reached < stopped < 2000
    until(page, "!p.options.growing && p.scene.frames > 2")
    pause(page, 2)
    assert f"epoch {tell(page, 'p.scene.numbers[2]')} · training loss" in tell(page, "p.caption()")


# ---------------------------------------------------------------- other classifiers


def test_a_tree_follows_its_knob_in_the_same_frame(page: Page, app_url: str) -> None:
    config = BoundaryConfig(dataset="moons", noise=0.3, **SMALL)
    usual = choices.complexities("tree", 5)[1]
    data = compute.pair_of(config)
    fits = compute.fit("tree", *data, config.features, usual)
    scene = classifier_scene(fits, *data)
    look_at(page, address(app_url, dataset="moons", noise=0.3, **SMALL, model="tree", complexity=5))
    assert tell(page, "[p.scene.knob.values[p.turn], p.scene.frames]") == [5, 1]
    looks = tell(page, LOOK, [(0, turn) for turn in range(6)])
    assert [look["draws"] for look in looks] == [1] * 6
    assert [look["said"] for look in looks] == [scene.caption(0, turn) for turn in range(6)]
    assert len({look["prints"][0] for look in looks}) == len(
        {image.tobytes() for image in scene.panels[0].layers[0].image[:6]}
    )
    assert len({look["prints"][1] for look in looks}) == 6
    page.keyboard.press("ArrowUp")
    until_param(page, "complexity", "7")
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="Network").click()
    until_param(page, "model", "")
    until(page, "p.scene.panels.length === 4")


def test_a_unit_that_is_chosen_goes_with_its_network(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **RELU))
    page.mouse.move(*unit_at(page, 2, 2))
    until(page, "String(p.lit) === '2,2'")
    page.keyboard.press("Shift+N")
    page.keyboard.press("Shift+N")
    until(page, "String(p.chosen) === '2,2'")
    page.get_by_role("spinbutton", name="Hidden layers").fill("1")
    page.keyboard.press("Enter")
    until_param(page, "hidden", "2")
    until(page, "p.drawing.net.sizes.length === 3 && p.lit === null && p.chosen === null")
    expect(player(page).locator(".inspector")).to_be_hidden()
    page.mouse.click(*unit_at(page, 1, 1))
    expect(player(page).locator(".inspector")).to_be_visible()
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="Nearest neighbors").click()
    until_param(page, "model", "knn")
    until(page, "p.drawing === null")
    expect(player(page).locator(".inspector")).to_be_hidden()


# ---------------------------------------------------------------- rooms and windows


@pytest.mark.parametrize("query", ["present=1", "embed=true"])
def test_all_four_panels_are_seen_at_once(page: Page, app_url: str, query: str) -> None:
    look_at(page, f"{app_url}/boundary?epochs=20&n=60&{query}")
    check_nothing_scrolls(page)
    panels = [canvas.bounding_box() for canvas in player(page).locator("canvas.panel").all()]
    assert len(panels) == 4
    for panel in [*panels, player(page).bounding_box()]:
        assert panel["x"] >= 0
        assert panel["y"] >= 0
        assert panel["x"] + panel["width"] <= 1280
        assert panel["y"] + panel["height"] <= 720
        assert panel["width"] > 150
        assert panel["height"] > 120
    for hidden in (".st-key-controls", ".st-key-below", "[data-testid=stHeader]"):
        expect(page.locator(hidden).locator("visible=true")).to_have_count(0)
    assert tell(page, "p.views[0].axes.type") >= (22 if "present" in query else 16)


def luminance(page: Page) -> float:
    with Image.open(io.BytesIO(drawing(page).screenshot())) as shot:
        return float(np.asarray(shot.convert("L")).mean())


def test_the_drawing_follows_light_and_dark(page: Page, app_url: str) -> None:
    look_at(page, address(app_url, **SMALL))
    light = luminance(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    until(page, "p.dark && p.colors === p.scene.palettes.dark")
    settle(page)
    assert luminance(page) < 0.5 * light
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    until(page, "!p.dark")


def test_the_alt_texts_tell_the_epoch_that_is_shown(page: Page, app_url: str) -> None:
    scene = boundary_scene(sweep_of(**SMALL))
    look_at(page, address(app_url, **SMALL))
    pause(page, 7)
    shown = [canvas.get_attribute("aria-label") for canvas in player(page).locator("canvas").all()]
    said = scene.caption(7, AT_REST)
    assert shown == [f"{panel.alt} {said}" for panel in scene.panels]
    assert said.startswith("epoch 7 · training loss")
    assert all(len(panel.alt) > 40 for panel in scene.panels)
