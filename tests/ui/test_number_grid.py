"""The grid of number fields on a page: what it is told, and what becomes of what is typed."""

import json

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from dlviz.ui.number_grid import NumberGrid

    lab = NumberGrid()
    lab.state = st.session_state
    st.session_state.setdefault("weights", (9.0,))

    def heard():
        st.session_state["told"] = st.session_state["weights"]

    lab.number_grid("weights", "Weights", (1.0, -0.5, 0.0, 2.0), 2, -9, 9, heard)


def opened():
    return AppTest.from_function(page, default_timeout=30).run()


def say(app, values):
    states = app._tree.get_widget_states()
    heard = WidgetState()
    (part,) = app.get("bidi_component")
    heard.id = _make_trigger_id(part.proto.id, "events")
    heard.json_trigger_value = json.dumps([{"event": "type", "value": values}])
    states.widgets.append(heard)
    return app._run(states)


def test_the_fields_are_told_what_to_show():
    app = opened()
    assert not app.exception
    (part,) = app.get("bidi_component")
    sent = json.loads(part.proto.json)
    assert (sent["values"], sent["rows"], sent["columns"]) == ([1.0, -0.5, 0.0, 2.0], 2, 2)
    assert (sent["low"], sent["high"], sent["label"]) == (-9, 9, "Weights")


def test_what_is_typed_is_the_setting_and_is_told():
    app = say(opened(), [1.0, -0.5, 7, 2.0])
    assert app.session_state["weights"] == app.session_state["told"] == (1.0, -0.5, 7.0, 2.0)
    assert app.session_state["heard"]


@pytest.mark.parametrize(
    "values",
    [[1.0], [1.0, 2.0, 3.0, 10.0], [1, 2, 3, "x"], [1, 2, 3, None], None, 7, [1, 2, 3, 1e400]],
)
def test_what_makes_no_sense_changes_nothing(values):
    app = say(opened(), values)
    assert not app.exception
    assert app.session_state["weights"] == (9.0,)
    assert "told" not in app.session_state
