"""The landscape in a browser: played, rescaled live, turned in three dimensions."""

from playwright.sync_api import Page

from tests.browser.driving import (
    PATIENCE,
    check_nothing_scrolls,
    player,
    tell,
    until,
    until_param,
    visit,
)

ONE_WINDOW = True


def test_the_way_plays_and_the_surface_is_fine_in_the_end(page: Page, app_url: str) -> None:
    visit(page, f"{app_url}/landscape")
    until(page, "p.scene.panels[0].layers[0].arrays.image.shape[0] === 51")
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
    tell(page, "p.send('scene', 4)")  # another scene: another figure
    until_param(page, "scene", "tanh")
    until(page, "p.scene.panels[0].layers[0].arrays.image.shape[0] === 51")
    page.wait_for_timeout(1000)
    assert chart.evaluate(eye) == turned


def test_nothing_scrolls_in_class(page: Page, app_url: str) -> None:
    for scene in ("path", "rescale"):
        visit(page, f"{app_url}/landscape?scene={scene}&present=1")
        check_nothing_scrolls(page)
