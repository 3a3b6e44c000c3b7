"""Maps as they come about: the runs of t-SNE, step by step, and all perplexities of the knob."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dlviz.affinities import (
    check_perplexity,
    conditional,
    joint,
    row_perplexities,
    squared_distances,
)
from dlviz.embedding.cloud import Cloud
from dlviz.embedding.clouds import cloud_of
from dlviz.embedding.config import EmbeddingConfig
from dlviz.embedding.methods import method_map, principal_scores
from dlviz.frozen import frozen
from dlviz.threads import one_thread
from dlviz.tsne import TSNE

Array = NDArray[Any]
Data = Cloud | ArrayLike | None

SPREAD = 1e-4  # sd of where points begin
JITTER = 1e-6  # sd of what is added, so that points of a line or in one place can part
PAIRS = 2.5e7  # pairs of points looked at between two results: about 50 ms


@dataclass(frozen=True, eq=False)
class EmbeddingTrace:
    """A map from its start to its end, or so far.

    Parameters
    ----------
    config : what it depends on, but for data of one's own
    points : float32 (F, n, 2), read-only; entry 0 is the start; one entry of methods without steps
    iterations : int (F,), the number of each
    kl : float64 (F,), KL(P || Q) in nats, P as it is without exaggeration; nan of other methods
    z : float64 (F,), the sum over all pairs of 1 / (1 + distance²) in the map
    perplexities : float64 (n,), of each row of p(j | i); nan of other methods
    beta, log_sums : float64 (n,): p(j | i) = exp(−beta_i d_ij² − log_sums_i)
    outcome : "ran", "diverged" (the last entry is the last finite one), "none" (the method found
        no map), or "growing" while there is more to come
    """

    config: EmbeddingConfig
    points: Array
    iterations: NDArray[Any]
    kl: Array
    z: Array
    perplexities: Array
    beta: Array
    log_sums: Array
    outcome: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", frozen(self.points, np.float32))
        object.__setattr__(self, "iterations", frozen(self.iterations, np.intp))
        for name in ("kl", "z", "perplexities", "beta", "log_sums"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def share(self) -> float:
        """How much of its iterations it has made, 0 to 1."""
        if self.outcome != "growing":
            return 1.0
        return float(self.iterations[-1]) / max(self.config.iterations, 1)


def embed(config: EmbeddingConfig, x: Data = None) -> EmbeddingTrace:
    """Make a map.

    Parameters
    ----------
    config : all that it depends on
    x : float (n, d), or a ``Cloud``, in place of the data that the config names

    Raises
    ------
    ValueError
        If the perplexity is not in (1, n − 1) of the points that there are.
    """
    *_, last = steps(config, x)
    return last


def steps(config: EmbeddingConfig, x: Data = None) -> Iterator[EmbeddingTrace]:
    """Make a map and yield it as far as it is, ever longer; the last is whole."""
    cloud = points_of(config, x)
    if config.method == "tsne":
        yield from _tsne_steps(config, cloud)
    else:
        yield _other(config, cloud)


def points_of(config: EmbeddingConfig, x: Data = None) -> Cloud:
    """Return the points that are to be mapped."""
    if x is None:
        return cloud_of(config)
    if isinstance(x, Cloud):
        return x
    rows = np.asarray(x, dtype=np.float64)
    return Cloud(rows, np.zeros(len(rows)), value="none")


def start(config: EmbeddingConfig, x: ArrayLike) -> Array:
    """Return where the points (n, 2) begin."""
    rows = np.asarray(x, dtype=np.float64)
    rng = np.random.default_rng(config.seed)
    noise = rng.standard_normal((len(rows), 2))
    if config.init == "random":
        return SPREAD * noise
    scores = principal_scores(rows)
    size = scores[:, 0].std()
    return scores * (SPREAD / size if size > 0 else 0) + JITTER * noise


def _tsne_steps(config: EmbeddingConfig, cloud: Cloud) -> Iterator[EmbeddingTrace]:
    n = len(cloud)
    check_perplexity(config.perplexity, n)
    with one_thread():
        recorder = _Recorder(config, cloud)
    yield recorder.trace("growing")
    frames = max(1, int(PAIRS // (n * n * config.every)))
    while recorder.run.iteration < config.iterations and not recorder.diverged:
        with one_thread():
            for _ in range(frames):
                recorder.go_on()
        yield recorder.trace("growing")
    yield recorder.trace("diverged" if recorder.diverged else "ran")


class _Recorder:
    """One t-SNE, and what was seen of it."""

    def __init__(self, config: EmbeddingConfig, cloud: Cloud) -> None:
        p, self.beta = conditional(cloud.x, config.perplexity)
        self.perplexities = row_perplexities(p)
        self.log_sums = log_sums(cloud.x, self.beta)
        self.config = config
        self.run = TSNE(
            joint(p), start(config, cloud.x), lr=config.lr or None,
            exaggeration=config.exaggeration, exaggerated=config.exaggerated,
        )  # fmt: skip
        self.frames = [self._frame()]
        self.diverged = False

    def _frame(self) -> tuple[Array, int, float, float]:
        return self.run.embedding, self.run.iteration, *self.run.kl_and_z

    def go_on(self) -> None:
        """Make the iterations up to the next frame, if there are any left."""
        left = self.config.iterations - self.run.iteration
        if left <= 0 or self.diverged:
            return
        self.run.step(min(self.config.every, left))
        frame = self._frame()
        self.diverged = not (np.isfinite(frame[0]).all() and np.isfinite(frame[2]))
        if not self.diverged:
            self.frames.append(frame)

    def trace(self, outcome: str) -> EmbeddingTrace:
        points, iterations, kl, z = (list(each) for each in zip(*self.frames, strict=True))
        return EmbeddingTrace(
            self.config, np.stack(points), np.array(iterations), np.array(kl), np.array(z),
            self.perplexities, self.beta, self.log_sums, outcome,
        )  # fmt: skip


def log_sums(x: ArrayLike, beta: Array) -> Array:
    """Return log Σ_k exp(−beta_i d_ik²) over the others, (n,)."""
    from scipy.special import logsumexp

    d = squared_distances(x)
    np.fill_diagonal(d, np.inf)
    return np.asarray(logsumexp(-beta[:, None] * d, axis=1))


def _other(config: EmbeddingConfig, cloud: Cloud) -> EmbeddingTrace:
    points = method_map(config.method, cloud, config)
    none = np.full(len(cloud), np.nan)
    shown = np.zeros((len(cloud), 2)) if points is None else points
    return EmbeddingTrace(config, shown[None], np.zeros(1), np.full(1, np.nan), np.full(1, np.nan),
                          none, none, none, "none" if points is None else "ran")  # fmt: skip


def unbegun(config: EmbeddingConfig, points: Array) -> EmbeddingTrace:
    """Return a run that begins at some points (n, 2), of which no more is known."""
    none = np.full(len(points), np.nan)
    return EmbeddingTrace(config, points[None], np.zeros(1), np.full(1, np.nan), np.full(1, np.nan),
                          none, none, none, "growing")  # fmt: skip


@dataclass(frozen=True, eq=False)
class EmbeddingSweep:
    """The same data under each perplexity; runs that have not begun have their start alone."""

    perplexities: tuple[float, ...]
    traces: tuple[EmbeddingTrace, ...]

    def trace(self, perplexity: float) -> EmbeddingTrace:
        """Return the run of one perplexity."""
        return self.traces[self.perplexities.index(perplexity)]

    @property
    def share(self) -> float:
        """How much of all runs is done, 0 to 1."""
        return sum(trace.share for trace in self.traces) / len(self.traces)
