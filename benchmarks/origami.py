"""Time exact regions, and beside them loops over polygons in plain Python.

Run ``python -m benchmarks.origami``. It prints a table and fails if a promise is not kept. All is
processor time on one thread, the least of several turns. Two loops stand for the peers:

- *straightforward*: for each unit and each polygon, send every corner through the network, and
  clip. That is the definition, written down.
- *tuned*: the same with what the engine knows: a polygon carries its affine map, is looked at by no
  unit that misses its parent, and everything inside is plain floats.
"""

import os

# Before numpy is imported, for it reads them then.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.timing import least, seconds
from dlviz.boundary.compute import BoundaryConfig, train
from dlviz.networks import Architecture
from dlviz.origami.config import OrigamiConfig
from dlviz.origami.constructions import layers_of
from dlviz.origami.facts import facts
from dlviz.origami.pixels import labels_on
from dlviz.origami.traces import unfold
from dlviz.origami.training import regions_over
from dlviz.regions import SQUARE, linear_regions

Array = NDArray[np.float64]
Network = tuple[Sequence[Array], Sequence[Array]]

ROUNDS = 5  # all take turns, so that whatever else the machine does slows all alike


def straightforward(weights: Sequence[Array], biases: Sequence[Array]) -> list[Array]:
    """Return the polygons of all regions in the square."""

    def sum_at(corner: Array, layer: int, unit: int) -> float:
        for w, b in zip(weights[:layer], biases[:layer], strict=True):
            corner = np.maximum(w @ corner + b, 0)
        return float(weights[layer][unit] @ corner + biases[layer][unit])

    polygons = [list(np.array(SQUARE))]
    for layer in range(len(weights) - 1):
        for unit in range(len(weights[layer])):
            cut = []
            for polygon in polygons:
                sums = [sum_at(corner, layer, unit) for corner in polygon]
                if min(sums) < -1e-12 and max(sums) > 1e-12:
                    cut += [clip(polygon, sums, 1), clip(polygon, sums, -1)]
                else:
                    cut.append(polygon)
            polygons = cut
    return [np.array(polygon) for polygon in polygons]


def clip(polygon: list[Array], sums: list[float], side: int) -> list[Array]:
    """Return the part of a polygon where the sums have a sign."""
    kept = []
    for i in range(len(polygon)):
        k = (i + 1) % len(polygon)
        if side * sums[i] >= 0:
            kept.append(polygon[i])
        if sums[i] * sums[k] < 0:
            kept.append(polygon[i] + sums[i] / (sums[i] - sums[k]) * (polygon[k] - polygon[i]))
    return kept


Plain = list[tuple[float, float]]


def tuned(weights: Sequence[Array], biases: Sequence[Array]) -> list[Plain]:
    """Return the polygons of all regions in the square, lists of pairs of floats."""
    cells: list[tuple[Plain, Array]] = [(list(SQUARE), np.eye(2, 3))]
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        cut = []
        for polygon, inputs in cells:
            sums = w @ inputs
            sums[:, 2] += b
            parts: list[tuple[Plain, list[bool]]] = [(polygon, [])]
            for row in sums.tolist():
                parts = [half for part in parts for half in halves(*part, *row)]
            cut += [(part, sums * np.array(on)[:, None]) for part, on in parts]
        cells = cut
    return [polygon for polygon, _ in cells]


def halves(
    polygon: Plain, on: list[bool], a: float, b: float, c: float
) -> list[tuple[Plain, list[bool]]]:
    sums = [a * x + b * y + c for x, y in polygon]
    if min(sums) >= -1e-12 or max(sums) <= 1e-12:
        return [(polygon, [*on, max(sums) > 1e-12])]
    above: Plain = []
    below: Plain = []
    (x, y), s = polygon[-1], sums[-1]
    for corner, t in zip(polygon, sums, strict=True):
        if s * t < 0:
            share = s / (s - t)
            crossing = (x + share * (corner[0] - x), y + share * (corner[1] - y))
            above.append(crossing)
            below.append(crossing)
        if t >= 0:
            above.append(corner)
        if t <= 0:
            below.append(corner)
        (x, y), s = corner, t
    return [(above, [*on, True]), (below, [*on, False])]


def engine(weights: Sequence[Array], biases: Sequence[Array]) -> int:
    """Do what is asked of the engine: polygons, patterns, maps and areas."""
    regions = linear_regions(weights, biases)
    return len(regions.areas) + len(regions.slopes) + len(regions.patterns)


def network(widths: tuple[int, ...], seed: int = 0) -> Network:
    return layers_of(OrigamiConfig(hidden=widths, seed=seed))


def compare(
    widths: tuple[int, ...], peer: Callable[..., object], rounds: int
) -> tuple[float, float]:
    """Return the engine's time, and how many times as long a peer takes, in turns."""
    net = network(widths)
    turns = [(least(lambda: engine(*net), 10), seconds(lambda: peer(*net))) for _ in range(rounds)]
    ours, theirs = (min(times) for times in zip(*turns, strict=True))
    return ours, theirs / ours


def training() -> tuple[Architecture, Array]:
    """Return 60 entries of a run of 2-8-8-1 that learns a circle."""
    run = train(BoundaryConfig(hidden=(8, 8), activation="relu", init="he", epochs=59))
    return run.architecture, run.parameters


def agree(widths: tuple[int, ...]) -> bool:
    """Tell whether all three find the same number of polygons, with the same areas."""
    net = network(widths)
    ours = np.sort(linear_regions(*net).areas)
    return all(
        np.allclose(ours, np.sort([area(polygon) for polygon in peer(*net)]), rtol=0, atol=1e-12)
        for peer in (straightforward, tuned)
    )


def area(polygon: Sequence[tuple[float, float]] | Array) -> float:
    x, y = np.transpose(polygon)
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def main() -> None:
    kept = agree((8, 8)) and agree((12, 12))
    kept &= scaling()  # first: large arrays, once freed, let the allocator keep what it has
    print(f"{'regions of the square':36s} {'dlviz':>9s} {'ratio':>6s}")
    for widths, peer, rounds, promise in [
        ((16,) * 3, straightforward, ROUNDS, 150.0),
        ((16,) * 3, tuned, ROUNDS, 10.0),
        ((64,) * 3, straightforward, 1, 80.0),
        ((64,) * 3, tuned, ROUNDS, 12.0),
    ]:
        ours, ratio = compare(widths, peer, rounds)
        kept &= ratio >= promise
        name = f"{widths}, {peer.__name__} loop"
        print(f"{name:36s} {1e3 * ours:6.1f} ms {ratio:6.0f}  >= {promise:g}")
    kept &= pictures()
    raise SystemExit(0 if kept else "a promise is not kept")


def scaling() -> bool:
    """Print what a region costs for each unit, in larger networks and in larger windows.

    Return whether one network's is flat within a factor of 3 from 400 regions on. If there are
    fewer, most is what a layer costs however little it cuts.
    """
    for units in (8, 16, 32, 64):
        cost((units,) * 3, 1.0)
    costs = [cost((64,) * 3, span) for span in (0.05, 0.1, 0.2, 0.4, 1.0, 4.0)]
    each = [ns for count, ns in costs if count >= 400]
    print(f"from 400 regions on, that is flat within a factor of {max(each) / min(each):.2f}, <= 3")
    return max(each) <= 3 * min(each)


def cost(widths: tuple[int, ...], span: float) -> tuple[int, float]:
    """Print and return how many regions a window has, and the ns for each region and unit."""
    cut = partial(linear_regions, *network(widths), span * np.array(SQUARE))
    count, took = len(cut()), least(cut, 10)
    each = 1e9 * took / count / sum(widths)
    print(f"{widths} in ±{span:g}: {count} regions, {1e3 * took:.2f} ms, "
          f"{1e6 * took / count:.1f} µs each, {each:.0f} ns for each unit")  # fmt: skip
    return count, each


def pictures() -> bool:
    """Print how long the lab's pictures take; tell whether all are in time."""
    config = OrigamiConfig()
    shape, parameters = training()
    thousand = unfold(OrigamiConfig(hidden=(20,) * 3, seed=1)).regions
    tasks: list[tuple[str, Callable[[], object], int]] = [
        ("2-8-8-1: regions, maps, paper", lambda: unfold(config).regions.slopes, 10),
        ("2-8-8-1: all its numbers", lambda: facts(unfold(config)), 50),
        ("2-8-8-1: 60 entries of a training run", lambda: regions_over(shape, parameters), 1000),
        (f"{len(thousand)} regions painted, 512 x 512", lambda: labels_on(thousand), 50),
    ]
    rows = [(what, least(task, 9), most) for what, task, most in tasks]
    for what, took, most in rows:
        print(f"{what:40s} {1e3 * took:6.1f} ms  < {most} ms")
    return all(1e3 * took < most for _, took, most in rows)


if __name__ == "__main__":
    main()
