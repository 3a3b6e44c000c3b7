"""One picture after four attacks, how sure the network is, and over which ε it falls."""

import numpy as np
from numpy.typing import NDArray

from dlviz.adversarial.compute import AdversarialSweep
from dlviz.adversarial.config import ATTACKS
from dlviz.layers import Bars, Curve, Text, Tiles
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

BOX = Axis("", 0, 1)
LARGEST = 0.4  # the change that is drawn black or white
CURVES = {"noise_sign": "muted", "universal": "good", "fgsm": "path", "pgd": "second"}


def adversarial_scene(run: AdversarialSweep) -> Scene:
    """Return the stage: the knob is ε."""
    return Scene(
        panels=(_pictures(run), _bars(run), _curves(run)),
        captions=tuple(_caption(run, k) for k in range(len(run.values))),
        knob=Knob("epsilon", "ε", run.values, run.values.index(run.config.epsilon)
                  if run.config.epsilon in run.values else 0, _marks(run)),
    )  # fmt: skip


def _pictures(run: AdversarialSweep) -> Panel:
    changes = 0.5 + (run.pictures - run.picture) / (2 * LARGEST)
    codes = np.concatenate([_codes(run.pictures), _codes(changes)]).swapaxes(0, 1)
    labels = (*ATTACKS.values(), *("its change",) * len(ATTACKS))
    tiles = Tiles(images=codes, columns=len(ATTACKS), labels=labels, over="k")
    return Panel(
        "pictures", BOX, BOX, (tiles,),
        title=f"A {run.label} after each attack; below, the change (±{LARGEST:g} is white, black)",
        alt=f"Eight small pictures: a {run.label} after four attacks within ε, and the change that "
        "each made.",
    )  # fmt: skip


def _codes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)


def _bars(run: AdversarialSweep) -> Panel:
    at = list(ATTACKS).index(run.config.method)
    bars = Bars(heights=run.confidences[at], over="k", labels=tuple("0123456789"))
    return Panel(
        "answer", Axis("digit", -0.6, 9.6), Axis("confidence", 0, 1), (bars,),
        title=f"What it reads after {ATTACKS[run.config.method]}",
        alt="Bars: the network's confidence in each of the ten digits.",
    )  # fmt: skip


def _curves(run: AdversarialSweep) -> Panel:
    curves = tuple(
        Curve(x=np.array(run.values), y=run.confidences[i, :, run.label], color=CURVES[name],
              cursor="knob", dashed=name == "noise_sign")
        for i, name in enumerate(ATTACKS)
    )  # fmt: skip
    return Panel(
        "curves", Axis("ε", run.values[0], run.values[-1]),
        Axis(f"confidence in {run.label}", 0, 1), (*curves, *_names(run)),
        title=f"Still a {run.label}?",
        alt=f"Curves: confidence that it is a {run.label} against ε, for each attack.",
    )  # fmt: skip


def _names(run: AdversarialSweep) -> tuple[Text, ...]:
    """Return the curves' names, one under the other: their ends lie on one another."""
    right = run.values[-1] - 0.01 * (run.values[-1] - run.values[0])
    return tuple(
        Text(xy=np.array([[right, height]]), texts=(label,), color=CURVES[name], anchor="right")
        for (name, label), height in zip(ATTACKS.items(), (0.8, 0.62, 0.44, 0.26), strict=True)
    )


def _marks(run: AdversarialSweep) -> tuple[tuple[float, str], ...]:
    first = run.first_mistake("fgsm")
    return () if first is None else ((first, "FGSM fools"),)


def _caption(run: AdversarialSweep, k: int) -> str:
    said = []
    for i, label in enumerate(ATTACKS.values()):
        answer, sure = run.answers[i, k], run.confidences[i, k].max()
        said.append(f"{label}: {answer} ({100 * sure:.0f} %)")
    return f"ε = {number(run.values[k])}: read after " + " · ".join(said)
