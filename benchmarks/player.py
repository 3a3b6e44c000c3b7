"""Time the player on the descent page in Chromium, and the same picture as plotly frames.

Run ``python -m benchmarks.player``. It prints a table and fails if a promise is not kept. Times
depend on the machine, which draws without a GPU here; the ratio is the result.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

import numpy as np
import plotly.graph_objects as go
from playwright.sync_api import Browser, Page, sync_playwright
from plotly.offline import get_plotlyjs

from benchmarks.report import Row, report
from dlviz import theme
from dlviz.descent.compute import DescentConfig, DescentTrace, descend, surface_of
from dlviz.terrain import landscape
from tests.browser.chromium import FLAGS, find
from tests.browser.driving import pause, settle, tell, until, visit
from tests.browser.server import serve

STEPS = 200
# A window in which the main panel is at least 640 px wide and high.
WINDOW = {"width": 1560, "height": 1080}

# Time stamps of the frames painted while the player plays its 200 steps.
PLAY = """(async () => {
  const stamps = []
  p.go(0)
  p.onframe = (now) => stamps.push(now)
  p.play()
  while (p.playing) await new Promise((done) => setTimeout(done, 50))
  p.onframe = null
  return stamps
})()"""

# For each of 30 turns: animation frames and milliseconds from the hand's event to the paint.
TURN = """(async () => {
  const input = p.box.querySelector(".knob-input")
  const waits = []
  for (let i = 0; i < 30; i++)
    waits.push(await new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
      let passed = 0
      const count = () => { passed++; if (passed < 100) requestAnimationFrame(count) }
      requestAnimationFrame(count)
      const began = performance.now()
      p.onframe = () => { p.onframe = null; done([passed, performance.now() - began]) }
      input.value = 10 + i
      input.dispatchEvent(new Event("input", { bubbles: true }))
    }))))
  return waits
})()"""

# Milliseconds from the next key press to the first picture of the scene it leads to.
CHANGE = """(() => {
  const before = p.scene
  window.changed = new Promise((done) => addEventListener("keydown", () => {
    const began = performance.now()
    p.onframe = () => {
      if (p.scene === before) return
      p.onframe = null
      done(performance.now() - began)
    }
  }, { once: true, capture: true }))
})()"""

# Time stamps of plotly's redraws while it plays its frames as fast as it can.
PLOTLY = """async () => {
  const chart = document.querySelector(".js-plotly-plot")
  const stamps = []
  chart.on("plotly_animatingframe", () => requestAnimationFrame((now) => stamps.push(now)))
  const [transition, frame] = [{ duration: 0 }, { duration: 0, redraw: REDRAW }]
  await Plotly.animate(chart, null, { mode: "immediate", transition, frame })
  return stamps
}"""


def rate(stamps: list[float]) -> float:
    """Return the frames painted per second over a whole run, from time stamps in milliseconds."""
    painted = sorted(set(stamps))
    return 1000 * (len(painted) - 1) / (painted[-1] - painted[0])


def median_rate(stamps: list[float]) -> float:
    """Return the frame rate of the median frame."""
    return 1000 / float(np.median(np.diff(sorted(set(stamps)))))


# ---------------------------------------------------------------- ours


def player_numbers(browser: Browser, url: str) -> dict[str, Any]:
    page = browser.new_page(viewport=WINDOW)
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda m: sizes.append(len(m))))
    visit(page, f"{url}/descent?steps={STEPS}")
    payload = max(sizes)
    assert tell(page, "[p.turns, p.scene.frames]") == [64, STEPS + 1]
    box = tell(page, "(b => [b.width, b.height])(p.views[0].canvas.getBoundingClientRect())")
    runs = [tell(page, PLAY) for _ in range(3)]
    pause(page)
    turns = tell(page, TURN)
    latency = [change(page) for _ in range(10)]
    page.close()
    return {"payload": payload, "box": box, "runs": runs, "turns": turns, "latency": latency}


def change(page: Page) -> float:
    """Move the slider of steps by one with the keyboard; return ms until the new picture."""
    tell(page, "p.setTurn(20, 1)")
    settle(page)
    pause(page)
    page.locator(".st-key-steps input").focus()
    page.wait_for_timeout(300)  # a pause between settings, as a person makes
    tell(page, CHANGE)
    page.keyboard.press("ArrowLeft")
    waited = page.evaluate("changed")
    settle(page)
    until(page, "p.onframe === null")
    return float(waited)


# ---------------------------------------------------------------- the same as plotly frames


def plotly_figure(trace: DescentTrace) -> go.Figure:
    """Return contours, growing path and loss curve as a figure with one plotly frame per step."""
    surface = surface_of(trace.config)
    axes = [np.linspace(low, high, 128) for low, high in surface.window]
    steps = np.arange(len(trace.losses))
    ground = go.Contour(z=landscape(surface).astype(np.float32), x=axes[0], y=axes[1], ncontours=16,
                        colorscale="Blues", showscale=False)  # fmt: skip
    figure = theme.figure("", "x", "y")
    figure.add_traces([ground, *_moving(trace, steps, 0)])
    figure.add_scatter(x=steps, y=trace.losses, xaxis="x2", yaxis="y2", mode="lines")
    figure.frames = [
        go.Frame(data=_moving(trace, steps, t), traces=[1, 2], name=str(t)) for t in steps
    ]
    buttons = [{"label": "Play", "method": "animate", "args": [None]}]
    figure.update_layout(
        width=1100, height=700, xaxis={"domain": [0, 0.6]}, xaxis2={"domain": [0.68, 1]},
        yaxis2={"type": "log", "anchor": "x2"},
        updatemenus=[{"type": "buttons", "buttons": buttons}],
    )  # fmt: skip
    return figure


def _moving(trace: DescentTrace, steps: Any, t: int) -> list[go.Scatter]:
    """Return the path up to step ``t``, and the dot on the loss curve."""
    path = go.Scatter(x=trace.points[: t + 1, 0], y=trace.points[: t + 1, 1], mode="lines+markers")
    dot = go.Scatter(x=steps[t : t + 1], y=trace.losses[t : t + 1], xaxis="x2", yaxis="y2")
    return [path, dot]


def plotly_numbers(browser: Browser, folder: Path, url: str) -> dict[str, float]:
    figure = plotly_figure(descend(DescentConfig(steps=STEPS)))
    (folder / "plotly.min.js").write_text(get_plotlyjs(), "utf-8")
    text = figure.to_html(include_plotlyjs="plotly.min.js", full_html=True, auto_play=False)
    (folder / "index.html").write_text(text, "utf-8")
    numbers = {"payload": float(len(figure.to_json()))}
    for redraw in ("true", "false"):  # true is what Play does unless told otherwise
        page = browser.new_page(viewport=WINDOW)
        page.goto(url)
        page.wait_for_selector(".js-plotly-plot .updatemenu-button")
        numbers[redraw] = rate(page.evaluate(PLOTLY.replace("REDRAW", redraw)))
        page.close()
    return numbers


@contextmanager
def files(folder: Path) -> Iterator[str]:
    """Serve a folder on a port of its own."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/index.html"
    finally:
        server.shutdown()


# ---------------------------------------------------------------- the table


def measure() -> tuple[dict[str, Any], dict[str, float]]:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        with serve(folder / "log.txt") as url:
            ours = player_numbers(browser, url)
        with files(folder) as url:
            plotlys = plotly_numbers(browser, folder, url)
        browser.close()
    return ours, plotlys


def table(ours: dict[str, Any], plotlys: dict[str, float]) -> list[Row]:
    frames, times = zip(*ours["turns"], strict=True)
    wide, high = ours["box"]
    overall = median(map(rate, ours["runs"]))
    return [
        ("plotly frames of one knob value", plotlys["payload"] / 1e6, "MB", "", None),
        ("payload, 64 knob values, 200 steps", ours["payload"] / 1e6, "MB", "≤ 1.5",
         lambda x: x <= 1.5),
        (f"player, main panel {wide:.0f}×{high:.0f}, median frame",
         median(map(median_rate, ours["runs"])), "fps", "≥ 55", lambda x: x >= 55),
        ("player, over the whole run", overall, "fps", "", None),
        ("the same as plotly frames", plotlys["true"], "fps", "", None),
        ("ratio", overall / plotlys["true"], "", "", None),
        ("plotly frames, redraw=False", plotlys["false"], "fps", "", None),
        ("knob turn → repaint, median of 30", median(times), "ms", "", None),
        ("knob turn → repaint, worst of 30", max(times), "ms", "", None),
        ("knob turn → repaint, worst of 30", max(frames), "frames", "1", lambda x: x <= 1),
        ("Steps changed → new picture, median of 10", median(ours["latency"]), "ms", "≤ 300",
         lambda x: x <= 300),
    ]  # fmt: skip


if __name__ == "__main__":
    report(table(*measure()))
