"""A picture that moves, described as data: panels of layers over frames and a knob.

A scene knows nothing of any user interface. The player in the browser draws what ``pack``
returns; ``to_plotly`` and ``to_png`` draw one frame of it in a notebook or a test.

Two axes run through a scene. *Frames* are its steps in time. The *knob* is the lab's main
setting: the whole sweep over it is computed at once and sent along, so that turning it needs no
server. ``dlviz.layers`` says how arrays carry these axes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice
from dlviz.cnn_layers import answer_words
from dlviz.frozen import frozen
from dlviz.layers import Layer
from dlviz.net_layers import NetLayer
from dlviz.region_layers import count_regions
from dlviz.words import number

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True)
class Axis:
    """One axis of a panel: its name with unit, its ends; is it logarithmic, or of whole numbers."""

    label: str
    low: float
    high: float
    log: bool = False
    whole: bool = False

    def __post_init__(self) -> None:
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"expected finite low < high, got {self.low!r} and {self.high!r}")
        if self.log and self.low <= 0:
            raise ValueError(f"expected low > 0 on a log axis, got {self.low!r}")


@dataclass(frozen=True)
class Panel:
    """Axes and the layers drawn on them, first layer at the back.

    Parameters
    ----------
    name : short, unique in its scene; tells Python where a click landed
    title : a few words above the picture
    equal : whether a unit is as long on x as on y
    pick : whether a click or drag here is sent to Python
    drag : how a drag here turns the knob, whose ends are joined: "across", by one for each unit of
        x, or "around" the middle, by one for each of its shares of the circle; "" not at all
    framed : whether axes are drawn; those of marks that need none are not in any case
    alt : what the panel shows, for those who do not see it
    """

    name: str
    x: Axis
    y: Axis
    layers: tuple[Layer, ...]
    title: str = ""
    equal: bool = False
    pick: bool = False
    drag: str = ""
    framed: bool = True
    alt: str = ""

    def __post_init__(self) -> None:
        check_choice("drag", self.drag, ("", "across", "around"))

    @property
    def bare(self) -> bool:
        """Whether its axes are not drawn."""
        return not self.framed or (bool(self.layers) and all(layer.BARE for layer in self.layers))


@dataclass(frozen=True)
class Knob:
    """The live setting of a scene: its values, and marks at those that matter.

    ``marks`` are (value, label) pairs, drawn on the knob's track; where they depend on the knob,
    value is a tuple with an entry for each knob value, None where there is no mark.
    """

    name: str
    label: str
    values: tuple[float, ...]
    index: int
    marks: tuple[tuple[float | tuple[float | None, ...], str], ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.index < len(self.values):
            raise ValueError(f"expected 0 <= index < {len(self.values)}, got {self.index!r}")

    def nearest(self, value: float) -> int:
        """Return the index of the value nearest to ``value``, by ratio where all are positive."""
        values = np.array(self.values)
        if value > 0 and (values > 0).all():
            return int(np.argmin(np.abs(np.log(values / value))))
        return int(np.argmin(np.abs(values - value)))


def knob_values(value: float, usual: Sequence[float]) -> tuple[float, ...]:
    """Return the usual values of a knob, rising, the nearest by ratio replaced by ``value``.

    So a link to any value shows that very value, and the knob keeps its number of turns.
    """
    if value in usual:
        return tuple(usual)
    nearest = min(usual, key=lambda known: abs(known / value - 1))
    return tuple(sorted(value if known == nearest else known for known in usual))


@dataclass(frozen=True, eq=False)
class Scene:
    """Panels over frames and a knob.

    Parameters
    ----------
    panels : the first is the main picture, the others stand beside it
    frames : how many; frame 0 is the state before the first step
    fps : frames per second at speed 1
    captions : one, or one for each knob value; ``{frame}``, ``{last}``, ``{knob}``, the names
        of ``readouts`` are filled in, ``{says}``, ``{regions}``, counted as they are drawn, and
        ``{answer}`` and ``{sure}`` of a network that is evaluated as it is drawn
    says : sentences of the frames, over and over, with names as in captions
    layout : "main" (the first panel large, the others stacked beside it), "wide" (the first
        larger still), "split" (the second large too, the others in a row under it), "pair" (the
        first two large and alike, the others stacked beside them), "grid" (all alike: small
        multiples) or "wall" (all alike, as large as the stage lets them be)
    readouts : name -> float array (K or 1, T or 1) of numbers for the captions
    endings : for each knob value how it ended, added to the caption of the last frame; or none
    unit : what the frames count: "step", "epoch"
    numbers : the number of each frame in that unit, rising; empty where it is the frame's own
    """

    panels: tuple[Panel, ...]
    frames: int = 1
    fps: float = 20.0
    captions: tuple[str, ...] = ("",)
    knob: Knob | None = None
    layout: str = "main"
    readouts: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    endings: tuple[str, ...] = ()
    unit: str = "step"
    numbers: tuple[int, ...] = ()
    says: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_choice("layout", self.layout, ("main", "wide", "split", "pair", "grid", "wall"))
        if len(self.captions) not in (1, self.turns):
            raise ValueError(f"expected 1 or {self.turns} captions, got {len(self.captions)}")
        if len(self.numbers) not in (0, self.frames):
            raise ValueError(f"expected {self.frames} numbers of frames, got {len(self.numbers)}")
        kept = {name: frozen(array, np.float32) for name, array in self.readouts.items()}
        object.__setattr__(self, "readouts", kept)
        turns, frames = (1, self.turns), (1, self.frames)
        for name, array in kept.items():
            if array.ndim != 2 or array.shape[0] not in turns or array.shape[1] not in frames:
                raise ValueError(f"expected {name} of shape {(self.turns, self.frames)} or ones "
                                 f"in place of them, got {array.shape}")  # fmt: skip
        for panel in self.panels:
            for layer in panel.layers:
                self._check(panel.name, layer)

    def _check(self, panel: str, layer: Layer) -> None:
        lengths = {"k": self.turns, "t": self.frames}
        for name, axes in layer.ARRAYS.items():
            array = getattr(layer, name)
            lead = array.shape[: array.ndim - axes]
            if lead and lead != tuple(lengths[axis] for axis in layer.over):
                raise ValueError(f"expected {layer.over!r} = {lengths} before {name} of panel "
                                 f"{panel}, got shape {array.shape}")  # fmt: skip
        if isinstance(layer, NetLayer):
            self._check_net(panel, layer)
        wanted, given = layer.entries(self.frames, self.turns)
        if wanted != given:
            raise ValueError(f"expected {wanted} entries in the path of panel {panel}, got {given}")

    def _check_net(self, panel: str, layer: NetLayer) -> None:
        runs, frames, _ = layer.net.parameters.shape
        fitting = runs in (1, self.turns) if layer.run is None else layer.run < runs
        if not fitting or frames not in (1, self.frames):
            raise ValueError(f"expected a network of {self.turns} runs and {self.frames} frames in "
                             f"panel {panel}, got {runs} and {frames}")  # fmt: skip

    @property
    def turns(self) -> int:
        """Number of knob values, 1 where there is no knob."""
        return len(self.knob.values) if self.knob else 1

    def panel(self, name: str) -> Panel:
        """Return the panel called ``name``."""
        return next(panel for panel in self.panels if panel.name == name)

    def caption(self, frame: int, knob: int | None = None) -> str:
        """Return the words under one picture, with its numbers."""
        index = self._turn(knob)
        numbers = {
            name: number(self._readout(a, frame, index)) for name, a in self.readouts.items()
        }
        if self.knob:
            numbers["knob"] = number(self.knob.values[index])
        template = self.captions[index if len(self.captions) > 1 else 0]
        if self.says:
            template = template.replace("{says}", self.says[frame % len(self.says)])
        layers = [layer for panel in self.panels for layer in panel.layers]
        if "{regions}" in template:
            numbers["regions"] = number(count_regions(layers, frame, index))
        if "{answer}" in template:
            numbers |= answer_words(layers, frame, index)
        words = template.format(frame=self.number(frame), last=self.number(-1), **numbers)
        ended = self.endings and frame % self.frames == self.frames - 1
        return f"{words}: {self.endings[index]}" if ended else words

    def number(self, frame: int) -> int:
        """Return what a frame is called, −1 being the last: its own number, or the one given."""
        return self.numbers[frame] if self.numbers else frame % self.frames

    def _readout(self, array: NDArray[Any], frame: int, knob: int) -> float:
        turns, frames = array.shape
        return float(array[knob if turns > 1 else 0, frame if frames > 1 else 0])

    def _turn(self, knob: int | None) -> int:
        at_rest = self.knob.index if self.knob else 0
        return at_rest if knob is None else knob

    def pack(self) -> bytes:
        """Return the scene as bytes for the player: see ``dlviz.packing``."""
        from dlviz.packing import pack

        return pack(self)

    def to_plotly(self, frame: int = -1, knob: int | None = None) -> "go.Figure":
        """Return one picture as a plotly figure; frame -1 is the last."""
        from dlviz.still_plotly import draw

        return draw(self, frame % self.frames, self._turn(knob))

    def to_png(self, frame: int = -1, knob: int | None = None, *, width: int = 960) -> bytes:
        """Return one picture as a PNG file, ``width`` px wide; frame -1 is the last."""
        from dlviz.still_png import draw

        return draw(self, frame % self.frames, self._turn(knob), width)
