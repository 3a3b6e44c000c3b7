"""Numbers as the app writes them, in captions, sentences and labels alike."""

import math
from decimal import ROUND_HALF_UP, Context

_THREE_DIGITS = Context(prec=3, rounding=ROUND_HALF_UP)  # as schools and browsers round


def number(value: float) -> str:
    """Return a number as captions show it: counts whole, else three significant digits; ∞, nan."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == int(value) and abs(value) < 1e5:
        return str(int(value)).replace("-", "−")
    rounded = _THREE_DIGITS.create_decimal_from_float(float(value))
    if value != 0 and not 1e-3 <= abs(value) < 1e5:
        mantissa, exponent = f"{rounded:.2e}".split("e")
        return f"{mantissa}e{int(exponent)}".replace("-", "−")
    return f"{float(rounded) + 0.0:.10g}".replace("-", "−")  # + 0.0: no minus before zero


def counted(count: int, thing: str) -> str:
    """Return how many of a thing there are: "1 window", "2 windows"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"
