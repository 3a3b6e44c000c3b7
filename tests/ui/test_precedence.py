"""The picture goes first: what is kept back meanwhile, in which order it comes, and when."""

import time

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dlviz.ui import precedence
from dlviz.ui.precedence import Precedence

STAGE = [0, 1, 0, 0]


def element(*path, text=""):
    message = ForwardMsg()
    message.delta.new_element.markdown.body = text
    message.metadata.delta_path[:] = path
    return message


def poll():
    message = ForwardMsg()
    message.auto_rerun.interval = 0.2
    return message


@pytest.fixture
def sent():
    return []


@pytest.fixture
def moment(monkeypatch):
    monkeypatch.setattr(precedence, "MOMENT", 0.3)
    return 0.3


@pytest.fixture
def run(sent):
    return Precedence(sent.append)


def test_without_a_picture_nothing_waits(run, sent, moment):
    messages = [element(0, 0), poll(), element(0, 1)]
    for i, message in enumerate(messages):
        run.hear(message)
        assert sent == messages[: i + 1]
    run.is_out()  # of a page that prefers nothing
    began = time.monotonic()
    run.rest()
    assert time.monotonic() - began < moment / 2


def test_the_picture_overtakes_what_was_said_before_it(run, sent):
    layout = element(0, 1)
    control, note, picture = element(0, 2, 0), element(*STAGE, 0), element(*STAGE, 1)
    run.hear(layout)
    run.prefer(STAGE)
    for message in (control, note, picture):
        run.hear(message)
    assert sent == [layout, note, picture]
    run.end()
    assert sent == [layout, note, picture, control]


def test_after_the_picture_all_waits_and_keeps_its_order(run, sent):
    run.prefer(STAGE)
    picture = element(*STAGE, 0)
    rest = [element(0, 2, 0), element(*STAGE, 1, text="caption"), poll(), element(0, 2, 1)]
    run.hear(picture)
    run.is_out()
    for message in rest:
        run.hear(message)
    assert sent == [picture]
    run.end()
    assert sent == [picture, *rest]
    run.hear(poll())
    assert sent[-1] == poll()  # nothing waits any more


def test_what_asks_for_a_part_of_the_page_waits_with_that_part(run, sent):
    run.prefer(STAGE)
    run.hear(poll())
    run.hear(element(*STAGE, 0))
    assert [message.WhichOneof("type") for message in sent] == ["delta"]


def test_the_browser_gets_a_moment_from_when_the_picture_is_out(run, moment):
    run.prefer(STAGE)
    run.is_out()
    began = time.monotonic()
    run.rest()
    assert moment - 0.05 <= time.monotonic() - began < moment + 1
    began = time.monotonic()
    run.rest()  # it has had it
    assert time.monotonic() - began < moment / 2
