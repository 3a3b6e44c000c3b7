"""Time the race of ten optimizers with ten loops of torch.optim beside it.

Run ``python -m benchmarks.race``. It prints a table and fails if a promise is not kept.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from benchmarks.report import report
from benchmarks.timing import least
from dlviz.optimizers import OPTIMIZERS, Array
from dlviz.race.compute import FACTORS, RaceConfig, race, surface_of, sweep
from dlviz.race.runs import find_best_rates

NAMES = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", "nadam")
RACE = RaceConfig(  # all nine of torch, and plain descent at a second rate
    surface="ravine",
    optimizers=(*NAMES, "sgd"),
    lrs=(*[0.01] * 9, 0.02),
    steps=300,
)
MAKERS: dict[str, Callable[[torch.Tensor, float], torch.optim.Optimizer]] = {
    "sgd": lambda w, lr: torch.optim.SGD([w], lr=lr),
    "momentum": lambda w, lr: torch.optim.SGD([w], lr=lr, momentum=0.9),
    "nesterov": lambda w, lr: torch.optim.SGD([w], lr=lr, momentum=0.9, nesterov=True),
    "adagrad": lambda w, lr: torch.optim.Adagrad([w], lr=lr),
    "rmsprop": lambda w, lr: torch.optim.RMSprop([w], lr=lr),
    "adadelta": lambda w, lr: torch.optim.Adadelta([w], lr=lr),
    "adam": lambda w, lr: torch.optim.Adam([w], lr=lr),
    "adamw": lambda w, lr: torch.optim.AdamW([w], lr=lr),
    "nadam": lambda w, lr: torch.optim.NAdam([w], lr=lr),
}


def torch_race() -> Array:
    """Run the same race with torch; return the points (K, T+1, 2)."""
    loss = compile(surface_of(RACE).source, "loss", "eval")
    return np.array(
        [
            torch_run(*lane, loss, RACE.start, RACE.steps)
            for lane in zip(RACE.optimizers, RACE.lrs, strict=True)
        ]
    )


def torch_run(
    name: str, lr: float, loss: object, start: Sequence[float], steps: int
) -> list[list[float]]:
    """Return the points (steps + 1, 2) of one loop of torch with its own defaults.

    ``loss`` is compiled Python of ``torch``, ``x`` and ``y``.
    """
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = MAKERS[name](w, lr)
    points = [w.tolist()]
    for _ in range(steps):
        optimizer.zero_grad()
        x, y = w
        eval(loss, {"torch": torch, "x": x, "y": y}).backward()
        optimizer.step()
        points.append(w.tolist())
    return points


def main() -> None:
    torch.set_num_threads(1)
    ours, torchs = least(lambda: race(RACE), 15), least(torch_race, 3)
    difference = float(np.abs(race(RACE).points - torch_race()).max())
    page = RaceConfig(optimizers=tuple(OPTIMIZERS), steps=300)
    turns = least(lambda: sweep(page, FACTORS), 5)
    tried = least(lambda: find_best_rates.__wrapped__(page), 5)
    report([
        ("race of 10 optimizers x 300 steps, CPU time", 1e3 * ours, "ms", "", None),
        ("ten torch.optim loops, CPU time", 1e3 * torchs, "ms", "", None),
        ("ratio", torchs / ours, "", ">= 30", lambda ratio: ratio >= 30),
        ("largest difference of a point", difference, "", "<= 1e-9", lambda d: d <= 1e-9),
        ("the race at 25 factors, for the knob", 1e3 * turns, "ms", "<= 300", lambda t: t <= 300),
        ("the best of 101 rates for each", 1e3 * tried, "ms", "<= 300", lambda t: t <= 300),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
