"""Nothing that is measured or waited for hangs on the time of day, which may jump by hours."""

import ast
import time

import pytest

from dlviz.executors import InProcess
from dlviz.ui import serving
from dlviz.ui.gate import Gate
from dlviz.ui.house import ROOT
from dlviz.ui.work import Watch
from tests.ui.test_gate import END, Hand, ended, led

FILES = sorted(
    file for folder in ("dlviz", "pages", "deploy") for file in (ROOT / folder).rglob("*.py")
)
OF_THE_DAY = {
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
}


def asked(tree):
    """Return the calls that ask for the time of day."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if node.attr in OF_THE_DAY.get(owner, ()):
                yield f"{owner}.{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"time.{n.name}" for n in node.names if n.name in OF_THE_DAY["time"])


def test_the_app_never_asks_for_the_time_of_day():
    assert FILES
    found = {file.name: list(asked(ast.parse(file.read_text("utf-8")))) for file in FILES}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_asking_for_it_would_be_seen():
    program = (
        "import time, datetime\nfrom time import time_ns\ntime.time(); datetime.datetime.now()"
    )
    assert sorted(asked(ast.parse(program))) == ["datetime.now", "time.time", "time.time_ns"]


@pytest.fixture(params=[7200.0, -7200.0])
def jump(request, monkeypatch):
    """The clock of the day jumps when this is called."""
    real = time.time
    return lambda: monkeypatch.setattr(time, "time", lambda: real() + request.param)


def test_a_job_goes_on_when_the_clock_jumps(jump):
    gate, hand = Gate(InProcess(1)), Hand()
    job = gate.ask("me", led, hand)
    hand.give("a")
    jump()
    hand.give("ab")
    assert (job.latest, job.ended.is_set(), job.overdue) == ("ab", False, False)
    waiting = gate.ask("you", led, Hand())
    assert gate.ahead(waiting) == 1
    gate.leave("you", waiting)
    hand.end(END)
    assert ended(job).done


def test_a_page_goes_on_asking_and_tells_how_long_it_is_up(jump):
    watch = Watch(("me", "descent", 0), led, ())
    watch.asked_at = time.monotonic()
    session = {}
    before = serving.status()[1]
    jump()
    assert not watch.has_news()  # asked just now
    assert serving.status()[1] in (before, f"up {int(before.split()[1]) + 1} min")
    assert serving.pause(session, time.monotonic()) == 0.0
