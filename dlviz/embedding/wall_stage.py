"""The pictures of maps side by side, and of how far one can be trusted."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.facts import apart, sizes
from dlviz.embedding.points import PLAIN, images_layers, points_layer
from dlviz.embedding.runs import EmbeddingTrace
from dlviz.embedding.stage import KNOB
from dlviz.embedding.trust import aligned, held_out, nearest_label
from dlviz.embedding.trusted import TrustSweep
from dlviz.embedding.walls import Part, Wall
from dlviz.layers import Curve, Field, Layer, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

Array = NDArray[Any]

FRAMES = 40
BYTES = 1_000_000


def wall_scene(wall: Wall, *, tiles: bool = False) -> Scene:
    """Return maps side by side, all linked; those of t-SNE play together.

    With ``tiles`` images stand at their points, where there are images and room.
    """
    most = int(np.clip(BYTES // (4 * len(wall.parts[0].cloud) * len(wall.parts)), 8, FRAMES))
    runs = [part.trace for part in wall.parts if part.trace and len(part.trace.points) > 1]
    frames = most if runs else 1
    panels = [_panel(part, i, frames, wall, tiles) for i, part in enumerate(wall.parts)]
    words = "point at a dot, or drag around some: they are the same in every map"
    if value := wall.parts[0].cloud.value:
        words += f" · color: {value}"
    return Scene(
        tuple(panels), frames, fps=10, layout="wall",
        captions=(f"iteration {{frame}} · {words}" if runs else words,), unit="iteration",
        numbers=tuple(_numbers(runs[0], frames)) if runs else (),
    )  # fmt: skip


def _numbers(trace: EmbeddingTrace, frames: int) -> list[int]:
    """Return the iterations shown, all different."""
    last = max(trace.config.iterations, frames - 1)
    return [round(i * last / (frames - 1)) for i in range(frames)]


def _panel(part: Part, i: int, frames: int, wall: Wall, tiles: bool) -> Panel:
    layers: list[Layer] = [_map(part, frames, wall, tiles and bool(part.cloud.images.size))]
    title = part.title
    if part.trace is None:
        layers = [Text(xy=np.zeros((1, 2)), texts=("still to be made",), color="muted")]
    elif part.trace.outcome == "none":
        layers = [Text(xy=np.zeros((1, 2)), texts=("finds no map of these",), color="muted")]
    elif part.cloud.names and part.trace.share == 1:
        points, y = part.trace.points[-1], part.cloud.y
        if wall.kind == "variance":
            title += f" · 1-NN of unseen points {held_out(points, y):.2f}"
        else:
            title += f" · 1-NN {nearest_label(points, y):.2f}"
    if part.trace and part.trace.share == 1 and part.trace.outcome != "none":
        title = f"{part.title} · {said}" if (said := measured(part)) else title
    if i == 0:
        layers += images_layers(part.cloud)
    return Panel(f"map{i}", PLAIN, PLAIN, tuple(layers), title=title, equal=True, framed=False,
                 alt=f"The map of {part.title}.")  # fmt: skip


def measured(part: Part) -> str:
    """Return the number that a data set is about, of a map; "" where there is none."""
    if part.trace is None:
        return ""
    points, y = np.asarray(part.trace.points[-1], dtype=np.float64), part.cloud.y
    about = part.trace.config.dataset
    if about in ("two_sizes", "nested"):
        ratio = sizes(points, y)
        return f"{part.cloud.names[0]} / {part.cloud.names[1]} {number(ratio)}" if ratio else ""
    if about == "three_clusters":
        ratio = apart(points, y)
        return f"AC / AB {number(ratio)}" if ratio else ""
    if about == "ellipse":
        long, wide = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        return f"long / wide {number(float(long / wide))}" if wide > 0 else ""
    return ""


def _map(part: Part, frames: int, wall: Wall, tiles: bool) -> Layer:
    trace = part.trace
    if trace is None or len(trace.points) == 1:
        points = trace.points[-1] if trace else np.zeros((1, 2))
        return points_layer(part.cloud, points, "", tiles=tiles and trace is not None)
    at = np.searchsorted(trace.iterations, _numbers(trace, frames), side="right") - 1
    points = trace.points[at]
    first = wall.parts[0].trace
    if wall.kind == "seeds" and first is not None and part is not wall.parts[0]:
        points = _turned(points, trace, first)
    return points_layer(part.cloud, points, "t", tiles=tiles)


def _turned(points: Array, trace: EmbeddingTrace, first: EmbeddingTrace) -> Array:
    """Turn and mirror all frames as puts the last nearest to that of the first run."""
    last = np.asarray(trace.points[-1], dtype=np.float64)
    goal = aligned(last, first.points[-1])
    centered = last - last.mean(axis=0)
    turn, *_ = np.linalg.lstsq(centered, goal - goal.mean(axis=0), rcond=None)
    return np.asarray(points @ turn)


def trust_scene(trust: TrustSweep, cloud: Cloud, label: str = "") -> Scene:
    """Return the final maps with each point's distortion, the curve over k, Shepard's diagram.

    They are t-SNE's of all perplexities, the knob; or the one map of another method, its ``label``.
    """
    n, knob = len(cloud), trust.perplexities
    most = float(trust.distortion.max()) or 1.0
    codes = np.round(255 * trust.distortion / most).astype(np.uint8)
    shown = points_layer(
        cloud, trust.points, "k", codes=codes, names=(), glyphs=False, low=0.0, high=most,
        value="lost of 10 nearest",
    )  # fmt: skip
    main = Panel("map", PLAIN, PLAIN, (shown, *images_layers(cloud)), equal=True,
                 alt="The map, each point colored by its lost neighbors.")  # fmt: skip
    return Scene(
        (main, _curve_panel(trust, n), _shepard_panel(trust)),
        captions=(f"{label or 'perplexity {knob}'} · "
                  "trustworthiness {trust} · continuity {continuity} · "
                  "distances correlate {distances}",),
        knob=None if label else Knob(KNOB, "Perplexity", knob,
                                     int(np.argmin(np.abs(np.array(knob) - 30)))),
        readouts={"trust": trust.trust[:, None], "continuity": trust.continuity[:, None],
                  "distances": trust.correlation[:, None]},
    )  # fmt: skip


def _curve_panel(trust: TrustSweep, n: int) -> Panel:
    x = np.asarray(trust.k, dtype=float)
    layers = (
        Curve(x=x, y=x / (n - 1), color="muted", dashed=True),
        Curve(over="k", x=x, y=trust.kept, all_faint=True),
    )
    return Panel("kept", Axis("k nearest", 1, float(x[-1]), log=True), Axis("share kept", 0, 1),
                 layers, title="Neighbors kept (dashed: by chance)",
                 alt="The share kept, over k.")  # fmt: skip


def _shepard_panel(trust: TrustSweep) -> Panel:
    cells = trust.shepard.shape[-1]
    half = 0.5 / cells
    image = Field(over="k", image=trust.shepard, x=(half, 1 - half), y=(half, 1 - half),
                  colors="terrain")  # fmt: skip
    return Panel(
        "shepard", Axis("distance in the data (of the largest)", 0, 1), Axis("in the map", 0, 1),
        (image,), title="Shepard: all pairs",
        alt="How often a distance in the data goes with a distance in the map.",
    )  # fmt: skip
