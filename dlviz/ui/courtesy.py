"""Whose turn it is on the one interpreter: somebody who looks comes before somebody's training.

Pages take turns: threads that wait for the interpreter at every message they send hinder each
other, so that many pages at once each take half as long again. Work steps aside between two results
while pages run, though never for long: it comes to its end however many people look.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

TURN = 0.25  # seconds at most that a page waits for its turn: another's may compute for long


class Courtesy:
    """Counts the pages that run for somebody, and lets in one after the other.

    Parameters
    ----------
    patience : seconds that a page waits for its turn
    """

    def __init__(self, patience: float = TURN) -> None:
        self._patience = patience
        self._quiet = threading.Condition()
        self.waiting: deque[threading.Event] = deque()  # pages, for their turn
        self.pages = 0  # that run now, but for those
        self._redraws = 0

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
                self.pages += 1

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
                self.pages += 1
                return
            turn = threading.Event()
            self.waiting.append(turn)
        if not turn.wait(self._patience):
            with self._quiet:
                if not turn.is_set():  # or it has come this moment
                    self.waiting.remove(turn)
                    self.pages += 1

    def _go(self) -> None:
        with self._quiet:
            self.pages -= 1
            if self.pages <= 0 and self.waiting:
                self.pages += 1
                self.waiting.popleft().set()
            elif self.pages <= 0:
                self._quiet.notify_all()


COURTESY = Courtesy()  # one for the process
