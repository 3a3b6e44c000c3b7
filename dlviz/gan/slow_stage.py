"""One step of a game in slow motion, as a scene: a sentence for each moment."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.data import source_of
from dlviz.gan.gradients import ARROW
from dlviz.gan.line import line_of
from dlviz.gan.line_stage import judged, scale_of
from dlviz.gan.objectives import OBJECTIVES
from dlviz.gan.slow import FAKES_FROM, JUDGED_FROM, MOMENTS, PULLED, SlowMotion
from dlviz.gan.traces import verdicts
from dlviz.layers import Arrows, Curve, Field, Layer, Points
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number

Array = NDArray[Any]

SIDES = {  # what D's answers mean
    "least_squares": "D: fake 0, real 1",
    "hinge": "D: fake ← 0 → real",
    "wgan": "D: fake ← → real",
    "wgan_gp": "D: fake ← → real",
}
SHORT = 0.5  # a gradient of this length is drawn half as long as the longest


def slow_scene(slow: SlowMotion) -> Scene:
    """Return ten moments of one step: D's turn, then G's."""
    shown = [moment >= FAKES_FROM for moment in range(MOMENTS)]
    fakes = np.where(np.array(shown)[:, None, None], slow.fakes, np.nan)
    panels = (_plane(slow, fakes), _verdicts(slow))
    return Scene(
        panels=panels,
        frames=MOMENTS,
        fps=0.5,
        captions=("{says}",),
        says=sentences(slow),
        unit="moment",
        numbers=tuple(range(1, MOMENTS + 1)),
    )


def sentences(slow: SlowMotion) -> tuple[str, ...]:
    """Say what happens at each moment, with its numbers."""
    n, (d0, d1), (g0, g1) = slow.config.batch_size, slow.d_loss, slow.g_loss
    say = {name: number(value) for name, value in {
        "d0": d0, "d1": d1, "g0": g0, "g1": g1, "dg": slow.d_grad, "gg": slow.g_grad,
        "real": slow.on_real[JUDGED_FROM].mean(), "fake": slow.on_fakes[JUDGED_FROM].mean(),
        "again": slow.on_fakes[-2].mean(),
    }.items()}  # fmt: skip
    say["said"] = "logit" if OBJECTIVES[slow.config.loss].logistic else "answer"
    return tuple(f"{i}/10 · {words.format(n=n, step=slow.step, **say)}" for i, words in enumerate((
        "Step {step}, D's turn: draw {n} real points from the data.",
        "Draw {n} noises; G makes a fake of each.",
        "D judges all of them: its mean {said} is {real} on real points, {fake} on fakes.",
        "From that D's loss: {d0}. It would be low if real were high and fakes low.",
        "Its gradient by all weights of D, by backpropagation: length {dg}.",
        "D's step. On the same points its loss is {d1} now: before, {d0}.",
        "G's turn: {n} fresh noises, {n} fresh fakes.",
        "D judges the fakes, mean {said} {again}. From that G's loss: {g0}.",
        "D passes the gradient on to each fake: an arrow says where to. Then to G: length {gg}.",
        "G's step: the same noises, moved fakes. G's loss is {g1} now: before, {g0}.",
    ), start=1))  # fmt: skip


def _plane(slow: SlowMotion, fakes: Array) -> Panel:
    source = source_of(slow.config.data, slow.config.points)
    span = source.high - source.low
    x = Axis("x₁" if source.dim == 2 else "x", source.low, source.high)
    pull = np.full((MOMENTS, *slow.pull.shape), np.nan)
    pull[PULLED:] = slow.pull
    lengths = np.sqrt((pull**2).sum(-1, keepdims=True))
    tails = np.where(np.arange(MOMENTS)[:, None, None] > PULLED, slow.fakes[PULLED], fakes)
    heads = tails + ARROW * span * pull / (lengths + SHORT)
    layers: list[Layer] = []
    if source.dim == 2:
        codes = verdicts(slow.config, slow.logits)
        codes = np.where(np.arange(MOMENTS)[:, None, None] >= JUDGED_FROM, codes, 127)
        half = span / codes.shape[-1] / 2
        ends = (source.low + half, source.high - half)
        layers.append(Field(over="t", image=codes.astype(np.uint8), x=ends, y=ends,
                            colors="diverging", opacity=0.75))  # fmt: skip
        real, y = slow.real, Axis("x₂", source.low, source.high)
    else:
        line = line_of(source)
        layers.append(Curve(over="t", x=line, y=judged(slow.config, slow.logits), color="second"))
        real, y = _on_line(slow.real, 0.1), Axis(scale_of(slow.config), -0.2, 1.1)
        fakes, tails, heads = (_on_line(part, -0.1) for part in (fakes, tails, heads))
    layers += [
        Points(xy=real, color="ink", marker="square", size=3.0),
        Points(over="t", xy=fakes, color="path", size=4.0),
        Arrows(over="t", xy=np.stack([tails, heads], axis=2), color="good", width=1.75),
    ]
    return Panel(
        "slow",
        x,
        y,
        tuple(layers),
        equal=source.dim == 2,
        title="Real ▪ and fake ● points" + (", D (blue)" if source.dim == 1 else ""),
        alt="One batch of real points and fakes, on what the discriminator says.",
    )


def _on_line(points: Array, height: float) -> Array:
    """Put points (..., 1) of the line at a height."""
    return np.concatenate([points, np.full_like(points, height)], axis=-1)


def _verdicts(slow: SlowMotion) -> Panel:
    n = slow.config.batch_size
    rows = 0.75 + 0.2 * np.sin(np.arange(n) * 2.4)  # spread, so that points do not hide others
    seen = (np.arange(MOMENTS) >= JUDGED_FROM)[:, None]
    on_real = np.where(seen, slow.on_real, np.nan)
    on_fakes = np.where(seen, slow.on_fakes, np.nan)
    both = np.concatenate([slow.on_real, slow.on_fakes])
    both = both[np.isfinite(both)] if np.isfinite(both).any() else np.zeros(1)
    low, high = float(min(both.min(), -1)), float(max(both.max(), 1))
    layers = (
        Points(over="t", xy=np.stack([on_real, np.broadcast_to(rows, on_real.shape)], -1),
               color="ink", marker="square", size=3.0),
        Points(over="t", xy=np.stack([on_fakes, np.broadcast_to(-rows, on_fakes.shape)], -1),
               color="path", size=4.0),
    )  # fmt: skip
    return Panel(
        "logits",
        Axis(SIDES.get(slow.config.loss, "logit: fake ← 0 → real"), 1.05 * low, 1.05 * high),
        Axis("fakes below, real above", -1.2, 1.2),
        layers,
        title="What D says",
        alt="The discriminator's answer to every real point, above, and fake, below.",
    )
