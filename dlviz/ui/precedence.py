"""The picture first: what a new visitor's browser draws before all that stands around it.

For the controls, formulas and tabs of a page a browser fetches scripts of Streamlit's, and works on
them for longer than on the picture itself. So what a session's first run of a page says of them
waits here until the picture is out, and the browser has had a moment to draw it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOMENT = 0.3  # seconds in which a browser that is free draws a picture
Send = Callable[[ForwardMsg], None]


class Precedence:
    """One run of a page, and what of it waits.

    Parameters
    ----------
    send : what sends a message to the browser
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: list[ForwardMsg] = []
        self._first: list[int] | None = None  # the place on the page that goes first
        self._sent_at: float | None = None  # when all of it was

    def prefer(self, place: list[int]) -> None:
        """Let all else on the page wait for what is in a place."""
        self._first = place

    def is_out(self) -> None:
        """Let all that comes now wait, wherever it is: the picture is out."""
        if self._first is not None:
            self._sent_at = time.monotonic()

    def hear(self, message: ForwardMsg) -> None:
        """Send a message now, or keep it; those of one place stay in order.

        What tells the browser to ask for a part of the page again waits with that part.
        """
        if self._first is None or self._goes_first(message):
            self._send(message)
        else:
            self._waiting.append(message)

    def _goes_first(self, message: ForwardMsg) -> bool:
        place = self._first or []
        return self._sent_at is None and message.metadata.delta_path[: len(place)] == place

    def rest(self) -> None:
        """Give the browser its moment."""
        if self._sent_at is not None:
            time.sleep(max(0.0, self._sent_at + MOMENT - time.monotonic()))

    def end(self) -> None:
        """Send what has waited."""
        self._first, waiting, self._waiting = None, self._waiting, []
        for message in waiting:
            self._send(message)


@contextmanager
def picture_first() -> Iterator[None]:
    """Run a page; in a session's first run its picture goes first (``prefer``, ``is_out``)."""
    context = get_script_run_ctx()
    if not runtime.exists() or context is None or st.session_state.get("visited"):
        yield
        return
    send = context._enqueue
    run = st.session_state["precedence"] = Precedence(send)
    context._enqueue = run.hear
    try:
        yield
        run.rest()
        st.session_state["visited"] = True
    finally:
        context._enqueue = send
        st.session_state.pop("precedence", None)
        run.end()


def prefer(place: DeltaGenerator) -> None:
    """Let all else on the page wait for what is in a place."""
    if "precedence" in st.session_state:
        st.session_state["precedence"].prefer(place._block_delta_path)


def is_out() -> None:
    """Say that the picture has been sent."""
    if "precedence" in st.session_state:
        st.session_state["precedence"].is_out()
