"""Drive a page of the app: wait until it is quiet, read and use its player."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import dist
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page

from dlviz.lessons import Preset

# A deep link makes Streamlit's own front end probe for the server's base path first.
PROBES = ("/_stcore/health", "/_stcore/host-config")

PATIENCE = 30_000  # ms: a test is about what comes, not how soon, on however busy a machine

PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
CALM = {**PROJECTOR, "reduced_motion": "reduce"}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


def watch(page: Page) -> list[str]:
    """Return a list that will hold every error the page's console shows."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith(PROBES):
            errors.append(f"{message.text} ({message.location['url']})")

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def settle(page: Page) -> None:
    """Wait until the server has nothing more to say."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(
        timeout=PATIENCE
    )
    assert page.locator("[data-testid=stException]").count() == 0


def visit(page: Page, address: str) -> None:
    """Open an address and wait for its player's first picture."""
    page.goto(address)
    player(page).wait_for(timeout=PATIENCE)
    until(page, "p.draws > 0")
    settle(page)


def player(page: Page) -> Locator:
    """Return the page's main player."""
    return page.locator(".st-key-player .player")


def tell(page: Page, expression: str, arg: Any = None) -> Any:
    """Return a value of the main player's object ``p``, such as ``p.frame``."""
    return player(page).evaluate(
        f"async (box, arg) => {{ const p = box.player; return {expression} }}", arg
    )


def until(page: Page, expression: str, arg: Any = None) -> None:
    """Wait until an expression of the main player's object ``p`` holds."""
    page.wait_for_function(
        "([expression, arg]) => {"
        " const roots = [...document.querySelectorAll('.st-key-player *')];"
        " const box = roots.map(e => e.shadowRoot?.querySelector('.player')).find(Boolean);"
        " const holds = new Function('p', 'arg', `return ${expression}`);"
        " return box?.player?.scene && holds(box.player, arg) }",
        arg=[expression, arg],
        timeout=PATIENCE,
    )


def pause(page: Page, frame: int = 0) -> None:
    """Stop the main player at a frame and wait until it shows it, though a scene comes between."""
    until(
        page,
        "((p.playing || p.frame !== arg) && p.go(arg),"
        " p.box.dataset.frame == arg && p.box.dataset.playing === 'false')",
        frame,
    )


def param(page: Page, name: str) -> str:
    """Return a parameter of the page's address, "" where it is not there."""
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def until_param(page: Page, name: str, value: str) -> None:
    """Wait until Python has written a parameter to the address, and is done."""
    page.wait_for_function(
        "([name, value]) => (new URL(location).searchParams.get(name) ?? '') === value",
        arg=[name, value],
        timeout=PATIENCE,
    )
    settle(page)


def spot(page: Page, x: float, y: float, panel: int = 0) -> tuple[float, float]:
    """Return where on the window a place of a panel is, given in the panel's own units."""
    return tuple(
        tell(
            page,
            "(() => { const v = p.views[arg[2]], box = v.canvas.getBoundingClientRect();"
            " return [box.left + v.axes.x(arg[0]), box.top + v.axes.y(arg[1])] })()",
            [x, y, panel],
        )
    )


def walk(page: Page, address: str, scenes: Sequence[Preset]) -> Iterator[Preset]:
    """Go through all scenes of a lab in presenter mode, as a clicker does."""
    visit(page, f"{address}?present=1")
    yield scenes[0]
    for scene in scenes[1:]:
        drawn = tell(page, "p.draws")
        page.keyboard.press("PageDown")
        until_param(page, "scene", scene.slug)
        until(page, "p.draws > arg", drawn)
        yield scene


def check_nothing_scrolls(page: Page) -> None:
    """Check that the whole page is seen at once."""
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollHeight <= main.clientHeight"), page.url


def check_no_sideways_scrolling(page: Page) -> None:
    """Check that nothing is wider than the window."""
    width = page.viewport_size["width"]  # innerWidth grows with what is too wide
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth"), page.url


class Finger:
    """One finger on a page with a touch screen."""

    def __init__(self, page: Page) -> None:
        self.device = page.context.new_cdp_session(page)

    def draw(self, *places: tuple[float, float]) -> None:
        """Go through places of the window, in steps of a few pixels."""
        self._send("touchStart", places[0])
        for at, to in pairwise(places):
            steps = max(2, int(dist(at, to) // 8))
            for i in range(1, steps + 1):
                share = i / steps
                x, y = (a + share * (b - a) for a, b in zip(at, to, strict=True))
                self._send("touchMove", (x, y))
        self._send("touchEnd")

    def _send(self, kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        self.device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def scrolled(page: Page) -> float:
    """Return how far the page is scrolled, in pixels."""
    return page.get_by_test_id("stMain").evaluate("main => main.scrollTop")


# Turn the knob; of each turn how often the player drew before its next frame, and its words.
LOOK = """(async () => {
  const looks = []
  for (const turn of arg) {
    p.setTurn(turn, false)
    const before = p.draws
    await new Promise((done) => { p.onframe = () => { p.onframe = null; done() } })
    looks.push([p.draws - before, p.box.querySelector(".caption").textContent])
  }
  return looks
})()"""

START_OF_PATH = (
    "[...p.scene.panels[0].layers.find(l => l.kind === 'Path' && l.over === 'k')"
    ".arrays.xy.data.slice(0, 2)]"
)
