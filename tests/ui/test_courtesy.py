"""Whose turn it is: work steps aside for pages, and comes to its end all the same."""

import threading
import time
from math import exp

import pytest

from dlviz.executors import YIELDING, InProcess
from dlviz.ui.courtesy import WHILE, Courtesy
from tests.ui.test_gate import SOON, Clock


def test_work_waits_until_no_page_runs():
    courtesy, gone_on = Courtesy(patience=0.01), threading.Event()

    def work():
        courtesy.give_way(SOON)
        gone_on.set()

    with courtesy.page():
        with courtesy.page():
            threading.Thread(target=work, daemon=True).start()
            assert not gone_on.wait(0.05)
        assert not gone_on.wait(0.05)
    assert gone_on.wait(SOON)


def queued(run, names, courtesy):
    """Start a thread for each name, one after the other has begun to wait; return them."""
    threads = []
    for name in names:
        threads.append(threading.Thread(target=run, args=(name,), daemon=True))
        threads[-1].start()
        until(lambda: len(courtesy.waiting) == len(threads))
    return threads


def until(so):
    deadline = time.monotonic() + SOON
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_pages_take_turns_in_the_order_in_which_they_came():
    courtesy, ran, at_once = Courtesy(patience=SOON), [], []

    def run(name):
        with courtesy.page():
            at_once.append(courtesy.pages)
            ran.append(name)

    with courtesy.page():
        threads = queued(run, "abcde", courtesy)
        assert ran == []
    for thread in threads:
        thread.join(SOON)
    assert ran == list("abcde")
    assert at_once == [1] * 5
    assert courtesy.pages == 0


def test_who_waits_for_work_lets_the_next_page_in():
    courtesy, ran = Courtesy(patience=SOON), threading.Event()

    def run(_):
        with courtesy.page():
            ran.set()

    with courtesy.page():
        queued(run, "a", courtesy)
        with courtesy.aside():
            assert ran.wait(SOON)
    assert courtesy.pages == 0


def test_a_page_waits_for_no_other_for_long():
    courtesy = Courtesy(patience=0.01)
    with courtesy.page(), courtesy.page():
        assert courtesy.pages == 2
        assert not courtesy.waiting
    assert courtesy.pages == 0


def test_pages_that_nobody_has_touched_come_last_and_one_by_one():
    courtesy, ran = Courtesy(patience=SOON), []

    def touched(name):
        with courtesy.page():
            ran.append(name)

    def untouched():
        with courtesy.redraw(SOON):
            ran.append("untouched begins")
            time.sleep(0.02)
            ran.append("untouched ends")

    redraws = [threading.Thread(target=untouched, daemon=True) for _ in range(2)]
    with courtesy.page():
        for thread in redraws:
            thread.start()
        threads = queued(touched, "ab", courtesy)
    for thread in threads + redraws:
        thread.join(SOON)
    assert ran == ["a", "b"] + ["untouched begins", "untouched ends"] * 2


def test_nobody_waits_when_no_page_runs_or_the_page_itself_waits_for_work():
    courtesy = Courtesy()
    courtesy.give_way(3600)
    with courtesy.page(), courtesy.aside():
        courtesy.give_way(3600)
        assert courtesy.pages == 0
    assert courtesy.pages == 0


def test_a_page_that_fails_is_counted_no_more():
    courtesy = Courtesy()
    try:
        with courtesy.page():
            raise ZeroDivisionError
    except ZeroDivisionError:
        assert courtesy.pages == 0


def counting(last):
    yield from range(last)


def test_work_steps_aside_after_each_result_for_a_multiple_of_what_it_took(monkeypatch):
    times = iter((0.0, 1.0, 10.0, 12.0, 20.0, 20.5, 30.0))  # begun, asked; begun, asked; ...
    monkeypatch.setattr("dlviz.executors.monotonic", lambda: next(times))
    aside = []
    executor = InProcess(1, aside.append)
    assert list(executor.results(counting, (3,))) == [0, 0, 1, 1, 2, 2]
    assert aside == [YIELDING * 1.0, YIELDING * 2.0, YIELDING * 0.5]


def test_work_comes_to_its_end_though_pages_never_do():
    courtesy = Courtesy()
    with courtesy.page():
        given = list(InProcess(1, courtesy.give_way).results(counting, (20,)))
    assert given[::2] == given[1::2] == list(range(20))


def test_work_that_is_given_up_while_it_steps_aside_does_no_more():
    def work(done):
        for i in range(5):
            done.append(i)
            yield i

    done: list[int] = []
    results = InProcess(1).results(work, (done,))
    assert (next(results), next(results), done) == (0, 0, [0])  # aside between the two
    results.close()
    assert done == [0]


def test_a_rush_is_the_share_of_the_last_seconds_in_which_pages_ran():
    clock = Clock()
    courtesy = Courtesy(clock=clock)
    clock.now = 100.0
    assert courtesy.rush == 0
    for _ in range(2000):  # a quarter of the time
        with courtesy.page():
            clock.now += 0.01
        clock.now += 0.03
    assert courtesy.rush == pytest.approx(0.25, abs=0.01)
    with courtesy.page():
        clock.now += WHILE
        assert courtesy.rush == pytest.approx(1 - (1 - 0.25) * exp(-1), abs=0.01)
        with courtesy.aside():
            clock.now += 100 * WHILE
            assert courtesy.rush == pytest.approx(0, abs=1e-9)
