"""Nine maps beside the picture, one of them large with its numbers, what it says, and a measure."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dlviz.cell_layers import Cells
from dlviz.digits import NAMES, SIDE
from dlviz.explain.config import METHODS, TURNS
from dlviz.explain.curves import curves
from dlviz.explain.maps import ExplainSweep
from dlviz.explain.measures import alike_to_first
from dlviz.layers import Bars, Layer, Segments, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import counted, number

Array = NDArray[np.float32]

PITCH = (12.0, 11.4)  # from one small map to the next, in pixels of it
COLUMNS, ROWS = 3, 3
ASIDE = 0.46  # side of a pixel of what goes in, beside the large map's
LARGE = 7.5  # where that map begins
SHORT = {**METHODS, "product": "input × grad.", "integrated": "integrated", "cam_relu": "with ReLU"}
KNOBS = {**TURNS, "rank": "its choice no.", "steps": "steps", "baseline": "baseline",
         "noise": "noise σ", "forgotten": "layers forgotten"}  # fmt: skip


def maps_scene(run: ExplainSweep, method: str) -> Scene:
    """Return the stage of one picture, with one map large; the knob is ``run.field``."""
    at = run.values.index(getattr(run.config, run.field))
    return Scene(
        panels=(_maps(run, method), _large(run, method), _answer(run), curves(run)),
        captions=_captions(run),
        knob=Knob(run.field, KNOBS[run.field], tuple(float(v) for v in run.values), at),
        layout="split",
    )


def method_at(x: float, y: float) -> str | None:
    """Return the map at a place of the first panel, if there is one."""
    column, row = int(x // PITCH[0]), int(-y // PITCH[1])
    inside = 0 <= column < COLUMNS and 0 <= row < ROWS
    return tuple(METHODS)[row * COLUMNS + column] if inside else None


def _corner(i: int) -> tuple[float, float]:
    return PITCH[0] * (i % COLUMNS) + 2.0, -PITCH[1] * (i // COLUMNS) - 0.4


def _maps(run: ExplainSweep, method: str) -> Panel:
    layers: list[Layer] = []
    for i, name in enumerate(METHODS):
        left, top = _corner(i)
        layers.append(Cells(values=run.map_of(name), over="k", left=left, top=top, limit=0.0,
                            signed=True, paper=True, numbers=False))  # fmt: skip
        place = np.array([[left + SIDE / 2, top - SIDE - 1.75]])
        color = "path" if name == method else "ink"
        layers.append(Text(xy=place, texts=(SHORT[name],), color=color))
        if np.isnan(run.map_of(name)).all():
            middle = np.array([[left + SIDE / 2, top - SIDE / 2]])
            layers.append(Text(xy=middle, texts=("no maps",), color="muted"))
    layers.append(_frame(*_corner(list(METHODS).index(method))))
    width, height = COLUMNS * PITCH[0], ROWS * PITCH[1]
    return Panel(
        "maps", Axis("", 0, width), Axis("", -height, 0), tuple(layers), equal=True, pick=True,
        framed=False, title="orange speaks for it, blue against it",
        alt="Nine maps of the pixels that count: " + ", ".join(METHODS.values()) + ".",
    )  # fmt: skip


def _frame(left: float, top: float) -> Segments:
    a, b, c, d = left - 0.25, left + SIDE + 0.25, top + 0.25, top - SIDE - 0.25
    corners = [(a, c), (b, c), (b, d), (a, d), (a, c)]
    return Segments(xy=np.array(list(pairwise(corners))), color="path", width=3.0)


def _large(run: ExplainSweep, method: str) -> Panel:
    values = run.map_of(method)
    layers: list[Layer] = [
        *_inputs(run),
        Cells(values=_written(values), over="k", left=LARGE, top=0.0, limit=0.0, signed=True,
              paper=True),
    ]  # fmt: skip
    place = np.array([[LARGE + SIDE, -SIDE - 0.75]])
    for k in range(len(run.values)):
        layers.append(Text(xy=place, texts=(_sum(run, method, k),), only=k, anchor="right"))
    return Panel(
        "output", Axis("", 0, LARGE + SIDE + 0.5), Axis("", -SIDE - 1.4, 0.1), tuple(layers),
        equal=True, framed=False, title=f"the picture, and its {METHODS[method]} in numbers",
        alt=f"The picture; beside it its map by {METHODS[method]}, 8 by 8 numbers, and their sum.",
    )  # fmt: skip


def _inputs(run: ExplainSweep) -> list[Layer]:
    """Return the picture, and under it what the methods put in its place."""
    flat = np.broadcast_to(run.baselines[:, None, None], run.noisy.shape)
    below, name = (run.noisy, "a noisy copy") if run.field == "noise" else (flat, "the baseline")
    # Ink is what a digit is made of; what noise takes below 0 has none.
    marks = [
        Cells(values=values, over=over, left=0.4, top=top, unit=ASIDE, numbers=False)
        for values, over, top in (
            (run.image, "", 0.0),
            (np.clip(below, 0, 1), "k", -4.5),
        )
    ]
    place = np.array([[0.4 + ASIDE * SIDE / 2, -4.5 - ASIDE * SIDE - 0.7]])
    return [*marks, Text(xy=place, texts=(name,))]


def _written(values: Array) -> Array:
    """Return numbers rounded to what can be read in a cell."""
    most = np.nanmax(np.abs(values), initial=0.0)
    digits = 2 if most < 1 else 1 if most < 10 else 0
    return np.round(values, digits)


def _sum(run: ExplainSweep, method: str, k: int) -> str:
    total = float(run.sums[k, list(METHODS).index(method)])
    if np.isnan(total):
        return "needs a convolution"
    words = f"sum {number(total)}"
    if method == "integrated":
        return f"{words}, f rises by {number(float(run.rise[k]))}"
    if method == "lime":
        return f"{words}, R² = {number(float(run.fit[k]))}"
    return words


def _answer(run: ExplainSweep) -> Panel:
    low, high = float(min(0, run.logits.min())), float(max(0, run.logits.max()))
    room = 0.16 * (high - low)
    asked = np.array(run.classes)
    tops = np.maximum(0, run.logits[np.arange(len(asked)), asked]) + 0.5 * room
    layers = (
        Bars(heights=run.logits, over="k", labels=NAMES),
        Text(xy=np.stack([asked, tops], axis=1)[:, None], texts=("▼",), over="k", color="path"),
    )
    return Panel(
        "answer", Axis("", -0.6, 9.6), Axis("logit f", low - 0.2 * room, high + room), layers,
        title="logits; ▼ explained",
        alt="Bars: the logits of the ten digits; a mark over the one that is explained.",
    )  # fmt: skip


def _captions(run: ExplainSweep) -> tuple[str, ...]:
    """Say what is explained at each turn, and what the knob does to it."""
    like = alike_to_first(run) if run.field in ("noise", "forgotten") else None
    said = []
    for k in range(len(run.values)):
        asked, choice = run.classes[k], run.order.index(run.classes[k]) + 1
        why = f"Why a {asked}?" if choice == 1 else f"Why a {asked}, its choice no. {choice}?"
        if like is None:
            found = _added(run, k)
        elif run.field == "noise":
            found = f"SmoothGrad is like the gradient: rank correlation {_of(like[k], 'smooth')}"
        else:
            found = f"{counted(int(run.values[k]), 'layer')} forgotten · like before: " + ", ".join(
                f"{METHODS[name]} {_of(like[k], name)}" for name in ("gradient", "product")
            )
        said.append(f"{why} f = {number(float(run.logits[k, asked]))} · {found}")
    return tuple(said)


def _of(row: NDArray[np.float64], method: str) -> str:
    return number(round(float(row[list(METHODS).index(method)]), 2))


def _added(run: ExplainSweep, k: int) -> str:
    total = number(float(run.map_of("integrated")[k].sum()))
    rise, error = number(float(run.rise[k])), number(float(run.error[k]))
    return f"integrated gradients add up to {total}, f(x) − f(baseline) is {rise}: error {error}"
