"""The boundary lab without its pictures: the Config, the verbs, the Traces.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.boundary.branches import FROM_THE_START, branch, branch_sweep, branch_sweep_steps
from dlviz.boundary.config import RULES, BoundaryConfig
from dlviz.boundary.course import course_steps, ghosts, rivals, share_of, trained, untrained, whole
from dlviz.boundary.export import export_torch
from dlviz.boundary.facts import Facts, facts
from dlviz.boundary.hand import edited_layers, edited_run
from dlviz.boundary.knobs import SWEPT
from dlviz.boundary.maps import winner_and_lead
from dlviz.boundary.outcomes import Outcome
from dlviz.boundary.problem import pair_of
from dlviz.boundary.readings import confusion, predictions, signals
from dlviz.boundary.runs import steps, sweep, sweep_steps, train
from dlviz.boundary.script import classifier_script
from dlviz.boundary.sentences import outcome_sentence
from dlviz.boundary.traces import BoundarySweep, BoundaryTrace, fields
from dlviz.boundary.variations import VARIED, variations_steps
from dlviz.classifiers import fit
from dlviz.edits import apply_edits

__all__ = [
    "FROM_THE_START",
    "RULES",
    "SWEPT",
    "VARIED",
    "BoundaryConfig",
    "BoundarySweep",
    "BoundaryTrace",
    "Facts",
    "Outcome",
    "apply_edits",
    "branch",
    "branch_sweep",
    "branch_sweep_steps",
    "classifier_script",
    "confusion",
    "course_steps",
    "edited_layers",
    "edited_run",
    "export_torch",
    "facts",
    "fields",
    "fit",
    "ghosts",
    "outcome_sentence",
    "pair_of",
    "predictions",
    "rivals",
    "share_of",
    "signals",
    "steps",
    "sweep",
    "sweep_steps",
    "train",
    "trained",
    "untrained",
    "variations_steps",
    "whole",
    "winner_and_lead",
]
