"""What the page offers to choose, and settings as the engine takes them."""

from dataclasses import replace
from math import hypot
from typing import Any

from dlviz.datasets import DATASETS
from dlviz.edits import apply_edits, place_of
from dlviz.origami.config import TASKS, OrigamiConfig, architecture_of
from dlviz.origami.constructions import course_of, layers_of
from dlviz.origami.hand import MAX_LINES, HandConfig, Line, halvings
from dlviz.origami.learning import moments_of
from dlviz.origami.stage import DRAWN, KNOBS
from dlviz.region_layers import COLORED_BY

SHORTEST = 0.02  # of a line: less is a click
LONGEST = 400  # characters of 12 lines
NETWORKS = {
    "random": "Random",
    "folded_lines": "Folds + lines",
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
ACTS = {  # on which networks a setting acts, where not on all
    "bias_scale": ("random",),
    "weight_scale": ("random",),
    "lr": ("trained",),
    "seed": ("random", "folded_lines", "trained"),
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


def units_for(network: str, picture: str) -> dict[str, str]:
    """Return the units that there can be: sigmoids are not trained here, and do not fold."""
    return {"relu": "ReLU"} if network == "trained" or picture == "fold" else UNITS


def knobs_for(activation: str, network: str) -> dict[str, str]:
    """Return what the knob can set for such a network: scales are of random weights."""
    if activation == "sigmoid":
        return {"sharpness": KNOBS["sharpness"]}
    return {name: KNOBS[name] for name in (
        ("bias_scale", "weight_scale", "leak") if network == "random" else ("leak",))}  # fmt: skip


def more_for(activation: str, network: str, picture: str) -> tuple[tuple[Any, ...], ...]:
    """Return the rows of controls that act on such a picture of such a network."""
    dead = {"leak"} if activation == "sigmoid" else {"sharpness"}
    if activation == "sigmoid" or picture == "fold":
        dead.add("hinges")
    return tuple(
        row for row in MORE if row[1] not in dead and network in ACTS.get(row[1], NETWORKS)
    )


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
    """Add the line from a stroke's first point to its last; a click or one too many is none."""
    (x1, y1), (x2, y2) = stroke[0], stroke[-1]
    kept = [part for part in text.split(";") if part.strip()]
    if hypot(x2 - x1, y2 - y1) < SHORTEST or len(kept) >= MAX_LINES:
        return text
    return ";".join([*kept, " ".join(f"{v:.2f}".rstrip("0").rstrip(".") for v in (x1, y1, x2, y2))])


def undone(text: str) -> str:
    """Take the last line away."""
    return text.rpartition(";")[0]


def refusal(text: str) -> str:
    """Say what of a text of lines cannot be drawn; "" if all of it can."""
    parts = [part for part in text.split(";") if part.strip()]
    if len(parts) > MAX_LINES:
        return f"expected at most {MAX_LINES} lines, got {len(parts)}: the last ones are left out"
    odd = next((part.strip() for part in parts if not lines_of(part)), "")
    return f"expected lines as x1 y1 x2 y2 in [−4, 4], got {odd!r}: it is left out" if odd else ""
