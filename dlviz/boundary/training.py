"""The boundary lab without its pictures: the Config, the verbs, the Traces.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.boundary.branches import branch, branch_sweep, branch_sweep_steps
from dlviz.boundary.config import BoundaryConfig
from dlviz.boundary.edits import apply_edits
from dlviz.boundary.export import export_torch
from dlviz.boundary.facts import Facts, facts
from dlviz.boundary.knobs import SWEPT
from dlviz.boundary.maps import winner_and_lead
from dlviz.boundary.outcomes import Outcome
from dlviz.boundary.readings import confusion, predictions, signals
from dlviz.boundary.runs import steps, sweep, sweep_steps, train
from dlviz.boundary.sentences import outcome_sentence
from dlviz.boundary.traces import BoundarySweep, BoundaryTrace, fields

__all__ = [
    "SWEPT",
    "BoundaryConfig",
    "BoundarySweep",
    "BoundaryTrace",
    "Facts",
    "Outcome",
    "apply_edits",
    "branch",
    "branch_sweep",
    "branch_sweep_steps",
    "confusion",
    "export_torch",
    "facts",
    "fields",
    "outcome_sentence",
    "predictions",
    "signals",
    "steps",
    "sweep",
    "sweep_steps",
    "train",
    "winner_and_lead",
]
