"""Whose turn it is: work steps aside for pages, and comes to its end all the same."""

import threading

from dlviz.executors import YIELDING, InProcess
from dlviz.ui.courtesy import Courtesy
from tests.ui.test_gate import SOON


def test_work_waits_until_no_page_runs():
    courtesy, gone_on = Courtesy(), threading.Event()

    def work():
        courtesy.give_way(SOON)
        gone_on.set()

    with courtesy.page():
        with courtesy.page():
            threading.Thread(target=work, daemon=True).start()
            assert not gone_on.wait(0.05)
        assert not gone_on.wait(0.05)
    assert gone_on.wait(SOON)


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
