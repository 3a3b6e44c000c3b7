"""What goes on inside a run: how large weights are, and the gradient of each layer."""

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.traces import BoundaryTrace
from dlviz.layers import Curve, Layer, Text
from dlviz.scene import Axis, Panel, Scene

Array = NDArray[np.float64]

BINS = 15
WIDEST = 1000.0  # a weight; those of runs that ran away are counted in the outermost bars
STEEPEST = 1e6  # of the gradients that are shown


def inside_scene(run: BoundaryTrace) -> Scene:
    """Return histograms of the weights of each layer, and gradient norms, epoch by epoch."""
    panels = [_gradients(run), *(_histogram(run, i) for i in range(len(run.weights)))]
    return Scene(
        panels=tuple(panels),
        frames=len(run.epochs),
        fps=float(np.clip(len(run.epochs) / 5, 4, 30)),
        captions=("epoch {frame} · mean size of the weights {size} · dead links {dead}",),
        layout="grid",
        readouts={"size": _sizes(run), "dead": run.dead.sum(1, dtype=float)[None]},
        unit="epoch",
        numbers=tuple(run.epochs.tolist()),
    )


def _sizes(run: BoundaryTrace) -> Array:
    weights = np.concatenate([w.reshape(len(w), -1) for w in run.weights], axis=1)
    with np.errstate(all="ignore"):
        return np.asarray(np.abs(weights).mean(axis=1)[None])


def _gradients(run: BoundaryTrace) -> Panel:
    norms = run.grad_norms
    known = norms[np.isfinite(norms) & (norms > 0)]
    low, high = (float(known.min()), float(known.max())) if known.size else (1e-6, 1.0)
    high = float(np.clip(high, 1e-12, STEEPEST))
    low = float(np.clip(low / 2, high * 1e-9, high))
    colors = ("path", "second", "good", "muted")
    layers: list[Layer] = [
        Curve(x=run.epochs, y=np.maximum(norms[:, i], low), color=colors[i % 4], cursor="step",
              width=2.0)
        for i in range(norms.shape[1])
    ]  # fmt: skip
    high = max(2 * high, 4 * low)
    step = (high / low) ** 0.08
    layers += [
        Text(xy=np.array([[run.epochs[-1], high / step ** (i + 1)]]), texts=(f"layer {i + 1}",),
             color=colors[i % 4], anchor="right")
        for i in range(norms.shape[1])
    ]  # fmt: skip
    return Panel(
        "gradients", Axis("epoch", 0, max(1, int(run.epochs[-1]))),
        Axis("gradient norm", low, high, log=True), tuple(layers),
        title="gradient of each layer's weights",
        alt="The length of the loss's gradient with respect to each layer's weights, by epoch.",
    )  # fmt: skip


def _histogram(run: BoundaryTrace, layer: int) -> Panel:
    weights = run.weights[layer].reshape(len(run.epochs), -1)
    known = np.abs(weights[np.isfinite(weights)])
    reach = min(float(known.max()), WIDEST) if known.size and known.max() > 0 else 1.0
    edges = np.linspace(-reach, reach, BINS + 1)
    within = np.clip(weights, -reach, reach)
    counts = np.stack([np.histogram(w[~np.isnan(w)], edges)[0] for w in within])
    steps = np.pad(np.repeat(counts, 2, axis=1), ((0, 0), (1, 1)))  # the outline of the bars
    return Panel(
        f"weights{layer}", Axis("weight", -reach, reach),
        Axis("number", 0, max(1.0, float(counts.max()) * 1.1)),
        (Curve(x=np.repeat(edges, 2), y=steps, over="t", color="second"),),
        title=f"weights of layer {layer + 1}",
        alt=f"How many of the weights of layer {layer + 1} are of which size.",
    )  # fmt: skip
