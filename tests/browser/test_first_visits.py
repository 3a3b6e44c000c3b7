"""The very first visit of a fresh server, at any address, shows the right page in the app."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.driving import settle, tell, visit
from tests.browser.server import ROOT, serve


def labs() -> list[str]:
    """Return the labs that app.py lists, without running it."""
    tree = ast.parse((ROOT / "app.py").read_text("utf-8"))
    named = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    chapters = ast.literal_eval(named["CHAPTERS"])
    return [lab for chapter in chapters.values() for lab in chapter]


def question(lab: str) -> str:
    return import_module(f"dlviz.{lab}").__doc__.splitlines()[0]


@contextmanager
def fresh(page: Page, folder: Path) -> Iterator[str]:
    """Start a fresh server for a window, which has left it when it stops."""
    with serve(folder / "log.txt") as url:
        yield url
        page.goto("about:blank")


def check_frame(page: Page, heading: str) -> None:
    expect(page.locator("h1")).to_have_text([heading])
    expect(page.get_by_test_id("stTopNav")).to_contain_text("All labs")
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_the_home_page_comes_first(page: Page, tmp_path: Path) -> None:
    with fresh(page, tmp_path) as url:
        page.goto(url)
        expect(page.locator("h1")).to_be_visible()
        settle(page)
        check_frame(page, "See deep learning")
        for lab in labs():
            expect(page.get_by_text(question(lab))).to_be_visible()


def heard(page: Page) -> list[str]:
    """Return a list that will hold the kinds of all elements, as the server sends them."""
    kinds: list[str] = []

    def hear(data: bytes | str) -> None:
        message = ForwardMsg.FromString(data) if isinstance(data, bytes) else ForwardMsg()
        if message.delta.HasField("new_element"):
            kinds.append(message.delta.new_element.WhichOneof("type"))

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", hear)

    page.on("websocket", listen)
    return kinds


@pytest.mark.parametrize("lab", labs())
def test_a_lab_comes_first_and_its_picture_before_its_controls(
    page: Page, tmp_path: Path, lab: str
) -> None:
    kinds = heard(page)
    with fresh(page, tmp_path) as url:
        visit(page, f"{url}/{lab}")
        check_frame(page, question(lab))
        assert set(kinds[: kinds.index("bidi_component")]) <= {"html", "heading"}
        assert {"selectbox", "button", "radio"} <= set(kinds)


def test_a_deep_link_comes_first(page: Page, tmp_path: Path) -> None:
    with fresh(page, tmp_path) as url:
        visit(page, f"{url}/descent?surface=saddle&lr=0.3&steps=12&start=1.5,0.5")
        check_frame(page, question("descent"))
        assert tell(page, "[p.scene.frames, p.scene.knob.values[p.turn]]") == [13, 0.3]
        assert page.url.endswith("/descent?surface=saddle&lr=0.3&steps=12&start=1.5,0.5")


def test_the_link_to_a_lab_leads_from_home_to_its_page(page: Page, app_url: str) -> None:
    page.goto(app_url)
    page.get_by_role("link", name="Gradient descent").click()
    page.wait_for_url("**/descent")
    check_frame(page, question("descent"))
