"""The receptive field of a unit: which inputs it can see, layer by layer."""

import numpy as np
from numpy.typing import NDArray

from dlviz.convolution.config import ConvolutionConfig, stack_of
from dlviz.convolution.knobs import LABELS
from dlviz.convolution.receptive import Stack, stack
from dlviz.layers import Bars, Curve, Layer, Points, Segments
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import counted

Array = NDArray[np.float64]


def field_scene(config: ConvolutionConfig, units: tuple[float, ...]) -> Scene:
    """Return the way back from each unit of the last layer, a layer for each frame."""
    layers = stack(config.field_kernel, *stack_of(config))
    depth = config.layers
    seen = [layers.seen(int(unit)) for unit in units]
    return Scene(
        panels=(_net(layers, seen), _growth(layers), _ways(seen)),
        frames=depth + 1,
        fps=1.0,
        captions=(
            "{says}; " + f"{counted(depth, 'layer')} see{'s' * (depth == 1)} "
            f"{layers.fields[-1]} inputs",
        ),
        says=_back(seen[0]),
        knob=Knob("unit", LABELS["unit"], units, 0),
        layout="split",
        unit="layer",
    )


def nearest_unit(config: ConvolutionConfig, x: float) -> int:
    """Return the unit of the last layer whose field has its middle nearest to an input."""
    centers = stack(config.field_kernel, *stack_of(config)).centers[-1]
    return int(np.abs(centers - x).argmin())


def _back(ways: list[NDArray[np.int64]]) -> tuple[str, ...]:
    """Return how far each frame is back, and how many units in a row are there, read or not."""
    return tuple(
        f"{counted(back, 'layer')} back: {counted(int(np.ptp(np.flatnonzero(each))) + 1, 'unit')} "
        f"in a row, {int((each > 0).sum())} read"
        for back, each in enumerate(ways[::-1])
    )


def _net(layers: Stack, seen: list[list[NDArray[np.int64]]]) -> Panel:
    depth = len(layers.sizes) - 1
    marks: list[Layer] = [_wires(layers, ways=None)]
    marks.append(_wires(layers, ways=seen))
    size = float(np.clip(400 / layers.sizes[0], 1.5, 7))
    for layer, centers in enumerate(layers.centers):
        plain = np.stack([centers, np.full(len(centers), float(layer))], -1)
        marks.append(Points(xy=plain, size=size, color="muted"))
        lit = np.full((len(seen), depth + 1, len(centers), 2), np.nan)
        for turn, ways in enumerate(seen):
            lit[turn, depth - layer :] = np.where(ways[layer][:, None] > 0, plain, np.nan)
        marks.append(Points(xy=lit, over="kt", size=size * 1.5, color="path"))
    return Panel(
        "net",
        Axis("input", -1, layers.sizes[0], whole=True),
        Axis("layer", -0.4, depth + 0.4, whole=True),
        tuple(marks),
        pick=True,
        title="press on a unit at the top",
        alt="Rows of units, the inputs lowest; those that the unit at the top can see are "
        "lit, layer by layer.",
    )


def _wires(layers: Stack, ways: list[list[NDArray[np.int64]]] | None) -> Segments:
    """Return all edges, or at each turn and frame those on the way back from the unit."""
    depth = len(layers.sizes) - 1
    edges, of = [], []
    for layer in range(1, depth + 1):
        for unit in range(layers.sizes[layer]):
            for below in layers.reads(layer, unit).tolist():
                start = (layers.centers[layer][unit], layer)
                edges.append((start, (layers.centers[layer - 1][below], layer - 1)))
                of.append((layer, unit))
    xy = np.array(edges, dtype=float)
    if ways is None:
        return Segments(xy=xy, color="faint", width=1.0)
    lit = np.full((len(ways), depth + 1, *xy.shape), np.nan, dtype=np.float32)
    for turn, each in enumerate(ways):
        there = np.array([each[layer][unit] > 0 for layer, unit in of])
        level = np.array([layer for layer, _ in of])
        for frame in range(depth + 1):
            now = there & (level > depth - frame)
            lit[turn, frame, now] = xy[now]
    return Segments(xy=lit, over="kt", color="path", width=2.0)


def _growth(layers: Stack) -> Panel:
    at = np.arange(len(layers.fields))
    curve = Curve(x=at, y=np.array(layers.fields, dtype=float), cursor="step")
    return Panel(
        "growth",
        Axis("layers", 0, max(1, len(at) - 1), whole=True),
        Axis("inputs seen", 0, layers.fields[-1] * 1.15, whole=True),
        (curve,),
        title="the field by layers: " + ", ".join(map(str, layers.fields)),
        alt="How many inputs a unit sees after each layer.",
    )


def _ways(seen: list[list[NDArray[np.int64]]]) -> Panel:
    ways = np.stack([each[0] for each in seen]).astype(float)
    return Panel(
        "ways",
        Axis("input", -0.6, ways.shape[1] - 0.4, whole=True),
        Axis("ways", 0, ways.max() * 1.1, whole=True),
        (Bars(heights=ways, over="k"),),
        title="in how many ways each input reaches it",
        alt="In how many ways each input reaches the unit: most from the middle.",
    )
