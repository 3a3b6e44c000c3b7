"""The nearest mistake: the way there, and how far it is for all digits."""

import numpy as np
from numpy.typing import NDArray

from dlviz.adversarial.config import METHOD_NAMES, AdversarialConfig
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.nearest import Ways, ways
from dlviz.adversarial.shades import BOX, DIGITS, change_shades, percent, shades
from dlviz.adversarial.shares import NEAREST, distances
from dlviz.layers import Bars, Curve, Layer, Polygons, Segments, Text, Tiles
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number

FARTHEST, BIN = 2.0, 0.1  # of the histogram, in L2


def nearest_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage: the knob is how much of the way is gone."""
    run = ways(config, values)
    return Scene(
        panels=(_pictures(run), _histogram(run), _bars(run)),
        captions=tuple(_caption(run, k) for k in range(len(values))),
        knob=knob(config, values, ((1.0, "mistake"),)),
    )


def _pictures(run: Ways) -> Panel:
    still = np.broadcast_to(run.picture, run.pictures[:1].shape)
    pictures = np.concatenate([still, run.pictures])
    changes = pictures - run.picture
    largest = float(np.abs(changes).max()) or 1.0
    codes = np.concatenate([shades(pictures), change_shades(changes, largest)]).swapaxes(0, 1)
    names = ("as it is", *(METHOD_NAMES[method] for method in NEAREST))
    labels = (*names, "no change", "its change", "its change")
    tiles = Tiles(images=codes, columns=len(names), labels=labels, over="k")
    return Panel(
        "pictures", BOX, BOX, (tiles,),
        title=f"A {run.label} on its way to a mistake (±{number(largest)} is white, black)",
        alt=f"A {run.label} on its way to the mistakes of DeepFool and Carlini–Wagner; changes.",
    )  # fmt: skip


def _bars(run: Ways) -> Panel:
    return Panel(
        "answer", Axis("digit", -0.6, 9.6), Axis("confidence", 0, 1),
        (Bars(heights=run.confidences[0], over="k", labels=DIGITS),),
        title="What it reads on DeepFool's way",
        alt="Bars: the network's confidence in each of the ten digits.",
    )  # fmt: skip


def _histogram(run: Ways) -> Panel:
    kind = run.config.victim
    edges = np.arange(0, FARTHEST + BIN / 2, BIN)
    plain, twin = (distances(kind, hardened) for hardened in (False, True))
    heights, others = _share(plain, edges), _share(twin, edges)
    top = 1.25 * max(heights.max(), others.max())
    reached = np.array(run.values) * run.distances[0]
    line = np.zeros((len(reached), 1, 2, 2))
    line[:, 0, :, 0], line[:, 0, 1, 1] = reached[:, None], top
    outline = np.repeat(others, 2)
    marks: tuple[Layer, ...] = (
        Polygons(xy=_boxes(heights, edges), codes=np.full(len(heights), 1, np.uint8), outline="",
                 opacity=0.8),
        Curve(x=np.repeat(edges, 2)[1:-1], y=outline, color="second", width=2.5),
        Text(xy=np.array([[FARTHEST, 0.85 * top]]), texts=("line: hardened twin",),
             color="second", anchor="right"),
        Segments(xy=line, over="k", color="ink", width=2, labels=("here",)),
    )  # fmt: skip
    return Panel(
        "distances", Axis("L2 to DeepFool's mistake", 0, FARTHEST),
        Axis("share of test digits", 0, top), marks,
        title=f"Median {np.median(plain):.2f}, of the hardened twin {np.median(twin):.2f}",
        alt="Two histograms of the distance to the nearest mistake, of the network as it is and of "
        "its twin that was trained on attacks, with a line at this digit's way.",
    )  # fmt: skip


def _share(far: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of all digits in each bin; what is farther is in the last."""
    counts, _ = np.histogram(np.minimum(far, FARTHEST - BIN / 2), edges)
    return counts / len(far)


def _boxes(heights: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high, ground = edges[:-1], edges[1:], np.zeros_like(heights)
    corners = [(low, ground), (high, ground), (high, heights), (low, heights)]
    return np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)


def _caption(run: Ways, k: int) -> str:
    share = run.values[k]
    said = [
        f"{METHOD_NAMES[method]}'s mistake, at {number(run.distances[i])}: {run.answers[i, k]} "
        f"({percent(float(run.confidences[i, k].max()))})"
        for i, method in enumerate(NEAREST)
    ]
    return f"{percent(share) if share < 1 else f'{100 * share:.0f} %'} of the way to " + " · ".join(
        said
    )
