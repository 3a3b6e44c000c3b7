"""Noisy copies that vote, and the distance within which the vote is proved to hold."""

import numpy as np

from dlviz.defend.config import SIGMAS
from dlviz.defend.facts import nearest
from dlviz.defend.smoothing import COPIES, RADII, Smoothing
from dlviz.defend.tiles import PITCH, digits_in_rows
from dlviz.digits import NAMES
from dlviz.layers import Bars, Curve, Segments, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number


def smoothing_scene(run: Smoothing, sigma: float) -> Scene:
    """Return the stage of a smoothed network: the knob is σ."""
    return Scene(
        panels=(_copies(run), _votes(run), _certified(run)),
        captions=tuple(_caption(run, k) for k in range(len(run.values))),
        knob=Knob("sigma", "σ of the noise", run.values, run.values.index(sigma)),
    )


def _copies(run: Smoothing) -> Panel:
    turns = len(run.values)
    first = np.broadcast_to(run.picture, (turns, 1, 8, 8))
    pictures = np.concatenate([first, run.copies], axis=1)
    verdict = np.where(run.answers < 0, run.votes.argmax(1), run.answers)
    said = np.concatenate([verdict[:, None], run.said], axis=1)
    labels = ("the vote", *("",) * COPIES)
    layers = digits_in_rows(pictures, said, (run.label,) * (COPIES + 1), 3, -0.6, "k",
                            labels=labels)  # fmt: skip
    layers = [layer for layer in layers if not (isinstance(layer, Text) and layer.texts == ("",))]
    height = 3 * (PITCH[1] + 1.6)
    return Panel(
        "copies", Axis("", 0, 3 * PITCH[0]), Axis("", -height, 0), tuple(layers), equal=True,
        framed=False, title="eight of its noisy copies, and what is read",
        alt="A digit with the answer of the vote, and eight noisy copies with what each is read "
        "as.",
    )  # fmt: skip


def _votes(run: Smoothing) -> Panel:
    shares = run.votes / run.votes.sum(1, keepdims=True)
    bounds = np.where(run.radii > 0, run.bounds, np.nan)
    lines = np.stack([np.stack([np.full_like(bounds, -0.6), bounds], 1),
                      np.stack([np.full_like(bounds, 9.6), bounds], 1)], 1)[:, None]  # fmt: skip
    layers = (
        Bars(heights=shares, over="k", labels=NAMES),
        Segments(xy=np.array([[(-0.6, 0.5), (9.6, 0.5)]]), dashed=True),
        Segments(xy=lines, over="k", color="path", width=2.5),
    )
    return Panel(
        "votes", Axis("", -0.6, 9.6), Axis("share of votes", 0, 1.05), layers,
        title="the vote, — what is proved of it, - - half",
        alt="Bars: the share of copies read as each digit; a line at the probability that is "
        "proved, and one at a half.",
    )  # fmt: skip


def _certified(run: Smoothing) -> Panel:
    rows = [nearest(sigma, SIGMAS) for sigma in run.values]
    at = np.where(run.radii > 0, run.radii, np.nan)
    lines = np.stack([np.stack([at, np.zeros_like(at)], 1), np.stack([at, np.ones_like(at)], 1)],
                     1)[:, None]  # fmt: skip
    layers = (
        Curve(x=RADII, y=run.certified[rows], over="k", all_faint=True, color="second"),
        Segments(xy=lines, over="k", color="path", width=2.5),
    )
    return Panel(
        "certified", Axis("distance in L2", 0, float(RADII[-1])), Axis("right for certain", 0, 1),
        layers, title="of 150 digits; | this one",
        alt="Share of 150 digits read right for certain against the distance, a curve for each "
        "noise; a line at the distance of this digit.",
    )  # fmt: skip


def _caption(run: Smoothing, k: int) -> str:
    sigma, votes = number(run.values[k]), run.votes[k]
    most = int(votes.argmax())
    said = f"σ = {sigma}: {votes[most]} of {votes.sum()} noisy copies read {most}"
    if run.radii[k] == 0:
        return f"{said}: too few to be sure of anything"
    return (
        f"{said}: p ≥ {number(round(float(run.bounds[k]), 3))}, so nothing shorter than "
        f"σ Φ⁻¹(p) = {number(round(float(run.radii[k]), 3))} in L2 turns the vote"
    )
