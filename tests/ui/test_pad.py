"""The pad on a page: what it is told, and what becomes of what it says."""

import json
from types import SimpleNamespace

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from dlviz.ui import pad


def page():
    import streamlit as st

    from dlviz.ui.pad import Pad

    lab = Pad()
    lab.state = st.session_state
    lab.notes = []
    lab.lesson = st.session_state["lesson"]
    st.session_state["got"] = lab.pad("image", "Image", 2, 3, presets={"Line": "fff000"})
    st.session_state["notes"] = lab.notes


def opened(text=""):
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["image"] = text
    app.session_state["lesson"] = SimpleNamespace()
    return app.run()


def say(app, text):
    states = app._tree.get_widget_states()
    heard = WidgetState()
    (part,) = app.get("bidi_component")
    heard.id = _make_trigger_id(part.proto.id, "events")
    heard.json_trigger_value = json.dumps([{"event": "paint", "value": text}])
    states.widgets.append(heard)
    return app._run(states)


def told(app):
    (part,) = app.get("bidi_component")
    return json.loads(part.proto.json)


def test_the_pad_is_told_its_text_and_its_shape():
    app = opened("0f0123")
    assert not app.exception
    sent = told(app)
    assert (sent["text"], sent["rows"], sent["columns"], sent["levels"]) == ("0f0123", 2, 3, 16)
    assert sent["label"] == "Image" and not sent["soft"] and not sent["numbers"]
    assert app.session_state["got"] == "0f0123"


def test_what_is_painted_is_the_setting_and_counts_as_heard():
    app = say(opened(), "00000a")
    assert app.session_state["image"] == app.session_state["got"] == "00000a"
    assert app.session_state["heard"]
    assert told(app)["text"] == "00000a"


@pytest.mark.parametrize("text", ["0", "00000g", "0" * 784, None, 7, ["0"], {}])
def test_what_was_painted_on_another_grid_changes_nothing(text):
    app = say(opened("0f0123"), text)
    assert not app.exception
    assert app.session_state["image"] == "0f0123"


def test_buttons_paint_and_clear():
    app = opened("0f0123")
    app.button(key="line").click().run()
    assert app.session_state["image"] == told(app)["text"] == "fff000"
    app.button(key="clear_the_image").click().run()
    assert app.session_state["image"] == told(app)["text"] == ""


def test_a_text_from_a_link_that_is_no_grid_is_the_default_with_a_note(monkeypatch):
    from dlviz.ui import controls

    monkeypatch.setattr(controls, "defaults", lambda lesson: {"image": ""})
    app = opened("12345678")
    assert not app.exception
    assert app.session_state["got"] == ""
    assert len(app.session_state["notes"]) == 1


def test_pads_are_one_component():
    assert pad._component() is pad._component()
