"""The main picture: the game, the losses, and how good the fakes are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.config import GanConfig
from dlviz.gan.gradients import arrow_ends, norms_of
from dlviz.gan.line_stage import line_panel, value_panel
from dlviz.gan.measures import reference
from dlviz.gan.objectives import OBJECTIVES
from dlviz.gan.sentences import ending
from dlviz.gan.traces import GanSweep
from dlviz.layers import Arrows, Curve, Field, Layer, Points
from dlviz.mesh_layers import Mesh
from dlviz.scene import Axis, Knob, Panel, Scene

Array = NDArray[Any]

REAL, FAKES = 300, 200  # drawn of each
LOOKS = (
    "field",
    "real",
    "fake",
    "mesh",
    "arrows",
    "norms",
)  # parts of the picture, as the page names them
PLAYERS = "Loss of D (thick), of G (thin)"
UNVALUED = "No V: D is no probability. Loss of D, G (thin)"
FULL = 0.6  # density drawn half dark, mass per area


def game_scene(
    games: GanSweep, looks: tuple[str, ...] = LOOKS[:-1], ghost: GanSweep | None = None
) -> Scene:
    """Return the game under every value of the knob, frame by frame.

    Parameters
    ----------
    games : R games that differ in the learning rate of the generator
    looks : of ``LOOKS``, the parts that are drawn
    ghost : another game of its own, whose curves are drawn dashed
    """
    source = games.run(0).source
    first = _plane(games, looks) if source.dim == 2 else line_panel(games, looks)
    panels = (first, _players(games, looks, ghost), _scores(games, ghost))
    values = tuple(float(value) for value in games.values)
    modes, (js, _) = len(source.modes), games.run(0).floor
    parts = f"{source.parts} found {{modes}} of {modes} · " if modes > 1 else ""
    return Scene(
        panels=panels,
        frames=len(games.frames),
        fps=10.0,
        captions=(_caption(parts, js, looks),),
        knob=Knob("lr_g", "learning rate of the generator", values, 0) if len(values) > 1 else None,
        readouts={
            "js": games["js"],
            "modes": games["coverage"] * modes,
            "d_loss": games["d_loss"],
            "g_loss": games["g_loss"],
            "d_grad": games["d_grad"],
            "g_grad": games["g_grad"],
        },
        endings=tuple(ending(games.run(r)) for r in range(len(games))) if _whole(games) else (),
        numbers=tuple(int(step) for step in games.frames),
    )


def _whole(games: GanSweep) -> bool:
    return int(games.frames[-1]) >= games.last


def _caption(found: str, floor: float, looks: tuple[str, ...]) -> str:
    told = "gradient" if "norms" in looks else "loss"
    return (
        f"step {{frame}} · {found}JS {{js}} (perfect: {floor:.2g}) · "
        f"{told} of D {{d_{told[:4]}}}, of G {{g_{told[:4]}}}"
    )


def _players(games: GanSweep, looks: tuple[str, ...], ghost: GanSweep | None) -> Panel:
    """Return what is drawn of both players: gradients, the value, or losses."""
    if "norms" in looks:
        return _norms(games, ghost)
    if games.run(0).source.dim == 2:
        return _losses(games, ghost)
    valued = OBJECTIVES[games.configs[0].loss].logistic
    return value_panel(games) if valued else _losses(games, ghost, UNVALUED)


def _norms(games: GanSweep, ghost: GanSweep | None) -> Panel:
    steps, (of_d, of_g, low, high) = games.frames.astype(float), norms_of(games)
    layers = [
        *([] if ghost is None else _ghosts(ghost, "d_grad", "g_grad")),
        Curve(over="k", x=steps, y=of_d, cursor="step", color="second", width=3.5),
        Curve(over="k", x=steps, y=of_g, cursor="step", color="path", width=2.0),
    ]
    return Panel("norms", step_axis(games), Axis("length", low, high, log=True), tuple(layers),
                 title="Gradient of D (thick), of G (thin)",
                 alt="The length of the gradient of either player's loss by its weights, against "
                 "the step, on a log scale.")  # fmt: skip


def _plane(games: GanSweep, looks: tuple[str, ...]) -> Panel:
    config, source = games.configs[0], games.run(0).source
    x, y = (Axis(name, source.low, source.high) for name in ("x₁", "x₂"))
    layers: list[Layer] = []
    if "field" in looks:
        layers.append(_field(games))
    if "mesh" in looks:
        layers.append(_mesh(games))
    if "real" in looks:
        real = reference(config.data, config.points)[:REAL]
        layers.append(Points(xy=real, color="ink", marker="square", size=2.5))
    if "fake" in looks:
        fakes = games["samples"][:, :, :FAKES]
        layers.append(Points(over="kt", xy=fakes, color="path", marker="circle", size=3.5))
    if "arrows" in looks:
        layers.append(_arrows(games))
    return Panel("plane", x, y, tuple(layers), equal=True, 
                 title="Real ▪ and fake ●; D says real: orange, fake: blue",
                 pick=config.data == "own",
                 alt="Real points as squares, the generator's points as dots, on the "
                 "discriminator's field: orange where it says real, blue where it says fake. "
                 "Arrows show where the fakes are told to go.")  # fmt: skip


def _field(games: GanSweep) -> Layer:
    source, codes = games.run(0).source, games.verdicts
    half = (source.high - source.low) / codes.shape[-1] / 2
    ends = (source.low + half, source.high - half)
    return Field(over="kt", image=codes, x=ends, y=ends, colors="diverging",
                 levels=np.linspace(0, 1, 256), opacity=0.75)  # fmt: skip


def _mesh(games: GanSweep) -> Layer:
    config = games.configs[0]
    columns = 121 if config.noise_dim == 1 else 11
    full = FULL if config.noise_dim == 2 else FULL / 3
    return Mesh(over="kt", xy=games["mesh"], weights=mesh_weights(config), columns=columns,
                color="ink", full=full)  # fmt: skip


def mesh_weights(config: GanConfig) -> Array:
    """Return the share of the noise in each cell of its mesh, up to what is beyond the mesh."""
    columns = 121 if config.noise_dim == 1 else 11
    middles = (np.arange(columns - 1) + 0.5) / (columns - 1) * 2 - 1  # in [−1, 1]
    line = np.exp(-2 * middles**2) if config.noise == "normal" else np.ones_like(middles)
    line /= line.sum()
    return line if config.noise_dim == 1 else np.outer(line, line).ravel()


def _arrows(games: GanSweep) -> Layer:
    """Return where some fakes are told to go, the harder the longer, up to an end."""
    ends = np.stack(arrow_ends(games), axis=3)
    return Arrows(over="kt", xy=ends, color="good", width=1.75)


def _losses(games: GanSweep, ghost: GanSweep | None = None, title: str = PLAYERS) -> Panel:
    steps = games.frames.astype(float)
    low, high = loss_ends(games)
    layers: list[Layer] = [
        Curve(over="k", x=steps, y=games["d_loss"], cursor="step", color="second", width=3.5),
        Curve(over="k", x=steps, y=games["g_loss"], cursor="step", color="path", width=2.0),
    ]
    if ghost is not None:
        layers[:0] = _ghosts(ghost, "d_loss", "g_loss")
    if low < 2 * np.log(2) < high and games.configs[0].loss in ("nonsaturating", "minimax"):
        level = np.full(2, 2 * np.log(2))
        layers.insert(0, Curve(x=np.array([0.0, games.last]), y=level, color="muted", dashed=True,
                               width=1.5, label="2 log 2"))  # fmt: skip
    return Panel("losses", step_axis(games), Axis("loss", low, high),
                 tuple(layers), title=title,
                 alt="The loss of either player against the step.")  # fmt: skip


def _ghosts(ghost: GanSweep, *names: str) -> list[Layer]:
    steps = ghost.frames.astype(float)
    return [
        Curve(x=steps, y=ghost[name][0], color="muted", dashed=True, width=1.5, label="pinned")
        for name in names
    ]


def step_axis(games: GanSweep) -> Axis:
    """Return the axis of all steps there will be."""
    return Axis("step", 0, 1.04 * max(games.last, 1))


def loss_ends(games: GanSweep) -> tuple[float, float]:
    """Return the ends of the axis of losses: all that is finite, within [−10, 10]."""
    both = np.stack([games["d_loss"], games["g_loss"]])
    known = both[np.isfinite(both)]
    known = known if len(known) else np.zeros(1)
    low, high = np.clip([known.min(), np.quantile(known, 0.98)], -10, 10)
    least = 2.0 if OBJECTIVES[games.configs[0].loss].logistic else 0.5  # room for 2 log 2
    return min(0.0, float(low) * 1.1), max(least, float(high) * 1.15)


def _scores(games: GanSweep, ghost: GanSweep | None = None) -> Panel:
    steps, (floor, _) = games.frames.astype(float), games.run(0).floor
    layers: list[Layer] = [
        Curve(x=np.array([0.0, games.last]), y=np.full(2, floor), color="muted", dashed=True,
              width=1.5),
        Curve(over="k", x=steps, y=games["js"], cursor="step", color="path", width=2.0),
    ]  # fmt: skip
    several = len(games.run(0).source.modes) > 1
    if several:  # the one mode of a bell is found by the first fakes that stray there
        layers.insert(1, Curve(over="k", x=steps, y=games["coverage"], cursor="step", color="good",
                               width=3.5))  # fmt: skip
    if ghost is not None:
        layers[:0] = _ghosts(ghost, *(("coverage", "js") if several else ("js",)))
    parts = games.run(0).source.parts
    title = f"{parts.capitalize()} (thick), JS (thin), best JS (dashed)"
    return Panel("scores", step_axis(games), Axis("", -0.03, 1.08),
                 tuple(layers), title=title if several else "JS, best JS (dashed)",
                 alt=f"The share of {parts} found and the JS divergence against the step; "
                 "dashed what a perfect generator would score.")  # fmt: skip
