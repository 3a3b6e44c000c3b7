"""What a run of descent depends on, and the surface and the update rule it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dlviz.checks import check_choice, check_count, check_range
from dlviz.optimizers import OPTIMIZERS, SCHEDULES, Number, Rule
from dlviz.rules import rule_from
from dlviz.surface_choice import check_surface, chosen_surface
from dlviz.surfaces import Surface


@dataclass(frozen=True)
class DescentConfig:
    """Everything a run of descent depends on.

    Parameters
    ----------
    surface : a key of ``SURFACES``, or "formula"
    formula : for surface "formula", a formula in x (and y), such as "x**2 + 3*y**2"
    curvature1 : in (0, 100]; of surface "quadratic", and one of the two of "bowl"
    curvature2 : in (0, 100]; the other one of "bowl"
    rotation : in [-360, 360] degrees, counterclockwise, of "bowl"
    optimizer : a key of ``OPTIMIZERS``
    lr : in (0, 10], the learning rate, η on pages
    momentum : in [0, 0.9999]; of momentum and nesterov, and beta1 of adam, adamw and nadam
    beta2 : in [0, 0.9999]; how long the squares of gradients are remembered: beta2 of adam,
        adamw and nadam, alpha of rmsprop, rho of adadelta
    weight_decay : in [0, 1]; of adamw
    bias_correction : whether adam and adamw correct their means for having started at 0
    schedule : a key of ``SCHEDULES``; it multiplies lr
    steps : 1 to 10000, the number of updates T
    start : a pair of numbers in [-1e6, 1e6]; of the second one, 1-D surfaces take no notice

    Raises
    ------
    ValueError
        "expected 0 < lr <= 10, got -1" and the like, or why the formula was refused.
    """

    surface: str = "bowl"
    formula: str = "x^2 + 3y^2"
    curvature1: float = 1.0
    curvature2: float = 10.0
    rotation: float = 0.0
    optimizer: str = "sgd"
    lr: float = 0.1
    momentum: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.01
    bias_correction: bool = True
    schedule: str = "constant"
    steps: int = 100
    start: tuple[float, float] = (-2.5, 1.5)

    def __post_init__(self) -> None:
        check_surface(self.surface, self.curvature1, self.curvature2, self.rotation, self.start)
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        check_choice("schedule", self.schedule, SCHEDULES)
        check_range("lr", self.lr, 0, 10, open_low=True)
        check_range("momentum", self.momentum, 0, 0.9999)
        check_range("beta2", self.beta2, 0, 0.9999)
        check_range("weight_decay", self.weight_decay, 0, 1)
        check_count("steps", self.steps, 1, 10_000)
        if not isinstance(self.bias_correction, bool):
            raise ValueError(
                f"expected True or False, got bias_correction={self.bias_correction!r}"
            )
        surface_of(self)


def surface_of(config: DescentConfig) -> Surface:
    """Return the surface; equal settings give the same object, read and differentiated once."""
    return chosen_surface(
        config.surface, config.formula, config.curvature1, config.curvature2, config.rotation
    )


def rule_of(config: DescentConfig, differing: Mapping[str, Number] | None = None) -> Rule:
    """Return the update rule with the Config's settings; eps, damping and the like stay put.

    ``differing`` holds, by the Config's names, settings that differ between runs (R, 1).
    """
    return rule_from(config.optimizer, {**vars(config), **(differing or {})})


@lru_cache(maxsize=1024, typed=True)  # nearly all sweeps are over the values of the knob
def taken(field: str, value: Any) -> Any:
    """Return a value of a field as every Config takes it, or raise the Config's ValueError."""
    return getattr(DescentConfig(**{field: value}), field)
