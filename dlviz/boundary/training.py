"""The boundary lab without its pictures: the Config, the verbs, the Traces.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.boundary.config import BoundaryConfig
from dlviz.boundary.export import export_torch
from dlviz.boundary.knobs import SWEPT
from dlviz.boundary.maps import winner_and_lead
from dlviz.boundary.outcomes import Outcome
from dlviz.boundary.readings import confusion, predictions, signals
from dlviz.boundary.runs import branch, steps, sweep, train
from dlviz.boundary.traces import BoundarySweep, BoundaryTrace, fields

__all__ = [
    "SWEPT",
    "BoundaryConfig",
    "BoundarySweep",
    "BoundaryTrace",
    "Outcome",
    "branch",
    "confusion",
    "export_torch",
    "fields",
    "predictions",
    "signals",
    "steps",
    "sweep",
    "train",
    "winner_and_lead",
]
