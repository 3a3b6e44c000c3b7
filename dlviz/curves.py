"""Landscapes of one coordinate, with their derivatives worked out by hand."""

from dataclasses import dataclass
from math import e, pi

import numpy as np
from numpy.typing import NDArray

from dlviz.landscapes import Array, Gradient, Hessian, Landscape, Point


@dataclass(frozen=True)
class Parabola(Landscape):
    """curvature · x² / 2: every landscape is nearly this one close to its minimum."""

    curvature: float

    def value(self, p: Point) -> Array:
        (x,) = p
        return 0.5 * self.curvature * x * x

    def gradient(self, p: Point) -> Gradient:
        (x,) = p
        return (self.curvature * x,)

    def hessian(self, p: Point) -> Hessian:
        return ((self.curvature,),)


class J1(Landscape):
    """x² / (1 + ln x) for x > 1/e: one minimum, at 1/√e, of curvature 8.

    Written with u = 1 + ln x, whose derivative is 1/x. Outside the domain everything is nan.
    """

    def value(self, p: Point) -> Array:
        x, u = self._x_and_u(p)
        return x * x / u

    def gradient(self, p: Point) -> Gradient:
        x, u = self._x_and_u(p)
        return (x * (2 / u - 1 / (u * u)),)

    def hessian(self, p: Point) -> Hessian:
        _, u = self._x_and_u(p)
        return ((2 / u - 3 / (u * u) + 2 / (u * u * u),),)

    def inside(self, p: Point) -> NDArray[np.bool_]:
        (x,) = p
        return np.isfinite(x) & (x > 1 / e)

    def _x_and_u(self, p: Point) -> tuple[Array, Array]:
        (x,) = p
        x = np.where(x > 1 / e, x, np.nan)
        return x, 1 + np.log(x)


class J2(J1):
    """x² sin(πx) / (1 + ln x), which is J1 times a sine: a new minimum every two units."""

    def value(self, p: Point) -> Array:
        (x,) = p
        return super().value(p) * np.sin(pi * x)

    def gradient(self, p: Point) -> Gradient:
        (x,) = p
        (slope,) = super().gradient(p)
        return (slope * np.sin(pi * x) + super().value(p) * pi * np.cos(pi * x),)

    def hessian(self, p: Point) -> Hessian:
        (x,) = p
        value, (slope,), ((bend,),) = super().value(p), super().gradient(p), super().hessian(p)
        sine, cosine = np.sin(pi * x), np.cos(pi * x)
        return ((bend * sine + 2 * pi * slope * cosine - pi * pi * value * sine,),)


class DoubleWell(Landscape):
    """(x² − 1)² / 4: two equal minima, at ±1, with a maximum between them."""

    def value(self, p: Point) -> Array:
        (x,) = p
        well = x * x - 1
        return 0.25 * well * well

    def gradient(self, p: Point) -> Gradient:
        (x,) = p
        return (x * (x * x - 1),)

    def hessian(self, p: Point) -> Hessian:
        (x,) = p
        return ((3 * x * x - 1,),)
