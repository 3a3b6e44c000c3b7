"""Formulas typed by users, from text to surface. Nothing of the text is ever executed."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dlviz.expressions import Node, torch_source
from dlviz.grammar import read
from dlviz.grids import grid, line
from dlviz.landscapes import Array, Gradient, Hessian, Landscape, Point
from dlviz.stationary import lowest_points
from dlviz.surface import Surface


@dataclass(frozen=True, eq=False)
class Formula(Landscape):
    """A function of x, or of x and y, with exact derivatives; undefined wherever it is nan."""

    text: str
    tree: Node

    @property
    def dim(self) -> int:
        """1, or 2 if y occurs."""
        return 2 if 1 in self.tree.axes() else 1

    def value(self, p: Point) -> Array:
        return np.broadcast_to(self.tree.jet(p, 0).value, np.shape(p[0]))

    def gradient(self, p: Point) -> Gradient:
        jet = self.tree.jet(p, 1)
        hole = np.where(np.isnan(jet.value), np.nan, 0.0)  # log x has slopes even left of 0
        return tuple(jet.slopes.get(i, 0.0) + hole for i in range(self.dim))

    def hessian(self, p: Point) -> Hessian:
        bends, axes = self.tree.jet(p, 2).bends, range(self.dim)
        return tuple(tuple(bends.get((min(i, j), max(i, j)), 0.0) for j in axes) for i in axes)

    def inside(self, p: Point) -> NDArray[np.bool_]:
        return super().inside(p) & ~np.isnan(self.value(p))


def parse(text: str) -> Formula:
    """Read a formula in x and y.

    Raises
    ------
    ValueError
        One sentence that names the place, if the text is does not follow ``dlviz.grammar``.
    """
    tree = read(text)
    if not tree.axes():
        raise ValueError("expected x or y somewhere in the formula, got only constants")
    return Formula(text, tree)


def formula_surface(text: str) -> Surface:
    """Return the surface of a formula over −3 <= x, y <= 3; 1-D if y does not occur.

    Raises
    ------
    ValueError
        One sentence, if the text is not a formula or has no finite value in the window.
    """
    formula = parse(text)
    surface = Surface(
        name="formula",
        label="Your formula",
        formula=formula.tree.latex(),
        source=torch_source(formula.tree),
        landscape=formula,
        window=((-3.0, 3.0),) * formula.dim,
        start=(0.0, 0.0)[: formula.dim],
    )
    surface = replace(surface, start=_start(surface))
    return replace(surface, minima=lowest_points(surface))


def _start(surface: Surface) -> tuple[float, ...]:
    """Return (±2.5, ±1.5) if loss and gradient are finite there, else the midst of where they are.

    Raises ValueError if they are finite nowhere.
    """
    usual = np.array([(-2.5, 1.5), (2.5, 1.5), (-2.5, -1.5), (2.5, -1.5)])[:, : surface.dim]
    ticks = [np.linspace(low, high, 61) for low, high in surface.window]
    lattice = np.stack(np.meshgrid(*ticks), axis=-1).reshape(-1, surface.dim)
    for places in (usual, lattice):
        finite = np.isfinite(np.c_[surface.value(places), surface.gradient(places)]).all(axis=1)
        if finite.any():
            midst = usual[0] if places is usual else places[finite].mean(axis=0)
            distance = np.where(finite, np.linalg.norm(places - midst, axis=1), np.inf)
            return tuple(float(coordinate) for coordinate in places[np.argmin(distance)])
    raise ValueError("expected a formula that is finite somewhere between -3 and 3, got none")


def check_visible(surface: Surface) -> None:
    """Raise ValueError if the formula is level all over the window, or too steep to be drawn."""
    places = line(surface.window, 400) if surface.dim == 1 else grid(surface.window, 128).points
    values = surface.value(places)
    known = values[np.isfinite(values)]
    with np.errstate(over="ignore"):
        span = np.ptp(known) if known.size else 0.0
    if not 1e-30 <= span <= 1e30:
        raise ValueError(
            f"expected values that differ by 1e-30 to 1e30 between -3 and 3, got {span:.3g}"
        )
