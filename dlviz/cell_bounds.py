"""What a network can say on square cells of a plane through its inputs, enclosed, many at once.

Forward through the layers go enclosures (``dlviz.enclosures``) of all units on all cells. Where a
cell is small, almost all maxima are led by one candidate throughout, and one class may lead, which
is then proved.

**Rounding.** With u = 2⁻⁵³, a sum of n products is off by at most (n + 3) u A to first order,
A = |W| |h| + |b| (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, equation 3.5). Of
two candidates that differ by no more than their errors e either may be taken for the larger, which
is wrong by 4 e at most. So a stage's errors are e_l = |W_l| (5 e_{l−1} + (n + 3) u |h|) +
(n + 3) u |b|, with |h| the most that it is on the whole square.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from dlviz.enclosures import Enclosures, maxima
from dlviz.max_network import Choice, Stage, stages_of

# Where the quarters of a square lie, in halves of its side from its middle.
QUARTERS = torch.tensor([(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)], dtype=torch.float64)
WRONG = 5  # times as much as a candidate a maximum is off, since one may be taken for another


class Cells(NamedTuple):
    """Squares of a plane, in units of its two directions.

    Parameters
    ----------
    centers : float64 (n, 2)
    half : of a side
    """

    centers: Tensor
    half: float

    def quarters(self) -> "Cells":
        """Return the four quarters of each, one cell after the other."""
        centers = self.centers[:, None] + self.half * QUARTERS
        return Cells(centers.reshape(-1, 2), 0.5 * self.half)

    def of(self, which: Tensor | slice) -> "Cells":
        """Return some of them."""
        return Cells(self.centers[which], self.half)


class Chosen(NamedTuple):
    """What is chosen in one stage of a network on n cells.

    Parameters
    ----------
    best : int (n, maxima), the candidate that leads on the whole cell; if there is none, −1
    cell, maximum : int (k,), where there is none
    alive : bool (k, candidates), which ones lead somewhere there; 0 is the last of them
    """

    best: Tensor
    cell: Tensor
    maximum: Tensor
    alive: Tensor

    def of(self, which: Tensor) -> "Chosen":
        """Return what is chosen on some of the cells, bool (n,)."""
        kept = which[self.cell]
        number = which.cumsum(0) - 1
        cell = number[self.cell[kept]]
        return Chosen(self.best[which], cell, self.maximum[kept], self.alive[kept])


class Bounded(NamedTuple):
    """What is known of n cells.

    Parameters
    ----------
    leader : int (n,), the class that leads in the middle
    margin : (n,), by how much at least it leads on the whole cell; below 0 if it need not
    open : int (n,), of how many maxima it is not known who leads
    chosen : of each stage
    """

    leader: Tensor
    margin: Tensor
    open: Tensor
    chosen: tuple[Chosen, ...]


class PlaneNetwork:
    """A network on a square of a plane.

    Parameters
    ----------
    model : as ``stages_of`` takes it
    origin : (channels, rows, columns), the middle of the square
    along : (2, channels, rows, columns), for a unit of either coordinate
    reach : half a side of the square

    Raises
    ------
    ValueError
        As ``stages_of`` does.
    """

    def __init__(self, model: nn.Sequential, origin: Tensor, along: Tensor, reach: float) -> None:
        self.stages = stages_of(model, tuple(origin.shape))
        self.origin, self.along, self.reach = origin.double(), along.double(), reach
        self.slacks = self._slacks()

    @property
    def width(self) -> int:
        """How many sums the largest stage has."""
        return max(stage.bias.numel() for stage in self.stages)

    def _slacks(self) -> list[Tensor]:
        """Return bounds on the rounding errors of each stage's sums on the whole square."""
        found = []
        form = self.inputs(Cells(torch.zeros(1, 2, dtype=torch.float64), self.reach))
        error = torch.zeros_like(form.center)
        for stage in self.stages:
            size = form.center.abs() + form.reach
            error = stage.spread(WRONG * error + stage.rounding * size)
            error += stage.rounding * stage.bias_size
            form = _through(stage, form)
            found.append(error[0])
            if stage.choice is not None:
                error = stage.choice.windows(error).amax(-1)
                form = _choose(stage.choice, form, found[-1])[0]
        return found

    def inputs(self, cells: Cells) -> Enclosures:
        """Return the inputs on cells; slopes are the same on all, and only once there."""
        s, t = cells.centers.T[..., None, None, None]
        center = self.origin + s * self.along[0] + t * self.along[1]
        first, second = cells.half * self.along[:, None]
        return Enclosures(center, first, second, torch.zeros_like(first))

    def bounds(self, cells: Cells) -> Bounded:
        """Enclose the network on cells."""
        form, found = self.inputs(cells), []
        for stage, slack in zip(self.stages[:-1], self.slacks, strict=False):
            assert stage.choice is not None
            form, chosen = _choose(stage.choice, _through(stage, form), slack)
            found.append(chosen)
        count = len(cells.centers)
        still = torch.zeros(count, dtype=torch.int64)
        for each in found:
            still += torch.bincount(each.cell, minlength=count)
        return Bounded(*self._margins(form), still, tuple(found))

    def _margins(self, form: Enclosures) -> tuple[Tensor, Tensor]:
        """Return the class that leads in the middle, and by how much at least it does."""
        last, slack = self.stages[-1], self.slacks[-1]
        logits = _through(last, form)
        logits = Enclosures(*(part.expand_as(logits.center) for part in logits))
        leader = logits.center.argmax(1)
        top = logits.at(leader)
        slopes = (logits.first - top.first[:, None]).abs()
        slopes += (logits.second - top.second[:, None]).abs()
        # What is off in the unit before a weight is so in both classes, and in part cancels out.
        *before, dense = last.layers
        inner = form.radius.reshape(len(form.radius), *last.shape_in)
        for layer in before:
            inner = layer.spread(inner)
        inner = inner.expand(len(leader), -1)
        radius = torch.empty_like(logits.center)
        for k in set(leader.tolist()):
            mine = leader == k
            radius[mine] = inner[mine] @ (dense.weight - dense.weight[k]).abs().T
        margin = top.center[:, None] - logits.center - slopes - radius
        margin -= slack + slack[leader][:, None]
        margin.scatter_(1, leader[:, None], torch.inf)
        return leader, margin.amin(1)


def _through(stage: Stage, form: Enclosures) -> Enclosures:
    """Enclose the sums of a stage."""
    parts = [part.reshape(len(part), *stage.shape_in) for part in form[:3]]
    sums = stage(torch.cat(parts))
    center, first, second = torch.split(sums, [len(part) for part in parts])
    return Enclosures(center + stage.bias, first, second, stage.spread(form.radius))


def _choose(choice: Choice, form: Enclosures, slack: Tensor) -> tuple[Enclosures, Chosen]:
    """Enclose the maxima of a stage.

    Where not even the intervals of two candidates meet, there is nothing more to be done.
    """
    windows = Enclosures(*map(choice.windows, form))
    reach = windows.reach
    floor, best = (windows.center - reach).max(-1)
    on = floor >= 0 if choice.floor else torch.ones_like(best, dtype=torch.bool)
    alive = windows.center + reach > (floor * on)[..., None]
    first = alive.gather(-1, best[..., None])
    alive.scatter_(-1, best[..., None], first | on[..., None])
    out = Enclosures(*(part.expand_as(windows.center) for part in windows)).at(best)
    if choice.floor:
        out = Enclosures(*(part * on for part in out))
    best = torch.where(on, best, choice.size - 1)
    cell, maximum = (alive.sum(-1) + ~on > 1).nonzero(as_tuple=True)
    picked = windows.picked(cell, maximum)
    living, slacks = alive[cell, maximum], choice.windows(slack[None])[0, maximum]
    if choice.floor:
        picked = Enclosures(*(nn.functional.pad(part, (0, 1)) for part in picked))
        living = nn.functional.pad(living, (0, 1), value=True)
        slacks = nn.functional.pad(slacks, (0, 1))
    found, leads, living = maxima(picked, living, slacks)
    for whole, part in zip(out, found, strict=True):
        whole[cell, maximum] = part
    several = living.sum(-1) > 1
    best[cell, maximum] = torch.where(several, -1, leads)
    return out, Chosen(best, cell[several], maximum[several], living[several])
