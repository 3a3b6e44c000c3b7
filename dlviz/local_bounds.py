"""What small networks of cells can say, and what they become once that is known.

Enclosures of candidates are affine in the coordinates but for a radius, as in
``dlviz.cell_bounds``. A maximum that one candidate leads on the whole cell is no symbol any more:
its form takes its place in all later ones.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from dlviz.enclosures import Enclosures, maxima
from dlviz.local_networks import PLAIN, LocalNetworks


class Seen(NamedTuple):
    """Which candidate of each stage's maxima leads in the middle of its cell, and which can lead.

    Parameters
    ----------
    best : of each stage, int (n, maxima)
    alive : of each stage, bool (n, maxima, candidates)
    leader : int (n,), the class that leads in the middle
    """

    best: tuple[Tensor, ...]
    alive: tuple[Tensor, ...]
    leader: Tensor

    @property
    def open(self) -> Tensor:
        """Of how many maxima before the classes it is not known who leads, int (n,)."""
        none = torch.zeros(len(self.best[-1]), dtype=torch.int64)
        return sum((_several(alive).sum(1) for alive in self.alive[:-1]), none)

    @property
    def sure(self) -> Tensor:
        """Whether no other class can lead, bool (n,)."""
        return ~_several(self.alive[-1])[:, 0]


def _several(alive: Tensor) -> Tensor:
    return alive.sum(-1) > 1


def look(nets: LocalNetworks) -> Seen:
    """Enclose all candidates on each cell, and tell which of them can lead."""
    frame = torch.eye(PLAIN, dtype=torch.float64).expand(len(nets), -1, -1)  # (n, D, 3)
    radius = torch.zeros(len(nets), PLAIN, dtype=torch.float64)
    bests, lives = [], []
    for form, alive, slack in zip(nets.forms[:-1], nets.alive, nets.slacks, strict=False):
        found = Enclosures(*(p.flatten(0, 1) for p in _enclose(form, frame, radius)))
        slacks = torch.full_like(found.center, slack)
        top, best, living = maxima(found, alive.flatten(0, 1), slacks)
        top = Enclosures(*(part.reshape(alive.shape[:2]) for part in top))
        frame = torch.cat([frame, torch.stack(top[:3], -1)], 1)
        radius = torch.cat([radius, top.radius], 1)
        bests.append(best.reshape(alive.shape[:2]))
        lives.append(living.reshape(alive.shape))
    best, living = _classes(nets, frame, radius)
    leader = nets.classes.gather(1, best)[:, 0]
    return Seen((*bests, best), (*lives, living), leader)


def _enclose(form: Tensor, frame: Tensor, radius: Tensor) -> Enclosures:
    """Enclose candidates, given the enclosures of what their forms are made of."""
    rows = form.flatten(1, 2)
    parts = [*(rows @ frame).unbind(-1), (rows.abs() @ radius[..., None])[..., 0]]
    return Enclosures(*(part.reshape(form.shape[:3]) for part in parts))


def _classes(nets: LocalNetworks, frame: Tensor, radius: Tensor) -> tuple[Tensor, Tensor]:
    """Return which class leads in the middle, and which can lead.

    What is off in a symbol is so in both of two classes, and in part cancels out.
    """
    form, alive = nets.forms[-1], nets.alive[-1]
    center = _enclose(form, frame, radius).center
    best = torch.where(alive, center, -torch.inf).argmax(-1)
    apart = _enclose(form - _pick(form, best)[:, :, None], frame, radius)
    living = alive & (apart.center + apart.reach > 2 * nets.slacks[-1])
    return best, living.scatter(-1, best[..., None], True)


def _pick(form: Tensor, best: Tensor) -> Tensor:
    """Return the forms (n, maxima, D) of the candidates that lead."""
    index = best[..., None, None].expand(-1, -1, 1, form.shape[-1])
    return form.gather(2, index)[:, :, 0]


def compact(nets: LocalNetworks, seen: Seen, which: Tensor) -> LocalNetworks:
    """Put what was seen into the networks of some cells: fewer symbols, fewer candidates.

    Parameters
    ----------
    which : bool (n,)
    """
    forms = [form[which] for form in nets.forms]
    alive = [each[which] for each in seen.alive]
    columns = torch.arange(PLAIN).expand(len(forms[0]), -1)  # that are kept
    real = torch.ones(columns.shape, dtype=torch.bool)  # and not there to fill up
    lives = []
    for stage, (best, living) in enumerate(zip(seen.best[:-1], alive, strict=False)):
        form, several = forms[stage], _several(living)
        _put(form, _pick(form, best[which]) * ~several[..., None], forms[stage + 1 :])
        rows = _first(several)
        valid = several.gather(1, rows)
        size = form.shape[-1]
        form = form.gather(1, rows[..., None, None].expand(-1, -1, *form.shape[2:]))
        living = living.gather(1, rows[..., None].expand(-1, -1, living.shape[2]))
        form = _columns(form, columns, real)
        forms[stage], living, _ = _fewer(form, living & valid[..., None])
        lives.append(living)
        columns, real = torch.cat([columns, size + rows], 1), torch.cat([real, valid], 1)
    forms[-1], living, order = _fewer(_columns(forms[-1], columns, real), alive[-1])
    classes = nets.classes[which].gather(1, order[:, 0])
    cells = nets.cells.of(which)
    return LocalNetworks(cells, tuple(forms), (*lives, living), classes, nets.slacks)


def _put(form: Tensor, led: Tensor, later: list[Tensor]) -> None:
    """Add to later forms, in place, those of their symbols that one candidate leads."""
    size, count = form.shape[-1], led.shape[1]
    for each in later:
        of_symbols = each[..., size : size + count].flatten(1, 2)
        each[..., :size] += (of_symbols @ led).reshape(*each.shape[:3], size)


def _columns(form: Tensor, columns: Tensor, real: Tensor) -> Tensor:
    index = columns[:, None, None].expand(-1, *form.shape[1:3], -1)
    return form.gather(3, index) * real[:, None, None]


def _fewer(form: Tensor, living: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Leave out candidates that lead nowhere; return as well which are left."""
    order = _first(living, 1)
    living = living.gather(2, order)
    form = form.gather(2, order[..., None].expand(-1, -1, -1, form.shape[-1]))
    return form * living[..., None], living, order


def _first(mask: Tensor, least: int = 0) -> Tensor:
    """Return indices along the last axis that put what is true first, as many as need be."""
    most = max(least, int(mask.sum(-1).max()) if mask.numel() else 0)
    return mask.to(torch.uint8).argsort(dim=-1, descending=True, stable=True)[..., :most]
