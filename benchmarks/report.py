"""What a benchmark prints: measured beside promised, and whether the promises are kept."""

from collections.abc import Callable, Sequence

# What, measured, its unit, the promise in words, and whether a number keeps it; None: no promise.
Row = tuple[str, float, str, str, Callable[[float], bool] | None]


def report(rows: Sequence[Row]) -> None:
    """Print a table, and exit; with an error if a promise is not kept."""
    print("| what | measured | promised |\n|---|---:|---:|")
    for what, value, unit, promise, _ in rows:
        print(f"| {what} | {value:.3g} {unit} | {promise} |")
    broken = [what for what, value, _, _, holds in rows if holds and not holds(value)]
    raise SystemExit(f"not kept: {broken}" if broken else 0)
