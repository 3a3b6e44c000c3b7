"""Activation regions in exact arithmetic: fractions, one polygon at a time, and no tolerance.

Slow, short, and with nothing in common with the engine but the definition: a region is a set of
points, with an inside, at which the same units have a sum above 0.
"""

from fractions import Fraction
from typing import NamedTuple

Point = tuple[Fraction, Fraction]
Affine = tuple[Fraction, Fraction, Fraction]  # of a x + b y + c


class Region(NamedTuple):
    polygon: list[Point]
    units: list[Affine]  # what the layer puts out, at first x and y
    pattern: tuple[bool, ...]

    @property
    def area(self) -> Fraction:
        pairs = zip(self.polygon, self.polygon[1:] + self.polygon[:1], strict=True)
        return sum((a[0] * b[1] - a[1] * b[0] for a, b in pairs), Fraction(0)) / 2


def exact_regions(weights, biases, polygon, leak=0):
    """Return the regions; ``units`` of each are then the network's outputs."""
    corners = [(Fraction(x), Fraction(y)) for x, y in polygon]
    identity = [tuple(map(Fraction, row)) for row in ((1, 0, 0), (0, 1, 0))]
    regions = [Region(corners, identity, ())]
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        regions = [part for region in regions for part in _layer(region, w, b, Fraction(leak))]
    return [r._replace(units=_sums(r.units, weights[-1], biases[-1])) for r in regions]


def _sums(units, w, b):
    return [
        tuple(
            sum((Fraction(weight) * unit[k] for weight, unit in zip(row, units, strict=True)),
                Fraction(bias) if k == 2 else Fraction(0))
            for k in range(3)
        )
        for row, bias in zip(w, b, strict=True)
    ]  # fmt: skip


def _layer(region, w, b, leak):
    sums = _sums(region.units, w, b)
    parts = [(region.polygon, ())]
    for unit in sums:
        parts = [half for polygon, on in parts for half in _halves(polygon, on, unit)]
    return [
        Region(
            polygon,
            [tuple(v if is_on else leak * v for v in s) for s, is_on in zip(sums, on, strict=True)],
            region.pattern + on,
        )
        for polygon, on in parts
    ]


def _halves(polygon, on, unit):
    values = [unit[0] * x + unit[1] * y + unit[2] for x, y in polygon]
    if min(values) >= 0 or max(values) <= 0:
        return [(polygon, (*on, max(values) > 0))]
    return [(_clip(polygon, values, 1), (*on, True)), (_clip(polygon, values, -1), (*on, False))]


def _clip(polygon, values, side):
    kept = []
    for k, (a, u) in enumerate(zip(polygon, values, strict=True)):
        b, v = polygon[(k + 1) % len(polygon)], values[(k + 1) % len(polygon)]
        if side * u >= 0:
            kept.append(a)
        if u * v < 0:
            share = u / (u - v)
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return kept
