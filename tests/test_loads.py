"""The visitor that loads are made of: it sees what a page shows, and its settings count."""

import asyncio
import zlib

import pytest

from benchmarks.load.crowds import Waits, looking, opening
from benchmarks.load.visitor import Visitor
from tests.browser.server import serve
from tests.pages.visiting import shown, visit


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    log = tmp_path_factory.mktemp("server") / "log"
    with serve(log) as url:
        yield url
    assert "Traceback" not in log.read_text("utf-8")


async def turned(url):
    async with Visitor(url) as visitor:
        await visitor.open("descent")
        before = visitor.picture
        await visitor.set("steps", 60)
        return before, visitor.picture, visitor._query, visitor.errors


async def come_back(url, page, query):
    async with Visitor(url) as visitor:
        await visitor.open(page, query)
        before = visitor.picture
        await visitor.come_back()
        return before, visitor.picture


def test_a_visitor_is_sent_the_pages_picture_and_a_control_changes_it(url):
    before, after, query, errors = asyncio.run(turned(url))
    assert zlib.decompress(before) == shown(visit("descent"))[1]
    assert zlib.decompress(after) == shown(visit("descent", steps="60"))[1]
    assert "steps=60" in query
    assert errors == []


def test_who_comes_back_finds_the_picture_of_the_address(url):
    before, after = asyncio.run(come_back(url, "race", "?steps=70"))
    assert before == after != b""


def test_a_class_has_one_picture_and_all_see_it(url):
    waits = asyncio.run(opening(url, 6, 0.5, "noise", "?seed=4"))
    assert (len(waits.seconds), waits.errors) == (6, [])
    waits = asyncio.run(looking(url, 3, 1.5, every=0.5))
    assert len(waits.seconds) >= 3
    assert waits.errors == []


def test_percentiles_are_of_all_waits():
    waits = Waits([float(n) for n in range(1, 101)])
    assert (waits.p(50), waits.p(95), waits.p(100)) == (51.0, 96.0, 100.0)
    assert Waits([2.0]).p(95) == 2.0
