"""The race as a picture: tracks from above, loss against step, steps to settle against the rate."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlviz.layers import Curve, Layer, Segments
from dlviz.race.choices import color_of, labels_of, marker_of
from dlviz.race.compute import Race, RaceConfig, surface_of
from dlviz.race.sentences import order_words, rate_words
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.surfaces import Surface
from dlviz.terrain import (
    FLOOR,
    Array,
    above,
    contour_field,
    floored,
    height_axis,
    landmark_layers,
    landscape,
)
from dlviz.track_layers import Tracks

ROOM = 1.1  # beyond the ends of the axis of rates, for markers
NEVER = 1.12  # of the steps: where those that never settle are drawn


def race_scene(races: Sequence[Race], ghost: Race | None = None, name: str = "pinned") -> Scene:
    """Return the race at each factor of the knob; the races differ in that alone.

    A ``ghost`` is another race that stands in the picture, dashed: ``name`` says what it is.
    """
    config = races[0].config
    surface = surface_of(config)
    factors = tuple(run.config.factor for run in races)
    home = np.array([_home(run) for run in races])
    draw = _line if surface.dim == 1 else _plane
    return Scene(
        panels=(
            draw(surface, races, ghost, name), _losses(surface, races, ghost), _settling(races),
        ),
        frames=config.steps + 1,
        fps=float(np.clip(config.steps / 5, 6, 60)),
        captions=tuple(
            f"step {{frame}} · {rate_words(run)} · {{home}} of {len(run.lrs)} settled"
            for run in races
        ),
        endings=tuple(order_words(run) for run in races),
        knob=Knob("factor", "all learning rates ×", factors, 0),
        readouts={"home": home},
    )  # fmt: skip


def _home(run: Race) -> Array:
    """Return how many have settled at each step (T+1,)."""
    steps = np.arange(run.losses.shape[1])
    home = (run.settled[:, None] >= 0) & (run.settled[:, None] <= steps)
    return np.asarray(home.sum(0), dtype=float)


def tracks(config: RaceConfig, xy: Array, named: bool = True, **how: Any) -> Tracks:
    """Return the optimizers' tracks in their colors, with their markers and names."""
    return Tracks(
        xy=xy, labels=labels_of(config) if named else (),
        colors=tuple(map(color_of, config.optimizers)),
        markers=tuple(map(marker_of, config.optimizers)), **how,
    )  # fmt: skip


def _dashed(ghost: Race | None, xy: Array | None) -> list[Layer]:
    """Return the tracks of another race, whole and dashed, or nothing."""
    if ghost is None or xy is None:
        return []
    how = {"head": "end", "width": 1.5, "size": 5.0, "dashed": (True,) * len(xy)}
    return [tracks(ghost.config, xy, named=False, **how)]


def _title(ghost: Race | None, name: str) -> str:
    return f"dashed: {name}, {rate_words(ghost)}" if ghost else ""


def _plane(surface: Surface, races: Sequence[Race], ghost: Race | None, name: str) -> Panel:
    (x0, x1), (y0, y1) = surface.window
    points = np.stack([run.points for run in races])
    return Panel(
        "plane", Axis("x", x0, x1), Axis("y", y0, y1),
        (contour_field(surface, "relief"), *landmark_layers(surface, labels=False),
         *_dashed(ghost, ghost.points if ghost else None),
         tracks(races[0].config, points, over="k")),
        title=_title(ghost, name), pick=True,
        alt=f"Paths of all optimizers over the contours of {surface.label}.",
    )  # fmt: skip


def _line(surface: Surface, races: Sequence[Race], ghost: Race | None, name: str) -> Panel:
    x0, x1 = surface.window[0]
    values = landscape(surface)
    xy = np.stack([np.stack([run.points[..., 0], run.losses], axis=-1) for run in races])
    dashed = np.stack([ghost.points[..., 0], ghost.losses], axis=-1) if ghost else None
    curve: list[Layer] = [
        Curve(x=np.linspace(x0, x1, len(values)), y=values, color="muted", width=3)
    ]
    return Panel(
        "line", Axis("x", x0, x1), height_axis(values),
        (*curve, *landmark_layers(surface, labels=False),
         *_dashed(ghost, dashed), tracks(races[0].config, xy, over="k")),
        title=_title(ghost, name), pick=True,
        alt=f"Steps of all optimizers on the curve of {surface.label}.",
    )  # fmt: skip


def _losses(surface: Surface, races: Sequence[Race], ghost: Race | None) -> Panel:
    losses, label, span = above(surface, np.stack([run.losses for run in races]))
    others = None
    if ghost:
        lost = above(surface, ghost.losses[:, : losses.shape[-1]])[0]
        at = np.broadcast_to(np.arange(lost.shape[-1]), lost.shape)
        others = np.stack([at, floored(lost, span)], axis=-1)
    steps = np.broadcast_to(np.arange(losses.shape[-1]), losses.shape)
    xy = np.stack([steps, floored(losses, span)], axis=-1)
    return Panel(
        "loss", Axis("step", 0, losses.shape[-1] - 1),
        Axis(label, FLOOR * span, 30 * span, log=True),
        (*_dashed(ghost, others), tracks(races[0].config, xy, over="k")),
        alt="Loss of each optimizer against step, on a log axis.",
    )  # fmt: skip


def _settling(races: Sequence[Race]) -> Panel:
    config = races[0].config
    settled = np.stack([run.settled for run in races], axis=1).astype(float)  # (K, R)
    never = NEVER * config.steps
    shown = np.where(settled < 0, never, settled)
    equal = len(set(races[0].lrs.tolist())) == 1
    rates = races[0].lrs[0] / races[0].config.factor if equal else 1.0
    x = rates * np.array([run.config.factor for run in races])
    xy = np.stack([np.broadcast_to(x, shown.shape), shown], axis=-1)
    line = np.array([[[x[0], never], [x[-1], never]]])
    return Panel(
        "settling",
        Axis("learning rate η of all" if equal else "all learning rates ×", x[0] / ROOM,
             x[-1] * ROOM, log=True),
        Axis("steps to settle", 0, NEVER * never),
        (Segments(xy=line, dashed=True), tracks(config, xy, named=False, head="knob")),
        title="at the top: not in time",
        alt="Steps to settle against the learning rate, a line for each optimizer.",
    )  # fmt: skip
