"""The landscape in a browser: played, rescaled live, turned in three dimensions."""

from playwright.sync_api import Browser, Page

from tests.browser.driving import (
    CALM,
    PATIENCE,
    PHONE,
    check_nothing_scrolls,
    param,
    player,
    tell,
    until,
    until_param,
    visit,
    watch,
)

ONE_WINDOW = CALM
FINE = "p.scene.panels[0].layers[0].arrays.image.shape[1] === 51"


def test_the_way_plays_and_the_surface_is_fine_in_the_end(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/landscape")
    until(page, f"{FINE} && !p.options.growing")
    tell(page, "p.go(Infinity)")
    until(page, "p.box.querySelector('.caption').textContent.includes('it has learned')")


def test_the_rescale_is_turned_live(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/landscape?scene=rescale")
    until(page, "p.scene.panels[0].layers[0].arrays.image.shape[1] === 51")
    raw, even = (player(page).locator("canvas.panel").nth(i) for i in (0, 1))
    before = raw.screenshot(), even.screenshot()
    page.keyboard.press("ArrowUp")
    until(page, "p.box.querySelector('.caption').textContent.includes('first layer × 2')")
    assert raw.screenshot() != before[0]
    assert even.screenshot() == before[1]


def test_the_camera_stays_when_the_figure_changes(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/landscape?steps=50")
    page.get_by_role("tab", name="3-D").click()
    chart = page.locator(".chart .js-plotly-plot, .chart.js-plotly-plot").first
    chart.wait_for(timeout=PATIENCE)
    eye = "e => JSON.stringify(e._fullLayout.scene.camera.eye)"
    page.wait_for_function(
        "document.querySelector('.js-plotly-plot')?._fullLayout?.scene?._scene", timeout=PATIENCE
    )
    first = chart.evaluate(eye)
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 120, middle[1] + 30, steps=8)
    page.mouse.up()
    page.wait_for_timeout(500)
    turned = chart.evaluate(eye)
    assert turned != first
    tell(page, "p.send('scene', 5)")  # another scene: another figure
    until_param(page, "scene", "tanh")
    until(page, f"{FINE} && !p.options.growing")
    page.wait_for_timeout(1000)
    assert chart.evaluate(eye) == turned


def test_layers_are_turned_live_and_a_pinned_run_stands_beside(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/landscape?steps=50")
    until(page, f"{FINE} && !p.options.growing")
    canvas = player(page).locator("canvas.panel").first
    tell(page, "p.go(0)")
    before = canvas.screenshot()
    drawn = "p.scene.panels[0].layers[0].kept"
    tell(page, f"void (window.kept = {drawn})")
    tell(page, "p.go(20)")
    until(page, "p.box.dataset.frame === '20'")
    assert tell(page, f"{drawn} === window.kept")  # a frame draws no contours anew
    tell(page, "p.go(0)")
    page.keyboard.press("ArrowUp")
    until(page, "p.turn === 3")
    until(page, f"{drawn} !== window.kept")
    assert canvas.screenshot() != before
    until_param(page, "depth", "4")
    page.get_by_role("button", name="Pin this run").click()
    until(page, "p.scene.panels.length === 4 && p.scene.layout === 'pair' && !p.options.growing")
    page.get_by_text("Skip connections").click()
    until_param(page, "skip", "1")
    until(
        page,
        "p.scene.panels[1].title === 'pinned: layers 4, no skip connections' && !p.options.growing",
    )
    assert param(page, "pin") == "depth=4&steps=50"


def test_a_branch_goes_on_with_another_rate(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/landscape?steps=50")
    until(page, f"{FINE} && !p.options.growing")
    tell(page, "p.send('branch', 20)")
    until_param(page, "turn", "lr")
    until(page, "p.scene.knob.name === 'lr' && !p.options.growing")
    assert param(page, "branch") == "20,steps=50"
    ghosts = "p.scene.panels[0].layers.filter(l => l.label === 'unbranched').length"
    assert tell(page, ghosts) == 1
    page.get_by_role("button", name="End the branch").click()
    until_param(page, "branch", "")


def test_a_phone_has_plane_knob_and_curves_in_its_width(browser: Browser, app_url: str) -> None:
    page = browser.new_page(**PHONE)
    errors = watch(page)
    visit(page, f"{app_url}/landscape?steps=50")
    until(page, "!p.options.growing")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in (".stage canvas >> nth=0", ".knob input", ".play"):
        box = player(page).locator(part).bounding_box()
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= 390, part
    knob = player(page).locator(".knob input").bounding_box()
    assert knob["height"] >= 40
    before = tell(page, "p.turn")
    page.touchscreen.tap(knob["x"] + knob["width"] - 10, knob["y"] + knob["height"] / 2)
    until(page, "p.turn === p.scene.knob.values.length - 1")
    assert tell(page, "p.turn") != before
    until_param(page, "depth", "6")
    assert errors == []
    page.close()


def test_nothing_scrolls_in_class(page: Page, app_url: str) -> None:
    for query in ("scene=path", "scene=rescale", "pin=skip%3D1"):
        visit(page, f"{app_url}/landscape?{query}&present=1")
        check_nothing_scrolls(page)
