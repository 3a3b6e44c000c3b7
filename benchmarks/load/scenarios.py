"""A lecture hall on one server: first pictures, light controls, training, memory, throughput.

    python -m benchmarks.load.scenarios opening [people]      one scene, within ten seconds
    python -m benchmarks.load.scenarios looking [people [seconds [trainers]]]
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

from benchmarks.load.cluster import on_dask
from benchmarks.load.crowds import PAGES, looking, opening, training, walking
from benchmarks.load.faults import faults
from benchmarks.load.server import Server, served
from benchmarks.load.visitor import Visitor
from benchmarks.report import Row, report

LIMIT = 690  # megabytes that the Community Cloud guarantees
HOST = {"MALLOC_ARENA_MAX": "2"}  # as deploy/Dockerfile sets it


def _opening(people: int = 60) -> list[Row]:
    with served(HOST) as server:
        before = server.cpu()
        waits = asyncio.run(opening(server.url, people, 10, "boundary", "?seed=3&epochs=150"))
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


def _looking(people: int = 50, seconds: int = 120, trainers: int = 30) -> list[Row]:
    async def both(server: Server) -> tuple[object, object]:
        return await asyncio.gather(
            looking(server.url, people, seconds),
            training(server.url, trainers, 5, "boundary", "?seed={}"),
        )

    with served(HOST) as server:
        before = server.cpu()
        alone = asyncio.run(looking(server.url, people, seconds))
        cpu = (server.cpu() - before) / len(alone.seconds)
    with served(HOST) as server:  # a fresh one: what was kept would make it quicker
        among, trained = asyncio.run(both(server))
        queued = sorted(job["queued"] for job in server.jobs())
    print(f"looking: {alone}\nlooking among trainers: {among}\ntraining: {trained}")
    print(f"machine load {os.getloadavg()[0]:.1f}")
    errors = len(alone.errors + among.errors + trained.errors)
    return [
        ("p95 of a light control", alone.p(95), "s", "<= 1", lambda s: s <= 1),
        ("CPU time of the server, a change", 1000 * cpu, "ms", "", None),
        ("p95 while others train: ratio", among.p(95) / alone.p(95), "", "<= 1.2",
         lambda r: r <= 1.2),
        ("trainers who got their result", len(trained.seconds), "", str(trainers),
         lambda n: n == trainers),
        ("p95 until their result", trained.p(95), "s", "", None),
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


def _churn(sessions: int = 300) -> list[Row]:
    with served(HOST) as server:
        asyncio.run(walking(server.url, 20))
        before = server.rss()
        waits = asyncio.run(walking(server.url, sessions, patience=0.5))
        after = server.rss()
    return [
        ("memory after 20 people", before, "MB", f"<= {LIMIT}", lambda m: m <= LIMIT),
        (f"growth over {sessions} sessions more", 100 * (after / before - 1), "%", "<= 5",
         lambda g: g <= 5),
        ("errors", len(waits.errors), "", "0", lambda n: n == 0),
    ]  # fmt: skip


def _workers(jobs: int = 12) -> list[Row]:
    def seconds(environment: dict[str, str]) -> float:
        with served({**HOST, **environment}) as server:
            asyncio.run(training(server.url, 2, 0, "boundary", "?seed=9{}"))  # all is loaded
            start = time.monotonic()
            asyncio.run(training(server.url, jobs, 0, "boundary", "?seed={}&epochs=600"))
            return time.monotonic() - start

    here, beside = seconds({}), seconds({"DLVIZ_WORKERS": "2"})
    with on_dask(2) as address:
        cluster = seconds({"DLVIZ_SCHEDULER": address, "DLVIZ_SLOTS": "2"})
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
