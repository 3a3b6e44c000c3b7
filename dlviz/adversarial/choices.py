"""What the page offers to choose, by picture."""

from collections.abc import Mapping
from typing import Any

from dlviz.adversarial.config import DIGITS, METHOD_NAMES, TARGETS
from dlviz.digits import SIDE
from dlviz.victims import KINDS

PICTURE_NAMES = {
    "attacks": "Attacks on one digit",
    "path": "PGD, step by step",
    "plane": "The plane of an attack",
    "sum": "One sum of pixels",
    "nearest": "The nearest mistake",
    "universal": "One change for all",
    "shares": "Accuracy against ε",
    "transfer": "Attacks that travel",
    "gap": "The more pixels …",
}
SOURCES = {"test": "Test digit", "drawn": "Drawn by hand"}
TRAVELLERS = {name: METHOD_NAMES[name] for name in ("pgd", "fgsm", "universal")}

ALL_DIGITS = ("universal", "shares", "transfer", "gap")  # pictures that are of no one digit
Row = tuple[Any, ...]

_VICTIM: tuple[Row, ...] = (("choice", "victim", "Network", KINDS),)
_TWIN: tuple[Row, ...] = (("toggle", "hardened", "Trained on attacks"),)
_METHOD: tuple[Row, ...] = (("choice", "method", "Bars after", METHOD_NAMES),)
_TRAVELLER: tuple[Row, ...] = (("segments", "method", "Attack", TRAVELLERS),)
_TARGET: Row = ("choice", "target", "What it shall be read as", TARGETS)
_PGD: tuple[Row, ...] = (
    ("slider", "steps", "Steps of PGD", 1, 40),
    ("slider", "step_size", "Step size of PGD (0: 2.5 ε / steps)", 0.0, 0.1, 0.002),
)
_SEED: Row = ("slider", "seed", "Seed of the coins", 0, 99)

ROWS: Mapping[str, tuple[Row, ...]] = {
    "attacks": (*_VICTIM, *_TWIN, *_METHOD),
    "path": (*_VICTIM, *_TWIN, _TARGET, *_PGD),
    "plane": (*_VICTIM, *_TWIN),
    "sum": _TWIN,
    "nearest": (*_VICTIM, *_TWIN),
    "universal": (*_VICTIM, *_TWIN),
    "shares": _VICTIM,
    "transfer": (*_VICTIM, *_TWIN, *_TRAVELLER),
    "gap": (),
}
MORE: Mapping[str, tuple[Row, ...]] = {
    "attacks": (_TARGET, *_PGD, _SEED),
    "plane": (_TARGET, _SEED),
    "sum": (_SEED,),
    "universal": (_SEED,),
    "gap": (_SEED,),
}
DRAWN: Row = ("pad", "drawing", "Drawing", SIDE, SIDE)
CHOSEN: Row = ("slider", "digit", "Which test digit", 0, DIGITS - 1)


def settled(picture: str, method: str) -> dict[str, str]:
    """Return settings that a picture needs other than they are."""
    return {"method": "pgd"} if picture == "transfer" and method not in TRAVELLERS else {}
