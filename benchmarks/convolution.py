"""Time the convolution lab: a photo through 24 kernels, and a control until its picture is there.

Run ``python -m benchmarks.convolution``. It prints a table and fails if a promise is not kept.
"""

import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import sync_playwright
from scipy.signal import correlate2d

from benchmarks.player import median_rate
from benchmarks.report import Row, report
from benchmarks.timing import least
from dlviz.convolution.compute import ConvolutionConfig, kernel_of, photo
from dlviz.convolution.figures import convolution_scene
from dlviz.convolution.knobs import turned, values_of
from dlviz.convolution.photos import seen_through
from dlviz.ui.player import squeeze
from tests.browser.chromium import FLAGS, find
from tests.browser.driving import settle, tell, visit
from tests.browser.server import serve

REPEATS = 7
GABOR = ConvolutionConfig(picture="photo", kernel="gabor", kernel_size=7)
# Resolves once the player has drawn a scene that is not the one it had when this was asked.
NEW = """(() => {
  const [old, began] = [p.scene, performance.now()]
  globalThis.changed = new Promise((done) => {
    const look = () => (p.scene !== old && !p.waiting ? done(performance.now()) : requestAnimationFrame(look))
    look()
  })
  return began
})()"""  # noqa: E501
# Time stamps of 60 frames while a film of 144 windows over 16 x 16 cells plays.
FILM = """(async () => {
  const stamps = []
  p.go(0)
  p.onframe = (now) => stamps.push(now)
  p.play()
  while (stamps.length < 60) await new Promise((done) => setTimeout(done, 20))
  p.onframe = null
  p.pause()
  return stamps
})()"""


def engine() -> dict[str, float]:
    configs, pixels = turned(GABOR, values_of(GABOR)), photo("china")
    kernels = [kernel_of(each) for each in configs]
    theirs = lambda: [correlate2d(pixels, k, "valid") for k in kernels]  # noqa: E731
    np.testing.assert_allclose(seen_through(configs, pixels), theirs(), atol=1e-10)
    first = ConvolutionConfig()
    return {
        "ours": 1000 * least(lambda: seen_through(configs, pixels), REPEATS),
        "theirs": 1000 * least(theirs, REPEATS),
        "first": 1000 * least(lambda: squeeze(convolution_scene(first, values_of(first))), REPEATS),
        "photo": 1000
        * least(lambda: squeeze(convolution_scene(GABOR, values_of(GABOR), pixels)), REPEATS),
        "size": len(squeeze(convolution_scene(GABOR, values_of(GABOR), pixels))) / 1e6,
    }


def page_times() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with serve(Path(name) / "log.txt") as url:
            page = browser.new_page(viewport={"width": 1560, "height": 1080})
            visit(page, f"{url}/convolution?size=16&kernel=gauss&kernel_size=5")
            fps = median(median_rate(tell(page, FILM)) for _ in range(3))
            visit(page, f"{url}/convolution")
            changes = []
            for name_ in ("Dot", "Step", "Stroke") * 4:
                button = page.get_by_role("button", name=name_, exact=True)
                button.focus()
                page.wait_for_timeout(400)  # a pause between settings, as a person makes
                began = tell(page, NEW)
                page.keyboard.press("Enter")
                changes.append(float(page.evaluate("changed")) - began)
                settle(page)
        browser.close()
    return {"change": median(changes), "fps": fps}


def table(cpu: dict[str, float], page: dict[str, float]) -> list[Row]:
    return [
        ("the default picture, made and squeezed, CPU time", cpu["first"], "ms", "< 300",
         lambda x: x < 300),
        ("a photo of 240 x 160 through 24 kernels of 7 x 7, CPU time", cpu["ours"], "ms", "", None),
        ("the same by scipy.signal.correlate2d, CPU time", cpu["theirs"], "ms", "", None),
        ("how many times faster", cpu["theirs"] / cpu["ours"], "", "> 1", lambda x: x > 1),
        ("its picture with every angle, made and squeezed, CPU time", cpu["photo"], "ms", "", None),
        ("what is sent of it", cpu["size"], "MB", "≤ 1.5", lambda x: x <= 1.5),
        ("an image chosen → its new picture, median of 12", page["change"], "ms", "< 300",
         lambda x: x < 300),
        ("a window over 16 x 16 cells, playing", page["fps"], "fps", "≥ 50", lambda x: x >= 50),
    ]  # fmt: skip


if __name__ == "__main__":
    report(table(engine(), page_times()))
