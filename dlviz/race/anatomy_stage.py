"""The picture of one update in slow motion: arrows in the deck's colors, squares, sentences."""

from collections.abc import Sequence

import numpy as np

from dlviz.contours import color_codes
from dlviz.grids import line
from dlviz.layers import Arrows, Field, Layer, Path, Polygons, Text
from dlviz.race.anatomy import STEPS, Anatomy, anatomy
from dlviz.race.config import RaceConfig, surface_of
from dlviz.race.micro_steps import BLUE, MICRO, RED, SQUARED, UNBIASED
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.surfaces import Surface
from dlviz.terrain import Array, contour_field, landmark_layers
from dlviz.track_layers import Tracks

HERE = "update {update}, slope ({gx}, {gy})"


def anatomy_scene(config: RaceConfig, rule: str, factors: Sequence[float]) -> Scene:
    """Return the first updates of a rule in micro-steps, at each factor of the knob."""
    made, surface = anatomy(config, rule, tuple(factors)), surface_of(config)
    count = len(MICRO[rule])
    frames = STEPS * count + 1
    update = np.minimum(np.arange(frames) // count, STEPS - 1)
    panels = [_plane(surface, made, count), _steps(made)]
    if rule in SQUARED:
        panels.append(_squares(made, count))
    return Scene(
        panels=tuple(panels),
        frames=frames,
        fps=1.2,
        captions=("{says}",),
        says=tuple(sentence.replace("{here}", HERE) for sentence, _ in MICRO[rule]),
        knob=Knob("factor", "learning rate ×", tuple(factors), 0),
        readouts={"update": (update + 1.0)[None], "gx": made.grads[:, update, 0],
                  "gy": made.grads[:, update, 1]},
        unit="frame",
    )  # fmt: skip


def _plane(surface: Surface, made: Anatomy, count: int) -> Panel:
    (x0, x1), (y0, y1) = _window(surface, made)
    base = np.repeat(made.base, count, axis=1)[:, : STEPS * count + 1]
    layers: list[Layer] = [_ground(surface)]
    layers += landmark_layers(surface, labels=False) if surface.dim == 2 else []
    layers += [Path(xy=base, over="k", color="ink", dots=False, width=2)]
    return Panel(
        "plane" if surface.dim == 2 else "strip", Axis("x", x0, x1),
        Axis("y" if surface.dim == 2 else "", y0, y1),
        (*layers, *_arrows(made, count)), pick=surface.dim == 2,
        alt=f"The parts of each update as arrows over the contours of {surface.label}.",
    )  # fmt: skip


def _window(surface: Surface, made: Anatomy) -> list[tuple[float, float]]:
    """Return the part of the window where the middle rate's updates are, with room around it."""
    low, high = np.array([*surface.window, (-1.0, 1.0)][:2]).T
    at = int(np.abs(np.log(made.rates / np.median(made.rates))).argmin())
    heads = [made.base[at, :STEPS] + made.parts[name][at]
             for name in ("jump", "velocity", "plain") if name in made.parts]  # fmt: skip
    usual = np.concatenate([made.base[at], *heads])
    inside = usual[((usual >= low) & (usual <= high)).all(axis=1)]
    if surface.dim == 1 or len(inside) < 2:
        return list(zip(low.tolist(), high.tolist(), strict=True))
    middle = (inside.max(0) + inside.min(0)) / 2
    half = np.maximum(0.65 * np.ptp(inside, axis=0), 0.1 * (high - low))
    left, right = np.maximum(low, middle - half), np.minimum(high, middle + half)
    return list(zip(left.tolist(), right.tolist(), strict=True))


def _ground(surface: Surface) -> Field:
    if surface.dim == 2:
        return contour_field(surface, "relief")
    codes, levels = color_codes(surface.value(line(surface.window, 200)))
    return Field(image=np.stack([codes, codes]), levels=levels, x=surface.window[0], y=(-1, 1),
                 colors="relief", bands=16)  # fmt: skip


def _arrows(made: Anatomy, count: int) -> list[Arrows]:
    """Return each part as an arrow that is there from its micro-step to the end of its update.

    An arrow that a later one covers makes way for it, and one of no length is not drawn.
    """
    arrows: list[tuple[Array, Array, str, str]] = []
    for at, (_, added) in enumerate(MICRO[made.rule]):
        for part, color, label, after in added:
            with np.errstate(all="ignore"):  # of a run that is off to infinity
                tail = made.base[:, :STEPS] + (made.parts[after] if after else 0.0)
                arrow = np.stack([tail, tail + made.parts[part]], axis=-2)  # (R, N, 2, 2)
                arrow[np.abs(made.parts[part]).max(-1) == 0] = np.nan
            xy = np.full((*arrow.shape[:1], STEPS * count + 1, 1, 2, 2), np.nan)
            for shown in range(at, count - 1):  # the last micro-step is the move
                xy[:, shown : STEPS * count : count, 0] = arrow
                for other, below, *_ in arrows:
                    covered = np.isclose(other, arrow, rtol=1e-6, atol=1e-9).all((-1, -2))
                    below[:, shown : STEPS * count : count, 0][covered] = np.nan
            arrows.append((arrow, xy, color, label))
    return [Arrows(xy=xy, over="kt", color=color, label=label, width=3)
            for _, xy, color, label in arrows]  # fmt: skip


def _steps(made: Anatomy) -> Panel:
    """Return how long the update and the plain step −η∇J are along x and y: what became of g."""
    parts = {"−η∇J": made.parts["gradient"], "step": made.parts["step"]}
    sizes = [np.hypot(*np.moveaxis(part, -1, 0)) for part in parts.values()]  # (R, N) each
    update = np.broadcast_to(np.arange(1.0, STEPS + 1), sizes[0].shape)
    xy = np.stack([np.stack([update, np.maximum(each, 1e-9)], axis=-1) for each in sizes], axis=1)
    tracks = Tracks(xy=xy, over="k", head="end", colors=(RED, BLUE), markers=("circle", "square"),
                    labels=tuple(parts))  # fmt: skip
    usual = xy[int(np.abs(np.log(made.rates / np.median(made.rates))).argmin()), ..., 1]
    known = usual[np.isfinite(usual)]
    low, high = (float(known.min()), float(known.max())) if known.size else (1e-3, 1.0)
    return Panel(
        "steps", Axis("update", 1, 1.35 * STEPS),  # room for the words at the ends
        Axis("length", low / 3, 3 * min(high, 1e30), log=True),
        (tracks,), alt="How long the plain step and the rule's own step are, update by update.",
    )  # fmt: skip


def _squares(made: Anatomy, count: int) -> Panel:
    """Return the squares of each direction as squares, largest of the run 1, and the new ones."""
    shown = np.repeat(made.squares, count, axis=1)  # (R, N*count, 2)
    at, first = np.arange(shown.shape[1]) % count, SQUARED[made.rule]
    before = np.concatenate([0 * made.squares[:, :1], made.squares[:, :-1]], axis=1)
    shown = np.where((at >= first)[:, None], shown, np.repeat(before, count, axis=1))
    if made.rule in UNBIASED:
        corrected = np.repeat(made.unbiased, count, axis=1)
        shown = np.where((at >= UNBIASED[made.rule])[:, None], corrected, shown)
    shown = np.concatenate([shown, shown[:, -1:]], axis=1)
    with np.errstate(all="ignore"):
        side = np.sqrt(shown / np.nanmax(np.where(np.isfinite(shown), shown, 0), (1, 2),
                                         keepdims=True))  # fmt: skip
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
    xy = corners * side[..., None, None]  # (R, F, 2, 4, 2)
    xy = xy + np.array([[0.0, 0.0], [1.15, 0.0]])[:, None]
    return Panel(
        "squares", Axis("side: what the step is divided by (largest: 1)", -0.05, 2.25),
        Axis("", -0.05, 1.2),
        (Polygons(xy=xy, codes=np.array([0, 1], np.uint8), over="kt"),
         Text(xy=np.array([[0.5, 1.08], [1.65, 1.08]]), texts=("s along x", "s along y"))),
        equal=True, alt="The accumulated squares of the gradient along x and y, as areas.",
    )  # fmt: skip
