"""How many regions there are, in words and beside what is known of such networks."""

from collections.abc import Mapping
from typing import Any

from dlviz.origami.hand import HandTrace
from dlviz.origami.traces import OrigamiTrace

Rows = tuple[tuple[str, str], ...]


def outcome_sentence(trace: OrigamiTrace) -> str:
    """Say in one sentence what the layers have made of the plane."""
    config, count = trace.config, len(trace.regions)
    units = sum(config.hidden)
    if trace.outcome == "smooth":
        return (
            f"No flat pieces: {units} sigmoids bend everywhere. As ReLU the same network has "
            f"{count} regions."
        )
    layers = ", then ".join(map(str, trace.counts[1:].tolist())) or "1"
    who = "1 unit cuts" if units == 1 else f"{units} units cut"
    words = f"{who} the window into {count} regions: after each layer {layers}."
    if trace.outcome == "merged":
        words += f" Slivers of {trace.regions.dropped_area:.1e} in all were too thin to tell apart."
    return words


def hand_sentence(trace: HandTrace) -> str:
    """Say in one sentence what was folded, drawn and counted by hand."""
    folds = len(trace.config.creases)
    lines = sum(bool(len(trace.paper.hinges(unit))) for unit in trace.line_units)
    missing = len(trace.line_units) - lines
    words = (
        f"Folds: {folds}, so the packet has {trace.squares} layers. Lines through all of them: "
        f"{lines}. Pieces of the unfolded sheet: {trace.count}."
    )
    return f"{words} Lines that miss the packet: {missing}." if missing else words


def bound_rows(facts: Mapping[str, Any]) -> Rows:
    """Return what is known of the number of regions, row by row: what, and how many."""
    rows = (
        ("here, in the window (of a trained network: in the end)", "regions"),
        ("linear pieces, regions of the same slope joined", "pieces"),
        ("one hidden layer of as many units, at most: 1 + n + C(n, 2)", "shallow"),
        ("units that one layer would need", "shallow_units"),
        ("a network of these layers makes, if they fold (Montúfar et al. 2014)", "montufar"),
        ("it makes at least, at best (Pascanu et al. 2014)", "pascanu"),
        ("at most (Montúfar 2017)", "montufar_upper"),
        ("at most (Serra et al. 2018)", "serra"),
        ("random weights, about: N²/2 (Hanin & Rolnick 2019)", "typical"),
        ("regions that 512 × 512 pixels would miss", "missed"),
    )
    return tuple((words, _exact(facts[name])) for words, name in rows if facts[name] is not None)


def _exact(count: float) -> str:
    return f"{count:,.0f}" if count == int(count) else f"{count:,}"
