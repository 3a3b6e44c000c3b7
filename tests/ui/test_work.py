"""Heavy work on a page: progress, stop, go on; several sessions; when a page is to run again."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dlviz.executors import InProcess
from dlviz.ui import work
from dlviz.ui.courtesy import Courtesy
from dlviz.ui.gate import Gate
from dlviz.ui.work import CROWD, HEARD, REDRAW, Watch
from tests.ui.test_gate import END, Clock, Hand, led


def page():
    import streamlit as st

    from dlviz import ui
    from tests.ui.test_gate import led

    lab = ui.lab("descent")
    lab.config()
    jobs = [lab.work(led, hand, share=float) for hand in st.session_state["hands"]]
    for job in jobs:
        st.text(str(job.latest))
        lab.progress(job, "Counting")
    st.session_state["jobs"] = jobs


@pytest.fixture
def gate(monkeypatch):
    gate = Gate(InProcess(2))
    monkeypatch.setattr(work, "GATE", gate)
    monkeypatch.setattr(work, "PATIENCE", 0)
    monkeypatch.setattr(work, "BRIEF", 0)
    return gate


@pytest.fixture
def hands():
    hands = [Hand() for _ in range(4)]
    yield hands
    for hand in hands:
        hand.orders.put(END)  # no work outlives its test


def visit(*hands):
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["routed"] = True
    app.session_state["hands"] = hands
    return run(app)


def test_work_that_is_soon_done_says_nothing_of_itself(gate, hands, monkeypatch):
    monkeypatch.setattr(work, "BRIEF", 3600)
    app = visit(hands[0])
    assert [button.key for button in app.button if button.key == "stop_work"] == []
    monkeypatch.setattr(work, "BRIEF", 0)
    run(app)
    assert [button.key for button in app.button if button.key == "stop_work"] == ["stop_work"]


def run(app):
    app.run()
    assert not app.exception
    return app


def click(app, key):
    app.button(key=key).click()
    return run(app)


def bars(app):
    return [bar.proto.text for bar in app.get("progress")]


def keys(app):
    return {button.key for button in app.button} & {
        "stop_work", "stop_work_1", "resume_work", "resume_work_1",
    }  # fmt: skip


def shown(app):
    return [text.value for text in app.text]


def end(app, hand, order=END):
    """End a computation, and wait until its job has heard of it."""
    watches = app.session_state["work"].values()
    (job,) = [watch.job for watch in watches if watch.args == (hand,)]
    hand.end(order)
    assert job.ended.wait(10)


# What the page shows.


def test_light_work_is_done_at_once_and_shows_no_progress(gate, hands, monkeypatch):
    monkeypatch.setattr(work, "PATIENCE", 60)
    for order in (0.5, 1.0):
        hands[0].orders.put(order)
    hands[0].orders.put(END)
    app = visit(hands[0])
    (job,) = app.session_state["jobs"]
    assert (job.latest, job.share, job.done, job.stopped, job.ahead) == (1.0, 1.0, True, False, 0)
    assert (shown(app), bars(app), keys(app)) == (["1.0"], [], set())


def test_heavy_work_shows_what_there_is_so_far_and_how_far_it_is(gate, hands):
    app = visit(hands[0])
    assert (shown(app), bars(app), keys(app)) == (["None"], ["Counting: 0 %"], {"stop_work"})
    for share, words in ((0.25, "25 %"), (0.5, "50 %")):
        hands[0].give(share)
        run(app)
        assert (shown(app), bars(app)) == ([str(share)], [f"Counting: {words}"])
    (job,) = app.session_state["jobs"]
    assert (job.latest, job.share, job.done, job.ahead) == (0.5, 0.5, False, 0)
    hands[0].give(1.0)
    end(app, hands[0])
    run(app)
    assert (shown(app), bars(app), keys(app)) == (["1.0"], [], set())


def test_what_a_page_has_of_a_job_stays_the_same_while_it_runs(gate, hands):
    app = visit(hands[0])
    hands[0].give(0.25)
    (job,) = app.session_state["jobs"]
    assert (job.latest, job.share) == (None, 0.0)


def test_who_waits_sees_how_many_are_ahead(gate, hands):
    for hand in hands[:2]:
        visit(hand)
    app = visit(hands[2])
    assert bars(app) == ["2 ahead of you"]
    assert app.session_state["jobs"][0].ahead == 2
    hands[0].end()
    assert hands[2].started.wait(10)
    assert bars(run(app)) == ["Counting: 0 %"]


def test_a_share_out_of_bounds_is_drawn_at_the_end(gate, hands):
    app = visit(hands[0])
    hands[0].give(1.5)
    assert bars(run(app)) == ["Counting: 100 %"]


def test_two_works_on_a_page_have_a_line_each(gate, hands):
    app = visit(*hands[:2])
    assert bars(app) == ["Counting: 0 %", "Counting: 0 %"]
    assert keys(app) == {"stop_work", "stop_work_1"}
    hands[1].give(0.5)
    click(app, "stop_work_1")
    assert shown(app) == ["None", "0.5"]
    assert keys(app) == {"stop_work", "resume_work_1"}


def test_what_the_computation_raises_stops_the_page_until_its_settings_change(gate, hands):
    app = visit(hands[0])
    end(app, hands[0], ZeroDivisionError("a bug"))
    for _ in range(2):
        app.run()
        assert len(app.exception) == 1
        assert bars(app) == []
    app.session_state["hands"] = [hands[1]]
    assert bars(run(app)) == ["Counting: 0 %"]


def test_what_takes_too_long_is_ended_and_keeps_what_was_reached(monkeypatch, gate, hands):
    clock = Clock()
    monkeypatch.setattr(work, "GATE", Gate(InProcess(2), limit=60, clock=clock))
    app = visit(hands[0])
    hands[0].give(0.34)
    app.run()
    clock.now = 4
    app.run()
    watch = app.session_state["work"]["descent", 0]
    for clock.now in range(8, 68, 4):
        watch.see()
    hands[0].end(0.4)
    assert watch.job.ended.wait(10)
    for _ in range(2):
        app.run()
        assert shown(app) == ["0.4"]
        assert "Stopped at 40 %: it took too long for this server." in [
            part.value for part in app.markdown
        ]
        assert keys(app) == set()


# Stop and go on.


def test_stop_keeps_what_was_reached_and_the_job_ends(gate, hands):
    app = visit(hands[0])
    hands[0].give(0.34)
    click(app, "stop_work")
    assert shown(app) == ["0.34"]
    assert "Stopped at 34 %." in [part.value for part in app.markdown]
    assert (bars(app), keys(app)) == ([], {"resume_work"})
    (job,) = app.session_state["jobs"]
    assert (job.done, job.stopped, job.share) == (True, True, 0.34)
    hands[0].end(0.4)
    assert shown(run(app)) == ["0.34"]


def test_my_stop_is_not_yours(gate, hands):
    mine, yours = visit(hands[0]), visit(hands[0])
    hands[0].give(0.25)
    click(mine, "stop_work")
    hands[0].give(0.5)
    assert shown(run(yours)) == ["0.5"]
    assert shown(run(mine)) == ["0.25"]
    end(yours, hands[0])
    assert shown(run(yours)) == ["0.5"]
    assert keys(run(mine)) == {"resume_work"}
    assert shown(click(mine, "resume_work")) == ["0.5"]
    assert keys(mine) == set()


def test_go_on_shows_what_was_reached_until_the_job_has_passed_it(gate, hands):
    app = visit(hands[0])
    hands[0].give(0.5)
    click(app, "stop_work")
    hands[0].end(0.6)
    hands[0].closed.clear()
    while hands[0].idle.acquire(blocking=False):
        pass
    click(app, "resume_work")
    assert (shown(app), bars(app)) == (["0.5"], ["Counting: 0 %"])
    hands[0].give(0.25)
    run(app)
    assert (shown(app), bars(app)) == (["0.5"], ["Counting: 25 %"])
    hands[0].give(0.75)
    run(app)
    assert (shown(app), bars(app)) == (["0.75"], ["Counting: 75 %"])


def test_one_can_stop_in_the_queue(gate, hands):
    for hand in hands[:2]:
        visit(hand)
    app = click(visit(hands[2]), "stop_work")
    assert (shown(app), keys(app)) == (["None"], {"resume_work"})
    assert gate.ask("you", led, hands[3]) is not None
    hands[0].end()
    assert hands[3].started.wait(10)
    assert not hands[2].started.is_set()


# Leaving.


def test_other_settings_end_the_job_of_the_old_ones(gate, hands):
    app = visit(hands[0])
    hands[0].give(0.5)
    job = app.session_state["work"]["descent", 0].job
    app.session_state["hands"] = [hands[1]]
    assert shown(run(app)) == ["None"]
    hands[0].end(0.6)
    assert job.ended.wait(10)
    assert job.abandoned
    app.session_state["hands"] = [hands[0]]
    assert shown(run(app)) == ["None"]


def test_a_job_that_was_given_up_while_its_page_was_hidden_is_asked_for_again(gate, hands):
    app = visit(hands[0])
    hands[0].give(0.5)
    run(app)
    watch = app.session_state["work"]["descent", 0]
    old = watch.job
    gate.leave(watch.who, old)  # as after some seconds unseen
    hands[0].end(0.6)
    assert old.ended.wait(10)
    assert watch.has_news()
    run(app)
    assert watch.job is not old
    assert shown(app) == ["0.5"]


def test_a_session_holds_no_finished_result(gate, hands):
    app = visit(hands[0])
    hands[0].give(1.0)
    end(app, hands[0])
    run(app)
    watch = app.session_state["work"]["descent", 0]
    assert watch.job is watch.shown is None
    assert shown(run(app)) == ["1.0"]


# When a page is asked to run again.


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(work, "time", SimpleNamespace(monotonic=clock))
    monkeypatch.setattr(work, "COURTESY", Courtesy())  # nobody else's pages run
    return clock


@pytest.fixture
def watch(gate, hands, clock):
    watch = Watch(("me", "descent", 0), led, (hands[0],))
    watch.share_of = float
    watch.look()
    return watch


def test_the_first_result_is_news_at_once_and_further_ones_now_and_then(watch, hands, clock):
    assert not watch.has_news()
    hands[0].give(0.1)
    assert watch.has_news()
    watch.look()
    hands[0].give(0.2)
    assert not watch.has_news()
    clock.now = REDRAW
    assert watch.has_news()
    watch.look()
    assert not watch.has_news()  # nothing new


def test_in_a_rush_of_others_pages_further_results_are_seldom_news(
    watch, hands, clock, monkeypatch
):
    hands[0].give(0.1)
    watch.look()
    monkeypatch.setattr(work, "COURTESY", SimpleNamespace(rush=0.5))
    hands[0].give(0.2)
    clock.now = REDRAW * (1 + CROWD / 2) - 0.01
    assert not watch.has_news()
    clock.now += 0.02
    assert watch.has_news()


def test_the_end_is_news_at_once_and_until_the_page_runs_seldom(watch, hands, clock):
    hands[0].give(0.1)
    watch.look()
    job = watch.job
    hands[0].end()
    assert job.ended.wait(10)
    assert watch.has_news()
    watch.asked_at = clock.now
    assert not watch.has_news()
    clock.now += HEARD  # the page never ran
    assert watch.has_news()
    assert watch.look().done


@pytest.mark.parametrize("error", [ZeroDivisionError("a bug"), ValueError("expected less")])
def test_what_the_computation_raised_is_raised_at_every_look(watch, hands, error):
    job = watch.job
    hands[0].end(error)
    assert job.ended.wait(10)
    assert watch.has_news()
    depths = set()
    for _ in range(3):
        with pytest.raises(type(error)) as raised:
            watch.look()
        assert raised.value is error
        depths.add(len(raised.traceback))
    assert len(depths) == 1  # which holds no page of before


def test_a_stop_is_news(watch, hands):
    watch.stop()
    assert watch.has_news()
    assert watch.look().stopped


def test_a_stop_too_late_is_none(watch, hands):
    hands[0].give(1.0)
    job = watch.job
    hands[0].end()
    assert job.ended.wait(10)
    watch.stop()
    assert not watch.stopped
    assert watch.look().latest == 1.0


def test_a_job_begun_again_is_no_news_before_it_has_passed_what_is_shown(watch, hands, clock):
    watch.shown = 0.5
    clock.now = 2 * REDRAW
    hands[0].give(0.4)
    assert not watch.has_news()
    hands[0].give(0.6)
    assert watch.has_news()


# A poll that the browser sent before it heard of the page's last run.


def late_page():
    import streamlit as st

    from dlviz import ui

    lab = ui.lab("descent")
    lab.config()
    brought = st.session_state["brought"]
    st.session_state.update(brought)
    if "address" in brought:
        st.query_params.from_dict({"lr": "0.7"})
        st.session_state["address"] = {"lr": "0.2"}
    st.session_state["late"] = [lab.undo_late_poll(), lab.undo_late_poll()]


@pytest.mark.parametrize(
    ("brought", "late"),
    [
        ({}, [False, False]),
        ({"lr": 0.7, "scene": "cycle"}, [True, False]),
        ({"address": {}}, [True, True]),
    ],
)
def test_old_settings_that_a_poll_brings_along_are_undone(brought, late):
    app = AppTest.from_function(late_page, default_timeout=60)
    app.session_state["routed"] = True
    app.session_state["brought"] = brought
    run(app)
    assert app.session_state["late"] == late
    assert app.session_state["lr"] == 0.1
    assert app.session_state["scene"] != "cycle"
