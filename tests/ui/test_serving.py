"""The pace of a session, and the line about the server on ``?debug=1`` only."""

import re
import time

from streamlit.testing.v1 import AppTest

from dlviz.ui import serving
from dlviz.ui.house import ROOT
from dlviz.ui.serving import BURST, PAUSE, RATE, pause


def captions(app):
    return [part.value for part in app.caption if part.value.startswith("build ")]


def test_nobody_waits_who_moves_controls_by_hand():
    session = {}
    assert [pause(session, at / 8) for at in range(1000)] == [0.0] * 1000


def test_a_session_that_asks_too_often_is_slowed_down_and_another_is_not():
    session, other = {}, {}
    waits = [pause(session, at / 1000) for at in range(3 * BURST)]
    assert waits[:BURST] == [0.0] * BURST
    assert waits[-BURST:].count(PAUSE) >= 0.9 * BURST
    assert pause(other, 0.18) == 0.0
    assert pause(session, 0.18 + 2 / RATE) == 0.0


def first_visit(**parameters):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params = parameters
    return app.run()


def test_only_who_asks_is_told_how_the_server_is(monkeypatch):
    monkeypatch.setattr(serving, "STARTED", time.monotonic() - 180)
    assert captions(first_visit()) == []
    assert captions(first_visit(debug="0")) == []
    (line,) = captions(first_visit(debug="1"))
    words = (r"build [0-9a-f]{8}", "up 3 min", r"jobs \d+ running, \d+ waiting",
             r"pictures kept \d+ MB", r"load [\d.]+ of \d+", r"memory \d+ MB")  # fmt: skip
    assert re.fullmatch(" · ".join(words), line)
