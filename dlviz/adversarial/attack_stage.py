"""One picture after several attacks, how sure the network is, and over which ε it falls."""

import numpy as np

from dlviz.adversarial.config import ATTACKS, METHOD_NAMES, AdversarialConfig
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.shades import BOX, CURVES, DIGITS, LARGEST, change_shades, shades
from dlviz.adversarial.sweeps import AdversarialSweep, sweep
from dlviz.layers import Bars, Curve, Text, Tiles
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number


def attack_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage: the knob is ε."""
    return scene_of(sweep(config, values))


def scene_of(run: AdversarialSweep) -> Scene:
    """Return the stage of a sweep."""
    first = run.first_mistake("fgsm")
    marks = () if first is None else ((first, "FGSM fools"),)
    return Scene(
        panels=(_pictures(run), _bars(run), _curves(run)),
        captions=tuple(_caption(run, k) for k in range(len(run.values))),
        knob=knob(run.config, run.values, marks),
    )


def _pictures(run: AdversarialSweep) -> Panel:
    changes = change_shades(run.pictures - run.picture)
    codes = np.concatenate([shades(run.pictures), changes]).swapaxes(0, 1)
    names = [METHOD_NAMES[method] for method in run.shown]
    labels = (*names, *("its change",) * len(names))
    tiles = Tiles(images=codes, columns=len(names), labels=labels, over="k")
    return Panel(
        "pictures", BOX, BOX, (tiles,),
        title=f"A {run.label} after each attack; below, the change (±{LARGEST:g} is white, black)",
        alt=f"{len(labels)} small pictures: a {run.label} after {len(names)} attacks, within ε if "
        "they have one, and the change that each made.",
    )  # fmt: skip


def _bars(run: AdversarialSweep) -> Panel:
    at = run.shown.index(run.config.method)
    bars = Bars(heights=run.confidences[at], over="k", labels=DIGITS)
    return Panel(
        "answer", Axis("digit", -0.6, 9.6), Axis("confidence", 0, 1), (bars,),
        title=f"What it reads after {METHOD_NAMES[run.config.method]}",
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


def _caption(run: AdversarialSweep, k: int) -> str:
    said = []
    for i, method in enumerate(run.shown):
        answer, sure = run.answers[i, k], run.confidences[i, k].max()
        said.append(f"{METHOD_NAMES[method]}: {answer} ({100 * sure:.0f} %)")
    return f"ε = {number(run.values[k])}: read after " + " · ".join(said)
