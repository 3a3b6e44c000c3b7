"""The numbers that the words, questions and goals of the lab use."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from dlviz.explain.config import METHODS, RULES, ExplainConfig, values_of
from dlviz.explain.maps import ExplainSweep, sweep
from dlviz.explain.measures import alike, erase
from dlviz.explain.pixels import two_pixels
from dlviz.words import number

Facts = Mapping[str, Any]

_OF_MAPS = ("label", "read", "explained", "choice", "method", "sum", "rise", "error", "fit",
            "product_sum", "against", "cam_against", "blank", "forgotten", "gradient_alike",
            "product_alike", "integrated_alike", "victim", "steps", "rule", "complete",
            "smooth_alike", "misread", "product_changes", "erased_own", "erased_chance",
            "heeded")  # fmt: skip
_OF_PIXELS = ("weight_1", "weight_2", "pattern_1", "pattern_2", "correlation_2", "spread")
LITTLE = 0.8  # a rank correlation above which a map has hardly changed
QUARTER = 16  # of 64 pixels
SAME = 0.02  # of a sum, that counts as none


def facts(config: ExplainConfig) -> Facts:
    """Return the numbers of one picture; None where it has none."""
    none = dict.fromkeys((*_OF_MAPS, *_OF_PIXELS))
    found = _of_pixels(config) if config.picture == "distractor" else _of_maps(config)
    if config.picture == "erase":
        found |= _of_erasing(config)
    return {**none, **found, "picture": config.picture}


def _of_pixels(config: ExplainConfig) -> dict[str, Any]:
    run = two_pixels(config, (config.spread,))
    (w1, w2), (p1, p2) = run.weights[0].tolist(), run.patterns[0].tolist()
    return {"weight_1": round(w1, 6), "weight_2": round(w2, 6), "pattern_1": round(p1, 3),
            "pattern_2": round(p2, 3), "correlation_2": round(float(run.correlations[0, 1]), 3),
            "spread": config.spread}  # fmt: skip


def _of_maps(config: ExplainConfig) -> dict[str, Any]:
    run = sweep(config, "rank", (config.rank,))
    # What has forgotten is compared with what has not; only those settings differ.
    sure = run if not config.forgotten else sweep(replace(config, forgotten=0), "rank", run.values)
    answer = int(sure.logits[0].argmax())
    read, method = int(run.logits[0].argmax()), list(METHODS).index(config.method)
    shown, error, rise = run.maps[0, method], float(run.error[0]), float(run.rise[0])
    weight = np.abs(shown).sum()
    cam = run.map_of("cam")[0]
    integrated = np.abs(run.map_of("integrated")[0])
    blank = float(integrated[run.image == 0].sum() / max(integrated.sum(), 1e-12))
    forgot = bool(config.forgotten)
    like = {name: _alike(run, sure, name) for name in ("gradient", "product", "integrated")}
    return {
        "label": run.label,
        "read": read,
        "misread": None if run.label is None else "yes" if answer != run.label else "no",
        "explained": run.classes[0],
        "choice": config.rank,
        "method": METHODS[config.method],
        "sum": _rounded(float(run.sums[0, method])),
        "rise": _rounded(rise),
        "error": _rounded(error),
        "complete": "yes" if abs(error) <= SAME * abs(rise) else "no",
        "product_sum": _rounded(float(run.map_of("product")[0].sum())),
        "fit": _rounded(float(run.fit[0])),
        "against": None if np.isnan(weight) else _share(shown),
        "cam_against": None if np.isnan(cam).any() else _share(cam),
        "blank": round(100 * blank, 1),
        "forgotten": config.forgotten if forgot else None,
        **{f"{name}_alike": value if forgot else None for name, value in like.items()},
        "product_changes": "yes" if like["product"] < LITTLE else "no",
        "smooth_alike": _rounded(alike(run.map_of("smooth")[0], run.map_of("gradient")[0])),
        "victim": config.victim,
        "steps": config.steps,
        "rule": RULES[config.rule],
    }  # fmt: skip


def _of_erasing(config: ExplainConfig) -> dict[str, Any]:
    """Return the logit when a quarter of the pixels are erased."""
    values = values_of(config)
    logits = erase(config, values).logits[values.index(config.rank), :, QUARTER]
    own, chance = float(logits[list(METHODS).index(config.method)]), float(logits[-1])
    heeded = None if np.isnan(own) else "yes" if own < chance else "no"
    return {"erased_own": _rounded(own), "erased_chance": _rounded(chance), "heeded": heeded}


def _alike(run: ExplainSweep, sure: ExplainSweep, method: str) -> float:
    return round(alike(run.map_of(method)[0], sure.map_of(method)[0]), 2)


def _share(shown: np.ndarray[Any, np.dtype[np.float32]]) -> float:
    """Return what percentage of a map speaks against the class."""
    total = float(np.abs(shown).sum())
    return round(100 * float(np.abs(shown[shown < 0]).sum()) / total, 1) if total else 0.0


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.4g}")


def outcome_sentence(found: Facts) -> str:
    """Say in one sentence what the chosen map says."""
    if found["picture"] == "distractor":
        return (
            f"The weights are ({number(found['weight_1'])}, {number(found['weight_2'])}), though "
            f"the second pixel tells nothing of y: its correlation is "
            f"{number(found['correlation_2'])}."
        )
    asked = f"Why a {found['explained']}"
    asked += "?" if found["choice"] == 1 else f", its choice number {found['choice']}?"
    if found["sum"] is None:
        return f"{asked} {found['method']} needs a convolution."
    return (
        f"{asked} {found['method'][0].upper()}{found['method'][1:]} adds up to "
        f"{number(found['sum'])}, of which {number(found['against'])} % speaks against it."
    )
