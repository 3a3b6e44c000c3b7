"""The plane as a sheet of paper that moves through the layers of a network.

What a layer sees of the plane is the surface of its sums in R^n: flat pieces, one for each region
that the layers below have made. If the sums depend on two numbers only, as after a fold, all pieces
lie in one plane, some over others: a folded sheet, on which the layer's lines are straight. Else
the sheet is drawn as its shadow on the plane of one piece, which is told by ``off_plane``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.regions import Regions

Array = NDArray[np.float64]

DEAD = 1e-9  # sums that change by less than this share of what they do elsewhere


@dataclass(frozen=True, eq=False)
class Paper:
    """The sheet as it is before each hidden layer; all arrays are read-only.

    From one entry to the next the pieces that the layer folds over swing around its lines; halfway
    between the two places is what one sees from above.

    Parameters
    ----------
    regions : of the whole network; its edges with ``creases <= s`` are folded in entry s
    anchor : the region that stays where it is
    positions : float64 (S, V, 2), where the corners of the regions lie; entry 0 is the plane
    lines : of each entry float64 (n, 3): the layer's lines a x + b y + c = 0, straight, drawn on
        the sheet as it lies there
    off_plane : float64 (S,), how far the sheet leaves the plane it is drawn on, at most, as a share
        of its size among the layer's sums; 0 up to rounding if the picture is the sheet itself
    """

    regions: Regions
    anchor: int
    positions: Array
    lines: tuple[Array, ...]
    off_plane: Array

    def hinges(self, unit: int, entry: int = 0) -> Array:
        """Return a unit's line where it lies in an entry, segments float64 (S, 2, 2).

        In entry 0 it is as the layers below have bent it; in that of its own layer all segments
        lie in one straight line, if ``off_plane`` is 0 there.
        """
        return np.asarray(self.positions[entry][self.regions.hinge_ends(unit)])


def paper_of(regions: Regions, anchor: int | None = None) -> Paper:
    """Return the sheet before each hidden layer, and before the output if that has 2 units or more.

    Parameters
    ----------
    anchor : the region that is to stay where it is; by default, a large one that stays wide
    """
    if anchor is None:
        anchor = _steadiest(regions)
    maps = [affine[0] for affine in _maps(regions, np.array([anchor]))]
    center = regions.polygons[anchor].mean(0)
    reach = float(np.abs(regions.vertices - center).max())
    sheets = [
        _sheet(sums, affine, center, reach)
        for sums, affine in zip(_sums(regions), maps, strict=False)
    ]
    return Paper(
        regions=regions,
        anchor=anchor,
        positions=frozen([regions.vertices, *(sheet for sheet, _ in sheets[1:])]),
        lines=tuple(frozen(affine) for affine in maps),
        off_plane=frozen([away for _, away in sheets]),
    )


def _maps(regions: Regions, which: NDArray[np.intp]) -> list[Array]:
    """Return the sums of each layer that is shown, on some regions, (M, n, 3) each."""
    maps = regions.hidden_maps(which)
    if not maps or len(regions.weights[-1]) > 1:
        slopes, intercepts = regions.slopes[which], regions.intercepts[which]
        maps.append(np.concatenate([slopes, intercepts[..., None]], axis=2))
    return maps


def _sums(regions: Regions) -> list[Array]:
    """Return the sums of each layer at the corners of the regions, (V, n) each."""
    sums, inputs = [], regions.vertices
    leaks = (*regions.leaks, 1.0)
    for w, b, leak in zip(regions.weights, regions.biases, leaks, strict=True):
        sums.append(inputs @ w.T + b)
        inputs = np.maximum(sums[-1], leak * sums[-1])
    return sums


def _steadiest(regions: Regions) -> int:
    """Return, of the largest regions, that with the most area times least stretch in a layer."""
    large = np.argsort(-regions.areas, kind="stable")[:100]
    worst = np.ones(len(large))
    for affine in _maps(regions, large):
        size = float(np.abs(affine[..., :2]).max())
        x, y = np.moveaxis(affine[..., :2] / size if size else affine[..., :2], 2, 0)
        stretch = (x * x).sum(1) * (y * y).sum(1) - (x * y).sum(1) ** 2  # of areas, squared
        worst = np.minimum(worst, stretch)
    return int(large[np.argmax(worst * regions.areas[large])])


def _sheet(sums: Array, affine: Array, center: Array, reach: float) -> tuple[Array, float]:
    """Lay the surface of sums (V, n) on the plane so that the piece around a center stays there.

    On that piece the sums are a x + b y + c, ``affine`` (n, 3). Others are laid where their shadow
    falls on its plane; returned too is how far from it they are at most, as a share of their size.
    If the sums do not depend on x and y there, over a window of that reach, all is in the center.
    """
    away = sums - affine @ (*center, 1.0)
    size = float(np.abs(away).max())
    if size <= np.finfo(float).tiny:
        return np.tile(center, (len(sums), 1)), 0.0
    away, slope = away / size, affine[:, :2] / size
    if np.abs(slope).max() * reach < DEAD:
        slope = np.zeros_like(slope)
    shadow = away @ np.linalg.pinv(slope, rcond=DEAD).T
    rest = np.linalg.norm(away - shadow @ slope.T, axis=1).max()
    return center + shadow, float(rest / np.linalg.norm(away, axis=1).max())
