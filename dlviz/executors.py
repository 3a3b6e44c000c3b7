"""Where heavy work runs: in this process, in processes beside it, or on a Dask cluster.

An executor has one verb: ``results(function, args)`` is a generator of what the generator function
``function(*args)`` yields, wherever it runs. Closing it ends the work there. Between two results
it may yield the last one again (None before the first), so that who asked can think of closing.
"""

import os
from collections.abc import Callable, Generator, Hashable, Mapping
from contextlib import closing
from time import monotonic
from typing import Any, Protocol

SLOTS = 2  # computations at once in one process: more would only slow each other down
CLUSTER_SLOTS = 8  # computations that a cluster is sent at once: it has a queue of its own
PACE = 0.25  # seconds at least between two results on their way from elsewhere, but for the last
ALONE = 2.0  # seconds: on one interpreter short work is done sooner one after the other
YIELDING = 4  # times as long as it worked, at most, work steps aside: a fifth is always its own

Function = Callable[..., Generator[Any, None, Any]]


class Executor(Protocol):
    """What the gate needs of whoever does the work."""

    slots: int  # how many computations at once
    alone: float  # seconds that one has begun for before the next begins beside it

    def results(self, function: Function, args: tuple[Hashable, ...]) -> Generator[Any, None, None]:
        """Yield what ``function(*args)`` yields."""
        ...


class InProcess:
    """Runs computations in the thread that asks.

    Parameters
    ----------
    slots : how many computations at once
    give_way : waits until nobody needs the interpreter more, for so many seconds at most
    alone : seconds that a computation has for itself before the next begins beside it
    """

    def __init__(
        self,
        slots: int = SLOTS,
        give_way: Callable[[float], None] = lambda _most: None,
        alone: float = 0.0,
    ) -> None:
        self.slots, self._give_way, self.alone = slots, give_way, alone

    def results(self, function: Function, args: tuple[Hashable, ...]) -> Generator[Any, None, None]:
        """Yield what ``function(*args)`` yields."""
        with closing(function(*args)) as results:
            began = monotonic()
            for latest in results:
                yield latest
                self._give_way(YIELDING * (monotonic() - began))
                yield latest  # who asked may have gone while others came first
                began = monotonic()


def executor_of(
    environment: Mapping[str, str] = os.environ,
    give_way: Callable[[float], None] = lambda _most: None,
) -> Executor:
    """Return the executor that the environment names.

    ``DLVIZ_SCHEDULER=tcp://host:8786`` is a Dask cluster, ``DLVIZ_WORKERS=2`` so many processes;
    with neither, this process. ``DLVIZ_SLOTS`` is how many computations run at once, where that
    is not the number of processes. Work in this process steps aside as ``give_way`` says.
    """
    if scheduler := environment.get("DLVIZ_SCHEDULER"):
        from dlviz.cluster import Cluster

        here = InProcess(SLOTS, give_way)
        return Cluster(scheduler, _count(environment, "DLVIZ_SLOTS", CLUSTER_SLOTS), here)
    if workers := _count(environment, "DLVIZ_WORKERS", 0):
        from dlviz.processes import Processes

        return Processes(workers)
    return InProcess(_count(environment, "DLVIZ_SLOTS", SLOTS), give_way, ALONE)


def _count(environment: Mapping[str, str], name: str, usual: int) -> int:
    text = environment.get(name, "") or str(usual)
    if not text.isdecimal() or int(text) > 256:
        raise ValueError(f"expected {name} from 0 to 256, got {text}")
    return int(text)


def paced(
    function: Function, args: tuple[Hashable, ...], wanted: Callable[[], bool]
) -> Generator[Any, None, None]:
    """Yield results seldom enough to be sent elsewhere, and the last; end once it is not wanted.

    ``wanted`` is asked for each result, or, if it is slow itself, as often as it thinks fit.
    """
    sent_at, unsent = -PACE, False
    with closing(function(*args)) as results:
        for latest in results:
            if not wanted():
                return
            if unsent := monotonic() - sent_at < PACE:
                continue
            yield latest
            sent_at = monotonic()
        if unsent:
            yield latest
