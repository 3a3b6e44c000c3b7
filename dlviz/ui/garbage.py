"""How often everything in memory is looked through for what nobody needs any more.

Streamlit has the collector look at all objects of all sessions after each run of a page or of a
fragment, and nobody else's page goes on meanwhile: half of a busy server's time.
"""

import gc
import sys
import time
from collections.abc import Callable

from streamlit.runtime.scriptrunner import script_runner

EVERY = 2.0  # seconds between two looks at everything, at least
SELDOM = 50  # times as long as such a look took, at least
YOUNG = 1  # the generation of what has come with a run: a look at it costs about a millisecond,
OFTEN = 0.25  # so it is looked at no more often than this
FRESH_MODULES = 20  # that are worth it to be set apart

_SET_APART = [0]  # how many modules there were each time


class Collector:
    """Stands where Streamlit has the module ``gc``: it collects, but seldom."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._took = clock, 0.0
        self._last = self._last_young = clock()

    def collect(self, generation: int = 2) -> int:
        """Look for garbage as ``gc.collect`` does; at young objects, or none, if it is too soon."""
        now = self._clock()
        if now - self._last < max(EVERY, SELDOM * self._took):
            if now - self._last_young < OFTEN:
                return 0
            self._last_young = now
            return gc.collect(min(generation, YOUNG))
        self._last = now  # others who come meanwhile need not
        found = gc.collect(generation)
        self._last = self._last_young = self._clock()
        self._took = self._last - now
        return found


def collect_seldom() -> None:
    """Let Streamlit collect garbage at a bearable pace; once for a process."""
    if getattr(script_runner, "gc", None) is gc:  # it may have found a better way itself
        vars(script_runner)["gc"] = Collector()


def set_modules_apart() -> None:
    """Take what is in memory for good out of the collector's way.

    With torch and scikit-learn loaded, a look at everything takes 0.15 s.
    """
    if len(sys.modules) - _SET_APART[-1] >= FRESH_MODULES:
        _SET_APART.append(len(sys.modules))
        gc.collect()
        gc.freeze()
