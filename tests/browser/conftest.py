"""One server and one browser for the session; a fresh tab for each test."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, find
from tests.browser.driving import PATIENCE, PROJECTOR, watch
from tests.browser.server import serve

expect.set_options(timeout=PATIENCE)


PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember how a test went for the fixture that shows where it failed."""
    report = yield
    if call.when == "call":
        item.stash[PASSED] = report.passed
    return report


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Callable[[dict[str, Any]], BrowserContext]]:
    """Open a window for each set of options; its tabs share what a server says never changes."""
    opened: dict[str, BrowserContext] = {}

    def window(options: dict[str, Any]) -> BrowserContext:
        name = repr(sorted(options.items()))
        if name not in opened:
            opened[name] = browser.new_context(**options)
        return opened[name]

    yield window
    for context in opened.values():
        context.close()


@pytest.fixture(scope="module")
def one_tab(
    windows: Callable[[dict[str, Any]], BrowserContext], request: pytest.FixtureRequest
) -> Iterator[tuple[Page, list]]:
    """Open one tab for all tests of a module, with the options that its ``ONE_WINDOW`` names."""
    page = windows(request.module.ONE_WINDOW).new_page()
    yield page, watch(page)
    page.close()


@pytest.fixture
def page(
    windows: Callable[[dict[str, Any]], BrowserContext],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[Page]:
    """Open a tab of the size of a projector; the test's own mark may ask for another.

    Tests of a module with ``ONE_WINDOW`` share one: its scripts are compiled once.
    """
    fresh = None
    if hasattr(request.module, "ONE_WINDOW") and not hasattr(request, "param"):
        page, errors = request.getfixturevalue("one_tab")
        page.mouse.move(0, 0)  # not over the next picture
        errors.clear()
    else:
        context = windows(PROJECTOR | getattr(request, "param", {}))
        before = context.pages
        page = fresh = context.new_page()
        errors = watch(page)
    yield page
    if errors or not request.node.stash.get(PASSED, False):
        page.screenshot(path=tmp_path / "last.png")
    if fresh:
        for tab in context.pages:
            if tab not in before:
                tab.close()
    assert errors == []
