"""What can be said about a folded plane in numbers, for words, predictions and challenges."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.origami.config import OrigamiConfig, architecture_of
from dlviz.origami.constructions import layers_of
from dlviz.origami.pixels import missed_by_grid
from dlviz.origami.traces import OrigamiTrace, regions_of
from dlviz.regions import Regions, bounds

Facts = dict[str, Any]  # int, float, str, bool or None

GRID = 512
WHOLE = 10_000.0  # the span of a window that stands for the whole plane


def facts(trace: OrigamiTrace) -> Facts:
    """State a folded plane in numbers; None where a number makes no sense.

    - ``regions``, in the window; ``by_layer``: after each hidden layer, "1, 11, 44"; ``outcome``
    - ``pieces``: linear pieces, which neighbors with the same slope share; ``maps``: different
      affine maps, which pieces far apart may share
    - ``closed``: regions that do not touch the rim of the window
    - ``smallest``, ``largest``: areas, as shares of the window
    - ``steepest``: the length of the output's longest gradient
    - ``hidden_layers``, ``units``, ``parameters``; ``widths``: units of each hidden layer, "4 - 4"
    - ``shallow``, ``pascanu``, ``montufar``, ``montufar_upper``, ``serra``, ``typical``: see
      ``bounds``; ``serra`` is None if units leak
    - ``shallow_units``: how many units one layer needs to have as many regions
      No fold is known for layers of one unit: ``pascanu`` and ``montufar`` are None there
    - ``ceiling``: ``serra`` where nobody knows the maximum, with two hidden layers or more
    - ``missed``: regions that a grid of 512 x 512 pixels does not see, ``missed_share`` of all;
      ``missed_area``: their share of the window, None if there are none
    - ``boundary_segments``: the straight parts of the line on which the output is 0
    - ``dropped_area``: see ``Regions``

    Sigmoids make no regions: of them all counts are None.
    """
    regions, config = trace.regions, trace.config
    counted = {
        **_counts(trace),
        **_grid_facts(regions),
        "shallow_units": shallow_units(len(regions)),
        "boundary_segments": len(regions.boundary()),
        "dropped_area": regions.dropped_area,
    }
    if trace.outcome == "smooth":
        counted = dict.fromkeys(counted)
    return {
        "outcome": trace.outcome,
        **counted,
        **_shape_facts(config),
        **_bound_facts(config),
    }


def _counts(trace: OrigamiTrace) -> Facts:
    regions = trace.regions
    rim = regions.edges.faces[(regions.edges.faces < 0).any(1)].max(1)
    maps = np.concatenate([regions.slopes[:, 0], regions.intercepts], axis=1)
    areas = regions.areas / regions.areas.sum()
    return {
        "regions": len(regions),
        "by_layer": ", ".join(map(str, trace.counts.tolist())),
        "pieces": int(regions.pieces.max()) + 1,
        "maps": len(np.unique(np.round(maps / max(np.abs(maps).max(), 1e-300), 9), axis=0)),
        "closed": len(regions) - len(set(rim.tolist())),
        "smallest": float(areas.min()),
        "largest": float(areas.max()),
        "steepest": float(np.linalg.norm(regions.slopes[:, 0], axis=1).max()),
    }


def _shape_facts(config: OrigamiConfig) -> Facts:
    return {
        "hidden_layers": len(config.hidden),
        "units": sum(config.hidden),
        "widths": " - ".join(map(str, config.hidden)) or None,
        "parameters": architecture_of(config).count,
    }


def _bound_facts(config: OrigamiConfig) -> Facts:
    known: Facts = dict(bounds(config.hidden))
    del known["patterns"]
    if config.leak:
        known["serra"] = None
    if min(config.hidden, default=2) < 2:
        known["montufar"] = known["pascanu"] = None
    return {**known, "ceiling": known["serra"] if len(config.hidden) > 1 else None}


def _grid_facts(regions: Regions) -> Facts:
    missed = missed_by_grid(regions, GRID)
    return {
        "missed": int(missed.sum()),
        "missed_share": float(missed.mean()),
        "missed_area": float(regions.areas[missed].sum() / regions.areas.sum())
        if missed.any()
        else None,
    }


def shallow_units(count: int) -> int:
    """Return the least n with 1 + n + C(n, 2) >= count: lines that make as many regions."""
    n = max(int((2 * count) ** 0.5) - 2, 0)
    while 1 + n + n * (n - 1) // 2 < count:
        n += 1
    return n


def random_counts(
    config: OrigamiConfig, hiddens: Sequence[tuple[int, ...]], seeds: int = 20
) -> NDArray[np.intp]:
    """Count the regions of random networks on the whole plane, or all of it that matters.

    Parameters
    ----------
    config : gives the scales and the leak; the seeds are those from its own on
    hiddens : the units of each hidden layer, of each shape to count

    Returns
    -------
    int (shapes, seeds)
    """
    plain = replace(config, network="random", parameters=(), span=WHOLE)
    rows = [
        [_count(replace(plain, hidden=hidden, seed=config.seed + i)) for i in range(seeds)]
        for hidden in hiddens
    ]
    return frozen(rows, np.intp)


def _count(config: OrigamiConfig) -> int:
    return len(regions_of(config, layers_of(config)))
