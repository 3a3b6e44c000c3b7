"""The player on a page: mounts the canvas component and hears what it says.

Raw bytes travel only as the component's whole ``data``, so the few options of a session are put
in front of the packed scene, which is shared by everyone who looks at the same thing.
"""

import json
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from dlviz.scene import Scene
from dlviz.ui.house import ASSETS

SCRIPTS = (
    "player-draw.js", "player-net.js", "player-regions.js", "player-tracks.js", "player-cells.js",
    "player-gif.js", "player-controls.js", "player-hand.js", "player-cnn.js", "player-mesh.js",
    "player-cloud.js", "player-stack.js",
)  # fmt: skip
EVENTS = ("knob", "pick", "scene", "present", "branch", "paint", "edit")
Hear = Callable[[str, Any], None]


@cache
def _component() -> Any:
    return st.components.v2.component(
        "dlviz_player",
        html='<div class="dlviz"></div>',
        css=(ASSETS / "player.css").read_text("utf-8"),
        js="\n".join((ASSETS / name).read_text("utf-8") for name in SCRIPTS),
    )


def squeeze(scene: Scene) -> bytes:
    """Return a scene packed and deflated: what a page keeps and every visitor is sent."""
    return zlib.compress(scene.pack(), level=1)


def with_options(options: dict[str, Any], squeezed: bytes) -> bytes:
    """Return a squeezed scene with a session's options before it."""
    text = json.dumps(options, allow_nan=False).encode()
    return b"DLVP" + struct.pack("<I", len(text)) + text + squeezed


def show(scene: bytes, *, key: str, hear: Hear, value: float | None, values: tuple[float, ...],
         restart: bool = False, **options: Any) -> None:  # fmt: skip
    """Mount a player.

    Parameters
    ----------
    scene : what ``squeeze`` returns
    key : names the player on its page
    hear : called with an event's name and value, before the page runs again
    value, values : the knob's value as the page has it, and all its values
    restart : play from the start, as for a new scene
    options : ``main`` (keys work on the whole page), ``autoplay``, ``at_end`` (begin at the last
        frame, paused), ``presenting``, ``alone``,
        ``branch`` (offer to branch), ``name`` (for saved files), ``growing`` (more frames are on
        their way), ``brush`` (paint points of this class, −1 erases), ``edits`` (of weights)
    """
    memory = st.session_state.setdefault(f"{key} memory", {"serial": 0, "value": None, "turn": 0})
    if restart or value != memory["value"]:  # not the player's own doing: it must be told
        turn = values.index(value) if value is not None else 0
        memory.update(serial=memory["serial"] + 1, value=value, turn=turn)

    def heard(event: str) -> None:
        said = st.session_state[key][event]
        st.session_state["heard"] = True
        if event == "knob":
            memory["value"] = said
        hear(event, said)

    asked: dict[str, Any] = {
        "autoplay": True,
        "main": False,
        "presenting": False,
        "alone": False,
        "branch": False,
    }
    asked |= {"name": key, "serial": memory["serial"], "turn": memory["turn"], **options}
    _component()(
        key=key,
        data=with_options(asked, scene),
        **{f"on_{event}_change": lambda event=event: heard(event) for event in EVENTS},
    )


def draw(scene: Scene, *, key: str, **options: Any) -> None:
    """Mount a player for a small scene of the page's own, whose knob is looked at only."""
    values = scene.knob.values if scene.knob else ()
    value = values[scene.knob.index] if scene.knob else None
    show(
        squeeze(scene),
        key=key,
        hear=lambda _event, _said: None,
        value=value,
        values=values,
        **options,
    )
