"""PGD step by step: the picture, what is read of it, and how far its pixels are moved."""

import numpy as np

from dlviz.adversarial.config import AdversarialConfig
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.paths import AttackPath, path
from dlviz.adversarial.shades import BOX, LARGEST, change_shades, shades
from dlviz.layers import Curve, Tiles
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number


def path_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage: frames are PGD's steps, the knob is ε."""
    run = path(config, values)
    answers = run.answers
    return Scene(
        panels=(_pictures(run), _confidence(run), _reach(run)),
        frames=len(run.steps),
        numbers=run.steps,
        fps=4,
        captions=tuple(_caption(run, k) for k in range(len(values))),
        knob=knob(config, values),
        readouts={
            "read": answers,
            "percent": np.rint(100 * run.confidences.max(axis=2)),
            "moved": run.moved,
        },
    )


def _pictures(run: AttackPath) -> Panel:
    changes = change_shades(run.pictures - run.picture)
    tiles = Tiles(
        images=np.stack([shades(run.pictures), changes], axis=2),
        columns=2,
        labels=("the picture", "its change"),
        over="kt",
    )
    return Panel(
        "pictures", BOX, BOX, (tiles,),
        title=f"A {run.label} under PGD; its change (±{LARGEST:g} is white, black)",
        alt=f"A {run.label} after so many steps of PGD, and how each pixel has changed.",
    )  # fmt: skip


def _confidence(run: AttackPath) -> Panel:
    steps = np.array(run.steps)
    ours = Curve(x=steps, y=run.confidences[:, :, run.label], over="k", color="path",
                 cursor="step", label=f"a {run.label}")  # fmt: skip
    rivals = np.delete(run.confidences, run.label, axis=2).max(axis=2)
    other = Curve(x=steps, y=rivals, over="k", color="second", cursor="step", dashed=True,
                  label="another")  # fmt: skip
    return Panel(
        "confidence", _steps(run), Axis("confidence", 0, 1), (ours, other),
        title=f"A {run.label}, or another digit?",
        alt=f"Two curves against the steps: confidence in {run.label}, and in the next digit.",
    )  # fmt: skip


def _reach(run: AttackPath) -> Panel:
    steps = np.array(run.steps)
    moved = Curve(x=steps, y=run.moved, over="k", color="path", cursor="step")
    edge = np.repeat(np.array(run.values)[:, None], len(steps), axis=1)
    rim = Curve(x=steps, y=edge, over="k", color="ink", dashed=True, label="ε")
    return Panel(
        "reach", _steps(run), Axis("change", 0, 1.1 * LARGEST), (rim, moved),
        title="Largest change of a pixel",
        alt="The largest change of a pixel against the steps, and the line of ε that it may reach.",
    )  # fmt: skip


def _steps(run: AttackPath) -> Axis:
    return Axis("step", 0, run.steps[-1], whole=True)


def _caption(run: AttackPath, k: int) -> str:
    words = "step {frame} of {last} · ε = {knob} · read as {read} ({percent} %)"
    size = run.config.step_size
    if size > 0 and run.config.steps * size < run.values[k]:
        reach = number(run.config.steps * size)
        return f"{words} · {run.config.steps} steps of {size:g} reach {reach}: ε is out of reach"
    return f"{words} · largest change {{moved}}"
