"""Games that can be scrubbed: one, or many side by side."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_count
from dlviz.gan.config import GanConfig
from dlviz.gan.data import Source, source_of
from dlviz.gan.gauge import FIELD
from dlviz.gan.measures import floor
from dlviz.gan.objectives import OBJECTIVES, sigmoid

Array = NDArray[Any]
Floats = NDArray[Any]
Outcome = Literal["covered", "partial", "collapsed", "lost", "diverged"]

SERIES = (
    "g", "d", "samples", "logits", "mesh", "density", "pull", "d_loss", "g_loss", "d_grad",
    "g_grad", "d_real", "d_fake", "js", "kl", "coverage", "on_mode",
    "value", "best_value",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class GanTrace:
    """One game; entry 0 is before the first step, entry f after ``frames[f]`` steps.

    Arrays are read-only and hold what float64 gives, inf and nan included. Losses, gradients and
    scores are taken on samples that stay the same, not on the batches of the training.

    Parameters
    ----------
    config : the settings of the game; of a branch, those after it
    frames : int (F,), the numbers of steps recorded
    g, d : float64 (F, P), the parameters of both players, as in ``Architecture``
    samples : float32 (F, 1000, d), fakes of the same noise in all entries
    logits : float32 (F, L), what the discriminator says at ``gauge.places_of``, before any σ
    mesh : float32 (F, 121, d), the mesh ``gauge.mesh_of`` pushed through the generator
    density : float32 (F, 201), the generator's density on the line; (F, 0) in the plane
    pull : float32 (F, 500, d), minus the gradient of each fake's generator loss by the fake:
        where it is told to go. Of the first 500 ``samples``.
    d_loss, g_loss : float64 (F,), means over 500 real points and 500 fakes, without penalties
    d_grad, g_grad : float64 (F,), the lengths of the gradients of these by the parameters
    d_real, d_fake : float64 (F,), the mean of σ(logit) there
    js, kl : float64 (F,), nats, of 10 000 fakes against 10 000 real points by cells
    coverage : float64 (F,), the share of the data's modes found, in [0, 1]
    on_mode : float64 (F,), the share of 10 000 fakes that are on a mode
    value : float64 (F,), V(D, G) of labels 1 and 0: by quadrature on the line, in the plane over
        500 real points and 500 fakes; nan where D is no probability
    best_value : float64 (F,), V(D*, G), no less than ``value``; on the line alone, else nan
    outcome : "covered" (all modes found), "partial", "collapsed" (not even half), "lost" (none),
        or "diverged" (numbers beyond all bounds)
    branched_at : the last entry shared with the run before, of a branch
    """

    config: GanConfig
    frames: NDArray[np.int64]
    g: Array
    d: Array
    samples: Floats
    logits: Floats
    mesh: Floats
    density: Floats
    pull: Floats
    d_loss: Array
    g_loss: Array
    d_grad: Array
    g_grad: Array
    d_real: Array
    d_fake: Array
    js: Array
    kl: Array
    coverage: Array
    on_mode: Array
    value: Array
    best_value: Array
    outcome: Outcome
    history: tuple[tuple[GanConfig, int], ...] = ()
    branched_at: int | None = None

    @property
    def field(self) -> NDArray[np.uint8]:
        """The discriminator's verdict, 255 for "real": (F, 28, 28), or (F, 201) on the line."""
        return verdicts(self.config, self.logits)

    @property
    def source(self) -> Source:
        return source_of(self.config.data, self.config.points)

    @property
    def floor(self) -> tuple[float, float]:
        """The JS and the KL that a perfect generator would score."""
        return floor(self.config.data, self.config.points)


@dataclass(frozen=True, eq=False)
class GanSweep:
    """R games that differ in one setting; arrays as in ``GanTrace``, with R in front.

    Of games that are only looked at, ``g`` and ``d`` are (R, F, 0): see ``runs.shown_steps``.
    """

    configs: tuple[GanConfig, ...]
    field: str
    frames: NDArray[np.int64]
    series: dict[str, NDArray[Any]]
    last: int  # the number of the last step there will be
    history: tuple[tuple[GanConfig, int], ...] = ()
    branched_at: int | None = None
    _runs: dict[int, GanTrace] = dataclasses.field(default_factory=dict)  # that were asked for

    def __len__(self) -> int:
        return len(self.configs)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.series[name]

    @property
    def share(self) -> float:
        """How much of the training there is, in [0, 1]."""
        return (int(self.frames[-1]) + 1) / (self.last + 1)

    @property
    def values(self) -> tuple[Any, ...]:
        """The value of the setting in each game."""
        return tuple(getattr(config, self.field) for config in self.configs)

    @property
    def verdicts(self) -> NDArray[np.uint8]:
        """What the discriminators say, as ``GanTrace.field``."""
        return verdicts(self.configs[0], self.series["logits"])

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return tuple(self.run(r).outcome for r in range(len(self)))

    def run(self, r: int) -> GanTrace:
        """Return one game as a trace of its own, which can be branched."""
        check_count("r", r, 0, len(self) - 1)
        if r not in self._runs:
            self._runs[r] = self._run(r)
        return self._runs[r]

    def _run(self, r: int) -> GanTrace:
        series = {name: self.series[name][r] for name in SERIES}
        return GanTrace(
            config=self.configs[r],
            frames=self.frames,
            **series,
            outcome=outcome_of(series),
            history=self.history,
            branched_at=self.branched_at,
        )


def outcome_of(series: dict[str, NDArray[Any]]) -> Outcome:
    """Say how a game stands at its last entry."""
    seen = ("g", "d", "samples", "logits", "d_loss", "g_loss")
    if not all(np.isfinite(series[name][-1]).all() for name in seen):
        return "diverged"
    found = float(series["coverage"][-1])
    steps = ((0.0, "lost"), (0.5 - 1e-9, "collapsed"), (1 - 1e-9, "partial"))
    return cast(Outcome, next((word for most, word in steps if found <= most), "covered"))


def verdicts(config: GanConfig, logits: Floats) -> NDArray[np.uint8]:
    """Return logits as codes 0 (fake) to 255 (real).

    D = σ(s) where the loss is logistic; of least squares s within [0, 1], of hinge within [−1, 1];
    a Wasserstein critic has no zero and no unit, so each entry has its own ends.
    """
    with np.errstate(all="ignore"):
        if OBJECTIVES[config.loss].logistic:
            share = sigmoid(logits)
        elif config.loss == "least_squares":
            share = logits
        elif config.loss == "hinge":
            share = (logits + 1) / 2
        else:
            low, high = logits.min(-1, keepdims=True), logits.max(-1, keepdims=True)
            share = (logits - low) / np.maximum(high - low, 1e-12)
        codes = np.nan_to_num(np.clip(share, 0, 1) * 255, nan=127.0).round().astype(np.uint8)
    plane = source_of(config.data, config.points).dim == 2
    return np.asarray(codes.reshape(*codes.shape[:-1], FIELD, FIELD) if plane else codes)
