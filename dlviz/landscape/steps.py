"""Surfaces on their way: coarse at first, then as fine as they are asked for."""

from collections.abc import Iterator
from dataclasses import replace

from dlviz.landscape.config import LandscapeConfig
from dlviz.landscape.surveys import Surface, surface

COARSE = 15  # points on a side of what is shown first
RESCALES = (0.2, 0.5, 1.0, 2.0, 5.0)

Rescaled = tuple[tuple[Surface, ...], tuple[Surface, ...]]  # raw and filter-normalized, by factor


def survey_steps(config: LandscapeConfig) -> Iterator[Surface]:
    """Yield the surface coarsely, and then as finely as it is asked for."""
    for resolution in _resolutions(config):
        yield surface(replace(config, resolution=resolution))


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


def untrained(config: LandscapeConfig) -> Surface:
    """Return a coarse surface after a single step: what there is at once."""
    return surface(replace(config, steps=1, resolution=min(COARSE, config.resolution)))


def untrained_rescaled(config: LandscapeConfig, factors: tuple[float, ...]) -> Rescaled:
    """Return the same for a rescale."""
    return _rescaled(replace(config, steps=1, resolution=min(11, config.resolution)), factors)


def share_of(made: Surface) -> float:
    """Return how much of the work is done: the coarse surface comes after the training."""
    return 0.6 if made.config.resolution <= COARSE else 1.0


def share_of_rescaled(made: Rescaled) -> float:
    """Return the same for a rescale."""
    return 0.2 if made[0][0].config.resolution <= COARSE else 1.0
