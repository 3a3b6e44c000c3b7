"""What the race's page offers, and the color and marker of each optimizer, the same everywhere."""

from dataclasses import replace

from dlviz import theme
from dlviz.optimizers import OPTIMIZERS
from dlviz.optimizers import SCHEDULES as ALL_SCHEDULES
from dlviz.race.anatomy import ANATOMIES, STEPS
from dlviz.race.config import RaceConfig
from dlviz.race.runs import FACTORS
from dlviz.words import number

PICTURES = {"race": "Race", "anatomy": "Step", "plane": "(αλ, β) plane", "mistake": "Mistakes"}
ANATOMY_NAMES = {name: name for name in ANATOMIES}
MISTAKE_NAMES = {"lag": "Deck 001: v of before", "schedule": "Deck 002: α(t)"}
RATES = {"given": "Equal for all", "best": "Each its best"}
BETAS = tuple(round(0.01 * i, 2) for i in range(100))
PACES = tuple(float(f"{0.02 * 200 ** (i / 60):.3g}") for i in range(61))  # αλ from 0.02 to 4
KNOBS = {  # of each picture: the field that its knob turns, and the usual values
    "race": ("factor", FACTORS),
    "anatomy": ("factor", FACTORS),
    "plane": ("momentum", BETAS),
    "mistake": ("alpha_lambda", PACES),
}
SCHEDULES = {name: name.replace("_", " ") for name in ALL_SCHEDULES}
ORDER = tuple(OPTIMIZERS)


def color_of(name: str) -> str:
    """Return the color role of an optimizer."""
    return theme.RUNNERS[ORDER.index(name)]


def marker_of(name: str) -> str:
    """Return the marker of an optimizer."""
    return theme.RUNNER_MARKERS[ORDER.index(name)]


def labels_of(config: RaceConfig) -> tuple[str, ...]:
    """Return the label of each lane: its optimizer, and its rate where one runs twice."""
    names, lrs = config.optimizers, config.lrs
    if len(set(names)) == len(names) or len(lrs) == 1:
        return names
    own = [*lrs, *[lrs[-1]] * len(names)]
    return tuple(f"{name} {number(lr)}" for name, lr in zip(names, own, strict=False))


def rate_names(optimizers: tuple[str, ...], lrs: tuple[float, ...]) -> tuple[str, ...]:
    """Return whose each of the given learning rates is; of the first three, for there is room."""
    if len(lrs) == 1:
        return ("η of all",)
    names = list(optimizers[: len(lrs)])
    if len(lrs) < len(optimizers):
        names[-1] += " …"
    return tuple(names[:3])


def point(x: float, y: float) -> dict[str, float]:
    """Return the settings of a place of the (αλ, β) plane."""
    return {"alpha_lambda": min(4.0, max(0.01, round(x, 2))),
            "momentum": min(0.99, max(0.0, round(y, 2)))}  # fmt: skip


def alone(config: RaceConfig, rule: str) -> RaceConfig:
    """Return the race of one optimizer whose updates are taken apart."""
    return replace(config, optimizers=(rule,), rates="given", steps=STEPS)
