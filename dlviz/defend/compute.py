"""Defenses and what becomes of them: trainings, their price, hidden slopes, smoothing."""

from collections.abc import Iterator

from dlviz.defend.config import EPSILONS, DefendConfig, asked_of, knob_of, values_of
from dlviz.defend.facts import Facts, Run, facts, outcome_sentence
from dlviz.defend.masking import ATTACKS, Masking, Quantized, masked, masking_steps
from dlviz.defend.script import script
from dlviz.defend.shipped import Price, certificates, price, shipped_duel
from dlviz.defend.smoothing import FEW, Smoothing, smoothing
from dlviz.defend.training import Duel, duel_steps

__all__ = [
    "EPSILONS",
    "DefendConfig",
    "Duel",
    "Facts",
    "Masking",
    "Price",
    "Quantized",
    "Run",
    "Smoothing",
    "asked_of",
    "certificates",
    "defend",
    "defend_steps",
    "duel_steps",
    "facts",
    "knob_of",
    "masked",
    "masking_steps",
    "outcome_sentence",
    "price",
    "script",
    "share_of",
    "shipped_duel",
    "smoothing",
    "values_of",
]


def defend_steps(config: DefendConfig, values: tuple[float, ...]) -> Iterator[Run]:
    """Yield what a picture shows so far, at every value of its knob; at once if it comes made."""
    if config.picture == "price":
        yield price(config.kind)
    elif config.picture == "smoothing":
        yield smoothing(config, values, FEW)
        yield smoothing(config, values)
    elif config.picture == "masking":
        yield from masking_steps(config, values)
    elif ready := shipped_duel(config, values):
        yield ready
    else:
        yield from duel_steps(config, values)


def defend(config: DefendConfig) -> Run:
    """Return the whole of what a picture shows."""
    *_, run = defend_steps(asked_of(config), values_of(config))
    return run


def share_of(run: Run) -> float:
    """Return how much of the work is done."""
    if isinstance(run, Duel | Smoothing):
        return run.share
    return len(run.accuracy) / len(ATTACKS) if isinstance(run, Masking) else 1.0
