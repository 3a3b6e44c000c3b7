"""What can be said about a trained network and the picture it is shown, in numbers."""

from typing import Any

import numpy as np

from dlviz.filters.config import FiltersConfig
from dlviz.filters.shown import label_of, picture_of
from dlviz.filters.traces import FiltersTrace, answers, data_of

Facts = dict[str, Any]  # int, float, str, bool or None


def facts(trace: FiltersTrace, config: FiltersConfig) -> Facts:
    """State a run, and the answer to the picture of ``config``; None where there is no number.

    - ``accuracy``, ``train_accuracy``: in percent; ``wrong``: test pictures answered wrongly;
      ``tests``: of how many
    - ``parameters``, ``products``; ``filters`` of the first conv, and its ``kernel``; ``layers``:
      blocks with weights
    - ``outcome``
    - ``says``: the class of the answer, ``sure`` in percent; ``label``: the right one, ``right``
    - ``drawn``, ``angle``, ``shift``, ``noise``, ``shuffled``, ``dataset``
    """
    net = trace.net
    conv = next((block for block in net.blocks if block.kind == "conv"), None)
    tests = tests_of(trace)
    return {
        "accuracy": float(100 * trace.test_accuracy[-1]),
        "train_accuracy": float(100 * trace.accuracy[-1]),
        "wrong": round((1 - float(trace.test_accuracy[-1])) * tests),
        "tests": tests,
        "parameters": net.parameters,
        "products": net.products,
        "layers": sum(block.kind in ("conv", "dense", "output") for block in net.blocks),
        "filters": conv.shape[0] if conv else None,
        "kernel": conv.word.kernel if conv else None,
        "outcome": trace.outcome,
        **_answer(trace, config),
        **{name: getattr(config, name) for name in ("angle", "shift", "noise", "shuffled",
                                                    "dataset")},
        "drawn": config.source == "drawn",
    }  # fmt: skip


def _answer(trace: FiltersTrace, config: FiltersConfig) -> Facts:
    found = answers(trace, picture_of(config)[None])[0]
    names = data_of(config.dataset, config.shuffled).names
    label = label_of(config)
    if not np.isfinite(found).all():
        return {"says": None, "sure": None, "label": None, "right": None}
    best = int(found.argmax())
    return {
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
