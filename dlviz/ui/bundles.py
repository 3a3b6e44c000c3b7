"""What a page says goes to the server's loop in bundles.

Streamlit wakes the loop for each of the sixty messages of a page's run, and each time both threads
contend for the interpreter: a quarter of a busy server's time. Here the first message wakes the
loop, which takes all that have come by then; their order stays.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import Any

from streamlit.runtime.app_session import AppSession

Callback = Callable[[], None]
Wake = Callable[[Any, Callback], None]

_LOCK = threading.Lock()


def bundled(wake: Wake) -> Wake:
    """Return what calls callbacks in order as ``wake`` does, but wakes the loop for many at once.

    Parameters
    ----------
    wake : called with a session and a callback, from any thread; the loop calls that soon
    """

    @wraps(wake)
    def call_soon(session: Any, callback: Callback) -> None:
        with _LOCK:
            waiting: deque[Callback] = vars(session).setdefault("dlviz_waiting", deque())
            waiting.append(callback)
            first = len(waiting) == 1  # one that is being called stays until it is over
        if first:
            wake(session, lambda: _call_all(waiting))

    return call_soon


def _call_all(waiting: deque[Callback]) -> None:
    while waiting:
        try:
            waiting[0]()
        except Exception as error:  # as the loop does, which goes on
            said = {"message": "a session's message failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(said)
        finally:
            waiting.popleft()


def bundle_messages() -> None:
    """Let Streamlit send its messages in bundles; once for a process."""
    wake = vars(AppSession).get("_call_soon_on_event_loop")  # it may have found a better way itself
    if wake is not None and not hasattr(wake, "__wrapped__"):
        AppSession._call_soon_on_event_loop = bundled(wake)  # type: ignore[method-assign,assignment]
