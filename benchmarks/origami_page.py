"""Time the origami lab's page in Chromium: control to picture, regions drawn and cut anew.

Run ``python -m benchmarks.origami_page``. It prints a table and fails if a promise is not kept.
"""

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.boundary_page import change
from benchmarks.player import median_rate
from benchmarks.report import Row, report
from tests.browser.chromium import FLAGS, find
from tests.browser.driving import pause, tell, visit
from tests.browser.server import serve

WINDOW = {"width": 1560, "height": 1080}
THOUSAND = "?hidden=16,16,16&bias_scale=1"  # about so many regions
MANY = "?hidden=32,32,32"  # about 3 000
FILMS = {
    "2-8-8-1": "?network=trained&hidden=8,8&turn=leak",
    "2-16-16-16-1": "?network=trained&hidden=16,16,16&turn=leak",
}

# Time stamps of 60 frames in a row, the regions as they are; with `arg` cut anew for each.
DRAW = """(async () => {
  const stamps = []
  await new Promise((done) => {
    p.onframe = (now) => {
      stamps.push(now)
      if (arg) p.views[0].panel.layers[0].evaluator.cutKey = null
      if (stamps.length < 60) setTimeout(() => p.redraw())
      else done()
    }
    p.redraw()
  })
  p.onframe = null
  return stamps
})()"""
# Milliseconds of work for one picture, the median of 30: the main panel, and all of them.
WORK = """(() => {
  const times = [[], []]
  for (let i = 0; i < 30; i++) {
    const began = performance.now()
    p.views[0].draw(p.at, p.turn)
    p.views[0].canvas.getContext("2d").getImageData(0, 0, 1, 1)
    times[0].push(performance.now() - began)
    for (const view of p.views.slice(1)) view.draw(p.at, p.turn)
    times[1].push(performance.now() - began)
  }
  return times.map((each) => each.sort((a, b) => a - b)[15])
})()"""
REGIONS = "(p.caption(), p.views[0].panel.layers[0].evaluator.cut.faces.length)"
# Time stamps of the frames painted while the film plays at half its speed: between two steps each.
FILM = """(async () => {
  const stamps = []
  p.go(0)
  p.speed = 0.5
  p.onframe = (now) => stamps.push(now)
  p.play()
  while (p.playing) await new Promise((done) => setTimeout(done, 50))
  Object.assign(p, { onframe: null, speed: 1 })
  return stamps
})()"""


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with serve(Path(name) / "log.txt") as url:
            page: Page = browser.new_page(viewport=WINDOW)
            visit(page, f"{url}/origami{THOUSAND}")
            pause(page)
            found: dict[str, Any] = {"thousand": tell(page, REGIONS)}
            found["changes"] = [change(page)[0] for _ in range(12)]
            visit(page, f"{url}/origami{MANY}")
            pause(page)
            found["many"] = tell(page, REGIONS)
            found["drawn"] = median(median_rate(tell(page, DRAW, False)) for _ in range(3))
            found["work"] = tell(page, WORK)
            found["anew"] = median_rate(tell(page, DRAW, True))
            found["films"] = {}
            for net, query in FILMS.items():
                visit(page, f"{url}/origami{query}")
                found["films"][net] = median(median_rate(tell(page, FILM)) for _ in range(3))
        browser.close()
    return found


def table(found: dict[str, Any]) -> list[Row]:
    rows: list[Row] = [
        (f"Re-roll → new picture of {found['thousand']} regions, median of 12",
         median(found["changes"]), "ms", "< 300", lambda x: x < 300),
        (f"{found['many']} polygons drawn for each frame", found["drawn"], "fps", "≥ 50",
         lambda x: x >= 50),
        ("the plane with them, on the processor", found["work"][0], "ms", "", None),
        ("the same, cut anew for each frame", found["anew"], "fps", "", None),
    ]  # fmt: skip
    for net, fps in found["films"].items():
        rows.append((f"training of {net}, cut anew for each frame", fps, "fps", "", None))
    return rows


if __name__ == "__main__":
    report(table(measure()))
