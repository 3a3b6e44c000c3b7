"""Plotly figures that keep their camera: ``Plotly.react`` in a component of our own.

``st.plotly_chart`` is torn down whenever its figure changes, and the view a user has turned to is
lost with it. The library is served from ``static/``, and fetched only when such a chart is shown.
"""

from functools import cache
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dlviz.ui.house import ASSETS


@cache
def _component() -> Any:
    return st.components.v2.component(
        "dlviz_chart",
        html='<div class="chart" role="img"></div>',
        js=(ASSETS / "chart.js").read_text("utf-8"),
        isolate_styles=False,
    )


def chart(figure: go.Figure, *, key: str, alt: str, height: int = 480) -> None:
    """Show a figure; its camera stays where the user put it when the figure changes."""
    figure.update_layout(height=height)
    _component()(key=key, data={"figure": figure.to_json(), "alt": alt}, height=height)
