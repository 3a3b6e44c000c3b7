"""Heavy work on a page: what there is of it so far, how far it is, and a way to stop it.

While a job goes on, a small fragment looks at it and has the whole page run again when there is
more to show. The player is no part of that fragment: the page shows it, as it shows all else.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlviz.executors import Function, executor_of
from dlviz.ui.attention import is_connected, visitor
from dlviz.ui.courtesy import COURTESY
from dlviz.ui.gate import Gate, Job, key_of

PATIENCE = 0.05  # seconds that a page waits for work before it shows what there is so far
BRIEF = 0.5  # seconds of work after which a page says that it works: what is shorter would flicker
POLL = 0.2  # seconds between two looks at a job, and as many more for each job that comes first,
FARTHEST = 2.0  # but no more than these: looks of all who wait would need much of the processor
REDRAW = 0.4  # seconds at least between two pictures of it: the player makes one film of them
HEARD = 10.0  # seconds in which a page that was asked to run again does so, or is asked again
LEISURE = 4  # times as long as the page takes to run, at least: the work needs the processor too
CROWD = 10  # times longer if the pages of others, who have just done something, run all the time
GATE = Gate(executor_of(give_way=COURTESY.give_way), is_here=is_connected)  # one for the process

Share = Callable[[Any], float]


@dataclass(frozen=True, eq=False)
class Progress:
    """What one run of a page has of a job: it stays the same until the page runs again.

    Parameters
    ----------
    latest : the result so far, None if there is nothing yet
    share : in [0, 1], how much of the work it is
    done : whether nothing more will come: the work is done, or was stopped
    stopped : whether the user stopped it
    ahead : how many computations come first; 0 when it runs
    """

    latest: Any
    share: float
    done: bool
    stopped: bool
    ahead: int
    watch: "Watch"

    @property
    def whole(self) -> bool:
        """Whether the result is all there is to be."""
        return self.done and not self.stopped


class Watch:
    """The job that a place on a session's page follows, and what the page has shown of it."""

    def __init__(
        self, who: tuple[Hashable, str, int], function: Function, args: tuple[Hashable, ...]
    ) -> None:
        self.who, self.function, self.args = who, function, args  # visitor, lab, place
        self.computation = key_of(function, args)
        self.job: Job | None = None
        self.shown: Any = None  # stays until the job, begun again, has passed it
        self.share_of: Share
        self.stopped = self.overdue = False
        self.began = time.monotonic()
        self.drawn = 0.0  # when
        self.asked_at: float | None = None  # the page to run again, which it has not done yet
        self.polled = False  # since the page ran

    def look(self) -> Progress:
        """Return what there is now; ask for the job, and wait a little for one newly asked for."""
        self.asked_at, self.polled = None, False
        if self.stopped:
            return self._progress(self.shown, done=True)
        job = self._current()
        if job.failed is not None:
            raise job.failed.with_traceback(job.raised_at)
        if job.done:  # from here on the gate keeps it, for everybody and within bounds
            self.job = self.shown = None
            return self._progress(job.latest, done=True)
        self.shown = self._furthest()
        if job.overdue:
            self.job, self.stopped, self.overdue = None, True, True
            return self._progress(self.shown, done=True)
        return self._progress(self.shown, done=False, ahead=GATE.ahead(job))

    def _current(self) -> Job:
        before = self.job
        if before is not None and (before.done or before.failed is not None or before.overdue):
            return before
        self.job = job = GATE.ask(self.who, self.function, *self.args)
        if job is not before:
            with COURTESY.aside():
                job.ended.wait(PATIENCE)
        return job

    def _progress(self, latest: Any, *, done: bool, ahead: int = 0) -> Progress:
        return Progress(latest, self.share(latest), done, self.stopped, ahead, self)

    def share(self, result: Any) -> float:
        """Return how much of the work a result is, in [0, 1]."""
        return 0.0 if result is None else min(max(float(self.share_of(result)), 0.0), 1.0)

    def _furthest(self) -> Any:
        latest = self.job.latest if self.job else None
        behind = latest is None or self.share(latest) < self.share(self.shown)
        return self.shown if behind else latest

    def stop(self) -> None:
        """Keep what there is, and follow the job no longer."""
        if self.job and not self.job.ended.is_set():
            self.shown, self.stopped = self._furthest(), True
            self.leave()

    def go_on(self) -> None:
        """Ask for the job again; what there was is shown until the job has passed it."""
        self.stopped = False

    def leave(self) -> None:
        """Follow the job no longer."""
        if self.job:
            GATE.leave(self.who, self.job)
            self.job = None

    def see(self) -> None:
        """Say that the page is still looked at."""
        if self.job:
            GATE.see(self.who, self.job)

    def has_news(self, took: float = 0.0) -> bool:
        """Tell whether the page should run again; seldom, but for the first result and the last.

        ``took`` is how many seconds its last run took.
        """
        if self.asked_at is not None and time.monotonic() - self.asked_at < HEARD:
            return False
        if self.stopped or self.job is None or self.job.ended.is_set():
            return True
        fresh = self._furthest() is not self.shown
        pause = max(REDRAW, LEISURE * took) * (1 + CROWD * COURTESY.rush)
        return fresh and (self.shown is None or time.monotonic() - self.drawn >= pause)

    def key_of(self, name: str) -> str:
        """Return the key of a button of this place; that of the page's first place is its name."""
        return f"{name}_{self.who[2]}" if self.who[2] else name

    def words(self, doing: str) -> str:
        """Return how far the job is, as words."""
        ahead = GATE.ahead(self.job) if self.job else 0
        return f"{ahead} ahead of you" if ahead else f"{doing}: {_percent(self.reached())}"

    def reached(self) -> float:
        """Return how far the job is, which may be less than what is shown."""
        return self.share(self.job.latest if self.job else self.shown)


class Work:
    """Heavy work on a page; a part of ``frame.Lab``."""

    state: Any
    name: str
    _places = 0  # that this run of the page has asked for work

    def undo_late_poll(self) -> bool:
        """Tell whether the browser has yet to hear of the last run (``Settings``)."""
        raise TypeError("expected a Lab")

    def work(self, function: Function, *args: Hashable, share: Share) -> Progress:
        """Return how far a computation is, which many pages share; light work is done at once.

        Parameters
        ----------
        function : a generator function of the engine that yields the result so far, ever longer
        args : what it is called with: all that it depends on
        share : tells how much of the work a result is, from 0 to 1

        Raises
        ------
        Exception
            What the function raised.
        """
        place, self._places = self._places, self._places + 1
        watch = self._watch_at(place, function, args)
        watch.share_of = share
        return watch.look()

    def _watch_at(self, place: int, function: Function, args: tuple[Hashable, ...]) -> Watch:
        """Return the place's own watch; one over another computation is left at once."""
        watches: dict[tuple[str, int], Watch] = self.state.setdefault("work", {})
        watch = watches.get((self.name, place))
        if watch is None or watch.computation != key_of(function, args):
            if watch is not None:
                watch.leave()
            who = (visitor(self.state), self.name, place)
            watch = watches[self.name, place] = Watch(who, function, args)
        self.state.setdefault("attended", set()).add((self.name, place))
        return watch

    def progress(self, job: Progress, doing: str = "Working") -> None:
        """Show here how far a job is, with a button to stop it; nothing once it is done.

        A page calls it in every run, after ``work``: without it nobody follows the job for long.

        Parameters
        ----------
        job : what ``work`` returned
        doing : a word for what is going on, as "Training"
        """
        watch = job.watch
        if job.stopped:
            with _line():
                why = ": it took too long for this server" if watch.overdue else ""
                st.markdown(f"Stopped at {_percent(job.share)}{why}.")
                if not why:
                    st.button("Go on", key=watch.key_of("resume_work"), on_click=watch.go_on)
        elif not job.done:
            watch.drawn = time.monotonic()
            pace = min(POLL * (1 + job.ahead), FARTHEST)
            st.fragment(_follow, run_every=pace)(self, watch, doing)


def _follow(lab: Work, watch: Watch, doing: str) -> None:
    """Show how far a job is, and have the page run again when there is more to show."""
    late = watch.polled and lab.undo_late_poll()
    watch.polled = True
    watch.see()
    if time.monotonic() - watch.began >= BRIEF:
        with _line():
            st.progress(watch.reached(), text=watch.words(doing))
            st.button("Stop", key=watch.key_of("stop_work"), on_click=watch.stop)
    if (
        watch.has_news(lab.state.get("page_took", 0.0)) and not late
    ):  # a late poll would take the page back to an old address
        watch.asked_at = time.monotonic()
        lab.state["polled"] = True
        st.rerun()


def _line() -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
