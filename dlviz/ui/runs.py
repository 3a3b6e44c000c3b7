"""Compare and branch: two runs on one picture, for every lab.

A pinned run stays in the picture while settings change. A branch goes on from one step of a run
with another value of the knob. Both are part of the link.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from dlviz.checks import check_count
from dlviz.lessons import Lesson
from dlviz.ui import address

DEFAULTS = "="  # a pinned run that differs in nothing from the defaults


class Runs:
    """Runs beside the current one; a part of ``frame.Lab``."""

    state: Any
    lesson: Lesson
    notes: list[str]

    def compare(self, config: Any) -> Any | None:
        """Offer to pin the run of ``config``; return the Config of the pinned run, if any."""
        pinned = self._pinned()
        if pinned is None:
            now = urlencode(address.differing(vars(config), self.lesson, views=False), safe=",")
            st.button("Pin this run", key="pin_run", icon=":material/keep:", width="stretch",
                      help="Keep it in the picture and compare it with others",
                      on_click=self._put, args=("pin", now or DEFAULTS))  # fmt: skip
        else:
            st.button("Unpin", key="unpin_run", icon=":material/keep_off:", width="stretch",
                      on_click=self._put, args=("pin", ""))  # fmt: skip
        return pinned

    def _pinned(self) -> Any | None:
        text = self.state["pin"]
        if not text:
            return None
        settings, notes = address.read(dict(parse_qsl(text)), self.lesson)
        fields = {k: v for k, v in settings.items() if k not in self.lesson.views}
        try:
            if notes or not (fields or text == DEFAULTS):
                raise ValueError(text)
            return self.lesson.config(**fields)
        except ValueError:
            self.notes.append("The pinned run in the link makes no sense here.")
            self._put("pin", "")
            return None

    def branch(self, knob: str, last: int) -> tuple[int, float] | None:
        """Return the step at which the run is branched, at most ``last``, and the knob before."""
        step, _, before = self.state["branch"].partition(",")
        if not self.state["branch"]:
            return None
        try:
            at, value = int(step), float(before)
            self.lesson.config(**{knob: value})
            check_count("step", at, 0, last)
        except ValueError:
            self.notes.append("There is no such step to branch at.")
            self.end_branch()
            return None
        st.button(f"End the branch at step {at}", key="end_branch", icon=":material/call_merge:",
                  width="stretch", on_click=self._put, args=("branch", ""))  # fmt: skip
        return at, value

    def end_branch(self) -> None:
        """Forget the branch: what it goes on from is no more."""
        self._put("branch", "")

    def _put(self, name: str, text: str) -> None:
        self.state[name] = text
