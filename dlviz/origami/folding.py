"""The fold: the plane as a sheet that every layer creases and folds, frame by frame."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dlviz.layers import Polygons, Segments
from dlviz.origami.hand import HandTrace
from dlviz.origami.paper import Paper
from dlviz.origami.traces import OrigamiTrace
from dlviz.regions import Regions
from dlviz.scene import Axis, Panel, Scene

Array = NDArray[np.float64]

REST, MOVE = 6, 18  # frames that a sheet rests, its next creases drawn on it, and that it moves
BUDGET = 1_400_000  # bytes of a film
FLAT = 1e-6  # of its size, out of the plane: that is rounding
MOST = 400  # pieces that can be told apart while they move


def fold_scene(trace: OrigamiTrace) -> Scene:
    """Return the sheet folded layer by layer, and unfolded; beside it what its creases become."""
    return _film(trace.paper, trace.counts, "layers folded: {layer} · pieces so far: {pieces}")


def hand_scene(trace: HandTrace) -> Scene:
    """Return a sheet folded by hand: crease after crease, the lines drawn on it, and unfolded."""
    counts = trace.paper.regions.counts
    words = "times folded: {layer} · pieces so far: {pieces}{says}"
    film = _film(trace.paper, counts, words, pick=True)
    frames = packet_frames(trace)
    hints = (f" · lines are drawn on the packet, from step {frames[0]} on", " · draw lines on it")
    return replace(film, says=tuple(hints[i in frames] for i in range(film.frames)))


def packet_frames(trace: HandTrace) -> range:
    """Return the frames of the film in which the packet lies still, to be drawn on."""
    at, resting = _moments(trace.paper)
    frames = np.flatnonzero(resting & (at == at.max()))
    return range(int(frames[0]), int(frames[-1]) + 1)


def _film(paper: Paper, counts: NDArray[np.intp], words: str, *, pick: bool = False) -> Scene:
    regions, stages = paper.regions, len(paper.positions)
    corners = regions.whole.corners.T
    real = np.arange(corners.shape[1]) < regions.whole.counts[:, None]
    ends, drawn = regions.edges.ends, regions.creases  # the rim is drawn by layer 0
    at, resting = _moments(paper)
    sheets = np.stack([_between(paper.positions, moment) for moment in at])
    xy = np.where(real[None, ..., None], sheets[:, corners], np.nan)
    made = np.ceil(at - 1e-9).astype(np.intp)  # creases that have been folded, or are being folded
    made = np.maximum.accumulate(made + resting)  # and those drawn on a sheet at rest; they stay
    new = (drawn > 0) & (drawn == made[:, None]) & resting[:, None]
    made_by_now = drawn <= made[:, None]
    lines = np.where(new[..., None, None], sheets[:, ends], np.nan)
    folded = np.where((made_by_now & ~new)[..., None, None], sheets[:, ends], np.nan)
    inner = drawn > 0
    flat = paper.positions[0][ends[inner]]
    flat = np.where(made_by_now[:, inner, None, None], flat[None], np.nan)
    tints = np.stack([_tints(regions, layer) for layer in range(stages + 1)])
    pieces = np.asarray(counts)[np.minimum(made, len(counts) - 1)]
    return Scene(
        panels=(
            _sheet_panel(xy, tints[np.minimum(made, stages)], folded, lines, pick, _title(paper)),
            _plane_panel(paper, flat),
        ),
        frames=len(at),
        fps=14.0,
        captions=(words,),
        readouts={"layer": np.floor(at + 1e-9)[None], "pieces": pieces[None].astype(float)},
        layout="split",
    )


def _moments(paper: Paper) -> tuple[Array, NDArray[np.bool_]]:
    """Return how far the folding is at each frame, 0 to stages − 1, and whether the sheet rests."""
    stages = len(paper.positions)
    corners, edges = paper.regions.whole.corners.size, len(paper.regions.edges.ends)
    most = BUDGET // (8 * corners + 48 * edges + 1)
    rest, move = REST, MOVE
    while stages * (rest + move) > most and move > 2:
        move -= 1
        rest = max(2, move * REST // MOVE)
    at: list[float] = []
    resting: list[bool] = []
    for stage in range(stages):
        at += [float(stage)] * rest
        resting += [True] * rest
        if stage + 1 < stages:
            at += [stage + i / move for i in range(1, move + 1)]
            resting += [False] * move
    back = [(stages - 1) * (1 - i / move) for i in range(1, move + 1)]
    return np.array(at + back), np.array(resting + [False] * move)


def _between(positions: Array, moment: float) -> Array:
    """Return where the corners are on the way from one sheet to the next, (V, 2)."""
    low = int(moment + 1e-9)
    high = min(low + 1, len(positions) - 1)
    share = max(0.0, moment - low)
    smooth = share * share * (3 - 2 * share)
    return np.asarray(positions[low] * (1 - smooth) + positions[high] * smooth)


def _tints(regions: Regions, layer: int) -> NDArray[np.uint8]:
    """Return a color code for each region (N,): the same in all that one piece will be cut into."""
    units = sum(len(b) for b in regions.biases[:layer])
    _, firsts, piece = np.unique(
        regions.patterns[:, :units], axis=0, return_index=True, return_inverse=True
    )
    return (firsts[piece.ravel()] % 7).astype(np.uint8)


def _title(paper: Paper) -> str:
    """Name the sheet; where its sums leave the plane, what is seen of it is a shadow."""
    away = float(paper.off_plane.max())
    return (
        f"the sheet's shadow: {away:.0%} out of the plane" if away > FLAT else "the sheet, folded"
    )


def _sheet_panel(
    xy: Array, tints: NDArray[np.uint8], folded: Array, lines: Array, pick: bool, title: str
) -> Panel:
    reach = 1.08 * float(np.nanmax(np.abs(xy))) or 1.0
    layers = (
        Polygons(xy=xy, codes=tints, over="t", colors="labels", opacity=0.35, outline=""),
        Segments(xy=folded, over="t", color="ink", width=1.0),
        Segments(xy=lines, over="t", color="path", width=3.0),
    )
    return Panel("sheet", Axis("the sheet", -reach, reach), Axis("", -reach, reach), layers,
                 title=title, equal=True, framed=False, pick=pick,
                 alt="The plane as a sheet of paper, folded layer by layer.")  # fmt: skip


def _plane_panel(paper: Paper, flat: Array) -> Panel:
    reach = float(np.abs(paper.positions[0]).max())
    layers = (Segments(xy=flat, over="t", color="path", width=2.0),)
    return Panel("plane", Axis("x₁", -reach, reach), Axis("x₂", -reach, reach), layers,
                 title="the same lines, unfolded", equal=True,
                 alt="The lines of all layers so far as they lie in the plane: bent.")  # fmt: skip
