"""Changes made by hand to a network's parameters, as a text that fits into a link.

Operations stand between semicolons and are done one after the other:

- ``17=0.5`` sets parameter number 17: layer by layer, row by row of [W b], as in ``Architecture``
- ``s1`` moves each unit of hidden layer 1, counted from 0, up one place, and the first to the end
- ``r1.0=2`` multiplies what goes into unit 0 of hidden layer 1 by 2 and divides what reads it

Only the first kind changes what the network puts out.
"""

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice, check_count, check_range
from dlviz.networks import Architecture, Layers
from dlviz.symmetries import HOMOGENEOUS, rescale_relu, shuffle_units

Array = NDArray[np.float64]

MAX_EDITS = 100
LARGEST = 1000.0  # of a number set by hand, or a factor
_SHOWN = 20  # characters of an operation that makes no sense, in the sentence about it

_TEXT = re.compile(r"(\d{1,5})@([0-9.e+-]{1,20});(.+)", re.ASCII)
_NUMBER = r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)"


def apply_edits(architecture: Architecture, parameters: Array, text: str) -> Array:
    """Return a copy of parameters with the operations of a text done to it.

    Parameters
    ----------
    parameters : float64 (..., P)
    text : at most ``MAX_EDITS`` operations, with numbers in [-1000, 1000] and factors in
        (0, 1000]; "" changes nothing

    Raises
    ------
    ValueError
        If an operation makes no sense for this network; a layer can be rescaled only if its
        activation is one of ``HOMOGENEOUS``.
    """
    parameters = np.array(parameters, dtype=np.float64)
    operations = text.split(";") if text else []
    check_count("edits", len(operations), 0, MAX_EDITS)
    for operation in operations:
        parameters = _applied(architecture, parameters, operation)
    return parameters


def place_of(text: str, turn: float) -> tuple[int, str] | None:
    """Read "number@value;operations", as the player writes what was done to a picture.

    Parameters
    ----------
    turn : the value of the knob; edits under another one are none

    Returns
    -------
    The number of the frame, and the operations; None where the text is empty or makes no sense.
    """
    match = _TEXT.fullmatch(text)
    try:
        near = match is not None and bool(np.isclose(float(match[2]), turn, rtol=1e-6, atol=1e-9))
    except ValueError:
        return None
    return (int(match[1]), match[3]) if match and near else None


def _applied(shape: Architecture, parameters: Array, operation: str) -> Array:
    for pattern, apply in _KINDS.items():
        if match := re.fullmatch(pattern, operation, re.ASCII):
            return apply(shape, parameters, *match.groups())
    got = operation if len(operation) <= _SHOWN else operation[:_SHOWN] + "…"
    raise ValueError(f"expected an edit like 17=0.5, s1 or r1.0=2, got {got!r}")


def _set(shape: Architecture, parameters: Array, index: str, value: str) -> Array:
    check_count("parameter", int(index), 0, shape.count - 1)
    check_range("value", float(value), -LARGEST, LARGEST)
    parameters[..., int(index)] = float(value)
    return parameters


def _shuffled(shape: Architecture, parameters: Array, layer: str) -> Array:
    units = _units(shape, layer)
    order = [*range(1, units), 0]
    return _with_layers(shape, parameters, lambda old: shuffle_units(old, int(layer), order))


def _rescaled(shape: Architecture, parameters: Array, layer: str, unit: str, by: str) -> Array:
    check_count("unit", int(unit), 0, _units(shape, layer) - 1)
    check_choice("the activation of a rescaled layer", shape.hidden[int(layer)], HOMOGENEOUS)
    check_range("factor", float(by), 0, LARGEST, open_low=True)
    with np.errstate(over="ignore"):
        rescaled = _with_layers(
            shape, parameters, lambda old: rescale_relu(old, int(layer), int(unit), float(by))
        )
    if np.isfinite(parameters).all() and not np.isfinite(rescaled).all():
        raise ValueError("expected factors that keep all numbers finite, got too large ones")
    return rescaled


_KINDS: dict[str, Callable[..., Array]] = {
    rf"(\d{{1,5}})={_NUMBER}": _set,
    r"s(\d{1,2})": _shuffled,
    rf"r(\d{{1,2}})\.(\d{{1,2}})={_NUMBER}": _rescaled,
}


def _units(shape: Architecture, layer: str) -> int:
    """Return the number of units of a hidden layer, if there is such a layer."""
    hidden = shape.sizes[1:-1]
    if int(layer) >= len(hidden):
        raise ValueError(
            f"expected one of {len(hidden)} hidden layers, counted from 0, got {layer}"
        )
    return hidden[int(layer)]


def _with_layers(
    shape: Architecture, parameters: Array, change: Callable[[Layers], Layers]
) -> Array:
    return shape.parameters(change(shape.layers(parameters)))
