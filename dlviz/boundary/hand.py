"""A run whose weights were changed by hand at one epoch."""

from dataclasses import replace

import numpy as np

from dlviz.boundary.runs import Initial, train
from dlviz.boundary.traces import BoundaryTrace
from dlviz.edits import apply_edits, place_of


def edited_layers(run: BoundaryTrace, text: str) -> Initial | None:
    """Return the weights and biases that edits make of a run's.

    Parameters
    ----------
    text : "epoch@rate;operations" as the player writes it: see ``dlviz.edits``

    Returns
    -------
    weights and biases, or None
        None where the text is empty, makes no sense, or is about another epoch or rate.
    """
    found = place_of(text, run.config.lr)
    if not found or found[0] not in run.epochs:
        return None
    entry = int(np.flatnonzero(run.epochs == found[0])[0])
    try:
        changed = apply_edits(run.architecture, run.parameters[entry], found[1])
    except ValueError:
        return None
    layers = run.architecture.layers(changed)
    return layers.weights, layers.biases


def edited_run(run: BoundaryTrace, text: str) -> BoundaryTrace | None:
    """Return a run of one entry, the network as it was changed; None as ``edited_layers``."""
    layers = edited_layers(run, text)
    return layers and train(replace(run.config, epochs=0), run.data, layers)
