"""The gate for heavy work: few computations at once, first come first served, shared by all.

Whoever asks for a computation follows its job; one that nobody follows any more is ended. Nothing
here knows what asks: a page, a test, a benchmark; or where the work is done (``executors``).
"""

import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Hashable
from contextlib import closing
from types import CodeType, TracebackType
from typing import Any

from dlviz.contents import array_bytes
from dlviz.executors import Executor, Function, InProcess
from dlviz.ui.joblog import log_job
from dlviz.ui.shelf import Shelf

AWAY = 60.0  # seconds unseen after which a follower has left; a hidden tab is seldom heard of
MOST_RESULTS, MOST_BYTES = 64, 64_000_000  # finished results kept for everybody
LIMIT = 300.0  # seconds that a job may take


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
    overdue : whether it was ended since it took too long
    ended : set once it is done, has failed, is overdue or was abandoned
    """

    def __init__(
        self, function: Function, args: tuple[Hashable, ...], asked_at: float = 0.0
    ) -> None:
        self.function, self.args, self.key = function, args, key_of(function, args)
        self.asked_at = self.began_at = asked_at
        self.latest: Any = None
        self.done = False
        self.failed: BaseException | None = None
        self.raised_at: TracebackType | None = None
        self.overdue = False
        self.ended = threading.Event()
        self.running = False
        self.followers: dict[Hashable, float] = {}  # and when each was last seen

    @property
    def abandoned(self) -> bool:
        """Whether it ended because nobody followed it any more."""
        return self.outcome == "abandoned"

    @property
    def outcome(self) -> str:
        """How it ended, in a word; "" while it goes on."""
        if not self.ended.is_set():
            return ""
        ends = {"done": self.done, "failed": self.failed is not None, "overdue": self.overdue}
        return next((word for word, so in ends.items() if so), "abandoned")


class Gate:
    """Lets in a few jobs at a time, in the order in which they came.

    A session's second job comes after the first job of every other, its third after their second.

    Parameters
    ----------
    executor : does the work; it says how many jobs at once
    results, room : how many finished results are kept, and how many bytes of them in all
    limit : seconds that a job may take; it ends at its next yield
    clock : tells the seconds
    is_here : tells of a follower whether it can still be there; who cannot has left
    """

    def __init__(
        self,
        executor: Executor | None = None,
        results: int = MOST_RESULTS,
        room: int = MOST_BYTES,
        limit: float = LIMIT,
        clock: Callable[[], float] = time.monotonic,
        is_here: Callable[[Hashable], bool] = lambda _who: True,
    ) -> None:
        self._executor = executor or InProcess()
        self._free, self._limit = self._executor.slots, limit
        self._clock, self._is_here = clock, is_here
        self._lock = threading.RLock()
        self._jobs: dict[Hashable, Job] = {}  # all that have not ended, in the order they came
        self._shelf: Shelf[Job] = Shelf(results, room)

    def ask(self, who: Hashable, function: Function, *args: Hashable) -> Job:
        """Return the job of ``function(*args)``, of which ``who`` is a follower from now on.

        It may be finished already, or be the job of others who asked for the same. ``who`` may be
        a tuple: its first entry is the session.
        """
        key = key_of(function, args)
        with self._lock:
            job = self._shelf.get(key)
            if job is None:
                job = self._jobs.setdefault(key, Job(function, args, self._clock()))
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
            return self._in_turn().index(job) if waits else 0

    @property
    def load(self) -> tuple[int, int]:
        """How many jobs run, and how many wait."""
        with self._lock:
            running = sum(job.running for job in self._jobs.values())
            return running, len(self._jobs) - running

    def _in_turn(self) -> list[Job]:
        """Return the jobs that have not ended: those that run, then the others in their turn."""
        asked: Counter[Hashable] = Counter()
        turns: dict[Job, int] = {}
        for job in self._jobs.values():
            sessions = {who[0] if isinstance(who, tuple) else who for who in job.followers}
            turns[job] = min((asked[session] for session in sessions), default=0)
            asked.update(sessions)
        return sorted(turns, key=lambda job: (not job.running, turns[job]))

    def _admit(self) -> None:
        """Send away waiting jobs that nobody follows, and start the first of the others."""
        for job in list(self._jobs.values()):
            if not job.running and not self._is_followed(job):
                self._forget(job)
                job.ended.set()
        waiting = [job for job in self._in_turn() if not job.running]
        for job in waiting[: self._room()]:
            job.running, job.began_at = True, self._clock()
            self._free -= 1
            threading.Thread(target=self._run, args=(job,), daemon=True).start()

    def _room(self) -> int:
        """Return how many jobs may begin now; on one interpreter none beside one that just has."""
        alone = self._executor.alone
        if not alone:
            return self._free
        since = self._clock() - alone
        fresh = any(job.running and job.began_at > since for job in self._jobs.values())
        return 0 if fresh else min(self._free, 1)

    def _is_followed(self, job: Job) -> bool:
        since = self._clock() - AWAY
        job.followers = {
            who: seen for who, seen in job.followers.items() if seen >= since and self._is_here(who)
        }
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
                self._shelf.put(job.key, job, size)
            self._forget(job)
            job.running = False
            self._free += 1
            job.ended.set()
            self._admit()
        queued, ran = job.began_at - job.asked_at, self._clock() - job.began_at
        log_job(job.function, job.args, queued=queued, ran=ran, outcome=job.outcome)

    def _work(self, job: Job) -> int | None:
        """Return the bytes that a finished job holds, None if it was ended before."""
        with closing(self._executor.results(job.function, job.args)) as results:
            for latest in results:
                job.latest = latest
                if not self._goes_on(job):
                    return None
        return array_bytes((job.args, job.latest))

    def _goes_on(self, job: Job) -> bool:
        with self._lock:
            followed = self._is_followed(job)
            job.overdue = followed and self._clock() - job.began_at > self._limit
            if job.overdue or not followed:
                self._forget(job)  # who asks for the same from now on gets another job
        return followed and not job.overdue


def key_of(function: Function, args: tuple[Hashable, ...]) -> Hashable:
    """Return what names a computation: the function's code, and what it is called with.

    Raises
    ------
    TypeError
        If the function depends on more than its arguments.
    """
    return *code_of(function), args


def code_of(function: Callable[..., Any]) -> tuple[str, CodeType]:
    """Return a function's file and code: a page's own functions are made anew in each run.

    Raises
    ------
    TypeError
        If the function depends on more than its arguments.
    """
    code = getattr(function, "__code__", None)
    if code is None or getattr(function, "__closure__", None):
        raise TypeError(f"expected a function that depends on its arguments alone, got {function}")
    return code.co_filename, code
