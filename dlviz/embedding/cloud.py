"""Points of many dimensions with what is known of each: what an embedding is made of."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of many dimensions.

    Parameters
    ----------
    x : float64 (n, d), read-only, finite
    y : float64 (n,): the class of each point, whole numbers from 0, or a value along the shape
    names : the name of each class; empty where ``y`` is a value
    value : what ``y`` is, in words, where it is a value
    straight : whether the value is a place along a line, or a sheet, that can be laid out straight
    side : x is of images side x side, 0 if of none
    images : (n, side²) uint8, what is shown at a point; empty where there is nothing to show
    layer : whether x is what a layer of a network makes of those images
    """

    x: Array
    y: NDArray[Any]
    names: tuple[str, ...] = ()
    value: str = ""
    straight: bool = False
    side: int = 0
    images: NDArray[np.uint8] = field(default_factory=lambda: frozen([], np.uint8))
    layer: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", frozen(self.x))
        object.__setattr__(self, "y", frozen(self.y))
        object.__setattr__(self, "images", frozen(self.images, np.uint8))
        if self.x.ndim != 2 or len(self.x) < 3 or self.y.shape != (len(self.x),):
            raise ValueError(f"expected x (n, d), n >= 3, and y (n,), got {self.x.shape} and "
                             f"{self.y.shape}")  # fmt: skip
        if not (np.isfinite(self.x).all() and np.isfinite(self.y).all()):
            raise ValueError("expected finite points, got inf or nan")

    def __len__(self) -> int:
        return len(self.x)

    @property
    def key(self) -> str:
        """16 hex digits that stand for the points and their classes."""
        content = self.x.tobytes() + self.y.tobytes() + repr(self.names).encode()
        return sha256(content).hexdigest()[:16]

    def seen_as(self, x: Array) -> "Cloud":
        """Return the same points as a layer shows them (n, d')."""
        return replace(self, x=x, layer=True)
