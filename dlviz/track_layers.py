"""Many tracks side by side, each with a color, a marker and a label that keep clear of each other.

The player draws them in ``assets/player-tracks.js``; ``plain`` shows the same in still pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from dlviz.layers import Array, Layer, Path, Points

HEADS = ("frame", "knob", "end")


@dataclass(frozen=True, eq=False, kw_only=True)
class Tracks(Layer):
    """N tracks ``xy`` (..., N, S, 2); ``over`` is empty or ``k``, as tracks hold their own steps.

    Parameters
    ----------
    colors, markers, labels : one for each track; no labels, no words
    head : where the marker and the label are: "frame" (the track grows with the frames, an entry
        each), "knob" (drawn whole, the head at the entry of the knob), or "end" (drawn whole)
    dashed : one for each track, or none
    """

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 3}
    xy: Array
    colors: tuple[str, ...]
    markers: tuple[str, ...]
    labels: tuple[str, ...] = ()
    head: str = "frame"
    width: float = 2.5  # px
    size: float = 7.0  # px, of the markers
    dashed: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        count = self.xy.shape[-3]
        if self.head not in HEADS:
            raise ValueError(f"expected head in {', '.join(HEADS)}, got {self.head!r}")
        for name in ("colors", "markers", "labels", "dashed"):
            given = len(getattr(self, name))
            if given != count and (given or name in ("colors", "markers")):
                raise ValueError(f"expected {count} {name}, got {given}")

    def entries(self, frames: int, turns: int) -> tuple[int, int]:
        """Return one entry for each place where the heads can be."""
        given = self.xy.shape[-2]
        return {"frame": frames, "knob": turns, "end": given}[self.head], given

    def entry(self, frame: int, knob: int) -> int:
        """Return the entry of the heads."""
        last: int = self.xy.shape[-2] - 1
        return {"frame": frame, "knob": knob, "end": last}[self.head]

    def plain(self, frame: int, knob: int) -> Sequence[Layer]:
        """Return a path and a marker for each track."""
        xy, at = self.at("xy", frame, knob), self.entry(frame, knob)
        marks: list[Layer] = []
        for i, track in enumerate(xy):
            drawn = track[: at + 1] if self.head == "frame" else track
            reached = track[at : at + 1] if self.head == "knob" else track[: at + 1]
            finite = reached[np.isfinite(reached).all(axis=-1)][-1:]
            marks.append(Path(xy=drawn, color=self.colors[i], width=self.width, whole=True,
                              ball=False, dots=False))  # fmt: skip
            marks.append(Points(xy=finite, color=self.colors[i], marker=self.markers[i],
                                size=self.size,
                                labels=self.labels[i : i + 1] if len(finite) else ()))  # fmt: skip
        return marks
