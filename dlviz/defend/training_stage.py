"""Two networks while they are trained, ten digits under attack, and how many are still read."""

import numpy as np

from dlviz.defend.tiles import PITCH, digits_in_rows
from dlviz.defend.training import Duel
from dlviz.layers import Curve, Layer, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

COLUMNS, TEN = 5, tuple(range(10))
BLOCK = 2 * PITCH[1] + 3.6  # height of one network's digits and its title
LOOKS = (("muted", True), ("path", False))  # color, dashed


def duel_scene(run: Duel, epsilon: float) -> Scene:
    """Return the stage of both trainings: the knob is the attacker's ε."""
    percent = np.round(100 * run.accuracy, 1)
    readouts = {name: percent[side].T for side, name in enumerate(("plain", "hard"))}
    readouts |= {f"{name}_clean": percent[side, :, :1].T for side, name in
                 enumerate(("plain", "hard"))}  # fmt: skip
    return Scene(
        panels=(_digits(run), _by_epsilon(run), _by_epoch(run)),
        frames=len(run.epochs),
        fps=4.0,
        captions=(
            "epoch {frame} · under attack within ε = {knob}: {plain} % right trained on digits, "
            f"{{hard}} % {run.sides[1]} · without attack: {{plain_clean}} %, {{hard_clean}} %",
        ),
        knob=Knob("epsilon", "ε", run.values, run.values.index(epsilon),
                  _mark(run.config.hardening, run.values)),
        readouts=readouts,
        unit="epoch",
        numbers=tuple(run.epochs.tolist()),
    )  # fmt: skip


def _mark(hardening: float, values: tuple[float, ...]) -> tuple[tuple[float, str], ...]:
    inside = values[0] <= hardening <= values[-1]
    return ((hardening, "trained on"),) if inside and hardening else ()


def _digits(run: Duel) -> Panel:
    layers: list[Layer] = []
    for side, name in enumerate(run.sides):
        top = -BLOCK * side
        layers.append(Text(xy=np.array([[0.5, top - 1.2]]), texts=(f"trained {name}",),
                           color="ink" if side == 0 else "path", anchor="left"))  # fmt: skip
        pictures, answers = (part[side].swapaxes(0, 1) for part in (run.pictures, run.answers))
        layers += digits_in_rows(pictures, answers, TEN, COLUMNS, top - 3.3, "kt")
    return Panel(
        "digits", Axis("", 0, COLUMNS * PITCH[0]), Axis("", -2 * BLOCK, 0), tuple(layers),
        equal=True, framed=False, title="each network attacked on its own, by PGD; ✗: misread",
        alt="Ten digits after an attack on a network trained on digits, with what it reads; below, "
        "the same for a network trained on attacked digits.",
    )  # fmt: skip


def _by_epsilon(run: Duel) -> Panel:
    x = np.array(run.values)
    layers: list[Layer] = [
        Curve(x=x, y=run.accuracy[side], over="t", color=color, dashed=dashed, cursor="knob")
        for side, (color, dashed) in enumerate(LOOKS)
    ]
    return Panel(
        "strength", Axis("ε of the attack", x[0], x[-1]), Axis("read right", 0, 1),
        (*layers, *_names(run, x[-1])), title="now, against stronger attacks",
        alt="Share of test digits read right against the attack's size, for both networks.",
    )  # fmt: skip


def _by_epoch(run: Duel) -> Panel:
    x = run.epochs.astype(float)
    layers = [
        Curve(x=x, y=run.accuracy[side].T, over="k", color=color, dashed=dashed, cursor="step")
        for side, (color, dashed) in enumerate(LOOKS)
    ]
    return Panel(
        "course", Axis("epoch", 0, float(run.config.epochs)), Axis("read right", 0, 1),
        tuple(layers), title="within this ε, while they train",
        alt="Share of test digits read right against the epochs, for both networks.",
    )  # fmt: skip


def _names(run: Duel, right: float) -> tuple[Text, Text]:
    return (
        Text(xy=np.array([[right, 0.88]]), texts=(run.sides[1],), color="path",
             anchor="right"),
        Text(xy=np.array([[right, 0.58]]), texts=("on digits as they are - -",), color="muted",
             anchor="right"),
    )  # fmt: skip


def percent_of(share: float) -> str:
    """Return a share as words."""
    return f"{number(round(100 * float(share), 1))} %"
