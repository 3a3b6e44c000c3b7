"""Two pictures of theory: divergences of densities that part, and the smallest game."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.dirac import METHODS, dirac_paths, force
from dlviz.gan.theory import dirac_spectrum, js, normal, normal_wasserstein
from dlviz.layers import Arrows, Curve, Path, Points, Text
from dlviz.scene import Axis, Knob, Panel, Scene

Array = NDArray[np.float64]

SD = 0.25  # of both bells
LR = 0.2  # of both players of the smallest game
STEPS = 150
WINDOW = 2.2


def theory_scene(picture: str, method: str, values: Sequence[float]) -> Scene:
    """Return "apart", or "dirac" by a method, over the values of the knob."""
    return dirac_scene(method, values) if picture == "dirac" else apart_scene(values)


def apart_scene(gaps: Sequence[float]) -> Scene:
    """Return two bells that the knob pulls apart, and what two measures make of it."""
    gap = np.array(gaps)
    x = np.linspace(-1.5, 6.0, 601)
    p, q = normal(x, 0.0, SD), normal(x, gap[:, None], SD)
    diverged, moved = js(p, q, x), np.array([normal_wasserstein(0, SD, g, SD) for g in gaps])
    densities = (
        Curve(x=x, y=p, color="ink", dashed=True, label=""),
        Curve(over="k", x=x, y=q, color="path", width=3.0),
    )
    ceiling = Curve(x=gap[[0, -1]], y=np.full(2, np.log(2)), color="muted", dashed=True,
                    width=1.5, label="log 2")  # fmt: skip
    return Scene(
        panels=(
            Panel("densities", Axis("x", -1.5, 6.0), Axis("density", 0, 1.75), densities,
                  title="Data (dashed) and fakes", alt="Two bell curves, apart by the gap."),
            Panel("js", Axis("gap", 0, gap[-1]), Axis("JS (nats)", 0, 0.95),
                  (ceiling, Curve(x=gap, y=diverged, color="second", cursor="knob")),
                  title="Jensen-Shannon: flat once apart",
                  alt="The JS divergence against the gap: it rises to log 2 and stays there."),
            Panel("wasserstein", Axis("gap", 0, gap[-1]), Axis("W₁", 0, gap[-1]),
                  (Curve(x=gap, y=moved, color="good", cursor="knob"),),
                  title="Wasserstein: how far to go", alt="W1 against the gap: a straight line."),
        ),
        knob=Knob("gap", "gap between data and fakes", tuple(float(g) for g in gaps), 0),
        captions=("gap {knob} · JS {js} nats, its slope {slope} · Wasserstein {w}, its slope 1",),
        readouts={"js": diverged[:, None], "w": moved[:, None],
                  "slope": np.gradient(diverged, gap)[:, None]},
    )  # fmt: skip


def dirac_scene(method: str, weights: Sequence[float]) -> Scene:
    """Return the smallest game's path for each weight of the penalty R1.

    Parameters
    ----------
    method : of ``dirac.METHODS``
    weights : the knob's
    """
    r1 = np.array(weights)
    paths = dirac_paths(r1, method, LR, STEPS)
    away = np.hypot(paths[..., 0], paths[..., 1])
    radius = np.array([np.abs(dirac_spectrum(LR, method, w)).max() for w in weights])
    steps = np.arange(STEPS + 1.0)
    plane = (
        Arrows(over="k", xy=_currents(r1), color="faint", width=1.5),
        Points(xy=np.zeros((1, 2)), color="good", marker="star", size=9.0),
        Text(xy=np.array([[0.0, -0.35]]), texts=("equilibrium",)),
        Path(over="k", xy=paths, color="path"),
    )
    return Scene(
        panels=(
            Panel("dirac", Axis("θ, the generator's point", -WINDOW, WINDOW),
                  Axis("ψ, the discriminator's slope", -WINDOW, WINDOW), plane, equal=True,
                  title="One point against one slope",
                  alt="The path of both players around their equilibrium, over arrows that show "
                  "where they are going."),
            Panel("away", Axis("step", 0, STEPS), Axis("distance", 1e-2, 10, log=True),
                  (Curve(over="k", x=steps, y=away, color="path", cursor="step"),),
                  title="Distance from the equilibrium", alt="The distance against the step."),
            Panel("theta", Axis("step", 0, STEPS), Axis("θ", -WINDOW, WINDOW),
                  (Curve(over="k", x=steps, y=paths[..., 0], color="second", cursor="step"),),
                  title="The generator's point", alt="The generator's point against the step."),
        ),
        frames=STEPS + 1,
        fps=20.0,
        captions=(f"step {{frame}} · {METHODS[METHODS.index(method)]} steps · R1 γ = {{knob}} · "
                  "distance {away} · near the equilibrium 100 steps stretch by {stretch}",),
        knob=Knob("gamma", "weight γ of R1", tuple(float(w) for w in weights), 0),
        readouts={"away": away, "stretch": radius[:, None] ** 100},
        endings=tuple(_ending(float(r)) for r in radius),
    )  # fmt: skip


def _ending(radius: float) -> str:
    if radius > 1 + 1e-9:
        return "running away"
    return "coming home" if radius < 1 - 1e-9 else "circling for ever"


def _currents(r1: Array) -> Array:
    """Return short arrows along the forces, (K, N, 2, 2)."""
    line = np.linspace(-2, 2, 9)
    x, y = (a.ravel() for a in np.meshgrid(line, line))
    along, up = force(x, y, r1[:, None])
    along = np.broadcast_to(along, up.shape)
    tails = np.broadcast_to(np.stack([x, y], -1), (*up.shape, 2))
    return np.stack([tails, tails + 0.28 * np.stack([along, up], -1)], axis=-2)
