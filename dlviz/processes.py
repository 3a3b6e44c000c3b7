"""Heavy work in processes of its own: begun when first needed, replaced when they die."""

import os
import signal
import sys
import threading
from collections.abc import Generator, Hashable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context, parent_process
from types import ModuleType
from typing import Any

from dlviz.contents import sealed
from dlviz.executors import Function, paced
from dlviz.threads import one_thread_for_good

TICK = 0.1  # seconds without a result after which who asked is given the chance to give up
GRACE = 5.0  # seconds in which work that is no longer wanted may end by itself
TRIES = 2  # of a job whose process dies
NICE = 5  # the server's own process comes first: somebody looks at its pages
_MAIN = threading.Lock()


class Processes:
    """Runs computations in ``slots`` processes.

    Raises
    ------
    BrokenProcessPool
        By ``results``, if the process has died under a computation twice.
    """

    def __init__(self, slots: int) -> None:
        self.slots, self.alone = slots, 0.0
        self._idle: list[Seat] = []
        self._lock = threading.Lock()

    def results(self, function: Function, args: tuple[Hashable, ...]) -> Generator[Any, None, None]:
        """Yield what ``function(*args)`` yields; after its process has died, from the start."""
        for left in reversed(range(TRIES)):
            seat = self._take()
            try:
                yield from seat.results(function, args)
                return
            except BrokenProcessPool:
                if not left:
                    raise
            finally:
                self._give_back(seat)

    def close(self) -> None:
        """End the processes that have nothing to do."""
        with self._lock:
            idle, self._idle = self._idle, []
        for seat in idle:
            seat.close()

    def _take(self) -> "Seat":
        with self._lock:
            return self._idle.pop() if self._idle else Seat()

    def _give_back(self, seat: "Seat") -> None:
        if seat.works:
            with self._lock:
                self._idle.append(seat)


class Seat:
    """A process and the pipe on which it sends results; one of its own, so that it dies alone."""

    def __init__(self) -> None:
        context = get_context("spawn")  # a fork would copy locks that other threads hold
        self._frames, there = context.Pipe(duplex=False)
        self._wanted = context.RawValue("q", 0)  # the number of the job that is wanted
        self._job = 0
        self._pool = ProcessPoolExecutor(1, context, _sit, (there, self._wanted))
        try:
            with _no_main():
                began = self._pool.submit(os.getpid)
            self._pid = began.result()
        finally:
            there.close()  # the process has its own; when that is gone, reading ends
        self.works = True

    def results(self, function: Function, args: tuple[Hashable, ...]) -> Generator[Any, None, None]:
        """Yield what ``function(*args)`` yields, and the last again while it takes long."""
        self._job += 1
        self._wanted.value = self._job
        future = self._pool.submit(_serve, self._job, function, args)
        latest = None
        try:
            while not future.done() or self._frames.poll():
                if self._frames.poll(TICK):
                    latest = self._receive()
                yield latest
            future.result()
        finally:
            self._wanted.value = 0
            if not self._ends(future):
                self.close()

    def _receive(self) -> Any:
        try:
            return sealed(self._frames.recv())
        except (EOFError, OSError) as error:
            raise BrokenProcessPool("the process of a computation has died") from error

    def _ends(self, future: "Future[None]") -> bool:
        """Let unwanted work end; tell whether it did. What it still sends is thrown away."""
        with suppress(EOFError, OSError):
            for _ in range(round(GRACE / TICK)):
                if future.done() and not self._frames.poll():
                    return not isinstance(future.exception(), BrokenProcessPool)
                if self._frames.poll(TICK):
                    self._frames.recv_bytes()
        return False

    def close(self) -> None:
        """End the process, whatever it does."""
        self.works = False
        with suppress(OSError):  # it has gone before
            os.kill(self._pid, signal.SIGTERM)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._frames.close()


@contextmanager
def _no_main() -> Iterator[None]:
    """Spare a new process the main module: it would run the app's script again."""
    with _MAIN:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


# ------------------------------------------------------------ in the other process

_HERE: dict[str, Any] = {}  # its end of the pipe, and the number of the job that is wanted


def _sit(frames: "connection.Connection", wanted: Any) -> None:
    """Get ready for jobs; leave with the server, also when that is killed."""
    _HERE.update(frames=frames, wanted=wanted)
    one_thread_for_good()
    if hasattr(os, "nice"):
        os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the server
    threading.Thread(target=_leave_with_the_server, daemon=True).start()


def _leave_with_the_server() -> None:
    server = parent_process()
    if server is not None:
        connection.wait([server.sentinel])
        os._exit(0)


def _serve(job: int, function: Function, args: tuple[Hashable, ...]) -> None:
    for result in paced(function, args, lambda: bool(_HERE["wanted"].value == job)):
        _HERE["frames"].send(result)
