"""Visit pages through app.py, as a browser does; read and use what they show."""

import json
import struct
import zlib
from functools import cache
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from dlviz.ui.house import ROOT
from tests.test_scene import references, unpack

PAGES = sorted(file.stem for file in (ROOT / "pages").glob("*.py"))
# Where a lab's default trains for seconds, a walk over all its controls begins with a short run.
SHORT = {
    "landscape": {"steps": "10", "width": "2"},
    "gan": {"steps": "10", "length": "0.1"},
    "embedding": {"n": "100", "iterations": "20"},
    "boundary": {"epochs": "20"},
    "filters": {"epochs": "1"},
    "adversarial": {"epochs": "1"},
    "defend": {"epochs": "2"},
}
LABS = [page for page in PAGES if page != "home"]


@cache
def _home() -> AppTest:
    return _app().run()


def _app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def visit(page: str, **params: str) -> AppTest:
    """Open a page with parameters in its address."""
    app = _app()
    if page != "home":
        app._registered_pages = _home()._registered_pages  # so that it need not be at home first
        app.switch_page(f"pages/{page}.py")
    return reopen(app, **params)


def reopen(app: AppTest, **params: str) -> AppTest:
    """Go to another address of the same page."""
    app.query_params = dict(params)
    return app.run()


def params(app: AppTest) -> dict[str, str]:
    """Return the parameters in the address, none of which occurs twice."""
    return {name: value if isinstance(value, str) else value[0]
            for name, value in app.query_params.items()}  # fmt: skip


def players(app: AppTest) -> dict[str, Any]:
    """Return the players on a page by key."""
    parts = app.get("bidi_component")
    return {part.key: part for part in parts if part.proto.component_name == "dlviz_player"}


def shown(app: AppTest, key: str = "player") -> tuple[dict[str, Any], bytes]:
    """Return what a player was sent: the session's options and the packed scene."""
    sent = players(app)[key].proto.bytes
    (length,) = struct.unpack("<I", sent[4:8])
    return json.loads(sent[8 : 8 + length]), zlib.decompress(sent[8 + length :])


def picture(app: AppTest, key: str = "player") -> tuple[dict[str, Any], Any]:
    """Return a player's scene: its header, and a function from a reference to an array."""
    return unpack(shown(app, key)[1])


def layers(app: AppTest, panel: str, kind: str) -> list[dict[str, Any]]:
    """Return the layers of one kind on a panel of the main picture, arrays filled in."""
    header, array = picture(app)
    part = next(p for p in header["panels"] if p["name"] == panel)
    return [
        {**layer, **{name: array(at) for name, at in layer["arrays"].items()}}
        for layer in part["layers"]
        if layer["kind"] == kind
    ]


def turn(app: AppTest) -> float:
    """Return the value of the knob at which the player was set."""
    options, packed = shown(app)
    return unpack(packed)[0]["knob"]["values"][options["turn"]]


def say(app: AppTest, event: str, value: Any) -> AppTest:
    """Run the page again after an event of its player, which AppTest has no part for."""
    states = app._tree.get_widget_states()
    heard = WidgetState()
    heard.id = _make_trigger_id(players(app)["player"].proto.id, "events")
    heard.json_trigger_value = json.dumps([{"event": event, "value": value}])
    states.widgets.append(heard)
    return app._run(states)


def text(app: AppTest) -> str:
    """Return all words of a page that are not controls."""
    kinds = (app.title, app.markdown, app.caption, app.error, app.success, app.info, app.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def check(app: AppTest, doing: str = "") -> AppTest:
    """Assert that a page ran, and that what its players show can be drawn."""
    assert not app.exception, f"{doing}: {[error.message for error in app.exception]}"
    for key in players(app):
        header, array = picture(app, key)
        assert header["panels"], doing
        for reference in references(header):
            array(reference)
        for panel in header["panels"]:
            assert panel["x"]["low"] < panel["x"]["high"], doing
            assert panel["y"]["low"] < panel["y"]["high"], doing
    return app
