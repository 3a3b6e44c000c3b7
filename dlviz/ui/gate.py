"""The gate for heavy work: few computations at once, first come first served, shared by all.

Whoever asks for a computation follows its job; one that nobody follows any more is ended. Nothing
here knows what asks: a page, a test, a benchmark.
"""

import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Iterable, Mapping
from contextlib import closing
from dataclasses import fields, is_dataclass
from types import TracebackType
from typing import Any

import numpy as np

GATE_SLOTS = 2  # computations at once: more would only slow each other down, and the pages
AWAY = 5.0  # seconds unseen after which a follower has left
MOST_RESULTS, MOST_BYTES = 64, 100_000_000  # finished results kept for everybody

Function = Callable[..., Generator[Any, None, Any]]


class Job:
    """A computation and what has come of it; all attributes may be read at any time.

    Parameters
    ----------
    function : a generator function: each thing it yields is the result so far
    args : what it is called with

    Attributes
    ----------
    latest : the last thing yielded, None if nothing yet
    done : whether it came to its end
    failed, raised_at : what it raised, None if nothing, and its traceback
    ended : set once it is done, has failed or was abandoned
    """

    def __init__(self, function: Function, args: tuple[Hashable, ...]) -> None:
        self.function, self.args, self.key = function, args, key_of(function, args)
        self.latest: Any = None
        self.done = False
        self.failed: BaseException | None = None
        self.raised_at: TracebackType | None = None
        self.ended = threading.Event()
        self.running = False
        self.followers: dict[Hashable, float] = {}  # and when each was last seen

    @property
    def abandoned(self) -> bool:
        """Whether it ended because nobody followed it any more."""
        return self.ended.is_set() and not self.done and self.failed is None


class Gate:
    """Lets in a few jobs at a time, in the order in which they came.

    Parameters
    ----------
    slots : how many run at once
    results, room : how many finished results are kept, and how many bytes of them in all
    clock : tells the seconds
    """

    def __init__(
        self,
        slots: int = GATE_SLOTS,
        results: int = MOST_RESULTS,
        room: int = MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free, self._clock = slots, clock
        self._lock = threading.RLock()
        self._jobs: dict[Hashable, Job] = {}  # all that have not ended, in the order they came
        self._shelf = Shelf(results, room)

    def ask(self, who: Hashable, function: Function, *args: Hashable) -> Job:
        """Return the job of ``function(*args)``, of which ``who`` is a follower from now on.

        It may be finished already, or be the job of others who asked for the same.
        """
        key = key_of(function, args)
        with self._lock:
            job = self._shelf.get(key)
            if job is None:
                job = self._jobs.setdefault(key, Job(function, args))
                job.followers[who] = self._clock()
                self._admit()
        return job

    def see(self, who: Hashable, job: Job) -> None:
        """Hear that a follower is still there; one who has left stays away until it asks."""
        with self._lock:
            if who in job.followers:
                job.followers[who] = self._clock()

    def leave(self, who: Hashable, job: Job) -> None:
        """Take a follower off a job, which ends at its next yield if that was the last one."""
        with self._lock:
            job.followers.pop(who, None)
            self._admit()

    def ahead(self, job: Job) -> int:
        """Return how many unfinished jobs came before this one; 0 when it runs or has ended."""
        with self._lock:
            self._admit()
            waits = not job.running and not job.ended.is_set()
            return list(self._jobs.values()).index(job) if waits else 0

    def _admit(self) -> None:
        """Send away waiting jobs that nobody follows, and start the first of the others."""
        waiting = [job for job in self._jobs.values() if not job.running]
        for job in waiting:
            if not self._is_followed(job):
                self._forget(job)
                job.ended.set()
        for job in [job for job in waiting if not job.ended.is_set()][: self._free]:
            job.running = True
            self._free -= 1
            threading.Thread(target=self._run, args=(job,), daemon=True).start()

    def _is_followed(self, job: Job) -> bool:
        seen_since = self._clock() - AWAY
        job.followers = {who: seen for who, seen in job.followers.items() if seen >= seen_since}
        return bool(job.followers)

    def _forget(self, job: Job) -> None:
        if self._jobs.get(job.key) is job:
            del self._jobs[job.key]

    def _run(self, job: Job) -> None:
        """Do a job: what the thread does."""
        try:
            size = self._work(job)
        except BaseException as error:  # whatever it is, the page must hear of it
            traceback.clear_frames(error.__traceback__)  # which would keep all their arrays
            job.failed, job.raised_at, size = error, error.__traceback__, None
        with self._lock:
            if size is not None:
                job.done = True
                self._shelf.put(job, size)
            self._forget(job)
            job.running = False
            self._free += 1
            job.ended.set()
            self._admit()

    def _work(self, job: Job) -> int | None:
        """Return the bytes that a finished job holds, None if it was abandoned."""
        with closing(job.function(*job.args)) as results:
            for latest in results:
                job.latest = latest
                if not self._goes_on(job):
                    return None
        return array_bytes((job.args, job.latest))

    def _goes_on(self, job: Job) -> bool:
        with self._lock:
            followed = self._is_followed(job)
            if not followed:
                self._forget(job)  # who asks for the same from now on gets another job
        return followed


class Shelf:
    """Finished jobs; those that nobody asked for longest are thrown out first."""

    def __init__(self, results: int, room: int) -> None:
        self._results, self._room = results, room
        self._jobs: OrderedDict[Hashable, tuple[Job, int]] = OrderedDict()

    def get(self, key: Hashable) -> Job | None:
        """Return the finished job, if it is here."""
        if key not in self._jobs:
            return None
        self._jobs.move_to_end(key)
        return self._jobs[key][0]

    def put(self, job: Job, size: int) -> None:
        """Keep a job; one that would need all the room is not kept."""
        if size > self._room:
            return
        self._jobs[job.key] = job, size
        while len(self._jobs) > self._results or self._bytes() > self._room:
            self._jobs.popitem(last=False)

    def _bytes(self) -> int:
        return sum(size for _, size in self._jobs.values())


def key_of(function: Function, args: tuple[Hashable, ...]) -> Hashable:
    """Return what names a computation: the function's code, and what it is called with.

    Raises
    ------
    TypeError
        If the function depends on more than its arguments.
    """
    code = getattr(function, "__code__", None)
    if code is None or getattr(function, "__closure__", None):
        raise TypeError(f"expected a function that depends on its arguments alone, got {function}")
    return code.co_filename, code, args  # a page's own functions are made anew in each run


def array_bytes(thing: Any) -> int:
    """Return the bytes of all arrays within dataclasses and containers, each counted once."""
    seen: set[int] = set()
    total, found = 0, [thing]
    while found:
        part = _owner(found.pop())
        if id(part) in seen:
            continue
        seen.add(id(part))
        total += len(part) if isinstance(part, bytes | str) else int(getattr(part, "nbytes", 0))
        found.extend(_parts(part))
    return total


def _owner(part: Any) -> Any:
    """Return the array whose memory a view shows: that is what is kept."""
    while isinstance(part, np.ndarray) and isinstance(part.base, np.ndarray):
        part = part.base
    return part


def _parts(thing: Any) -> Iterable[Any]:
    if is_dataclass(thing) and not isinstance(thing, type):
        return [getattr(thing, field.name) for field in fields(thing)]
    if isinstance(thing, Mapping):
        return thing.values()
    return thing if isinstance(thing, tuple | list | set | frozenset) else ()
