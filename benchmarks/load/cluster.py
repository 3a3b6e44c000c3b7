"""A Dask scheduler and its workers, on the loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.server import ROOT, free_port


def _start(program: str, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-W", "ignore", "-m", f"distributed.cli.{program}", *options]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)


def start_worker(address: str, nanny: bool = False) -> subprocess.Popen:
    """Start a worker with one thread; with a nanny it is begun anew when it is stuck."""
    return _start(
        "dask_worker", address, "--nthreads", "1", "--nanny" if nanny else "--no-nanny",
        "--no-dashboard", "--host", "127.0.0.1",
    )  # fmt: skip


def start_cluster(workers: int) -> tuple[str, list[subprocess.Popen]]:
    """Start a scheduler and workers; return the address and the processes, the scheduler first."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = _start(
        "dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", "--no-show"
    )
    return address, [scheduler, *(start_worker(address) for _ in range(workers))]


@contextmanager
def on_dask(workers: int) -> Iterator[str]:
    """Start a cluster, give its address, and end it."""
    address, processes = start_cluster(workers)
    try:
        yield address
    finally:
        for process in processes:
            process.kill()
            process.wait()
