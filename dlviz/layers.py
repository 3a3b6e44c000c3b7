"""The kinds of marks a panel can hold, each a frozen bundle of arrays.

Those that show a network are in ``dlviz.net_layers``, those of embeddings in
``dlviz.cloud_layers``.

Every array may carry leading axes, named by ``over``:

======== ==================================================
``""``   the same in every picture
``"k"``  one entry per knob value
``"t"``  one entry per frame
``"kt"`` knob values first, then frames
======== ==================================================

Coordinates are data units of the panel's axes, x before y. A not-a-number hides the mark that
holds it. Colors are roles of ``theme.LIGHT`` or ``#RRGGBB``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.frozen import frozen

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, kw_only=True)
class Layer:
    """What all marks share; ``ARRAYS`` names the array fields and how many axes each has."""

    ARRAYS: ClassVar[dict[str, int]] = {}
    PLAIN: ClassVar[frozenset[str]] = frozenset({"x", "levels"})  # the same at every turn and frame
    BARE: ClassVar[bool] = False  # whether a panel of nothing else has no axes
    over: str = ""
    only: int | None = None  # drawn at this one turn of the knob alone

    def __post_init__(self) -> None:
        if self.over not in ("", "k", "t", "kt"):
            raise ValueError(f"expected over in '', k, t, kt, got {self.over!r}")
        for name, axes in self.ARRAYS.items():
            array = _compact(getattr(self, name))
            object.__setattr__(self, name, array)
            leads = 0 if name in self.PLAIN else len(self.over)
            if array.ndim not in (axes, axes + leads):
                raise ValueError(f"expected {name} with {axes} axes and {self.over!r}, "
                                 f"got shape {array.shape}")  # fmt: skip

    def at(self, name: str, frame: int, knob: int) -> Array:
        """Return the array ``name`` of one picture, its leading axes taken away."""
        array: Array = getattr(self, name)
        if array.ndim == self.ARRAYS[name]:
            return array
        for axis in self.over:
            array = array[knob if axis == "k" else frame]
        return array

    def entries(self, frames: int, turns: int) -> tuple[int, int]:
        """Return how many entries a track must have in a scene, and how many it has."""
        return 0, 0

    def plain(self, frame: int, knob: int) -> Sequence["Layer"]:
        """Return the marks of this module that show the same in one picture: mostly itself."""
        return (self,)

    def options(self) -> dict[str, Any]:
        """Return the fields that are not arrays: what goes into the header as words."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in self.ARRAYS}


def _compact(values: ArrayLike) -> Array:
    """Return a read-only array in the browser's types: small counts as they are, else float32."""
    array = np.asarray(values)
    return frozen(array, array.dtype if array.dtype in (np.uint8, np.uint16) else np.float32)


@dataclass(frozen=True, eq=False, kw_only=True)
class Field(Layer):
    """A color image behind the marks; row 0 is the lowest y.

    Parameters
    ----------
    image : uint8, or float32 in [0, 255], (..., H, W): color codes, samples at pixel centers
    x, y : the panel's coordinates at the centers of the first and last column and row
    colors : a name of ``theme.COLORMAPS``
    bands : draw that many flat steps with a line between them (filled contours); 0 is smooth
    levels : float (256,) or empty: the value that each color code stands for, for read-outs
    names : for ``labels``: what each code means, for read-outs
    hatched : codes drawn as hatching over the ground, for what is not a value
    blank : codes where the bare ground shows
    opacity : 0 to 1
    """

    ARRAYS: ClassVar[dict[str, int]] = {"image": 2, "levels": 1}
    image: Array
    x: tuple[float, float]
    y: tuple[float, float]
    colors: str = "viridis"
    bands: int = 0
    levels: ArrayLike = ()
    names: tuple[str, ...] = ()
    hatched: tuple[int, ...] = ()
    blank: tuple[int, ...] = ()
    opacity: float = 1.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Points(Layer):
    """Markers at ``xy`` (..., N, 2); ``classes`` (N,) gives each its class color and shape."""

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 2, "classes": 1}
    xy: Array
    classes: ArrayLike = ()
    color: str = "ink"
    marker: str = "circle"  # of theme.CLASS_MARKERS, where there are no classes
    size: float = 6.0  # px
    labels: tuple[str, ...] = ()  # one for each point, drawn beside it


@dataclass(frozen=True, eq=False, kw_only=True)
class Path(Layer):
    """A track ``xy`` (..., S, 2) that grows with the frames, with a ball at its end.

    At frame t the entries 0 to ``t * stride`` are drawn; ``over`` is empty or ``k``, as the
    track holds its own steps.
    """

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 2}
    xy: Array
    color: str = "path"
    width: float = 2.5  # px
    stride: int = 1
    ball: bool = True
    dots: bool = True  # a small dot at each step
    whole: bool = False  # drawn to its end, of any length, at every frame
    label: str = ""

    def entries(self, frames: int, turns: int) -> tuple[int, int]:
        """Return the steps up to the last frame; of a whole one any number will do."""
        given = self.xy.shape[-2]
        return given if self.whole else (frames - 1) * self.stride + 1, given


@dataclass(frozen=True, eq=False, kw_only=True)
class Polygons(Layer):
    """Filled polygons ``xy`` (..., P, V, 2), short ones filled up with not-a-number.

    ``codes`` (..., P) are color codes of the color map ``colors``; no ``outline`` is drawn if "".
    A row may hold several, with not-a-number between them. Those that are ``tiles`` of an area are
    filled color by color, so that no seams are seen.
    """

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 3, "codes": 1}
    xy: Array
    codes: Array
    colors: str = "labels"
    opacity: float = 0.6
    outline: str = "ink"
    tiles: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Segments(Layer):
    """Straight lines ``xy`` (..., N, 2, 2) from the first to the second point."""

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 3}
    xy: Array
    color: str = "muted"
    width: float = 1.5  # px
    dashed: bool = False
    labels: tuple[str, ...] = ()  # one for each segment, at its second point


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve(Layer):
    """A line y(x): ``x`` (N,) and ``y`` (..., N).

    ``cursor`` is "step" (a dot at entry t, where entries are frames), "knob" (a dot at entry k,
    where entries are knob values) or "". With ``all_faint`` the curves of all knob values are
    drawn thin behind the current one. A curve that stops being finite ends with a cross.
    """

    ARRAYS: ClassVar[dict[str, int]] = {"x": 1, "y": 1}
    x: Array
    y: Array
    color: str = "path"
    width: float = 2.5  # px
    cursor: str = ""
    all_faint: bool = False
    dashed: bool = False
    label: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Tiles(Layer):
    """A grid of small images ``images`` (..., N, H, W), color codes as in ``Field``.

    Tiles fill the panel row by row; its axes are not drawn.
    """

    ARRAYS: ClassVar[dict[str, int]] = {"images": 3}
    BARE: ClassVar[bool] = True
    images: Array
    columns: int
    colors: str = "gray"
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Bars(Layer):
    """Vertical bars of ``heights`` (..., N) at x = 0 to N - 1, from zero."""

    ARRAYS: ClassVar[dict[str, int]] = {"heights": 1}
    heights: Array
    color: str = "second"
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Arrows(Layer):
    """Arrows ``xy`` (..., N, 2, 2) from the first to the second point."""

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 3}
    xy: Array
    color: str = "ink"
    width: float = 2.5  # px
    label: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Text(Layer):
    """Words at ``xy`` (..., N, 2), one of ``texts`` for each."""

    ARRAYS: ClassVar[dict[str, int]] = {"xy": 2}
    xy: Array
    texts: tuple[str, ...]
    color: str = "ink"
    anchor: str = "center"  # left, center, right
