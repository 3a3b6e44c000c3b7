"""The numbers of a picture, for words, questions and goals."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from dlviz.adversarial.config import METHOD_NAMES, AdversarialConfig
from dlviz.adversarial.crowd import crowd
from dlviz.adversarial.nearest import ways
from dlviz.adversarial.shades import percent
from dlviz.adversarial.shares import accuracy, distances
from dlviz.adversarial.sums import linear_sum
from dlviz.adversarial.sweeps import sweep
from dlviz.robustness import random_change, sign_gap
from dlviz.words import number

Facts = Mapping[str, Any]

# What only some pictures have.
_NONE = dict.fromkeys(
    ("label", "read", "answer", "confidence", "confidence_before", "fooled", "random_answer",
     "random_fooled", "fgsm_from", "random_from", "universal_from", "target_hit", "reach",
     "pixels", "pixels_gap", "rival", "lead", "chosen_sum", "coins_sum", "spread", "tie", "way",
     "distance", "cw_distance", "usual_distance", "kept_noise", "kept_fgsm", "kept_pgd",
     "twin_fgsm", "misread", "coins_misread", "many", "n", "gap"),
)  # fmt: skip


def facts(config: AdversarialConfig) -> Facts:
    """Return the numbers of the picture that a Config asks for; None where it has none."""
    found: dict[str, Any] = {
        **_NONE,
        "picture": config.picture,
        "method": METHOD_NAMES[config.method],
        "epsilon": config.epsilon,
        "victim": config.victim,
        "hardened": "yes" if config.hardened else "no",
    }
    found |= _PICTURES[config.picture](config)
    return found


def _digit(config: AdversarialConfig) -> Facts:
    method = "pgd" if config.picture == "path" else config.method
    config = replace(config, method=method)
    here, run = sweep(config, (0.0, config.epsilon)), sweep(config)
    at_method, coins = here.shown.index(method), here.shown.index("noise_sign")
    answer, random_answer = int(here.answers[at_method, 1]), int(here.answers[coins, 1])
    read, reach = int(here.answers[coins, 0]), config.steps * config.step_size
    return {
        "label": here.label,
        "read": read,
        "answer": answer,
        "method": METHOD_NAMES[method],
        "confidence": round(float(here.confidences[at_method, 1].max()), 3),
        "confidence_before": round(float(here.confidences[coins, 0].max()), 3),
        "fooled": _yes(answer != here.label == read),
        "random_answer": random_answer,
        "random_fooled": _yes(random_answer != here.label == read),
        "fgsm_from": run.first_mistake("fgsm"),
        "random_from": run.first_mistake("noise_sign"),
        "universal_from": run.first_mistake("universal"),
        "target_hit": _yes(str(answer) == config.target),
        "reach": reach if method == "pgd" and 0 < reach < config.epsilon else None,
        "pixels": here.picture.size,
        "pixels_gap": sign_gap(here.picture.size),
    }


def _sum(config: AdversarialConfig) -> Facts:
    found = linear_sum(config)
    chosen = float(found.chosen(config.epsilon).sum())
    return {
        "label": found.label,
        "rival": found.rival,
        "lead": found.lead,
        "chosen_sum": chosen,
        "coins_sum": float(found.random(config.epsilon).sum()),
        "spread": random_change(found.weights, config.epsilon)[0],
        "tie": found.tie,
        "fooled": _yes(found.lead + chosen > 0),
    }


def _nearest(config: AdversarialConfig) -> Facts:
    run = ways(config, (0.0, config.way))
    return {
        "label": run.label,
        "read": int(run.answers[0, 0]),
        "answer": int(run.answers[0, 1]),
        "fooled": _yes(int(run.answers[0, 1]) != run.label),
        "way": config.way,
        "distance": float(run.distances[0]),
        "cw_distance": float(run.distances[1]),
        "usual_distance": float(np.median(distances(config.victim, config.hardened))),
    }


def _kept(config: AdversarialConfig) -> Facts:
    def kept(name: str, hardened: bool) -> float:
        return round(accuracy(name, config.victim, hardened, config.epsilon), 3)

    return {
        "kept_noise": kept("noise_sign", config.hardened),
        "kept_fgsm": kept("fgsm", config.hardened),
        "kept_pgd": kept("pgd", config.hardened),
        "twin_fgsm": None if config.hardened else kept("fgsm", True),
    }


def _crowd(config: AdversarialConfig) -> Facts:
    one, coins = (crowd(config, (config.epsilon,), name) for name in ("universal", "noise_sign"))
    return {
        "misread": int(one.misread[0]),
        "coins_misread": int(coins.misread[0]),
        "many": len(one.labels),
    }


def _gap(config: AdversarialConfig) -> Facts:
    return {"n": config.dimension, "gap": sign_gap(config.dimension)}


_PICTURES: Mapping[str, Callable[[AdversarialConfig], Facts]] = {
    "attacks": _digit,
    "path": _digit,
    "plane": _digit,
    "sum": _sum,
    "shares": _kept,
    "nearest": _nearest,
    "universal": _crowd,
    "transfer": _kept,
    "gap": _gap,
}


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def outcome_sentence(found: Facts) -> str:
    """Say in one sentence what the picture comes to."""
    return _SENTENCES.get(found["picture"], _attacked)(found)


def _attacked(found: Facts) -> str:
    percent = f"{100 * found['confidence']:.0f} %"
    so = f"{found['method']} within ε = {number(found['epsilon'])}: "
    if found["read"] != found["label"]:
        misread = f"the {found['label']} was misread as {found['read']} before any attack"
        return f"{so}{misread}; now it is read as {found['answer']} ({percent})."
    if found["fooled"] == "no":
        return f"{so}the network still reads {found['answer']} ({percent})."
    return f"{so}the {found['label']} is read as {found['answer']} ({percent})."


def _summed(found: Facts) -> str:
    end = found["lead"] + found["chosen_sum"]
    so = f"read as {found['rival']}" if end > 0 else f"still read as {found['label']}"
    return (
        f"{found['rival']} is behind by {number(-found['lead'])}; chosen signs add "
        f"{number(found['chosen_sum'])}: {so}. These coins add {number(found['coins_sum'])}."
    )


def _walked(found: Facts) -> str:
    return (
        f"The nearest mistake that DeepFool finds is {number(found['distance'])} away, "
        f"Carlini–Wagner's {number(found['cw_distance'])}; of all test digits half are nearer to "
        f"one than {number(found['usual_distance'])}."
    )


def _held(found: Facts) -> str:
    return (
        f"Within ε = {number(found['epsilon'])} it still reads {percent(found['kept_noise'])} of "
        f"the test digits under random signs, {percent(found['kept_fgsm'])} under FGSM and "
        f"{percent(found['kept_pgd'])} under PGD."
    )


def _crowded(found: Facts) -> str:
    return (
        f"One change within ε = {number(found['epsilon'])} has {found['misread']} of "
        f"{found['many']} digits misread, random signs {found['coins_misread']}."
    )


def _wide(found: Facts) -> str:
    return f"Of n = {found['n']} pixels, chosen signs do {number(found['gap'])} times as much."


_SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "sum": _summed,
    "shares": _held,
    "transfer": _held,
    "nearest": _walked,
    "universal": _crowded,
    "gap": _wide,
}
