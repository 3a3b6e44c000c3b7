"""A network behind a mask: a digit after five attacks, and how many digits each leaves right."""

import numpy as np

from dlviz.defend.config import MASKS
from dlviz.defend.masking import ATTACKS, BREAKERS, Masking
from dlviz.defend.tiles import PITCH, digits_in_rows
from dlviz.defend.training_stage import percent_of
from dlviz.layers import Bars, Curve, Layer, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

LOOKS = {"noise": ("muted", True), "fgsm": ("good", False), "pgd": ("second", True),
         "twin": ("accent", False), "break": ("path", False)}  # fmt: skip


def masking_scene(run: Masking, epsilon: float) -> Scene:
    """Return the stage of a masked network: the knob is the attacker's ε."""
    return Scene(
        panels=(_digits(run), _curves(run), _flat(run)),
        captions=tuple(_caption(run, k) for k in range(len(run.values))),
        knob=Knob("epsilon", "ε", run.values, run.values.index(epsilon)),
    )


def _digits(run: Masking) -> Panel:
    done = len(run.pictures)
    first = run.pictures[:1, :1].repeat(len(run.values), axis=1)  # ε = 0 leaves it as it is
    pictures = np.concatenate([first, run.pictures]).swapaxes(0, 1)
    said = np.concatenate([run.answers[:1, :1].repeat(len(run.values), 1), run.answers])
    labels = ("the digit", *list(ATTACKS.values())[:done])
    layers = digits_in_rows(pictures, said.T, (run.label,) * (done + 1), 3, -0.6, "k",
                            labels=labels)  # fmt: skip
    mask = MASKS[run.config.mask].lower()
    return Panel(
        "digits", Axis("", 0, 3 * PITCH[0]), Axis("", -2 * (PITCH[1] + 1.6) - 0.6, 0),
        tuple(layers), equal=True, framed=False, title=f"{mask}: what is read after each attack",
        alt="A digit, and the same after five attacks, with what the masked network reads.",
    )  # fmt: skip


def _curves(run: Masking) -> Panel:
    x, layers = np.array(run.values), list[Layer]()
    for i, attack in enumerate(list(ATTACKS)[: len(run.accuracy)]):
        color, dashed = LOOKS[attack]
        layers.append(Curve(x=x, y=run.accuracy[i], color=color, dashed=dashed, cursor="knob"))
    words = (("FGSM, PGD: looks safe", 0.8, "second"), ("its twin's, its breaker", 0.2, "path"))
    layers += [Text(xy=np.array([[x[-1], y]]), texts=(text,), color=color, anchor="right")
               for text, y, color in words]  # fmt: skip
    return Panel(
        "strength", Axis("ε of the attack", x[0], x[-1]), Axis("read right", 0, 1.04),
        tuple(layers), title="how many digits are still read",
        alt="Share of 150 digits read right against the attack's size, for five attacks.",
    )  # fmt: skip


def _flat(run: Masking) -> Panel:
    bars = Bars(heights=np.array(run.flat), labels=("no mask", "masked"))
    return Panel(
        "flat", Axis("", -0.6, 1.6), Axis("share of digits", 0, 1), (bars,),
        title="digits with no slope at all",
        alt=f"Bars: {percent_of(run.flat[0])} of digits have no slope without the mask, "
        f"{percent_of(run.flat[1])} with it.",
    )  # fmt: skip


def _caption(run: Masking, k: int) -> str:
    right = dict(zip(ATTACKS, run.accuracy[:, k], strict=False))
    said = [f"{ATTACKS[name]} {percent_of(share)}" for name, share in right.items()]
    if "break" in right:
        said[-1] = f"{BREAKERS[run.config.mask]} {percent_of(right['break'])}"
    return f"ε = {number(run.values[k])}: right after " + " · ".join(said)
