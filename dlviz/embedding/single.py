"""The picture of a method without steps: its map, beside the data as they are."""

import numpy as np

from dlviz.embedding.cloud import Array, Cloud
from dlviz.embedding.facts import Facts
from dlviz.embedding.runs import EmbeddingTrace
from dlviz.embedding.stage import PLAIN, images_layers, points_layer
from dlviz.layers import Layer, Text
from dlviz.scene import Panel, Scene
from dlviz.words import number

TILT = (0.55, 0.35)  # radians about the upright axis and toward the eye, as solids are looked at


def single_scene(
    trace: EmbeddingTrace | None, cloud: Cloud, facts: Facts | None, label: str
) -> Scene:
    """Return a method's map beside the data, seen from aside; None is of one still to be made."""
    if trace is None or trace.outcome == "none":
        words = "finds no map of these points" if trace else "is being made"
        layers: list[Layer] = [Text(xy=np.zeros((1, 2)), texts=(words,))]
    else:
        layers = [points_layer(cloud, trace.points[-1], "")]
    main = Panel("map", PLAIN, PLAIN, (*layers, *images_layers(cloud)), title=label, equal=True,
                 framed=False,
                 alt=f"The map that {label} makes.")  # fmt: skip
    aside = points_layer(cloud, from_aside(cloud.x), "")
    seen = Panel("data", PLAIN, PLAIN, (aside,), title=_where(cloud.x.shape[1]), equal=True,
                 framed=False,
                 alt="The data as they are.")  # fmt: skip
    return Scene((main, seen), captions=(_caption(facts) if facts else "…",))


def from_aside(x: Array) -> Array:
    """Return points (n, d) as a picture (n, 2): the first three axes seen from aside."""
    centered = x[:, :3] - x[:, :3].mean(axis=0)
    if centered.shape[1] == 1:
        return np.column_stack([centered[:, 0], np.zeros(len(x))])
    if centered.shape[1] == 2:
        return np.asarray(centered)
    turn, tilt = TILT
    a, b, c = centered.T
    across, deep = np.cos(turn) * a + np.sin(turn) * b, np.cos(turn) * b - np.sin(turn) * a
    return np.column_stack([across, np.cos(tilt) * c + np.sin(tilt) * deep])


def _where(d: int) -> str:
    return "The data" if d <= 3 else f"Three of the {d} dimensions"


def _caption(facts: Facts) -> str:
    words = [
        (facts["trust"], "trustworthiness {}"),
        (facts["unrolled"], "an axis correlates {} with the true one"),
        (facts["nearest"], "1-NN accuracy {}"),
    ]
    said = [text.format(number(value)) for value, text in words if value is not None]
    return " · ".join(said) or "No map."
