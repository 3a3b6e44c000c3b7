"""A new visitor's first picture of each lab, beside the first words of a bare Streamlit app.

The browser's cache is empty, the server warm. Visits take turns, so that what else goes on meets
all alike. The page's CPU time is that of the thread that runs scripts, lays out and draws; it tells
more than the clock on a machine that others use.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.pages import WINDOW
from benchmarks.report import Row, report
from tests.browser.chromium import FLAGS, find
from tests.browser.driving import player, settle, until
from tests.browser.server import ROOT, serve

LABS = sorted(page.stem for page in (ROOT / "pages").glob("*.py") if page.stem != "home")
BARE = "bare app"
REPEATS = 5

Visit = tuple[float, float, float]  # ms to the picture, CPU ms to it, ms until all is there


def await_picture(page: Page, name: str) -> None:
    if name == BARE:
        page.get_by_text("hi", exact=True).wait_for()
        return
    player(page).wait_for()
    until(page, "p.draws > 0")


def visit(browser: Browser, name: str, address: str) -> Visit:
    """Come to an address for the first time."""
    context = browser.new_context(viewport=WINDOW)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("Performance.enable", {"timeDomain": "threadTicks"})
    began = time.perf_counter()
    page.goto(address)
    await_picture(page, name)
    seen = 1000 * (time.perf_counter() - began)
    metrics = device.send("Performance.getMetrics")["metrics"]
    work = {metric["name"]: 1000 * metric["value"] for metric in metrics}["TaskDuration"]
    settle(page)
    whole = 1000 * (time.perf_counter() - began)
    context.close()
    return seen, work, whole


def visits() -> dict[str, list[Visit]]:
    """Visit everything in turn, several times."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with (
            serve(Path(folder) / "app.txt") as app,
            serve(Path(folder) / "bare.txt", "benchmarks/bare_app.py") as bare,
        ):
            places = {BARE: bare, **{lab: f"{app}/{lab}" for lab in LABS}}
            for name, address in places.items():
                visit(browser, name, address)  # what it needs is imported now
            found: dict[str, list[Visit]] = {name: [] for name in places}
            for _ in range(REPEATS):
                for name, address in places.items():
                    found[name].append(visit(browser, name, address))
        browser.close()
    return found


def rows(found: dict[str, list[Visit]]) -> list[Row]:
    """Return a table of what was timed, the fastest of all visits where nothing else is said."""
    fastest = {
        name: [min(part) for part in zip(*all_, strict=True)] for name, all_ in found.items()
    }
    floor = fastest[BARE]
    table: list[Row] = [
        (f"{BARE}: first words", floor[0], "ms", "", None),
        (f"{BARE}: the page's CPU time until then", floor[1], "ms", "", None),
    ]
    for lab in LABS:
        seen, work, whole = fastest[lab]
        table += [
            (f"{lab}: first picture", seen, "ms", "≤ 1500", lambda x: x <= 1500),
            (f"{lab}: the same, median", median(v[0] for v in found[lab]), "ms", "", None),
            (f"{lab}: the same / {BARE}", seen / floor[0], "", "", None),
            (f"{lab}: the page's CPU time until then", work, "ms", "", None),
            (f"{lab}: the whole page", whole, "ms", "", None),
        ]
    return table


if __name__ == "__main__":
    report(rows(visits()))
