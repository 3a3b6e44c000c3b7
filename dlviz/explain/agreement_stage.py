"""How alike nine maps of one picture are, as a table of numbers."""

import numpy as np
from numpy.typing import NDArray

from dlviz.cell_layers import Cells
from dlviz.explain.config import METHODS
from dlviz.layers import Layer, Text
from dlviz.scene import Axis, Panel, Scene

WIDE = 5.2  # room for names, in cells


def agreement_scene(alike: NDArray[np.float64]) -> Scene:
    """Return a table of rank correlations, (9, 9)."""
    n = len(METHODS)
    layers: list[Layer] = [Cells(values=np.round(alike, 2), top=0.0, signed=True, paper=True)]
    for i, name in enumerate(METHODS.values()):
        row, column = np.array([[-0.2, -i - 0.5]]), np.array([[i + 0.5, 0.4]])
        layers.append(Text(xy=row, texts=(f"{name} · {i + 1}",), anchor="right"))
        layers.append(Text(xy=column, texts=(str(i + 1),)))
    table = Panel(
        "agreement", Axis("", -WIDE, n), Axis("", -n, 0.9), tuple(layers), equal=True,
        framed=False, title="rank correlation of signed maps",
        alt="A table: how alike each two of the nine maps are, from −1 to 1.",
    )  # fmt: skip
    words = "1: they rank the pixels alike · 0: nothing in common · below: the other way round"
    return Scene(panels=(table,), captions=(words,))
