"""The settings of a page: in the session, in the URL, and as a checked Config."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dlviz.lessons import Lesson
from dlviz.ui import address

# What a page keeps in its URL beside the settings: the scene it came from, presenter mode, a
# pinned run, a branch, the challenges met.
PAGE_PARAMS = ("scene", "present", "pin", "branch", "done")


class Settings:
    """Values of all fields of the Config, and of the views; a part of ``frame.Lab``.

    The session holds each under the field's own name, which is also the key of its control and
    its parameter in the URL. ``config`` turns them into a Config and writes the URL; a link, a
    reload or the back button goes the other way.
    """

    state: Any
    lesson: Lesson
    at_scene: bool

    def refuse(self, sentence: str) -> None:
        """Say what is wrong with a setting (``Controls``)."""
        raise TypeError("expected a Lab")

    def _follow_url(self) -> list[str]:
        """Take the settings from the URL where it is not what this page last wrote there."""
        params = st.query_params.to_dict()
        heard = self.state.pop("heard", False)
        if self.state.get("address") == params or self._is_late(params, heard):
            for name, value in self.state["settings"].items():
                self.state.setdefault(name, value)  # of a control that had left the page
            polled = self.state.pop("polled", False)  # nobody did anything: what was said stays
            return list(self.state.get("notes", [])) if polled else []
        self.state.update({"address": params, "written": []})
        settings, notes = address.read(params, self.lesson)
        first = "" if settings or notes else self.lesson.scenes[0].slug
        scene = self.lesson.scene(params.get("scene", first))
        if scene and not settings:
            settings = dict(scene.settings)
        elif "scene" in params and not scene:
            notes.append("The link names a scene that is not here.")
        self.state.update({name: params.get(name, "") for name in PAGE_PARAMS})
        self.state["scene"] = scene.slug if scene else ""
        self.set(settings, keep_others=False)
        self.state.update({"asked": None, "restart": True})
        return notes

    def _is_late(self, params: Mapping[str, str], heard: bool) -> bool:
        """Tell whether the browser sent an address of before along with something newly set.

        What is dragged fast overtakes the address that the page writes; the back button does not
        set anything. ``heard`` says that a player spoke, if only to repeat itself.
        """
        known = self.state.get("settings", {}) | self.state.get("page_settings", {})
        fresh = heard or any(self.state.get(name, value) != value for name, value in known.items())
        return fresh and self.state.get("address") is not None and params in self.state["written"]

    def undo_late_poll(self) -> bool:
        """Tell whether the browser polled before it heard of the last run; undo what that did.

        A poll brings along the values of all controls and the address, as the browser has them.
        """
        known = {**self.state["settings"], **self.state["page_settings"]}
        undone = {name: v for name, v in known.items() if self.state.get(name, v) != v}
        self.state.update(undone)
        return bool(undone) or self.state["address"] != st.query_params.to_dict()

    def put_address(self, params: dict[str, str]) -> None:
        """Write the URL, and remember what was written."""
        if params != self.state["address"]:
            self.state["written"] = [*self.state["written"], self.state["address"]][-8:]
            self.state["address"] = params
        if params != st.query_params.to_dict():
            st.query_params.from_dict(params)

    def _write_url(self, settings: Mapping[str, Any]) -> None:
        differing = address.differing(settings, self.lesson)
        scene = self.lesson.scene(self.state["scene"])
        self.at_scene = bool(
            scene and settings == {**address.defaults(self.lesson), **scene.settings}
        )
        if self.at_scene:
            differing = {}  # the scene's name says it all
        elif not differing:
            self.state["scene"] = ""  # or a reload would take the scene for what is meant
        page = {name: self.state[name] for name in PAGE_PARAMS if self.state[name]}
        params = {**page, **differing}
        if params == {"scene": self.lesson.scenes[0].slug}:
            params = {}  # the bare address is the first scene
        self.put_address(params)

    def set(self, settings: Mapping[str, Any], *, keep_others: bool = True) -> None:
        """Give settings new values; without ``keep_others`` all the rest go back to defaults."""
        base = {} if keep_others else address.defaults(self.lesson)
        for name, value in {**base, **settings}.items():
            self.state[name] = value

    def config(self) -> Any:
        """Return the Config of all settings; the last good one where they are refused."""
        settings = {name: self.state[name] for name in address.defaults(self.lesson)}
        self.state["settings"] = settings
        fields = {name: value for name, value in settings.items() if name not in self.lesson.views}
        try:
            config = self.lesson.config(**fields)
        except ValueError as refused:
            self.refuse(str(refused))
            good = self.state.get("good")
            config = good if isinstance(good, self.lesson.config) else self.lesson.config()
            self.state["good"] = config
        else:
            self.state["good"] = config
            self._write_url(settings)
        self.state["page_settings"] = {name: self.state[name] for name in PAGE_PARAMS[:-1]}
        return config

    def turn_to_nearest(self, knob: str, values: tuple[float, ...]) -> None:
        """Let a knob that a link has set between two of its turns take the nearer one."""
        asked = self.state[knob]
        if asked not in values:
            self.state[knob] = type(asked)(min(values, key=lambda turn: abs(turn - asked)))
