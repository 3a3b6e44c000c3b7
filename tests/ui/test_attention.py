"""Who looks at which page: what nobody looks at any more ends."""

from types import SimpleNamespace

import pytest
import streamlit as st

from dlviz.ui import attention
from dlviz.ui.courtesy import Courtesy


class Left:
    """A place of a page whose work may be left."""

    def __init__(self):
        self.count = 0

    def leave(self):
        self.count += 1


@pytest.fixture
def session(monkeypatch):
    state = {}
    monkeypatch.setattr(st, "session_state", state)
    return state


def test_a_page_leaves_the_work_of_others_at_once_and_its_own_that_it_asks_no_more(session):
    other, kept, dropped = Left(), Left(), Left()
    session["work"] = {("gan", 0): other, ("filters", 0): kept, ("filters", 1): dropped}
    with attention.attention("filters"):
        assert (other.count, kept.count, dropped.count) == (1, 0, 0)
        session["attended"].add(("filters", 0))
    assert (kept.count, dropped.count) == (0, 1)
    assert session["page_took"] >= 0


def test_a_page_may_leave_before_its_end_what_it_will_not_ask_for(session):
    kept, dropped = Left(), Left()
    session["work"] = {("gan", 0): kept, ("gan", 1): dropped}
    with attention.attention("gan"):
        session["attended"].add(("gan", 0))
        attention.leave_unasked()
        assert (kept.count, dropped.count) == (0, 1)
    assert kept.count == 0


def test_a_page_that_was_broken_off_leaves_nothing_of_its_own(session):
    session["work"] = {("filters", 0): (mine := Left())}
    with pytest.raises(KeyboardInterrupt), attention.attention("filters"):
        raise KeyboardInterrupt  # as Streamlit's own signal to run again
    assert mine.count == 0


@pytest.mark.parametrize("there", [True, False])
def test_who_has_closed_the_tab_is_not_here(monkeypatch, there):
    seen = []

    def is_active_session(session):
        seen.append(session)
        return there

    runtime = SimpleNamespace(is_active_session=is_active_session)
    monkeypatch.setattr(attention.runtime, "exists", lambda: True)
    monkeypatch.setattr(attention.runtime, "get_instance", lambda: runtime)
    who = (attention.Visitor("me", "session 1"), "gan", 0)
    assert attention.is_connected(who) is there
    assert seen == ["session 1"]
    assert attention.is_connected(("a test", "gan", 0))


def test_a_page_counts_while_it_runs_and_one_with_news_lets_the_others_go_first(
    session, monkeypatch
):
    courtesy = Courtesy()
    monkeypatch.setattr(attention, "COURTESY", courtesy)
    monkeypatch.setattr(attention, "REDRAWN_LATER", 0.05)
    with attention.attention("gan"):
        assert courtesy.pages == 1
    assert courtesy.pages == 0
    session["polled"] = True
    with attention.attention("gan"):
        assert courtesy.pages == 0  # work goes on under it
    with courtesy.page(), attention.attention("gan"):
        assert courtesy.pages == 1
    assert session["page_took"] >= 0.05  # what it waited counts: the next comes the later
