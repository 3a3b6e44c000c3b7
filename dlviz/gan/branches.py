"""Runs that go on from a step with other settings, and the steps of a run that are recorded."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from dlviz.checks import check_choice, check_count

C = TypeVar("C")


def changed(
    config: C, step: int, last: int, changes: Mapping[str, Any], fixed: Collection[str]
) -> C:
    """Return the settings of a branch at a step; ``fixed`` are settled at the start of a run.

    Raises
    ------
    ValueError
        If there is no such step up to the ``last``, or a setting is a fixed one, or none.
    """
    check_count("step", step, 0, last)
    free = [name for name in vars(config) if name not in fixed]
    for name in changes:
        check_choice("a setting to change", name, free)
    return replace(config, **changes)  # type: ignore[type-var]


def history_of(
    config: C, step: int, before: tuple[tuple[C, int], ...] = ()
) -> tuple[tuple[C, int], ...]:
    """Return the settings up to a step of a run that has a history itself."""
    return (*((c, until) for c, until in before if until < step), (config, step))


def spread(begin: int, end: int, last: int, most: int) -> list[int]:
    """Return the steps after ``begin`` that are recorded, ``most`` of ``last``, evenly.

    The end is one of them, so that a branch has about as many as a run.
    """
    share = min(most, last) * (end - begin) / max(last, 1)
    count = min(max(1, round(share)), end - begin)
    return [begin + round((end - begin) * i / count) for i in range(1, count + 1)]
