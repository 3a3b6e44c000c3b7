"""The gate without any page: order, sharing, leaving, failure, what is kept.

The computations here are led by the hand: each waits for its next order, so that nothing in these
tests depends on how fast a thread is.
"""

import json
import queue
import threading
import time
from dataclasses import dataclass

import numpy as np
import pytest

from dlviz.boundary.compute import BoundaryConfig, course_steps
from dlviz.contents import array_bytes
from dlviz.executors import InProcess
from dlviz.ui.gate import AWAY, Gate, key_of
from dlviz.ui.joblog import config_hash, lab_of
from dlviz.ui.shelf import Shelf

END = object()
SOON = 10  # seconds in which a thread has surely done what it was told


class Hand:
    """Leads a computation: what it is to yield next, what it is to raise, when it ends."""

    def __init__(self):
        self.orders = queue.Queue()
        self.idle = threading.Semaphore(0)
        self.started, self.closed = threading.Event(), threading.Event()

    def give(self, order):
        """Let the computation go on, until it waits for the next order or is over."""
        assert self.idle.acquire(timeout=SOON)
        self.orders.put(order)
        assert self.idle.acquire(timeout=SOON)
        self.idle.release()

    def end(self, order=END):
        self.orders.put(order)
        assert self.closed.wait(SOON)


def led(hand):
    hand.started.set()
    try:
        while True:
            hand.idle.release()
            order = hand.orders.get(timeout=SOON)
            if order is END:
                return
            if isinstance(order, BaseException):
                raise order
            yield order
    finally:
        hand.closed.set()
        hand.idle.release()


def times(factor, *numbers):
    for number in numbers:
        yield factor * number


def broken(hand):
    raise ValueError(f"expected a hand, got {hand}")


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gate(clock):
    return Gate(InProcess(2), clock=clock)


@pytest.fixture
def hands():
    hands = [Hand() for _ in range(5)]
    yield hands
    for hand in hands:
        hand.orders.put(END)


def ended(job):
    assert job.ended.wait(SOON)
    return job


def test_on_one_interpreter_the_next_begins_beside_a_job_that_takes_long(clock, hands):
    gate = Gate(InProcess(2, alone=3.0), clock=clock)
    jobs = [gate.ask(i, led, hands[i]) for i in range(3)]
    assert [job.running for job in jobs] == [True, False, False]
    clock.now = 3.0
    assert gate.ahead(jobs[2]) == 2  # it looks, and now the second is let in
    assert [job.running for job in jobs] == [True, True, False]
    clock.now = 6.0
    assert gate.ahead(jobs[2]) == 2
    assert not jobs[2].running  # both places are taken
    hands[1].end()
    ended(jobs[1])
    assert [job.running for job in jobs] == [True, False, True]
    clock.now = 6.5
    late = gate.ask(3, led, hands[3])
    hands[0].end()
    ended(jobs[0])
    assert not late.running  # beside one that has just begun
    hands[2].end()
    ended(jobs[2])
    assert late.running


# One job.


def test_a_job_yields_ever_more_and_then_is_done(gate, hands):
    job = gate.ask("me", led, hands[0])
    assert (job.latest, job.done) == (None, False)
    for result in ("a", "ab", "abc"):
        hands[0].give(result)
        assert (job.latest, job.done) == (result, False)
    hands[0].end()
    assert ended(job).done
    assert (job.latest, job.failed, job.abandoned) == ("abc", None, False)


def test_a_job_that_yields_nothing_is_done_with_nothing(gate):
    job = ended(gate.ask("me", times, 2))
    assert job.done
    assert job.latest is None


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("a bug"), ValueError("expected"), SystemExit()]
)
def test_what_a_computation_raises_is_the_jobs_and_what_it_reached_stays(gate, hands, error):
    job = gate.ask("me", led, hands[0])
    hands[0].give("a")
    hands[0].end(error)
    assert ended(job).failed is error
    assert (job.latest, job.done, job.abandoned) == ("a", False, False)
    assert job.raised_at.tb_frame.f_code.co_name == "_run"


def test_a_call_that_is_refused_fails_as_well(gate):
    assert isinstance(ended(gate.ask("me", broken, "glove")).failed, ValueError)
    assert isinstance(ended(gate.ask("me", times)).failed, TypeError)


def test_a_failed_job_is_done_anew_for_who_asks_again_and_its_slot_is_free(gate, hands):
    failed = gate.ask("me", led, hands[0])
    hands[0].end(ValueError("once"))
    ended(failed)
    again = gate.ask("me", led, hands[0])
    assert again is not failed
    hands[0].end()
    assert ended(again).done
    for hand in hands[1:3]:
        gate.ask("me", led, hand)
        assert hand.started.wait(SOON)


# Many.


def test_two_run_at_a_time_in_the_order_they_came(gate, hands):
    jobs = [gate.ask(f"visitor {i}", led, hand) for i, hand in enumerate(hands)]
    assert [gate.ahead(job) for job in jobs] == [0, 0, 2, 3, 4]
    for running in (0, 1):
        assert hands[running].started.wait(SOON)
    assert not any(hand.started.is_set() for hand in hands[2:])
    for i, later in ((1, 2), (0, 3), (3, 4)):
        hands[i].end()
        ended(jobs[i])
        assert hands[later].started.wait(SOON)
        assert sum(hand.started.is_set() and not hand.closed.is_set() for hand in hands) <= 2
    assert [gate.ahead(job) for job in jobs] == [0, 0, 0, 0, 0]


def test_who_waits_moves_up(gate, hands):
    jobs = [gate.ask("me", led, hand) for hand in hands]
    gate.leave("me", jobs[2])
    assert jobs[2].abandoned
    assert [gate.ahead(job) for job in jobs[3:]] == [2, 3]
    hands[0].end()
    ended(jobs[0])
    assert [gate.ahead(job) for job in jobs[3:]] == [0, 2]
    assert not hands[2].started.is_set()


def test_looking_is_not_blocked_by_computations_that_yield_nothing(gate, hands):
    jobs = [gate.ask("me", led, hand) for hand in hands]
    for hand in hands[:2]:
        assert hand.started.wait(SOON)  # and gives nothing
    gate.see("me", jobs[0])
    assert gate.ahead(jobs[4]) == 4
    gate.leave("me", jobs[4])
    assert jobs[4].abandoned


def test_the_same_computation_is_one_job_for_all(gate, hands):
    jobs = [gate.ask(who, led, hands[0]) for who in ("me", "you")]
    assert jobs[0] is jobs[1]
    assert gate.ask("me", led, hands[1]) is not jobs[0]
    hands[0].give("a")
    hands[0].end()
    assert gate.ask("she", led, hands[0]) is ended(jobs[0])


# Leaving.


def test_a_job_ends_at_its_next_yield_once_the_last_has_left(gate, hands):
    job = gate.ask("me", led, hands[0])
    gate.ask("you", led, hands[0])
    hands[0].give("a")
    gate.leave("me", job)
    hands[0].give("ab")
    assert not hands[0].closed.is_set()
    gate.leave("you", job)
    assert not job.ended.is_set()
    hands[0].end("abc")  # its generator is closed, which ends it
    assert ended(job).abandoned
    fresh = gate.ask("me", led, hands[0])
    assert fresh is not job
    assert fresh.latest is None


def test_who_comes_back_before_the_next_yield_finds_the_job_going_on(gate, hands):
    job = gate.ask("me", led, hands[0])
    gate.leave("me", job)
    assert gate.ask("you", led, hands[0]) is job
    hands[0].give("a")
    assert (job.latest, job.ended.is_set()) == ("a", False)


def test_who_has_left_is_not_brought_back_by_a_late_look(gate, hands):
    job = gate.ask("me", led, hands[0])
    gate.leave("me", job)
    gate.see("me", job)
    hands[0].end("a")
    assert ended(job).abandoned


def test_a_job_that_nobody_has_looked_at_for_long_ends(gate, hands, clock):
    job = gate.ask("me", led, hands[0])
    for seconds in (0.9 * AWAY, 1.8 * AWAY):
        clock.now = seconds
        gate.see("me", job)
        hands[0].give(seconds)
    clock.now = 2.9 * AWAY
    hands[0].end("more")
    assert ended(job).abandoned
    assert job.latest == "more"


def test_a_waiting_job_that_nobody_looks_at_is_not_begun(gate, hands, clock):
    jobs = [gate.ask("me", led, hand) for hand in hands[:4]]
    clock.now = 0.9 * AWAY
    for job in (*jobs[:2], jobs[3]):
        gate.see("me", job)
    clock.now = 1.5 * AWAY
    assert gate.ahead(jobs[3]) == 2
    assert jobs[2].abandoned
    hands[0].end()
    assert hands[3].started.wait(SOON)
    assert not hands[2].started.is_set()


def test_an_abandoned_job_gives_its_slot_to_the_next(gate, hands):
    jobs = [gate.ask("me", led, hand) for hand in hands[:3]]
    assert hands[0].started.wait(SOON)
    gate.leave("me", jobs[0])
    hands[0].end("a")
    assert hands[2].started.wait(SOON)


# What is kept.


def test_results_are_kept_for_everybody_and_thrown_out_by_number(clock):
    gate = Gate(results=2, clock=clock)
    first, second = (ended(gate.ask("me", times, factor, 1)) for factor in (2, 3))
    assert gate.ask("you", times, 2, 1) is first
    ended(gate.ask("me", times, 4, 1))
    assert gate.ask("you", times, 2, 1) is first
    assert gate.ask("you", times, 3, 1) is not second
    assert first.latest == 2


def zeros(count):
    yield np.zeros(count)


def test_results_are_thrown_out_by_size(clock):
    gate = Gate(room=1000, clock=clock)
    oldest, small = (ended(gate.ask("me", zeros, count)) for count in (60, 25))
    large = ended(gate.ask("me", zeros, 75))
    assert gate.ask("you", zeros, 25) is small
    assert gate.ask("you", zeros, 75) is large
    assert ended(gate.ask("you", zeros, 60)) is not oldest


def test_a_result_larger_than_all_the_room_is_not_kept_and_drives_nothing_out(clock):
    gate = Gate(room=1000, clock=clock)
    small, giant = (ended(gate.ask("me", zeros, count)) for count in (25, 126))
    assert giant.done
    assert gate.ask("you", zeros, 25) is small
    assert gate.ask("you", zeros, 126) is not giant


def test_an_empty_shelf_keeps_nothing():
    gate = Gate(results=0)
    job = ended(gate.ask("me", times, 2, 1))
    assert gate.ask("me", times, 2, 1) is not job
    assert Shelf(0, 0).get("anything") is None


@dataclass(frozen=True, eq=False)
class Trace:
    points: np.ndarray
    states: tuple
    trunk: "Trace | None" = None


def test_arrays_are_weighed_once_wherever_they_are():
    points = np.zeros((5, 2))
    assert array_bytes(points) == 80
    assert array_bytes(points[1:, 0]) == 80  # a view keeps all of it
    trace = Trace(points, ({"m": np.zeros(3, np.float32)}, [np.zeros(2), points]))
    assert array_bytes(trace) == 80 + 12 + 16
    assert array_bytes(Trace(np.zeros(1), (), trace)) == 8 + 80 + 12 + 16
    assert array_bytes((b"12345", "123", 7, None, Trace)) == 8


# What names a computation.


def _made(number):
    def job(step):
        yield number * step

    return job


def test_a_function_made_again_is_the_same_and_another_is_not():
    pages = [{}, {}]
    for page in pages:
        exec(compile("def job(step):\n    yield step", "page.py", "exec"), page)
    first, second = (page["job"] for page in pages)
    assert first is not second
    assert key_of(first, (1,)) == key_of(second, (1,))
    assert hash(key_of(first, (1,))) == hash(key_of(second, (1,)))
    assert len({key_of(led, (1,)), key_of(led, (2,)), key_of(times, (1,))}) == 3
    exec(compile("def job(step):\n    yield step", "other.py", "exec"), pages[1])
    assert key_of(first, (1,)) != key_of(pages[1]["job"], (1,))


def test_a_function_that_depends_on_more_than_its_arguments_is_refused(gate):
    for function in (_made(2), len):
        with pytest.raises(TypeError, match="depends on its arguments alone"):
            gate.ask("me", function, 1)


def test_arguments_must_be_hashable(gate):
    with pytest.raises(TypeError, match="unhashable"):
        gate.ask("me", times, [1])


# Fairness, the limit, the log.


def test_a_sessions_further_jobs_wait_for_the_first_of_the_others(gate, hands):
    mine = [gate.ask(("me", "boundary", place), led, hands[place]) for place in range(4)]
    yours = gate.ask(("you", "boundary", 0), led, hands[4])
    assert [gate.ahead(job) for job in (mine[2], yours, mine[3])] == [3, 2, 4]
    assert gate.load == (2, 3)
    for hand in hands[:2]:
        assert hand.started.wait(SOON)
    hands[0].end()
    ended(mine[0])
    assert hands[4].started.wait(SOON)
    assert not hands[2].started.is_set()


def test_a_job_that_somebody_else_asks_for_too_has_that_ones_turn(gate, hands):
    mine = [gate.ask(("me", 0), led, hand) for hand in hands]
    gate.ask(("you", 0), led, hands[4])
    assert [gate.ahead(job) for job in mine[2:]] == [3, 4, 2]


def test_a_job_ends_when_it_takes_too_long_and_keeps_what_it_reached(hands, clock):
    gate = Gate(InProcess(1), limit=60, clock=clock)
    job, next_one = (gate.ask("me", led, hand) for hand in hands[:2])
    for clock.now in range(4, 64, 4):
        gate.see("me", job)
        gate.see("me", next_one)
        hands[0].give(clock.now)
    clock.now = 61
    hands[0].end("late")
    assert (ended(job).outcome, job.latest, job.done, job.abandoned) == (
        "overdue", "late", False, False,
    )  # fmt: skip
    gate.see("me", next_one)
    assert gate.ask("me", led, hands[1]) is next_one  # which has its own sixty seconds


def logged(number):
    yield number


def failing(number, clock):
    clock.now += number
    raise ValueError("a bug")
    yield


def lines_of(caplog, job, count):
    """Wait for so many lines: a job's is written after it has ended."""
    deadline = time.monotonic() + SOON
    while True:
        lines = [json.loads(line) for line in caplog.messages]
        if len(lines := [line for line in lines if line["job"] == job]) >= count:
            return lines
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_each_job_leaves_a_line_in_the_log(hands, clock, caplog):
    gate = Gate(InProcess(1), clock=clock)
    caplog.set_level("INFO", "dlviz.jobs")
    gate.ask("me", logged, 3)
    assert lines_of(caplog, "logged", 1)[0] == {
        "job": "logged", "lab": "tests.ui.test_gate", "config": config_hash((3,)),
        "queued": 0.0, "ran": 0.0, "outcome": "done",
    }  # fmt: skip
    gate.ask("me", logged, "secret")
    lines_of(caplog, "logged", 2)
    gate.ask("me", failing, 1.5, clock)
    (line,) = lines_of(caplog, "failing", 1)
    assert (line["ran"], line["outcome"]) == (1.5, "failed")
    assert "secret" not in "".join(caplog.messages)


def test_a_configs_hash_is_the_same_in_every_process_and_another_for_another():
    configs = [BoundaryConfig(), BoundaryConfig(), BoundaryConfig(lr=0.5)]
    first, again, other = (config_hash((config, "lr", (0.1, 0.2))) for config in configs)
    assert first == again != other
    assert len(first) == 12
    trace = Trace(np.zeros((5, 2)), ())
    assert config_hash((trace,)) == config_hash((Trace(np.ones((5, 2)), ()),))
    assert lab_of(course_steps) == "boundary"


def test_a_job_whose_last_follower_is_not_here_any_more_ends_at_its_next_yield(hands):
    here = {"me", "you"}
    gate = Gate(is_here=here.__contains__)
    job = gate.ask("me", led, hands[0])
    assert gate.ask("you", led, hands[0]) is job
    here.remove("me")
    hands[0].give("a")
    assert not job.ended.is_set()
    here.remove("you")
    hands[0].end("b")
    assert ended(job).abandoned
