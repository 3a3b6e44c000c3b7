"""One server and one browser for the session; a fresh window for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import FLAGS, find
from tests.browser.driving import CALM, PATIENCE, PROJECTOR, watch
from tests.browser.server import serve

expect.set_options(timeout=PATIENCE)


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


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Open one window, in which nothing moves by itself, for all tests of a module."""
    context = browser.new_context(**CALM)
    page = context.new_page()
    yield page, watch(page)
    context.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """Open a window of the size of a projector; the test's own mark may ask for another.

    Tests of a module with ``ONE_WINDOW`` share one: its scripts are loaded once.
    """
    context = None
    if getattr(request.module, "ONE_WINDOW", False) and not hasattr(request, "param"):
        page, errors = request.getfixturevalue("window")
        errors.clear()
    else:
        context = browser.new_context(**PROJECTOR | getattr(request, "param", {}))
        page = context.new_page()
        errors = watch(page)
    yield page
    page.screenshot(path=tmp_path / "last.png")
    if context:
        context.close()
    assert errors == []
