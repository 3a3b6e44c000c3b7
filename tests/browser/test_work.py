"""Heavy work in a browser: frames that stream in, stop and go on, tabs that are closed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dlviz.descent.lesson import SCENES
from tests.browser.driving import PATIENCE, param, settle, tell, until, until_param, visit
from tests.browser.server import serve

# What the server says arrives late: polls are sent before the browser knows what they overtake.
LAG = """
  const Real = window.WebSocket
  window.lag = 0
  window.WebSocket = class extends Real {
    addEventListener(kind, hear, how) {
      super.addEventListener(kind, kind !== "message" ? hear : e => setTimeout(hear, lag, e), how)
    }
    set onmessage(hear) { super.onmessage = e => setTimeout(hear, lag, e) }
  }
"""


@dataclass
class Heavy:
    """The page with heavy work, and what leads the work."""

    url: str
    folder: Path

    def reach(self, steps: int) -> None:
        """Let the work come to a step."""
        fresh = self.folder / "fresh"
        fresh.write_text(str(steps))
        fresh.rename(self.folder / "reached")

    def told(self, page: Page, *lines: str) -> None:
        """Wait until the work has told these lines of itself, in any order, and no others."""
        for _ in range(PATIENCE // 100):
            page.wait_for_timeout(100)
            told = (self.folder / "log").read_text().splitlines()
            if sorted(told) == sorted(lines):
                return
        raise AssertionError(f"expected {lines}, got {told}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("heavy")
    with serve(folder / "printed.txt", "tests/browser/heavy_app.py", str(folder)) as url:
        yield url, folder


@pytest.fixture
def heavy(server: tuple[str, Path], tmp_path: Path) -> Iterator[Heavy]:
    """Give each test work of its own, which none of it outlives."""
    url, folder = server
    (folder / "leader").write_text(str(tmp_path))
    heavy = Heavy(url, tmp_path)
    heavy.reach(1)
    yield heavy
    heavy.reach(1000)


def says(page: Page, words: str) -> None:
    expect(page.get_by_text(words)).to_be_visible()


def button(page: Page, key: str):
    return page.locator(f".st-key-{key} button")


def runs(page: Page) -> int:
    return int(page.get_by_text(re.compile(r"^run \d+$")).inner_text().split()[1])


def test_frames_stream_into_the_player_until_the_work_is_done(heavy: Heavy, page: Page) -> None:
    visit(page, heavy.url)
    tell(page, "p.marked = true")
    for steps in (10, 60):
        heavy.reach(steps)
        says(page, f"Counting: {steps} %")
        until(page, "p.scene.frames === arg + 1", steps)
    settle(page)
    before = runs(page)
    page.wait_for_timeout(1500)
    assert runs(page) == before  # the page does not run again for nothing
    heavy.reach(100)
    until(page, "p.scene.frames === 101")
    expect(button(page, "stop_work")).to_have_count(0)
    settle(page)
    before = runs(page)
    page.wait_for_timeout(1500)
    assert runs(page) == before
    assert tell(page, "p.marked")  # it is the same player all the time
    heavy.told(page, "began 100", "done 100")


def test_what_streams_in_is_played_on_and_a_pause_stays_one(heavy: Heavy, page: Page) -> None:
    visit(page, heavy.url)
    heavy.reach(10)
    until(page, "p.scene.frames === 11 && p.waitsForMore")
    assert tell(page, "p.playing")
    tell(page, "(window.seen = new Set(), p.onframe = () => seen.add(p.frame), 1)")
    heavy.reach(40)
    until(page, "p.frame === 40")
    seen = page.evaluate("[...seen]")
    assert seen == sorted(seen)
    assert len(seen) >= 8  # a leap would show none between
    tell(page, "p.go(20)")
    heavy.reach(70)
    until(page, "p.scene.frames === 71")
    page.wait_for_timeout(300)
    assert tell(page, "p.frame") == 20
    heavy.reach(30)
    slider = page.locator(".st-key-steps input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    # Another training is watched from its start.
    until(page, "p.scene.frames === 31 && p.frame === 30 && p.playing")


def test_frames_stream_while_presenting(heavy: Heavy, page: Page) -> None:
    visit(page, heavy.url + "?present=1")
    for steps in (10, 100):
        heavy.reach(steps)
        until(page, "p.scene.frames === arg + 1", steps)


def test_stop_keeps_what_was_reached_and_one_can_go_on(heavy: Heavy, page: Page) -> None:
    visit(page, heavy.url)
    heavy.reach(34)
    until(page, "p.scene.frames === 35")
    button(page, "stop_work").click()
    says(page, "Stopped at 34 %.")
    assert tell(page, "p.scene.frames") == 35
    heavy.told(page, "began 100", "given up 100")
    heavy.reach(20)
    button(page, "resume_work").click()
    says(page, "Counting: 20 %")
    assert tell(page, "p.scene.frames") == 35
    heavy.reach(50)
    until(page, "p.scene.frames === 51")


def test_a_stop_stops_nobody_else_and_a_closed_tab_gives_up(heavy: Heavy, page: Page) -> None:
    visit(page, heavy.url)
    other = page.context.new_page()
    visit(other, heavy.url)
    heavy.reach(30)
    says(other, "Counting: 30 %")
    button(page, "stop_work").click()
    says(page, "Stopped at")
    heavy.reach(60)
    until(other, "p.scene.frames === 61")
    heavy.told(page, "began 100")
    other.close()
    heavy.told(page, "began 100", "given up 100")


def test_other_settings_give_the_work_up_at_once(heavy: Heavy, page: Page) -> None:
    visit(page, heavy.url)
    says(page, "Counting: 1 %")
    slider = page.locator(".st-key-steps input[type=range]")
    slider.focus()
    slider.press("ArrowRight")
    until_param(page, "steps", "101")
    expect(button(page, "stop_work")).to_be_visible()
    heavy.told(page, "began 100", "began 101", "given up 100")


def test_a_poll_that_is_late_takes_nothing_back(heavy: Heavy, page: Page) -> None:
    page.add_init_script(LAG)
    visit(page, heavy.url)
    says(page, "Counting: 1 %")
    page.evaluate("lag = 1500")
    page.keyboard.press("PageDown")
    page.wait_for_timeout(1400)  # some polls with the scene and the address of before
    heavy.reach(2)
    page.wait_for_timeout(3000)
    page.evaluate("lag = 0")
    until_param(page, "scene", SCENES[1].slug)
    until(page, "p.scene.knob.values[p.turn] === arg", SCENES[1].settings["lr"])
    page.wait_for_timeout(1500)
    assert param(page, "scene") == SCENES[1].slug
