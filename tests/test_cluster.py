"""Heavy work on a Dask cluster: a scheduler and two workers on the loopback, which die here."""

import os
import signal

import numpy as np
import pytest

from benchmarks.load.cluster import start_cluster, start_worker
from dlviz.boundary.compute import BoundaryConfig, course_steps
from dlviz.executors import InProcess, executor_of
from dlviz.ui.gate import Gate
from tests.test_executors import (
    arrays,
    count,
    killed_once,
    last,
    stuck,
    until,
    whose,
    wrong,
)  # fmt: skip
from tests.ui.test_gate import Clock


@pytest.fixture(scope="module")
def parts():
    address, running = start_cluster(2)
    yield address, running
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def cluster(parts):
    executor = executor_of({"DLVIZ_SCHEDULER": parts[0], "DLVIZ_SLOTS": "2"})
    yield executor
    executor.close()


def test_a_cluster_gives_the_same_as_this_process_read_only(cluster):
    args = (BoundaryConfig(epochs=20), (0.03, 0.1))
    here, there = (last(e.results(course_steps, args)) for e in (InProcess(), cluster))
    for ours, theirs in zip(arrays(here), arrays(there), strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert not theirs.flags.writeable
    assert next(filter(None, cluster.results(whose, ()))) != os.getpid()


def test_results_arrive_in_order_and_what_is_raised_too(cluster):
    seen = [n for n in cluster.results(count, (9, 0.1)) if n is not None]
    assert seen == sorted(seen)
    assert (seen[-1], len(set(seen)) > 2) == (9, True)
    with pytest.raises(OSError, match="expected a number, got 3"):
        list(cluster.results(wrong, (3,)))


def test_work_that_nobody_wants_ends_on_its_worker(cluster):
    for _ in range(4):  # more than there are workers: none stays busy
        gate = Gate(cluster)
        job = gate.ask("me", whose)
        until(lambda job=job: job.latest)
        gate.leave("me", job)
        assert job.ended.wait(20)
        assert job.abandoned


def test_a_job_whose_worker_is_killed_is_done_by_another(cluster, tmp_path):
    assert last(cluster.results(killed_once, (str(tmp_path / "dead"),))) == "begun again"


def overdue(executor, function):
    """Return a job that has begun, and then took too long."""
    clock = Clock()
    job = (gate := Gate(executor, limit=30, clock=clock)).ask("me", function)
    until(lambda: job.latest == "begun")
    clock.now = 31.0
    assert job.ended.wait(40)
    assert gate.load == (0, 0)
    return job


def test_a_worker_that_is_stuck_is_begun_anew():
    address, (scheduler,) = start_cluster(0)
    nanny = start_worker(address, nanny=True)
    executor = executor_of({"DLVIZ_SCHEDULER": address, "DLVIZ_SLOTS": "1"})
    try:
        assert last(executor.results(count, (1,))) == 1  # the worker is there
        job = overdue(executor, stuck)
        assert (job.outcome, job.latest) == ("overdue", "begun")
        after = Gate(executor).ask("me", count, 3)
        assert after.ended.wait(60)
        assert after.latest == 3
    finally:
        executor.close()
        for process in (nanny, scheduler):
            process.terminate()
            process.wait(20)


def test_without_its_scheduler_the_work_is_done_here(parts, cluster, monkeypatch, caplog):
    _, running = parts
    monkeypatch.setattr("dlviz.cluster.PATIENCE", 0.5)
    results = cluster.results(whose, ())
    assert next(filter(None, results)) != os.getpid()
    running[0].send_signal(signal.SIGKILL)
    until(lambda: next(results) == os.getpid())
    results.close()
    assert "cannot be reached: working here" in caplog.text
