"""How good made pictures are: told by a classifier that has learned real ones alone."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.classifier import classifier
from dlviz.picture_sets import pictures

Array = NDArray[Any]

SURE, PRESENT = 0.9, 0.02


class Verdict(NamedTuple):
    """Of a set of pictures."""

    sure: float  # the share of which the classifier is more than 0.9 sure
    classes: int  # how many classes have more than 2 % of them
    variety: float  # mean distance from the mean picture, as a share of that of real pictures


UNJUDGED = Verdict(0.0, 0, np.nan)  # where nobody has looked, or there is nothing to see


def judged(name: str, made: Array) -> Verdict:
    """Judge pictures (n, pixels); those that are no numbers are of no class."""
    if not np.isfinite(made).all():
        return Verdict(0.0, 0, np.nan)
    shares = classifier(name).shares(made)
    counts = np.bincount(shares.argmax(1), minlength=shares.shape[1])
    return Verdict(
        sure=float((shares.max(1) > SURE).mean()),
        classes=int((counts > PRESENT * len(made)).sum()),
        variety=spread(made) / _real_spread(name),
    )


@cache
def real_sure(name: str) -> float:
    """Return the share of real test pictures of which the classifier is sure."""
    x = pictures(name).test_x
    return judged(name, x.reshape(len(x), -1)).sure


def spread(x: Array) -> float:
    """Return the mean distance of pictures from their mean."""
    return float(np.sqrt(((x - x.mean(0)) ** 2).sum(1)).mean())


@cache
def _real_spread(name: str) -> float:
    x = pictures(name).x
    return spread(x.reshape(len(x), -1))


def nearest(name: str, made: Array) -> tuple[Array, Array]:
    """Return, for pictures (n, pixels), the nearest training picture each, and how far it is."""
    x = pictures(name).x.reshape(len(pictures(name).x), -1)
    squares = (made**2).sum(1)[:, None] - 2 * made @ x.T + (x**2).sum(1)
    at = squares.argmin(1)
    return x[at], np.sqrt(np.maximum(np.take_along_axis(squares, at[:, None], 1)[:, 0], 0))
