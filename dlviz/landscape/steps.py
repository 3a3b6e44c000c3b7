"""Surfaces on their way, turn by turn of a knob; what is not there yet is coarse."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from dlviz.landscape.config import LandscapeConfig
from dlviz.landscape.surveys import Branch, Surface, Training, surface, train

COARSE = 15  # points on a side of what is shown first
RESCALES = (0.2, 0.5, 1.0, 2.0, 5.0)

Rescaled = tuple[tuple[Surface, ...], tuple[Surface, ...]]  # raw and filter-normalized, by factor


@dataclass(frozen=True, eq=False)
class Course:
    """Surfaces at each turn of a knob, and what they are compared with.

    Parameters
    ----------
    config : with the knob at any of its values
    field : the setting that the knob turns, through ``values``
    surfaces : one for each value; until its turn has come a coarse one, after a single step
    done : how many are whole
    pinned : the surface that stays in the picture, if any
    trunk : the training that went on without a branch, if there is a branch
    """

    config: LandscapeConfig
    field: str
    values: tuple[float, ...]
    surfaces: tuple[Surface, ...]
    done: int
    pinned: Surface | None = None
    trunk: Training | None = None

    @property
    def share(self) -> float:
        """How much of the work is done."""
        return self.done / len(self.surfaces)


def course_steps(
    config: LandscapeConfig,
    field: str,
    values: tuple[float, ...],
    branch: Branch | None = None,
    pinned: LandscapeConfig | None = None,
    first: int = 0,
) -> Iterator[Course]:
    """Yield the course with ever more of its surfaces, the one at index ``first`` first."""
    course = untrained(config, field, values, first)
    if pinned:
        course = replace(course, pinned=surface(pinned))
    if branch:
        course = replace(course, trunk=train(branch[1]))
    for i in sorted(range(len(values)), key=lambda i: abs(i - first)):
        made = list(course.surfaces)
        made[i] = surface(_turned(config, field, values[i]), branch)
        course = replace(course, surfaces=tuple(made), done=course.done + 1)
        yield course


def untrained(
    config: LandscapeConfig, field: str, values: tuple[float, ...], first: int = 0
) -> Course:
    """Return what there is at once: a coarse surface after a single step, the same at all turns."""
    small = replace(config, steps=1, resolution=min(11, config.resolution))
    made = surface(_turned(small, field, values[first]))
    return Course(config, field, values, (made,) * len(values), 0)


def _turned(config: LandscapeConfig, field: str, value: Any) -> LandscapeConfig:
    return replace(config, **{field: value})


def rescaled_steps(config: LandscapeConfig, factors: tuple[float, ...]) -> Iterator[Rescaled]:
    """Yield raw and filter-normalized surfaces of the same network at each factor of a rescale."""
    for resolution in _resolutions(config):
        yield _rescaled(replace(config, resolution=resolution), factors)


def _resolutions(config: LandscapeConfig) -> list[int]:
    return sorted({min(COARSE, config.resolution), config.resolution})


def _rescaled(config: LandscapeConfig, factors: tuple[float, ...]) -> Rescaled:
    raw, even = (
        tuple(surface(replace(config, directions=kind, rescale=factor)) for factor in factors)
        for kind in ("raw", "random")
    )
    return raw, even


def rescales(factor: float) -> tuple[float, ...]:
    """Return the factors of the knob, with ``factor`` among them."""
    return tuple(sorted({*RESCALES, factor}))


def untrained_rescaled(config: LandscapeConfig, factors: tuple[float, ...]) -> Rescaled:
    """Return the same for a rescale."""
    return _rescaled(replace(config, steps=1, resolution=min(11, config.resolution)), factors)


def share_of_rescaled(made: Rescaled) -> float:
    """Return the same for a rescale."""
    return 0.2 if made[0][0].config.resolution <= COARSE else 1.0
