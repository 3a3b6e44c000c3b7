"""Every attack on one picture, within every ε of the knob at once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.adversarial.config import ATTACKS, EPSILONS, AdversarialConfig
from dlviz.attacks import AttackConfig, attack_within
from dlviz.digits import SIDE
from dlviz.drawn import cells
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel
from dlviz.robustness import sign_gap
from dlviz.victims import universal_pattern, unseen_digits, victim
from dlviz.words import number

__all__ = ["ATTACKS", "EPSILONS", "AdversarialConfig", "AdversarialSweep", "facts", "sweep"]

Array = NDArray[np.float32]
Facts = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class AdversarialSweep:
    """What became of one picture.

    Parameters
    ----------
    config : its ε is that of no entry in particular
    values : the ε, K of them
    picture : float32 (8, 8) in [0, 1], row 0 at the top
    label : what it is; of a drawing, what the network takes it for
    pictures : float32 (A, K, 8, 8), after each of ``ATTACKS`` within each ε
    confidences : float32 (A, K, 10), what the network says of them; they add up to 1
    """

    config: AdversarialConfig
    values: tuple[float, ...]
    picture: Array
    label: int
    pictures: Array
    confidences: Array

    @property
    def answers(self) -> NDArray[np.int64]:
        """What the network takes each picture for, (A, K)."""
        read: NDArray[np.int64] = self.confidences.argmax(axis=2)
        return read

    def first_mistake(self, method: str) -> float | None:
        """Return the least ε from which on to the largest it is misread; None if at none."""
        wrong = self.answers[list(ATTACKS).index(method)] != self.label
        right = np.flatnonzero(~wrong)
        after = int(right[-1]) + 1 if len(right) else 0
        return self.values[after] if after < len(self.values) else None


@lru_cache(maxsize=6)
def _model(kind: str, hardened: bool) -> nn.Module:
    return victim(kind, hardened)


def _picture(config: AdversarialConfig) -> tuple[Tensor, int]:
    if config.source == "drawn":
        drawn = torch.tensor(np.array(cells(config.drawing, SIDE, SIDE)), dtype=torch.float32)
        x = drawn.reshape(1, 1, SIDE, SIDE)
        read = FrozenModel(_model(config.victim, config.hardened)).logits(x)
        return x, int(read.argmax())
    x, y = unseen_digits()
    return x[config.digit : config.digit + 1], int(y[config.digit])


def sweep(config: AdversarialConfig, values: tuple[float, ...] = EPSILONS) -> AdversarialSweep:
    """Attack the picture in all four ways, within each ε of ``values``."""
    x, label = _picture(config)
    radii = torch.tensor(values)
    found = torch.stack([_attacked(method, x, label, config, radii) for method in ATTACKS])
    model = FrozenModel(_model(config.victim, config.hardened))
    confidences = model.logits(found.flatten(0, 1)).softmax(1).reshape(len(ATTACKS), len(radii), -1)
    return AdversarialSweep(
        config,
        values,
        frozen(x[0, 0].numpy(), np.float32),
        label,
        frozen(found[:, :, 0].numpy(), np.float32),
        frozen(confidences.numpy(), np.float32),
    )


def _attacked(
    method: str, x: Tensor, label: int, config: AdversarialConfig, radii: Tensor
) -> Tensor:
    """Return the picture after one attack within each ε, (K, 1, 8, 8)."""
    if method in ("noise_sign", "universal"):
        change = universal_pattern(config.victim, config.hardened)
        if method == "noise_sign":
            generator = torch.Generator().manual_seed(config.seed)
            change = torch.randint(2, x[0].shape, generator=generator) * 2.0 - 1
        return (x + radii[:, None, None, None] * change).clamp(0, 1)
    aimed = config.target != "any"
    how = AttackConfig(
        method,
        epsilon=1.0,
        steps=config.steps,
        step_size=config.step_size or None,
        targeted=aimed,
    )
    images = x.expand(len(radii), -1, -1, -1)
    aim = int(config.target) if aimed else label
    *_, last = attack_within(_model(config.victim, config.hardened), images, aim, how, radii)
    return last


def facts(config: AdversarialConfig) -> Facts:
    """Return the numbers of one attack: at its own ε, and over all of the knob's."""
    here, run = sweep(config, (0.0, config.epsilon)), sweep(config)
    at = list(ATTACKS).index(config.method)
    answer = int(here.answers[at, 1])
    reach = config.steps * config.step_size
    short = config.method == "pgd" and 0 < reach < config.epsilon
    return {
        "method": ATTACKS[config.method],
        "label": here.label,
        "read": int(here.answers[at, 0]),
        "answer": answer,
        "confidence": round(float(here.confidences[at, 1].max()), 3),
        "confidence_before": round(float(here.confidences[at, 0].max()), 3),
        "fooled": "yes" if answer != here.label else "no",
        "random_answer": int(here.answers[0, 1]),
        "random_fooled": "yes" if int(here.answers[0, 1]) != here.label else "no",
        "epsilon": config.epsilon,
        "fgsm_from": run.first_mistake("fgsm"),
        "random_from": run.first_mistake("noise_sign"),
        "universal_from": run.first_mistake("universal"),
        "victim": config.victim,
        "hardened": "yes" if config.hardened else "no",
        "target_hit": "yes" if str(answer) == config.target else "no",
        "reach": reach if short else None,
        "gap": sign_gap(SIDE * SIDE),
        "length": math.sqrt(SIDE * SIDE) * config.epsilon,
    }


def outcome_sentence(found: Facts) -> str:
    """Say in one sentence what the attack came to."""
    percent = f"{100 * found['confidence']:.0f} %"
    so = f"{found['method']} within ε = {number(found['epsilon'])}: "
    if found["fooled"] == "no":
        return f"{so}the network still reads {found['answer']} ({percent})."
    return f"{so}the {found['label']} is read as {found['answer']} ({percent})."


def script(config: AdversarialConfig) -> str:
    """Return the chosen attack as a program on the engine."""
    how = f'AttackConfig("{config.method}", epsilon={config.epsilon}, seed={config.seed}'
    if config.method == "pgd":
        how += f", steps={config.steps}"
        how += f", step_size={config.step_size}" if config.step_size else ""
    aimed = config.target != "any" and config.method in ("fgsm", "pgd")
    how += ", targeted=True)" if aimed else ")"
    which = f"torch.tensor([{config.target}])" if aimed else "y"
    lines = [
        "import torch",
        "",
        "from dlviz.attacks import AttackConfig, attack",
        "from dlviz.victims import unseen_digits, victim",
        "",
        f'model = victim("{config.victim}", hardened={config.hardened})',
        "x, y = unseen_digits()",
        f"x, y = x[{config.digit}:{config.digit + 1}], y[{config.digit}:{config.digit + 1}]",
        f"r = attack(model, x, {which}, {how})",
        "print(r.logits.argmax(1).item())",
    ]
    return "\n".join(lines) + "\n"
