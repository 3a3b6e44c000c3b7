"""What can be said about a run in numbers, for words, predictions and challenges."""

from math import isfinite
from typing import Any

import numpy as np

from dlviz.boundary.traces import BoundaryTrace

Facts = dict[str, Any]  # int, float, str, bool or None

FIT = 0.02  # the test loss below which a run has learned its task
ALIKE = 1e-9  # how far numbers that should be the same may be apart


def facts(trace: BoundaryTrace) -> Facts:
    """State a run in numbers; None where a number makes no sense or is not finite.

    "The end" is the last entry, "the start" is entry 0.

    - ``dataset``, ``optimizer``, ``lr``: of the Config; ``loss``: as used (a regression has its
      own); ``features``: names with commas between
    - ``hidden_layers``, ``units`` (hidden ones, of all layers), ``parameters``, ``links`` (weights
      without biases); ``widths``: units of each hidden layer, "4 - 2"; ``activation``: "tanh", or
      "relu, tanh" if layers differ. These two are None without hidden layers.
    - ``outcome``; ``epochs`` as made
    - ``train_loss``, ``test_loss``, ``train_accuracy``, ``test_accuracy``: at the end; a regression
      has no accuracy
    - ``best_test_loss``, ``best_epoch``: the lowest test loss recorded, and when
    - ``overfit``: the test loss at the end less the lowest; ``gap``: the test loss less the
      training loss at the end
    - ``epochs_to_fit``: the first recorded epoch with a test loss below ``FIT``; ``fits``: whether
      there is one
    - ``chance``: the accuracy of always naming the class that most test points have
    - ``n_train``, ``n_test``: points
    - ``gradient_first``, ``gradient_last``: the length of the gradient of the first and the last
      layer's weights at the start
    - ``dead_links``: weights that L1 has killed by the end
    - ``symmetric``: whether all units of a hidden layer of two or more have the same incoming
      weights and bias at the end
    """
    train, test = trace.data
    fit = trace.epochs[trace.test_loss < FIT]  # nan is not
    ends = {name: _end(trace, name) for name in ("train_loss", "test_loss")}
    return {
        "dataset": trace.config.dataset,
        "optimizer": trace.config.optimizer,
        "lr": float(trace.config.lr),
        "loss": trace.head.loss,
        "features": ", ".join(trace.config.features),
        **_network_facts(trace),
        "outcome": str(trace.outcome),
        "epochs": int(trace.epochs[-1]),
        **ends,
        "train_accuracy": _end(trace, "train_accuracy"),
        "test_accuracy": _end(trace, "test_accuracy"),
        **_best_facts(trace, ends["test_loss"]),
        "gap": _difference(ends["test_loss"], ends["train_loss"]),
        "epochs_to_fit": int(fit[0]) if len(fit) else None,
        "fits": len(fit) > 0,
        "chance": _chance(trace),
        "n_train": len(train.x),
        "n_test": len(test.x),
        "gradient_first": _number(trace.grad_norms[0, 0]),
        "gradient_last": _number(trace.grad_norms[0, -1]),
        "dead_links": int(trace.dead[-1].sum()),
        "symmetric": is_symmetric(trace),
    }


def _network_facts(trace: BoundaryTrace) -> Facts:
    shape = trace.architecture
    hidden, names = shape.sizes[1:-1], shape.hidden
    same = len(set(names)) == 1
    return {
        "hidden_layers": len(hidden),
        "units": sum(hidden),
        "widths": " - ".join(map(str, hidden)) or None,
        "activation": names[0] if same else ", ".join(names) or None,
        "parameters": shape.count,
        "links": int(shape.is_weight().sum()),
    }


def _best_facts(trace: BoundaryTrace, end: float | None) -> Facts:
    losses = np.where(np.isfinite(trace.test_loss), trace.test_loss, np.inf)
    entry = int(losses.argmin())
    best = _number(losses[entry])
    epoch = None if best is None else int(trace.epochs[entry])
    return {"best_test_loss": best, "best_epoch": epoch, "overfit": _difference(end, best)}


def _number(value: Any) -> float | None:
    return float(value) if isfinite(value) else None


def _end(trace: BoundaryTrace, name: str) -> float | None:
    return _number(getattr(trace, name)[-1])


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _chance(trace: BoundaryTrace) -> float | None:
    if trace.head.task == "regression":
        return None
    y = trace.data[1].y
    return float(np.bincount(y).max() / len(y))


def is_symmetric(trace: BoundaryTrace) -> bool:
    """Tell whether a hidden layer's units, two or more, have become or stayed all alike."""
    *hidden, _ = trace.architecture.matrices(trace.parameters[-1])
    with np.errstate(all="ignore"):
        apart = [np.abs(matrix - matrix[0]).max() for matrix in hidden if len(matrix) > 1]
    return any(bool(gap <= ALIKE) for gap in apart)
