"""A run whose weights were changed by hand at one epoch."""

import re
from dataclasses import replace

import numpy as np

from dlviz.boundary.edits import apply_edits
from dlviz.boundary.runs import Initial, train
from dlviz.boundary.traces import BoundaryTrace

_TEXT = re.compile(r"(\d{1,5})@([0-9.e+-]{1,20});(.+)", re.ASCII)


def edited_layers(run: BoundaryTrace, text: str) -> Initial | None:
    """Return the weights and biases that edits make of a run's.

    Parameters
    ----------
    text : "epoch@rate;operations" as the player writes it: see ``dlviz.boundary.edits``

    Returns
    -------
    weights and biases, or None
        None where the text is empty, makes no sense, or is about another epoch or rate.
    """
    match = _TEXT.fullmatch(text)
    if not match or not _is(match[2], run.config.lr):
        return None
    entries = np.flatnonzero(run.epochs == int(match[1]))
    if len(entries) == 0:
        return None
    try:
        changed = apply_edits(run.architecture, run.parameters[entries[0]], match[3])
    except ValueError:
        return None
    layers = run.architecture.layers(changed)
    return layers.weights, layers.biases


def edited_run(run: BoundaryTrace, text: str) -> BoundaryTrace | None:
    """Return a run of one entry, the network as it was changed; None as ``edited_layers``."""
    layers = edited_layers(run, text)
    return layers and train(replace(run.config, epochs=0), run.data, layers)


def edited_epoch(text: str) -> int | None:
    """Return the epoch that edits are about."""
    match = _TEXT.fullmatch(text)
    return int(match[1]) if match else None


def _is(text: str, rate: float) -> bool:
    try:
        return bool(np.isclose(float(text), rate, rtol=1e-6))
    except ValueError:
        return False
