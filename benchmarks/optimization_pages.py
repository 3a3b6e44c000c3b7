"""Time the pages of race, noise and landscape in Chromium.

Run ``python -m benchmarks.optimization_pages``. It prints a table and fails if a promise is not
kept. The landscape's picture grows: its first one is coarse, and the time to all turns of the knob
is told beside it.
"""

from statistics import median

from playwright.sync_api import Browser

from benchmarks.pages import WINDOW, changed, chromium, numbers, rows
from benchmarks.report import Row, report
from tests.browser.driving import settle, until, visit

# address, a control and the keys that set it to and fro
PAGES = {
    "race": ("race", ".st-key-steps input[type=range]", "ArrowRight ArrowLeft"),
    "(αλ, β) plane": ("race?picture=plane", ".st-key-alpha_lambda input[type=range]",
                      "ArrowRight ArrowLeft"),
    "noise": ("noise", ".st-key-lr input[type=range]", "ArrowRight ArrowLeft"),
    "landscape": ("landscape", ".st-key-width input[type=range]", "ArrowLeft ArrowRight"),
}  # fmt: skip


def whole_landscapes(browser: Browser, url: str) -> list[float]:
    """Return for each of six other networks the ms from the key to the last turn of the knob."""
    page = browser.new_page(viewport=WINDOW)
    visit(page, f"{url}/landscape")
    until(page, "!p.options.growing")
    slider = page.locator(".st-key-width input[type=range]")
    found = []
    for _ in range(6):  # networks that nobody has asked for
        first = changed(page, slider, "ArrowLeft")
        came = page.evaluate("performance.now()")
        until(page, "!p.options.growing")
        found.append(first + page.evaluate("performance.now()") - came)
        settle(page)
    page.close()
    return found


def table() -> list[Row]:
    with chromium() as (browser, url):
        found = [
            row
            for name, (path, control, keys) in PAGES.items()
            for row in rows(name, numbers(browser, f"{url}/{path}", control, keys))
        ]
        whole = median(whole_landscapes(browser, url))
    return [
        *found,
        ("landscape: all layers of another network, median of 6", whole, "ms", "", None),
    ]


if __name__ == "__main__":
    report(table())
