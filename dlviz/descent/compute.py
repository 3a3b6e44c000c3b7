"""The descent lab without its pictures: the Config, the verbs, the Traces, and their facts.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.descent.basins import Basins, basins, basins_sweep
from dlviz.descent.config import DescentConfig, rule_of, surface_of
from dlviz.descent.facts import Facts, facts
from dlviz.descent.runs import (
    FROM_THE_START,
    DescentSweep,
    DescentTrace,
    branch,
    branch_sweep,
    changes_between,
    descend,
    sweep,
)
from dlviz.descent.sentences import outcome_sentence
from dlviz.outcomes import Outcome

__all__ = [
    "FROM_THE_START",
    "Basins",
    "DescentConfig",
    "DescentSweep",
    "DescentTrace",
    "Facts",
    "Outcome",
    "basins",
    "basins_sweep",
    "branch",
    "branch_sweep",
    "changes_between",
    "descend",
    "facts",
    "outcome_sentence",
    "rule_of",
    "surface_of",
    "sweep",
]
