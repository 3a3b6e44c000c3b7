"""The lab of adversarial examples without its pictures: the Config and what is computed of it.

Each idea has its own file; this one only names what the rest of the app and notebooks use.
"""

from dlviz.adversarial.config import ATTACKS, EPSILONS, METHOD_NAMES, AdversarialConfig
from dlviz.adversarial.crowd import Crowd, crowd
from dlviz.adversarial.facts import Facts, facts, outcome_sentence
from dlviz.adversarial.nearest import Ways, ways
from dlviz.adversarial.paths import AttackPath, path
from dlviz.adversarial.planes import AttackPlane, plane
from dlviz.adversarial.script import PRINTS, script
from dlviz.adversarial.shares import Shares, shares
from dlviz.adversarial.sums import LinearSum, Walk, linear_sum, walk
from dlviz.adversarial.sweeps import AdversarialSweep, sweep

__all__ = [
    "ATTACKS",
    "EPSILONS",
    "METHOD_NAMES",
    "PRINTS",
    "AdversarialConfig",
    "AdversarialSweep",
    "AttackPath",
    "AttackPlane",
    "Crowd",
    "Facts",
    "LinearSum",
    "Shares",
    "Walk",
    "Ways",
    "crowd",
    "facts",
    "linear_sum",
    "outcome_sentence",
    "path",
    "plane",
    "script",
    "shares",
    "sweep",
    "walk",
    "ways",
]
