"""The player does what its controls, keys and the pointer say, and tells Python what it must."""

from math import inf, nan
from pathlib import Path
from statistics import median

import pytest
from PIL import Image
from playwright.sync_api import Download, Page, expect

from dlviz.descent.compute import DescentConfig, descend, sweep
from dlviz.descent.figures import descent_scene
from dlviz.descent.lesson import SCENES
from dlviz.descent.rates import learning_rates, sweep_limits
from dlviz.scene import Scene
from dlviz.ui.house import ASSETS
from dlviz.ui.player import SCRIPTS
from dlviz.words import number
from tests.browser.driving import (
    CALM,
    PROJECTOR,
    START_OF_PATH,
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

ONE_WINDOW = PROJECTOR
LAST = 100  # the last frame of the default run
SHORT = "/descent?steps=12"


@pytest.fixture
def still(page: Page, app_url: str) -> Page:
    """Open the descent page and stop its player at frame 0."""
    visit(page, app_url + "/descent")
    pause(page)
    return page


def frames(page: Page) -> tuple[int, int]:
    """Return frame and turn as the page shows them."""
    return tuple(tell(page, "[Number(p.box.dataset.frame), Number(p.box.dataset.turn)]"))


# ---------------------------------------------------------------- mouse


def test_a_new_page_plays_by_itself_and_stops_at_the_end(page: Page, app_url: str) -> None:
    visit(page, app_url + SHORT)
    until(page, "p.at > 0 && !p.playing && p.frame === 12")


def test_the_play_button_plays_and_pauses(still: Page) -> None:
    player(still).get_by_label("Speed").select_option("0.25")  # on a busy machine it has not ended
    still.get_by_role("button", name="Play", exact=True).click()
    until(still, "p.playing && p.frame > 2")
    still.get_by_role("button", name="Pause", exact=True).click()
    until(still, "!p.playing && p.at === p.frame")
    assert 0 < tell(still, "p.frame") < LAST


def test_the_step_buttons_step(still: Page) -> None:
    step_on = still.get_by_role("button", name="One step on")
    step_on.click()
    step_on.click()
    until(still, "p.box.dataset.frame === '2'")
    still.get_by_role("button", name="One step back").click()
    until(still, "p.box.dataset.frame === '1'")
    expect(player(still).locator(".count")).to_have_text(f"step 1 of {LAST}")
    still.get_by_role("button", name="First frame").click()
    until(still, "p.box.dataset.frame === '0'")


def test_scrubbing_goes_to_the_step_under_the_mouse(still: Page) -> None:
    bar = still.get_by_role("slider", name="Step", exact=True)
    box = bar.bounding_box()
    bar.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    until(still, f"Math.abs(p.frame - {LAST // 2}) <= 1 && !p.playing")


def test_speed_four_plays_four_times_as_fast(still: Page) -> None:
    def pace() -> float:
        tell(still, "p.go(0) || p.play()")
        until(still, "p.at > 5")
        began = tell(still, "[performance.now(), p.at]")
        until(still, "p.at > 30")
        ended = tell(still, "[performance.now(), p.at]")
        return (ended[1] - began[1]) / (ended[0] - began[0])

    plain = pace()
    still.get_by_role("combobox", name="Speed").select_option("4")
    assert 3 < pace() / plain < 5


def test_the_loop_begins_again_after_the_end(page: Page, app_url: str) -> None:
    visit(page, app_url + SHORT)
    page.get_by_role("button", name="Loop").click()
    until(page, "p.box.querySelector('.loop').ariaPressed === 'true'")
    tell(page, "p.go(11) || p.play()")
    until(page, "p.playing && p.frame < 6")


# ---------------------------------------------------------------- keys


def test_space_plays_and_pauses(still: Page) -> None:
    still.keyboard.press("Space")
    until(still, "p.playing && p.frame > 2")
    still.keyboard.press("Space")
    until(still, "!p.playing")


MOVES = {  # keys -> frame, and by how much the knob has turned
    "ArrowRight": (1, 0),
    "Shift+ArrowRight": (10, 0),
    "Shift+ArrowRight ArrowLeft": (9, 0),
    "Shift+ArrowRight Shift+ArrowLeft": (0, 0),
    "ArrowLeft": (0, 0),
    "End": (LAST, 0),
    "End ArrowRight": (LAST, 0),
    "End Home": (0, 0),
    "ArrowUp": (0, 1),
    "ArrowDown": (0, -1),
    "Shift+ArrowUp": (0, 10),
    "Shift+ArrowDown": (0, -10),
}


def test_keys_move_frame_and_knob(still: Page) -> None:
    before = tell(still, "p.turn")
    for keys, (frame, by) in MOVES.items():
        tell(still, "p.go(0) || p.setTurn(arg, false)", before)
        for key in keys.split():
            still.keyboard.press(key)
        assert tell(still, "[p.frame, p.turn]") == [frame, before + by], keys
        until(still, "p.box.dataset.frame == p.frame && p.box.dataset.turn == p.turn")


def test_the_letter_l_loops(still: Page) -> None:
    still.keyboard.press("l")
    until(still, "p.looping")
    still.keyboard.press("l")
    until(still, "!p.looping")


def test_the_letter_f_fills_the_screen_and_gives_it_back(still: Page) -> None:
    still.keyboard.press("f")
    still.wait_for_function("document.fullscreenElement !== null")
    still.keyboard.press("f")
    still.wait_for_function("document.fullscreenElement === null")


def test_page_down_and_page_up_change_the_scene_and_the_address(still: Page) -> None:
    still.keyboard.press("PageDown")
    until_param(still, "scene", SCENES[1].slug)
    until(still, f"p.scene.frames === {SCENES[1].settings['steps'] + 1}")
    still.keyboard.press("PageUp")
    until_param(still, "scene", "")  # the bare address is the first scene
    until(still, f"p.scene.frames === {LAST + 1}")


def test_the_letter_p_enters_and_leaves_presenter_mode(still: Page) -> None:
    still.keyboard.press("p")
    until_param(still, "present", "1")
    until(still, "p.options.presenting")
    still.keyboard.press("p")
    until_param(still, "present", "")
    until(still, "!p.options.presenting")


def test_keys_typed_into_a_field_are_not_for_the_player(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent?surface=formula&formula=x^2")
    pause(page, 3)
    field = page.get_by_label("J(x, y) =")
    field.click()
    page.keyboard.type(" lp")
    page.keyboard.press("Home")
    assert field.input_value().startswith("x^2")
    assert tell(page, "[p.frame, p.playing, p.looping]") == [3, False, False]
    assert param(page, "present") == ""


# ---------------------------------------------------------------- the knob

# Turn the knob as a hand does, 30 times; for each turn how many animation frames went by.
TURN = """(async () => {
  const input = p.box.querySelector(".knob-input")
  const waits = []
  for (let i = 0; i < 30; i++)
    waits.push(await new Promise((done) => requestAnimationFrame(() => {
      let passed = 0
      const count = () => { passed++; if (passed < 10) requestAnimationFrame(count) }
      requestAnimationFrame(count)
      p.onframe = () => { p.onframe = null; done(passed) }
      input.value = 5 + i
      input.dispatchEvent(new Event("input", { bubbles: true }))
    })))
  return waits
})()"""


def test_a_turn_of_the_knob_is_painted_in_the_next_animation_frame(still: Page) -> None:
    waits = tell(still, TURN)
    assert len(waits) == 30
    assert median(waits) == max(waits) == 1
    assert frames(still) == (0, 34)


def test_dragging_the_knob_needs_no_server_until_it_is_let_go(page: Page, app_url: str) -> None:
    said: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda text: said.append(text)))
    visit(page, app_url + "/descent")
    pause(page, 7)
    said.clear()
    left, y = _knob_place(page, 0.5)
    page.mouse.move(left, y)
    page.mouse.down()
    drawn = tell(page, "p.draws")
    for share in (0.55, 0.6, 0.65, 0.7):
        page.mouse.move(*_knob_place(page, share))
        until(page, "p.draws > arg && p.box.dataset.turn == p.turn", drawn)
        drawn = tell(page, "p.draws")
    assert said == []
    assert param(page, "lr") == ""
    shown = frames(page)
    page.mouse.up()
    page.wait_for_url("**lr=**")
    settle(page)
    assert len(said) == 1
    assert frames(page) == shown == (7, tell(page, "p.turn"))
    rates = learning_rates(0.1)
    assert float(param(page, "lr")) == rates[shown[1]]


def _knob_place(page: Page, share: float) -> tuple[float, float]:
    box = player(page).locator(".knob-input").bounding_box()
    return box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2


def test_the_sentence_under_the_knob_follows_it(still: Page) -> None:
    rates = learning_rates(0.1)
    for turn in (0, rates.index(0.2), 63):
        tell(still, "p.setTurn(arg, false)", turn)
        until(still, "p.box.dataset.turn == arg", turn)
        expect(player(still).locator(".knob-value")).to_have_text(number(rates[turn]))
        expect(player(still).locator(".caption")).to_contain_text(f"η = {number(rates[turn])}")


@pytest.mark.parametrize("page", [{}, {"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_the_largest_step_that_settles_is_always_named_on_the_knob(
    page: Page, app_url: str
) -> None:
    visit(page, app_url + "/descent")
    expect(player(page).locator(".marks")).to_contain_text("2/λ")


# ---------------------------------------------------------------- the picture under the pointer


def test_a_click_in_the_picture_sets_the_start(still: Page) -> None:
    still.mouse.click(*spot(still, 1.5, -2.0))
    still.wait_for_url("**start=**")
    until(still, f"Math.hypot({START_OF_PATH}[0] - 1.5, {START_OF_PATH}[1] + 2) < 0.02")
    x, y = map(float, param(still, "start").split(","))
    assert [x, y] == pytest.approx([1.5, -2.0], abs=0.02)


def test_a_drag_shows_a_path_that_follows(still: Page) -> None:
    still.mouse.move(*spot(still, -2, -2))
    still.mouse.down()
    still.mouse.move(*spot(still, -1, -2), steps=4)
    until(still, f"{START_OF_PATH}[1] < -1.9")  # before the button is up
    still.mouse.move(*spot(still, 2, 1), steps=8)
    still.mouse.up()
    until(still, f"Math.hypot({START_OF_PATH}[0] - 2, {START_OF_PATH}[1] - 1) < 0.02")
    assert list(map(float, param(still, "start").split(","))) == pytest.approx([2, 1], abs=0.02)


def test_a_drag_after_a_click_on_the_same_place_still_follows(still: Page) -> None:
    place = spot(still, 1, 1)
    still.mouse.click(*place)
    still.wait_for_url("**start=**")
    settle(still)
    still.mouse.click(*place)
    still.mouse.move(*place)
    still.mouse.down()
    still.mouse.move(*spot(still, -1, 2), steps=4)
    until(still, f"{START_OF_PATH}[1] > 1.1")
    still.mouse.up()


def test_picks_that_overtake_the_address_are_not_lost(still: Page) -> None:
    for x in (-2, -1, 0, 1, 2, 2):
        tell(still, "p.send('pick', { panel: 'plane', x: arg, y: 1, frame: 0 })", x)
        still.wait_for_timeout(60)  # less than an answer takes
    until(still, f"{START_OF_PATH}[0] === 2 && {START_OF_PATH}[1] === 1")
    settle(still)
    assert param(still, "start") == "2,1"


def test_on_a_curve_a_click_sets_the_start_along_it(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent?scene=creep")
    page.mouse.click(*spot(page, -1.5, 1.0))
    page.wait_for_url("**start=**")
    assert float(param(page, "start").split(",")[0]) == pytest.approx(-1.5, abs=0.02)


def test_hovering_reads_out_the_place_under_the_pointer(still: Page) -> None:
    assert tell(still, "p.views[0].pointer") is None
    still.mouse.move(*spot(still, 1, -1))
    until(still, "p.views[0].pointer !== null")
    at = tell(still, "p.views[0].axes.at(p.views[0].pointer.x, p.views[0].pointer.y)")
    assert at["x"] == pytest.approx(1, abs=0.02)
    assert at["y"] == pytest.approx(-1, abs=0.02)
    still.mouse.move(*spot(still, 10, 0.1, panel=1))
    until(still, "p.views[0].pointer === null && p.views[1].pointer !== null")
    still.mouse.move(1, 1)
    until(still, "p.views[1].pointer === null")


# ---------------------------------------------------------------- for every eye


@pytest.mark.parametrize("page", [CALM], indirect=True)
def test_who_asks_for_less_motion_sees_the_last_frame_at_rest(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent")
    assert tell(page, "[p.playing, p.frame]") == [False, LAST]
    page.keyboard.press("PageDown")
    until_param(page, "scene", SCENES[1].slug)
    until(page, "p.scene.frames === 21 && p.frame === 20 && !p.playing")


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_a_dark_window_gets_the_dark_palette_and_may_change_its_mind(
    page: Page, app_url: str
) -> None:
    visit(page, app_url + "/descent")
    assert tell(page, "p.dark && p.colors === p.scene.palettes.dark")
    page.emulate_media(color_scheme="light")
    until(page, "!p.dark && p.colors === p.scene.palettes.light")


def test_the_alt_text_tells_the_frame_that_is_shown(still: Page) -> None:
    pause(still, 14)
    pictures = player(still).locator("canvas[role=img]")
    expect(pictures).to_have_count(3)
    for picture in pictures.all():
        said = picture.get_attribute("aria-label")
        assert "step 14 · loss" in said
        assert len(said.split("step 14")[0]) > 20  # what the panel is, before what it shows


# ---------------------------------------------------------------- the same words as Python


def scene_of(config: DescentConfig) -> Scene:
    runs = sweep(config, "lr", learning_rates(config.lr))
    return descent_scene(runs, sweep_limits(runs))


SAY = """(async () => {
  const said = []
  for (const [frame, turn] of arg) {
    p.setTurn(turn, false)
    p.go(frame)
    await new Promise((done) => { p.onframe = done })
    said.push(p.box.querySelector(".caption").textContent)
  }
  p.onframe = null
  return said
})()"""


@pytest.mark.parametrize("slug", ["bowl", "creep", "cycle", "run-away", "lecun-bad", "formula"])
def test_captions_are_those_of_python(page: Page, app_url: str, slug: str) -> None:
    settings = next(scene.settings for scene in SCENES if scene.slug == slug)
    scene = scene_of(DescentConfig(**settings))
    visit(page, f"{app_url}/descent?scene={slug}")
    last = scene.frames - 1
    shown = [(f, k) for k in (0, 20, 32, 43, 63) for f in (0, 1, 2, 5, last // 2, last)]
    assert tell(page, SAY, shown) == [scene.caption(frame, turn) for frame, turn in shown]


NUMBERS = [
    0.0, -0.0, nan, inf, -inf, 1, -1, 2.5, 1e-5, 1e-3, 0.000999, 0.0009999, 123456, 99999, 99999.9,
    1e5, 12345, 1234.5, 0.03125, 1.125, 2.125, 1125, 0.1 + 0.2, 1 / 3, -2 / 3, 9.995, 9.994, 1e300,
    -1e-300, 5e-324, 0.21, 100, 1000, 999.5, -0.00051,
]  # fmt: skip


def test_numbers_are_those_of_python(page: Page) -> None:
    source = "\n".join((ASSETS / name).read_text("utf-8") for name in SCRIPTS)
    shown = page.evaluate(
        "async ([source, values]) => {"
        " const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));"
        " const { number } = await import(url);"
        " return values.map(number) }",
        [source, NUMBERS],
    )
    assert shown == [number(value) for value in NUMBERS]


# ---------------------------------------------------------------- taking it home


def saved(page: Page, kind: str, path: Path) -> Path:
    player(page).locator(".menu summary").click()
    with page.expect_download() as waiting:
        player(page).locator(f".menu .{kind}").click()
    download: Download = waiting.value
    assert download.suggested_filename.startswith("dlviz-descent-")
    assert download.suggested_filename.endswith(f".{kind}")
    download.save_as(path)
    return path


def sheet_size(page: Page) -> tuple[int, int]:
    """Return the size of a saved picture: all panels, and two lines of type for the caption."""
    boxes = [canvas.bounding_box() for canvas in player(page).locator("canvas.panel").all()]
    wide = max(b["x"] + b["width"] for b in boxes) - min(b["x"] for b in boxes)
    tall = max(b["y"] + b["height"] for b in boxes) - min(b["y"] for b in boxes)
    return round(wide), round(tall + 2 * tell(page, "p.views[0].axes.type"))


def test_a_picture_is_saved_as_png(still: Page, tmp_path: Path) -> None:
    pause(still, 20)
    with Image.open(saved(still, "png", tmp_path / "picture.png")) as picture:
        assert picture.format == "PNG"
        assert picture.size == sheet_size(still)
        assert len(picture.convert("RGB").getcolors(1 << 20)) > 50


def test_a_film_is_saved_as_gif(page: Page, app_url: str, tmp_path: Path) -> None:
    visit(page, app_url + SHORT)
    pause(page, 5)
    with Image.open(saved(page, "gif", tmp_path / "film.gif")) as film:
        assert film.format == "GIF"
        assert film.size == sheet_size(page)
        assert film.n_frames == 13
        kept = []
        for frame in range(film.n_frames):
            film.seek(frame)
            kept.append(film.convert("RGB").tobytes())
        assert len(set(kept)) > 10
    until(page, "p.frame === 5")


def test_a_film_is_saved_as_webm(page: Page, app_url: str, tmp_path: Path) -> None:
    visit(page, app_url + SHORT)
    data = saved(page, "webm", tmp_path / "film.webm").read_bytes()
    assert data.startswith(b"\x1a\x45\xdf\xa3")  # EBML
    assert b"webm" in data[:64]
    assert len(data) > 10_000


def test_the_menu_closes_by_escape_by_a_click_beside_it_and_when_it_has_been_used(
    still: Page,
) -> None:
    menu = player(still).locator(".menu")
    leave = [
        lambda: still.keyboard.press("Escape"),
        lambda: still.locator("h1").click(),
        lambda: menu.locator(".branch").click(),
    ]
    for close in leave:
        menu.locator("summary").click()
        expect(menu.locator(".menu-items")).to_be_visible()
        close()
        expect(menu.locator(".menu-items")).to_be_hidden()


# ---------------------------------------------------------------- branch, back, reload, links


def test_a_run_branches_at_the_step_that_is_shown(still: Page) -> None:
    pause(still, 20)
    player(still).locator(".menu summary").click()
    still.get_by_role("button", name="Branch at this step").click()
    until_param(still, "branch", "20,=")
    tell(still, "p.setTurn(p.scene.knob.values.indexOf(0.2), 1)")
    until_param(still, "lr", "0.2")
    trunk = descend(DescentConfig()).points[20].tolist()
    at = (
        "[...p.scene.panels[0].layers.find(l => l.kind === 'Path' && l.over === 'k')"
        ".arrays.xy.data.slice(2 * (p.turn * 101 + 20)).slice(0, 2)]"
    )
    assert tell(still, at) == pytest.approx(trunk, rel=1e-6, abs=1e-6)
    still.get_by_role("button", name="End the branch at step 20").click()
    until_param(still, "branch", "")


def test_the_back_button_returns_to_the_scene_before(still: Page) -> None:
    for scene in SCENES[1:3]:
        still.keyboard.press("PageDown")
        until_param(still, "scene", scene.slug)
        until(still, "p.scene.knob.values[p.turn] === arg", scene.settings["lr"])
    still.go_back()
    until_param(still, "scene", SCENES[1].slug)
    until(still, "p.scene.knob.values[p.turn] === arg", SCENES[1].settings["lr"])


def test_a_reload_reproduces_what_was_set(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent?scene=j1")
    pause(page)
    page.keyboard.press("ArrowUp")
    page.wait_for_url("**lr=**")
    settle(page)
    page.mouse.click(*spot(page, 1.0, 0.5))
    page.wait_for_url("**start=1**")
    settle(page)
    before, address = tell(page, f"[p.turn, {START_OF_PATH}]"), page.url
    page.reload()
    until(page, "p.draws > 0")
    settle(page)
    assert tell(page, f"[p.turn, {START_OF_PATH}]") == before
    assert page.url == address


def test_nonsense_in_the_address_gives_the_default_and_a_note(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent?lr=banana&surface=moon&scene=nowhere")
    for said in ("“lr” in the link", "“surface” in the link", "names a scene that is not here"):
        expect(page.get_by_text(said)).to_be_visible()
    assert tell(page, "[p.scene.frames, p.scene.knob.values[p.turn]]") == [LAST + 1, 0.1]
    assert page.url.endswith("/descent")


def test_embedded_the_stage_stands_alone(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent?embed=true&scene=j1")
    expect(player(page)).to_be_visible()
    expect(page.locator("h1")).to_have_count(0)
    for other in (".st-key-controls", ".st-key-share", ".st-key-below", "[data-testid=stHeader]"):
        expect(page.locator(other).locator("visible=true")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_presenting_nothing_scrolls_and_the_controls_are_away(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent?present=1")
    assert tell(page, "p.views[0].axes.type") >= 22
    for hidden in (".st-key-controls", ".st-key-below", ".st-key-share", "[data-testid=stHeader]"):
        expect(page.locator(hidden).locator("visible=true")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    check_nothing_scrolls(page)


def test_a_clicker_may_be_faster_than_the_server(page: Page, app_url: str) -> None:
    visit(page, app_url + "/descent")
    for _ in range(6):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(100)
    until_param(page, "scene", SCENES[6].slug)
    for _ in range(2):
        page.keyboard.press("PageUp")
    until_param(page, "scene", SCENES[4].slug)
