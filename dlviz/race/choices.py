"""What the race's page offers, and the color and marker of each optimizer, the same everywhere."""

from dlviz import theme
from dlviz.optimizers import OPTIMIZERS
from dlviz.optimizers import SCHEDULES as ALL_SCHEDULES
from dlviz.race.config import RaceConfig
from dlviz.words import number

PICTURES = {"race": "Race"}
RATES = {"given": "Equal for all", "best": "Each its best"}
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
