"""The picture of t-SNE at work: the map, KL beside it, and what pulls the point that is asked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.cloud_layers import (
    CloudForces,
    CloudRow,
)
from dlviz.embedding.cloud import Cloud
from dlviz.embedding.data_panel import data_panel
from dlviz.embedding.facts import perplexity_facts
from dlviz.embedding.points import PLAIN, images_layers, points_layer
from dlviz.embedding.runs import EmbeddingSweep, EmbeddingTrace
from dlviz.embedding.shipped import FRAMES, thinned
from dlviz.layers import Curve, Layer, Segments
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

Array = NDArray[Any]

BYTES = 1_000_000  # of all points in a scene, before it is deflated
MANY = 500_000  # numbers of the data beside which as many frames as usual have room
FLOATS = 40_000  # numbers of the data that are sent in single precision; more of them in 256 steps
KNOB = "perplexity"


def embedding_scene(
    sweep: EmbeddingSweep, cloud: Cloud, *, fixed: bool = False, tiles: bool = False
) -> Scene:
    """Return the runs of all perplexities, the knob, as far as they are.

    Parameters
    ----------
    fixed : keep the scale of the largest map, in place of fitting each frame to the panel
    tiles : draw images at their points, where there are images
    """
    room = BYTES - max(0, cloud.x.size - MANY)  # wide data are sent, too
    numbers = frame_numbers(sweep.traces, len(cloud), room)
    at = [_nearest(trace.iterations, numbers) for trace in sweep.traces]
    points = np.stack([t.points[i] for t, i in zip(sweep.traces, at, strict=True)])
    kl = np.stack([t.kl[i] for t, i in zip(sweep.traces, at, strict=True)])
    z = np.stack([t.z[i] for t, i in zip(sweep.traces, at, strict=True)])
    panels = (
        _map(sweep, cloud, numbers, xy=points, z=z, fixed=fixed, tiles=tiles),
        data_panel(cloud),
        kl_panel(sweep.traces, kl, numbers),
        Panel("row", Axis("", 0, 1), Axis("", 0, 1), (CloudRow(),), title="Its neighbors",
              alt="The probabilities of the neighbors of the point that is asked."),
    )  # fmt: skip
    middle = sweep.perplexities.index(min(sweep.perplexities, key=lambda p: abs(p - 30)))
    return Scene(
        panels, len(numbers), fps=10, captions=tuple(_caption(t) for t in sweep.traces),
        knob=Knob(KNOB, "Perplexity", sweep.perplexities, middle), readouts={"kl": kl},
        unit="iteration", numbers=tuple(numbers),
    )  # fmt: skip


def frame_numbers(traces: Sequence[EmbeddingTrace], n: int, room: int = BYTES) -> list[int]:
    """Return the iterations to show, of those reached so far, so that the scene stays small."""
    longest = max(traces, key=lambda trace: trace.iterations[-1])
    config = longest.config
    planned = [*range(0, config.iterations, config.every), config.iterations]
    if longest.outcome != "growing" and len(longest.iterations) < len(planned):
        planned = longest.iterations.tolist()  # kept in fewer frames, or diverged
    most = int(np.clip(room // (4 * n * len(traces)), 8, FRAMES))
    shown = [planned[i] for i in thinned(planned, most)]
    reached = [number for number in shown if number <= longest.iterations[-1]]
    return reached or [0]


def _nearest(iterations: Array, numbers: Sequence[int]) -> Array:
    """Return the index of the last iteration that is not after each number."""
    return np.asarray(np.searchsorted(iterations, numbers, side="right") - 1)


def _map(
    sweep: EmbeddingSweep, cloud: Cloud, numbers: list[int], *,
    xy: Array, z: Array, fixed: bool, tiles: bool,
) -> Panel:  # fmt: skip
    tiled = tiles and bool(cloud.images.size)
    layers: list[Layer] = [
        points_layer(cloud, xy, "kt", z=np.nan_to_num(z), fixed=fixed, ruler=True, tiles=tiled),
        forces_layer(sweep.traces, cloud, numbers),
        *images_layers(cloud),
    ]
    what = f"{len(cloud)} points of {cloud.x.shape[1]} dimensions as t-SNE's map of the plane."
    return Panel("map", PLAIN, PLAIN, tuple(layers), equal=True, alt=what)


def forces_layer(
    traces: Sequence[EmbeddingTrace], cloud: Cloud, numbers: Sequence[int]
) -> CloudForces:
    """Return what the player needs to work out P, Q and forces."""
    config = traces[0].config
    data, unit = _sent(cloud.x)
    return CloudForces(
        over="k", data=data, unit=unit, exaggeration=config.exaggeration,
        until=int(np.searchsorted(numbers, config.exaggerated)),
        beta=np.stack([trace.beta for trace in traces]),
        log_sums=np.stack([trace.log_sums for trace in traces]),
    )  # fmt: skip


def _sent(x: Array) -> tuple[Array, float]:
    """Return the data as small as distances allow, moved at will, and its unit."""
    moved = x - x.min(axis=0)
    if moved.max() <= 255 and (moved == np.round(moved)).all():
        return moved.astype(np.uint8), 1.0
    if x.size <= FLOATS:
        return (x - x.mean(axis=0)).astype(np.float32), 1.0
    unit = float(moved.max()) / 255
    return np.round(moved / unit).astype(np.uint8), unit


def kl_panel(traces: Sequence[EmbeddingTrace], kl: Array, numbers: Sequence[int]) -> Panel:
    """Return KL against iterations, with the end of the first phase marked."""
    config = traces[0].config
    known = kl[np.isfinite(kl)]
    top = float(known.max()) * 1.05 if known.size and known.max() > 0 else 1.0
    last = max(config.iterations, 1)
    layers: list[Layer] = [Curve(over="k", x=np.array(numbers), y=kl, cursor="step")]
    if 0 < config.exaggerated < last and config.exaggeration > 1:
        end = config.exaggerated
        label = f"to here P × {config.exaggeration:g}"
        xy = np.array([[[end, 0], [end, top]]])
        layers.insert(0, Segments(xy=xy, dashed=True, labels=(label,)))
    return Panel("kl", Axis("iteration", 0, last), Axis("KL", 0, top), tuple(layers),
                 title="How far Q is from P: KL in nats", alt="KL at each iteration.")  # fmt: skip


def _caption(trace: EmbeddingTrace) -> str:
    if trace.outcome == "growing" and len(trace.iterations) == 1:
        return "perplexity {knob} is still to be computed; this is the start"
    reached = perplexity_facts(trace)["perplexity_reached"]
    instead = f" (its rows reach {number(reached)})" if reached else ""
    words = f"iteration {{frame}} · perplexity {{knob}}{instead} · KL {{kl}}"
    return words + " · diverged" if trace.outcome == "diverged" else words
