"""What the page offers to choose, by picture."""

from collections.abc import Mapping
from typing import Any

from dlviz.adversarial.compute import AdversarialConfig
from dlviz.adversarial.config import METHOD_NAMES, OF_ANY, OWN, TARGETS, reads, victims_in
from dlviz.adversarial.networks import NETWORK_NAMES, OWN_NAME
from dlviz.adversarial.pictures import picture_of
from dlviz.cnn_text import FORMS
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

RAN_AWAY = "This network ran away in training: there is nothing to attack. Try a smaller rate."
ALL_DIGITS = ("universal", "shares", "transfer", "gap")  # pictures that are of no one digit
Row = tuple[Any, ...]

_ANY: tuple[Row, ...] = (("choice", "victim", "Network", {**NETWORK_NAMES, **OWN_NAME}),)
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

_OWN: tuple[Row, ...] = (
    ("segments", "dataset", "It learns", {"digits": "8 x 8 digits", "printed": "28 x 28"}),
    (
        "text",
        "architecture",
        "Blocks",
        "conv 8 3 same; pool 2; dense 32",
        "; ".join(FORMS.values()),
    ),
    ("slider", "epochs", "Epochs", 0, 40),
)
_OWN_MORE: tuple[Row, ...] = (
    ("slider", "lr", "Learning rate", 0.0005, 0.05, 0.0005),
    ("slider", "batch_size", "Batch size", 8, 256, 8),
    ("slider", "net_seed", "Seed of the network", 0, 99),
)
_ROWS: Mapping[str, tuple[Row, ...]] = {
    "attacks": (*_TWIN, *_METHOD),
    "path": (*_TWIN, _TARGET, *_PGD),
    "plane": _TWIN,
    "sum": _TWIN,
    "nearest": (*_VICTIM, *_TWIN),
    "universal": _TWIN,
    "shares": _VICTIM,
    "transfer": (*_TWINS, *_TWIN, *_TRAVELLER),
    "gap": (),
}
_MORE: Mapping[str, tuple[Row, ...]] = {
    "attacks": (_TARGET, *_PGD, _SEED),
    "plane": (_TARGET, _SEED),
    "sum": (_SEED,),
    "universal": (_SEED,),
    "gap": (_SEED,),
}


def rows(picture: str) -> tuple[Row, ...]:
    """Return the control that chooses among all networks, in pictures that have it."""
    return _ANY if picture in OF_ANY else ()


def further_rows(picture: str, victim: str) -> tuple[Row, ...]:
    """Return the other controls of a picture, of which some are of one network alone."""
    if victim != OWN:
        return _ROWS[picture]
    return *_OWN, *(row for row in _ROWS[picture] if row not in _TWIN)


def more_rows(picture: str, victim: str) -> tuple[Row, ...]:
    """Return the controls that are seldom needed."""
    return _MORE.get(picture, ()) + (_OWN_MORE if victim == OWN else ())


def fitting(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the picture or the network needs other than they are."""
    found: dict[str, Any] = {}
    picture, kind = settings["picture"], settings["victim"]
    if picture == "transfer" and settings["method"] not in TRAVELLERS:
        found["method"] = "pgd"
    known = victims_in(picture)
    if kind not in known:
        like = {"printed": "printed", "digits": "filters"}.get(settings["dataset"], "")
        found["victim"] = kind = like if kind == OWN and like in known else "cnn"
    if kind == OWN and settings["hardened"]:
        found["hardened"] = False
    side, count = reads(kind, settings["dataset"])
    if settings["digit"] >= count:
        found["digit"] = count - 1
    if len(settings["drawing"]) not in (0, side * side):
        found["drawing"] = ""
    return found


def test_drawing(kind: str, dataset: str, digit: int) -> str:
    """Return a test digit as a drawing, to begin with."""
    like = {"printed": "printed", "digits": "filters"}[dataset] if kind == OWN else kind
    x, _ = picture_of(AdversarialConfig(victim=like, digit=digit))
    return text_of(x[0, 0].numpy())
