"""How good the fakes were at every step recorded, by four measures that do not know D."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.measures import fresh, sliced_wasserstein, two_sample_accuracy
from dlviz.gan.traces import GanTrace
from dlviz.layers import Curve
from dlviz.scene import Axis, Panel, Scene

Array = NDArray[Any]

MOVED, NEIGHBORS = 500, 300  # fakes, and as many real points, at each entry


@lru_cache(maxsize=16)
def compared_along(trace: GanTrace) -> tuple[Array, Array]:
    """Return sliced Wasserstein distance and two-sample accuracy of each entry, (F,) each."""
    real = fresh(trace.config.data, trace.config.points, MOVED)
    moved, told = np.full((2, len(trace.frames)), np.nan)
    for at, fakes in enumerate(trace.samples.astype(float)):
        if np.isfinite(fakes).all():
            moved[at] = sliced_wasserstein(fakes[:MOVED], real)
            told[at] = two_sample_accuracy(fakes[:NEIGHBORS], real[:NEIGHBORS])
    return moved, told


def measures_scene(trace: GanTrace) -> Scene:
    """Return JS, KL, sliced Wasserstein distance and two-sample accuracy against the step."""
    moved, told = compared_along(trace)
    js, kl = trace.floor
    parts = (
        ("js", "JS (nats), best dashed", trace.js, js),
        ("kl", "KL(real ‖ fake) (nats), best dashed", trace.kl, kl),
        ("moved", f"Sliced Wasserstein, {MOVED} points", moved, None),
        ("told", f"Told apart, of {NEIGHBORS} pairs; ½ dashed", told, 0.5),
    )
    return Scene(
        panels=tuple(_panel(trace, *part) for part in parts),
        frames=len(trace.frames),
        fps=10.0,
        captions=("step {frame} · JS {js} · KL {kl} · sliced Wasserstein {moved} · told {told}",),
        layout="grid",
        readouts={name: np.asarray(values, float)[None] for name, _, values, _ in parts},
        numbers=tuple(int(step) for step in trace.frames),
    )


def _panel(trace: GanTrace, name: str, title: str, values: Array, best: float | None) -> Panel:
    steps, last = trace.frames.astype(float), float(max(trace.frames[-1], 1))
    known = values[np.isfinite(values)]
    layers = [Curve(x=steps, y=np.asarray(values, float), cursor="step", color="path")]
    if best is not None:
        ends = np.array([0.0, last])
        layers.insert(0, Curve(x=ends, y=np.full(2, best), color="muted", dashed=True, width=1.5))
    top = 1.1 * max(float(known.max()) if len(known) else 1.0, best or 0.0, 1e-6)
    return Panel(f"by_{name}", Axis("step", 0, 1.04 * last), Axis("", 0, top), tuple(layers),
                 title=title, alt=f"{title}, against the step.")  # fmt: skip
