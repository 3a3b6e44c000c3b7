"""Small networks that say on a cell of a plane exactly what a large one says there.

On a small cell almost all maxima of a network are led by one candidate. Those that are not become
*symbols*: all else is affine in the two coordinates and in symbols. So each cell has a network of a
few maxima, some ten rather than thousands, that is cheap to bound, to halve and to cut along.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from dlviz.cell_bounds import QUARTERS, Cells, Chosen, PlaneNetwork
from dlviz.max_network import Stage

PLAIN = 3  # numbers of a form that come before those of symbols: its middle, and two slopes


class LocalNetworks(NamedTuple):
    """The networks of n cells, in p and q from −1 to 1 over each.

    Parameters
    ----------
    cells : the squares
    forms : of each stage, the classes last, float64 (n, maxima, candidates, D): what a candidate
        is, as its value in the middle, its slopes along p and q, and its coefficients of the
        symbols of all stages before
    alive : of each stage, bool (n, maxima, candidates): which lead somewhere in the cell
    classes : int (n, candidates of the last stage), which class each is
    slacks : how much rounding can have raised or lowered a candidate of each stage
    """

    cells: Cells
    forms: tuple[Tensor, ...]
    alive: tuple[Tensor, ...]
    classes: Tensor
    slacks: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.cells.centers)

    def quarters(self) -> "LocalNetworks":
        """Return those of the four quarters of each cell."""
        steps = QUARTERS[:, None, None]
        moved = []
        for form in self.forms:
            parts = form[:, None].repeat(1, 4, 1, 1, 1)
            parts[..., 0] += (parts[..., 1:3] * steps).sum(-1)
            parts[..., 1:3] *= 0.5
            moved.append(parts.flatten(0, 1))
        *alive, classes = (each.repeat_interleave(4, 0) for each in (*self.alive, self.classes))
        return LocalNetworks(
            self.cells.quarters(), tuple(moved), tuple(alive), classes, self.slacks
        )


class _Symbols(NamedTuple):
    """The k new symbols of a stage: of which cell, where among its own, and for which maximum."""

    cell: Tensor
    slot: Tensor
    maximum: Tensor
    most: int  # that a cell has

    @classmethod
    def of(cls, chosen: Chosen) -> "_Symbols":
        count = torch.bincount(chosen.cell, minlength=len(chosen.best))
        slot = torch.arange(len(chosen.cell)) - (count.cumsum(0) - count)[chosen.cell]
        return cls(chosen.cell, slot, chosen.maximum, int(count.max()))


def extract(network: PlaneNetwork, cells: Cells, chosen: tuple[Chosen, ...]) -> LocalNetworks:
    """Return the small networks of cells, of which there is at least one.

    Parameters
    ----------
    chosen : as ``PlaneNetwork.bounds`` has found it for these cells
    """
    inputs = network.inputs(cells)
    rows = torch.stack([part.expand_as(inputs.center) for part in inputs[:PLAIN]], 1)
    fresh: _Symbols | None = None
    forms, alive = [], []
    for stage, each in zip(network.stages[:-1], chosen, strict=False):
        symbols = _Symbols.of(each)
        form, lives, rows = _chosen(stage, _sums(stage, rows, fresh), each, symbols)
        forms.append(form)
        alive.append(lives)
        fresh = symbols
    form = _sums(network.stages[-1], rows, fresh).transpose(1, 2)[:, None]
    classes = torch.arange(form.shape[2]).expand(len(form), -1)
    return LocalNetworks(
        cells,
        (*forms, form),
        (*alive, torch.ones(form.shape[:-1], dtype=torch.bool)),
        classes,
        tuple(float(slack.max()) for slack in network.slacks),
    )


def _sums(stage: Stage, rows: Tensor, fresh: _Symbols | None) -> Tensor:
    """Return a stage's sums as forms (n, D, ...), with the coefficients of new symbols last."""
    sums = stage(rows.flatten(0, 1))
    sums = sums.reshape(*rows.shape[:2], *sums.shape[1:])
    sums[:, 0] += stage.bias
    if fresh is None or not fresh.most:
        return sums
    which, back = torch.unique(fresh.maximum, return_inverse=True)
    ones = torch.zeros(len(which), rows[0, 0].numel(), dtype=rows.dtype)
    ones[torch.arange(len(which)), which] = 1.0
    new = sums.new_zeros(len(rows), fresh.most, *sums.shape[2:])
    new[fresh.cell, fresh.slot] = stage(ones)[back]
    return torch.cat([sums, new], 1)


def _chosen(
    stage: Stage, sums: Tensor, each: Chosen, symbols: _Symbols
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the forms of candidates of symbols, which lead, and the forms of all other maxima."""
    assert stage.choice is not None
    windows = stage.choice.windows(sums.flatten(0, 1))
    windows = windows.reshape(len(sums), -1, *windows.shape[1:])  # (n, D, maxima, side²)
    depth, units = windows.shape[1], windows.shape[-1]
    form = sums.new_zeros(len(sums), symbols.most, stage.choice.size, depth)
    known = windows[each.cell, :, each.maximum].transpose(1, 2)
    form[each.cell, symbols.slot, :units] = known
    lives = torch.zeros(form.shape[:-1], dtype=torch.bool)
    lives[each.cell, symbols.slot] = each.alive
    index = each.best.clamp(0, units - 1)[:, None, :, None].expand(-1, depth, -1, -1)
    led = (each.best >= 0) & (each.best < units)  # neither by a symbol nor by 0
    return form, lives, windows.gather(-1, index)[..., 0] * led[:, None]
