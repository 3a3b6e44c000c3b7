"""What is timed of any lab's page in Chromium: first picture, control to picture, knob, playing."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.player import CHANGE, PLAY, TURN, median_rate
from benchmarks.report import Row
from tests.browser.chromium import FLAGS, find
from tests.browser.driving import pause, player, settle, tell, until, visit
from tests.browser.server import serve

WINDOW = {"width": 1560, "height": 1080}


@contextmanager
def chromium() -> Iterator[tuple[Browser, str]]:
    """Give a browser and the address of a fresh server."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with serve(Path(name) / "log.txt") as url:
            yield browser, url
        browser.close()


def changed(page: Page, control: Locator, key: str) -> float:
    """Press a key on a control; return ms until the first picture of what it sets."""
    pause(page)
    control.focus()
    page.wait_for_timeout(400)  # a pause between settings, as a person makes
    tell(page, CHANGE)
    page.keyboard.press(key)
    return float(page.evaluate("changed"))


def first_picture(browser: Browser, address: str) -> float:
    """Return the ms until a new visitor sees the picture at an address."""
    page = browser.new_page(viewport=WINDOW)
    began = time.perf_counter()
    page.goto(address)
    player(page).wait_for()
    until(page, "p.draws > 0")
    waited = 1000 * (time.perf_counter() - began)
    settle(page)
    page.close()
    return waited


def numbers(browser: Browser, address: str, control: str, keys: str) -> dict[str, Any]:
    """Return what is timed of a page.

    Parameters
    ----------
    control : a selector of one of its controls, and ``keys`` two that set it to and fro
    """
    first_picture(browser, address)  # what it needs is imported now
    found: dict[str, Any] = {"first": [first_picture(browser, address) for _ in range(5)]}
    page = browser.new_page(viewport=WINDOW)
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda m: sizes.append(len(m))))
    visit(page, address)
    found["payload"] = max(sizes)
    pause(page)
    found["turns"] = tell(page, TURN.replace("10 + i", "i % p.turns"))
    found["rate"] = median(median_rate(tell(page, PLAY)) for _ in range(3))
    box = page.locator(control)
    found["changes"] = []
    for i in range(12):
        found["changes"].append(changed(page, box, keys.split()[i % 2]))
        settle(page)
    page.close()
    return found


def rows(name: str, found: dict[str, Any]) -> list[Row]:
    """Return the rows of a table of what was timed of a page.

    What others do on the machine only ever adds to a wait: promises are of the fastest.
    """
    frames, times = zip(*found["turns"], strict=True)
    return [
        (f"{name}: a new visitor's first picture, fastest of 5", min(found["first"]), "ms",
         "≤ 1500", lambda x: x <= 1500),
        (f"{name}: the same, median", median(found["first"]), "ms", "", None),
        (f"{name}: payload", found["payload"] / 1e6, "MB", "≤ 1.5", lambda x: x <= 1.5),
        (f"{name}: control → picture, fastest of 12", min(found["changes"]), "ms", "≤ 300",
         lambda x: x <= 300),
        (f"{name}: the same, median", median(found["changes"]), "ms", "", None),
        (f"{name}: knob turn → repaint, median of 30", median(times), "ms", "", None),
        (f"{name}: knob turn → repaint, median of 30", median(frames), "frames", "1",
         lambda x: x <= 1),
        (f"{name}: playing", found["rate"], "fps", "≥ 55", lambda x: x >= 55),
    ]  # fmt: skip
