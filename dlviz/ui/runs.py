"""Compare and branch: two runs on one picture, for every lab.

A pinned run stays in the picture while settings change. A branch goes on from one step of a run,
its trunk, with other settings. Both are part of the link.
"""

from collections.abc import Callable, Collection
from dataclasses import fields
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from dlviz.checks import check_count
from dlviz.lessons import Lesson
from dlviz.ui import address

DEFAULTS = "="  # a run that differs in nothing from the defaults


class Runs:
    """Runs beside the current one; a part of ``frame.Lab``."""

    state: Any
    lesson: Lesson
    notes: list[str]
    kind: type[Any] | None = None  # of the runs, where they are not of the page's own Config

    def run_of(self, kind: type[Any]) -> Any:
        """Return the run that the settings tell, and compare and branch runs of this kind.

        ``kind`` is a dataclass whose fields are names of settings, with defaults other than
        those of a page where they have to be told. Call it after ``config``.

        Raises
        ------
        ValueError
            If the settings make no sense for it.
        """
        self.kind = kind
        return kind(**{name: self.state[name] for name in _names(kind)})

    def put_address(self, params: dict[str, str]) -> None:
        """Write the URL (``Settings``)."""
        raise TypeError("expected a Lab")

    def compare(self, config: Any) -> Any | None:
        """Offer to pin the run of ``config``; return the pinned run, if any, of the same kind."""
        pinned = self._pinned()
        if pinned is None:
            st.button("Pin this run", key="pin_run", icon=":material/keep:", width="stretch",
                      help="Keep it in the picture and compare it with others",
                      on_click=self._put, args=("pin", self._told(config)))  # fmt: skip
        else:
            st.button("Unpin", key="unpin_run", icon=":material/keep_off:", width="stretch",
                      on_click=self._put, args=("pin", ""))  # fmt: skip
        return pinned

    def _pinned(self) -> Any | None:
        text = self.state["pin"]
        if not text:
            return None
        try:
            return self._config_of(text)
        except ValueError:
            self.notes.append("The pinned run in the link makes no sense here.")
            self._forget("pin")
            return None

    def branch(
        self, last: Callable[[Any], int], fixed: Collection[str] = ()
    ) -> tuple[int, Any] | None:
        """Return the step at which the run branched, and the Config of the run before: the trunk.

        The branch ends, with a note, where it makes no sense any more. Call it after ``config``.

        Parameters
        ----------
        last : tells the last step of the run of a Config; trunk and branch must both come to
            the step
        fixed : the settings that no branch can change
        """
        if not self.state["branch"]:
            return None
        try:
            step, trunk = self._branched()
            current = self._now()
            for config in (trunk, current):
                check_count("step", step, 0, last(config))
        except ValueError:
            self.end_branch("There is no such step to branch at.")
            return None
        if any(getattr(trunk, name) != getattr(current, name) for name in fixed):
            self.end_branch("The branch has ended: its run began otherwise.")
            return None
        st.button(f"End the branch at step {step}", key="end_branch", icon=":material/call_merge:",
                  width="stretch", on_click=self._put, args=("branch", ""))  # fmt: skip
        return step, trunk

    def _branched(self) -> tuple[int, Any]:
        step, _, trunk = self.state["branch"].partition(",")
        return int(step), self._config_of(trunk)

    def branch_at(self, step: int, **settings: Any) -> None:
        """Make the run as it is set now the trunk, and go on from one of its steps.

        ``settings`` are changed from there on.
        """
        self._put("branch", f"{step},{self._told(self._now())}")
        self.state.update(settings)

    def end_branch(self, why: str = "") -> None:
        """Forget the branch; ``why`` is said on the page, unless a control's change says it."""
        if why:
            self.notes.append(why)
            self._forget("branch")
        else:
            self._put("branch", "")

    def tie(self, field: str, to: Any) -> None:
        """Take a setting back to its default once what it is about has become another.

        Call it before ``config``. A link or a scene that brings both along is none of that.
        """
        value, usual = self.state[field], address.defaults(self.lesson)[field]
        if self.state.get(f"{field} tied", (value, to)) == (value, to):
            self.state[f"{field} tied"] = (value, to)
            return
        before, _ = self.state[f"{field} tied"]
        if before == value:
            self.state[field] = usual
        self.state[f"{field} tied"] = (self.state[field], to)

    # ------------------------------------------------------------ runs as text

    def _now(self) -> Any:
        """Return the run as it is set, also before the page has run with it."""
        kept = self.state["settings"]  # of controls that have left the page, too
        kind = self.kind or self.lesson.config
        settings = {name: self.state.get(name, kept[name]) for name in _names(kind)}
        try:
            return kind(**settings)
        except ValueError:
            return self.state["good"]

    def _told(self, run: Any) -> str:
        told = address.differing({**address.defaults(self.lesson), **vars(run)}, self.lesson)
        return urlencode(told, safe=",") or DEFAULTS

    def _config_of(self, text: str) -> Any:
        """Return the run that a text tells.

        Raises
        ------
        ValueError
            If it makes no sense, or tells of another kind of runs.
        """
        kind = self.kind or self.lesson.config
        settings, notes = address.read(dict(parse_qsl(text)), self.lesson)
        if notes or not set(settings) <= set(_names(kind)) or not (settings or text == DEFAULTS):
            raise ValueError(text)
        return kind(**settings)

    def _put(self, name: str, text: str) -> None:
        self.state[name] = text

    def _forget(self, name: str) -> None:
        """Forget what makes no sense, after the page's address has been written with it."""
        self._put(name, "")
        self.state["page_settings"][name] = ""
        self.put_address({k: v for k, v in self.state["address"].items() if k != name})


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in fields(kind)]
