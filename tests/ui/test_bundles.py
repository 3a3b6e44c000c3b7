"""Messages in bundles: the loop is woken once for many, and calls them in order."""

import asyncio
import inspect
import threading

from streamlit.runtime.app_session import AppSession

from dlviz.ui.bundles import bundle_messages, bundled


class Session:
    """Keeps what the loop is to call, as ``AppSession`` does."""

    def __init__(self):
        self.loop = []

    def run(self):
        while self.loop:
            self.loop.pop(0)()


def wake(session, callback):
    session.loop.append(callback)


def test_the_loop_is_woken_once_for_all_that_have_come_by_then_in_their_order():
    session, called = Session(), []
    soon = bundled(wake)
    for i in range(5):
        soon(session, lambda i=i: called.append(i))
    assert (len(session.loop), called) == (1, [])
    session.run()
    assert called == [0, 1, 2, 3, 4]
    soon(session, lambda: called.append(5))
    assert len(session.loop) == 1
    session.run()
    assert called[-1] == 5


def test_what_comes_while_others_are_called_is_called_after_them():
    session, called = Session(), []
    soon = bundled(wake)
    soon(session, lambda: (called.append("a"), soon(session, lambda: called.append("b"))))
    soon(session, lambda: called.append("c"))
    session.run()
    assert called == ["a", "c", "b"]


def test_sessions_do_not_wait_for_each_other():
    one, other, called = Session(), Session(), []
    soon = bundled(wake)
    soon(one, lambda: called.append("one"))
    soon(other, lambda: called.append("other"))
    other.run()
    assert called == ["other"]


def test_a_message_that_fails_is_told_and_keeps_back_no_other():
    called, told = [], []

    async def fail():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, said: told.append(said["exception"]))
        soon = bundled(lambda _, callback: loop.call_soon(callback))
        session = Session()
        soon(session, lambda: 1 / 0)
        soon(session, lambda: called.append("next"))
        await asyncio.sleep(0)
        soon(session, lambda: called.append("later"))
        await asyncio.sleep(0)

    asyncio.run(fail())
    assert [type(error) for error in told] == [ZeroDivisionError]
    assert called == ["next", "later"]


def test_nothing_is_lost_between_two_threads():
    called, count = [], 20_000

    async def hear():
        loop, over = asyncio.get_running_loop(), asyncio.Event()
        soon = bundled(lambda _, callback: loop.call_soon_threadsafe(callback))
        session = Session()

        def speak(name):
            for i in range(count):
                soon(session, lambda i=i: called.append((name, i)))
            soon(session, lambda: len(called) == 2 * count and over.set())

        threads = [threading.Thread(target=speak, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(over.wait(), 60)
        for thread in threads:
            thread.join()

    asyncio.run(hear())
    for name in "ab":
        assert [i for said, i in called if said == name] == list(range(count))


def test_streamlit_sends_through_it(monkeypatch):
    """Its sessions wake the loop by this method alone: else this is in vain."""
    event = inspect.getsource(AppSession._on_scriptrunner_event)
    assert "self._call_soon_on_event_loop(" in event
    own = inspect.unwrap(AppSession._call_soon_on_event_loop)
    monkeypatch.setattr(AppSession, "_call_soon_on_event_loop", own)
    bundle_messages()
    ours = AppSession._call_soon_on_event_loop
    assert ours is not own and inspect.unwrap(ours) is own
    bundle_messages()
    assert AppSession._call_soon_on_event_loop is ours
