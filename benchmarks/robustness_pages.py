"""Time the pages of adversarial examples, explanations and defenses in Chromium.

Run ``python -m benchmarks.robustness_pages``, or with names of ``PAGES`` for these alone. It prints
a table and fails if a promise is not kept. What others do on the machine only ever adds to a wait:
promises are of the fastest. Beside the wait stands the processor time that the server took for it,
all work in threads included, which on a free core it adds to the framework's own 135 ms.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from benchmarks.pages import WINDOW, changed, chromium
from benchmarks.player import PLAY, TURN, median_rate
from benchmarks.report import Row, report
from tests.browser.driving import pause, settle, tell, until, visit

DIGIT = ".st-key-digit input[type=range]"
SEED = ".st-key-seed input[type=range]"
CHANGES = 10

# address, and a control: each press of → sets what nobody has asked for
PAGES = {
    "adversarial": ("adversarial", DIGIT),
    "adversarial, 28 x 28": ("adversarial?victim=printed", DIGIT),
    "adversarial, Carlini-Wagner": ("adversarial?method=cw", DIGIT),
    "adversarial, the plane": ("adversarial?picture=plane", DIGIT),
    "adversarial, the nearest mistake": ("adversarial?picture=nearest", DIGIT),
    "explain": ("explain", DIGIT),
    "explain, baselines": ("explain?turn=baseline", DIGIT),
    "explain, erasing": ("explain?picture=erase", DIGIT),
    "defend": ("defend", SEED),
    "defend, hidden slopes": ("defend?picture=masking", DIGIT),
    "defend, smoothing of a CNN": ("defend?picture=smoothing&kind=cnn", DIGIT),
}


def server() -> Path:
    """Return where the system tells of the server, which is a child of this process."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    found = [Path(f"/proc/{child}") for child in children]
    return next(each for each in found if b"streamlit" in (each / "cmdline").read_bytes())


def spent(process: Path) -> float:
    """Return the processor time that a process has taken, in ms."""
    words = (process / "stat").read_text().rpartition(")")[2].split()
    ticks = int(words[11]) + int(words[12])  # fields 14 and 15: of its own, of the system for it
    return 1000 * ticks / os.sysconf("SC_CLK_TCK")


def numbers(browser: Browser, address: str, control: str) -> dict[str, Any]:
    """Return what is timed of a page, and the size of what the player was sent first."""
    page = browser.new_page(viewport=WINDOW)
    sizes: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda m: sizes.append(len(m))))
    visit(page, address)
    until(page, "!p.options.growing")
    found: dict[str, Any] = {"payload": max(sizes)}
    pause(page)
    found["turns"] = tell(page, TURN.replace("10 + i", "i % p.turns"))
    moves = tell(page, "p.scene.frames > 1")
    found["rate"] = median(median_rate(tell(page, PLAY)) for _ in range(3)) if moves else None
    box = page.locator(control)
    found["changes"], found["costs"] = [], []
    for _ in range(CHANGES):
        before = spent(server())
        found["changes"].append(changed(page, box, "ArrowRight"))
        found["costs"].append(spent(server()) - before)
        settle(page)
    page.close()
    return found


def rows(name: str, found: dict[str, Any]) -> list[Row]:
    frames, _ = zip(*found["turns"], strict=True)
    playing: Row = (f"{name}: playing", found["rate"] or 0.0, "fps", "≥ 55", lambda x: x >= 55)
    return [
        (f"{name}: payload", found["payload"] / 1e6, "MB", "≤ 1.5", lambda x: x <= 1.5),
        (f"{name}: control → picture, fastest of {CHANGES}", min(found["changes"]), "ms", "≤ 300",
         lambda x: x <= 300),
        (f"{name}: the same, median", median(found["changes"]), "ms", "", None),
        (f"{name}: the same, CPU time of the server, least", min(found["costs"]), "ms", "", None),
        (f"{name}: knob turn → repaint, median of 30", median(frames), "frames", "1",
         lambda x: x <= 1),
        *([playing] if found["rate"] else []),
    ]  # fmt: skip


def table(names: Sequence[str]) -> list[Row]:
    with chromium() as (browser, url):
        return [
            row
            for name in names
            for row in rows(name, numbers(browser, f"{url}/{PAGES[name][0]}", PAGES[name][1]))
        ]


if __name__ == "__main__":
    report(table(sys.argv[1:] or list(PAGES)))
