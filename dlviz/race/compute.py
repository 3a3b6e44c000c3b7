"""The race lab without its pictures; each idea has its own file, this one names the parts."""

from dlviz.race.anatomy import ANATOMIES, Anatomy, anatomy
from dlviz.race.config import MOST, RaceConfig, surface_of
from dlviz.race.facts import Facts, facts
from dlviz.race.parabola_script import mistake_script, plane_script
from dlviz.race.rates import momentum_rate, nesterov_rate, printed_rate
from dlviz.race.runs import (
    FACTORS,
    FROM_THE_START,
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
from dlviz.race.telling import telling

__all__ = [
    "ANATOMIES",
    "COLUMNS",
    "FACTORS",
    "FROM_THE_START",
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
    "mistake_script",
    "mistake_sentence",
    "momentum_rate",
    "nesterov_rate",
    "outcome_sentence",
    "plane_script",
    "plane_sentence",
    "printed_rate",
    "race",
    "script",
    "standings",
    "stays_within",
    "surface_of",
    "sweep",
    "telling",
]
