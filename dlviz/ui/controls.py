"""Controls that set one field of the Config each; the field's name is the control's key.

The session's value is also given as the default: where the page runs twice before a slow browser
has drawn a control, only the default reaches it. ``.streamlit/config.toml`` says that it is meant.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
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
    stage_place: DeltaGenerator
    _under_text: DeltaGenerator | None = None

    def __getitem__(self, field: str) -> Any:
        return self.state[field]

    def _keep_within(self, field: str, fits: bool, names: Collection[Any] = ()) -> None:
        """Go back to the default of a setting that no control could have made, and say so.

        Where the default is none of the ``names`` that there are, the first of them does.
        """
        if not fits:
            usual = defaults(self.lesson)[field]
            self.state[field] = next(iter(names)) if names and usual not in names else usual
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
        self._keep_within(field, self.state[field] in names, names)
        words = names.__getitem__
        index = list(names).index(self.state[field])
        st.selectbox(label, list(names), index, words, key=field, on_change=changed)
        return str(self.state[field])

    def segments(self, field: str, label: str, names: Mapping[str, str]) -> str:
        """Choose one of a few ``names`` (value -> words) side by side."""
        self._keep_within(field, self.state[field] in names, names)
        st.segmented_control(
            label, list(names), format_func=names.__getitem__, key=field, required=True,
            default=self.state[field],
        )  # fmt: skip
        return str(self.state[field])

    def slider(self, field: str, label: str, low: float, high: float, step: float = 1) -> Any:
        """Set a number within the ends."""
        kind = type(self.state[field])
        self._keep_within(field, low <= self.state[field] <= high)
        digits = max(0, -floor(log10(step)))
        shown = "%d" if kind is int else f"%.{digits}f"
        value = self.state[field]
        if low == high:
            st.markdown(f"{label}: {shown % value}")  # there is nothing to choose
            return value
        st.slider(label, kind(low), kind(high), value, step=kind(step), format=shown, key=field)
        return self.state[field]

    def toggle(self, field: str, label: str, help: str | None = None) -> bool:
        """Switch something on or off."""
        return bool(st.toggle(label, self.state[field], key=field, help=help))

    def text(
        self,
        field: str,
        label: str,
        placeholder: str = "",
        help: str | None = None,
        most: int = LONGEST,
    ) -> str:
        """Type a line of at most so many characters; what is wrong will be said under it."""
        self._keep_within(field, len(self.state[field]) <= most)
        value = self.state[field]
        st.text_input(label, value, most, key=field, placeholder=placeholder, help=help)
        self._under_text = st.container()
        return str(self.state[field])

    def refuse(self, sentence: str) -> None:
        """Say what is wrong, under the last text field; what the user typed stays.

        Without a text field it is said at the top of the stage, whose picture stays as it was.
        """
        place = self._under_text or self.stage_place
        place.error(sentence[:1].upper() + sentence[1:], icon=":material/edit:")

    def numbers(
        self, field: str, labels: tuple[str, ...], low: float, high: float
    ) -> tuple[Any, ...]:
        """Set each part of a tuple of numbers by keyboard; all whole, or none."""
        kind = type(defaults(self.lesson)[field][0])
        self._keep_within(field, all(low <= value <= high for value in self.state[field]))
        values = self.state[field]
        keys = [f"{field}_{i}" for i in range(len(labels))]

        def take() -> None:
            typed = [self.state[key] for key in keys]
            self.state[field] = (*typed, *self.state[field][len(typed):])  # fmt: skip

        for column, label, key, value in zip(
            st.columns(len(labels)), labels, keys, values, strict=False
        ):
            self.state[key] = kind(value)
            step, shown = (1, "%d") if kind is int else (0.1, "%.6g")
            column.number_input(
                label,
                kind(low),
                kind(high),
                kind(value),
                key=key,
                step=step,
                format=shown,
                on_change=take,
            )
        return tuple(self.state[field])

    def rows(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Place controls given as data: the name of a method here, then what it takes."""
        for kind, *args in rows:
            getattr(self, kind)(*args)

    def menus(self, menus: Mapping[str, Iterable[tuple[Any, ...]]]) -> None:
        """Place rows of controls behind a button each, side by side: its name -> ``rows``."""
        with self.side_by_side():
            for label, rows in menus.items():
                with self.more(label):
                    self.rows(rows)

    def button(self, label: str, help: str, settings: Mapping[str, Any]) -> None:
        """Give settings new values at a press; ``help`` says what for."""
        st.button(label, help=help, key=label.lower().replace(" ", "_"), width="stretch",
                  on_click=self.state.update, args=(dict(settings),))  # fmt: skip

    def point(self, label: str, put: Callable[[float, float], None], span: float) -> None:
        """Put a point within [-span, span]² by keyboard, where the mouse would paint it."""
        keys = ("point_x", "point_y")
        with st.popover(label, key="point", width="stretch"):
            for key, name in zip(keys, ("x₁", "x₂"), strict=True):
                st.number_input(name, -span, span, 0.0, key=key, step=0.5, format="%.6g")
            st.button("Put", key="put", on_click=lambda: put(*(self.state[key] for key in keys)))

    def each(self, field: str, label: str, names: Mapping[str, str], of: str) -> None:
        """Choose one of ``names`` for each part of the field ``of``: words with commas between."""
        count = len(self.state[of])
        if not count:
            return
        parts = self.state[field].split(",")
        parts = [*parts, *[parts[-1]] * count][:count]

        def take() -> None:
            chosen = [self.state[f"{field}_{i}"] for i in range(count)]
            self.state[field] = chosen[0] if len(set(chosen)) == 1 else ",".join(chosen)

        for i, part in enumerate(parts):
            self.state[f"{field}_{i}"] = part
            st.selectbox(label.format(i + 1), list(names), list(names).index(part),
                         names.__getitem__, key=f"{field}_{i}", on_change=take)  # fmt: skip

    def several(
        self, field: str, label: str, names: Mapping[str, str], most: int | None = None
    ) -> tuple[str, ...]:
        """Choose one to ``most`` of ``names`` (value -> words); they stay in that order."""
        chosen = self.state[field]
        self._keep_within(field, set(chosen) <= set(names) and len(chosen) <= (most or len(names)))
        key = f"{field}_several"

        def take() -> None:
            chosen = tuple(name for name in names if name in self.state[key])
            fits = 1 <= len(chosen) <= (most or len(names))
            self.state[field] = chosen if fits else self.state[field]

        self.state[key] = list(self.state[field])
        st.pills(label, list(names), format_func=names.__getitem__, selection_mode="multi",
                 default=self.state[key], key=key, on_change=take)  # fmt: skip
        return tuple(self.state[field])

    def widths(
        self, field: str, label: str, layers: int, units: int, *beside: Any
    ) -> tuple[int, ...]:
        """Set how many layers there are, at most ``layers``, and the units of each.

        ``beside`` is what ``choice`` takes, for a list beside the number of layers.
        """
        widths = self.state[field]
        fits = len(widths) <= layers and all(1 <= width <= units for width in widths)
        self._keep_within(field, fits)
        widths = self.state[field]

        def resize() -> None:
            count, last = self.state[f"{field}_count"], (widths or (4,))[-1]
            self.state[field] = (*widths, *[last] * layers)[:count]

        def take() -> None:
            self.state[field] = tuple(self.state[f"{field}_{i}"] for i in range(len(widths)))

        self.state[f"{field}_count"] = len(widths)
        with self.side_by_side():
            st.number_input(label, 0, layers, len(widths), key=f"{field}_count", on_change=resize)
            if beside:
                self.choice(*beside)
        for row in range(0, len(widths), 3):
            for i, column in enumerate(st.columns(3, gap="xsmall")[: len(widths) - row], start=row):
                self.state[f"{field}_{i}"] = widths[i]
                column.number_input(
                    f"In {i + 1}", 1, units, widths[i], key=f"{field}_{i}", on_change=take
                )
        return tuple(widths)

    @contextmanager
    def side_by_side(self) -> Iterator[None]:
        """Place the controls that follow in one row."""
        with st.container(horizontal=True, wrap=False, gap="small"):
            yield

    @contextmanager
    def more(self, label: str = "More") -> Iterator[None]:
        """Place what follows behind a button."""
        with st.popover(label, width="stretch", key=f"more_{label.lower()}"):
            yield
