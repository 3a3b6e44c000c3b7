"""How often garbage is collected: all of it seldom, what is young more often."""

import gc
import inspect
from itertools import pairwise

import pytest
from streamlit.runtime.scriptrunner import script_runner

from dlviz.ui import garbage
from dlviz.ui.garbage import (
    EVERY,
    OFTEN,
    SELDOM,
    YOUNG,
    Collector,
    collect_seldom,
    set_modules_apart,
)
from tests.ui.test_gate import Clock


@pytest.fixture
def looks(monkeypatch):
    """The generations that were looked at; a look at everything takes as long as ``took`` says."""
    looks = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: looks.append(generation) or 0)
    return looks


def test_everything_is_looked_at_once_in_a_while_and_young_objects_more_often(looks):
    clock = Clock()
    collector = Collector(clock)
    young = round(EVERY / OFTEN)
    for turn in range(1, 20 * young + 1):
        clock.now = turn * OFTEN / 2
        collector.collect(2)
    assert looks.count(2) == 10
    assert looks.count(YOUNG) == 10 * (young - 1)
    assert looks[young - 1] == 2  # at the end of the first while, not at its start


def test_the_longer_a_look_takes_the_seldomer_it_is(monkeypatch):
    clock, looked_at, took = Clock(), [], 0.5

    def collect(generation):
        if generation == 2:
            looked_at.append(clock.now)
            clock.now += took
        return 7

    monkeypatch.setattr(gc, "collect", collect)
    collector = Collector(clock)
    clock.now = EVERY
    assert collector.collect(2) == 7
    for _ in range(1000):
        clock.now += SELDOM * took / 100
        collector.collect(2)
    pauses = [later - before - took for before, later in pairwise(looked_at)]
    assert len(pauses) >= 9
    assert min(pauses) >= SELDOM * took


def test_garbage_of_a_page_is_found():
    class Run:
        pass

    import weakref

    run = Run()
    run.itself = run
    there = weakref.ref(run)
    del run
    clock = Clock()
    collector = Collector(clock)
    clock.now = EVERY
    collector.collect(2)
    assert there() is None


def test_streamlit_collects_through_it(monkeypatch):
    """It calls ``gc.collect`` by the module's name, after each run: else this is in vain."""
    assert "gc.collect(" in inspect.getsource(script_runner.ScriptRunner._on_script_finished)
    monkeypatch.setattr(script_runner, "gc", gc)
    collect_seldom()
    collector = script_runner.gc
    assert isinstance(collector, Collector)
    collect_seldom()
    assert script_runner.gc is collector


def test_what_modules_hold_is_set_apart_once_and_again_when_there_are_more(monkeypatch):
    calls = []
    monkeypatch.setattr(gc, "freeze", lambda: calls.append("freeze"))
    monkeypatch.setattr(garbage, "_SET_APART", [0])
    for _ in range(3):
        set_modules_apart()
    assert calls == ["freeze"]
    for i in range(garbage.FRESH_MODULES):
        monkeypatch.setitem(garbage.sys.modules, f"fresh {i}", None)
    set_modules_apart()
    assert calls == ["freeze", "freeze"]
