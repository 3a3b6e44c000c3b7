"""What a convolution costs beside a fully connected layer, by the width of the image."""

from dataclasses import replace

import numpy as np

from dlviz.convolution.config import ConvolutionConfig
from dlviz.convolution.costs import Cost, cost
from dlviz.convolution.knobs import LABELS
from dlviz.layers import Curve, Layer, Text
from dlviz.scene import Axis, Knob, Panel, Scene

COUNTS = {
    "weights": "kernel's weights",
    "products": "products",
    "dense_weights": "dense weights",
}


def cost_of(config: ConvolutionConfig) -> Cost:
    """Count what the image and the kernel of a Config cost."""
    return cost(config.image_height, config.image_width, config.kernel_height, config.kernel_width)


def grouped(count: int) -> str:
    """Return a whole number to its last digit, in groups of three: 8 003 072 000."""
    return f"{count:,}".replace(",", "\u2009")


def cost_scene(config: ConvolutionConfig, widths: tuple[float, ...]) -> Scene:
    """Return the counts at each width of the image."""
    costs = [cost_of(replace(config, image_width=int(width))) for width in widths]
    captions = tuple(
        f"{config.image_height} × {int(width)}: {grouped(c.outputs)} outputs, "
        f"{grouped(c.products)} products of {c.weights} weights; fully connected: "
        f"{grouped(c.dense_weights)} weights"
        for width, c in zip(widths, costs, strict=True)
    )
    rows = {name: np.array([float(getattr(c, name)) for c in costs]) for name in COUNTS}
    return Scene(
        panels=(_curves(rows, widths), _counts(costs)),
        captions=captions,
        knob=Knob("image_width", LABELS["image_width"], widths, 0),
        layout="split",
    )


def _curves(rows: dict[str, np.ndarray], widths: tuple[float, ...]) -> Panel:
    colors = {"weights": "good", "products": "second", "dense_weights": "path"}
    layers: list[Layer] = [
        Curve(
            x=np.array(widths),
            y=np.maximum(row, 1),
            color=colors[name],
            cursor="knob",
            label=COUNTS[name],
        )
        for name, row in rows.items()
    ]
    top = max(10.0, float(rows["dense_weights"].max()) * 8)
    return Panel(
        "cost",
        Axis("width of the image (px)", widths[0], widths[-1], log=True),
        Axis("how many", 0.8, top, log=True),
        tuple(layers),
        title="against a dense layer",
        alt="The counts by the width of the image, both axes logarithmic.",
    )


def _counts(costs: list[Cost]) -> Panel:
    """Return the counts of each turn of the knob in words, to their last digits."""
    lines = [_lines(each) for each in costs]
    rows = len(lines[0])
    xy = np.full((len(costs), len(costs) * rows, 2), np.nan)
    for turn in range(len(costs)):
        xy[turn, turn * rows : (turn + 1) * rows, 0] = 0.02
        xy[turn, turn * rows : (turn + 1) * rows, 1] = 1 - (np.arange(rows) + 0.6) / rows
    texts = tuple(text for turn in lines for text in turn)
    return Panel("counts", Axis("", 0, 1), Axis("", 0, 1),
                 (Text(xy=xy, over="k", texts=texts, anchor="left"),), framed=False, title="here",
                 alt="The counts at this width, to their last digits.")  # fmt: skip


def _lines(count: Cost) -> tuple[str, ...]:
    return (
        f"{grouped(count.weights)} weights in the kernel",
        f"{grouped(count.outputs)} outputs",
        f"{grouped(count.products)} products",
        f"{grouped(count.flops)} products and sums",
        "a fully connected layer:",
        f"{grouped(count.dense_weights)} weights",
        f"{grouped(count.dense_flops)} products and sums",
    )
