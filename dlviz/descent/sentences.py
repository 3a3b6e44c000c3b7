"""One plain sentence on how a run ended and why, with its numbers."""

from math import hypot
from typing import Any

import numpy as np

from dlviz.descent.config import surface_of
from dlviz.descent.facts import facts, is_plain, is_quadratic, resting_place
from dlviz.descent.runs import DescentTrace
from dlviz.optimizers import Array
from dlviz.words import number


@np.errstate(all="ignore")  # as in facts
def outcome_sentence(trace: DescentTrace) -> str:
    """Say how the run ended, and why where there is a theory that tells exactly."""
    sentences = {
        "converged": _converged,
        "ran": _ran,
        "diverged": _diverged,
        "cycles": _cycles,
        "left_domain": _left_domain,
    }
    return sentences[trace.outcome](trace, facts(trace))


def _converged(trace: DescentTrace, known: dict[str, Any]) -> str:
    rest = resting_place(surface_of(trace.config), trace.points[-1], trace.outcome)
    kind, place = known["end_kind"], _place(np.asarray(rest))
    if kind in ("saddle", "maximum"):
        return f"Stopped on a {kind} at {place}: the gradient is 0 there, but it is no minimum."
    if kind == "degenerate" and known["minimum"] is None:
        return f"Comes to rest at {place}, where a curvature is 0: level ground, or a valley floor."
    steps, which = _steps(known["steps_to_converge"]), _which_minimum(trace, known)
    return f"Settles in {which} at {place}: all but a millionth of the loss is gone after {steps}."


def _which_minimum(trace: DescentTrace, known: dict[str, Any]) -> str:
    if known["minimum"] is None:
        return "a minimum"
    if known["minimum_kind"] == "local":
        return "a local minimum"
    surface = surface_of(trace.config)
    count = len(surface.minima)
    if count == 1:
        return "the minimum"
    depths = surface.value(surface.minima)
    equal = np.ptp(depths) <= 1e-9 * max(1.0, float(np.abs(depths).max()))
    return f"one of {count} equally deep minima" if equal else "the deepest minimum"


def _ran(trace: DescentTrace, known: dict[str, Any]) -> str:
    slope, loss = _number(hypot(*trace.grads[-1])), _number(trace.losses[-1])
    reason = _reason(trace, known)
    said = f"Not settled after {_steps(known['steps'])}: the loss is {loss}, the slope {slope}"
    return f"{said}; {reason}." if reason else f"{said}."


def _cycles(trace: DescentTrace, known: dict[str, Any]) -> str:
    a, b = (_place(point) for point in trace.points[-2:])
    reason = _reason(trace, known)
    return f"Jumps to and fro between {a} and {b}" + (f": {reason}." if reason else ".")


def _diverged(trace: DescentTrace, known: dict[str, Any]) -> str:
    last = int(np.flatnonzero(np.isfinite(trace.losses))[-1]) if _has_loss(trace) else 0
    falls = trace.losses[last] < trace.losses[0]
    start = "Falls without end" if falls else "Runs away"
    if is_quadratic(surface_of(trace.config)) and (reason := _reason(trace, known)):
        return f"{start}: {reason}."
    place, loss = _place(trace.points[last]), _number(trace.losses[last])
    return f"{start}: after {_steps(last)} the point is at {place} and the loss is {loss}."


def _left_domain(trace: DescentTrace, known: dict[str, Any]) -> str:
    out = int(np.flatnonzero(~surface_of(trace.config).inside(trace.points))[0])
    place = _place(trace.points[out])
    if out == 0:
        return f"Starts outside the domain: the function is not defined at {place}."
    before = _place(trace.points[out - 1])
    return f"Leaves the domain: step {out} goes from {before} to {place}, where nothing is defined."


def _reason(trace: DescentTrace, known: dict[str, Any]) -> str:
    """Return why, by the theory of quadratics, which holds near minima too; empty if it is mute."""
    config, low = trace.config, known["lambda_min"]
    exact = is_quadratic(surface_of(config))
    if exact and isinstance(low, float) and low < 0:
        reason = f"one axis curves down (λ = {_number(low)}), so there is no lowest point"
        times = f", and each step along it is {_number(1 - config.lr * low)} times the last"
        return reason + (times if is_plain(config) else "")
    if known["rule_limit"] is None or config.schedule != "constant":
        return ""
    if exact and config.optimizer == "sgd":
        return _pace(trace, known)
    if config.lr <= known["rule_limit"]:
        return ""
    where = "" if exact else "at the nearest minimum "
    limit = known["rule_limit"] * known["lambda_max"]
    return f"{where}{_compare(trace, known)} is over {_number(limit)}, the most that settles"


def _pace(trace: DescentTrace, known: dict[str, Any]) -> str:
    """Tell how plain descent goes on a quadratic, where each step multiplies the error."""
    product, factor = known["lr_times_lambda_max"], _number(known["contraction"])
    if trace.outcome == "cycles":
        return f"{_compare(trace, known)}, so each step lands just as far on the other side"
    if product > 2:
        along = "" if trace.points.shape[1] == 1 else " along the steepest axis"
        times = f"each step{along} is {factor} times longer than the last"
        return f"{_compare(trace, known)} is over 2, so {times}"
    return f"along the slowest axis each step leaves {factor} of the way"


def _compare(trace: DescentTrace, known: dict[str, Any]) -> str:
    name = "λ" if trace.points.shape[1] == 1 else "λmax"
    return f"η·{name} = {_number(known['lr_times_lambda_max'])}"


def _has_loss(trace: DescentTrace) -> bool:
    return bool(np.isfinite(trace.losses).any())


def _steps(count: object) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _place(point: Array) -> str:
    """Show a point to three decimals, "0.607" or "(3, 2)"."""
    shown = [_number(round(value, 3) if abs(value) < 1e4 else value) for value in point.tolist()]
    return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"


def _number(value: float) -> str:
    """Show a number as the captions do; rounding noise as 0."""
    return number(value) if abs(value) > 1e-12 else "0"
