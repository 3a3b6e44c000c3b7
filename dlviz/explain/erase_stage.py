"""A picture that is erased pixel by pixel, in the order of each map, and what that does."""

import numpy as np

from dlviz.cell_layers import Cells
from dlviz.digits import SIDE
from dlviz.explain.config import METHODS
from dlviz.explain.measures import Erasing
from dlviz.layers import Curve, Layer, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

PITCH = (12.2, 12.0)
COLUMNS, ROWS = 5, 2
LEVELS = 250  # of gray that are sent
SHOWN = {"integrated": "path", "gradient": "good", "cam": "second"}
NAMES = (*METHODS.values(), "by chance")


def erase_scene(run: Erasing, method: str, rank: int) -> Scene:
    """Return ten copies of a picture that are emptied, frame by frame; the knob is the choice."""
    frames = run.pictures.shape[1]
    colors = SHOWN if method in SHOWN else {**SHOWN, method: "accent"}
    return Scene(
        panels=(_pictures(run, method), _curves(run, colors)),
        frames=frames,
        fps=8.0,
        captions=tuple(_caption(run, k, method) for k in range(len(run.values))),
        knob=Knob("rank", "its choice no.", tuple(float(v) for v in run.values),
                  run.values.index(rank)),
        readouts={"own": run.logits[:, list(METHODS).index(method)], "chance": run.logits[:, -1]},
        unit="pixel",
    )  # fmt: skip


def _pictures(run: Erasing, method: str) -> Panel:
    codes = np.rint(LEVELS * np.clip(run.pictures, 0, 1)).astype(np.uint8)
    layers: list[Layer] = []
    for i, name in enumerate(NAMES):
        left, top = PITCH[0] * (i % COLUMNS) + 2.1, -PITCH[1] * (i // COLUMNS) - 0.4
        layers.append(Cells(values=codes[:, :, i], over="kt", left=left, top=top, limit=LEVELS,
                            numbers=False))  # fmt: skip
        short = {"integrated gradients": "integrated", "input × gradient": "input × grad.",
                 "Grad-CAM, ReLU": "with ReLU"}.get(name, name)  # fmt: skip
        color = "path" if name == METHODS[method] else "ink"
        layers.append(Text(xy=np.array([[left + SIDE / 2, top - SIDE - 1.6]]), texts=(short,),
                           color=color))  # fmt: skip
    return Panel(
        "erased", Axis("", 0, COLUMNS * PITCH[0]), Axis("", -ROWS * PITCH[1], 0), tuple(layers),
        equal=True, framed=False, title="erased, what speaks for it most first",
        alt="Ten copies of the picture that lose pixel after pixel, in the order of nine maps and "
        "by chance.",
    )  # fmt: skip


def _curves(run: Erasing, colors: dict[str, str]) -> Panel:
    x = np.arange(run.logits.shape[2], dtype=float)
    low, high = float(np.nanmin(run.logits)), float(np.nanmax(run.logits))
    room = 0.08 * (high - low) or 1.0
    layers: list[Layer] = [Curve(x=x, y=run.logits[:, -1], over="k", color="muted", dashed=True,
                                 cursor="step")]  # fmt: skip
    names = [("by chance - -", "muted")]
    for name, color in colors.items():
        y = run.logits[:, list(METHODS).index(name)]
        if np.isnan(y).all():
            continue
        layers.append(Curve(x=x, y=y, over="k", color=color, cursor="step"))
        names.append((METHODS[name], color))
    for i, (name, color) in enumerate(names):
        place = np.array([[x[-1] - 0.5, low + 1.25 * (len(names) - i - 1) * room]])
        layers.append(Text(xy=place, texts=(name,), color=color, anchor="right"))
    return Panel(
        "fall", Axis("pixels erased", 0, x[-1]),
        Axis("logit of the class", low - room, high + room), tuple(layers),
        title="the faster it falls, the better the map",
        alt="The logit of the class against the pixels erased, in the order of some maps and by "
        "chance.",
    )  # fmt: skip


def _caption(run: Erasing, k: int, method: str) -> str:
    first = number(float(run.logits[k, -1, 0]))
    return (
        f"why a {run.classes[k]}? f = {first} · {{frame}} pixels erased: {{own}} in the order of "
        f"{METHODS[method]}, {{chance}} by chance"
    )
