"""The main picture: the plane cut into its regions, the network that cuts it, and the bounds."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.layers import Curve, Layer
from dlviz.net import Net
from dlviz.net_layers import NetDrawing, NetMap, NetPoints
from dlviz.origami.config import OrigamiConfig, architecture_of
from dlviz.origami.constructions import course_of, layers_of
from dlviz.origami.learning import moments_of, points_of
from dlviz.region_layers import NetRegions, NetTally
from dlviz.regions import bounds
from dlviz.scene import Axis, Knob, Panel, Scene

Array = NDArray[np.float64]

DRAWN = 24  # units of a layer that a drawing has room for
SCALES = {  # what the colors of the plane mean
    "pattern": "",
    "direction": "color: which way is uphill",
    "size": "dark: flat · light: steep",
    "birth": "color: the layer that cut last",
    "value": "blue: below 0 · orange: above",
}
KNOBS = {
    "bias_scale": "size of the biases",
    "weight_scale": "size of the weights",
    "leak": "slope below 0",
    "sharpness": "sharpness of the sigmoids k",
}


def origami_scene(
    config: OrigamiConfig,
    field: str,
    values: Sequence[float],
    *,
    by: str = "pattern",
    hinges: bool = True,
) -> Scene:
    """Return the lab's main picture.

    Parameters
    ----------
    config : the network; a trained one is of ReLU units, shown step by step, and has no knob
    field, values : the knob's setting, a key of ``KNOBS``, and what it can be
    by : what colors mean: see ``NetRegions``
    hinges : whether the units' lines are drawn
    """
    learns = config.network == "trained"
    net = course_net(config) if learns else swept_net(config, field, values)
    moments = moments_of(config.steps, net.architecture.count)
    smooth = config.activation == "sigmoid" and not learns
    panels = [_plane(config, net, by=by, hinges=hinges, smooth=smooth)]
    if max(config.hidden, default=1) <= DRAWN:
        panels.append(_drawing(net))
    if learns:
        panels.append(_loss(config, moments))
    elif not smooth:
        panels.append(_tally(config, net))
    knob = Knob(field, KNOBS[field], tuple(float(v) for v in values), 0, _marks(field))
    return Scene(
        panels=tuple(panels),
        frames=len(moments) if learns else 1,
        fps=12.0,
        captions=(_caption(config, field),),
        knob=None if learns else knob,
        layout="split",
        readouts={"loss": course_of(config)[1][None]} if learns else {},
        numbers=moments if learns else (),
    )


def swept_net(config: OrigamiConfig, field: str, values: Sequence[float]) -> Net:
    """Return the network under every value of the knob."""
    shape = architecture_of(config)
    sigmoid = config.activation == "sigmoid"
    turns: list[dict[str, Any]] = [{field: float(value)} for value in values]
    configs = [replace(config, **turn) for turn in turns]
    rows = []
    for each in configs:
        row = shape.parameters(layers_of(each))
        if sigmoid:  # σ(k z) is a sigmoid of weights k times as large
            last = shape.matrices(row)[-1].size
            row[: len(row) - last] *= each.sharpness
        rows.append(row)
    return Net(
        parameters=np.stack(rows)[:, None],
        sizes=shape.sizes,
        hidden=("sigmoid" if sigmoid else "relu",) * len(config.hidden),
        output="linear",
        features=("x1", "x2"),
        span=config.span,
        leaks=tuple(each.leak for each in configs),
    )


def course_net(config: OrigamiConfig) -> Net:
    """Return a network at each recorded step of its training."""
    shape = architecture_of(config)
    return Net(parameters=course_of(config)[0][None], sizes=shape.sizes, hidden=shape.hidden,
               output="linear", features=("x1", "x2"), span=config.span,
               leaks=(config.leak,))  # fmt: skip


def _marks(field: str) -> tuple[tuple[float, str], ...]:
    return ((-1.0, "|z|"), (0.0, "ReLU"), (1.0, "linear")) if field == "leak" else ()


def _caption(config: OrigamiConfig, field: str) -> str:
    units = sum(config.hidden)
    called = f"{units} unit{'s' * (units != 1)}"
    if config.activation == "sigmoid" and config.network != "trained":
        return "sigmoids bend everywhere: there are no flat pieces to count · k = {knob}"
    lines = bounds(config.hidden)["shallow"]
    words = f"regions: {{regions}}, of {called} · one layer of {called} makes at most {lines}"
    if config.network == "trained":
        return f"step {{frame}} · loss {{loss}} · {words}"
    return f"{words} · {KNOBS[field]}: {{knob}}"


def _plane(config: OrigamiConfig, net: Net, *, by: str, hinges: bool, smooth: bool) -> Panel:
    learns = config.network == "trained"
    layers: list[Layer] = [
        NetMap(net=net, lines=False)
        if smooth
        else NetRegions(net=net, by=by, hinges=hinges, boundary=learns)
    ]
    if learns:
        data = points_of(config.dataset, config.span)
        layers.append(NetPoints(net=net, xy=data.x, classes=data.y, size=2.5))
    x, y = (Axis(name, -config.span, config.span) for name in ("x₁", "x₂"))
    words = "smoothly colored" if smooth else "cut into flat pieces by straight lines that bend"
    return Panel("plane", x, y, tuple(layers), equal=True, title="" if smooth else SCALES[by],
                 alt=f"The plane {words} at the lines of the layers below.")  # fmt: skip


def _drawing(net: Net) -> Panel:
    layer = NetDrawing(net=net, names=("x₁", "x₂"), outputs=("output",))
    return Panel(
        "network", Axis("", 0, 1), Axis("", 0, 1), (layer,),
        alt="The network: each unit shows where it is on and how much; edges are weights.",
    )  # fmt: skip


def _loss(config: OrigamiConfig, moments: tuple[int, ...]) -> Panel:
    losses = course_of(config)[1]
    known = losses[np.isfinite(losses) & (losses > 0)]
    low = float(np.clip(known.min() / 2, 1e-6, 0.1)) if known.size else 1e-3
    curve = Curve(x=np.array(moments), y=np.maximum(losses, low), cursor="step")
    return Panel("loss", Axis("step", 0, max(1, config.steps)),
                 Axis("loss", low, max(2.0, 2 * low), log=True), (curve,),
                 alt="The loss by step, on a log axis.")  # fmt: skip


def _tally(config: OrigamiConfig, net: Net) -> Panel:
    known = bounds(config.hidden)
    rows = {
        "one layer: at most": known["shallow"],
        "folds make": known["montufar"] if min(config.hidden, default=2) > 1 else 0,
        "at most": known["serra"] if config.leak == 0 else known["montufar_upper"],
        "by chance: N²/2": known["typical"],
    }
    rows = {words: count for words, count in rows.items() if count >= 1}
    layer = NetTally(net=net, labels=tuple(rows), values=np.array(list(rows.values())))
    return Panel(
        "tally", Axis("", 0, 1), Axis("", 0, 1), (layer,), title="regions, on a log scale",
        alt="How many regions there are here, and how many there can be.",
    )  # fmt: skip
