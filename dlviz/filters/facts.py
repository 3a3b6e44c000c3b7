"""What can be said about a trained network and the picture it is shown, in numbers."""

from typing import Any

import numpy as np

from dlviz.cnn import Cnn
from dlviz.filters.config import FiltersConfig
from dlviz.filters.shown import label_of, picture_of
from dlviz.filters.traces import FiltersTrace, answers, data_of

Facts = dict[str, Any]  # int, float, str, bool or None


def facts(trace: FiltersTrace, config: FiltersConfig) -> Facts:
    """State a run, and the answer to the picture of ``config``; None where there is no number.

    - ``accuracy``, ``train_accuracy``: in percent; ``wrong``: test pictures answered wrongly;
      ``tests``: of how many
    - ``grade``: "high" from 90 % on, "fair" from 70 % on, else "low"
    - ``parameters``, ``products`` for a picture, and those of the convolutions alone,
      ``conv_parameters``, ``conv_products``; ``filters`` of the first conv, its ``kernel``,
      ``channels`` and parameters, ``first``; ``layers``: blocks with weights
    - ``outcome``
    - ``answer``: the number of the likeliest class, ``says`` its name, ``sure`` in percent;
      ``label``: the right one, ``right``
    - ``drawn``, ``angle``, ``shift``, ``noise``, ``shuffled``, ``dataset``
    """
    tests = tests_of(trace)
    return {
        "accuracy": float(100 * trace.test_accuracy[-1]),
        "train_accuracy": float(100 * trace.accuracy[-1]),
        "wrong": round((1 - float(trace.test_accuracy[-1])) * tests),
        "tests": tests,
        "grade": _grade(float(trace.test_accuracy[-1])),
        "epochs": trace.config.epochs,
        **_shape(trace.net),
        "outcome": trace.outcome,
        **_answer(trace, config),
        **{name: getattr(config, name) for name in ("angle", "shift", "noise", "shuffled",
                                                    "dataset")},
        "drawn": config.source == "drawn",
    }  # fmt: skip


def _grade(accuracy: float) -> str:
    return "high" if accuracy >= 0.9 else "fair" if accuracy >= 0.7 else "low"


def _shape(net: Cnn) -> Facts:
    convs = [block for block in net.blocks if block.kind == "conv"]
    return {
        "parameters": net.parameters,
        "products": net.products,
        "conv_parameters": sum(block.parameters for block in convs) if convs else None,
        "conv_products": sum(block.products for block in convs) if convs else None,
        "layers": sum(block.kind in ("conv", "dense", "output") for block in net.blocks),
        "filters": convs[0].shape[0] if convs else None,
        "kernel": convs[0].word.kernel if convs else None,
        "channels": convs[0].shape_in[0] if convs else None,
        "first": convs[0].parameters if convs else None,
    }


def _answer(trace: FiltersTrace, config: FiltersConfig) -> Facts:
    found = answers(trace, picture_of(config)[None])[0]
    names = data_of(config.dataset, config.shuffled).names
    label = label_of(config)
    if not np.isfinite(found).all():
        return {"answer": 0, "says": None, "sure": None, "label": None, "right": None}
    best = int(found.argmax())
    return {
        "answer": best,
        "says": names[best],
        "sure": float(100 * found[best]),
        "label": None if label is None else names[label],
        "right": None if label is None else best == label,
    }


def outcome_sentence(trace: FiltersTrace) -> str:
    """Say in one sentence how the training ended."""
    if trace.outcome == "diverged":
        return "The numbers ran away: a smaller learning rate would keep them."
    accuracy, tests = float(trace.test_accuracy[-1]), tests_of(trace)
    wrong = round((1 - accuracy) * tests)
    words = f"After {trace.epochs[-1]:.3g} epochs {wrong} of {tests} test pictures are wrong: "
    words += f"{100 * accuracy:.1f} % are right"
    if trace.outcome == "guesses":
        return f"{words}, hardly better than by chance."
    return f"{words}, of the training pictures {100 * float(trace.accuracy[-1]):.1f} %."


def tests_of(trace: FiltersTrace) -> int:
    """Return how many test pictures there are."""
    return len(data_of(trace.config.dataset, trace.config.shuffled).test_y)
