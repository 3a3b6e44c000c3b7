"""The numbers that the words, questions and goals of the lab use."""

from collections.abc import Mapping
from typing import Any

from dlviz.defend.config import EPSILONS, HARDENINGS, MASKS, DefendConfig
from dlviz.defend.masking import ATTACKS, BREAKERS, Masking
from dlviz.defend.shipped import Price
from dlviz.defend.smoothing import Smoothing, most_certain
from dlviz.defend.training import Duel
from dlviz.words import number

Facts = Mapping[str, Any]
Run = Duel | Price | Masking | Smoothing

_NAMES = (
    "plain", "hard", "plain_clean", "hard_clean", "gain", "cost", "costly", "epochs", "trained",
    "price_clean", "price_robust", "price_cost", "fgsm_right", "pgd_right", "twin_right",
    "break_right", "breaker", "flat", "fgsm_fools", "break_fools", "mask", "votes", "copies",
    "answer", "label", "bound", "radius", "most", "beyond", "smoothed",
)  # fmt: skip
DEAR = 0.1  # of accuracy, that is a high price
FAR = 1.0  # in L2: half of a digit's own length, and less than that


def facts(config: DefendConfig, run: Run) -> Facts:
    """Return the numbers of a picture; None where it has none."""
    found: dict[str, Any] = dict.fromkeys(_NAMES)
    if isinstance(run, Duel):
        found |= _of_duel(config, run)
    elif isinstance(run, Price):
        found |= _of_price(config, run)
    elif isinstance(run, Masking):
        found |= _of_masking(config, run)
    else:
        found |= _of_smoothing(config, run)
    return {**found, "picture": config.picture, "epsilon": config.epsilon, "kind": config.kind,
            "hardening": config.hardening, "sigma": config.sigma}  # fmt: skip


def _percent(share: Any) -> float:
    return round(100 * float(share), 1)


def _of_duel(config: DefendConfig, run: Duel) -> dict[str, Any]:
    at = run.values.index(config.epsilon)
    plain, hard = run.accuracy[:, -1, at]
    clean, hard_clean = run.accuracy[:, -1, 0]
    cost = float(clean - hard_clean)
    return {"plain": _percent(plain), "hard": _percent(hard), "plain_clean": _percent(clean),
            "hard_clean": _percent(hard_clean), "gain": _percent(hard - plain),
            "cost": _percent(cost), "costly": "yes" if cost > DEAR else "no",
            "epochs": int(run.epochs[-1]), "trained": run.sides[1]}  # fmt: skip


def _of_price(config: DefendConfig, run: Price) -> dict[str, Any]:
    row, column = nearest(config.hardening, HARDENINGS), nearest(config.epsilon, EPSILONS)
    clean = run.accuracy[row, 0]
    return {"price_clean": _percent(clean), "price_robust": _percent(run.accuracy[row, column]),
            "price_cost": _percent(run.accuracy[0, 0] - clean)}  # fmt: skip


def _of_masking(config: DefendConfig, run: Masking) -> dict[str, Any]:
    at = run.values.index(config.epsilon)
    right = dict(zip(ATTACKS, run.accuracy[:, at], strict=True))
    before = float(run.accuracy[0, 0])
    return {
        **{f"{name}_right": _percent(right[name]) for name in ("fgsm", "pgd", "twin", "break")},
        "breaker": BREAKERS[config.mask],
        "flat": _percent(run.flat[1]),
        "fgsm_fools": "yes" if right["fgsm"] < before - DEAR else "no",
        "break_fools": "yes" if right["break"] < before - DEAR else "no",
        "mask": MASKS[config.mask].lower(),
        "label": run.label,
    }


def _of_smoothing(config: DefendConfig, run: Smoothing) -> dict[str, Any]:
    at = run.values.index(config.sigma)
    radius, answer = float(run.radii[at]), int(run.answers[at])
    return {"votes": int(run.votes[at].max()), "copies": int(run.votes[at].sum()),
            "answer": None if answer < 0 else answer, "label": run.label,
            "bound": round(float(run.bounds[at]), 4) if radius else None,
            "radius": round(radius, 3), "beyond": "yes" if radius >= FAR else "no",
            "most": round(most_certain(config.sigma, config.samples), 3),
            "smoothed": "yes" if answer == run.label else "no"}  # fmt: skip


def nearest(value: float, values: tuple[float, ...]) -> int:
    """Return where in a list a number is, or the one nearest to it."""
    return min(range(len(values)), key=lambda i: abs(values[i] - value))


def outcome_sentence(found: Facts) -> str:
    """Say in one sentence what the defense came to."""
    within = f"Within ε = {number(found['epsilon'])}"
    if found["picture"] == "training":
        return (
            f"{within} the network trained {found['trained']} reads {number(found['hard'])} %, the "
            f"other {number(found['plain'])} %; without attack {number(found['hard_clean'])} % and "
            f"{number(found['plain_clean'])} %."
        )
    if found["picture"] == "price":
        return (
            f"Trained on ε = {number(found['hardening'])}, it reads {number(found['price_clean'])} "
            f"% without attack and {number(found['price_robust'])} % within ε = "
            f"{number(found['epsilon'])}."
        )
    if found["picture"] == "masking":
        return (
            f"{within} FGSM leaves {number(found['fgsm_right'])} % right, and "
            f"{found['breaker']} {number(found['break_right'])} %."
        )
    if found["answer"] is None:
        return "The vote is too close: nothing is certain, and it abstains."
    return (
        f"{found['votes']} of {found['copies']} copies say {found['answer']}: nothing within "
        f"{number(found['radius'])} in L2 turns the vote."
    )
