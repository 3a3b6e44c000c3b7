"""Argument checks that all raise the same kind of sentence: ``expected ..., got ...``."""

import math
from collections.abc import Collection


def check_range(
    name: str, value: float, low: float, high: float, *, open_low: bool = False
) -> None:
    """Raise ValueError unless ``low <= value <= high``; nan and inf never pass.

    With ``open_low`` the lower end itself is refused: ``expected 0 < lr <= 10, got 0``.
    """
    # math.isfinite would fail on whole numbers beyond the largest float; nan fails all of these.
    finite = isinstance(value, (int, float)) and -math.inf < value < math.inf
    within = finite and low <= value <= high
    if not within or (open_low and value == low):
        sign = "<" if open_low else "<="
        raise ValueError(f"expected {low:g} {sign} {name} <= {high:g}, got {value!r}")


def check_count(name: str, value: int, low: int, high: int) -> None:
    """Raise ValueError unless ``value`` is a whole number with ``low <= value <= high``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected a whole number for {name}, got {value!r}")
    if not low <= value <= high:
        raise ValueError(f"expected {low} <= {name} <= {high}, got {value!r}")


def check_choice(name: str, value: str, choices: Collection[str]) -> None:
    """Raise ValueError unless ``value`` is one of ``choices``."""
    if value not in choices:
        raise ValueError(f"expected {name} in {', '.join(choices)}, got {value!r}")
