"""The panels that show a network: its map with the points, its drawing, its mistakes, its space."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.config import activations_of
from dlviz.boundary.traces import BoundarySweep, BoundaryTrace
from dlviz.dataset import Dataset
from dlviz.layers import Layer, Segments
from dlviz.net import BOUNDED, Net
from dlviz.net_layers import NetConfusion, NetDrawing, NetLine, NetMap, NetPoints, NetSpace
from dlviz.region_layers import NetRegions
from dlviz.scene import Axis, Panel

Array = NDArray[np.float64]
Frames = NDArray[np.intp]
Ghosts = Sequence[tuple[str, BoundaryTrace]]

SHOWN = 600  # points of each set that are drawn
LARGEST = 1e30  # a unit's value that an axis reaches: the browser's floats end at 3e38
FEATURE_NAMES = {
    "x1": "x₁", "x2": "x₂", "x1^2": "x₁²", "x2^2": "x₂²", "x1x2": "x₁x₂",
    "sin x1": "sin x₁", "sin x2": "sin x₂", "radius": "r", "angle": "θ",
}  # fmt: skip


def net_of(sweep: BoundarySweep, kept: Frames) -> Net:
    """Return the networks of a sweep as a scene carries them."""
    return Net(
        parameters=sweep.parameters[:, kept],
        sizes=sweep.architecture.sizes,
        hidden=activations_of(sweep.configs[0]),
        output=sweep.head.output,
        features=sweep.configs[0].features,
        regression=sweep.head.task == "regression",
        span=sweep.data[0][0].span,
    )


def end_of(run: BoundaryTrace) -> Net:
    """Return the network at the end of one run."""
    return Net(
        parameters=run.parameters[None, -1:],
        sizes=run.architecture.sizes,
        hidden=activations_of(run.config),
        output=run.head.output,
        features=run.config.features,
        regression=run.head.task == "regression",
        span=run.data[0].span,
    )


def map_panel(
    net: Net,
    train: Dataset,
    test: Dataset,
    ghosts: Ghosts = (),
    *,
    discrete: bool = False,
    show_test: bool = True,
    paint: bool = False,
    cut: bool = False,
) -> Panel:
    """Return the plane with the network's output, its boundary, and the points.

    ``cut`` shows its linear regions in place of the output, if it has any.
    """
    layers: list[Layer] = [
        NetRegions(net=net, boundary=net.sizes[-1] == 1)
        if cut and has_regions(net)
        else NetMap(net=net, discrete=discrete, lines=True)
    ]
    layers += [NetLine(net=end_of(ghost), run=0, label=name) for name, ghost in ghosts]
    if show_test:
        layers.append(points_layer(net, test, hollow=True))
    layers.append(points_layer(net, train))
    what = "value" if net.regression else "class"
    return Panel(
        "map", *plane_axes(train), tuple(layers), equal=True, pick=paint,
        alt=f"The plane colored by the {what} the network gives; filled points are trained on, "
            "hollow ones are for the test, ringed ones are taken for another class.",
    )  # fmt: skip


def has_regions(net: Net) -> bool:
    """Return whether a network is made of flat pieces with straight sides."""
    return net.features == ("x1", "x2") and set(net.hidden) == {"relu"}


def plane_axes(data: Dataset) -> tuple[Axis, Axis]:
    """Return the axes of the window, named as the data are."""
    names = [{"x1": "x₁", "x2": "x₂"}.get(name, name) for name in data.axes]
    x, y = (Axis(name, -data.span, data.span) for name in names)
    return x, y


def points_layer(net: Net, data: Dataset, *, hollow: bool = False) -> NetPoints:
    """Return the first points of a set, each with its class or target."""
    return NetPoints(net=net, xy=data.x[:SHOWN], classes=data.y[:SHOWN], hollow=hollow,
                     size=4.0 if len(data.x) <= 300 else 3.0)  # fmt: skip


def drawing_panel(net: Net, data: Dataset) -> Panel:
    """Return the network: every unit as a small map, every weight as an edge."""
    layer = NetDrawing(
        net=net,
        names=tuple(FEATURE_NAMES[name] for name in net.features),
        outputs=data.names if net.sizes[-1] > 1 else ("output",),
    )
    return Panel(
        "network", Axis("", 0, 1), Axis("", 0, 1), (layer,),
        alt="The network: each unit shows its own map; edges are weights, wide if large, dashed "
            "if negative, dotted if dead.",
    )  # fmt: skip


def confusion_panel(net: Net, test: Dataset) -> Panel:
    """Return how many test points of each class are taken for each."""
    layer = NetConfusion(net=net, xy=test.x, classes=test.y, names=test.names)
    return Panel(
        "confusion", Axis("", 0, 1), Axis("", 0, 1), (layer,),
        alt="Test points of each true class (rows) by the class they are taken for (columns).",
    )  # fmt: skip


def space_panel(net: Net, train: Dataset, space: tuple[int, int, int]) -> Panel:
    """Return the training points in the coordinates of two hidden units."""
    hidden = len(net.sizes) - 2
    layer = space[0] if 1 <= space[0] <= hidden else hidden
    count = net.sizes[layer]
    a, b = (min(max(unit, 1), count) - 1 for unit in space[1:])
    classes = train.y > 0 if net.regression else train.y  # of a regression, the target's sign
    mark = NetSpace(
        net=net, layer=layer, units=(a, b), box=_box(net, layer, (a, b), train.x), over="k",
        xy=train.x[:SHOWN], classes=classes[:SHOWN],
    )  # fmt: skip
    x, y = (Axis(f"unit {unit + 1} of layer {layer}", -1.15, 1.15) for unit in (a, b))
    walls = np.array([[[-1.15, 0], [1.15, 0]], [[0, -1.15], [0, 1.15]]])
    return Panel(
        "space", x, y, (Segments(xy=walls, color="faint"), mark), equal=True,
        alt="The training points and a lattice of the plane in the coordinates of two hidden "
            "units; a straight line there is the boundary.",
    )  # fmt: skip


def _box(net: Net, layer: int, units: tuple[int, int], x: Array) -> Array:
    """Return, for each turn, the values that two units' axes show, (K, 2, 2)."""
    runs, frames, _ = net.parameters.shape
    name = net.hidden[layer - 1]
    if name in BOUNDED:
        return np.tile(np.array(BOUNDED[name]), (runs, 2, 1))
    boxes = []
    for turn in range(runs):
        values = net.values(x, frames - 1, turn)[layer][:, list(units)]
        values = np.where(np.abs(values) < LARGEST, values, 0.0)  # not a number: 0 too
        low, high = values.min(axis=0), values.max(axis=0)
        flat = high - low <= 1e-5 * np.abs([low, high]).max(axis=0)  # float32 cannot tell
        boxes.append(np.column_stack([low, np.where(flat, low + np.maximum(np.abs(low), 1), high)]))
    return np.array(boxes)
