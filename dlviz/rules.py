"""Update rules made from a lab's settings, whose names say what they do in every rule."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from dlviz.optimizers import OPTIMIZERS, Rule

# The rules' own names for what a Config calls momentum and beta2.
_SETTINGS = {"beta1": "momentum", "alpha": "beta2", "rho": "beta2"}


def rule_from(optimizer: str, settings: Mapping[str, Any]) -> Rule:
    """Return the rule named ``optimizer``; what ``settings`` leaves out has its default.

    Parameters
    ----------
    settings : momentum, beta2, weight_decay, bias_correction and the like; what a rule has no
        use for is passed over. Numbers, or arrays that broadcast against the parameters.
    """
    make = OPTIMIZERS[optimizer]
    names = {field.name: _SETTINGS.get(field.name, field.name) for field in fields(make)}
    rule: Rule = make(**{name: settings[key] for name, key in names.items() if key in settings})
    return rule
