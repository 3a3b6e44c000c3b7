"""The picture of a method without steps: its map, beside the data as they are."""

import numpy as np

from dlviz.embedding.cloud import Cloud
from dlviz.embedding.data_panel import data_panel
from dlviz.embedding.facts import Facts
from dlviz.embedding.points import PLAIN, images_layers, points_layer
from dlviz.embedding.runs import EmbeddingTrace
from dlviz.layers import Layer, Text
from dlviz.scene import Panel, Scene
from dlviz.words import number


def single_scene(
    trace: EmbeddingTrace | None,
    cloud: Cloud,
    facts: Facts | None,
    label: str,
    tiles: bool = False,
) -> Scene:
    """Return a method's map beside the data; None is of one still to be made."""
    if trace is None or trace.outcome == "none":
        words = "finds no map of these points" if trace else "is being made"
        layers: list[Layer] = [Text(xy=np.zeros((1, 2)), texts=(words,))]
    else:
        layers = [points_layer(cloud, trace.points[-1], "", tiles=tiles)]
    main = Panel("map", PLAIN, PLAIN, (*layers, *images_layers(cloud)), title=label, equal=True,
                 framed=False,
                 alt=f"The map that {label} makes.")  # fmt: skip
    return Scene((main, data_panel(cloud)), captions=(_caption(facts) if facts else "…",))


def _caption(facts: Facts) -> str:
    words = [
        (facts["trust"], "trustworthiness {}"),
        (facts["unrolled"], "an axis correlates {} with the true one"),
        (facts["nearest"], "1-NN accuracy {}"),
    ]
    said = [text.format(number(value)) for value, text in words if value is not None]
    return " · ".join(said) or "No map."
