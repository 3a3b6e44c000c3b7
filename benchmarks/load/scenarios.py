"""A lecture hall on one server: first pictures, light controls, training, memory, throughput.

    python -m benchmarks.load.scenarios opening [people]      one scene, within ten seconds
    python -m benchmarks.load.scenarios looking [people [seconds [trainers [workers]]]]
    python -m benchmarks.load.scenarios memory [people]       every page
    python -m benchmarks.load.scenarios churn [sessions]      memory over sessions that come and go
    python -m benchmarks.load.scenarios workers [jobs]        heavy jobs here, in processes, on Dask
    python -m benchmarks.load.scenarios cold                  a fresh server, for each page
    python -m benchmarks.load.scenarios faults                what dies, and what its user sees

All on the loopback; the people run on the same machine as the server, which is part of the load.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from benchmarks.load.cluster import on_dask
from benchmarks.load.crowds import PAGES, Waits, looking, opening, rerolling, training, walking
from benchmarks.load.faults import faults
from benchmarks.load.server import Server, served
from benchmarks.load.visitor import Visitor
from benchmarks.report import Row, report

LIMIT = 690  # megabytes that the Community Cloud guarantees
TTL = 120  # seconds that a session is kept: .streamlit/config.toml
LONG = "seed={}&hidden=8,8,8&epochs=800"  # boundary: seconds of training
ROUNDS = 3  # of quiet and training in turn
AT_ONCE = 5.0  # seconds in which all begin to train
HOST = {"MALLOC_ARENA_MAX": "2"}  # as deploy/Dockerfile sets it


def _opening(people: int = 60) -> list[Row]:
    with served(HOST) as server:
        before = server.cpu()
        waits = asyncio.run(opening(server.url, people, 10, "boundary", "seed=3&epochs=150"))
        cpu = server.cpu() - before
        asyncio.run(asyncio.sleep(2))
        jobs = len(server.jobs())
    print(waits, f"machine load {os.getloadavg()[0]:.1f}")
    return [
        ("p95 to the first picture", waits.p(95), "s", "<= 3", lambda s: s <= 3),
        ("errors", len(waits.errors), "", "0", lambda n: n == 0),
        ("computations", jobs, "", "1", lambda n: n == 1),
        ("CPU time of the server, all people", cpu, "s", "", None),
    ]


@dataclass
class Hall:
    """What was seen: who looked and who trained, when it was quiet and when busy."""

    looked: Waits = field(default_factory=Waits)
    trained: Waits = field(default_factory=Waits)
    quiet: list[tuple[float, float]] = field(default_factory=list)
    busy: list[tuple[float, float]] = field(default_factory=list)
    cpu: float = 0.0  # seconds of the server's, while it was quiet


async def _hall(server: Server, people: int, seconds: float, trainers: int) -> Hall:
    """Let people look all the time, and others train in part of it: quiet and busy in turn."""
    hall, over = Hall(), asyncio.Event()
    looked = asyncio.create_task(looking(server.url, people, over.is_set))
    for turn in range(ROUNDS):
        async with AsyncExitStack() as there:
            visitors = await _gathered(server, there, turn, trainers)
            begun, cpu = time.monotonic(), server.cpu()
            await asyncio.sleep(seconds / ROUNDS)
            hall.quiet.append((begun, time.monotonic()))
            hall.cpu += server.cpu() - cpu
            trained = await rerolling(visitors, AT_ONCE)
            hall.busy.append((hall.quiet[-1][1], time.monotonic()))
        hall.trained.seconds += trained.seconds
        hall.trained.errors += trained.errors
    over.set()
    hall.looked = await looked
    return hall


async def _gathered(server: Server, there: AsyncExitStack, turn: int, people: int) -> list[Visitor]:
    """Let people come to the boundary lab and see its default whole."""
    visitors = [await there.enter_async_context(Visitor(server.url)) for _ in range(people)]

    async def come(i: int) -> None:
        await visitors[i].open("boundary", f"seed={2 * i}&data_seed={turn}")
        await visitors[i].until(lambda v: bool(v.picture) and not v.waits, patience=600)

    await asyncio.gather(*map(come, range(people)))
    return visitors


def _looking(
    people: int = 50, seconds: int = 120, trainers: int = 30, workers: int = 0
) -> list[Row]:
    with served({**HOST, "DLVIZ_WORKERS": str(workers)}) as server:
        hall = asyncio.run(_hall(server, people, seconds, trainers))
        jobs = server.jobs()[-ROUNDS * trainers :]
    queued = sorted(job["queued"] for job in jobs)
    alone, among = hall.looked.within(hall.quiet), hall.looked.within(hall.busy)
    print(f"looking: {alone}\nlooking among trainers: {among}\ntraining: {hall.trained}")
    print(f"machine load {os.getloadavg()[0]:.1f}")
    errors = len(hall.looked.errors + hall.trained.errors)
    return [
        ("p95 of a light control", alone.p(95), "s", "<= 1", lambda s: s <= 1),
        ("CPU time of the server, a change", 1000 * hall.cpu / len(alone.seconds), "ms", "", None),
        ("p95 while others train", among.p(95), "s", "", None),
        ("p95 while others train: ratio", among.p(95) / alone.p(95), "", "<= 1.2",
         lambda r: r <= 1.2),
        ("p50 while others train: ratio", among.p(50) / alone.p(50), "", "", None),
        ("trainers who got their result", len(hall.trained.seconds), "", str(ROUNDS * trainers),
         lambda n: n == ROUNDS * trainers),
        ("p95 until their result", hall.trained.p(95), "s", "", None),
        ("p95 in the queue", queued[int(0.95 * (len(queued) - 1))], "s", "", None),
        ("errors", errors, "", "0", lambda n: n == 0),
    ]  # fmt: skip


def _memory(people: int = 20) -> list[Row]:
    with served(HOST) as server:
        start = server.rss()
        waits = asyncio.run(walking(server.url, people))
        print(waits)
        rss = server.rss()
    return [
        ("memory of a fresh server", start, "MB", "", None),
        (f"after {people} people on every page", rss, "MB", f"<= {LIMIT}", lambda m: m <= LIMIT),
        ("errors", len(waits.errors), "", "0", lambda n: n == 0),
    ]


def _churn(sessions: int = 300, pages: int = 5) -> list[Row]:
    """Let an hour's sessions come and go in minutes.

    A server keeps a session for a while after its tab has closed. As the hour is some twenty times
    shorter here, so is that while: no more sessions are kept at a time than in a real hour.
    """
    with served(
        {**HOST, "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(round(TTL / 20))}
    ) as server:
        asyncio.run(walking(server.url, 20))
        before = _settled(server)
        start = time.monotonic()
        waits = asyncio.run(walking(server.url, sessions, patience=0.5, pages=pages))
        print(f"{sessions} sessions in {time.monotonic() - start:.0f} s: {waits}")
        at_once, after = server.rss(), _settled(server)
    return [
        ("memory after 20 people on every page", before, "MB", f"<= {LIMIT}",
         lambda m: m <= LIMIT),
        (f"growth over {sessions} sessions more", 100 * (after / before - 1), "%", "<= 5",
         lambda g: g <= 5),
        ("the same while the last are kept", 100 * (at_once / before - 1), "%", "", None),
        ("errors", len(waits.errors), "", "0", lambda n: n == 0),
    ]  # fmt: skip


def _settled(server: Server) -> float:
    """Return the megabytes a server has once the sessions that have left are forgotten."""
    time.sleep(TTL / 20 + 2)
    asyncio.run(walking(server.url, 2, at_once=1, pages=1))  # the next who leaves has it forget
    time.sleep(5)
    return server.rss()


def _workers(jobs: int = 8) -> list[Row]:
    """Let as many people each train for some seconds, and see how long all of it takes."""

    def seconds(environment: dict[str, str]) -> float:
        with served({**HOST, **environment}) as server:
            asyncio.run(training(server.url, 2, 0, "boundary", "seed=9{}"))  # all is loaded
            start = time.monotonic()
            asyncio.run(training(server.url, jobs, 0, "boundary", LONG))
            assert len(server.jobs()) == 2 + jobs
            return time.monotonic() - start

    here, beside = seconds({}), seconds({"DLVIZ_WORKERS": "2"})
    with on_dask(2) as address:
        cluster = seconds({"DLVIZ_SCHEDULER": address, "DLVIZ_SLOTS": "2"})
    print(f"machine load {os.getloadavg()[0]:.1f}")
    return [
        (f"{jobs} trainings in the server's process", here, "s", "", None),
        ("in two processes beside it: times as many a second", here / beside, "", "", None),
        ("on two Dask workers: times as many a second", here / cluster, "", "", None),
    ]


def _cold() -> list[Row]:
    rows: list[Row] = []
    for page in PAGES:
        start = time.monotonic()
        with served(HOST) as server:
            asyncio.run(first_visit(server, page))
            seconds, cpu = time.monotonic() - start, server.cpu()
        name = page or "home"
        rows.append((f"{name}: its first picture", seconds, "s", "<= 6", lambda s: s <= 6))
        rows.append((f"{name}: CPU time until then", cpu, "s", "", None))
    return rows


async def first_visit(server: Server, page: str) -> None:
    """Open a page as a server's first visitor."""
    async with Visitor(server.url) as visitor:
        await visitor.open(page)
        assert not visitor.errors, visitor.errors


SCENARIOS: dict[str, Callable[..., list[Row]]] = {
    "opening": _opening, "looking": _looking, "memory": _memory, "churn": _churn,
    "workers": _workers, "cold": _cold, "faults": faults,
}  # fmt: skip


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    report(SCENARIOS[name](*map(int, numbers)))
