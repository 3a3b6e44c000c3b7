"""Heavy work on a Dask cluster; without the cluster, here.

The results so far travel through a queue at the scheduler; an event there says that nobody wants
them any more. The cluster's workers need the same version of dlviz and of Python.
"""

import logging
import os
import threading
from collections.abc import Generator, Hashable
from concurrent.futures import CancelledError
from time import monotonic
from typing import Any
from uuid import uuid4

from distributed import Client, Event, Queue, get_client, get_worker
from distributed.protocol import pickle as dask_pickle

from dlviz.contents import sealed
from dlviz.executors import PACE, Executor, Function, InProcess, paced
from dlviz.threads import one_thread_for_good

TICK = 0.25  # seconds without a result after which who asked is given the chance to give up
PATIENCE = 10  # seconds in which a scheduler must answer
GRACE = 5.0  # seconds in which work that is no longer wanted may end by itself
WATCH = 2.0  # seconds between two looks at whether work that sends nothing is still wanted
TRIES = 2  # of a job whose scheduler went away; lost workers are the scheduler's business

LOG = logging.getLogger("dlviz.jobs")


class Cluster:
    """Runs computations on the Dask cluster of a scheduler.

    Parameters
    ----------
    address : of the scheduler, as "tcp://10.0.0.5:8786"
    slots : how many computations it is sent at once
    here : does the work when the cluster cannot be reached
    """

    def __init__(self, address: str, slots: int, here: Executor | None = None) -> None:
        self.address, self.slots, self.alone = address, slots, 0.0
        self._client: Client | None = None
        self._lock = threading.Lock()
        self._here = here or InProcess()

    def results(self, function: Function, args: tuple[Hashable, ...]) -> Generator[Any, None, None]:
        """Yield what ``function(*args)`` yields; here, if the cluster cannot be reached."""
        for _ in range(TRIES):
            try:
                client = self._connected()
            except (OSError, TimeoutError):
                break
            try:
                yield from _on(client, function, args)
                return
            except LostSchedulerError:
                self.close()
        LOG.warning("the scheduler at %s cannot be reached: working here", self.address)
        yield from self._here.results(function, args)

    def _connected(self) -> Client:
        with self._lock:
            if self._client is None or self._client.status != "running":
                self._client = Client(self.address, timeout=PATIENCE, set_as_default=False)
            return self._client

    def close(self) -> None:
        """Leave the cluster, until the next computation."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close(timeout=1)


class LostSchedulerError(Exception):
    """The scheduler went away."""


def _on(
    client: Client, function: Function, args: tuple[Hashable, ...]
) -> Generator[Any, None, None]:
    name = f"dlviz-{uuid4().hex}"
    latest = None
    try:
        frames, unwanted = Queue(name, client=client), Event(name, client=client)
        future = client.submit(_serve, name, function, args, pure=False, key=name)
    except (OSError, CancelledError) as error:
        raise LostSchedulerError from error
    try:
        while not future.done() or _call(frames.qsize):
            sent = _next(frames)
            latest = latest if sent is None else sealed(dask_pickle.loads(sent))
            yield latest
        if future.status in ("cancelled", "lost"):
            raise LostSchedulerError
        future.result()
    finally:
        _tidy(unwanted, future, frames)


def _next(frames: Queue) -> bytes | None:
    """Return what is sent next, None if nothing is for a while."""
    try:
        return bytes(_call(frames.get, TICK))
    except TimeoutError:
        return None


def _call(verb: Any, *args: Any) -> Any:
    try:
        return verb(*args)
    except TimeoutError:
        raise
    except (OSError, CancelledError) as error:
        raise LostSchedulerError from error


def _tidy(unwanted: Event, future: Any, frames: Queue) -> None:
    """Tell the worker to end, and the scheduler to forget."""
    try:
        if not future.done():
            unwanted.set()
        future.cancel()
        frames.close()
    except (OSError, CancelledError, TimeoutError):
        pass  # the scheduler has gone, and all with it


# ------------------------------------------------------------ on a worker


def _serve(name: str, function: Function, args: tuple[Hashable, ...]) -> None:
    one_thread_for_good()
    client = get_client()
    frames, unwanted = Queue(name, client=client), Event(name, client=client)
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(get_worker().nanny, unwanted, over))
    watching.daemon = True
    watching.start()
    asked_at = monotonic()

    def wanted() -> bool:
        nonlocal asked_at
        if monotonic() - asked_at < PACE:  # asking takes a journey to the scheduler and back
            return True
        asked_at = monotonic()
        return not unwanted.is_set()

    try:
        for result in paced(function, args, wanted):
            frames.put(dask_pickle.dumps(result))
    finally:
        over.set()


def _watch(nanny: Any, unwanted: Event, over: threading.Event) -> None:
    """End the worker's process if work that nobody wants is stuck: its nanny begins another."""
    while not over.wait(WATCH):
        if unwanted.is_set() and not over.wait(GRACE):
            if nanny is not None:
                os._exit(1)
            LOG.warning("work that nobody wants is stuck, and no nanny would begin a worker anew")
            return
