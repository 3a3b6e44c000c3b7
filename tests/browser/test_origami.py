"""Origami in a browser: the regions that the player cuts, and what a hand does to them."""

import re
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dlviz.networks import Architecture
from dlviz.origami import choices
from dlviz.origami.compute import HandConfig, OrigamiConfig, fold_by_hand, halvings, layers_of
from dlviz.origami.config import architecture_of
from dlviz.origami.figures import origami_scene, packet_frames
from dlviz.regions import Regions, linear_regions
from dlviz.scene import knob_values
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
    scrolled,
    settle,
    spot,
    tell,
    until,
    until_param,
    visit,
)

PLANE, DRAWING = 0, 1  # the numbers of the panels
ONE_WINDOW = CALM


def address(app_url: str, **settings: Any) -> str:
    return f"{app_url}/origami?" + urlencode(
        {k: encode(v) for k, v in settings.items()}, safe=",;@"
    )


# ---------------------------------------------------------------- what the player cuts

# Networks put in the place of the one that is shown, each cut by the player as it cuts that one.
CUT = """arg.map(([sizes, parameters, leak, span]) => {
  const net = p.drawing.net
  const shown = { ...net }
  const starts = [0]
  for (let i = 1; i < sizes.length; i++) starts.push(starts[i - 1] + sizes[i] * (sizes[i - 1] + 1))
  const count = parameters.length
  Object.assign(net, { sizes, starts, span, leaks: [leak], edited: null, cutKey: null,
    parameters: { shape: [1, 1, count], data: Float64Array.from(parameters) } })
  p.caption()
  const cut = net.cut.faces.map((face) => [face.on.join(""), face.xy, face.out, face.birth])
  Object.assign(net, shown, { cutKey: null })
  return cut
})"""
# The regions of the pictures at some frames and turns.
SHOWN = """(() => {
  const found = arg.map(([frame, turn]) => {
    Object.assign(p, { at: frame, turn })
    p.caption()
    return p.drawing.net.cut.faces.map((face) => [face.on.join(""), face.xy, face.out, face.birth])
  })
  return found
})()"""


def window_of(span: float) -> tuple[tuple[float, float], ...]:
    return ((-span, -span), (span, -span), (span, span), (-span, span))


def double_area(xy: np.ndarray) -> float:
    x, y = xy.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def check_cut(faces: list[Any], regions: Regions, span: float, name: str) -> None:
    """Assert that the player's faces are the engine's regions."""
    assert len(faces) == len(regions), name
    by_pattern = {pattern: rest for pattern, *rest in faces}
    patterns = ["".join(map(str, row)) for row in regions.patterns.astype(int).tolist()]
    assert set(by_pattern) == set(patterns), name
    ours = [by_pattern[pattern] for pattern in patterns]
    areas = [double_area(np.reshape(xy, (-1, 2))) / 2 for xy, _, _ in ours]
    np.testing.assert_allclose(areas, regions.areas, rtol=0, atol=1e-9 * span**2, err_msg=name)
    maps = np.array([out for _, out, _ in ours])
    theirs = np.concatenate([regions.slopes[:, 0], regions.intercepts], axis=1)
    size = max(1.0, float(np.abs(theirs).max()))
    np.testing.assert_allclose(maps, theirs, rtol=0, atol=1e-9 * size, err_msg=name)
    assert [birth for *_, birth in ours] == regions.births.tolist(), name


Case = tuple[Architecture, np.ndarray, float, float]


def case_of(**settings: Any) -> Case:
    config = OrigamiConfig(**settings)
    shape = architecture_of(config)
    return shape, shape.parameters(layers_of(config)), config.leak, config.span


def spoiled(leak: float) -> Case:
    """Return a network with duplicate, opposite, dead and constant neurons."""
    shape, parameters, _, span = case_of(hidden=(6, 6), seed=5)
    first, second, _ = shape.matrices(parameters)
    first[3], first[4] = first[0], -2 * first[1]
    second[2], second[1], second[4, :-1] = second[5], 0, 0
    return shape, parameters, leak, span


def through_corners() -> Case:
    """Return lines through the corners and the middle of the window, in two layers."""
    shape = Architecture((2, 5, 3, 1), ("relu",) * 2, "linear")
    parameters = np.random.default_rng(3).integers(-2, 3, shape.count).astype(float)
    first = shape.matrices(parameters)[0]
    first[:] = [(1, 1, 0), (1, -1, 0), (1, 0, 0), (0, 1, 0), (1, 0.5, -0.5)]
    return shape, parameters, 0.0, 1.0


def cases() -> dict[str, Case]:
    found = {
        f"random {hidden}, leak {leak}, seed {seed}": case_of(hidden=hidden, leak=leak, seed=seed)
        for hidden in ((1,), (7,), (8, 8), (5, 3, 6, 2), (12, 12, 12))
        for leak in (-1.0, 0.0, 0.3, 1.0)
        for seed in (0, 1)
    }
    found |= {f"folds {k}": case_of(network="folds", hidden=(4,) * k) for k in (1, 3, 5)}
    found |= {
        f"folded lines {hidden}": case_of(network="folded_lines", hidden=hidden)
        for hidden in ((6,), (4, 4), (6, 6), (8, 8))
    }
    found |= {
        f"cones {hidden}, leak {leak}": case_of(hidden=hidden, bias_scale=0.0, leak=leak)
        for hidden in ((8,), (8, 8), (6, 6, 6))
        for leak in (-1.0, 0.0, 0.3, 1.0)
    }
    found |= {f"spoiled, leak {leak}": spoiled(leak) for leak in (-1.0, 0.0, 0.3, 1.0)}
    found |= {f"span {s}": case_of(hidden=(8, 8), span=s) for s in (0.25, 8.0, 10_000.0)}
    found["through corners"] = through_corners()
    found["no hidden layers"] = case_of(hidden=())
    return found


def test_the_player_cuts_what_the_engine_cuts(page: Page, app_url: str) -> None:
    visit(page, address(app_url))
    known = cases()
    asked = [
        (shape.sizes, parameters.tolist(), leak, span)
        for shape, parameters, leak, span in known.values()
    ]
    for (name, case), faces in zip(known.items(), tell(page, CUT, asked), strict=True):
        shape, parameters, leak, span = case
        layers = shape.layers(parameters)
        check_cut(faces, linear_regions(*layers, window_of(span), leak), span, name)
    assert len(tell(page, CUT, asked)[list(known).index("folds 5")]) == 1024


@pytest.mark.parametrize("field", ["bias_scale", "leak"])
def test_the_regions_of_every_turn_are_those_of_the_engine(
    page: Page, app_url: str, field: str
) -> None:
    config = OrigamiConfig(hidden=(6, 5))
    values = knob_values(getattr(config, field), choices.VALUES[field])
    regions = origami_scene(config, field, values).panel("plane").layers[0]
    visit(page, address(app_url, hidden=(6, 5), turn=field))
    pictures = [(0, turn) for turn in (0, 3, 10, 20, len(values) - 1)]
    for picture, faces in zip(pictures, tell(page, SHOWN, pictures), strict=True):
        check_cut(faces, regions.regions(*picture), 1.0, f"turn {picture}")


def test_the_regions_of_every_step_are_those_of_the_engine(page: Page, app_url: str) -> None:
    settings: dict[str, Any] = {"network": "trained", "hidden": (6, 4), "steps": 100}
    scene = origami_scene(OrigamiConfig(**settings), "leak", (0.0,))
    visit(page, address(app_url, **settings, turn="leak"))
    pictures = [(frame, 0) for frame in (0, 7, 30, 60)]
    for picture, faces in zip(pictures, tell(page, SHOWN, pictures), strict=True):
        check_cut(faces, scene.panels[0].layers[0].regions(*picture), 1.0, f"step {picture}")
    pause(page, 30)
    assert tell(page, "p.caption()") == scene.caption(30)


# ---------------------------------------------------------------- in the same frame

# Turn the knob; of each turn how often the player drew for it, its words, and what panels show.
LOOK = """(async () => {
  const looks = []
  for (const turn of arg) {
    p.setTurn(turn, false)
    const before = p.draws
    await new Promise((done) => { p.onframe = () => { p.onframe = null; done() } })
    const prints = []
    for (const { canvas } of p.views) {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
      prints.push(new Uint8Array(await crypto.subtle.digest("SHA-1", data)).join())
    }
    looks.push([p.draws - before, p.box.querySelector(".caption").textContent, prints])
  }
  return looks
})()"""
# The words that the next picture writes on a panel, and the lines that it strokes there.
WRITTEN = """new Promise((done) => {
  const pen = CanvasRenderingContext2D.prototype, { fillText, lineTo } = pen, said = []
  let lines = 0
  pen.fillText = function (text, ...where) {
    if (this.canvas === p.views[arg].canvas) said.push(String(text))
    fillText.call(this, text, ...where)
  }
  pen.lineTo = function (...to) {
    if (this.canvas === p.views[arg].canvas && this.lineWidth === 4) lines++
    lineTo.call(this, ...to)
  }
  p.onframe = () => {
    p.onframe = null
    Object.assign(pen, { fillText, lineTo })
    done([said, lines])
  }
  p.redraw()
})"""
SMALL: dict[str, Any] = {"hidden": (3, 2)}


def test_the_knob_changes_count_plane_and_tally_in_the_same_frame(page: Page, app_url: str) -> None:
    config = OrigamiConfig()
    values = choices.VALUES["bias_scale"]
    scene = origami_scene(config, "bias_scale", values)
    visit(page, address(app_url))
    turns = [0, 5, 10, 22, 30]
    looks = tell(page, LOOK, turns)
    assert [draws for draws, _, _ in looks] == [1] * len(turns)
    assert [said for _, said, _ in looks] == [scene.caption(0, turn) for turn in turns]
    assert len({said.split(",")[0] for _, said, _ in looks}) > 2
    for panel in range(3):
        assert len({prints[panel] for _, _, prints in looks}) == len(turns)
    count = looks[-1][1].split(",")[0].removeprefix("regions: ")
    said, _ = tell(page, WRITTEN, 2)
    assert {"here", count, "folds make", "at most"} <= set(said)
    page.keyboard.press("ArrowDown")
    until_param(page, "bias_scale", encode(values[29]))
    assert tell(page, "p.caption()") == scene.caption(0, 29)


def unit_at(page: Page, layer: int, unit: int) -> tuple[float, float]:
    return tuple(
        tell(
            page,
            f"(() => {{ const v = p.views[{DRAWING}], box = v.canvas.getBoundingClientRect(),"
            " u = v.plan.boxes.find(u => u.layer === arg[0] && u.unit === arg[1]);"
            " return [box.left + u.x + u.side / 2, box.top + u.y + u.side / 2] })()",
            [layer, unit],
        )
    )


def test_hovering_a_unit_lights_its_bent_line(page: Page, app_url: str) -> None:
    config = OrigamiConfig(**SMALL)
    values = knob_values(config.bias_scale, choices.VALUES["bias_scale"])
    scene = origami_scene(config, "bias_scale", values)
    regions = scene.panels[0].layers[0].regions(0, values.index(1.0))
    visit(page, address(app_url, **SMALL))
    assert tell(page, WRITTEN, PLANE)[1] == 0
    for layer, unit, number_of in ((1, 0, 0), (1, 2, 2), (2, 1, 4)):
        page.mouse.move(*unit_at(page, layer, unit))
        until(page, f"String(p.lit) === '{layer},{unit}'")
        _, lines = tell(page, WRITTEN, PLANE)
        whole = len(regions.hinge_ends(number_of))
        assert 1 <= lines <= whole  # a later layer's lines cut it further in the engine
    page.mouse.move(*spot(page, 0.2, 0.3))
    until(page, "p.lit === null")
    assert tell(page, WRITTEN, PLANE)[1] == 0


def test_the_readout_names_the_plane_over_a_region(page: Page, app_url: str) -> None:
    config = OrigamiConfig(**SMALL)
    values = choices.VALUES["bias_scale"]
    net = origami_scene(config, "bias_scale", values).panels[0].layers[0].net
    turn = values.index(1.0)
    visit(page, address(app_url, **SMALL))
    for place in ((0.4, -0.3), (-0.7, 0.6)):
        page.mouse.move(*spot(page, *place))
        until(page, "p.views[0].pointer !== null")
        at = tell(
            page, "Object.values(p.views[0].axes.at(p.views[0].pointer.x, p.views[0].pointer.y))"
        )
        said, _ = tell(page, WRITTEN, PLANE)
        hidden = np.concatenate([v[0] for v in net.values(np.array([at]), 0, turn)[1:-1]])
        assert f"{(hidden > 0).sum()} of 5 units on" in said
        (formula,) = (line for line in said if line.startswith("f = "))
        a, b, c = (
            float(text.replace("−", "-").replace(" ", ""))
            for text in re.fullmatch(r"f = (\S+) x₁ ([+−] \S+) x₂ ([+−] \S+)", formula).groups()
        )
        value = net.values(np.array([at]), 0, turn)[-1][0, 0]
        assert a * at[0] + b * at[1] + c == pytest.approx(value, abs=0.02)


def test_weights_are_typed_by_keyboard_and_stay_in_the_address(page: Page, app_url: str) -> None:
    config = OrigamiConfig(**SMALL)
    visit(page, address(app_url, **SMALL))
    before = tell(page, "p.caption()")
    page.keyboard.press("n")
    until(page, "String(p.chosen) === '1,0'")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("0.1")
    page.keyboard.press("Enter")
    until_param(page, "edits", "0@1;2=0.1")
    edited = choices.edited(config, "bias_scale", "0@1;2=0.1")
    count = len(linear_regions(*layers_of(edited)))
    said = f"edited by hand · {count} regions"
    assert tell(page, "p.caption()") == said != before
    faces = tell(page, "p.drawing.net.cut.faces.length")
    assert faces == count
    page.reload()
    until(page, "p.draws > 0")
    settle(page)
    assert tell(page, "p.caption()") == said
    page.keyboard.press("n")
    page.get_by_role("button", name="Undo edits").click()
    until_param(page, "edits", "")
    assert tell(page, "p.caption()") == before


# ---------------------------------------------------------------- the fold, by hand, 3-D

FOLD: dict[str, Any] = {
    "network": "folded_lines",
    "hidden": (4, 4),
    "picture": "fold",
    "turn": "leak",
}


@pytest.mark.parametrize("page", [{"viewport": {"width": 1280, "height": 720}}], indirect=True)
def test_the_fold_plays_and_ends_flat(page: Page, app_url: str) -> None:
    visit(page, address(app_url, **FOLD))
    until(page, "p.playing && p.frame > 2")
    until(page, "!p.playing && p.frame === p.scene.frames - 1")
    assert tell(page, "p.caption()") == "layers folded: 0 · pieces so far: 44"
    page.get_by_role("radio", name="By hand").click()
    until_param(page, "picture", "hand")
    until(page, "p.caption().startsWith('times folded')")


def hand_caption(folds: int, text: str) -> str:
    trace = fold_by_hand(HandConfig(halvings(folds), choices.lines_of(text)))
    return f"pieces so far: {number(trace.count)} "


def test_the_mouse_draws_lines_on_the_packet(page: Page, app_url: str) -> None:
    visit(page, address(app_url, picture="hand", folds=2, lines=""))
    frames = tell(page, "p.scene.frames")
    assert frames > 20
    packet = packet_frames(fold_by_hand(HandConfig(halvings(2), ())))
    pause(page, packet[-1])
    page.mouse.move(*spot(page, -0.8, 0.2))
    page.mouse.down()
    page.mouse.move(*spot(page, 0.1, 0.35), steps=4)
    page.mouse.move(*spot(page, 0.8, 0.5), steps=4)
    page.mouse.up()
    page.wait_for_function("new URL(location).searchParams.get('lines')")
    settle(page)
    (line,) = choices.lines_of(param(page, "lines"))
    np.testing.assert_allclose(line, (-0.8, 0.2, 0.8, 0.5), atol=0.06)
    tell(page, "p.go(p.scene.frames)")
    until(page, "p.caption().includes(arg)", hand_caption(2, param(page, "lines")))
    page.get_by_role("button", name="Clear the lines").click()
    until_param(page, "lines", "")
    until(page, "p.caption().includes(arg)", hand_caption(2, ""))


def test_the_surface_is_shown_in_3_d(page: Page, app_url: str) -> None:
    visit(page, address(app_url, **SMALL))
    page.get_by_role("tab", name="3-D").click()
    chart = page.locator(".st-key-chart .gl-container canvas").first
    expect(chart).to_be_visible()
    settle(page)


# ---------------------------------------------------------------- rooms and phones


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_visit_on_a_phone(page: Page, app_url: str) -> None:
    visit(page, address(app_url, **SMALL))
    check_no_sideways_scrolling(page)
    before = tell(page, "p.caption()")
    knob = page.get_by_role("slider", name="size of the biases")
    box = knob.bounding_box()
    knob.tap(position={"x": 0.9 * box["width"], "y": box["height"] / 2})
    page.wait_for_url("**bias_scale=**")
    settle(page)
    assert tell(page, "p.caption()") != before
    page.goto(address(app_url, picture="hand", folds=1, lines=""))
    until(page, "p.draws > 0 && p.caption().includes('times')")
    settle(page)
    pause(page, packet_frames(fold_by_hand(HandConfig(halvings(1), ())))[-1])
    top = scrolled(page)
    Finger(page).draw(spot(page, -0.7, -0.6), spot(page, 0.6, 0.7))
    page.wait_for_function("new URL(location).searchParams.get('lines')")
    settle(page)
    (line,) = choices.lines_of(param(page, "lines"))
    np.testing.assert_allclose(line, (-0.7, -0.6, 0.6, 0.7), atol=0.15)
    assert scrolled(page) == top
    check_no_sideways_scrolling(page)


@pytest.mark.parametrize("query", ["present=1", "embed=true"])
def test_all_panels_are_seen_at_once(page: Page, app_url: str, query: str) -> None:
    visit(page, f"{app_url}/origami?{query}")
    check_nothing_scrolls(page)
    for panel in player(page).locator("canvas.panel").all():
        box = panel.bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= 1280 and box["y"] + box["height"] <= 720
        assert box["width"] > 150 and box["height"] > 100
    for hidden in (".st-key-controls", ".st-key-below", "[data-testid=stHeader]"):
        expect(page.locator(hidden).locator("visible=true")).to_have_count(0)


def test_the_alt_texts_tell_what_is_seen(page: Page, app_url: str) -> None:
    config = OrigamiConfig()
    values = choices.VALUES["bias_scale"]
    scene = origami_scene(config, "bias_scale", values)
    visit(page, address(app_url))
    shown = [canvas.get_attribute("aria-label") for canvas in player(page).locator("canvas").all()]
    said = scene.caption(0, values.index(1.0))
    assert shown == [f"{panel.alt} {said}" for panel in scene.panels]
    assert all(len(panel.alt) > 40 for panel in scene.panels)
