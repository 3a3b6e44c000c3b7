"""Goodfellow's Figure 1, live: densities, the discriminator beside the best one, and z → G(z)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.config import GanConfig
from dlviz.gan.gradients import arrow_ends
from dlviz.gan.line import line_of
from dlviz.gan.objectives import OBJECTIVES, sigmoid
from dlviz.gan.theory import EQUILIBRIUM, optimal_discriminator
from dlviz.gan.traces import GanSweep
from dlviz.layers import Arrows, Curve, Layer, Segments, Text
from dlviz.scene import Axis, Panel

Array = NDArray[Any]

DEPTH = -0.55  # where the line of the noise lies under that of the data
PULLED = -0.06  # where arrows lie
RAYS = 21
UNKNOWN = 5e-3  # below such a density D* is a matter of rounding, and not drawn
SAMPLED = 3e-2  # the same where the density is counted: a cell of so few samples tells nothing

SCALES = {  # what is drawn of a D that is no probability
    "hinge": "(D + 1) / 2",
    "wgan": "D, lowest to highest",
    "wgan_gp": "D, lowest to highest",
}


def line_panel(games: GanSweep, looks: tuple[str, ...]) -> Panel:
    """Return the densities of data and fakes, D beside D*, and the rays z → G(z) below."""
    source = games.run(0).source
    x = line_of(source)
    p, q = source.density(x), games["density"].astype(float)
    top = top_of(p)
    layers: list[Layer] = []
    rays = "mesh" in looks and games.configs[0].noise_dim == 1
    if rays:
        layers += _rays(games, source.low, source.high)
    if "real" in looks:
        layers.append(Curve(x=x, y=p, color="ink", dashed=True, width=2.5))
    if "fake" in looks:
        layers.append(Curve(over="kt", x=x, y=np.minimum(q, 4 * top), color="path", width=3.0))
    if "field" in looks:
        layers += _judges(games, x, p, q)
    if "arrows" in looks:
        layers.append(_arrows(games))
    shown = scale_of(games.configs[0])
    best = "" if OBJECTIVES[games.configs[0].loss].best is None else ", best (gray)"
    return Panel(
        "line",
        Axis("x", source.low, source.high),
        Axis(f"density, {shown}", DEPTH - 0.03 if rays else 3 * PULLED, top),
        tuple(layers),
        title=f"Data p (dashed), fakes q (orange), {shown} (blue){best}",
        pick=games.configs[0].data == "own_line",
        alt="The data's density, dashed; the generator's density; the discriminator D "
        "beside the best one D*, where there is one; and below, a line from each noise to its "
        "fake.",
    )


def top_of(p: Array) -> float:
    """Return the upper end of an axis for D and for a density of the data."""
    return 1.08 * max(1.0, float(p.max()))


def scale_of(config: GanConfig) -> str:
    """Return what ``judged`` shows of the discriminator, as words."""
    return SCALES.get(config.loss, "D")


def _arrows(games: GanSweep) -> Layer:
    """Return where some fakes are told to go, just below the line of the data."""
    ends = np.stack(arrow_ends(games), axis=3)
    ends = np.concatenate([ends, np.full_like(ends, PULLED)], axis=-1)
    return Arrows(over="kt", xy=ends, color="good", width=1.75)


def _judges(games: GanSweep, x: Array, p: Array, q: Array) -> list[Layer]:
    """Return D*, as far as it is known and the loss has one, and D."""
    config = games.configs[0]
    known = SAMPLED if config.hidden_g else UNKNOWN
    said = Curve(over="kt", x=x, y=judged(config, games["logits"]), color="second", width=3.0,
                 label="D")  # fmt: skip
    best = best_answer(config, p, q)
    if best is None:
        return [said]
    best = np.where(p + q > known, best, np.nan)
    return [Curve(over="kt", x=x, y=best, color="muted", dashed=True, width=2.0, label="D*"), said]


def best_answer(config: GanConfig, p: Array, q: Array) -> Array | None:
    """Return what the best D of this loss says where densities are p and q, as ``judged`` does.

    The share of real points, p / (p + q), by cross-entropy and by least squares (Mao et al. 2017)
    alike; times 1 − smoothing where that is the label of real points. Of hinge the sign of p − q
    (Lim & Ye 2017). A Wasserstein critic's is known by no formula in p and q.
    """
    if OBJECTIVES[config.loss].best is None:
        return None
    if config.loss == "hinge":
        return np.asarray((np.sign(p - q) + 1) / 2)
    return (1 - config.smoothing) * optimal_discriminator(p, q)


def judged(config: GanConfig, logits: Array) -> Array:
    """Return what a discriminator says on the line: σ of logits, or them, as ``SCALES`` says."""
    said = logits.astype(float)
    with np.errstate(all="ignore"):
        if OBJECTIVES[config.loss].logistic:
            return sigmoid(said)
        if config.loss == "least_squares":
            return said
        if config.loss == "hinge":
            return np.asarray((said + 1) / 2)
        low, high = said.min(-1, keepdims=True), said.max(-1, keepdims=True)
        return np.asarray((said - low) / np.maximum(high - low, 1e-12))


def _rays(games: GanSweep, low: float, high: float) -> list[Layer]:
    """Return lines from evenly spaced noises, at the bottom, to where the generator sends them."""
    chosen = np.linspace(0, 120, RAYS).round().astype(int)
    fakes = games["mesh"][:, :, chosen, 0]
    foot = np.linspace(low + 0.2 * (high - low), high - 0.2 * (high - low), RAYS)
    feet = np.stack([foot, np.full(RAYS, DEPTH)], axis=1)
    heads = np.stack([fakes, np.zeros_like(fakes)], axis=-1)
    both = np.stack([np.broadcast_to(feet, heads.shape), heads], axis=-2)
    names = np.array([[low + 0.02 * (high - low), height + 0.05] for height in (DEPTH, 0.0)])
    ground = np.array([[[low, 0.0], [high, 0.0]], [[foot[0], DEPTH], [foot[-1], DEPTH]]])
    return [
        Segments(over="kt", xy=both, color="path", width=1.0),
        Segments(xy=ground, color="muted", width=1.5),
        Text(xy=names, texts=("noise z", "x = G(z)"), color="muted", anchor="left"),
    ]


def value_panel(games: GanSweep) -> Panel:
    """Return the value of the game against the step, between its bounds."""
    steps, end = games.frames.astype(float), np.array([0.0, float(games.last)])
    layers = (
        Curve(x=end, y=np.full(2, EQUILIBRIUM), color="muted", dashed=True, width=1.5),
        Curve(over="k", x=steps, y=games["best_value"], color="muted", width=2.0),
        Curve(over="k", x=steps, y=games["value"], color="second", cursor="step", width=3.0),
    )  # fmt: skip
    return Panel(
        "value",
        Axis("step", 0, 1.04 * max(games.last, 1)),
        Axis("value", -2.2, 0.1),
        layers,
        title="V(D, G), best D's (gray), −log 4 (dashed)",
        alt="The value of the game against the step, below −log 4 + 2 JS, which the best "
        "discriminator would reach, and −log 4, where the generator is the data.",
    )
