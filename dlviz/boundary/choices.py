"""What the page offers to choose, in words, and data of one's own as the engine takes them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from dlviz.activations import ACTIVATIONS as _ACTIVATIONS
from dlviz.activations import OUTPUTS
from dlviz.boundary.config import MAX_EPOCHS, BoundaryConfig
from dlviz.boundary.panels import FEATURE_NAMES
from dlviz.boundary.problem import Pair
from dlviz.boundary.sentences import outcome_sentence
from dlviz.boundary.traces import BoundaryTrace
from dlviz.boundary.variations import VARIED
from dlviz.classifiers import CLASSIFIERS
from dlviz.datasets import DATASETS, Dataset, split
from dlviz.initializers import INITIALIZERS
from dlviz.losses import LOSSES
from dlviz.painting import LETTERS, touched
from dlviz.scene import knob_values

CODE = {
    True: "It has the network's weights, and prints what it puts out.",
    False: "It reads the points below and prints how many it has right.",
}
FILE = "dlviz-points.csv"  # that the page offers
LOOKS = ("picture", "curves", "beside", "discrete", "show_test", "space")  # of the stage
RATES = (0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 3.0, 10.0)  # of the knob

DATASET_NAMES = {name: maker.label for name, maker in DATASETS.items()} | {
    "own": "Own points",
    "table": "Own table",
}
CLASSIFIER_NAMES = {name: kind.label for name, kind in CLASSIFIERS.items()}
MODEL_NAMES = {"network": "Network"} | CLASSIFIER_NAMES
VARIED_NAMES = {name: label for name, (label, _) in VARIED.items()}
FEATURE_WORDS = FEATURE_NAMES
ACTIVATIONS = {name: name.replace("_", " ") for name in _ACTIVATIONS}
DATA = (
    ("slider", "noise", "Noise", 0.0, 0.5, 0.01),
    ("slider", "n", "Points", 10, 2000, 10),
    ("slider", "train_share", "Share that is trained on", 0.05, 0.95, 0.05),
    ("slider", "data_seed", "Draw of the points", 0, 99, 1),
)
OUTPUT_NAMES = {name: name for name in OUTPUTS if name != "softmax"}  # it comes with its loss
LOSS_NAMES = {name: name.replace("_", " ") for name in LOSSES} | {
    "half_mse": "half MSE",
    "bce": "BCE",
}
TRAINING = (
    ("choose_rule", ("newton",)),
    ("tune_rule",),
    ("each", "activation", "Activation of layer {}", ACTIVATIONS, "hidden"),
    ("choice", "loss", "Loss", LOSS_NAMES),
    (
        "choice",
        "output",
        "Output, of half MSE and hinge",
        OUTPUT_NAMES,
    ),
    ("choice", "init", "Initial weights", {name: name for name in INITIALIZERS}),
    ("slider", "seed", "Seed of the initial weights", 0, 99, 1),
    ("slider", "epochs", "Epochs", 0, 2000, 10),
    ("slider", "batch_size", "Batch size", 1, 500, 1),
    ("slider", "l1", "L1: kills links", 0.0, 0.1, 0.001),
    ("slider", "l2", "L2: shrinks weights", 0.0, 0.1, 0.001),
    ("slider", "dropout", "Dropout", 0.0, 0.9, 0.05),
)
PICTURES = {"map": "Plane", "hidden": "Hidden space", "regions": "ReLU regions"}
PICTURE = (
    ("segments", "picture", "Picture", PICTURES),
    ("numbers", "space", ("Layer (0: last)", "Unit →", "Unit ↑"), 0, 16),
    ("segments", "curves", "Curves", {"loss": "Loss", "accuracy": "Accuracy"}),
    ("segments", "beside", "Beside", {"confusion": "Confusion", "final": "Loss against η"}),
    ("toggle", "show_test", "Test points"),
    ("toggle", "discrete", "Class alone, not how sure"),
)
MENUS = {"Data": DATA, "Training": TRAINING, "Picture": PICTURE}
BRUSHES = {i: letter for i, letter in enumerate(LETTERS[:4])} | {-1: "Erase"}


def activation_names(chosen: str) -> dict[str, str]:
    """Return the activations by name, and the mixture that is chosen, if one is."""
    mixed = {chosen: chosen.replace(",", ", ").replace("_", " ")} if "," in chosen else {}
    return ACTIVATIONS | mixed


def painted(text: str, said: Mapping[str, Any]) -> str:
    """Return the points of one's own data after a stroke of the hand."""
    return touched(text, said["stroke"], said["brush"])


def dot(x: float, y: float, brush: int) -> dict[str, object]:
    """Return the stroke that puts one point, as the player would tell it."""
    return {"stroke": [[x, y]], "brush": brush}


def longer(epochs: int, at: int) -> int:
    """Return how long a run is that branches at an epoch: twice as long where it was at its end."""
    return epochs if at < epochs else min(MAX_EPOCHS, max(2 * at, 20))


def ending(run: BoundaryTrace, done: bool) -> str:
    """Say how a run ended, if it did."""
    return outcome_sentence(run) if done else "Training goes on."


def model_names(dataset: str) -> dict[str, str]:
    """Return what can be fitted to a dataset: classifiers know no regression."""
    regression = dataset in DATASETS and DATASETS[dataset].task == "regression"
    return {"network": "Network"} if regression else MODEL_NAMES


def with_dataset(name: str) -> dict[str, object]:
    """Return what else changes when a dataset is chosen."""
    share = (
        0.9 if name == "own" else BoundaryConfig().train_share
    )  # what is painted is to be learned
    model = {} if len(model_names(name)) > 1 else {"model": "network"}
    return {"train_share": share, "branch": "", "edits": "", **model}


def complexities(name: str, value: float) -> tuple[float, tuple[float, ...]]:
    """Return the setting of a classifier, its usual one where it has not this, and all values."""
    kind = CLASSIFIERS[name]
    fits = kind.values[0] <= value <= kind.values[-1] and (not kind.whole or value == int(value))
    known = float(value if fits and value > 0 else kind.usual)
    return known, tuple(map(float, knob_values(known, kind.values)))


def classifier_words(name: str) -> str:
    """Say in one line what a classifier does."""
    kind = CLASSIFIERS[name]
    return f"{kind.label}: {kind.formula}"


def with_table(
    config: BoundaryConfig, table: Dataset | None, key: str
) -> tuple[BoundaryConfig, str, Pair | None]:
    """Return the settings, what stands for the table in caches, and its two sets.

    Where a table is asked for and none is there, the default's points are shown.
    """
    if config.dataset != "table":
        return config, "", None
    if table is None:
        return replace(config, dataset=BoundaryConfig().dataset), "", None
    return config, key, own_pair(table, config.train_share, config.data_seed)


@lru_cache(maxsize=32)
def own_pair(dataset: Dataset, train_share: float, seed: int) -> Pair:
    """Return the split of a table, the same objects as long as nothing changes."""
    return split(dataset, train_share, seed)
