"""The value of the game, V(D, G) = E log D(x) + E log(1 − D(G(z))), and the best D's value.

Of labels as they are: 1 and 0, whatever the discriminator is trained with. Of losses whose D is no
probability there is none.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.config import GanConfig
from dlviz.gan.data import Source
from dlviz.gan.line import bell_of, strata
from dlviz.gan.measures import push
from dlviz.gan.tapes import LEAK
from dlviz.gan.theory import normal

Array = NDArray[Any]

FINE = 600  # cells of the window
BELL = 8.0  # sd of a normal density that are looked at, to either side
SEGMENTS = 1000  # of equal probability, of a bent generator


class Masses(NamedTuple):
    """What data and fakes put at places (N,), rising: masses (N,) each that add up to 1."""

    x: Array
    real: Array
    fake: Array


def masses(generator: Any, run: int, config: GanConfig, samples: Array, source: Source) -> Masses:
    """Return the masses of data and fakes of one run in cells of the line.

    An affine generator of normal noise has a density in closed form; cells are as fine as its bell
    is narrow. A bent one of one noise is taken as straight between 1000 equally likely noises. Of
    two noises the ``samples`` (n,) are counted.
    """
    base = np.linspace(source.low, source.high, FINE + 1)
    if not config.hidden_g and config.noise == "normal":
        mean, sd = (float(part[run, 0]) for part in bell_of(generator))
        own = mean + sd * np.linspace(-BELL, BELL, FINE + 1)
        x, widths = _cells(np.union1d(base, own))
        return Masses(x, source.density(x) * widths, normal(x, mean, sd) * widths)
    if config.noise_dim == 1:
        leak = {"relu": 0.0, "leaky_relu": LEAK}.get(config.units)
        z = strata(config.noise)[..., :: len(strata(config.noise)[0, 0]) // SEGMENTS]
        ends = push([m[run : run + 1] for m in generator.matrices], z, leak)[0, :, 0].astype(float)
        breaks, density = _piecewise(ends)
        x, widths = _cells(np.union1d(base, breaks))
        at = np.searchsorted(breaks, x) - 1
        inside = (at >= 0) & (at < len(density))
        fake = np.where(inside, density[np.clip(at, 0, len(density) - 1)], 0.0) * widths
        return Masses(x, source.density(x) * widths, fake)
    return _counted(base[:: FINE // 200], samples, source)


def _cells(edges: Array) -> tuple[Array, Array]:
    return (edges[1:] + edges[:-1]) / 2, np.diff(edges)


def _piecewise(ends: Array) -> tuple[Array, Array]:
    """Return rising breaks and the density between them: equal masses from end to end."""
    low, high = np.minimum(ends[1:], ends[:-1]), np.maximum(ends[1:], ends[:-1])
    high = np.maximum(high, low + 1e-9 * (1 + np.abs(low)))
    slopes = 1 / ((high - low) * len(low))
    places, changes = np.concatenate([low, high]), np.concatenate([slopes, -slopes])
    order = np.argsort(places)
    return places[order], np.maximum(np.cumsum(changes[order])[:-1], 0.0)


def _counted(edges: Array, samples: Array, source: Source) -> Masses:
    """Return the shares of samples in the cells, and those beyond the window one by one."""
    x, widths = _cells(edges)
    share = np.histogram(samples, edges)[0] / len(samples)
    beyond = samples[(samples < edges[0]) | (samples > edges[-1])].astype(float)
    places = np.concatenate([x, beyond])
    real = source.density(places) * np.concatenate([widths, np.zeros(len(beyond))])
    return Masses(places, real, np.concatenate([share, np.full(len(beyond), 1 / len(samples))]))


def reached(there: Masses, logits: Array) -> float:
    """Return V(D, G) of D = σ(logits) at the places."""
    return float(-there.real @ np.logaddexp(0, -logits) - there.fake @ np.logaddexp(0, logits))


def reachable(there: Masses) -> float:
    """Return V(D*, G) = −log 4 + 2 JS, of D* = p / (p + q): no D has more on the same cells."""
    both = there.real + there.fake
    return sum(
        float((mass[mass > 0] * np.log(mass[mass > 0] / both[mass > 0])).sum())
        for mass in (there.real, there.fake)
    )


def sampled(real: Array, fake: Array) -> Array:
    """Return V(D, G) of R games by the logits (R, 1, n) of real points and of fakes."""
    return np.asarray(-(np.logaddexp(0, -real) + np.logaddexp(0, fake)).mean((1, 2)))
