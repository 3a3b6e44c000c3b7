"""Processor time of a call: what others do with the machine does not count."""

from collections.abc import Callable
from time import process_time


def seconds(task: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    began = process_time()
    task()
    return process_time() - began


def least(task: Callable[[], object], repeats: int) -> float:
    """Return the processor time of one call when least was in its way."""
    task()  # imports, allocates, compiles
    return min(seconds(task) for _ in range(repeats))
