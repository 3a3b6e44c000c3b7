"""The race lab without its pictures; each idea has its own file, this one names the parts."""

from dlviz.race.anatomy import ANATOMIES, Anatomy, anatomy
from dlviz.race.config import MOST, RaceConfig, surface_of
from dlviz.race.facts import Facts, facts
from dlviz.race.rates import momentum_rate, nesterov_rate, printed_rate
from dlviz.race.runs import (
    FACTORS,
    TRIED,
    Race,
    base_rates,
    best_rates,
    first_within,
    race,
    stays_within,
    sweep,
)
from dlviz.race.script import script
from dlviz.race.sentences import (
    COLUMNS,
    mistake_sentence,
    outcome_sentence,
    plane_sentence,
    standings,
)

__all__ = [
    "ANATOMIES",
    "COLUMNS",
    "FACTORS",
    "MOST",
    "TRIED",
    "Anatomy",
    "Facts",
    "Race",
    "RaceConfig",
    "anatomy",
    "base_rates",
    "best_rates",
    "facts",
    "first_within",
    "mistake_sentence",
    "momentum_rate",
    "nesterov_rate",
    "outcome_sentence",
    "plane_sentence",
    "printed_rate",
    "race",
    "script",
    "standings",
    "stays_within",
    "surface_of",
    "sweep",
]
