"""Folding by hand: crease a sheet, draw lines on the packet, unfold it and count.

Whatever hands do with paper, a ReLU network does. A crease with signed distance s and place t along
it is a layer of three units, relu(s), relu(−s) and relu(t + far), of which the last is always on.
The next layer reads the packet off them: |s| = relu(s) + relu(−s), and t.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_range
from dlviz.networks import Layers
from dlviz.origami.paper import Paper, paper_of
from dlviz.regions import linear_regions

Array = NDArray[np.float64]
Line = tuple[float, float, float, float]

MAX_CREASES, MAX_LINES = 6, 12


def halvings(count: int) -> tuple[Line, ...]:
    """Return creases that halve the sheet [−1, 1]² again and again, across and along in turn.

    What is right of the middle stays, then what is above it.
    """
    creases: list[Line] = []
    for i in range(count):
        half = 1 - 2.0 ** -(i // 2)  # 0, 0, 1/2, 1/2, 3/4, ...
        creases.append((half, 1, half, -1) if i % 2 == 0 else (-1, half, 1, half))
    return tuple(creases)


@dataclass(frozen=True)
class HandConfig:
    """What hands do to the sheet [−1, 1]².

    Parameters
    ----------
    creases : x1, y1, x2, y2 each, on the sheet as it lies then, in [−4, 4]; what is to the left on
        the way from the first point to the second stays, the rest is folded over; 0 to 6 of them
    lines : x1, y1, x2, y2 each, drawn on the packet, through all its layers; 0 to 12
    """

    creases: tuple[Line, ...] = halvings(2)
    lines: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        _check_lines("creases", self.creases, MAX_CREASES)
        _check_lines("lines", self.lines, MAX_LINES)


def _check_lines(name: str, lines: object, most: int) -> None:
    if not isinstance(lines, tuple) or len(lines) > most:
        raise ValueError(f"expected {name} to be a tuple of 0 to {most}, got {lines!r}")
    for line in lines:
        if not isinstance(line, tuple) or len(line) != 4:
            raise ValueError(f"expected {name} as (x1, y1, x2, y2), got {line!r}")
        for number in line:
            check_range(name, number, -4, 4)
        if hypot(line[2] - line[0], line[3] - line[1]) < 1e-3:
            raise ValueError(f"expected two points of {name} that are apart, got {line!r}")


@dataclass(frozen=True, eq=False)
class HandTrace:
    """A sheet that was folded and drawn on, unfolded.

    Parameters
    ----------
    config : what was done
    layers : the network that does the same
    paper : the sheet after each crease: entry 0 is flat, the last is the packet
    crease_units, line_units : the unit of each crease, and of each line: what ``paper.hinges``
        takes, to show a crease or a line on the sheet or on the packet
    squares : how many pieces the creases alone make
    """

    config: HandConfig
    layers: Layers
    paper: Paper
    crease_units: tuple[int, ...]
    line_units: tuple[int, ...]
    squares: int

    @property
    def count(self) -> int:
        """The number of pieces on the unfolded sheet."""
        return len(self.paper.regions)


def fold_by_hand(config: HandConfig) -> HandTrace:
    """Fold, draw, unfold and count."""
    layers = hand_network(config.creases, config.lines)
    regions = linear_regions(*layers)
    depth = len(config.creases)
    units = np.arange(3 * depth).reshape(-1, 3)
    # What was on the side that stays, at every crease, has not been moved.
    on = regions.patterns[:, : 3 * depth].reshape(len(regions), depth, 3)
    kept = (on == (True, False, True)).all((1, 2))
    anchor = int(np.argmax(kept * (1 + regions.areas)))
    return HandTrace(
        config=config,
        layers=layers,
        paper=paper_of(regions, anchor),
        crease_units=tuple(units[:, 0].tolist()),
        line_units=tuple(range(3 * depth, 3 * depth + len(config.lines))),
        squares=int(regions.counts[depth]),
    )


def hand_network(creases: Sequence[Line], lines: Sequence[Line]) -> Layers:
    """Return the network that folds along creases and then draws lines.

    Its two outputs are the place of a point on the packet, or, after lines, in it.
    """
    weights, biases = [], []
    readout, origin, far = np.eye(2), np.zeros(2), 2.0  # |x|, |y| < far on the sheet
    for crease in creases:
        normal, along, c = _frame(crease)
        frame = np.stack([normal, -normal, along])
        weights.append(frame @ readout)
        biases.append(frame @ origin + [c, -c, far])
        # p = normal (|s| − c) + along t
        readout = np.stack([normal, normal, along], axis=1)
        origin = -c * normal - far * along
        far += 12.0  # |p| grows by at most twice the distance of the crease, √32
    if lines:
        # Two units more are on everywhere: with them the packet lies as it does, however few lines.
        frames = [*(_frame(line) for line in lines), *((axis, axis, far) for axis in np.eye(2))]
        normals = np.stack([normal for normal, _, _ in frames])
        weights.append(normals @ readout)
        biases.append(normals @ origin + [c for _, _, c in frames])
        readout, origin = np.ones((1, len(frames))), np.zeros(1)
    return Layers((*weights, readout), (*biases, origin))


def _frame(line: Line) -> tuple[Array, Array, float]:
    """Return the unit vector to the left of a line, that along it, and c in s = normal · p + c."""
    x1, y1, x2, y2 = line
    length = hypot(x2 - x1, y2 - y1)
    along = np.array([x2 - x1, y2 - y1]) / length
    normal = np.array([-along[1], along[0]])
    return normal, along, -float(normal @ (x1, y1))
