"""Whose turn it is on the one interpreter: somebody who looks comes before somebody's training.

Each page that runs shares it with all work in this process. So work steps aside between two
results while pages run, though never for long: it comes to its end however many people look.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Courtesy:
    """Counts the pages that run for somebody."""

    def __init__(self) -> None:
        self._quiet = threading.Condition()
        self.pages = 0  # that run now

    @contextmanager
    def page(self) -> Iterator[None]:
        """Run a page for somebody."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let a page wait for work, which would else wait for the page."""
        self._count(-1)
        try:
            yield
        finally:
            self._count(1)

    def give_way(self, most: float) -> None:
        """Wait until no page runs, for so many seconds at most."""
        with self._quiet:
            self._quiet.wait_for(lambda: self.pages <= 0, most)

    def _count(self, by: int) -> None:
        with self._quiet:
            self.pages += by
            if self.pages <= 0:
                self._quiet.notify_all()


COURTESY = Courtesy()  # one for the process
