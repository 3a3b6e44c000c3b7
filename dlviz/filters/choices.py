"""What the page offers to choose, and settings as the engine takes them."""

from typing import Any

from dlviz.cnn import build
from dlviz.cnn_recipe import DIGIT_SETS, CnnRecipe
from dlviz.cnn_text import FORMS
from dlviz.filters.config import FiltersConfig, learning, network_of
from dlviz.filters.counter import ARCHITECTURES as KNOWN
from dlviz.filters.shipped import COURSE_NET, RUNS
from dlviz.filters.shown import test_index
from dlviz.filters.stage import KNOBS
from dlviz.picture_sets import PICTURE_SETS
from dlviz.reader import ARCHITECTURE, BLOCKS
from dlviz.scene import knob_values

DATASET_NAMES = {name: source.label for name, source in PICTURE_SETS.items()}
ARCHITECTURES = {  # name -> (label, text of 8x8 pictures, text of 28x28 pictures)
    "small": ("Two convolutions", ARCHITECTURE, "conv 8 5; pool 2; conv 16 5; pool 2; dense 32"),
    "course": ("10 and 20 filters, 28×28", "", COURSE_NET),
    "lenet": ("LeNet-like", "conv 6 3 same; mean 2; conv 16 3; dense 84",
              "conv 6 5 same; mean 2; conv 16 5; mean 2; dense 120; dense 84"),
    "vgg": ("Tiny VGG",
            "conv 8 3 same; conv 8 3 same; pool 2; conv 12 3 same; conv 12 3 same; pool 2",
            "conv 10 3; conv 10 3; pool 2; conv 10 3; conv 10 3; pool 2"),
    "norm": ("With batch norm and dropout",
             "conv 8 3 same; norm; pool 2; conv 16 3 same; norm; pool 2; dropout 0.25; dense 32",
             "conv 8 5; norm; pool 2; conv 16 5; norm; pool 2; dropout 0.25; dense 32"),
    "mlp": ("No convolution: 48 units", "dense 48", "dense 48"),
    "linear": ("No hidden layer", "", ""),
}  # fmt: skip
COUNTED = {"own": "This network", **{name: label for name, (label, _) in KNOWN.items()}}
HELP = "; ".join(FORMS.values())
FETCHED = ("mnist", "fashion")
SOURCES = {"test": "Test picture", "drawn": "Drawn by hand"}
RANGES = {"unit": "Map", "layer": "Layer", "network": "Network"}
BRUSHES = {"0": "Pen", "-1": "Eraser"}
VALUES = {
    "angle": tuple(float(a) for a in range(-180, 181, 9)),
    "shift": tuple(x / 4 for x in range(-16, 17)),
    "noise": tuple(x / 20 for x in range(21)),
}
MORE = (
    ("slider", "lr", "Learning rate", 0.0005, 0.05, 0.0005),
    ("slider", "batch_size", "Batch size", 8, 256, 8),
    ("slider", "angle", "Turned by (degrees)", -180.0, 180.0, 9.0),
    ("slider", "shift", "Moved to the right (pixels)", -4.0, 4.0, 0.25),
    ("slider", "noise", "Noise σ", 0.0, 1.0, 0.05),
    ("slider", "seed", "Seed", 0, 99, 1),
    ("toggle", "shuffled", "Pixels shuffled, always alike"),
    ("segments", "brush", "On the picture, the mouse is a", BRUSHES),
    ("segments", "ranges", "Strongest color: largest of", RANGES),
    ("toggle", "sums", "Show sums before the ReLU"),
)


def architecture(name: str, dataset: str) -> str:
    """Return the text of an architecture for a data set."""
    _, small, large = ARCHITECTURES[name]
    return small if PICTURE_SETS[dataset].size == 8 else large


def with_preset(name: str, dataset: str) -> dict[str, Any]:
    """Return the setting that goes with a network that is chosen by name."""
    return {} if name == "own" else {"architecture": architecture(name, dataset)}


def architecture_names(text: str, dataset: str) -> dict[str, str]:
    """Return what can be chosen from for a data set, first of all "own" where the text is none."""
    known = {name: words[0] for name, words in ARCHITECTURES.items()
             if name != "course" or PICTURE_SETS[dataset].size == 28}  # fmt: skip
    own = {} if preset_of(text, dataset) else {"own": "As typed"}
    return {**own, **known}


def preset_of(text: str, dataset: str) -> str:
    """Return the name of the architecture that a text is, "" if none."""
    names = [
        name for name in ARCHITECTURES if (name != "course" or PICTURE_SETS[dataset].size == 28)
    ]
    return next((name for name in names if architecture(name, dataset) == text), "")


def with_dataset(dataset: str, text: str) -> dict[str, Any]:
    """Return the settings for another data set: a network that fits, and nothing drawn."""
    source = PICTURE_SETS[dataset]
    change = {"drawing": "", "source": "test", "picture": 3, "block": 0, "unit": 0}
    known = next((name for name, (_, *texts) in ARCHITECTURES.items() if text in texts), "small")
    other = architecture(known, dataset)
    try:
        build(text, source.shape, source.classes)
    except ValueError:
        return {**change, "architecture": other}
    return {
        **change,
        "architecture": other if known else text,
        "epochs": 20 if source.size == 8 else 8,
    }


def settled(text: str, dataset: str, source: str, turn: str) -> dict[str, Any]:
    """Return the name of the network that is typed, and what the knob turns: of what there is."""
    knob = turn if turn in knobs_for(source) else "angle"
    return {"preset": preset_of(text, dataset) or "own", "turn": knob}


def knobs_for(source: str) -> dict[str, str]:
    """Return what the knob can set: of a drawing not which picture it is."""
    return {name: label for name, label in KNOBS.items() if name != "picture" or source == "test"}


def values_for(config: FiltersConfig, field: str) -> tuple[Any, ...]:
    """Return all that the knob can be."""
    if field == "picture":
        classes = PICTURE_SETS[config.dataset].classes
        first = config.picture // classes * classes
        return tuple(range(first, first + classes))
    return knob_values(float(getattr(config, field)), VALUES[field])


def painted(drawing: str, turn: str) -> dict[str, Any]:
    """Return the settings once the hand has drawn on the picture as it was shown."""
    knob = "angle" if turn == "picture" else turn
    usual = {"angle": 0.0, "shift": 0.0, "noise": 0.0}
    return {"source": "drawn", "drawing": drawing, "turn": knob, **usual}


def within(config: FiltersConfig, block: int, unit: int) -> tuple[int, int]:
    """Return the block and unit nearest to those asked for that there are."""
    blocks = network_of(config).blocks
    block = min(max(block, 0), len(blocks) - 1)
    return block, min(max(unit, 0), blocks[block].shape[0] - 1)


def looks(text: str, dataset: str, block: int) -> tuple[tuple[Any, ...], ...]:
    """Return controls for the map that is looked at, as the mouse chooses it; none if unknown."""
    source = PICTURE_SETS[dataset]
    try:
        blocks = build(text, source.shape, source.classes).blocks
    except ValueError:
        return ()
    units = blocks[min(max(block, 0), len(blocks) - 1)].shape[0]
    return (
        ("slider", "block", "Look at block (from 0)", 0, max(1, len(blocks) - 1), 1),
        ("slider", "unit", "Its map or unit (from 0)", 0, max(1, units - 1), 1),
    )


def in_tsne(config: FiltersConfig, block: int) -> tuple[str, dict[str, Any]]:
    """Return words for a link to the t-SNE lab, and its settings: this layer, if it has it."""
    if learning(config) == FiltersConfig():
        return "See this layer as t-SNE maps it", {"layer": BLOCKS[block]}
    return "See layers of a network on digits as t-SNE maps them", {"layer": BLOCKS[-2]}


def in_adversarial(config: FiltersConfig) -> tuple[str, dict[str, Any]] | None:
    """Return words for a link to the lab of attacks, and its settings; None if it has no room.

    There this network is trained again, or taken from the app's own if it comes trained.
    """
    if config.dataset not in DIGIT_SETS or config.shuffled:
        return None
    asked = learning(config)
    known = {RUNS["digits"]: "filters", RUNS["printed"]: "printed"}.get(asked, "own")
    usual, made = CnnRecipe(), ("dataset", "architecture", "epochs", "lr", "batch_size")
    settings = {name: getattr(asked, name) for name in made} | {"net_seed": asked.seed}
    names = {"net_seed": "seed"}
    told = {name: value for name, value in settings.items()
            if known == "own" and value != getattr(usual, names.get(name, name))}  # fmt: skip
    shown = {"source": "drawn", "drawing": config.drawing} if config.source == "drawn" else {
        "digit": test_index(config)}  # fmt: skip
    return "Attack this network", {"victim": known, **told, **shown}


def ending(words: str, done: bool) -> str:
    """Return how the training ended, or that it has not."""
    return words if done else f"Training goes on. {words}"
