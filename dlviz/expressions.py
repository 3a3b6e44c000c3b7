"""The parts of a formula as a tree: each part knows its jet, its torch source and its LaTeX."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.jets import Jet
from dlviz.landscapes import Point

SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4  # how tightly a part holds together


class Node(ABC):
    """A part of a formula."""

    @property
    def level(self) -> int:
        return ATOM

    @abstractmethod
    def jet(self, p: Point, order: int) -> Jet:
        """Return the value at point ``p`` and its derivatives up to ``order``."""

    @abstractmethod
    def torch(self) -> str: ...

    @abstractmethod
    def latex(self) -> str: ...

    @abstractmethod
    def axes(self) -> set[int]:
        """Return which coordinates occur."""


@dataclass(frozen=True)
class Number(Node):
    """A constant; ``name`` is its LaTeX if it has a name of its own."""

    number: float
    name: str = ""

    def jet(self, p: Point, order: int) -> Jet:
        return Jet(np.float64(self.number), order)

    def torch(self) -> str:
        return _written(self.number)

    def latex(self) -> str:
        mantissa, _, exponent = f"{self.number:.10g}".partition("e")
        power = rf" \cdot 10^{{{int(exponent)}}}" if exponent else ""
        return self.name or mantissa.replace("inf", r"\infty") + power

    def axes(self) -> set[int]:
        return set()


@dataclass(frozen=True)
class Variable(Node):
    """The coordinate x (axis 0) or y (axis 1)."""

    axis: int

    def jet(self, p: Point, order: int) -> Jet:
        return Jet(p[self.axis], order, {self.axis: np.float64(1)} if order else {})

    def torch(self) -> str:
        return "xy"[self.axis]

    def latex(self) -> str:
        return "xy"[self.axis]

    def axes(self) -> set[int]:
        return {self.axis}


@dataclass(frozen=True)
class Negative(Node):
    """−inner."""

    inner: Node

    @property
    def level(self) -> int:
        return PRODUCT

    def jet(self, p: Point, order: int) -> Jet:
        return -self.inner.jet(p, order)

    def torch(self) -> str:
        return "-" + _torch(self.inner, POWER)

    def latex(self) -> str:
        return "-" + _latex(self.inner, POWER)

    def axes(self) -> set[int]:
        return self.inner.axes()


@dataclass(frozen=True)
class Operation(Node):
    """left + right, or with − * / ^ between them."""

    sign: str
    left: Node
    right: Node

    @property
    def level(self) -> int:
        return {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "^": POWER}[self.sign]

    def jet(self, p: Point, order: int) -> Jet:
        left, right = self.left.jet(p, order), self.right.jet(p, order)
        if self.sign == "^" and not self.right.axes():
            return left.to_the(right.value)
        return OPERATIONS[self.sign](left, right)

    def torch(self) -> str:
        sign = {"+": " + ", "-": " - ", "^": "**"}.get(self.sign, self.sign)
        left, right = self._sides(_torch)
        return f"{left}{sign}{right}"

    def latex(self) -> str:
        if self.sign == "/":
            return rf"\frac{{{self.left.latex()}}}{{{self.right.latex()}}}"
        left, right = self._sides(_latex)
        if self.sign == "^":
            return f"{left}^{{{self.right.latex()}}}"
        times = r" \cdot " if right[0].isdigit() else r"\,"
        return f"{left} {self.sign} {right}" if self.level == SUM else f"{left}{times}{right}"

    def _sides(self, write: Callable[[Node, int], str]) -> tuple[str, str]:
        """Write both sides, in parentheses where 'a − (b − c)' or '(a^b)^c' would change."""
        left = ATOM if self.sign == "^" else self.level
        right = POWER if isinstance(self.right, Negative) else self.level + 1  # a − (−b)
        return write(self.left, left), write(self.right, right)

    def axes(self) -> set[int]:
        return self.left.axes() | self.right.axes()


OPERATIONS: dict[str, Callable[[Jet, Jet], Jet]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}


@dataclass(frozen=True)
class Function:
    """A function f of u: its value f(u), then f' and f'' from u and f, and how it is written."""

    value: Callable[[Any], Any]
    first: Callable[[Any, Any], Any]
    second: Callable[[Any, Any], Any]
    torch: str
    latex: str = ""


FUNCTIONS: dict[str, Function] = {
    "sin": Function(np.sin, lambda u, f: np.cos(u), lambda u, f: -f, "sin"),
    "cos": Function(np.cos, lambda u, f: -np.sin(u), lambda u, f: -f, "cos"),
    "tan": Function(np.tan, lambda u, f: 1 + f * f, lambda u, f: 2 * f * (1 + f * f), "tan"),
    "exp": Function(np.exp, lambda u, f: f, lambda u, f: f, "exp"),
    "log": Function(np.log, lambda u, f: 1 / u, lambda u, f: -1 / (u * u), "log", r"\ln"),
    "sqrt": Function(np.sqrt, lambda u, f: 0.5 / f, lambda u, f: -0.25 / (f * u), "sqrt"),
    "abs": Function(np.abs, lambda u, f: np.sign(u), lambda u, f: 0.0 * u, "abs"),
    "tanh": Function(np.tanh, lambda u, f: 1 - f * f, lambda u, f: -2 * f * (1 - f * f), "tanh"),
    "sigmoid": Function(
        lambda u: 1 / (1 + np.exp(-u)),
        lambda u, f: f * (1 - f),
        lambda u, f: f * (1 - f) * (1 - 2 * f),
        "sigmoid",
        r"\operatorname{sigmoid}",
    ),
    "relu": Function(
        lambda u: np.maximum(u, 0),
        lambda u, f: np.where(u > 0, 1.0, 0.0),
        lambda u, f: 0.0 * u,
        "relu",
        r"\operatorname{ReLU}",
    ),
    "atan": Function(
        np.arctan,
        lambda u, f: 1 / (1 + u * u),
        lambda u, f: -2 * u / ((1 + u * u) * (1 + u * u)),
        "atan",
        r"\arctan",
    ),
    "sinh": Function(np.sinh, lambda u, f: np.cosh(u), lambda u, f: f, "sinh"),
    "cosh": Function(np.cosh, lambda u, f: np.sinh(u), lambda u, f: f, "cosh"),
}
FUNCTIONS["ln"] = FUNCTIONS["log"]


@dataclass(frozen=True)
class Call(Node):
    """A function, by its name in ``FUNCTIONS``, of an inner part."""

    name: str
    inner: Node

    def jet(self, p: Point, order: int) -> Jet:
        function, inner = FUNCTIONS[self.name], self.inner.jet(p, order)
        u, f = inner.value, function.value(inner.value)
        return inner.chain(f, lambda: function.first(u, f), lambda: function.second(u, f))

    def torch(self) -> str:
        return f"torch.{FUNCTIONS[self.name].torch}({_torch(self.inner, SUM)})"

    def latex(self) -> str:
        inner = self.inner.latex()
        if self.name == "sqrt":
            return rf"\sqrt{{{inner}}}"
        if self.name == "abs":
            return rf"\left|{inner}\right|"
        return rf"{FUNCTIONS[self.name].latex or chr(92) + self.name}\left({inner}\right)"

    def axes(self) -> set[int]:
        return self.inner.axes()


def torch_source(node: Node) -> str:
    """Return the formula as a Python expression in x, y and ``torch.<function>``."""
    with np.errstate(all="ignore"):
        return _torch(node, SUM)


def _torch(node: Node, level: int) -> str:
    # torch functions take no plain numbers, so whatever is constant is worked out here.
    if not node.axes():
        node = Number(float(node.jet((), 0).value))
        return f"({node.torch()})" if node.number < 0 and level > SUM else node.torch()
    return f"({node.torch()})" if node.level < level else node.torch()


def _latex(node: Node, level: int) -> str:
    return rf"\left({node.latex()}\right)" if node.level < level else node.latex()


def _written(number: float) -> str:
    """Write a number so that Python reads the same one back."""
    if not np.isfinite(number):
        return f"torch.{number}".replace("torch.-", "-torch.")  # torch.inf, -torch.inf, torch.nan
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
