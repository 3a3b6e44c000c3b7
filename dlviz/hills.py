"""Landscapes of hills, dents and ripples, after those of lilipads/gradient_descent_viz."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial, pi
from typing import Any

import numpy as np
from numpy.polynomial import polynomial

from dlviz.landscapes import Array, Gradient, Hessian, Landscape, Point


@dataclass(frozen=True)
class Bump:
    """height · exp(−(narrow_x (x − x₀)² + narrow_y (y − y₀)²)); a dent if height < 0."""

    height: float
    x: float
    y: float
    narrow_x: float
    narrow_y: float


@dataclass(frozen=True)
class BumpyBowl(Landscape):
    """xx · x² + yy · y² plus Gaussian bumps and dents."""

    xx: float
    yy: float
    bumps: Sequence[Bump]

    def value(self, p: Point) -> Array:
        x, y = p
        total: Array = self.xx * x * x + self.yy * y * y
        for bump in self.bumps:
            total = total + self._parts(bump, p)[0]
        return total

    def gradient(self, p: Point) -> Gradient:
        x, y = p
        gx, gy = 2 * self.xx * x, 2 * self.yy * y
        for bump in self.bumps:
            height, slope_x, slope_y = self._parts(bump, p)
            gx, gy = gx + height * slope_x, gy + height * slope_y
        return gx, gy

    def hessian(self, p: Point) -> Hessian:
        xx: Any = 2 * self.xx
        xy: Any = 0.0
        yy: Any = 2 * self.yy
        for bump in self.bumps:
            height, slope_x, slope_y = self._parts(bump, p)
            xx = xx + height * (slope_x * slope_x - 2 * bump.narrow_x)
            xy = xy + height * slope_x * slope_y
            yy = yy + height * (slope_y * slope_y - 2 * bump.narrow_y)
        return (xx, xy), (xy, yy)

    def _parts(self, bump: Bump, p: Point) -> tuple[Array, Array, Array]:
        """Height of one bump, and the slopes of its exponent: the height times them is its own."""
        dx, dy = p[0] - bump.x, p[1] - bump.y
        height = bump.height * np.exp(-bump.narrow_x * dx * dx - bump.narrow_y * dy * dy)
        return height, -2 * bump.narrow_x * dx, -2 * bump.narrow_y * dy


# (sin r − r cos r) / r³ = Σ (−1)ⁿ (2n + 2) / (2n + 3)! r²ⁿ, as a polynomial in r²
_SERIES = np.array([(-1) ** n * (2 * n + 2) / factorial(2 * n + 3) for n in range(10)])


class Ripples(Landscape):
    """x² + y² − sin(r) / r with r = 10 √(x² + y²): a hole at the origin, ring valleys around it.

    In r alone it is r²/100 − sin(r)/r. The gradient is 100 (0.02 + k) (x, y) with
    k = (sin r − r cos r) / r³, and m = k′ / r enters the Hessian; both are smooth at the origin,
    where their fractions cancel badly and the power series takes over.
    """

    def value(self, p: Point) -> Array:
        x, y = p
        square = x * x + y * y
        return square - np.sinc(10 * np.sqrt(square) / pi)

    def gradient(self, p: Point) -> Gradient:
        x, y = p
        stiffness = 2 + 100 * self._k(10 * np.sqrt(x * x + y * y))
        return stiffness * x, stiffness * y

    def hessian(self, p: Point) -> Hessian:
        x, y = p
        r = 10 * np.sqrt(x * x + y * y)
        stiffness, bend = 2 + 100 * self._k(r), 1e4 * self._m(r)
        cross = bend * x * y
        return (stiffness + bend * x * x, cross), (cross, stiffness + bend * y * y)

    def _k(self, r: Array) -> Array:
        near = polynomial.polyval(np.minimum(r, 1) ** 2, _SERIES)
        return np.where(r < 1, near, (np.sin(r) - r * np.cos(r)) / (r * r * r))

    def _m(self, r: Array) -> Array:
        near = 2 * polynomial.polyval(np.minimum(r, 1) ** 2, polynomial.polyder(_SERIES))
        square = r * r
        far = ((square - 3) * np.sin(r) + 3 * r * np.cos(r)) / (square * square * r)
        return np.where(r < 1, near, far)
