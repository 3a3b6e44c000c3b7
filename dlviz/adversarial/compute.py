"""The lab of adversarial examples without its pictures: the Config and what is computed of it.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.adversarial.config import ATTACKS, EPSILONS, METHOD_NAMES, AdversarialConfig, recipe_of
from dlviz.adversarial.crowd import Crowd, crowd
from dlviz.adversarial.facts import Facts, facts, outcome_sentence
from dlviz.adversarial.nearest import Ways, ways
from dlviz.adversarial.paths import AttackPath, path
from dlviz.adversarial.planes import AttackPlane, plane, regions_steps
from dlviz.adversarial.script import PRINTS, script
from dlviz.adversarial.shares import Shares, shares
from dlviz.adversarial.sums import LinearSum, Walk, linear_sum, walk
from dlviz.adversarial.sweeps import AdversarialSweep, sweep
from dlviz.class_regions import NO_REGIONS
from dlviz.own_victims import OwnVictim, keep, own_victim_steps

__all__ = [
    "ATTACKS",
    "EPSILONS",
    "METHOD_NAMES",
    "NO_REGIONS",
    "PRINTS",
    "AdversarialConfig",
    "AdversarialSweep",
    "AttackPath",
    "AttackPlane",
    "Crowd",
    "Facts",
    "LinearSum",
    "OwnVictim",
    "Shares",
    "Walk",
    "Ways",
    "crowd",
    "facts",
    "keep",
    "linear_sum",
    "outcome_sentence",
    "own_victim_steps",
    "path",
    "plane",
    "recipe_of",
    "regions_steps",
    "script",
    "share_of",
    "shares",
    "sweep",
    "walk",
    "ways",
]


def share_of(network: OwnVictim) -> float:
    """Return how much of a network's training is done."""
    return network.share
