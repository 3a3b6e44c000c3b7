"""The main picture: the plane with the way on it, under each turn of the knob."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlviz.contours import color_codes
from dlviz.landscape.config import DIRECTIONS, LandscapeConfig
from dlviz.landscape.facts import facts
from dlviz.landscape.steps import Course
from dlviz.landscape.surveys import Surface, Training, shadow
from dlviz.layers import Curve, Field, Layer, Path, Points, Segments
from dlviz.optimizers import Array
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

AXES = dict(zip(DIRECTIONS, ("main direction", "random direction", "raw direction"), strict=True))
KNOBS = {
    "depth": "layers",
    "lr": "learning rate η",
    "extent": "reach",
    "direction_seed": "random plane",
}
ENDS = {"learned": "it has learned", "learning": "still learning", "stuck": "it has not learned"}
ROOF = 30.0  # times the median loss: higher walls are as dark


def course_scene(course: Course) -> Scene:
    """Return the plane with training's shadow on it, both losses, and the curvature on the way.

    Beside it stands the plane of the pinned run, if there is one.
    """
    known = [facts(made) for made in course.surfaces]
    steps = max((made.training.steps for made in course.surfaces), key=lambda s: (len(s), s[-1]))
    planes = _planes(course)
    return Scene(
        panels=(*planes, _losses(course, steps), _curvature(course)),
        frames=len(steps),
        fps=20,
        captions=("step {frame} · loss {loss} · on the plane {slice} · the plane holds {held} % "
                  "of the way",),
        endings=tuple(ENDS[fact["outcome"]] for fact in known),
        readouts={
            "loss": _on(steps, course, "path_loss"),
            "slice": _on(steps, course, "slice_loss"),
            "held": np.array([[fact["explained"]] for fact in known]),
        },
        knob=Knob(course.field, KNOBS[course.field], course.values, 0),
        numbers=tuple(steps.tolist()),
        layout="pair" if course.pinned else "main",
    )  # fmt: skip


def differences(course: Course, pinned: LandscapeConfig) -> str:
    """Name what a pinned run has that is otherwise; of the knob's setting, which is turned, all."""
    names = {"skip": "skip connections", "optimizer": "rule", "width": "units", **KNOBS}
    told = []
    for field, value in vars(pinned).items():
        name = names.get(field, field.replace("_", " "))
        if field != course.field and value == getattr(course.config, field):
            continue
        if isinstance(value, bool):
            told.append(name if value else f"no {name}")
        else:
            told.append(value if isinstance(value, str) else f"{name} {number(value)}")
    return ", ".join(told)


# ------------------------------------------------------------ planes


def _planes(course: Course) -> tuple[Panel, ...]:
    """Return the plane, and that of the pinned run, in one scale of colors."""
    finest = max(len(made.loss) for made in course.surfaces)
    shown = [*course.surfaces, *([course.pinned] if course.pinned else [])]
    losses = [_enlarged(made.loss, finest) for made in shown]
    known = np.concatenate([loss[np.isfinite(loss)] for loss in losses])
    roof = ROOF * float(np.median(known)) if known.size else 1.0
    codes, levels = color_codes(np.stack([np.minimum(loss, roof) for loss in losses]))
    own = [_in_units(course, made, made.path) for made in course.surfaces]
    length = max(map(len, own))
    layers: list[Layer] = []
    if course.trunk:
        trunk = [
            _in_units(course, made, shadow(made, course.trunk)) if len(made.loss) == finest
            else np.full((len(course.trunk.steps), 2), np.nan)
            for made in course.surfaces
        ]  # fmt: skip
        layers.append(Path(xy=np.stack(trunk), over="k", whole=True, ball=False, dots=False,
                           color="muted", label="unbranched"))  # fmt: skip
    layers.append(Path(xy=np.stack([_longer(way, length) for way in own]), over="k", dots=False))
    config = course.config
    main = _plane(course, "plane", config, codes[: len(own)], levels, layers)
    if not course.pinned:
        return (main,)
    other = course.pinned.config
    way = Path(xy=_in_units(course, course.pinned, course.pinned.path), whole=True, ball=False,
               dots=False, color="path")  # fmt: skip
    words = differences(course, other)
    return main, _plane(course, "pinned", other, codes[-1], levels, [way], f"pinned: {words}")


def _plane(
    course: Course,
    name: str,
    config: LandscapeConfig,
    codes: Array,
    levels: Array,
    ways: Sequence[Layer],
    title: str = "",
) -> Panel:
    end = 1.0 if course.field == "extent" else config.extent
    if course.field == "extent":
        unit = " (window: ±1)"
    else:
        unit = " (way: 1)" if config.directions == "path" else ""
    ground = Field(image=codes, levels=levels, over="k" if codes.ndim == 3 else "", x=(-end, end),
                   y=(-end, end), colors="terrain", bands=16)  # fmt: skip
    star = Points(xy=np.zeros((1, 2)), marker="star", size=8)
    x, y = (Axis(f"{rank} {AXES[config.directions]}{unit}", -end, end) for rank in ("1st", "2nd"))
    alt = "The network's loss on a plane through its trained weights, with training's shadow."
    return Panel(name, x, y, (ground, *ways, star), title=title, alt=alt)


def _in_units(course: Course, made: Surface, places: Array) -> Array:
    """Return places in units of the way's reach; where the knob is the reach, of the window."""
    window = made.axes[:, -1]
    if course.field == "extent":
        return places / window
    return places / (window / made.config.extent)


def _enlarged(loss: Array, count: int) -> Array:
    at = np.linspace(0, len(loss) - 1, count).round().astype(int)
    return np.asarray(loss[np.ix_(at, at)])


def _longer(track: Array, length: int) -> Array:
    """Return a track (F, 2) with not-a-number after its end."""
    whole = np.full((length, 2), np.nan)
    whole[: len(track)] = track
    return whole


# ------------------------------------------------------------ curves


def _on(steps: Any, course: Course, name: str) -> Array:
    """Return a loss of each surface (K, F) at these steps, not-a-number where it is not known."""
    return np.stack([_at(steps, made.training.steps, getattr(made, name))
                     for made in course.surfaces])  # fmt: skip


def _at(steps: Any, own: Any, values: Array) -> Array:
    found = np.full(len(steps), np.nan)
    _, here, there = np.intersect1d(steps, own, return_indices=True)
    found[here] = values[there]
    return found


def _losses(course: Course, steps: Any) -> Panel:
    true, sliced = _on(steps, course, "path_loss"), _on(steps, course, "slice_loss")
    ghosts = [_ghost(training, steps) for training in _others(course)]
    both = np.concatenate([true.ravel(), sliced.ravel(), *ghosts])
    known = both[np.isfinite(both) & (both > 0)]
    high = min(float(known.max()), 100 * float(np.median(known))) * 1.5
    low = max(float(known.min()) / 1.5, 1e-12)
    layers = [
        Curve(x=steps, y=np.maximum(ghost, low), color="muted", width=2.0) for ghost in ghosts
    ] + [
        Curve(x=steps, y=np.maximum(sliced, low), over="k", color="second", dashed=True,
              cursor="step"),
        Curve(x=steps, y=np.maximum(true, low), over="k", color="path", cursor="step"),
    ]  # fmt: skip
    gray = f", {_gray(course)} gray" if ghosts else ""
    return Panel(
        "loss", Axis("step", float(steps[0]), float(steps[-1])),
        Axis("loss", low, max(high, 2 * low), log=True), tuple(layers),
        title=f"loss: true ——, on the plane - -{gray}",
        alt="Loss of the network, and what the plane says at its shadow, step by step.",
    )  # fmt: skip


def _others(course: Course) -> list[Training]:
    pinned = [course.pinned.training] if course.pinned else []
    return pinned + ([course.trunk] if course.trunk else [])


def _gray(course: Course) -> str:
    return "pinned" if course.pinned else "unbranched"


def _ghost(training: Training, steps: Any) -> Array:
    """Return another training's loss at these steps, up to where it ended."""
    return np.asarray(np.interp(steps, training.steps, training.loss, right=np.nan))


def _curvature(course: Course) -> Panel:
    training = [made.training for made in course.surfaces]
    x = max((own.steps[own.curved] for own in training), key=lambda s: (len(s), s[-1]))
    high, low = (
        np.stack([_at(x, own.steps[own.curved], getattr(own, name)) for own in training])
        for name in ("highest", "lowest")
    )
    edge = np.array([_edge(made.config) for made in course.surfaces])
    there = [made.config.steps == course.config.steps for made in course.surfaces]
    whole = np.array(there if any(there) else [True] * len(there))  # not what is yet to come
    bottom, top = _ends(high[whole], low[whole], edge[whole])
    line = np.stack([np.array([[[x[-1], at], [x[0], at]]]) for at in edge])
    line[(edge > top) | ~np.isfinite(edge)] = np.nan
    layers: list[Layer] = [Segments(xy=line, over="k", dashed=True, labels=("2/η",))]
    for own in _others(course):
        y = np.clip(own.highest, -1e6, 1e6)
        layers.append(Path(xy=np.stack([own.steps[own.curved], y], axis=-1), color="muted",
                           width=2.0, whole=True, ball=False, dots=False))  # fmt: skip
    for values, color, marker in ((high, "path", "circle"), (low, "second", "square")):
        values = np.clip(values, -1e6, 1e6)
        layers.append(Curve(x=x, y=values, over="k", color=color))
        places = np.stack([np.broadcast_to(x, values.shape), values], axis=-1)
        layers.append(Points(xy=places, over="k", color=color, marker=marker, size=4))
    return Panel(
        "curvature", Axis("step", float(x[0]), float(x[-1])), Axis("curvature", bottom, top),
        tuple(layers), title="curvature: largest ●, smallest ■",
        alt="Largest and smallest eigenvalue of the Hessian during training.",
    )  # fmt: skip


def _edge(config: LandscapeConfig) -> float:
    return 2 / config.lr if config.optimizer == "sgd" else np.nan


def _ends(high: Array, low: Array, edge: Array) -> tuple[float, float]:
    """Return the ends of the axis of curvatures: what runs away goes beyond it."""
    tops = np.array([np.max(own, initial=0.0, where=np.isfinite(own)) for own in high])
    usual = 4 * max(float(np.median(tops)), 1e-6)
    top = max(float(tops[tops <= usual].max(initial=1e-6)),
              float(edge[edge <= usual].max(initial=0.0)))  # fmt: skip
    known = low[np.isfinite(low)]
    bottom = max(float(known.min(initial=0.0)), -top)
    span = top - bottom
    return bottom - 0.08 * span, top + 0.12 * span
