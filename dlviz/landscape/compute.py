"""The landscape lab without its pictures; each idea has its own file."""

from dlviz.landscape.config import LandscapeConfig
from dlviz.landscape.curvature import extremes
from dlviz.landscape.facts import Facts, facts, outcome_sentence
from dlviz.landscape.network import Network, network_of
from dlviz.landscape.script import script
from dlviz.landscape.steps import (
    Course,
    Rescaled,
    course_steps,
    rescaled_steps,
    rescales,
    share_of_rescaled,
    untrained,
    untrained_rescaled,
)
from dlviz.landscape.surveys import FROM_THE_START, Surface, Training, surface, train

__all__ = [
    "FROM_THE_START",
    "Course",
    "Facts",
    "LandscapeConfig",
    "Network",
    "Rescaled",
    "Surface",
    "Training",
    "course_steps",
    "extremes",
    "facts",
    "network_of",
    "outcome_sentence",
    "rescaled_steps",
    "rescales",
    "script",
    "share_of_rescaled",
    "surface",
    "train",
    "untrained",
    "untrained_rescaled",
]
