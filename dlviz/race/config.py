"""What a race depends on: the surface, who runs at which rate, and when one has settled."""

from dataclasses import dataclass

from dlviz.checks import check_choice, check_count, check_range
from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.surface_choice import check_surface, chosen_surface
from dlviz.surfaces import Surface

RATES = ("given", "best")
MOST = 10  # optimizers in a race


@dataclass(frozen=True)
class RaceConfig:
    """Everything a race depends on; the last three are of the (αλ, β) plane and of mistakes.

    Parameters
    ----------
    surface, formula, curvature1, curvature2, rotation : as in ``DescentConfig``
    optimizers : 1 to 10 keys of ``OPTIMIZERS``; one may run twice, at two rates
    lrs : 1 to 10 learning rates in (0, 10], in the order of the optimizers; the last one is that
        of all that follow, so that one is for all
    rates : "given", or "best": each optimizer's own best rate, found by a sweep (``best_rates``)
    factor : in [0.001, 1000], multiplies all rates
    momentum : in [0, 0.9999]; of momentum and nesterov, and beta1 of adam, adamw and nadam
    beta2 : in [0, 0.9999]; of adam, adamw and nadam; rmsprop and adadelta keep their own
    weight_decay : in [0, 1]; of adamw
    schedule : a key of ``SCHEDULES``; it multiplies all rates
    steps : 1 to 10000
    start : a pair of numbers in [-1e6, 1e6]
    tolerance : in (0, 10]; who stays where no part of the slope is larger has settled
    alpha_lambda : in [0.001, 4], the learning rate times the largest curvature, of a parabola
    condition : in [1, 10000], the largest curvature over the smallest, of a parabola
    """

    surface: str = "ravine"
    formula: str = "x^2 + 3y^2"
    curvature1: float = 1.0
    curvature2: float = 10.0
    rotation: float = 0.0
    optimizers: tuple[str, ...] = ("sgd", "momentum", "rmsprop", "adam")
    lrs: tuple[float, ...] = (0.02,)
    rates: str = "given"
    factor: float = 1.0
    momentum: float = 0.9
    beta2: float = 0.999
    weight_decay: float = 0.01
    schedule: str = "constant"
    steps: int = 200
    start: tuple[float, float] = (-2.0, 1.0)
    tolerance: float = 0.01
    alpha_lambda: float = 0.5
    condition: float = 1.0

    def __post_init__(self) -> None:
        check_surface(self.surface, self.curvature1, self.curvature2, self.rotation, self.start)
        check_count("the number of optimizers", len(self.optimizers), 1, MOST)
        for name in self.optimizers:
            check_choice("optimizers", name, OPTIMIZERS)
        check_count("the number of lrs", len(self.lrs), 1, MOST)
        for lr in self.lrs:
            check_range("lr", lr, 0, 10, open_low=True)
        check_choice("rates", self.rates, RATES)
        check_range("factor", self.factor, 0.001, 1000)
        check_range("momentum", self.momentum, 0, 0.9999)
        check_range("beta2", self.beta2, 0, 0.9999)
        check_range("weight_decay", self.weight_decay, 0, 1)
        check_choice("schedule", self.schedule, SCHEDULES)
        check_count("steps", self.steps, 1, 10_000)
        check_range("tolerance", self.tolerance, 0, 10, open_low=True)
        check_range("alpha_lambda", self.alpha_lambda, 0.001, 4)
        check_range("condition", self.condition, 1, 10_000)
        surface_of(self)


def surface_of(config: RaceConfig) -> Surface:
    """Return the surface; equal settings give the same object."""
    return chosen_surface(
        config.surface, config.formula, config.curvature1, config.curvature2, config.rotation
    )
