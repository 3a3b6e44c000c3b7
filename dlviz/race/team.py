"""Many optimizers in one update: eight rules are one line with different numbers in it.

With a velocity v and squares s for every run,

    v ← keep·v + take·g,   s ← hold·s + add·g²,
    w ← shrink·w − lr·(ahead·g + along·v) / (√(scale·s) + floor),

and each rule of ``OPTIMIZERS`` is a row of the ten numbers: sgd has keep = take = 0, ahead = 1,
hold = add = 0 and floor = 1; momentum take = along = 1; adam's along and scale undo, step by step,
that the means began at 0. adadelta and newton are no such line, and make their own update.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.optimizers import OPTIMIZERS, Adam, Array, Momentum, Nadam, Rule
from dlviz.surfaces import Surface

APART = ("adadelta", "newton")  # rules that are no row of the common line


@dataclass(frozen=True)
class Row:
    """The numbers that make the common line one rule; arrays (T,) where they change."""

    keep: float = 0.0
    take: float = 0.0
    ahead: float | Array = 0.0
    along: float | Array = 0.0
    hold: float = 0.0
    add: float = 0.0
    scale: float | Array = 1.0
    floor: float = 1.0
    decay: float = 0.0


def row_of(name: str, rule: Any, steps: int) -> Row:
    """Return the row of a rule, for the updates 1 to ``steps``."""
    return _ROWS[name](rule, np.arange(1.0, steps + 1))


def _sgd(rule: Any, t: Array) -> Row:
    return Row(ahead=1.0)


def _momentum(rule: Momentum, t: Array) -> Row:
    return Row(keep=float(rule.momentum), take=1.0, along=1.0)


def _nesterov(rule: Momentum, t: Array) -> Row:
    beta = float(rule.momentum)
    return Row(keep=beta, take=1.0, ahead=1.0, along=beta)


def _adagrad(rule: Any, t: Array) -> Row:
    return Row(ahead=1.0, hold=1.0, add=1.0, floor=rule.eps)


def _rmsprop(rule: Any, t: Array) -> Row:
    return Row(ahead=1.0, hold=rule.alpha, add=1 - rule.alpha, floor=rule.eps)


def _means(rule: Any) -> dict[str, Any]:
    return {"keep": rule.beta1, "take": 1 - rule.beta1, "hold": rule.beta2, "add": 1 - rule.beta2,
            "floor": rule.eps}  # fmt: skip


def _adam(rule: Adam, t: Array) -> Row:
    decay = float(getattr(rule, "weight_decay", 0.0))
    if not rule.bias_correction:
        return Row(**_means(rule), along=1.0, decay=decay)
    along, scale = 1 / (1 - rule.beta1**t), 1 / (1 - rule.beta2**t)
    return Row(**_means(rule), along=along, scale=scale, decay=decay)


def _nadam(rule: Nadam, t: Array) -> Row:
    mu = rule.beta1 * (1 - 0.5 * 0.96 ** (np.append(t, t[-1] + 1) * rule.momentum_decay))
    product = np.cumprod(mu)
    return Row(
        **_means(rule),
        ahead=(1 - mu[:-1]) / (1 - product[:-1]),
        along=mu[1:] / (1 - product[1:]),
        scale=1 / (1 - rule.beta2**t),
    )


_ROWS: dict[str, Callable[[Any, Array], Row]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adam,
    "nadam": _nadam,
}


class Line:
    """The common line for N runs at once; points are (D, N), as they lie in memory."""

    def __init__(self, rows: Sequence[Row], lrs: Array, multipliers: Array) -> None:
        steps = len(multipliers)
        self.rates = (multipliers[:, None] * lrs).reshape(len(multipliers), -1)  # (T, N)
        self.keep, self.take, self.hold, self.add, self.floor, decay = (
            np.array([getattr(row, name) for row in rows])
            for name in ("keep", "take", "hold", "add", "floor", "decay")
        )
        self.ahead, self.along, self.scale = (
            np.stack([np.broadcast_to(getattr(row, name), steps) for row in rows], axis=1)
            for name in ("ahead", "along", "scale")
        )  # (T, N)
        self.shrink = 1 - self.rates * decay if decay.any() else None
        self.v = self.s = np.zeros(len(rows))

    def step(self, t: int, w: Array, g: Array) -> Array:
        """Return the points after update t, counted from 0."""
        self.v = self.keep * self.v + self.take * g
        self.s = self.hold * self.s + self.add * (g * g)
        numerator = self.ahead[t] * g + self.along[t] * self.v
        w = w if self.shrink is None else w * self.shrink[t]
        update = numerator / (np.sqrt(self.scale[t] * self.s) + self.floor)
        return np.asarray(w - self.rates[t] * update)


def run_team(
    surface: Surface,
    rules: Sequence[tuple[str, Rule]],
    start: Sequence[float],
    lrs: Array,
    multipliers: Array,
) -> Array:
    """Make T updates of K optimizers at R rates each, all side by side, from one start.

    Parameters
    ----------
    rules : K names with their rules
    lrs : (K, R)
    multipliers : (T, R) or (T, 1), the schedule

    Returns
    -------
    points : float64 (K, R, T+1, D)
    """
    many = lrs.shape[1]
    lines = [i for i, (name, _) in enumerate(rules) if name not in APART]
    apart = [i for i, (name, _) in enumerate(rules) if name in APART]
    order = lines + apart
    first = len(lines) * many
    steps = len(multipliers)
    blocks = np.empty((steps + 1, surface.dim, len(rules) * many))
    blocks[0] = np.array(start[: surface.dim])[:, None]
    rows = [row for i in lines for row in [row_of(*rules[i], steps)] * many]
    line = Line(rows, lrs[lines], multipliers) if rows else None
    soloists = [
        Soloist(rules[i][1], lrs[i], slice(first + j * many, first + (j + 1) * many))
        for j, i in enumerate(apart)
    ]
    with np.errstate(all="ignore"):  # overflow is an outcome, not an accident
        for t, multiplier in enumerate(multipliers):
            w = blocks[t]
            g = surface.gradient(w.T).T
            if line:
                blocks[t + 1, :, :first] = line.step(t, w[:, :first], g[:, :first])
            for solo in soloists:
                blocks[t + 1, :, solo.rows] = solo.step(surface, w, g, multiplier)
    points = blocks.transpose(2, 0, 1).reshape(len(rules), many, steps + 1, surface.dim)
    return np.asarray(points[np.argsort(order)])


class Soloist:
    """A rule that makes its own update of its runs."""

    def __init__(self, rule: Rule, lrs: Array, rows: slice) -> None:
        self.rule, self.lrs, self.rows = rule, lrs[:, None], rows
        self.state: Any = None

    def step(self, surface: Surface, w: Array, g: Array, multiplier: Array) -> Array:
        """Return the points (D, R) after the next update."""
        w, g = w[:, self.rows].T, g[:, self.rows].T
        if self.state is None:
            self.state = self.rule.init(w)
        hessian = surface.hessian(w) if self.rule.uses_hessian else None
        w, self.state = self.rule.step(w, g, self.state, multiplier[:, None] * self.lrs, hessian)
        return np.asarray(w.T)


def rules_of(names: Sequence[str], settings: dict[str, Any]) -> list[tuple[str, Rule]]:
    """Return each named rule with the settings that it has by the names of its own."""
    made = []
    for name in names:
        fields = OPTIMIZERS[name].__dataclass_fields__
        own = {key: value for key, value in settings.items() if key in fields}
        made.append((name, OPTIMIZERS[name](**own)))
    return made
