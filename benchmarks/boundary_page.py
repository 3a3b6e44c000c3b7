"""Time the boundary lab's page in Chromium: frame rate of three networks, control to picture.

Run ``python -m benchmarks.boundary_page``. It prints a table and fails if a promise is not kept.
TensorFlow Playground trains and draws one epoch for each frame, on the screen's thread; here runs
are trained beforehand, and the player evaluates every unit's map for each frame.
"""

from statistics import median
from typing import Any

from playwright.sync_api import Page

from benchmarks.pages import WINDOW, changed, chromium
from benchmarks.player import PLAY, TURN, median_rate
from benchmarks.report import Row, report
from tests.browser.driving import pause, settle, tell, until, visit

ALL = "x1,x2,x1^2,x2^2,x1x2,sin x1,sin x2"
NETWORKS = {
    "4 - 2 tanh": "",
    "8 - 8 - 8 ReLU": "?hidden=8,8,8&activation=relu",
    "six layers of 8 ReLU, 7 features": f"?hidden=8,8,8,8,8,8&activation=relu&features={ALL}",
}


def rates(page: Page, url: str) -> dict[str, float]:
    """Return the frame rate of the median frame for each network."""
    found = {}
    for name, query in NETWORKS.items():
        visit(page, f"{url}/boundary{query}")
        until(page, "!p.options.growing")
        found[name] = median(median_rate(tell(page, PLAY)) for _ in range(3))
    return found


def change(page: Page) -> tuple[float, float]:
    """Press Re-roll; return ms until the first picture of the new run, and until all of it."""
    first = changed(page, page.get_by_role("button", name="Re-roll"), "Enter")
    came = page.evaluate("performance.now()")
    until(page, "!p.options.growing")
    whole = first + page.evaluate("performance.now()") - came
    settle(page)
    return first, whole


def measure() -> dict[str, Any]:
    with chromium() as (browser, url):
        page = browser.new_page(viewport=WINDOW)
        sizes: list[int] = []
        page.on("websocket", lambda s: s.on("framereceived", lambda m: sizes.append(len(m))))
        visit(page, f"{url}/boundary")
        until(page, "!p.options.growing")
        payload = max(sizes)
        pause(page)
        turns = tell(page, TURN.replace("10 + i", "i % 13"))
        changes = [change(page) for _ in range(12)]
        return {"payload": payload, "turns": turns, "changes": changes, "rates": rates(page, url)}


def table(found: dict[str, Any]) -> list[Row]:
    frames, times = zip(*found["turns"], strict=True)
    first, whole = zip(*found["changes"], strict=True)
    rows: list[Row] = [
        ("payload, 13 learning rates, 101 epochs", found["payload"] / 1e6, "MB", "≤ 1.5",
         lambda x: x <= 1.5),
        ("knob turn → repaint, median of 30", median(times), "ms", "", None),
        ("knob turn → repaint, worst of 30", max(frames), "frames", "1", lambda x: x <= 1),
        ("Re-roll → first picture, median of 12", median(first), "ms", "≤ 300",
         lambda x: x <= 300),
        ("Re-roll → all epochs of all 13 rates, median of 12", median(whole), "ms", "", None),
    ]  # fmt: skip
    promised: dict[str, Any] = {"4 - 2 tanh": ("≥ 55", lambda x: x >= 55)}
    for name, fps in found["rates"].items():
        rows.append((f"playing {name}", fps, "fps", *promised.get(name, ("", None))))
    return rows


if __name__ == "__main__":
    report(table(measure()))
