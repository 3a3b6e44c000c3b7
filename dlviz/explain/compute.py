"""Maps of what a network's answer hangs on, under every turn of a knob."""

from dlviz.explain.config import ExplainConfig, knob_of, values_of
from dlviz.explain.facts import Facts, facts, outcome_sentence
from dlviz.explain.maps import ExplainSweep, sweep
from dlviz.explain.measures import Erasing, agreement, erase
from dlviz.explain.pixels import TwoPixels, two_pixels
from dlviz.explain.script import script

__all__ = [
    "Erasing",
    "ExplainConfig",
    "ExplainSweep",
    "Facts",
    "TwoPixels",
    "agreement",
    "erase",
    "facts",
    "knob_of",
    "outcome_sentence",
    "script",
    "sweep",
    "two_pixels",
    "values_of",
]
