"""Would the app run on the Community Cloud?  Packages, memory, half a core, every page.

    python -m benchmarks.cloud_check            all
    python -m benchmarks.cloud_check packages   which Pythons the requirements resolve for
    python -m benchmarks.cloud_check pages      every page, in 690 MB and half a core

Packages are resolved by uv, as on the Cloud, or by pip where uv cannot be had. A control group
bounds memory and processor, as there. Where none is allowed, the process's memory (its RSS) is
looked at ten times a second, and half a core is a process that is stopped half of the time.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.load.cage import caged
from benchmarks.load.crowds import PAGES
from benchmarks.load.server import Server, served
from benchmarks.load.visitor import Visitor
from benchmarks.report import Row, report
from tests.browser.server import ROOT

PYTHONS = ("3.11", "3.12", "3.13")
MEMORY, CORES = 690, 0.5  # MB, a share of one core
TURN = 0.1  # seconds, of which half are the server's
GLIBC = 31  # of the Cloud's Debian 11: 2.31
PLATFORMS = (
    *(f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC, 4, -1)),
    "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64",
)  # fmt: skip
PEOPLE = 3


def resolves(python: str, uv: str | None) -> tuple[str, str]:
    """Tell which requirements are to be had for a Python on Linux; "", and why, if they are not."""
    command = _by_uv(uv, python) if uv else _by_pip(python)
    certificates = os.environ.get("PIP_CERT", "")
    environment = {**os.environ, "PIP_RETRIES": "0"}
    if certificates:
        environment.setdefault("SSL_CERT_FILE", certificates)
    for requirements, torch in (_as_written(), _plain_torch()):
        done = subprocess.run(
            [*command, str(requirements)], capture_output=True, text=True, env=environment
        )
        if done.returncode == 0:
            return torch, ""
    return "", done.stderr.strip().splitlines()[-1] if done.stderr else "no word"


def _by_uv(uv: str, python: str) -> list[str]:
    return [
        uv, "pip", "compile", "--quiet", "--python-version", python, "--only-binary", ":all:",
        "--python-platform", f"x86_64-manylinux_2_{GLIBC}",
    ]  # fmt: skip


def _by_pip(python: str) -> list[str]:
    return [
        sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet",
        "--only-binary", ":all:", "--python-version", python, "--implementation", "cp",
        *(word for platform in PLATFORMS for word in ("--platform", platform)),
        "--target", tempfile.mkdtemp(), "-r",
    ]  # fmt: skip


def found_uv() -> str | None:
    """Return the program uv; one that is fetched for the occasion, if there is none."""
    folder = Path(tempfile.mkdtemp())
    if known := shutil.which("uv"):
        return known
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "uv"]
    subprocess.run(command, capture_output=True)
    return shutil.which("uv", path=folder / "bin")


def _as_written() -> tuple[Path, str]:
    return ROOT / "requirements.txt", "torch's CPU build"


def _plain_torch() -> tuple[Path, str]:
    """Where torch's own index is out of reach, the ordinary build of the same version."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").replace("+cpu", "").splitlines()
    path = Path(tempfile.mkdtemp()) / "requirements.txt"
    path.write_text("\n".join(line for line in lines if not line.startswith("--extra")), "utf-8")
    return path, "the ordinary build of torch; its CPU index is out of reach here"


def packages() -> list[Row]:
    """Return for each Python whether all requirements are to be had as wheels."""
    rows: list[Row] = []
    uv = found_uv()
    for python in PYTHONS:
        torch, why = resolves(python, uv)
        print(f"Python {python}, by {'uv' if uv else 'pip'}: {torch or why}")
        rows.append((f"requirements on Python {python}", float(bool(torch)), "", "1",
                     lambda n: n == 1))  # fmt: skip
    return rows


class Watch(threading.Thread):
    """Looks at a process's memory; lets it run for half of the time on one core, if it is to."""

    def __init__(self, server: Server, slows: bool) -> None:
        super().__init__(daemon=True)
        self.server, self.slows, self.most, self.over = server, slows, 0.0, threading.Event()
        if slows and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(server.process.pid, {min(os.sched_getaffinity(0))})

    def run(self) -> None:
        """Look, and stop it and let it go on, in turn."""
        while not self.over.is_set() and self.server.process.poll() is None:
            if self.slows:
                self.server.process.send_signal(signal.SIGSTOP)
            self.most = max(self.most, self.server.rss())
            time.sleep(TURN / 2)
            if self.slows:
                self.server.process.send_signal(signal.SIGCONT)
            time.sleep(TURN / 2)


async def walk(url: str) -> dict[str, float]:
    """Open every page as several people after each other; return the first one's seconds."""
    seconds: dict[str, float] = {}
    for _ in range(PEOPLE):
        async with Visitor(url) as visitor:
            for page in PAGES:
                seconds.setdefault(page, await visitor.open(page))
            assert not visitor.errors, visitor.errors
    return seconds


def pages() -> list[Row]:
    """Walk all pages of a server that has little."""
    with caged(MEMORY * 10**6, CORES) as cage, served(before=cage or ()) as server:
        print("in a control group" if cage else "no control group is allowed: it is watched")
        watch = Watch(server, slows=cage is None)
        watch.start()
        seconds = asyncio.run(walk(server.url))
        watch.over.set()
        watch.join()
    slowest = max(seconds, key=seconds.__getitem__)
    print(", ".join(f"{page or 'home'} {t:.1f} s" for page, t in seconds.items()))
    return [
        ("pages opened without an error", len(seconds), "", str(len(PAGES)),
         lambda n: n == len(PAGES)),
        (f"the slowest first visit, {slowest}", seconds[slowest], "s", "", None),
        ("memory at most", watch.most, "MB", f"<= {MEMORY}", lambda m: m <= MEMORY),
    ]  # fmt: skip


if __name__ == "__main__":
    parts = {"packages": packages, "pages": pages}
    report([row for name in sys.argv[1:] or parts for row in parts[name]()])
