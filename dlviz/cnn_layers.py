"""Marks that show a convolutional network the scene carries along (``dlviz.cnn``).

The player evaluates the network for each picture it draws (``assets/player-cnn.js``), so that
every map follows the knob, the training, and the hand that draws.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice
from dlviz.cnn import Block, Cnn, forward, softmax
from dlviz.layers import Array, Layer, Text, Tiles

RANGES = ("unit", "layer", "network")
TILE = 28  # pixels a side of a map in a still


@dataclass(frozen=True, eq=False, kw_only=True)
class CnnMaps(Layer):
    """Every layer's maps, from the picture at the left to the answer at the right.

    Parameters
    ----------
    numbers : float16 (F, P) as bytes, (F, 2 P) uint8: all numbers of the network at each frame
    pictures : float32 (K, 1, H, W) in [0, 1], what it is shown at each turn of the knob
    net : its shape
    names : of the classes
    truth : the class of each picture (K,), −1 where nobody knows
    ranges : what the colors are relative to: the largest value of the map, of all maps of a
        layer, or of the network
    sums : show what comes out of a layer before its ReLU, not after
    chosen : (block, unit) to look at while the pointer is elsewhere
    paint : whether the picture can be drawn on
    """

    BARE: ClassVar[bool] = True
    ARRAYS: ClassVar[dict[str, int]] = {"numbers": 2, "pictures": 4}
    numbers: Array
    pictures: Array
    net: Cnn
    names: tuple[str, ...]
    truth: tuple[int, ...]
    ranges: str = "layer"
    sums: bool = True
    chosen: tuple[int, int] = (0, 0)
    paint: bool = True
    over: str = "kt"  # both at once, though no array has both axes

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("ranges", self.ranges, RANGES)
        if self.numbers.shape[1] != 2 * self.net.numbers:
            raise ValueError(f"expected {2 * self.net.numbers} bytes of numbers a frame, "
                             f"got {self.numbers.shape[1]}")  # fmt: skip

    def options(self) -> dict[str, Any]:
        """Return what goes into the header as words; the network as the player reads it."""
        return {**super().options(), "net": header(self.net), "colors": "diverging"}

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return the maps of the picture and of the first conv or dense block, and the answer."""
        found = values(self, frame, knob)
        shown = [(code(self.pictures[knob, 0], 1.0))]
        for block, sums in zip(self.net.blocks, found, strict=True):
            if len(block.shape) == 3:
                out = sums if self.sums or not block.relu else np.maximum(sums, 0)
                shown += [code(m, float(np.abs(out).max())) for m in out]
        images = np.stack([_resized(m)[::-1] for m in shown])
        answer = softmax(found[-1])
        says = f"{self.names[int(answer.argmax())]}: {answer.max():.0%}"
        return [Tiles(images=images, columns=6, colors="diverging"),
                Text(xy=np.array([[0.5, 0.02]]), texts=(says,))]  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class CnnWindow(Layer):
    """One pixel of a map, taken apart: the window below it, the kernel, products and sum.

    It shows the pixel under the pointer on the ``CnnMaps`` of the same scene, or else the
    strongest one of the map that is chosen there.
    """

    BARE: ClassVar[bool] = True
    over: str = "kt"

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return nothing: a still has no pointer."""
        return ()


def header(net: Cnn) -> dict[str, Any]:
    """Return a network as the player reads it."""
    return {
        "shape": net.shape,
        "blocks": [_block(block) for block in net.blocks],
        "numbers": net.numbers,
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "title": block.title,
        "k": block.word.numbers[-1] if block.kind in ("conv", "pool", "mean") else 0,
        "padding": block.word.padding if block.kind == "conv" else 0,
        "given": block.shape_in,
        "shape": block.shape,
        "relu": block.relu,
        "start": block.start,
    }


@lru_cache(maxsize=8)
def values(layer: CnnMaps, frame: int, knob: int) -> tuple[NDArray[np.float64], ...]:
    """Return what comes out of each block before its ReLU, of the picture at a frame and turn."""
    numbers = layer.numbers[frame].view(np.float16)
    return tuple(v[0] for v in forward(layer.net, numbers, layer.pictures[knob][None]))


def answer(layer: CnnMaps, frame: int, knob: int) -> tuple[str, float]:
    """Return the class that the network finds most likely, and how sure it is."""
    found = softmax(values(layer, frame, knob)[-1])
    best = int(found.argmax()) if np.isfinite(found).all() else 0
    return layer.names[best], float(found[best])


def answer_words(layers: Iterable[Layer], frame: int, knob: int) -> dict[str, str]:
    """Return what a caption says of the answer of the network that is among the layers."""
    says, sure = answer(next(a for a in layers if isinstance(a, CnnMaps)), frame, knob)
    return {"answer": says, "sure": f"{floor(100 * sure + 0.5)} %"}


def code(array: NDArray[Any], largest: float) -> NDArray[np.uint8]:
    """Return color codes of values around 0: 128 is 0, 255 the largest size."""
    scaled = np.nan_to_num(np.asarray(array, np.float64) / (largest or 1.0))
    return np.asarray(np.clip(127.5 + 127.5 * scaled, 0, 255).round(), np.uint8)


def _resized(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns = (np.arange(TILE) * n // TILE for n in image.shape)
    return image[np.ix_(rows, columns)]
