"""Where on a plane through its inputs a network says which class: exact polygons.

Any network of dense and convolutional layers, ReLU, average and max pooling is affine on each of
very many pieces of the plane, too many to look at each. Only those matter through which a border
of two classes goes. So square cells are proved to be of one class, or halved (``cell_bounds``); on
small ones the network is a small one (``local_networks``), by which they are halved further
(``local_bounds``) until few lines are left, and then cut along these (``class_borders``). An island
of any size is found: what is not proved is cut.

Borders are exact but for rounding, as ``cell_bounds`` has it: on a border the two classes differ by
no more than their errors. That is branch and bound, as of Bunel et al., "Branch and Bound for
Piecewise Linear Neural Network Verification", JMLR 2020, with cuts of Humayun et al., "SplineCam",
CVPR 2023, at its leaves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.cell_bounds import Cells, PlaneNetwork
from dlviz.class_borders import Areas, joined, part
from dlviz.frozen import frozen
from dlviz.local_bounds import compact, look
from dlviz.local_networks import PLAIN, LocalNetworks, extract
from dlviz.torch_threads import one_thread

FIRST = 16  # cells a side to begin with
CHUNK = 128  # of them at once, or fewer of a large network:
ROOM = 500_000  # sums of a stage, and sixteen times as many numbers of forms, are held at once
FEW = 160  # maxima of which it is not known who leads, for which a small network is made
LINES = 12  # of them along which a cell is cut rather than halved
TINY = 2.0**-14  # of the square's side: smaller cells are cut whatever is left
NEARLY = 0.99  # of the square is known when only its polygons are still to be put together
MOST = 20_000  # cells of the whole network; those that need more are given up


@dataclass(frozen=True, eq=False)
class ClassRegions:
    """What of a square is known.

    Parameters
    ----------
    corners : float64 (V, 2), of one polygon after the other, counterclockwise; no two overlap
    counts : int (N,), how many corners each has
    classes : int (N,), the class that leads on each
    share : of the square that they cover; 1 if they are all
    """

    corners: NDArray[np.float64]
    counts: NDArray[np.intp]
    classes: NDArray[np.intp]
    share: float

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def polygons(self) -> list[NDArray[np.float64]]:
        """The corners of each polygon, (k, 2)."""
        return np.split(self.corners, self.counts.cumsum()[:-1])


def class_regions(
    model: nn.Sequential, origin: Tensor, along: Tensor, reach: float
) -> ClassRegions:
    """Return where on a square of a plane which class leads.

    Parameters
    ----------
    model : of dense and convolutional layers, ReLU, batch norm, average and max pooling, in
        evaluation mode
    origin : (channels, rows, columns), the middle of the square
    along : (2, channels, rows, columns), the change for a unit of s and of t
    reach : half a side of the square, in s and in t

    Returns
    -------
    ClassRegions
        Of a share below 1 if the network is too large for that.

    Raises
    ------
    ValueError
        If there is a layer that is not known.
    """
    *_, found = class_regions_steps(model, origin, along, reach)
    return found


def class_regions_steps(
    model: nn.Sequential, origin: Tensor, along: Tensor, reach: float
) -> Iterator[ClassRegions]:
    """Yield how much of the square is known, and in the end the polygons themselves."""
    found = _Found([], [])
    with one_thread():
        network = PlaneNetwork(model, origin, along, reach)
        cells, asked = _grid(reach), 0
    while (count := len(cells.centers)) and asked < MOST:
        rest: list[Tensor] = []
        chunk = min(CHUNK, max(1, ROOM // network.width))
        for at in range(0, count, chunk):
            with one_thread():
                rest.append(_settle(network, cells.of(slice(at, at + chunk)), found))
            left = max(count - at - chunk, 0) + sum(map(len, rest)) / 4
            share = 1 - left * (cells.half / reach) ** 2
            yield _regions([], min(share, NEARLY))
        asked += count
        cells = Cells(torch.cat(rest), 0.5 * cells.half)
    if not len(cells.centers):
        yield _regions([joined(found.squares), *found.areas], 1.0)


class _Found(NamedTuple):
    """Squares with the classes that lead on them, and polygons of all other cells."""

    squares: list[tuple[Cells, Tensor]]
    areas: list[Areas]


def _grid(reach: float) -> Cells:
    at = reach * ((torch.arange(FIRST, dtype=torch.float64) + 0.5) / FIRST * 2 - 1)
    s, t = torch.meshgrid(at, at, indexing="xy")
    return Cells(torch.stack([s.ravel(), t.ravel()], 1), reach / FIRST)


def _settle(network: PlaneNetwork, cells: Cells, found: _Found) -> Tensor:
    """Settle what can be settled of some cells; return the middles of the quarters of others."""
    known = network.bounds(cells)
    sure = known.margin > 0
    found.squares.append((cells.of(sure), known.leader[sure]))
    few = ~sure & ((known.open <= FEW) | (cells.half <= TINY * network.reach))
    depth = PLAIN + int(known.open.clamp(max=FEW).max())
    size = max(1, 16 * ROOM // (network.width * depth))
    number = few.cumsum(0) - 1
    for at in range(0, int(few.sum()), size):
        which = few & (number >= at) & (number < at + size)
        chosen = tuple(each.of(which) for each in known.chosen)
        _settle_small(extract(network, cells.of(which), chosen), TINY * network.reach, found)
    return cells.of(~sure & ~few).quarters().centers


def _settle_small(nets: LocalNetworks, least: float, found: _Found) -> None:
    """Settle cells that have small networks of their own."""
    while len(nets):
        seen = look(nets)
        sure = seen.sure
        found.squares.append((nets.cells.of(sure), seen.leader[sure]))
        few = ~sure & ((seen.open <= LINES) | (nets.cells.half <= least))
        if bool(few.any()):
            found.areas.append(part(compact(nets, seen, few)))
        nets = compact(nets, seen, ~sure & ~few).quarters()


def _regions(areas: list[Areas], share: float) -> ClassRegions:
    none = Areas(np.empty((0, 2)), np.empty(0, np.intp), np.empty(0, np.intp))
    corners, counts, classes = (np.concatenate(each) for each in zip(none, *areas, strict=True))
    return ClassRegions(frozen(corners), frozen(counts, np.intp), frozen(classes, np.intp), share)


NO_REGIONS = _regions([], 0.0)  # nothing is known yet
