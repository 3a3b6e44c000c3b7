"""One update in slow motion: what a rule remembers, and what it makes a step of."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlviz.frozen import frozen
from dlviz.optimizers import (
    OPTIMIZERS,
    Adadelta,
    Adam,
    Adamw,
    Array,
    Momentum,
    Nadam,
    Nesterov,
    Newton,
    State,
)
from dlviz.race.config import RaceConfig, surface_of
from dlviz.race.team import rules_of

STEPS = 12  # updates that are shown
ANATOMIES = tuple(OPTIMIZERS)


@dataclass(frozen=True, eq=False)
class Anatomy:
    """N updates of one optimizer at R learning rates; arrays are (R, N, 2), read-only.

    Parts are moves in the plane, as the deck draws them: minus the learning rate is in them.

    Parameters
    ----------
    rule : the optimizer's name
    base : where each update begins; (R, N+1, 2), the last is the end. Of nesterov, the point
        before its jump: deck 004's w, while torch's w is the point after it
    grads : the slope that the update uses: of nesterov, after its jump
    parts : moves by name: "gradient", "velocity" (what is left of it), "jump", "correction",
        "mean", "corrected", "plain" (momentum's step from the same place), "shrink" (of adamw),
        "ahead" (of nadam), "along1", "along2" (of the gradient, along the axes of curvature),
        "scaled1", "scaled2" (these over the curvatures), "step" (the update)
    squares, unbiased : accumulated squares after the update, as they are and without the bias of
        having begun at 0; zeros where a rule has none. Of adadelta, their mean over that of the
        squares of the steps so far
    rates : (R,)
    """

    rule: str
    base: Array
    grads: Array
    parts: dict[str, Array]
    squares: Array
    unbiased: Array
    rates: Array


def anatomy(config: RaceConfig, rule: str, factors: tuple[float, ...]) -> Anatomy:
    """Take the first 12 updates of a rule apart, at the first given rate times each factor.

    One-dimensional surfaces have no y: it is 0.

    Raises
    ------
    ValueError
        If the rule is none of ``ANATOMIES``.
    """
    if rule not in ANATOMIES:
        raise ValueError(f"expected rule in {', '.join(ANATOMIES)}, got {rule!r}")
    settings = {"momentum": config.momentum, "beta1": config.momentum, "beta2": config.beta2,
                "weight_decay": config.weight_decay}  # fmt: skip
    ((_, made),) = rules_of((rule,), settings)
    surface = surface_of(config)
    w = np.tile(config.start[: surface.dim], (len(factors), 1))
    rates = config.lrs[0] * np.array(factors)
    lr, state, seen = rates[:, None], made.init(w), []
    with np.errstate(all="ignore"):  # overflow is an outcome, not an accident
        for _ in range(STEPS):
            grad = surface.gradient(w)
            hessian = surface.hessian(w) if made.uses_hessian else None
            after, later = made.step(w, grad, state, lr, hessian)
            taken = {**_parts(lr, w, grad, after), **_memory(made, lr, state, later)}
            if hessian is not None:
                taken |= _axes(lr, grad, hessian)
            if isinstance(made, Adamw):
                taken["shrink"] = -lr * made.weight_decay * w
            if isinstance(made, Nadam):
                taken["ahead"] = (after - w) * (np.sqrt(taken["unbiased"]) + made.eps)
            if isinstance(made, Nesterov):  # w is where the jump ends
                taken["base"] = w - taken["jump"]
                taken["plain"] = taken["jump"] - lr * surface.gradient(taken["base"])
            seen.append(taken)
            w, state = after, later
        parts = {name: _plane(np.stack([one[name] for one in seen], axis=1)) for name in seen[0]}
        base = parts.pop("base")
        base = np.concatenate([base, base[:, -1:] + parts["step"][:, -1:]], axis=1)
    grads, squares, unbiased = (parts.pop(name) for name in ("grads", "squares", "unbiased"))
    return Anatomy(
        rule, frozen(base), frozen(grads), {name: frozen(part) for name, part in parts.items()},
        frozen(squares), frozen(unbiased), frozen(rates),
    )  # fmt: skip


def _parts(lr: Array, w: Array, grad: Array, after: Array) -> dict[str, Array]:
    nothing = np.zeros_like(w)
    return {"base": w, "grads": grad, "gradient": -lr * grad, "step": after - w,
            "squares": nothing, "unbiased": nothing}  # fmt: skip


def _memory(rule: Any, lr: Array, before: State, after: State) -> dict[str, Array]:
    """Return what a rule remembers as moves, and its squares."""
    if isinstance(rule, Nesterov):
        jump, step = -lr * rule.momentum * before[0], -lr * after[0]
        return {"jump": jump, "correction": step - jump, "step": step}
    if isinstance(rule, Momentum):
        return {"velocity": -lr * rule.momentum * before[0], "step": -lr * after[0]}
    if isinstance(rule, Adam):
        t, mean, squares = after
        corrected, unbiased = mean / (1 - rule.beta1**t), squares / (1 - rule.beta2**t)
        return {"mean": -lr * mean, "corrected": -lr * corrected, "squares": squares,
                "unbiased": unbiased}  # fmt: skip
    if isinstance(rule, Nadam):
        t, mean, squares, _ = after
        return {"mean": -lr * mean, "squares": squares, "unbiased": squares / (1 - rule.beta2**t)}
    if isinstance(rule, Adadelta):
        ratio = (after[0] + rule.eps) / (before[1] + rule.eps)
        return {"squares": ratio, "unbiased": ratio}
    return {"squares": after[0], "unbiased": after[0]} if after else {}


def _axes(lr: Array, grad: Array, hessian: Array) -> dict[str, Array]:
    """Return the plain step's parts along the axes of curvature, and each over its curvature."""
    known = np.where(np.isfinite(hessian), hessian, 0.0)  # of a run that is off to infinity: 0
    curvatures, axes = np.linalg.eigh(known)
    parts: dict[str, Array] = {}
    for i in range(2):
        along, size = np.zeros_like(grad), np.ones((len(grad), 1))
        if i < grad.shape[-1]:
            axis = axes[..., i]
            along = -lr * (grad * axis).sum(-1, keepdims=True) * axis
            size = np.maximum(np.abs(curvatures[:, i : i + 1]), Newton.damping)
        parts |= {f"along{i + 1}": along, f"scaled{i + 1}": along / size}
    return parts


def _plane(part: Array) -> Array:
    """Return moves with an x and a y, the y 0 where there was none."""
    return part if part.shape[-1] == 2 else np.concatenate([part, np.zeros_like(part)], axis=-1)
