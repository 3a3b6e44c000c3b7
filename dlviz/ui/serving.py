"""What a server does for all its visitors, and the line it says about itself on ``?debug=1``."""

import os
import sys
import time
from collections.abc import MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from dlviz.threads import one_thread_for_good
from dlviz.ui.bundles import bundle_messages
from dlviz.ui.garbage import collect_seldom
from dlviz.ui.joblog import log_to_terminal
from dlviz.ui.kept import SHELF
from dlviz.ui.scenefile import engine_hash
from dlviz.ui.work import GATE

BURST, RATE = 60, 10.0  # runs of its pages that a session has at once, and gets back each second
PAUSE = 0.25  # seconds that a run waits for which a session has none left
SWITCH = 0.001  # seconds that a page waits for the interpreter where work goes on; usually 0.005
STARTED = time.monotonic()


def serve() -> None:
    """Get ready for a run of a page; called first in each."""
    _prepare()
    wait = pause(st.session_state, time.monotonic())
    if wait:
        time.sleep(wait)


@cache
def _prepare() -> None:
    """Set up the process, once."""
    one_thread_for_good()
    sys.setswitchinterval(SWITCH)
    collect_seldom()
    bundle_messages()
    log_to_terminal()


def pause(session: MutableMapping[Any, Any], now: float) -> float:
    """Return how long a session's run is to wait: nobody moves a control so often by hand."""
    left, then = session.get("runs_left", (BURST, now))
    left = min(left + RATE * (now - then), BURST)
    session["runs_left"] = max(left - 1, 0), now
    return PAUSE if left < 1 else 0.0


def footer(asked: bool) -> None:
    """Tell how the server is, for as long as a session lasts that has asked for it."""
    if asked:
        st.session_state["debug"] = True
    if st.session_state.get("debug"):
        st.caption(" · ".join(status()))


def status() -> list[str]:
    """Return the build, the uptime, the load and the memory of this process, as words."""
    minutes, (running, waiting) = (time.monotonic() - STARTED) / 60, GATE.load
    words = [
        f"build {os.environ.get('DLVIZ_BUILD') or engine_hash()[:8]}",
        f"up {minutes:.0f} min",
        f"jobs {running} running, {waiting} waiting",
        f"pictures kept {SHELF.bytes / 1e6:.0f} MB",
    ]
    if hasattr(os, "getloadavg"):
        words.append(f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()}")
    if (memory := Path("/proc/self/statm")).exists():
        pages = int(memory.read_text().split()[1])
        words.append(f"memory {pages * os.sysconf('SC_PAGE_SIZE') / 1e6:.0f} MB")
    return words
