"""What the page offers to choose, and settings as the engine takes them."""

from dataclasses import replace

from dlviz.datasets import DATASETS
from dlviz.edits import apply_edits, place_of
from dlviz.origami.config import TASKS, OrigamiConfig, architecture_of
from dlviz.origami.constructions import course_of, layers_of
from dlviz.origami.hand import MAX_LINES, HandConfig, Line, halvings
from dlviz.origami.learning import moments_of
from dlviz.origami.stage import DRAWN, KNOBS
from dlviz.region_layers import COLORED_BY

NETWORKS = {
    "random": "Random weights",
    "folded_lines": "Folds, then lines",
    "folds": "Folds",
    "trained": "Trained",
}
PICTURES = {"regions": "Regions", "fold": "The fold", "hand": "By hand"}
UNITS = {"relu": "ReLU", "sigmoid": "Sigmoid"}
COLORS = {name: name.capitalize() for name in COLORED_BY}
DATASET_NAMES = {name: DATASETS[name].label for name in TASKS}
VALUES = {
    "bias_scale": tuple(round(0.1 * i, 2) for i in range(31)),
    "weight_scale": tuple(round(0.1 * i, 2) for i in range(1, 31)),
    "leak": tuple(round(-1 + 0.05 * i, 2) for i in range(41)),
    "sharpness": (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 64.0, 128.0, 256.0),
}
MORE = (
    ("slider", "bias_scale", "Size of the biases", 0.0, 3.0, 0.1),
    ("slider", "weight_scale", "Size of the weights", 0.1, 3.0, 0.1),
    ("slider", "leak", "Slope below 0", -1.0, 1.0, 0.05),
    ("slider", "sharpness", "Sharpness k of sigmoids", 0.5, 256.0, 0.5),
    ("slider", "lr", "Learning rate", 0.001, 0.2, 0.001),
    ("slider", "span", "Half width of the window", 0.25, 8.0, 0.25),
    ("slider", "seed", "Seed", 0, 99, 1),
    ("toggle", "hinges", "Lines of the units"),
)


def knobs_for(activation: str, network: str) -> dict[str, str]:
    """Return what the knob can set for such a network: scales are of random weights."""
    if activation == "sigmoid":
        return {"sharpness": KNOBS["sharpness"]}
    return {name: KNOBS[name] for name in (
        ("bias_scale", "weight_scale", "leak") if network == "random" else ("leak",))}  # fmt: skip


def edited(config: OrigamiConfig, field: str, text: str) -> OrigamiConfig:
    """Return the settings of a network as the hand left it; the same where there are no edits.

    Parameters
    ----------
    text : "step@value;operations", see ``dlviz.edits``; ``value`` is that of the knob's ``field``
    """
    learns = config.network == "trained"
    found = place_of(text, 0.0 if learns else float(getattr(config, field)))
    if not found or max(config.hidden, default=0) > DRAWN:  # only what is drawn can be edited
        return config
    shape = architecture_of(config)
    try:
        before = shape.parameters(layers_of(config))
        if learns:
            before = course_of(config)[0][moments_of(config.steps, shape.count).index(found[0])]
        after = apply_edits(shape, before, found[1])
        return replace(config, parameters=tuple(after.tolist()))
    except ValueError:
        return config


def hand_of(folds: int, lines: str) -> HandConfig:
    """Return what was folded and drawn by hand; lines that make no sense are left out."""
    return HandConfig(halvings(folds), lines_of(lines))


def lines_of(text: str) -> tuple[Line, ...]:
    """Read lines "x1 y1 x2 y2;..." as they stand in a link."""
    found: list[Line] = []
    for part in text.split(";")[:MAX_LINES]:
        try:
            x1, y1, x2, y2 = (float(number) for number in part.split())
            HandConfig((), ((x1, y1, x2, y2),))
        except ValueError:
            continue
        found.append((x1, y1, x2, y2))
    return tuple(found)


def drawn(text: str, stroke: list[list[float]]) -> str:
    """Add the line from a stroke's first point to its last."""
    (x1, y1), (x2, y2) = stroke[0], stroke[-1]
    return ";".join(filter(None, [text, f"{x1:.3g} {y1:.3g} {x2:.3g} {y2:.3g}"]))
