"""Who looks at which page: work goes on only for those who still do."""

import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import uuid4

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dlviz.ui.courtesy import COURTESY

REDRAWN_LATER = 1.0  # seconds at most that a page with news of its work waits for other pages


class Visitor(NamedTuple):
    """Someone who looks at a page: a name, and the session that the server knows."""

    name: str
    session: str


def is_connected(who: Hashable) -> bool:
    """Tell whether a follower's browser is still there: who closes the tab wants no more work."""
    visitor = who[0] if isinstance(who, tuple) else None
    if not isinstance(visitor, Visitor) or not runtime.exists():
        return True
    return bool(runtime.get_instance().is_active_session(visitor.session))


@contextmanager
def attention(page: str) -> Iterator[None]:
    """Let a page run; leave the work that it does not ask for, and that of other pages at once."""
    watches: dict[tuple[str, int], Any] = st.session_state.setdefault("work", {})
    for (lab, _), watch in watches.items():
        if lab != page:
            watch.leave()
    st.session_state["attended"] = set()
    redrawn = st.session_state.get("polled")  # nobody did anything: whoever did comes first
    began = time.monotonic()
    with COURTESY.redraw(REDRAWN_LATER) if redrawn else COURTESY.page():
        yield
    st.session_state["page_took"] = time.monotonic() - began  # with what it waited for others
    leave_unasked()


def leave_unasked() -> None:
    """Leave the work that this run of the page has not asked for."""
    for place, watch in st.session_state.get("work", {}).items():
        if place not in st.session_state.get("attended", ()):
            watch.leave()


def visitor(state: Any) -> Visitor:
    """Return who looks at the page."""
    context = get_script_run_ctx()
    session = context.session_id if context else ""
    known: Visitor = state.setdefault("visitor", Visitor(uuid4().hex, session))
    return known
