"""The grammar of formulas: from text to a tree of expressions.

Precedence is the usual one; a product's sign may be left out before a name or a
parenthesis ("2x", "3(x+1)", "x sin(y)"), and binds like one that is written: 1/2x is (1/2)·x.

    sum     = product (("+" | "-") product)*
    product = signed (("*" | "/")? signed)*
    signed  = ("-" | "+") signed | power
    power   = atom ("^" signed)?                      so −x² is −(x²) and x^y^z is x^(y^z)
    atom    = number | "x" | "y" | "pi" | "e" | function "(" sum ")" | "(" sum ")"
"""

import re
from dataclasses import dataclass
from math import e, pi

from dlviz.expressions import FUNCTIONS, Call, Negative, Node, Number, Operation, Variable

LONGEST = 200  # characters
DEEPEST = 30  # parentheses, signs and exponents inside one another

NAMES: dict[str, Node] = {
    "x": Variable(0),
    "y": Variable(1),
    "pi": Number(pi, r"\pi"),
    "π": Number(pi, r"\pi"),
    "e": Number(e, "e"),
}
SIGNS = {"−": "-", "–": "-", "·": "*", "×": "*", "∗": "*", "÷": "/", "**": "^"}
RAISED = {"²": "2", "³": "3"}

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z]+|π)"
    r"|(?P<raised>[²³])"
    r"|(?P<sign>\*\*|[-+*/^()−–·×∗÷])"
)


@dataclass(frozen=True)
class Token:
    """A word of the text: its kind ("number", "name", "sign", "end"), itself, its character."""

    kind: str
    text: str
    place: int  # the first character is 1


def read(text: str) -> Node:
    """Return the tree of a formula; ValueError with one sentence that names the place if none."""
    if len(text) > LONGEST:
        raise ValueError(f"expected at most {LONGEST} characters, got {len(text)}")
    if not text.strip():
        raise ValueError("expected a formula in x and y, got nothing")
    return _Parser(_tokens(text)).formula()


def _tokens(text: str) -> list[Token]:
    tokens, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ValueError(_complaint("a number, x, y or a function", place + 1, text[place]))
        tokens += _meant(str(match.lastgroup), match.group(), place + 1)
        place = match.end()
    return [*tokens, Token("end", "", place + 1)]


def _meant(kind: str, text: str, place: int) -> list[Token]:
    """Return the tokens that a match stands for: none for a space, two for ² or xy."""
    if kind == "space":
        return []
    if kind == "raised":
        return [Token("sign", "^", place), Token("number", RAISED[text], place)]
    if kind == "sign":
        return [Token("sign", SIGNS.get(text, text), place)]
    if kind == "name" and set(text) == {"x", "y"}:
        return [Token("name", letter, place + i) for i, letter in enumerate(text)]
    return [Token(kind, text, place)]


def _complaint(wanted: str, place: int, got: str) -> str:
    found = repr(got if len(got) <= 20 else got[:20] + "…") if got else "the end"
    return f"expected {wanted} at character {place}, got {found}"


class _Parser:
    """Recursive descent: one method for each line of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.depth = 0

    def formula(self) -> Node:
        tree = self._sum()
        if self._next.kind != "end":
            raise self._error("an operator or the end")
        return tree

    def _sum(self) -> Node:
        node = self._product()
        while self._next.text in ("+", "-"):
            node = Operation(self._take().text, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while True:
            if self._next.text in ("*", "/"):
                node = Operation(self._take().text, node, self._signed())
            elif self._next.kind == "name" or self._next.text == "(":
                node = Operation("*", node, self._signed())
            else:
                return node

    def _signed(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"expected at most {DEEPEST} levels, got more{self._where()}")
        if self._next.text in ("-", "+"):
            sign = self._take().text
            node = Negative(self._signed()) if sign == "-" else self._signed()
        else:
            node = self._power()
        self.depth -= 1
        return node

    def _power(self) -> Node:
        base = self._atom()
        if self._next.text != "^":
            return base
        self._take()
        return Operation("^", base, self._signed())

    def _atom(self) -> Node:
        token = self._next
        if token.kind == "number":
            return Number(float(self._take().text))
        if token.kind == "name" and token.text in NAMES:
            return NAMES[self._take().text]
        if token.kind == "name" and token.text in FUNCTIONS:
            return Call(self._take().text, self._group(f"( after {token.text}"))
        if token.text == "(":
            return self._group("(")
        raise self._error("a number, x, y or a function")

    def _group(self, opening: str) -> Node:
        if self._next.text != "(":
            raise self._error(opening)
        self._take()
        node = self._sum()
        if self._next.text != ")":
            raise self._error("an operator or )")
        self._take()
        return node

    @property
    def _next(self) -> Token:
        return self.tokens[0]

    def _take(self) -> Token:
        return self.tokens.pop(0)

    def _error(self, wanted: str) -> ValueError:
        return ValueError(_complaint(wanted, self._next.place, self._next.text))

    def _where(self) -> str:
        return f" at character {self._next.place}"
