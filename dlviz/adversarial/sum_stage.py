"""Why it works: a sum of pixels that grows term by term, with chosen signs and with coins."""

import numpy as np

from dlviz.adversarial.config import EPSILONS, AdversarialConfig
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.sums import LinearSum, linear_sum
from dlviz.layers import Bars, Curve, Layer, Segments, Text
from dlviz.robustness import random_change
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number


def sum_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage: frames add the pixels one by one, the knob is ε."""
    found = linear_sum(config)
    sides = np.array(values)[:, None]
    grown = [np.pad(terms, (1, 0)).cumsum() for terms in (found.chosen(), found.random())]
    chosen, coins = (found.lead + sides * each for each in grown)
    return Scene(
        panels=(
            _growth(found, chosen, coins, values),
            _bars(found, values, "chosen"),
            _bars(found, values, "coins"),
        ),
        frames=len(found.weights) + 1,
        fps=16,
        captions=tuple(_caption(found, value) for value in values),
        knob=knob(config, values, _marks(found, values)),
        readouts={"chosen": chosen, "coins": coins},
    )


def _growth(
    found: LinearSum, chosen: np.ndarray, coins: np.ndarray, values: tuple[float, ...]
) -> Panel:
    count = np.arange(len(found.weights) + 1)
    usual = np.array([random_change(found.weights, value)[0] for value in values])
    ends = np.stack([found.lead - usual, found.lead + usual], axis=1)
    right = len(found.weights) * np.ones_like(ends)
    most = EPSILONS[-1] * float(found.chosen().sum())
    low, high = found.lead - 0.25 * most, found.lead + 0.75 * most
    middle = len(count) / 2
    marks: tuple[Layer, ...] = (
        Segments(xy=np.array([[(0, 0), (len(count), 0)]]), color="ink", width=2, dashed=True),
        Text(xy=np.array([[middle, 0.05 * most]]), texts=(f"above: read as {found.rival}",),
             anchor="left"),
        Text(xy=np.array([[middle, -0.05 * most]]), texts=(f"below: read as {found.label}",),
             anchor="left", color="muted"),
        Curve(x=count, y=coins, over="k", color="muted", cursor="step", dashed=True, label="coins"),
        Curve(x=count, y=chosen, over="k", color="path", cursor="step", label="chosen signs"),
        Segments(xy=np.stack([right, ends], axis=-1)[:, None], over="k", color="muted", width=5),
    )  # fmt: skip
    return Panel(
        "growth", Axis("pixels added, those of large weight first", 0, len(count)),
        Axis(f"lead of {found.rival} over {found.label}", low, high), marks,
        title=f"A linear network: the lead of {found.rival} over {found.label} is one sum",
        alt=f"Two curves over the pixels: with chosen signs the lead of {found.rival} climbs at "
        "every pixel; with coins it goes up and down about where it was.",
    )  # fmt: skip


def _bars(found: LinearSum, values: tuple[float, ...], which: str) -> Panel:
    sides = np.array(values)[:, None]
    terms = sides * (found.chosen() if which == "chosen" else found.random())
    most = EPSILONS[-1] * float(np.abs(found.weights).max())
    here = np.arange(len(found.weights) + 1) - 0.5
    line = np.stack([np.stack([here, here], 1), np.tile((-most, most), (len(here), 1))], axis=-1)
    color = "path" if which == "chosen" else "muted"
    words = "Chosen signs: what each pixel adds" if which == "chosen" else "Coins: what each adds"
    return Panel(
        which, Axis("pixel", -1, len(found.weights)),
        Axis("adds", -most if which == "coins" else 0, most),
        (Bars(heights=terms, over="k", color=color),
         Segments(xy=line[:, None], over="t", color="ink", width=1)),
        title=words,
        alt=f"A bar for each pixel: what it adds to the lead with {which}.",
    )  # fmt: skip


def _marks(found: LinearSum, values: tuple[float, ...]) -> tuple[tuple[float, str], ...]:
    return ((found.tie, "tie"),) if values[0] <= found.tie <= values[-1] else ()


def _caption(found: LinearSum, value: float) -> str:
    total = float(found.chosen(value).sum())
    spread, _ = random_change(found.weights, value)
    coins = float(found.random(value).sum())
    return (
        f"{{frame}} of {{last}} pixels · ε = {number(value)}: chosen signs add ε‖w‖₁ = "
        f"{number(total)}, these coins {number(coins)} (bar: ±ε‖w‖₂ = {number(spread)}) · "
        "lead now {chosen}, with coins {coins}"
    )
