"""Time the embedding lab's page in Chromium: the first frame of a new run, streaming, playing.

Run ``python -m benchmarks.embedding_page``. It prints a table and fails if a promise is not kept.
"""

from statistics import median
from typing import Any

from playwright.sync_api import Page

from benchmarks.pages import WINDOW, chromium
from benchmarks.player import PLAY, median_rate
from benchmarks.report import Row, report
from tests.browser.driving import settle, tell, visit

# Press an arrow on the slider of points; milliseconds to the first frame of the new data, to its
# first frame after the start, and how many frames there were each time new ones came.
STREAM = """async ([points]) => {
  const box = [...document.querySelectorAll('.st-key-player *')]
    .map(e => e.shadowRoot?.querySelector('.player')).find(Boolean)
  const began = performance.now(), seen = []
  let first = null
  while (performance.now() - began < 20000) {
    const p = box.player
    const map = p.scene.panels[0].layers[0]
    const here = map.arrays.xy.shape.at(-2) === points
    if (here && first === null) first = performance.now() - began
    if (here && (!seen.length || seen.at(-1)[1] !== p.scene.frames))
      seen.push([performance.now() - began, p.scene.frames])
    if (here && p.scene.numbers.at(-1) === 750) break
    await new Promise((done) => setTimeout(done, 10))
  }
  return { first, seen }
}"""
TURN = """(async () => {
  const times = []
  for (let i = 0; i < 9; i++) {
    const began = performance.now()
    await new Promise((done) => { p.onframe = done; p.setTurn(i, false) })
    times.push(performance.now() - began)
    await new Promise((done) => setTimeout(done, 450))
  }
  p.onframe = null
  return times
})()"""


def streamed(page: Page, points: int) -> dict[str, Any]:
    """Ask for one point less, and watch what comes."""
    slider = page.locator(".st-key-n input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    found: dict[str, Any] = page.evaluate(STREAM, [points])
    settle(page)
    return found


def measure() -> dict[str, Any]:
    with chromium() as (browser, url):
        page = browser.new_page(viewport=WINDOW)
        visit(page, f"{url}/embedding")
        found: dict[str, Any] = {"turn": tell(page, TURN)}
        found["play"] = median(median_rate(tell(page, PLAY)) for _ in range(3))
        found["bytes"] = tell(page, "p.scene.panels[0].layers[0].arrays.xy.data.byteLength")
        streamed(page, 499)  # what it needs is imported now
        found["runs"] = [streamed(page, points) for points in range(498, 488, -1)]
    return found


def table(found: dict[str, Any]) -> list[Row]:
    firsts = [run["first"] for run in found["runs"]]
    ends = [(run["seen"][-1], run["first"]) for run in found["runs"]]
    rates = [1000 * frames / (at - first) for (at, frames), first in ends]
    return [
        ("other data of 500 points → first frame, fastest of 10", min(firsts), "ms", "< 500",
         lambda x: x < 500),
        ("the same, median", median(firsts), "ms", "", None),
        ("new frames a second while it computes, fastest of 10", max(rates), "frames/s", ">= 10",
         lambda x: x >= 10),
        ("the same, median", median(rates), "frames/s", "", None),
        ("playing 500 points from memory", found["play"], "fps", ">= 50", lambda x: x >= 50),
        ("knob turned: the next frame", median(found["turn"]), "ms", "", None),
        ("points of all frames and perplexities", found["bytes"] / 1e6, "MB", "< 1.5",
         lambda x: x < 1.5),
    ]  # fmt: skip


if __name__ == "__main__":
    report(table(measure()))
