"""The loss landscapes as plain calculus: value, gradient and Hessian, each worked out by hand.

A point arrives as ``p``, one array for each axis (``x, y = p``), of any common shape. A gradient
goes back as a tuple of D parts, a Hessian as D rows of D; a part that is constant may be a number.
``dlviz.surfaces`` gives these landscapes their names, windows and minima.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Point = tuple[Array, ...]
Gradient = tuple[Any, ...]
Hessian = tuple[tuple[Any, ...], ...]


class Landscape(ABC):
    """A function of D coordinates with exact first and second derivatives."""

    @abstractmethod
    def value(self, p: Point) -> Array: ...

    @abstractmethod
    def gradient(self, p: Point) -> Gradient: ...

    @abstractmethod
    def hessian(self, p: Point) -> Hessian: ...

    def inside(self, p: Point) -> NDArray[np.bool_]:
        """Tell where the landscape is defined: at every finite point unless it says otherwise."""
        finite: NDArray[np.bool_] = np.all([np.isfinite(axis) for axis in p], axis=0)
        return finite


@dataclass(frozen=True)
class QuadraticForm(Landscape):
    """floor + ½ (p − center)ᵀ [[xx, xy], [xy, yy]] (p − center), one Hessian everywhere."""

    xx: float
    xy: float
    yy: float
    center: tuple[float, float] = (0.0, 0.0)
    floor: float = 0.0

    def value(self, p: Point) -> Array:
        gx, gy = self.gradient(p)
        half: Array = 0.5 * ((p[0] - self.center[0]) * gx + (p[1] - self.center[1]) * gy)
        return half + self.floor

    def gradient(self, p: Point) -> Gradient:
        dx, dy = p[0] - self.center[0], p[1] - self.center[1]
        return self.xx * dx + self.xy * dy, self.xy * dx + self.yy * dy

    def hessian(self, p: Point) -> Hessian:
        return (self.xx, self.xy), (self.xy, self.yy)


class MonkeySaddle(Landscape):
    """x³ − 3xy²: three valleys (two legs and a tail), and no curvature at all at the origin."""

    def value(self, p: Point) -> Array:
        x, y = p
        return x * (x * x - 3 * y * y)

    def gradient(self, p: Point) -> Gradient:
        x, y = p
        return 3 * (x * x - y * y), -6 * x * y

    def hessian(self, p: Point) -> Hessian:
        x, y = p
        return (6 * x, -6 * y), (-6 * y, -6 * x)


class Rosenbrock(Landscape):
    """(1 − x)² + 100 (y − x²)²: a bent valley (Rosenbrock, The Computer Journal 3, 1960)."""

    def value(self, p: Point) -> Array:
        x, y = p
        rise = y - x * x
        return (1 - x) * (1 - x) + 100 * rise * rise

    def gradient(self, p: Point) -> Gradient:
        x, y = p
        rise = y - x * x
        return 2 * (x - 1) - 400 * x * rise, 200 * rise

    def hessian(self, p: Point) -> Hessian:
        x, y = p
        return (2 - 400 * y + 1200 * x * x, -400 * x), (-400 * x, 200)


class Himmelblau(Landscape):
    """(x² + y − 11)² + (x + y² − 7)²: four equal minima (Himmelblau 1972)."""

    def value(self, p: Point) -> Array:
        x, y = p
        a, b = x * x + y - 11, x + y * y - 7
        return a * a + b * b

    def gradient(self, p: Point) -> Gradient:
        x, y = p
        a, b = x * x + y - 11, x + y * y - 7
        return 4 * x * a + 2 * b, 2 * a + 4 * y * b

    def hessian(self, p: Point) -> Hessian:
        x, y = p
        cross = 4 * (x + y)
        return (12 * x * x + 4 * y - 42, cross), (cross, 12 * y * y + 4 * x - 26)


class Beale(Landscape):
    """Sum over i = 1, 2, 3 of (cᵢ − x (1 − yⁱ))², c = 1.5, 2.25, 2.625 (Beale 1958)."""

    def value(self, p: Point) -> Array:
        total: Array = sum(r * r for r, *_ in self._terms(p))
        return total

    def gradient(self, p: Point) -> Gradient:
        terms = self._terms(p)
        return 2 * sum(r * rx for r, rx, *_ in terms), 2 * sum(r * ry for r, _, ry, *_ in terms)

    def hessian(self, p: Point) -> Hessian:
        terms = self._terms(p)
        cross = 2 * sum(rx * ry + r * rxy for r, rx, ry, rxy, _ in terms)
        xx = 2 * sum(rx * rx for _, rx, *_ in terms)
        yy = 2 * sum(ry * ry + r * ryy for r, _, ry, _, ryy in terms)
        return (xx, cross), (cross, yy)

    def _terms(self, p: Point) -> list[tuple[Any, ...]]:
        """Each residual r with its derivatives: (r, r_x, r_y, r_xy, r_yy); r_xx is zero."""
        x, y = p
        square = y * y
        first, second, third = y - 1, square - 1, square * y - 1
        return [
            (1.5 + x * first, first, x, 1.0, 0.0),
            (2.25 + x * second, second, 2 * x * y, 2 * y, 2 * x),
            (2.625 + x * third, third, 3 * x * square, 3 * square, 6 * x * y),
        ]


class SineSaddle(Landscape):
    """sin x + y²: a saddle at (π/2, 0), a minimum at (−π/2, 0)."""

    def value(self, p: Point) -> Array:
        x, y = p
        return np.sin(x) + y * y

    def gradient(self, p: Point) -> Gradient:
        x, y = p
        return np.cos(x), 2 * y

    def hessian(self, p: Point) -> Hessian:
        x, _ = p
        return (-np.sin(x), 0.0), (0.0, 2.0)
