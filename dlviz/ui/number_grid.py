"""A grid of number fields: a control that sets a tuple of numbers, row by row."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from dlviz.ui.controls import Controls
from dlviz.ui.house import ASSETS


@cache
def _component() -> Any:
    return st.components.v2.component(
        "dlviz_number_grid",
        html='<div class="number-grid"><div class="label"></div>'
        '<div class="grid" role="group"></div></div>',
        css=(ASSETS / "number-grid.css").read_text("utf-8"),
        js=(ASSETS / "number-grid.js").read_text("utf-8"),
    )


class NumberGrid(Controls):
    """The control for a matrix; a part of ``frame.Lab``."""

    def number_grid(
        self,
        field: str,
        label: str,
        values: tuple[float, ...],
        columns: int,
        low: float,
        high: float,
        taken: Callable[[], None] | None = None,
    ) -> None:
        """Type a matrix; the field becomes what is shown, with the number that was typed.

        Parameters
        ----------
        values : what the fields show, row by row, which need not be the setting
        taken : hears that something was typed, once the field is set
        """

        def take() -> None:
            typed = self.state[f"{field}_grid"]["type"]
            try:
                numbers = tuple(float(number) for number in typed)
            except (TypeError, ValueError):
                return
            if len(numbers) != len(values) or not all(low <= n <= high for n in numbers):
                return
            self.state["heard"] = True
            self.state[field] = numbers
            if taken:
                taken()

        data = {"values": list(values), "rows": len(values) // columns, "columns": columns,
                "label": label, "low": low, "high": high}  # fmt: skip
        _component()(key=f"{field}_grid", data=data, on_type_change=take)
