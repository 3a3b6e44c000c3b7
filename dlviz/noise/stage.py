"""The picture of mini-batches: weights over the loss, the deck, the loss, the estimates."""

from collections.abc import Sequence
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from dlviz.contours import color_codes
from dlviz.grids import grid
from dlviz.layers import Curve, Field, Layer, Path, Points, Segments
from dlviz.noise.config import NoiseConfig
from dlviz.noise.facts import facts
from dlviz.noise.problem import Problem, problem_of
from dlviz.noise.runs import NoiseTrace, estimates
from dlviz.noise.theory import floor, scatter, stationary_covariance
from dlviz.optimizers import Array
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.surface import Window
from dlviz.words import number

MOST_FRAMES = 400
MOST_COMPARED = 1200  # samples or updates: of more the other batch sizes would hide this one
DRAWN = 2000  # estimates in the histogram
BINS = 41
CARDS = 12  # in a row of the deck
WAITING, DEALT_NOW, DEALT = 0, 1, 2
ENDINGS = {"settles": "it settles", "hovers": "it hovers above the minimum",
           "underway": "still on its way", "diverged": "it runs away"}  # fmt: skip


def noise_scene(
    traces: Sequence[NoiseTrace], ghost: NoiseTrace | None = None, name: str = "pinned"
) -> Scene:
    """Return the runs that differ in the batch size alone, which is the knob.

    A ``ghost`` is another run that stands in the picture, gray: ``name`` says what it is.
    """
    config, problem = traces[0].config, problem_of(traces[0].config)
    counts = _counts(traces)
    at = np.stack([_updates_at(trace, counts) for trace in traces])  # (K, F)
    sizes = tuple(float(trace.config.size) for trace in traces)
    points = np.stack([trace.points[i] for trace, i in zip(traces, at, strict=True)])
    losses = np.stack([trace.losses[i] for trace, i in zip(traces, at, strict=True)])
    excess = losses - problem.loss(problem.minimum)
    return Scene(
        panels=(
            _weights(problem, traces, points, ghost, name),
            _losses(traces, counts, excess, ghost),
            _deck(traces, at),
            _estimates(traces),
        ),
        frames=len(counts),
        fps=float(np.clip(len(counts) / 8, 6, 60)),
        captions=tuple(map(_caption, traces)),
        endings=tuple(ENDINGS[facts(trace)["outcome"]] for trace in traces),
        knob=Knob("batch_size", "batch size B", sizes, 0),
        layout="split",
        readouts={"excess": excess, "updates": at.astype(float)},
        unit="sample" if config.clock == "epochs" else "update",
        numbers=tuple(counts.tolist()),
    )  # fmt: skip


def _counts(traces: Sequence[NoiseTrace]) -> NDArray[np.int64]:
    """Return the samples, or the updates, at which there is a frame."""
    config = traces[0].config
    last = config.epochs * config.samples if config.clock == "epochs" else config.updates
    return np.unique(np.linspace(0, last, min(last, MOST_FRAMES) + 1).round().astype(np.int64))


def _updates_at(trace: NoiseTrace, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    if trace.config.clock == "updates":
        return counts
    return np.asarray(np.searchsorted(trace.seen, counts, side="right") - 1)


def _caption(trace: NoiseTrace) -> str:
    known = facts(trace)
    clock = "{frame} samples seen" if trace.config.clock == "epochs" else "{frame} steps"
    updates = ", {updates} updates" if trace.config.clock == "epochs" else ""
    return (f"{clock}{updates} · B = {known['batch_size']} · loss above its minimum {{excess}} · "
            f"one estimate: ± {number(known['sigma_batch'])}")  # fmt: skip


# ------------------------------------------------------------ panels


def _window(problem: Problem, config: NoiseConfig) -> Window:
    reach = 1.25 * max(0.5, float(np.abs(np.array(config.start) - problem.minimum).max()))
    (x, y) = problem.minimum.tolist()
    return (x - reach, x + reach), (y - reach, y + reach)


def _weights(
    problem: Problem,
    traces: Sequence[NoiseTrace],
    points: Array,
    ghost: NoiseTrace | None,
    name: str,
) -> Panel:
    config = traces[0].config
    window = _window(problem, config)
    codes, levels = color_codes(problem.loss(grid(window, 96).points))
    layers: list[Layer] = [
        Field(image=codes, levels=levels, x=window[0], y=window[1], colors="terrain", bands=14),
        Points(xy=problem.minimum[None], marker="star", size=8, labels=("minimum",)),
        *_gray_path(problem, ghost),
        Path(xy=points, over="k", width=1.8, dots=False),
        Path(xy=np.stack([_ellipse(problem, trace.config) for trace in traces]), over="k",
             color="good", whole=True, ball=False, dots=False, width=3),
    ]  # fmt: skip
    return Panel(
        "weights", Axis("w₁", *window[0]), Axis("w₂", *window[1]), tuple(layers), pick=True,
        title=f"gray: {name}, B = {ghost.config.size}, η = {number(ghost.config.lr)}"
        if ghost else "",
        alt="Path of the two weights over the contours of the loss; a ring around the minimum "
        "where theory expects it to end up.",
    )  # fmt: skip


def _gray_path(problem: Problem, ghost: NoiseTrace | None) -> list[Layer]:
    """Return the way of another run, if it is on the same data."""
    if ghost is None or problem_of(ghost.config) is not problem:
        return []
    return [Path(xy=ghost.points, color="muted", whole=True, dots=False, width=1.5)]


def _ellipse(problem: Problem, config: NoiseConfig) -> Array:
    """Return the ring (73, 2) within which theory expects 86 % of late points: two deviations."""
    covariance = stationary_covariance(config) if config.schedule == "constant" else None
    if covariance is None or config.size == config.samples:
        return np.full((73, 2), np.nan)
    values, axes = np.linalg.eigh(covariance)
    angle = np.linspace(0, 2 * np.pi, 73)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return np.asarray(problem.minimum + 2 * (circle * np.sqrt(np.maximum(values, 0))) @ axes.T)


def _losses(
    traces: Sequence[NoiseTrace],
    counts: NDArray[np.int64],
    excess: Array,
    ghost: NoiseTrace | None,
) -> Panel:
    low = 1e-5 * max(1e-6, float(excess[0, 0]))  # what falls below leaves the picture
    floors = [floor(t.config) if t.config.schedule == "constant" else None for t in traces]
    lines = np.array([[[[0.0, f], [float(counts[-1]), f]]] if f else np.full((1, 2, 2), np.nan)
                      for f in floors])  # fmt: skip
    name = "samples seen" if traces[0].config.clock == "epochs" else "update"
    return Panel(
        "loss", Axis(name, 0, float(counts[-1])),
        Axis("loss − minimum", low, 3e5 * low, log=True),
        (*_gray_curve(traces[0].config, ghost),
         Curve(x=counts, y=excess, over="k", cursor="step", width=1.8,
               all_faint=ghost is None and bool(counts[-1] <= MOST_COMPARED)),
         Segments(xy=lines, over="k", dashed=True, color="good", width=2.5,
                  labels=("expected floor",))),
        alt="Loss above its minimum, with the floor that theory expects.",
    )  # fmt: skip


def _gray_curve(config: NoiseConfig, ghost: NoiseTrace | None) -> list[Layer]:
    """Return the loss of another run, if it is counted by the same clock."""
    if ghost is None or ghost.config.clock != config.clock:
        return []
    problem = problem_of(ghost.config)
    x = ghost.seen if config.clock == "epochs" else np.arange(len(ghost.points))
    above = ghost.losses - problem.loss(problem.minimum)
    return [Curve(x=x, y=above, color="muted", width=1.5)]


def _deck(traces: Sequence[NoiseTrace], at: NDArray[np.int64]) -> Panel:
    """Return the deck as cards in rows: waiting, in the latest batch, dealt in this epoch."""
    count = traces[0].config.samples
    place = np.arange(count)
    rows = -(-count // CARDS)
    xy = np.stack([place % CARDS + 0.5, rows - place // CARDS - 0.5], axis=-1)
    classes = np.stack([_cards(trace)[i] for trace, i in zip(traces, at, strict=True)])
    return Panel(
        "deck", Axis("", 0, CARDS), Axis("", 0, rows),
        (Points(xy=xy, classes=classes, over="kt", size=5.5 if rows < 9 else 4),),
        title="● in the deck ■ this batch ▲ dealt", framed=False,
        alt="The deck of samples: which are waiting, in this batch, and dealt in this epoch.",
    )  # fmt: skip


def _cards(trace: NoiseTrace) -> NDArray[np.uint8]:
    """Return the state of each card (T+1, N) after each update; an epoch begins a full deck."""
    count = trace.config.samples
    states = np.zeros((len(trace.batches) + 1, count), np.uint8)
    for t, (batch, fresh) in enumerate(zip(trace.batches, trace.opened, strict=True), start=1):
        before = np.zeros(count, np.uint8) if fresh else states[t - 1]
        states[t] = np.where(before > WAITING, DEALT, WAITING)
        states[t, batch] = DEALT_NOW
    return states


def _estimates(traces: Sequence[NoiseTrace]) -> Panel:
    """Return estimates of the slope along w₁ at the start, and the bell that σ/√B makes of it."""
    config, problem = traces[0].config, problem_of(traces[0].config)
    start = np.array(config.start)
    single = problem.gradients(start)[:, 0]
    middle, reach = float(single.mean()), 3.2 * max(1e-3, float(single.std()))
    edges = np.linspace(middle - reach, middle + reach, BINS + 1)
    seen, bell, plain = [], [], []
    for trace in traces:
        drawn = estimates(trace.config, start, DRAWN)[:, 0]
        seen.append(np.histogram(np.clip(drawn, edges[0], edges[-1]), edges)[0] / DRAWN)
        spread = scatter(single[:, None], trace.config.size, replacement=config.replacement)[0]
        bell.append(_bell((edges - middle) / max(spread, 1e-9)))
        anew = scatter(single[:, None], trace.config.size, replacement=True)[0]
        plain.append(_bell((edges - middle) / max(anew, 1e-9)))
    between = (edges[1:] + edges[:-1]) / 2
    x, stairs = np.repeat(edges, 2)[1:-1], np.repeat(seen, 2, axis=1)
    return Panel(
        "estimates", Axis("slope along w₁", float(edges[0]), float(edges[-1])),
        Axis("share", 0, 0.5),
        (Curve(x=between, y=np.array(plain), over="k", color="muted", width=1.5),
         Curve(x=x, y=stairs, over="k", color="second", width=2),
         Curve(x=between, y=np.array(bell), over="k", color="path", dashed=True, width=2)),
        title=f"{DRAWN} batches; gray: σ/√B" if not config.replacement
        else f"{DRAWN} batches, and σ/√B",
        alt="Histogram of gradient estimates beside the normal curve that theory expects of a deck "
        "(dashed), and of batches drawn anew (gray).",
    )  # fmt: skip


def _bell(z: Array) -> Array:
    """Return the share of a normal law between neighbors of z (n,)."""
    below = [0.5 * (1 + erf(each / sqrt(2))) for each in z.tolist()]
    return np.asarray(np.diff(below))
