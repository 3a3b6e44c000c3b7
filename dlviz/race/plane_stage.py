"""The (αλ, β) plane: exact rates of momentum and Nesterov's momentum, and the run of one point."""

from collections.abc import Callable, Sequence

import numpy as np

from dlviz.layers import Curve, Field, Layer, Points, Text
from dlviz.race import rates
from dlviz.race.config import RaceConfig
from dlviz.race.sentences import REGIME_WORDS
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.terrain import Array
from dlviz.track_layers import Tracks
from dlviz.words import number

RUN = 60  # steps of the run
SPAN = 4.0  # of αλ
DIVERGES = 255  # the color code of rates of 1 and more
SLOW = 1000.0  # the color runs from there at once to 1/1000 gone a step, evenly in the logarithm
FINE = (160, 120)  # samples of αλ and β


def plane_scene(config: RaceConfig, betas: Sequence[float]) -> Scene:
    """Return both planes with the run of (αλ, β) beside them; the knob turns β."""
    pace, condition = config.alpha_lambda, config.condition
    beta = np.array(betas)
    return Scene(
        panels=(
            _plane("momentum", "Momentum", rates.momentum_rate, config, beta),
            _plane("nesterov", "Nesterov", rates.nesterov_rate, config, beta),
            *_runs(config, beta),
        ),
        frames=RUN + 1,
        fps=12,
        captions=tuple(_caption(pace, b, condition) for b in betas),
        knob=Knob("momentum", "momentum β", tuple(betas), 0, _marks(pace, condition)),
        layout="pair",
    )


def _caption(pace: float, beta: float, condition: float) -> str:
    both = [pace, pace / condition]
    kept = [rates.momentum_rate(both, beta).max(), rates.nesterov_rate(both, beta).max()]
    regime = REGIME_WORDS[str(rates.regimes(pace, beta))]
    times = [f"{name} {number(float(rate))}"
             for name, rate in zip(("momentum", "Nesterov"), kept, strict=True)]  # fmt: skip
    return (f"step {{frame}} · αλ = {number(pace)}, β = {{knob}}: momentum {regime}; error × "
            f"{', '.join(times)} a step")  # fmt: skip


def _marks(pace: float, condition: float) -> tuple[tuple[float, str], ...]:
    marks = []
    if 0 <= (ridge := float(rates.critical_damping(pace))) <= 0.99:
        marks.append((ridge, "critical"))
    if condition > 1 and (best := rates.momentum_optimum(condition)[1]) <= 0.99:
        marks.append((best, "best"))
    return tuple(marks)


def _plane(
    name: str, title: str, rate: Callable[[Array, Array], Array], config: RaceConfig, beta: Array
) -> Panel:
    here = np.stack([np.full(len(beta), config.alpha_lambda), beta], axis=-1)[:, None]
    drawn = _landmarks if name == "momentum" else _nesterov_landmarks
    return Panel(
        name, Axis("αλ, learning rate times curvature", 0, SPAN), Axis("momentum β", 0, 1),
        (_heat(rate, config.condition), *drawn(config.condition),
         Points(xy=here, over="k", color="path", size=9)),
        title=f"{title} (dark: fast, hatched: runs away)",
        pick=True, alt=f"Heat map of {title}'s rate of convergence over αλ and β.",
    )  # fmt: skip


def _heat(rate: Callable[[Array, Array], Array], condition: float) -> Field:
    wide, tall = FINE
    pace, beta = np.meshgrid((np.arange(wide) + 0.5) * SPAN / wide, (np.arange(tall) + 0.5) / tall)
    worst = np.maximum(rate(pace, beta), rate(pace / condition, beta))
    with np.errstate(divide="ignore", invalid="ignore"):
        slow = np.clip(-np.log(1 - worst) / np.log(SLOW), 0, 1 - 1e-9)
    codes = np.where(worst < 1, np.floor(slow * DIVERGES), DIVERGES).astype(np.uint8)
    half = SPAN / wide / 2, 0.5 / tall
    return Field(
        image=codes, levels=1 - SLOW ** (-np.arange(256) / DIVERGES),
        colors="viridis", hatched=(DIVERGES,),
        x=(half[0], SPAN - half[0]), y=(half[1], 1 - half[1]),
    )  # fmt: skip


def _landmarks(condition: float) -> list[Layer]:
    pace = np.linspace(0, SPAN, 241)
    ridge, edge = rates.critical_damping(pace), pace / 2 - 1
    best = rates.momentum_optimum(condition)
    marks: list[Layer] = [
        Curve(x=pace, y=np.where(ridge <= 1, ridge, np.nan), color="#FFFFFF", width=2),
        Curve(x=pace, y=np.where(edge >= 0, edge, np.nan), color="ink", width=2.5),
        Points(xy=np.array([best[:2]]), marker="star", size=9, color="#FFFFFF", labels=("best",)),
        Text(
            xy=np.array([[1.15, 0.72], [3.35, 0.25]]), texts=("ripples", "runs away"), color="ink"
        ),
    ]
    if condition > 1:
        other = rates.critical_damping(pace / condition)
        marks.insert(1, Curve(x=pace, y=other, color="#FFFFFF", width=2, dashed=True))
    else:
        marks.append(Text(xy=np.array([[0.05, 0.14], [1.5, 0.14]]), texts=("creeps", "to and fro"),
                          anchor="left"))  # fmt: skip
    return marks


def _nesterov_landmarks(condition: float) -> list[Layer]:
    beta = np.linspace(0, 1, 60)
    edge = 2 * (1 + beta) / (1 + 2 * beta)  # αλ against β: as a line of β over αλ, falling
    best = rates.nesterov_optimum(condition)
    return [
        Curve(x=edge[::-1], y=beta[::-1], color="ink", width=2.5),
        Points(xy=np.array([best[:2]]), marker="star", size=9, color="#FFFFFF", labels=("best",)),
    ]


def _runs(config: RaceConfig, beta: Array) -> tuple[Panel, Panel]:
    errors = {
        rule: [rates.iterates(rule, config.alpha_lambda, beta, share, RUN)
               for share in (1.0, 1 / config.condition)]
        for rule in ("momentum", "nesterov")
    }  # fmt: skip
    steps = np.broadcast_to(np.arange(RUN + 1.0), (len(beta), 2, RUN + 1))
    along = _once_gone(np.stack([both[0] for both in errors.values()], axis=1))
    with np.errstate(all="ignore"):
        size = np.stack([np.hypot(*both) for both in errors.values()], axis=1)
    size = np.clip(size, 1e-6, 1e6)
    return (
        Panel("error", Axis("step", 0, RUN), Axis("error, steepest axis", -1.6, 1.6),
              (_pair(steps, along),), title="● momentum, ■ Nesterov",
              alt="The error along the steepest axis, step by step."),
        Panel("size", Axis("step", 0, RUN), Axis("size of the error", 1e-6, 1e2, log=True),
              (_pair(steps, size),), alt="The size of the error, step by step, on a log axis."),
    )  # fmt: skip


def _once_gone(errors: Array, far: float = 1e3) -> Array:
    """Return errors (..., steps) that stay out once they are, not to fill the picture."""
    out = np.maximum.accumulate(np.abs(errors) > far, axis=-1)
    first = np.take_along_axis(errors, out.argmax(axis=-1)[..., None], axis=-1)
    return np.where(out, far * np.sign(first), errors)


def _pair(x: Array, y: Array) -> Tracks:
    return Tracks(xy=np.stack([x, y], axis=-1), over="k",
                  colors=("path", "second"), markers=("circle", "square"))  # fmt: skip
