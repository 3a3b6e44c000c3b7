"""A new visitor's first picture of each lab, beside the first words of a bare Streamlit app.

The browser's cache is empty, the server warm. Visits take turns, so that what else goes on meets
all alike. The page itself notes when a frame with the picture has been painted, counted from when
the browser began to go there: a question from outside is answered only once the page is idle. Its
CPU time is that of the thread that runs scripts, lays out and draws; it tells more than the clock
on a machine that others use.
"""

import tempfile
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

# Notes when the frame is out in which a canvas was first drawn on, or words first stood there.
NOTE = """(() => {
  const note = () => {
    if (window.noted) return
    window.noted = true
    requestAnimationFrame(() => {
      const after = new MessageChannel()
      after.port1.onmessage = () => { window.painted = performance.now() }
      after.port2.postMessage(0)
    })
  }
  const brush = CanvasRenderingContext2D.prototype
  for (const stroke of ["drawImage", "fill", "fillRect", "stroke"]) {
    const draw = brush[stroke]
    brush[stroke] = function (...given) {
      if (this.canvas.isConnected) note()
      return draw.apply(this, given)
    }
  }
  new MutationObserver(() => {
    if (document.querySelector("[data-testid=stMarkdown]")?.textContent === "hi") note()
  }).observe(document, { childList: true, subtree: true, characterData: true })
})()"""

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
    page.add_init_script(NOTE)
    device = context.new_cdp_session(page)
    device.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    await_picture(page, name)
    page.wait_for_function("window.painted")
    metrics = device.send("Performance.getMetrics")["metrics"]
    work = {metric["name"]: 1000 * metric["value"] for metric in metrics}["TaskDuration"]
    settle(page)
    seen, whole = page.evaluate("[painted, performance.now()]")
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
