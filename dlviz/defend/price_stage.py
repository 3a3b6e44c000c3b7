"""What training on attacks of each size gives and takes."""

import numpy as np

from dlviz.defend.config import EPSILONS, HARDENINGS
from dlviz.defend.facts import nearest
from dlviz.defend.shipped import Price
from dlviz.defend.tiles import PITCH, digits_in_rows
from dlviz.defend.training_stage import BLOCK, COLUMNS, TEN, percent_of
from dlviz.layers import Curve, Layer, Segments, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number


def price_scene(run: Price, epsilon: float) -> Scene:
    """Return the stage of seven networks: the knob is ε of the attacks they were trained on."""
    at = nearest(epsilon, EPSILONS)
    return Scene(
        panels=(_digits(run, at), _curves(run, at), _course(run, at)),
        captions=tuple(_caption(run, h, at) for h in range(len(HARDENINGS))),
        knob=Knob("hardening", "trained on ε", HARDENINGS, 0),
    )


def _digits(run: Price, at: int) -> Panel:
    layers: list[Layer] = []
    both = ((0, "as they are"), (at, f"attacked within {EPSILONS[at]:g}"))
    for row, (column, words) in enumerate(both):
        top = -BLOCK * row
        layers.append(Text(xy=np.array([[0.5, top - 1.2]]), texts=(words,), anchor="left"))
        layers += digits_in_rows(run.pictures[:, column], run.answers[:, column], TEN, COLUMNS,
                                 top - 3.3, "k")  # fmt: skip
    return Panel(
        "digits", Axis("", 0, COLUMNS * PITCH[0]), Axis("", -2 * BLOCK, 0), tuple(layers),
        equal=True, framed=False, title="one network, ten digits; ✗ is a mistake",
        alt="Ten digits as they are and after an attack, with what the network reads.",
    )  # fmt: skip


def _curves(run: Price, at: int) -> Panel:
    x, here = np.array(EPSILONS), EPSILONS[at]
    layers = (
        Segments(xy=np.array([[(here, 0), (here, 1)]]), dashed=True),
        Curve(x=x, y=run.accuracy, over="k", all_faint=True),
    )
    return Panel(
        "strength", Axis("ε of the attack", x[0], x[-1]), Axis("read right", 0, 1), layers,
        title="this network, and the six others",
        alt="Share of digits read right against the attack's size, a curve for each network.",
    )  # fmt: skip


def _course(run: Price, at: int) -> Panel:
    x = np.array(HARDENINGS)
    layers = (
        Curve(x=x, y=run.accuracy[:, 0], color="good", cursor="knob", dashed=True),
        Curve(x=x, y=run.accuracy[:, at], color="path", cursor="knob"),
        Text(xy=np.array([[x[-1], 0.3]]), texts=("without attack - -",), color="good",
             anchor="right"),
        Text(xy=np.array([[x[-1], 0.12]]), texts=(f"within {EPSILONS[at]:g}",), color="path",
             anchor="right"),
    )  # fmt: skip
    return Panel(
        "price", Axis("trained on ε", x[0], x[-1]), Axis("read right", 0, 1), layers,
        title="what is won, and what it costs",
        alt="Share of digits read right with and without attack, against the size of the attacks "
        "trained on.",
    )  # fmt: skip


def _caption(run: Price, h: int, at: int) -> str:
    clean, robust = run.accuracy[h, 0], run.accuracy[h, at]
    before = run.accuracy[0, 0]
    return (
        f"trained on ε = {number(HARDENINGS[h])}: {percent_of(clean)} right without attack "
        f"({number(round(100 * float(clean - before), 1))} points), {percent_of(robust)} within "
        f"ε = {number(EPSILONS[at])}"
    )
