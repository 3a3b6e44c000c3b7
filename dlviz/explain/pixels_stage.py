"""Two pixels as a scene: the cloud, the weights and the pattern, and what each pixel tells."""

import numpy as np

from dlviz.explain.config import MOST_SPREAD
from dlviz.explain.pixels import TwoPixels
from dlviz.layers import Arrows, Bars, Curve, Points, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

HALF = 4.0  # of the plane that is shown


def pixels_scene(run: TwoPixels, spread: float) -> Scene:
    """Return the stage: the knob is the size of the noise that both pixels share."""
    return Scene(
        panels=(_plane(run), _bars(run), _correlations(run)),
        captions=tuple(_caption(run, k) for k in range(len(run.spreads))),
        knob=Knob("spread", "noise in both pixels", run.spreads, run.spreads.index(spread)),
    )


def _plane(run: TwoPixels) -> Panel:
    arrows = [np.stack([np.zeros_like(v), v], axis=1)[:, None] for v in (run.weights, run.patterns)]
    ends = [2.2 * arrow for arrow in arrows]
    layers = (
        Points(xy=run.x, over="k", classes=(run.y > 0).astype(np.uint8), size=4.0),
        Arrows(xy=ends[0], over="k", color="path", width=4.0),
        Arrows(xy=ends[1], over="k", color="good", width=4.0),
        Text(xy=ends[0][:, :, 1] * 1.15, over="k", texts=("weights (the gradient)",), color="path"),
        Text(xy=ends[1][:, :, 1] + (0.25, 0.3), over="k", texts=("pattern: where y is",),
             color="good", anchor="left"),
    )  # fmt: skip
    return Panel(
        "plane", Axis("pixel 1 = y + noise", -HALF, HALF), Axis("pixel 2 = noise", -HALF, HALF),
        layers, equal=True, title="■ y above 0, ● below",
        alt="A cloud of points over two pixels, with the arrow of the weights, down to the right, "
        "and that of the pattern, to the right.",
    )  # fmt: skip


def _bars(run: TwoPixels) -> Panel:
    heights = np.concatenate([run.weights, run.patterns], axis=1)
    labels = ("w₁", "w₂", "pattern₁", "pattern₂")
    return Panel(
        "weights", Axis("", -0.6, 3.6), Axis("value", -1.3, 1.3),
        (Bars(heights=heights, over="k", labels=labels),), title="weights, and pattern",
        alt="Bars: the two weights, 1 and −1, and the two parts of the pattern, about 1 and 0.",
    )  # fmt: skip


def _correlations(run: TwoPixels) -> Panel:
    x, y = np.array(run.spreads), run.correlations
    layers = (
        Curve(x=x, y=y[:, 0], color="second", cursor="knob"),
        Curve(x=x, y=y[:, 1], color="path", cursor="knob", dashed=True),
        Text(xy=np.array([[x[-1], 0.85]]), texts=("pixel 1",), color="second", anchor="right"),
        Text(xy=np.array([[x[-1], -0.2]]), texts=("pixel 2 - -",), color="path", anchor="right"),
    )
    return Panel(
        "correlation", Axis("noise in both pixels", x[0], MOST_SPREAD),
        Axis("correlation with y", -0.4, 1), layers, title="what each alone tells of y",
        alt="Correlation of each pixel with y against the noise; that of the second is about 0.",
    )  # fmt: skip


def _caption(run: TwoPixels, k: int) -> str:
    (w1, w2), c2 = run.weights[k].tolist(), float(run.correlations[k, 1])
    return (
        f"noise {number(run.spreads[k])}: y = {number(round(w1, 6))} · pixel 1 "
        f"{'−' if w2 < 0 else '+'} {number(abs(round(w2, 6)))} · pixel 2, and yet pixel 2 alone "
        f"tells nothing of y (correlation {number(round(c2, 2))}): it takes the noise off pixel 1"
    )
