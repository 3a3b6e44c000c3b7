"""A pad to paint on: a grid of cells that sets one field of the Config, a text of ``drawn``."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import streamlit as st

from dlviz.drawn import cells
from dlviz.ui.controls import Controls
from dlviz.ui.house import ASSETS


@cache
def _component() -> Any:
    return st.components.v2.component(
        "dlviz_pad",
        html='<div class="dlviz-pad"></div>',
        css=(ASSETS / "pad.css").read_text("utf-8"),
        js=(ASSETS / "pad.js").read_text("utf-8"),
    )


class Pad(Controls):
    """The control that is painted on; a part of ``frame.Lab``."""

    def pad(
        self,
        field: str,
        label: str,
        rows: int,
        columns: int,
        *,
        levels: int = 16,
        soft: bool = False,
        numbers: bool = False,
        presets: Mapping[str, str] | None = None,
    ) -> str:
        """Paint a grid by mouse, finger or keyboard; the page hears when the hand lets go.

        Parameters
        ----------
        field : holds rows * columns hexadecimal digits, or "" where nothing is painted
        levels : shades from empty to full; 2, 4, 6 or 16, which have digits of their own
        soft : the brush wets its neighbors too, as a pen does on a fine grid
        numbers : show each cell's digit as a number, 0 to 15
        presets : name of a button -> the text that it paints; beside them is one that clears
        """
        self._keep_within(field, self._fits(field, rows, columns))
        text = str(self.state[field])

        def take() -> None:
            self.state["heard"] = True
            painted = self.state[f"{field}_pad"]["paint"]
            try:
                cells(painted, rows, columns)
            except ValueError:
                return  # it was painted on another grid, and comes late
            self.state[field] = painted

        data = {"text": text, "rows": rows, "columns": columns, "levels": levels, "soft": soft,
                "numbers": numbers, "label": label}  # fmt: skip
        _component()(key=f"{field}_pad", data=data, on_paint_change=take)
        with self.side_by_side():
            for name, painted in (presets or {}).items():
                self.button(name, f"Paint: {name}", {field: painted})
            self.button(f"Clear the {label.lower()}", "Take everything off it", {field: ""})
        return text

    def _fits(self, field: str, rows: int, columns: int) -> bool:
        try:
            cells(self.state[field], rows, columns)
        except ValueError:
            return False
        return True
