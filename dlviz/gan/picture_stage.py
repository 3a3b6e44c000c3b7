"""Pictures of a GAN of pictures: the wall as it learns, walks through the noise, on demand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.between import on_demand, walks
from dlviz.gan.picture_measures import nearest
from dlviz.gan.pictures import PictureTrace
from dlviz.layers import Curve, Tiles
from dlviz.scene import Axis, Knob, Panel, Scene

Array = NDArray[Any]

BARE = Axis("", 0, 1)
PAIRS, ASKED, TWINS = 4, 32, 12
GRAYS = 64  # of a wall of large pictures: an eye sees no more, and it is sent in two thirds


def upright(images: Array) -> Array:
    """Turn pictures, whose first row is the highest, into fields, whose first is the lowest."""
    return images[..., ::-1, :]


def _codes(pictures: Array) -> Array:
    """Return pictures in [0, 1] as color codes, ready to be drawn."""
    return upright((pictures * 255).round().astype(np.uint8))


def picture_scene(
    picture: str, trace: PictureTrace, mixes: Sequence[float], ghost: PictureTrace | None = None
) -> Scene:
    """Return one of the pictures below: "digits", "average", "between", or "wanted"."""
    if picture == "average":
        return average_scene(trace)
    if picture == "between":
        return walk_scene(trace, mixes)
    return demand_scene(trace) if picture == "wanted" else wall_scene(trace, ghost)


def wall_scene(trace: PictureTrace, ghost: PictureTrace | None = None) -> Scene:
    """Return the wall of fakes over training, the losses, and what a classifier makes of them.

    Beside it stands the wall of ``ghost``, another GAN of pictures, as it was at the same step.
    """
    real = trace.real
    says = f"a classifier is sure of {{read}} % of the fakes (real ones: {100 * real:.0f} %)"
    found = {"kinds": trace.classes[None], "read": 100 * trace.sure[None]}
    panels = [_wall(trace.wall, "wall", "Fakes of the same noises", alone=ghost is None)]
    if ghost is None:
        says += " · variety {variety}"
        found["variety"] = trace.variety[None]
    else:
        at = np.searchsorted(ghost.frames, trace.frames, side="right") - 1
        says += ", of the pinned ones {pinned} %"
        found["pinned"] = 100 * ghost.sure[at][None]
        panels.append(_wall(ghost.wall[at], "pinned", "Pinned (dashed), at the same step"))
    return Scene(
        panels=(*panels, _losses(trace, ghost), _marks(trace, ghost)),
        frames=len(trace.frames),
        fps=10.0,
        captions=(
            "step {frame} · training begins"
            if np.isnan(real)
            else f"step {{frame}} · {{kinds}} of 10 classes · {says}",
        ),
        layout="main" if ghost is None else "pair",
        readouts=found,
        numbers=tuple(int(step) for step in trace.frames),
    )


def average_scene(trace: PictureTrace) -> Scene:
    """Return what the generator of each step makes beside what its average makes, in step."""
    walls = {"plain": trace.plain, "wall": trace.wall}
    titles = {"plain": "G of this very step", "wall": "G averaged over its steps"}
    steps, moved = trace.frames.astype(float), {k: moves(wall) for k, wall in walls.items()}
    top = 1.1 * max(0.01, float(np.nanmax([0.0, *moved["plain"], *moved["wall"]])))
    curves = (
        Curve(x=steps, y=moved["plain"], color="path", width=2.0, cursor="step"),
        Curve(x=steps, y=moved["wall"], color="second", width=3.5, cursor="step"),
    )
    return Scene(
        panels=(
            *(_wall(wall, name, titles[name]) for name, wall in walls.items()),
            Panel("moves", _steps(trace), Axis("change of a pixel", 0, top), curves,
                  title="G (thin), average (thick)",
                  alt="The mean change of a pixel since the picture before, against the step."),
        ),
        frames=len(steps),
        fps=10.0,
        captions=("step {frame} · a pixel (0 to 1) has changed by {plain} since the picture "
                  "before, of the average by {wall}",),
        layout="pair",
        readouts={name: np.nan_to_num(change)[None] for name, change in moved.items()},
        numbers=tuple(int(step) for step in trace.frames),
    )  # fmt: skip


def moves(wall: Array) -> Array:
    """Return the mean change of a pixel since the entry before (F,), in [0, 1]; nan at first."""
    change = np.abs(np.diff(wall.astype(float), axis=0)).mean((1, 2, 3)) / 255
    return np.concatenate([[np.nan], change])


def _wall(shown: Array, name: str, title: str, *, alone: bool = False) -> Panel:
    """Return a wall; of large pictures, where it does not stand alone, the first 25."""
    small = shown.shape[-1] == 8
    columns = 8 if small else 6 if alone else 5
    codes = upright(shown[:, : columns * columns])
    tiles = Tiles(over="t", images=codes if small else _few_grays(codes), columns=columns)
    return Panel(name, BARE, BARE, (tiles,), title=title,
                 alt=f"{title}: small pictures that the generator makes.")  # fmt: skip


def _few_grays(codes: Array) -> Array:
    """Return color codes rounded to ``GRAYS`` levels; black and white stay."""
    step = 255 / (GRAYS - 1)
    return ((np.arange(256) / step).round() * step).round().astype(np.uint8)[codes]


def _losses(trace: PictureTrace, ghost: PictureTrace | None) -> Panel:
    steps = trace.frames.astype(float)
    top = float(np.nanmax([2.0, *trace.d_loss, *trace.g_loss]))
    layers = [
        Curve(x=steps, y=trace.d_loss, color="second", width=3.5, cursor="step"),
        Curve(x=steps, y=trace.g_loss, color="path", width=2.0, cursor="step"),
    ]
    if ghost is not None:
        layers[:0] = _ghosts(ghost, ghost.d_loss, ghost.g_loss)
    return Panel("losses", _steps(trace), Axis("loss", 0, min(top, 10) * 1.1), tuple(layers),
                 title="Loss of D (thick), of G (thin)",
                 alt="The loss of either player against the step.")  # fmt: skip


def _marks(trace: PictureTrace, ghost: PictureTrace | None) -> Panel:
    steps = trace.frames.astype(float)
    layers = [
        Curve(x=steps, y=trace.classes / 10, color="good", width=3.5, cursor="step"),
        Curve(x=steps, y=trace.sure, color="path", width=2.0, cursor="step"),
    ]
    if ghost is None:
        ends = np.array([0.0, _steps(trace).high])
        layers[:0] = [Curve(x=ends, y=np.full(2, trace.real), color="muted", dashed=True,
                            width=1.5)]  # fmt: skip
    else:
        layers[:0] = _ghosts(ghost, ghost.classes / 10, ghost.sure)
    dashed = "of real pictures" if ghost is None else "of the pinned run"
    return Panel("scores", _steps(trace), Axis("", -0.03, 1.08), tuple(layers),
                 title="Classes / 10 (thick), sure (thin)",
                 alt="The share of classes present, and the share of fakes of which a classifier "
                 f"is sure, against the step; dashed, {dashed}.")  # fmt: skip


def _steps(trace: PictureTrace) -> Axis:
    return Axis("step", 0, 1.04 * max(trace.config.steps, 1))


def _ghosts(ghost: PictureTrace, *series: Array) -> list[Curve]:
    x = ghost.frames.astype(float)
    return [Curve(x=x, y=y, color="muted", dashed=True, width=1.5, label="pinned") for y in series]


def walk_scene(trace: PictureTrace, mixes: Sequence[float]) -> Scene:
    """Return what lies between four pairs of noises, straight and along the sphere."""
    t = np.array(mixes)
    shown, lengths = walks(trace, PAIRS, t)
    codes = _codes(shown)
    both = np.concatenate([codes[0], codes[1]], axis=1)  # (T, 2 · pairs, H, W)
    row = codes[1][np.linspace(0, len(t) - 1, 8).round().astype(int)]  # (8, pairs, H, W)
    atlas = row.swapaxes(0, 1).reshape(-1, *row.shape[2:])
    return Scene(
        panels=(
            Panel("between", BARE, BARE, (Tiles(over="k", images=both, columns=PAIRS),),
                  title="Straight (upper row), along the sphere (lower row)",
                  alt="Pictures between pairs of noises, on two ways."),
            Panel("rows", BARE, BARE, (Tiles(images=atlas, columns=8),),
                  title="All the way, along the sphere",
                  alt="Rows of eight pictures each, from one noise to another."),
            Panel("lengths", Axis("share of the second noise", 0, 1),
                  Axis("length |z|", 0, 1.2 * float(lengths.max())),
                  (Curve(x=t, y=lengths[0], color="path", cursor="knob", width=2.0),
                   Curve(x=t, y=lengths[1], color="second", cursor="knob", width=3.5)),
                  title="Straight (thin), sphere (thick)",
                  alt="The length of the noise on both ways: the straight one dips midway."),
        ),
        knob=Knob("mix", "from the first noise to the second", tuple(float(m) for m in mixes), 0),
        captions=("{knob} of the way · mean length of z: straight {straight}, on the sphere "
                  "{sphere}",),
        readouts={"straight": lengths[0][:, None], "sphere": lengths[1][:, None]},
    )  # fmt: skip


def demand_scene(trace: PictureTrace) -> Scene:
    """Return pictures of the class that the knob asks for, of a conditional GAN."""
    codes = _codes(on_demand(trace, ASKED))
    first = codes[:, :6].reshape(-1, *codes.shape[2:])
    values = tuple(float(label) for label in range(len(codes)))
    return Scene(
        panels=(
            Panel("wanted", BARE, BARE, (Tiles(over="k", images=codes, columns=8),),
                  title="The class asked for", alt="Pictures of one class."),
            Panel("styles", BARE, BARE, (Tiles(images=first, columns=6),),
                  title="One noise a column, one class a row",
                  alt="Ten rows of classes; in a column all have the same noise."),
        ),
        knob=Knob("wanted", "class", values, 0),
        captions=("{knob}, please: the same 32 noises for every class",),
    )  # fmt: skip


def rivals_scene(traces: Sequence[PictureTrace], names: Sequence[str]) -> Scene:
    """Return the walls of GANs of pictures that began alike, in step, as far as all have come."""
    steps = min((trace.frames for trace in traces), key=len)
    panels = tuple(
        Panel(f"rival{i}", BARE, BARE,
              (Tiles(over="t", images=upright(trace.wall[: len(steps), :36]), columns=6),),
              title=name, alt=f"Fakes of the same noises: {name}.")
        for i, (trace, name) in enumerate(zip(traces, names, strict=True))
    )  # fmt: skip
    read = [100 * trace.sure[None, : len(steps)] for trace in traces]
    says = " · ".join(f"{name}: sure of {{read{i}}} %" for i, name in enumerate(names))
    return Scene(
        panels=panels,
        frames=len(steps),
        fps=10.0,
        captions=(f"step {{frame}} · {says}",),
        layout="grid",
        readouts={f"read{i}": each for i, each in enumerate(read)},
        numbers=tuple(int(step) for step in steps),
    )


def twins_scene(trace: PictureTrace) -> Scene:
    """Return fakes of the last entry beside the training pictures that are nearest to them."""
    fakes = trace.wall[-1, :TWINS] / 255.0
    real, far = nearest(trace.config.pictures, fakes.reshape(TWINS, -1))
    pairs = np.stack([fakes, real.reshape(fakes.shape)], axis=1).reshape(-1, *fakes.shape[1:])
    codes = _codes(pairs)
    return Scene(
        panels=(
            Panel("twins", BARE, BARE, (Tiles(images=codes, columns=8),),
                  title="A fake, and right of it the nearest real one",
                  alt="Pairs of pictures: a fake and the nearest training picture."),
        ),
        captions=(f"distances {far.min():.2f} to {far.max():.2f}; 0 would be learned by heart",),
    )  # fmt: skip
