"""The more pixels, the better chosen signs do: a sum of n terms against a sum of n coins."""

import numpy as np

from dlviz.adversarial.config import LARGEST_DIMENSION, AdversarialConfig
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.sums import Walk, measured_gap, walk
from dlviz.layers import Curve, Layer, Path, Points, Segments, Text
from dlviz.robustness import sign_gap
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number

WALKS = 12
SIZES = ((64, "these digits"), (784, "MNIST"), (LARGEST_DIMENSION, "a photo"))


def gap_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage: the knob is how many pixels there are."""
    sizes = [int(value) for value in values]
    walks = [walk(n, WALKS, config.seed) for n in sizes]
    return Scene(
        panels=(_walks(walks), _gaps(sizes, config.seed)),
        captions=tuple(_caption(each) for each in walks),
        knob=knob(config, values, tuple((float(n), name) for n, name in SIZES)),
    )


def _walks(walks: list[Walk]) -> Panel:
    most = max(len(each.share) for each in walks)
    marks: list[Layer] = [
        Path(xy=np.array([(0, 0), (1, 1)]), whole=True, color="path", width=4, ball=False,
             dots=False),
        Text(xy=np.array([[0.6, 0.68]]), texts=("chosen signs",), color="path", anchor="right"),
    ]  # fmt: skip
    for i in range(WALKS):
        xy = np.full((len(walks), most, 2), np.nan)
        for k, each in enumerate(walks):
            xy[k, : len(each.share)] = np.stack([each.share, each.coins[i]], axis=1)
            xy[k, len(each.share) :] = xy[k, len(each.share) - 1]
        marks.append(
            Path(xy=xy, over="k", whole=True, color="second", width=1.5, ball=False, dots=False)
        )
    marks.append(
        Text(xy=np.array([[0.98, -0.92]]), texts=(f"{WALKS} times coins",), color="second",
             anchor="right")
    )  # fmt: skip
    return Panel(
        "walks", Axis("share of the pixels that are added", 0, 1), Axis("sum / n", -1, 1),
        tuple(marks), title="A sum of n equal weights",
        alt="A straight line climbs to 1: all signs chosen. Sums of coins stay about 0, the closer "
        "the more pixels there are.",
    )  # fmt: skip


def _gaps(sizes: list[int], seed: int) -> Panel:
    at = np.array(sizes, dtype=float)
    theory = np.array([sign_gap(n) for n in sizes])
    found = np.array([measured_gap(n, seed) for n in sizes])
    marks = (
        Curve(x=at, y=theory, color="path", cursor="knob", label="√(2n/π)"),
        Points(xy=np.stack([at, found], axis=1), color="second", size=4),
        Segments(xy=np.array([[(n, 0.5), (n, sign_gap(n))] for n, _ in SIZES]), dashed=True),
    )
    return Panel(
        "gap", Axis("pixels n", 0.9, 2.0 * LARGEST_DIMENSION, log=True),
        Axis("chosen / random", 0.5, 1000, log=True), marks,
        title="How many times as far (dots: measured)",
        alt="On logarithmic axes a line that rises as the root of n, and dots on it.",
    )  # fmt: skip


def _caption(each: Walk) -> str:
    usual = float(np.sqrt((each.coins[:, -1] ** 2).mean())) * each.n
    return (
        f"n = {each.n} pixels: chosen signs add up to {each.n}, coins to about {number(usual)} "
        f"(√n = {number(each.n**0.5)}) · for weights of all sizes the gap is √(2n/π) = "
        f"{number(sign_gap(each.n))}"
    )
