"""The origami lab without its pictures: the Configs, the verbs, the Traces.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.origami.config import KINDS, TASKS, OrigamiConfig, architecture_of, window_of
from dlviz.origami.constructions import layers_of
from dlviz.origami.facts import Facts, facts, random_counts, shallow_units
from dlviz.origami.hand import HandConfig, HandTrace, fold_by_hand, halvings
from dlviz.origami.paper import Paper, paper_of
from dlviz.origami.pixels import labels_on, missed_by_grid
from dlviz.origami.script import hand_script, script
from dlviz.origami.sentences import bound_rows, hand_sentence, outcome_sentence
from dlviz.origami.smooth import SmoothFields, smooth
from dlviz.origami.traces import SWEPT, OrigamiSweep, OrigamiTrace, Outcome, sweep, unfold
from dlviz.origami.training import LEAKS, RegionCourse, regions_over

__all__ = [
    "KINDS",
    "LEAKS",
    "SWEPT",
    "TASKS",
    "Facts",
    "HandConfig",
    "HandTrace",
    "OrigamiConfig",
    "OrigamiSweep",
    "OrigamiTrace",
    "Outcome",
    "Paper",
    "RegionCourse",
    "SmoothFields",
    "architecture_of",
    "bound_rows",
    "facts",
    "fold_by_hand",
    "halvings",
    "hand_script",
    "hand_sentence",
    "labels_on",
    "layers_of",
    "missed_by_grid",
    "outcome_sentence",
    "paper_of",
    "random_counts",
    "regions_over",
    "script",
    "shallow_units",
    "smooth",
    "sweep",
    "unfold",
    "window_of",
]
