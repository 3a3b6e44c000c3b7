"""The measure beside the maps: how it changes as the knob turns."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dlviz.explain.config import METHODS
from dlviz.explain.maps import ExplainSweep
from dlviz.explain.measures import alike_to_first
from dlviz.layers import Curve, Layer, Points, Text
from dlviz.scene import Axis, Panel

Array = NDArray[np.floating]
FLOOR = 1e-4  # the least error that is drawn


def curves(run: ExplainSweep) -> Panel:
    """Return the panel of what the knob is about."""
    return _PANELS[run.field](run)


def _axis(run: ExplainSweep, label: str, log: bool = False) -> Axis:
    low, high = float(min(run.values)), float(max(run.values))
    return Axis(label, low, max(high, low + 1e-9), log=log)


def _named(x: float, heights: Sequence[float], names: Sequence[tuple[str, str]]) -> list[Layer]:
    """Return names one under the other: where curves end they may lie on one another."""
    return [
        Text(xy=np.array([[x, height]]), texts=(name,), color=color, anchor="right")
        for height, (name, color) in zip(heights, names, strict=True)
    ]


def _rank(run: ExplainSweep) -> Panel:
    """Return the sums of integrated gradients and what they should be, class by class."""
    x, sums = np.array(run.values, dtype=float), run.map_of("integrated").sum((1, 2))
    every = np.concatenate([run.rise, sums])
    low, high = float(every.min()), float(every.max())
    room = 0.15 * (high - low) or 1.0
    layers = (
        Points(xy=np.stack([x, run.rise], 1), color="ink", marker="square", size=4.5),
        Curve(x=x, y=sums, color="path", cursor="knob"),
    )
    return Panel(
        "measure", _axis(run, ""), Axis("", low - room, high + room),
        layers, title="▪ rise of f, — the sum",
        alt="For each class the sum of integrated gradients, and the rise of the logit, which it "
        "meets.",
    )  # fmt: skip


def _steps(run: ExplainSweep) -> Panel:
    x = np.array(run.values, dtype=float)
    y = np.maximum(np.abs(run.error), FLOOR)
    high = float(max(y.max(), 10 * FLOOR))
    layers = (Curve(x=x, y=y, cursor="knob"),)
    return Panel(
        "measure", _axis(run, "", log=True), Axis("error", FLOOR, 1.5 * high, log=True),
        layers, title="how far the sum misses",
        alt="The error of completeness against the number of steps.",
    )  # fmt: skip


def _baseline(run: ExplainSweep) -> Panel:
    """Return how much the map holds of pixels without ink."""
    x = np.array(run.values, dtype=float)
    empty = run.image == 0
    sizes = np.abs(run.map_of("integrated"))
    share = sizes[:, empty].sum(1) / np.maximum(sizes.sum((1, 2)), 1e-12)
    return Panel(
        "measure", _axis(run, ""), Axis("share", 0, 1),
        (Curve(x=x, y=share, cursor="knob"),), title="share of it on empty pixels",
        alt="The share of integrated gradients that lies on empty pixels, against the baseline.",
    )  # fmt: skip


def _noise(run: ExplainSweep) -> Panel:
    x = np.array(run.values, dtype=float)
    y = alike_to_first(run)[:, list(METHODS).index("smooth")]
    return Panel(
        "measure", _axis(run, ""), Axis("correlation", min(0.0, float(y.min())), 1),
        (Curve(x=x, y=y, cursor="knob"),), title="like the gradient?",
        alt="Rank correlation of SmoothGrad with the gradient, against the noise.",
    )  # fmt: skip


def _forgotten(run: ExplainSweep) -> Panel:
    x = np.array(run.values, dtype=float)
    y = alike_to_first(run)
    shown = {"product": "second", "integrated": "path", "gradient": "good"}
    low = float(min(0.0, y[:, [list(METHODS).index(m) for m in shown]].min()))
    layers: list[Layer] = [Curve(x=x, y=y[:, list(METHODS).index(name)], color=color, cursor="knob",
                    dashed=name == "product") for name, color in shown.items()]  # fmt: skip
    names = [("integrated, input × grad.", "path"), ("gradient", "good")]
    layers = [*layers, *_named(x[-1], [0.62, 0.28], names)]
    return Panel(
        "measure", Axis("", 0, float(x[-1]), whole=True),
        Axis("correlation", low, 1.05), tuple(layers), title="like the map of before?",
        alt="Rank correlation of three maps with those of the trained network, against the layers "
        "forgotten.",
    )  # fmt: skip


_PANELS = {"rank": _rank, "steps": _steps, "baseline": _baseline, "noise": _noise,
           "forgotten": _forgotten}  # fmt: skip
