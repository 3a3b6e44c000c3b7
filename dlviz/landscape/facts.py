"""What can be said about a landscape, in numbers."""

from typing import Any

import numpy as np

from dlviz.landscape.surveys import Surface
from dlviz.words import number

Facts = dict[str, Any]  # int, float, str or None


def facts(made: Surface) -> Facts:
    """State a landscape in numbers; None where one makes no sense.

    - of the Config: ``dataset``, ``depth``, ``width``, ``skip``, ``activation``, ``lr``,
      ``steps``, ``directions``, ``rescale``
    - ``parameters``: how many there are; ``first_loss``, ``loss``: before and after training
    - ``explained``: the percentage of the way that lies in the plane; ``held``: "most" (over 90),
      "little" (below 50) or "half"
    - ``gap``: the largest difference between the loss of the way and of its shadow on the plane
    - ``highest``, ``lowest``: the extreme curvatures after training; ``edge``: 2/lr, where plain
      descent becomes unstable; ``steepest``: the largest curvature measured on the way
    - ``rise``: the highest loss on the plane over the trained one
    - ``outcome``: "learned" (loss below 0.1), "learning" (below half of the first), "stuck"
    """
    config, training = made.config, made.training
    loss, first = float(training.loss[-1]), float(training.loss[0])
    gap = float(np.nanmax(np.abs(made.path_loss - made.slice_loss)))
    top = made.loss[np.isfinite(made.loss)]
    return {
        "dataset": config.dataset,
        "depth": config.depth,
        "width": config.width,
        "skip": config.skip,
        "activation": config.activation,
        "lr": config.lr,
        "steps": int(training.steps[-1]),
        "directions": config.directions,
        "rescale": config.rescale,
        "parameters": training.network.shape.count,
        "first_loss": first,
        "loss": loss,
        "explained": 100 * made.explained,
        "held": "most" if made.explained > 0.9 else "little" if made.explained < 0.5 else "half",
        "gap": gap if np.isfinite(gap) else None,
        "highest": _known(training.highest[-1]),
        "lowest": _known(training.lowest[-1]),
        "steepest": _known(np.max(training.highest)),
        "edge": 2 / config.lr if config.optimizer == "sgd" else None,
        "rise": float(top.max()) - loss if top.size else None,
        "outcome": "learned" if loss < 0.1 else "learning" if loss < first / 2 else "stuck",
    }


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def outcome_sentence(made: Surface) -> str:
    """Say what the network learned and how much of the way the plane shows."""
    known = facts(made)
    words = (f"{known['parameters']} weights and biases, {known['steps']} steps: the loss came "
             f"from {number(known['first_loss'])} to {number(known['loss'])}")  # fmt: skip
    held = f"{number(known['explained'])} %"
    if known["highest"] is None:
        return f"{words}. The plane holds {held} of the way."
    return (f"{words}, where curvatures lie between {number(known['lowest'])} and "
            f"{number(known['highest'])}. The plane holds {held} of the way.")  # fmt: skip
