"""What dies under a visitor, and what is seen of it: the picture comes back from the address."""

import asyncio
import os
import signal
import tempfile
import time
from pathlib import Path

from benchmarks.load.cluster import start_cluster
from benchmarks.load.server import served
from benchmarks.load.visitor import Visitor
from benchmarks.report import Row

LONG = "seed={}&epochs=2000"  # boundary: seconds of training


async def _finished(url: str, page: str, query: str) -> bytes:
    async with Visitor(url) as visitor:
        await visitor.open(page, query)
        await visitor.until(lambda v: bool(v.picture) and not v.waits)
        assert not visitor.errors, visitor.errors
        return visitor.picture


async def _struck(url: str, query: str, strike: object) -> bytes:
    """Return the whole picture of a training that is struck when it has begun."""
    async with Visitor(url) as visitor:
        await visitor.open("boundary", query)
        await asyncio.sleep(1.0)
        assert visitor.waits, "the work was over before"
        strike()
        await visitor.until(lambda v: bool(v.picture) and not v.waits)
        assert not visitor.errors, visitor.errors
        return visitor.picture


async def _dropped(url: str) -> tuple[bytes, bytes]:
    async with Visitor(url) as visitor:
        await visitor.open("descent")
        await visitor.set("steps", 77)
        before = visitor.picture
        visitor._ws.transport.abort()
        await asyncio.sleep(0.5)
        visitor.errors.clear()
        await visitor.come_back()
        assert not visitor.errors, visitor.errors
        return before, visitor.picture


def _calm() -> dict[str, bytes]:
    with served() as server:
        return {
            query: asyncio.run(_finished(server.url, "boundary", query))
            for query in (LONG.format(1), LONG.format(2))
        }


def _worker(calm: dict[str, bytes]) -> bool:
    query = LONG.format(1)
    with served({"DLVIZ_WORKERS": "1"}) as server:
        asyncio.run(_finished(server.url, "boundary", "seed=7&epochs=50"))  # its process is there

        def strike() -> None:
            workers = [pid for pid in server.children() if _is_worker(pid)]
            assert workers
            for pid in workers:
                os.kill(pid, signal.SIGKILL)

        return asyncio.run(_struck(server.url, query, strike)) == calm[query]


def _is_worker(pid: int) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _dask_worker(calm: dict[str, bytes]) -> bool:
    query = LONG.format(2)
    address, processes = start_cluster(2)
    try:
        with served({"DLVIZ_SCHEDULER": address, "DLVIZ_SLOTS": "2"}) as server:
            asyncio.run(_finished(server.url, "boundary", "seed=7&epochs=50"))
            busy = max(processes[1:], key=lambda process: process.pid)

            def strike() -> None:
                busy.kill()
                busy.wait()

            return asyncio.run(_struck(server.url, query, strike)) == calm[query]
    finally:
        for process in processes:
            process.kill()
            process.wait()


CLOCK = """
import os, time
_real = time.time
def _shifted():
    with open(os.environ["SHIFT"]) as by:
        return _real() + float(by.read() or 0)
time.time = _shifted
"""  # every module that asks for the time of day hears it; monotonic clocks go on


def _clock_jumps(calm: dict[str, bytes]) -> bool:
    """Tell whether trainings under which the clock jumps, forth and back, come to their end."""
    query = LONG.format(1)
    folder = Path(tempfile.mkdtemp(prefix="dlviz-clock-"))
    (folder / "sitecustomize.py").write_text(CLOCK)
    shift = folder / "shift"
    shift.write_text("0")
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    with served({"PYTHONPATH": path, "SHIFT": str(shift)}) as server:
        forth = asyncio.run(_struck(server.url, query, lambda: shift.write_text("7200")))
        back = asyncio.run(_struck(server.url, LONG.format(2), lambda: shift.write_text("-7200")))
        took = [float(job["ran"]) for job in server.jobs()]
        stamps = [line[:13] for line in server.log.read_text().splitlines() if '{"job":' in line]
    heard = len(set(stamps)) == 2  # the hours that the log tells: the clock has jumped
    return heard and [forth, back] == list(calm.values()) and all(0 < t < 600 for t in took)


def _scene_file(damage: bytes | None) -> bool:
    """Tell whether the picture is as usual with a damaged file of scenes, or none."""
    folder = Path(tempfile.mkdtemp(prefix="dlviz-scenes-"))
    if damage is not None:
        (folder / "scenes.zip").write_bytes(damage)
    with served({"DLVIZ_SCENES": str(folder / "scenes.zip")}) as server:
        with_it = asyncio.run(_finished(server.url, "descent", ""))
    with served() as server:
        return asyncio.run(_finished(server.url, "descent", "")) == with_it


def faults() -> list[Row]:
    """Return what came back after each fault."""
    start = time.monotonic()
    calm = _calm()
    with served() as server:
        before, after = asyncio.run(_dropped(server.url))
    found = {
        "a worker process killed under a training": _worker(calm),
        "a Dask worker killed under a training": _dask_worker(calm),
        "a dropped WebSocket": before == after,
        "a clock that jumps by two hours, forth and back": _clock_jumps(calm),
        "a damaged file of scenes": _scene_file(b"PK\x03\x04" + bytes(100)),
        "no file of scenes": _scene_file(None),
    }
    print(f"{time.monotonic() - start:.0f} s, machine load {os.getloadavg()[0]:.1f}")
    return [(f"the same picture after {what}", float(same), "", "1", lambda n: n == 1)
            for what, same in found.items()]  # fmt: skip
