"""The visitor that loads are made of: it sees what a page shows, and its settings count."""

import asyncio
import json
import time
import zlib

import pytest

from benchmarks.load.cage import caged
from benchmarks.load.crowds import Waits, looking, opening, rerolling, training
from benchmarks.load.visitor import Visitor
from tests.browser.server import serve
from tests.pages.visiting import shown, visit


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def url(log):
    with serve(log) as url:
        yield url
    assert "Traceback" not in log.read_text("utf-8")


def trainings(log):
    """Return the hashes of the settings that somebody trained with."""
    lines = log.read_text("utf-8").splitlines()
    jobs = [json.loads(line[line.index("{") :]) for line in lines if '{"job":' in line]
    return {job["config"] for job in jobs if job["job"] == "course_steps"}


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
    end = time.monotonic() + 2
    waits = asyncio.run(looking(url, 3, lambda: time.monotonic() > end, every=0.5))
    assert len(waits.seconds) == len(waits.began) >= 3
    assert waits.errors == []


async def rerolled(url):
    async with Visitor(url) as first, Visitor(url) as second:
        for seed, visitor in ((40, first), (60, second)):
            await visitor.open("boundary", f"seed={seed}&epochs=7")
            await visitor.until(lambda v: bool(v.picture) and not v.waits)
        waits = await rerolling([first, second], 0.2)
        return waits, first._query, second._query


def test_each_who_trains_has_a_training_of_his_own(url, log):
    waits = asyncio.run(training(url, 3, 0.2, "boundary", "?seed={}&epochs=7"))
    assert (len(waits.seconds), waits.errors) == (3, [])
    again, *queries = asyncio.run(rerolled(url))
    assert (len(again.seconds), again.errors) == (2, [])
    assert ["seed=41" in queries[0], "seed=61" in queries[1]] == [True, True]
    deadline = time.monotonic() + 10  # a line is written after its job has ended
    while len(trainings(log)) < 7 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(trainings(log)) == 7


async def opened(url, *queries):
    found = []
    for query in queries:
        async with Visitor(url) as visitor:
            await visitor.open("descent", query)
            found.append((visitor.picture, visitor._query))
    return found


def test_an_address_may_be_given_with_its_question_mark(url):
    with_it, without = asyncio.run(opened(url, "?steps=61&lr=0.2", "steps=61&lr=0.2"))
    assert with_it == without
    assert "steps=61" in with_it[1]


def test_percentiles_are_of_all_waits():
    waits = Waits([float(n) for n in range(1, 101)])
    assert (waits.p(50), waits.p(95), waits.p(100)) == (51.0, 96.0, 100.0)
    assert Waits([2.0]).p(95) == 2.0


def test_waits_are_told_apart_by_when_they_began():
    waits = Waits([1.0, 2.0, 3.0, 4.0], began=[0.0, 10.0, 20.0, 30.0])
    assert waits.within([(5, 20), (30, 31)]).seconds == [2.0, 4.0]


def test_a_control_group_of_either_kind_bounds_memory_and_processor(tmp_path):
    for root in ("one", "two"):
        (tmp_path / root).mkdir()
    (tmp_path / "one" / "memory").mkdir()
    (tmp_path / "one" / "cpu").mkdir()
    (tmp_path / "two" / "cgroup.controllers").touch()
    files = {
        "one": {"memory.limit_in_bytes": "690000000", "cpu.cfs_quota_us": "50000"},
        "two": {"memory.max": "690000000", "cpu.max": "50000 100000"},
    }
    for root, expected in files.items():
        with caged(690_000_000, 0.5, tmp_path / root) as words:
            written = {f.name: f.read_text() for f in (tmp_path / root).rglob("*.*") if f.is_file()}
            assert expected.items() <= written.items()
            assert words[:2] == ("sh", "-c")
            assert words[2].endswith('exec "$@"')


def test_where_no_control_group_may_be_made_there_is_none(tmp_path):
    with caged(10**9, 1, tmp_path / "nowhere") as words:
        assert words is None
