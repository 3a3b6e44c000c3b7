"""The main picture of descent: path, loss against step, final loss against learning rate."""

from collections.abc import Sequence

import numpy as np

from dlviz.descent.compute import DescentSweep, surface_of
from dlviz.descent.rates import against_limit
from dlviz.descent.terrain import Array, Basins, Ghosts, line_panel, plane_panel
from dlviz.layers import Curve, Layer, Segments
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.surfaces import Surface
from dlviz.terrain import FLOOR, above, floored, sizes

Limits = Sequence[dict[str, float]]

ENDINGS = {
    "converged": "it settles",
    "ran": "still on its way at the end",
    "diverged": "it runs away",
    "cycles": "it jumps to and fro for ever",
    "left_domain": "it leaps out of the domain",
}


def descent_scene(
    sweep: DescentSweep,
    limits: Limits,
    basins: Basins | None = None,
    ghosts: Ghosts = (),
) -> Scene:
    """Return the lab's main picture: path, loss against step, final loss against learning rate.

    Parameters
    ----------
    sweep : the same run under every learning rate of the knob
    limits : for each run the step sizes that matter, such as 2/λ, by label
    basins : labels to show in place of the contours: coarse ones (K, h, w) for every run, and
        fine ones (H, W) for the run of that index, where the knob rests
    ghosts : a pinned run, the run branched from
    """
    surface = surface_of(sweep.config)
    marks = _marks(limits, sweep.values)
    draw = line_panel if surface.dim == 1 else plane_panel
    return Scene(
        panels=(
            draw(surface, sweep, basins, ghosts),
            _loss_panel(surface, sweep, ghosts),
            _final_panel(surface, sweep, marks),
        ),
        frames=sweep.losses.shape[1],
        fps=float(np.clip(sweep.losses.shape[1] / 5, 6, 60)),
        captions=_captions(sweep, limits),
        knob=_knob(sweep.values, marks),
        readouts={"loss": sweep.losses, "slope": sizes(sweep.grads)},
    )


def _marks(limits: Limits, values: Array) -> dict[str, Array]:
    """Return each kind of limit at every knob value (K,), nan where there is none in reach."""
    names = {name: None for known in limits for name in known}  # in their order
    marks = {name: np.array([known.get(name, np.nan) for known in limits]) for name in names}
    reach = {
        name: np.where((m >= values[0]) & (m <= values[-1]), m, np.nan) for name, m in marks.items()
    }
    return {name: m for name, m in reach.items() if np.isfinite(m).any()}


def _knob(values: Array, marks: dict[str, Array]) -> Knob:
    placed = [
        (tuple(None if np.isnan(rate) else rate for rate in rates.tolist()), name)
        for name, rates in marks.items()
    ]
    return Knob("lr", "learning rate η", tuple(values.tolist()), 0, tuple(placed))


def _captions(sweep: DescentSweep, limits: Limits) -> tuple[str, ...]:
    words = "step {frame} · loss {loss} · slope {slope} · η = {knob}"
    turns = zip(sweep.values.tolist(), sweep.outcomes.tolist(), limits, strict=True)
    return tuple(f"{words}{against_limit(lr, known)}: {ENDINGS[end]}" for lr, end, known in turns)


def _loss_panel(surface: Surface, sweep: DescentSweep, ghosts: Ghosts) -> Panel:
    losses, label, span = above(surface, sweep.losses)
    steps = np.arange(losses.shape[1])
    layers: list[Layer] = []
    for name, trace in ghosts:
        behind = np.full(len(steps), np.nan)
        kept = min(len(steps), len(trace.losses))
        behind[:kept] = above(surface, trace.losses)[0][:kept]
        layers.append(
            Curve(x=steps, y=floored(behind, span), color="second", dashed=True, label=name)
        )
    layers.append(Curve(x=steps, y=floored(losses, span), over="k", cursor="step", all_faint=True))
    return Panel(
        "loss", Axis("step", 0, max(1, len(steps) - 1)),
        Axis(label, FLOOR * span, 30 * span, log=True),
        tuple(layers), alt="Loss against step on a log axis, every learning rate faint behind.",
    )  # fmt: skip


def _final_panel(surface: Surface, sweep: DescentSweep, marks: dict[str, Array]) -> Panel:
    losses, label, span = above(surface, sweep.losses)
    low, high = FLOOR * span, 30 * span
    final = np.clip(np.nan_to_num(losses[:, -1], nan=high, posinf=high, neginf=low), low, high)
    layers: list[Layer] = [Curve(x=sweep.values, y=final, cursor="knob", color="path")]
    if marks:
        rates = np.stack(list(marks.values()), axis=1)  # (K, marks)
        ends = [np.stack([rates, np.full_like(rates, y)], axis=-1) for y in (low, high)]
        walls = np.stack(ends, axis=2)
        layers.append(Segments(xy=walls, over="k", dashed=True, labels=tuple(marks), color="muted"))
    return Panel(
        "final", Axis("learning rate η", float(sweep.values[0]), float(sweep.values[-1]), log=True),
        Axis(f"final {label}", low, high, log=True), tuple(layers),
        alt="Final loss against learning rate: high when too small, high when too large.",
    )  # fmt: skip
