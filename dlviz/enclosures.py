"""Enclosures of functions on a square: affine in its two coordinates, but for a radius.

A zonotope with two generators and a box. Of two candidates for a maximum either one leads on the
whole square, or max(a, b) = a + relu(b − a) is enclosed in the parallelogram that Singh et al.
give a ReLU ("Fast and Effective Robustness Certification", NeurIPS 2018, theorem 3.1): with
b − a in [l, u] and λ = u / (u − l), it lies within μ = −λ l / 2 of (1 − λ) a + λ b + μ.
"""

from typing import NamedTuple

import torch
from torch import Tensor


class Enclosures(NamedTuple):
    """Functions f(p, q) of p, q in [−1, 1], within ``radius`` of center + p first + q second."""

    center: Tensor
    first: Tensor
    second: Tensor
    radius: Tensor

    @property
    def reach(self) -> Tensor:
        """How far a function can be from its center."""
        return self.first.abs() + self.second.abs() + self.radius

    def at(self, where: Tensor) -> "Enclosures":
        """Return those that an index along the last axis picks, one for each row."""
        return Enclosures(*(part.gather(-1, where[..., None])[..., 0] for part in self))

    def picked(self, row: Tensor, column: Tensor) -> "Enclosures":
        """Return (k, m) out of (n, ..., m); a part of which there is one row has it for all."""
        return Enclosures(*(part[row if len(part) > 1 else 0, column] for part in self))


def lead(of: Enclosures, over: Enclosures) -> Tensor:
    """Return the most that functions can exceed others by."""
    slopes = (of.first - over.first).abs() + (of.second - over.second).abs()
    return of.center - over.center + slopes + of.radius + over.radius


def maxima(
    candidates: Enclosures, alive: Tensor, slack: Tensor
) -> tuple[Enclosures, Tensor, Tensor]:
    """Enclose the largest of some functions.

    Parameters
    ----------
    candidates : (n, m)
    alive : bool (n, m), which of them count
    slack : (n, m), by how much rounding can have raised or lowered each

    Returns
    -------
    enclosures (n,), which candidate has the largest center (n,), and which can be the largest at
    all, bool (n, m); those that lead by no more than the slack cannot
    """
    none = -torch.inf
    best = torch.where(alive, candidates.center, none).argmax(-1)
    top = candidates.at(best)
    wide = Enclosures(*(part[:, None] for part in top))
    alive = alive & (lead(candidates, wide) > slack + slack.gather(-1, best[:, None]))
    floor = torch.where(alive, candidates.center - candidates.reach, none).amax(-1)
    floor = torch.maximum(floor, top.center - top.reach)[:, None]
    alive = alive & (candidates.center + candidates.reach >= floor)
    alive.scatter_(-1, best[:, None], True)
    for j in range(alive.shape[1]):
        rival = alive[:, j] & (best != j)
        if rival.any():
            top = _larger(top, Enclosures(*(part[:, j] for part in candidates)), rival)
    return top, best, alive


def _larger(a: Enclosures, b: Enclosures, rival: Tensor) -> Enclosures:
    """Enclose max(a, b) where b is a rival, and a elsewhere."""
    high, low = lead(b, a), -lead(a, b)
    share = torch.where(high > 0, high / (high - low).clamp(min=1e-30), 0.0)
    share = torch.where(low >= 0, 1.0, share) * rival
    error = -0.5 * share * low.clamp(max=0.0)
    mixed = Enclosures(*(p + share * (q - p) for p, q in zip(a, b, strict=True)))
    return mixed._replace(center=mixed.center + error, radius=mixed.radius + error)
