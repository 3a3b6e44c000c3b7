"""The pictures under the stage: patches, dreams, blame, the map of a layer, the counter."""

from collections.abc import Sequence
from math import ceil, floor, log10, sqrt

import numpy as np
from numpy.typing import NDArray

from dlviz.filters.counter import Counted, total
from dlviz.filters.embedding import Embedding
from dlviz.filters.gradients import Blame, Dreams
from dlviz.filters.patches import Patches, receptive_field
from dlviz.filters.traces import FiltersTrace, data_of
from dlviz.layers import Bars, Layer, Points, Text, Tiles
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.theme import CLASS_COLORS
from dlviz.words import number

Array = NDArray[np.float64]
BOX = Axis("", 0, 1)


def patches_scene(trace: FiltersTrace, block: int, unit: int, found: Patches) -> Scene:
    """Return the nine most exciting patches, the knob turning through the units of the block."""
    units = len(found.images)
    name = trace.net.blocks[block].title
    tiles = Tiles(images=_gray(found.images), columns=3, over="k")
    panel = Panel("patches", BOX, BOX, (tiles,),
                  alt="The nine parts of test pictures that excite the unit most.")  # fmt: skip
    return Scene(
        panels=(panel,),
        captions=tuple(
            f"{name}, unit {i + 1}: sums {number(round(float(v[0]), 2))} to "
            f"{number(round(float(v[-1]), 2))}" for i, v in enumerate(found.values)
        ),
        knob=Knob("unit", "unit", tuple(float(i + 1) for i in range(units)), unit)
        if units > 1 else None,
    )  # fmt: skip


def dreams_scene(trace: FiltersTrace, block: int, _unit: int, dreams: Dreams) -> Scene:
    """Return the dreams of all units of a block, a frame for each step of the ascent."""
    net, units = trace.net, dreams.images.shape[1]
    images = dreams.images
    if len(net.blocks[block].shape) == 3:  # all else stays as it began
        side, step, start = receptive_field(net, block)
        size = net.blocks[block].shape[1] // 2
        first = max(0, start + step * size)
        images = images[..., first : first + side, first : first + side]
    columns = ceil(sqrt(1.8 * units))  # the panel is wider than high
    labels = tuple(str(i + 1) for i in range(units))
    tiles = Tiles(images=_gray(images), columns=columns, over="t", labels=labels)
    panel = Panel("dreams", BOX, BOX, (tiles,),
                  alt="For each unit a picture made to excite it.")  # fmt: skip
    return Scene(
        panels=(panel,),
        frames=len(dreams.images),
        fps=12.0,
        captions=(f"{trace.net.blocks[block].title}: step {{frame}} of {{last}} uphill · "
                  "mean sum of the units {sum}",),
        readouts={"sum": np.round(dreams.values.mean(axis=1), 2)[None]},
    )  # fmt: skip


def blame_scene(trace: FiltersTrace, found: Blame, chosen: int) -> Scene:
    """Return a picture, its slopes and what hiding costs, the knob turning through the classes."""
    names = data_of(trace.config.dataset, trace.config.shuffled).names
    cost = f"what hiding {found.hidden}×{found.hidden} costs it"
    signed = ((found.slopes, "slopes", "slope of its score"), (found.drops, "hidden", cost))
    panels = [_image("picture", "the picture", _gray(found.picture[None]), "gray", "")]
    for maps, name, words in signed:
        largest = float(np.abs(maps).max()) or 1.0
        codes = np.clip(127.5 + 127.5 * maps[:, None, ::-1] / largest, 0, 255)
        panels.append(_image(name, words, codes.round().astype(np.uint8), "diverging", "k"))
    return Scene(
        panels=tuple(panels),
        captions=tuple(f"class {name}: orange pixels speak for it, blue ones against"
                       for name in names),
        knob=Knob("class", "class", tuple(float(i) for i in range(len(names))), chosen),
        layout="grid",
    )  # fmt: skip


def _image(name: str, words: str, codes: NDArray[np.uint8], colors: str, over: str) -> Panel:
    tiles = Tiles(images=codes, columns=1, colors=colors, over=over)
    return Panel(name, BOX, BOX, (tiles,), title=words, alt=f"{words}, pixel by pixel.")


def embedding_scene(trace: FiltersTrace, block: int, _unit: int, found: Embedding) -> Scene:
    """Return the test pictures as a layer places them, a frame for each moment of training."""
    names = data_of(trace.config.dataset, trace.config.shuffled).names
    few = len(names) <= len(CLASS_COLORS)
    if few:
        marks: Layer = Points(xy=found.points, classes=found.labels, over="t", size=5)
    else:  # more classes than colors and shapes: each point is its class's name
        texts = tuple(names[label] for label in found.labels)
        marks = Text(xy=found.points, texts=texts, over="t")
    reach = float(np.abs(found.points).max()) * 1.05
    x, y = Axis("first component", -reach, reach), Axis("second component", -reach, reach)
    panel = Panel(
        "map",
        x,
        y,
        (marks,),
        alt="Test pictures as points: near each other where the layer finds them alike.",
    )
    return Scene(
        panels=(panel,),
        frames=len(found.points),
        fps=6.0,
        captions=(f"{trace.net.blocks[block].title} after update {{frame}} · {{near}} % have a "
                  "nearest neighbor of their class · the plane holds {share} % of the variance",),
        readouts={"near": np.round(100 * found.neighbors)[None],
                  "share": np.round(100 * found.share)[None]},
        unit="update",
        numbers=tuple(trace.updates.tolist()),
    )  # fmt: skip


def counter_scene(label: str, layers: Sequence[Counted]) -> Scene:
    """Return the parameters of each layer of an architecture, on a log axis."""
    heights = np.array([layer.parameters for layer in layers], dtype=float)
    names = [layer.name for layer in layers] if len(layers) <= 10 else range(1, len(layers) + 1)
    bars = Bars(heights=heights, labels=tuple(map(str, names)))
    low, high = 10.0 ** floor(log10(heights.min())), 10.0 ** ceil(log10(heights.max() + 1))
    panel = Panel("layers", Axis("layer", -0.5, len(layers) - 0.5),
                  Axis("parameters", low, high, log=True), (bars,),
                  alt="Parameters by layer, on a log axis.")  # fmt: skip
    return Scene(panels=(panel,), captions=(f"{label}: {total(layers):,} parameters",))


def _gray(images: Array) -> NDArray[np.uint8]:
    """Return codes of gray, row 0 at the bottom as layers have it."""
    return np.asarray(np.clip(255 * images[..., ::-1, :], 0, 255).round(), np.uint8)
