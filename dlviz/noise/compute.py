"""The noise lab without its pictures; each idea has its own file, this one names the parts."""

from dlviz.noise.config import NoiseConfig, batch_sizes
from dlviz.noise.facts import Facts, facts
from dlviz.noise.problem import problem_of
from dlviz.noise.runs import FROM_THE_START, NoiseTrace, deal, estimates, run, sweep
from dlviz.noise.script import script
from dlviz.noise.sentences import COLUMNS, outcome_sentence, table
from dlviz.noise.theory import floor, scatter, stationary_covariance, stationary_variance

__all__ = [
    "COLUMNS",
    "FROM_THE_START",
    "Facts",
    "NoiseConfig",
    "NoiseTrace",
    "batch_sizes",
    "deal",
    "estimates",
    "facts",
    "floor",
    "outcome_sentence",
    "problem_of",
    "run",
    "scatter",
    "script",
    "stationary_covariance",
    "stationary_variance",
    "sweep",
    "table",
]
