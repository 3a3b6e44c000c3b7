"""Whose turn it is on the one interpreter: somebody who looks comes before somebody's training.

Pages take turns: threads that wait for the interpreter at every message they send hinder each
other, so that many pages at once each take half as long again. Work steps aside between two results
while pages run, though never for long: it comes to its end however many people look.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import exp

TURN = 0.25  # seconds at most that a page waits for its turn: another's may compute for long
WHILE = 2.0  # seconds over which a rush is told


class Courtesy:
    """Counts the pages that run for somebody, and lets in one after the other.

    Parameters
    ----------
    patience : seconds that a page waits for its turn
    clock : tells the seconds
    """

    def __init__(self, patience: float = TURN, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience, self._clock = patience, clock
        self._quiet = threading.Condition()
        self.waiting: deque[threading.Event] = deque()  # pages, for their turn
        self.pages = 0  # that run now, but for those
        self._redraws = 0
        self._rush, self._told_at = 0.0, clock()

    @property
    def rush(self) -> float:
        """The share of the last seconds in which pages ran for somebody, in [0, 1]."""
        with self._quiet:
            self._count(0)
            return self._rush

    @contextmanager
    def page(self) -> Iterator[None]:
        """Run a page for somebody."""
        self._come()
        try:
            yield
        finally:
            self._go()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let a page wait for work, which would else wait for the page."""
        self._go()
        try:
            yield
        finally:
            with self._quiet:
                self._count(1)

    @contextmanager
    def redraw(self, most: float) -> Iterator[None]:
        """Run a page for which nobody has done anything: alone, or after so many seconds anyway.

        Work goes on under it: it shows what comes of that.
        """
        with self._quiet:
            self._quiet.wait_for(lambda: self.pages <= 0 and not self._redraws, most)
            self._redraws += 1
        try:
            yield
        finally:
            with self._quiet:
                self._redraws -= 1
                self._quiet.notify_all()

    def give_way(self, most: float) -> None:
        """Wait until no page runs, for so many seconds at most."""
        with self._quiet:
            self._quiet.wait_for(lambda: self.pages <= 0, most)

    def _come(self) -> None:
        with self._quiet:
            if self.pages <= 0:
                self._count(1)
                return
            turn = threading.Event()
            self.waiting.append(turn)
        if not turn.wait(self._patience):
            with self._quiet:
                if not turn.is_set():  # or it has come this moment
                    self.waiting.remove(turn)
                    self._count(1)

    def _go(self) -> None:
        with self._quiet:
            self._count(-1)
            if self.pages <= 0 and self.waiting:
                self._count(1)
                self.waiting.popleft().set()
            elif self.pages <= 0:
                self._quiet.notify_all()

    def _count(self, by: int) -> None:
        now = self._clock()
        kept = exp((self._told_at - now) / WHILE)
        self._rush = kept * self._rush + (1 - kept) * (self.pages > 0)
        self._told_at, self.pages = now, self.pages + by


COURTESY = Courtesy()  # one for the process
