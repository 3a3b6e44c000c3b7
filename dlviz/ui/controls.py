"""Controls that set one field of the Config each; the field's name is the control's key."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import floor, log10
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlviz.lessons import Lesson
from dlviz.ui.address import defaults, encode

LONGEST = 200  # characters of a typed line


class Controls:
    """The controls of a page; a part of ``frame.Lab``."""

    state: Any
    lesson: Lesson
    notes: list[str]
    _under_text: DeltaGenerator | None = None

    def __getitem__(self, field: str) -> Any:
        return self.state[field]

    def _keep_within(self, field: str, fits: bool) -> None:
        """Go back to the default of a setting that no control could have made, and say so."""
        if not fits:
            self.state[field] = defaults(self.lesson)[field]
            self.notes.append(
                f"“{field}” in the link is out of range: {encode(self.state[field])} is used."
            )

    def choice(
        self,
        field: str,
        label: str,
        names: Mapping[str, str],
        changed: Callable[[], None] | None = None,
    ) -> str:
        """Choose one of ``names`` (value -> words) from a list; ``changed`` hears of a new one."""
        self._keep_within(field, self.state[field] in names)
        words = names.__getitem__
        st.selectbox(label, list(names), format_func=words, key=field, on_change=changed)
        return str(self.state[field])

    def segments(self, field: str, label: str, names: Mapping[str, str]) -> str:
        """Choose one of a few ``names`` (value -> words) side by side."""
        self._keep_within(field, self.state[field] in names)
        st.segmented_control(
            label, list(names), format_func=names.__getitem__, key=field, required=True
        )
        return str(self.state[field])

    def slider(self, field: str, label: str, low: float, high: float, step: float = 1) -> Any:
        """Set a number within the ends."""
        kind = type(self.state[field])
        self._keep_within(field, low <= self.state[field] <= high)
        digits = max(0, -floor(log10(step)))
        shown = "%d" if kind is int else f"%.{digits}f"
        st.slider(label, kind(low), kind(high), step=kind(step), format=shown, key=field)
        return self.state[field]

    def toggle(self, field: str, label: str, help: str | None = None) -> bool:
        """Switch something on or off."""
        return bool(st.toggle(label, key=field, help=help))

    def text(self, field: str, label: str, placeholder: str = "", help: str | None = None) -> str:
        """Type a line; what is wrong with it will be said under it."""
        self._keep_within(field, len(self.state[field]) <= LONGEST)
        st.text_input(label, key=field, placeholder=placeholder, help=help, max_chars=LONGEST)
        self._under_text = st.container()
        return str(self.state[field])

    def refuse(self, sentence: str) -> None:
        """Say what is wrong, under the last text field; what the user typed stays."""
        place = self._under_text or st.container()
        place.error(sentence[:1].upper() + sentence[1:], icon=":material/edit:")

    def numbers(
        self, field: str, labels: tuple[str, ...], low: float, high: float
    ) -> tuple[float, ...]:
        """Set each part of a tuple of numbers by keyboard."""
        self._keep_within(field, all(low <= value <= high for value in self.state[field]))
        values = self.state[field]
        keys = [f"{field}_{i}" for i in range(len(labels))]

        def take() -> None:
            typed = [self.state[key] for key in keys]
            self.state[field] = (*typed, *self.state[field][len(typed):])  # fmt: skip

        for column, label, key, value in zip(
            st.columns(len(labels)), labels, keys, values, strict=False
        ):
            self.state[key] = float(value)
            column.number_input(label, low, high, key=key, step=0.1, format="%.6g", on_change=take)
        return tuple(self.state[field])

    @contextmanager
    def side_by_side(self) -> Iterator[None]:
        """Place the controls that follow in one row."""
        with st.container(horizontal=True, wrap=False, gap="small"):
            yield

    @contextmanager
    def more(self) -> Iterator[None]:
        """Place what follows behind "More"."""
        with st.popover("More", icon=":material/tune:", width="stretch", key="more"):
            yield
