"""A server of the app to be put under load: its address, memory, log, and how to kill it."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.browser.server import ROOT, free_port, stop

READY = 120  # seconds


class Server:
    """A process of the app on a port of its own.

    Parameters
    ----------
    environment : what is set besides the usual
    before : words before the command, as ("nice",)
    """

    def __init__(
        self, environment: dict[str, str] | None = None, before: tuple[str, ...] = (), port: int = 0
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, **(environment or {})}
        self.before = before
        self.log = Path(tempfile.mkdtemp(prefix="dlviz-load-")) / "log"
        self.start()

    def start(self) -> None:
        """Start, or start again on the same port."""
        command = [
            *self.before, sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless",
            "true", "--server.address", "127.0.0.1", "--server.port", str(self.port),
            "--server.fileWatcherType", "none",
        ]  # fmt: skip
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=out, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + READY
        while not self.healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def healthy(self) -> bool:
        """Tell whether it answers."""
        try:
            return urllib.request.urlopen(self.url + "/_stcore/health", timeout=1).status == 200
        except OSError:
            return False

    def rss(self) -> float:
        """Return the megabytes (10^6 bytes) that it has in memory, with its processes."""
        return sum(_rss(pid) for pid in [self.process.pid, *self.children()]) / 1e6

    def cpu(self) -> float:
        """Return the seconds of a core that it has used since it started, itself alone."""
        said = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")

    def children(self) -> list[int]:
        """Return the processes it has started."""
        found = []
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(OSError):  # a thread may end meanwhile
                found += map(int, (task / "children").read_text().split())
        return found

    def jobs(self) -> list[dict[str, object]]:
        """Return the jobs that have ended, as its log tells of them."""
        lines = self.log.read_text("utf-8").splitlines()
        return [json.loads(line[line.index("{") :]) for line in lines if '{"job":' in line]

    def stop(self) -> None:
        """End it as a service is ended."""
        stop(self.process)

    def kill(self) -> None:
        """End it as a machine that fails."""
        self.process.kill()
        self.process.wait(30)


def _rss(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def served(
    environment: dict[str, str] | None = None, before: tuple[str, ...] = ()
) -> Iterator[Server]:
    """Start a server, and stop it in the end."""
    server = Server(environment, before)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
