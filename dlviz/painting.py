"""Points painted by hand, as a text short enough to stand in a link.

A point is five characters: the letter of its class, A to F, then x1 and x2 as two digits of
base64url each. So a coordinate is one of 4096 steps over [-6, 6], 0.003 wide. The empty text
stands for ``STARTER``.
"""

import re
from collections.abc import Sequence
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.checks import check_count, check_range
from dlviz.dataset import SPAN, Dataset

Array = NDArray[np.float64]

MAX_PAINTED = 300  # 1500 characters: links of up to 2000 are safe everywhere
LETTERS = "ABCDEF"  # of the classes
GAP = 0.15  # between points of a stroke: closer ones could not be told apart

_DIGITS = ascii_uppercase + ascii_lowercase + digits + "-_"
_POINTS = re.compile(f"([{LETTERS}][{ascii_letters}{digits}_-]{{4}})*")
_BASE, _TOP = 64, 64 * 64 - 1
_SHOWN = 20  # characters of a text that makes no sense, in the sentence about it


def write_points(x: ArrayLike, y: ArrayLike) -> str:
    """Write points as a text; those outside the window come to lie on its edge.

    Parameters
    ----------
    x : (n, 2), finite, 2 <= n <= 300
    y : (n,), labels 0 to 5

    Raises
    ------
    ValueError
        If shapes, labels or numbers make no sense.
    """
    data = Dataset(np.asarray(x), np.asarray(y), classes=len(LETTERS), names=tuple(LETTERS))
    check_count("points", len(data.x), 2, MAX_PAINTED)
    return _written(data.x, data.y)


def read_points(text: str) -> Dataset:
    """Return the points that a text stands for.

    There are as many classes as the highest letter asks for, two at least.

    Raises
    ------
    ValueError
        If it stands for none.
    """
    if not isinstance(text, str) or not _POINTS.fullmatch(text):
        wanted = "five characters for each point, a letter A to F and four digits of base64url"
        raise ValueError(f"expected {wanted}, got {_shown(text)}")
    codes = np.frombuffer((text or STARTER).encode("ascii"), dtype=np.uint8).reshape(-1, 5)
    check_count("points", len(codes), 2, MAX_PAINTED)
    high, low = _VALUES[codes[:, 1::2]], _VALUES[codes[:, 2::2]]
    y = codes[:, 0] - ord(LETTERS[0])
    classes = max(2, int(y.max()) + 1)
    x = (_BASE * high + low) / _TOP * 2 * SPAN - SPAN
    return Dataset(x, y, classes=classes, names=tuple(LETTERS[:classes]))


def painted(text: str, stroke: Sequence[Sequence[float]], brush: int) -> str:
    """Add points of a class along a stroke.

    Parameters
    ----------
    text : what was there
    stroke : (x1, x2) of each place that the brush passed. Those nearer than ``GAP`` to a point
        that the same stroke has made are passed over, and all beyond ``MAX_PAINTED`` points.
    brush : the number of the class, 0 to 5

    Raises
    ------
    ValueError
        If the text, the stroke or the class makes no sense.
    """
    check_count("brush", brush, 0, len(LETTERS) - 1)
    room = MAX_PAINTED - len(read_points(text).x)
    fresh = _spaced(_places(stroke), room)
    if len(fresh) == 0:
        return text
    return (text or STARTER) + _written(fresh, np.full(len(fresh), brush))


def erased(text: str, stroke: Sequence[Sequence[float]], radius: float = 0.4) -> str:
    """Take away the points within ``radius`` of a stroke.

    Two stay in any case, those farthest from the stroke: there is nothing to learn from less.

    Parameters
    ----------
    text : what was there
    stroke : (x1, x2) of each place passed, with straight lines between
    radius : in [0, 12]

    Raises
    ------
    ValueError
        If the text, the stroke or the radius makes no sense.
    """
    check_range("radius", radius, 0, 2 * SPAN)
    data, places = read_points(text), _places(stroke)
    if len(places) == 0:
        return text
    distances = _distances(data.x, places)
    keep = distances > radius
    if keep.all():
        return text
    if keep.sum() < 2:
        keep[np.argsort(-distances, kind="stable")[:2]] = True
    return _written(data.x[keep], data.y[keep])


def touched(text: str, stroke: Sequence[Sequence[float]], brush: int) -> str:
    """Add points of a class along a stroke or, with brush −1, take points away."""
    return erased(text, stroke) if brush < 0 else painted(text, stroke, brush)


def _written(x: ArrayLike, y: ArrayLike) -> str:
    steps = np.rint((np.clip(x, -SPAN, SPAN) + SPAN) / (2 * SPAN) * _TOP).astype(np.intp)
    return "".join(
        LETTERS[label] + "".join(_DIGITS[v // _BASE] + _DIGITS[v % _BASE] for v in point)
        for label, point in zip(np.asarray(y).tolist(), steps.tolist(), strict=True)
    )


def _places(stroke: Sequence[Sequence[float]]) -> Array:
    """Return the places (k, 2) of a stroke, moved into the window, or raise ValueError."""
    try:
        places = np.array(stroke, dtype=np.float64).reshape(-1, 2)
        fits = len(places) == len(stroke) and bool(np.isfinite(places).all())
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        raise ValueError("expected a stroke of pairs of finite numbers, got something else")
    return np.clip(places, -SPAN, SPAN)


def _spaced(places: Array, room: int) -> Array:
    """Return the first places, as many as there is room, that are ``GAP`` or more apart."""
    kept = np.empty((min(room, len(places)), 2))
    count = 0
    for place in places:
        if count < len(kept) and (np.hypot(*(kept[:count] - place).T) >= GAP).all():
            kept[count] = place
            count += 1
    return kept[:count]


def _distances(x: Array, places: Array) -> Array:
    """Return how far points (n, 2) are from the line through places (k, 2), (n,)."""
    starts, ends = (places[:-1], places[1:]) if len(places) > 1 else (places, places)
    along = ends - starts
    squares = np.maximum((along * along).sum(-1), np.finfo(np.float64).tiny)
    offsets = x[:, None] - starts
    share = np.clip((offsets * along).sum(-1) / squares, 0, 1)
    nearest = offsets - share[..., None] * along
    return np.asarray(np.hypot(nearest[..., 0], nearest[..., 1]).min(1))


def _shown(text: object) -> str:
    quoted = repr(text)
    return quoted if len(quoted) <= _SHOWN else f"{quoted[:_SHOWN]}…"


def _values() -> NDArray[np.intp]:
    """Return the value of each character, by its code."""
    values = np.zeros(128, dtype=np.intp)
    values[[ord(digit) for digit in _DIGITS]] = range(_BASE)
    return values


_VALUES = _values()
_GROUPS = [(x1, x2) for x1 in (-3.0, 3.0) for x2 in (-3.0, 3.0)]
_OFFSETS = [(0.0, 0.9), (-0.8, -0.5), (0.8, -0.5)]
# XOR: a group of three in each quadrant, of the same class as the one opposite. No line will do.
STARTER = _written(
    [(x1 + dx, x2 + dy) for x1, x2 in _GROUPS for dx, dy in _OFFSETS],
    [int(x1 * x2 > 0) for x1, x2 in _GROUPS for _ in _OFFSETS],
)
