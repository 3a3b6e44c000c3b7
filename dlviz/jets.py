"""Numbers that carry their first and second derivatives: forward-mode differentiation.

A jet is a value with its slopes ∂/∂i and bends ∂²/∂i∂j, each computed by the chain rule along with
the value, so a formula of any size is differentiated exactly without being written out. A slope or
bend that is not there is zero: a constant has none.

Griewank & Walther, "Evaluating Derivatives", SIAM 2008, chapters 3 and 13.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Pair = tuple[int, int]  # i <= j


@dataclass(frozen=True, eq=False)
class Jet:
    """Value, slopes by axis and bends by pair of axes: float64 arrays of one shape, or numbers.

    ``order`` 0, 1 or 2 is the highest derivative that is wanted; no higher one is computed.
    """

    value: Any
    order: int
    slopes: dict[int, Any] = field(default_factory=dict)
    bends: dict[Pair, Any] = field(default_factory=dict)

    def __add__(self, other: "Jet") -> "Jet":
        return Jet(
            self.value + other.value,
            self.order,
            _added(self.slopes, other.slopes),
            _added(self.bends, other.bends),
        )

    def __neg__(self) -> "Jet":
        return Jet(-self.value, self.order, _scaled(self.slopes, -1), _scaled(self.bends, -1))

    def __sub__(self, other: "Jet") -> "Jet":
        return self + -other

    def __mul__(self, other: "Jet") -> "Jet":
        """Apply the product rule: (uv)' = u'v + uv', and (uv)'' = u''v + 2u'v' + uv''."""
        u, v = self.value, other.value
        slopes = _added(_scaled(self.slopes, v), _scaled(other.slopes, u))
        bends = _added(_scaled(self.bends, v), _scaled(other.bends, u))
        if self.order == 2:
            bends = _added(bends, _crossed(self.slopes, other.slopes))
            bends = _added(bends, _crossed(other.slopes, self.slopes))
        return Jet(u * v, self.order, slopes, bends)

    def __truediv__(self, other: "Jet") -> "Jet":
        """u/v as u · (1/v), but with the value of one division."""
        v = other.value
        inverse = other.chain(1 / v, lambda: -1 / (v * v), lambda: 2 / (v * v * v))
        product = self * inverse
        return Jet(self.value / v, self.order, product.slopes, product.bends)

    def __pow__(self, other: "Jet") -> "Jet":
        """Return exp(exponent · ln base), but with the value of one power."""
        value = np.power(self.value, other.value)
        logarithm = other * self.chain(
            np.log(self.value), lambda: 1 / self.value, lambda: -1 / (self.value * self.value)
        )
        return logarithm.chain(value, lambda: value, lambda: value)

    def to_the(self, n: float) -> "Jet":
        """Apply the power rule, which unlike the logarithm allows any base."""
        # Exponents 0 and 1 are apart lest zero meet an infinity: 0 · x⁻¹ at x = 0 is nan.
        if n == 0:
            return Jet(np.ones_like(self.value), self.order)
        if n == 1:
            return self
        u = self.value
        return self.chain(
            power(u, n), lambda: n * power(u, n - 1), lambda: n * (n - 1) * power(u, n - 2)
        )

    def chain(self, value: Any, first: Callable[[], Any], second: Callable[[], Any]) -> "Jet":
        """Return the jet of f(u), given f(u) and how to get f'(u) and f''(u).

        The chain rule: f(u)' = f'(u) u', and f(u)'' = f''(u) u'u' + f'(u) u''.
        """
        if not self.slopes:
            return Jet(value, self.order)
        slope = first()
        bends = _scaled(self.bends, slope)
        if self.order == 2:
            bends = _added(bends, _scaled(_crossed(self.slopes, self.slopes), second()))
        return Jet(value, self.order, _scaled(self.slopes, slope), bends)


def power(u: Any, n: float) -> Any:
    """Return u to the power n; by multiplication where n is small and whole, which is faster."""
    if n not in (1, 2, 3, 4):
        return np.power(u, n)
    result = u
    for _ in range(int(n) - 1):
        result = result * u
    return result


def _added(a: dict[Any, Any], b: dict[Any, Any]) -> dict[Any, Any]:
    return a | {key: a[key] + part if key in a else part for key, part in b.items()}


def _scaled(parts: dict[Any, Any], factor: Any) -> dict[Any, Any]:
    return {key: factor * part for key, part in parts.items()}


def _crossed(a: dict[int, Any], b: dict[int, Any]) -> dict[Pair, Any]:
    return {(i, j): a[i] * b[j] for i in a for j in b if i <= j}
