"""The executors: the same results wherever the work runs; death, failure, giving up, waiting."""

import os
import signal
import time

import numpy as np
import pytest

from dlviz import processes
from dlviz.boundary.compute import BoundaryConfig, course_steps
from dlviz.contents import contents
from dlviz.executors import ALONE, InProcess, executor_of, paced
from dlviz.processes import Processes
from dlviz.race.compute import RaceConfig, race
from dlviz.ui.gate import Gate

SOON = 20.0  # seconds in which a process has surely done what it was told


def count(last, pause=0.0):
    for number in range(last + 1):
        time.sleep(pause)
        yield number


def whose():
    """Yield the process that works, for a while."""
    for _ in range(100):
        yield os.getpid()
        time.sleep(0.1)


def killed_once(path):
    """Die like a process that the system has no memory for, but for the second time."""
    yield "begun"
    if not os.path.exists(path):
        open(path, "x").close()
        os.kill(os.getpid(), signal.SIGKILL)
    yield "begun again"


def deadly():
    yield "begun"
    os.kill(os.getpid(), signal.SIGKILL)


def stuck():
    yield "begun"
    time.sleep(600)
    yield "never"


def wrong(number):
    yield number
    raise OSError(f"expected a number, got {number}")


def traces():
    yield race(RaceConfig(steps=20))


@pytest.fixture(scope="module")
def beside():
    executor = Processes(1)
    yield executor
    executor.close()


def last(results):
    *_, result = results
    return result


def arrays(trace):
    return [part for part in contents(trace) if isinstance(part, np.ndarray)]


def until(said):
    deadline = time.monotonic() + SOON
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_environment_says_where():
    for environment, kind, slots in (
        ({}, InProcess, 2),
        ({"DLVIZ_SLOTS": "3"}, InProcess, 3),
        ({"DLVIZ_WORKERS": "4"}, Processes, 4),
    ):
        executor = executor_of(environment)
        assert (type(executor), executor.slots) == (kind, slots)
        assert executor.alone == (ALONE if kind is InProcess else 0)
    with pytest.raises(ValueError, match="expected DLVIZ_WORKERS from 0 to 256, got two"):
        executor_of({"DLVIZ_WORKERS": "two"})


def test_results_on_their_way_are_few_and_the_last_is_among_them():
    assert list(paced(count, (1000,), lambda: True)) == [0, 1000]
    assert list(paced(count, (0,), lambda: True)) == [0]
    assert len(list(paced(count, (5, 0.1), lambda: True))) in (3, 4)
    answers = iter([True, True, False])
    assert list(paced(count, (9,), lambda: next(answers))) == [0]


def test_a_process_gives_the_same_as_this_one_read_only(beside):
    for function, args in (
        (traces, ()),
        (course_steps, (BoundaryConfig(epochs=20), (0.03, 0.1))),
    ):
        here, there = (last(e.results(function, args)) for e in (InProcess(), beside))
        pairs = list(zip(arrays(here), arrays(there), strict=True))
        assert pairs
        for ours, theirs in pairs:
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)
            assert not theirs.flags.writeable


def test_one_process_serves_job_after_job(beside):
    first = beside.results(whose, ())
    pid = next(filter(None, first))
    first.close()
    assert pid != os.getpid()
    second = beside.results(whose, ())
    assert next(filter(None, second)) == pid
    second.close()


def test_what_a_computation_raises_arrives_and_the_process_goes_on(beside):
    with pytest.raises(OSError, match="expected a number, got 3"):
        list(beside.results(wrong, (3,)))
    assert last(beside.results(count, (3,))) == 3


def test_a_job_whose_process_is_killed_begins_again_in_another(beside, tmp_path):
    assert last(beside.results(killed_once, (str(tmp_path / "dead"),))) == "begun again"
    assert last(beside.results(count, (3,))) == 3


def test_a_job_that_kills_its_process_twice_fails_and_the_next_one_works(beside):
    gate = Gate(beside)
    job = gate.ask("me", deadly)
    assert job.ended.wait(SOON)
    assert isinstance(job.failed, processes.BrokenProcessPool)
    after = gate.ask("me", count, 3)
    assert after.ended.wait(SOON)
    assert after.latest == 3


def test_work_that_nobody_wants_ends_in_its_process(beside, monkeypatch):
    gate = Gate(beside)
    job = gate.ask("me", whose)
    until(lambda: job.latest)
    gate.leave("me", job)
    assert job.ended.wait(SOON)
    assert job.abandoned
    os.kill(job.latest, 0)  # the process itself lives on


def test_work_that_is_stuck_is_ended_with_its_process(beside, monkeypatch):
    monkeypatch.setattr(processes, "GRACE", 0.3)
    gate = Gate(beside, limit=0.5)
    job = gate.ask("me", stuck)
    assert job.ended.wait(SOON)
    assert (job.outcome, job.latest) == ("overdue", "begun")
    assert last(beside.results(count, (3,))) == 3


def test_a_process_leaves_with_the_server(tmp_path):
    import subprocess
    import sys

    program = (
        "import os, signal\nfrom dlviz.processes import Processes\n"
        "from tests.test_executors import whose\n"
        "if __name__ == '__main__':\n"
        "    pid = next(filter(None, Processes(1).results(whose, ())))\n"
        "    print(pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (tmp_path / "server.py").write_text(program)
    root = os.path.dirname(os.path.dirname(__file__))
    server = subprocess.run(
        [sys.executable, str(tmp_path / "server.py")],
        cwd=root, env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True,
    )  # fmt: skip
    pid = int(server.stdout)
    until(lambda: not _runs(pid))


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().split()[2] != "Z"
    except OSError:
        return False
