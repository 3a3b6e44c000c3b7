"""The landscape lab without its pictures; each idea has its own file."""

from dlviz.landscape.config import LandscapeConfig
from dlviz.landscape.curvature import extremes
from dlviz.landscape.facts import Facts, facts, outcome_sentence
from dlviz.landscape.network import Network, network_of
from dlviz.landscape.script import script
from dlviz.landscape.steps import (
    Rescaled,
    rescaled_steps,
    rescales,
    share_of,
    share_of_rescaled,
    survey_steps,
    untrained,
    untrained_rescaled,
)
from dlviz.landscape.surveys import Surface, Training, surface, train

__all__ = [
    "Facts",
    "LandscapeConfig",
    "Network",
    "Rescaled",
    "Surface",
    "Training",
    "extremes",
    "facts",
    "network_of",
    "outcome_sentence",
    "rescaled_steps",
    "rescales",
    "script",
    "share_of",
    "share_of_rescaled",
    "surface",
    "survey_steps",
    "train",
    "untrained",
    "untrained_rescaled",
]
