"""Spot the mistake: momentum as a deck prints it, one step late; "momentum" that is a schedule."""

from collections.abc import Sequence

import numpy as np

from dlviz.layers import Curve, Layer, Segments
from dlviz.optimizers import SCHEDULES
from dlviz.race import rates
from dlviz.race.config import RaceConfig
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.terrain import Array
from dlviz.track_layers import Tracks
from dlviz.words import number

MISTAKES = ("lag", "schedule")
RUN = 80
FAR = 1e4  # errors beyond are drawn here
LOOKS = {
    "lag": (("printed", "path", "diamond"), ("corrected", "second", "square")),
    "schedule": (("printed", "path", "diamond"), ("momentum", "second", "square")),
}


def mistake_scene(config: RaceConfig, mistake: str, paces: Sequence[float]) -> Scene:
    """Return both rules on a parabola, at each αλ of the knob."""
    beta = config.momentum
    errors = np.stack([_errors(mistake, pace, beta) for pace in paces])  # (K, 2, RUN + 1)
    last = _radii(beta, paces) if mistake == "lag" else _on_a_slope(beta)
    return Scene(
        panels=(_parabola(mistake, errors), _sizes(mistake, errors), last),
        frames=RUN + 1,
        fps=12,
        captions=tuple(_caption(mistake, pace, beta) for pace in paces),
        knob=Knob("alpha_lambda", "αλ", tuple(paces), 0, _marks(mistake, beta, paces)),
    )


def _errors(mistake: str, pace: float, beta: float) -> Array:
    """Return errors (2, RUN + 1) of the printed rule and of the right one."""
    betas = np.array([beta])
    right = rates.iterates("momentum", pace, betas, 1.0, RUN)[0]
    if mistake == "lag":
        return np.stack([rates.iterates("printed", pace, betas, 1.0, RUN)[0], right])
    shares = 1 - pace * SCHEDULES["inverse_time"](np.arange(RUN), RUN)
    return np.stack([np.cumprod(np.append(1.0, shares)), right])


def _caption(mistake: str, pace: float, beta: float) -> str:
    words = f"step {{frame}} · αλ = {{knob}}, β = {number(beta)}"
    if mistake == "schedule":
        return f"{words} · printed: steps shrink and forget; momentum adds up its slopes"
    said = [
        f"{name} {'settles' if rate < 1 else 'runs away'} (× {number(float(rate))})"
        for name, rate in (("printed", rates.printed_rate(pace, beta)),
                           ("corrected", rates.momentum_rate(pace, beta)))
    ]  # fmt: skip
    return f"{words} · {', '.join(said)}"


def _limits(beta: float) -> dict[str, float]:
    return {"1 − β": rates.printed_limit(beta), "2(1 + β)": rates.momentum_limit(beta)}


def _marks(mistake: str, beta: float, paces: Sequence[float]) -> tuple[tuple[float, str], ...]:
    named = _limits(beta) if mistake == "lag" else {"1": 1.0, "2": 2.0}
    return tuple((at, name) for name, at in named.items() if paces[0] <= at <= paces[-1])


def _pair(mistake: str, xy: Array, *, named: bool = True) -> Tracks:
    names, colors, markers = zip(*LOOKS[mistake], strict=True)
    return Tracks(xy=xy, over="k", colors=colors, markers=markers, labels=names if named else ())


def _parabola(mistake: str, errors: Array) -> Panel:
    x = np.linspace(-1.6, 1.6, 200)
    shown = np.clip(errors, -FAR, FAR)
    curve: Layer = Curve(x=x, y=x * x / 2, color="muted", width=3)
    return Panel(
        "parabola", Axis("error", -1.6, 1.6), Axis("J = ½λ·error²  (λ = 1)", -0.1, 1.28),
        (curve, _pair(mistake, np.stack([shown, shown * shown / 2], axis=-1))),
        alt="Both rules on a parabola.",
    )  # fmt: skip


def _sizes(mistake: str, errors: Array) -> Panel:
    size = np.clip(np.abs(errors), 1e-6, FAR)
    steps = np.broadcast_to(np.arange(RUN + 1.0), size.shape)
    return Panel(
        "size", Axis("step", 0, RUN), Axis("size of the error", 1e-6, FAR, log=True),
        (_pair(mistake, np.stack([steps, size], axis=-1), named=False),),
        alt="The size of the error of both, step by step.",
    )  # fmt: skip


def _radii(beta: float, paces: Sequence[float]) -> Panel:
    """Return what a step keeps of the error against αλ: below 1 it settles."""
    x = np.array(paces)
    kept = [rates.printed_rate(x, beta), rates.momentum_rate(x, beta)]
    walls = np.array([[[at, 0.0], [at, 2.0]] for at in _limits(beta).values()])
    one = np.array([[[paces[0], 1.0], [paces[-1], 1.0]]])
    curves = [Curve(x=x, y=y, color=color, cursor="knob")
              for y, (_, color, _) in zip(kept, LOOKS["lag"], strict=True)]  # fmt: skip
    return Panel(
        "rate", Axis("αλ", paces[0], paces[-1], log=True), Axis("error × per step", 0, 2),
        (Segments(xy=walls, dashed=True, labels=tuple(_limits(beta))),
         Segments(xy=one, color="ink"), *curves),
        alt="What a step keeps of the error against αλ, for both, with their limits.",
    )  # fmt: skip


def _on_a_slope(beta: float) -> Panel:
    """Return how long each step is where the slope is 1 throughout: memory shows as growth."""
    t = np.arange(RUN + 1.0)
    printed = np.append(SCHEDULES["inverse_time"](np.arange(RUN), RUN), np.nan)
    printed[-1] = printed[-2]
    grown = (1 - beta ** (t + 1)) / (1 - beta)
    xy = np.stack([np.stack([t, printed], axis=-1), np.stack([t, grown], axis=-1)])
    names, colors, markers = zip(*LOOKS["schedule"], strict=True)
    return Panel(
        "steps", Axis("step", 0, RUN), Axis("step length, slope 1", 0, 1.1 * float(grown[-1])),
        (Tracks(xy=xy, colors=colors, markers=markers, labels=names),),
        alt="Step length on a constant slope: the schedule's falls, momentum's grows.",
    )  # fmt: skip
