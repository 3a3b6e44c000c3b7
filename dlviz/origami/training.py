"""The regions of a network while it learns."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.activations import LEAK
from dlviz.checks import check_choice
from dlviz.frozen import frozen
from dlviz.networks import Architecture
from dlviz.regions import SQUARE, Plane, Regions, linear_regions

LEAKS = {"relu": 0.0, "leaky_relu": LEAK, "linear": 1.0}  # activations that are two straight lines


@dataclass(frozen=True, eq=False)
class RegionCourse:
    """The regions at each entry of a training run.

    Parameters
    ----------
    regions : F of them; None where parameters are not finite, as of runs that diverge
    counts : int (F,), how many; 0 where there are none
    """

    regions: tuple[Regions | None, ...]
    counts: NDArray[np.intp]


def regions_over(
    architecture: Architecture,
    parameters: ArrayLike,
    polygon: ArrayLike = SQUARE,
    plane: Plane | None = None,
) -> RegionCourse:
    """Return the regions of networks of one shape, such as a run's after each epoch.

    An output activation is passed over, as it folds nothing: of a tanh or a sigmoid, the boundary
    is where what goes into it is 0.

    Parameters
    ----------
    architecture : its hidden activations must be keys of ``LEAKS``
    parameters : float (F, P)
    polygon, plane : as ``linear_regions`` takes them
    """
    leaks = leaks_of(architecture.hidden)
    rows = np.asarray(parameters, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != architecture.count:
        raise ValueError(f"expected parameters (F, {architecture.count}), got {rows.shape}")
    regions = tuple(
        linear_regions(*architecture.layers(row), polygon, leaks, plane)
        if np.isfinite(row).all()
        else None
        for row in rows
    )
    return RegionCourse(regions, frozen([len(r) if r else 0 for r in regions], np.intp))


def leaks_of(activations: Iterable[str]) -> tuple[float, ...]:
    """Return the slope below 0 of each activation, one of ``LEAKS``."""
    for name in (names := tuple(activations)):
        check_choice("activation", name, LEAKS)
    return tuple(LEAKS[name] for name in names)
