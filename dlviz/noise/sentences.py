"""How a run with mini-batches went, in words with its numbers."""

from collections.abc import Sequence

import numpy as np

from dlviz.noise.facts import facts
from dlviz.noise.runs import NoiseTrace, estimates
from dlviz.words import number

COLUMNS = ("batch size", "updates", "scatter of 2000 estimates", "theory", "loss above minimum",
           "theory")  # fmt: skip
HOW = {
    "settles": "settles in the minimum",
    "hovers": "hovers above the minimum",
    "underway": "is still on its way",
    "diverged": "runs away",
}


def outcome_sentence(trace: NoiseTrace) -> str:
    """Say how a run ended, and what theory expects."""
    known = facts(trace)
    words = (f"{known['updates']} updates with {known['batch_size']} of {known['samples']} samples "
             f"each: it {HOW[known['outcome']]}")  # fmt: skip
    if known["excess"] is None or known["outcome"] == "diverged":
        return f"{words}."
    words += f", on average {number(known['excess'])} above it in the last quarter"
    if known["floor"] is None or known["batch_size"] == known["samples"]:
        return f"{words}."
    drawn = "" if known["replacement"] else ", for batches drawn anew"
    return f"{words} (theory{drawn}, in the long run: {number(known['floor'])})."


def table(traces: Sequence[NoiseTrace]) -> list[tuple[str, ...]]:
    """Return a row for each batch size: see ``COLUMNS``."""
    rows: list[tuple[str, ...]] = []
    for trace in traces:
        known = facts(trace)
        seen = estimates(trace.config, np.array(trace.config.start), 2000)[:, 0].std()
        rows.append((
            str(known["batch_size"]), str(known["updates"]), _shown(float(seen)),
            _shown(known["sigma_batch"]), _shown(known["excess"]), _shown(known["floor"]),
        ))  # fmt: skip
    return rows


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return "0" if abs(value) < 1e-12 else number(value)
