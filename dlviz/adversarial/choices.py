"""What the page offers to choose, by picture."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.adversarial.config import COMPARING, METHOD_NAMES, READS, TARGETS, TWINS
from dlviz.adversarial.networks import NETWORK_NAMES, unseen
from dlviz.digit_shape import as_digit
from dlviz.drawn import text_of
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
SOURCES = {"test": "Test digit", "drawn": "My own"}
TRAVELLERS = {name: METHOD_NAMES[name] for name in ("pgd", "fgsm", "universal")}

ALL_DIGITS = ("universal", "shares", "transfer", "gap")  # pictures that are of no one digit
Row = tuple[Any, ...]

_VICTIM: tuple[Row, ...] = (("choice", "victim", "Network", NETWORK_NAMES),)
_TWINS: tuple[Row, ...] = (("choice", "victim", "Network", KINDS),)
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
    "transfer": (*_TWINS, *_TWIN, *_TRAVELLER),
    "gap": (),
}
MORE: Mapping[str, tuple[Row, ...]] = {
    "attacks": (_TARGET, *_PGD, _SEED),
    "plane": (_TARGET, _SEED),
    "sum": (_SEED,),
    "universal": (_SEED,),
    "gap": (_SEED,),
}


def fitting(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the picture or the network needs other than they are."""
    found: dict[str, Any] = {}
    picture, kind = settings["picture"], settings["victim"]
    if picture == "transfer" and settings["method"] not in TRAVELLERS:
        found["method"] = "pgd"
    if picture in COMPARING and kind not in TWINS:
        found["victim"] = kind = "cnn"
    side, count = READS.get(kind, READS["cnn"])
    if settings["digit"] >= count:
        found["digit"] = count - 1
    if len(settings["drawing"]) not in (0, side * side):
        found["drawing"] = ""
    return found


def sides(kind: str) -> tuple[int, int]:
    """Return rows and columns of what a network reads."""
    side, _ = READS[kind]
    return side, side


def drawing_of(pixels: NDArray[np.float64], kind: str) -> str:
    """Return the digit on a photo as a drawing; an empty one if nothing stands out there."""
    try:
        return text_of(as_digit(pixels, READS[kind][0]))
    except ValueError:
        return ""


def test_drawing(kind: str, digit: int) -> str:
    """Return a test digit as a drawing, to begin with."""
    return text_of(unseen(kind)[0][digit, 0].numpy())


def last(kind: str) -> int:
    """Return the last test digit of a network."""
    return READS[kind][1] - 1
