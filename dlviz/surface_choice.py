"""The surface that settings name: one of the table, a bowl of chosen curvatures, or a formula."""

from functools import lru_cache

from dlviz.checks import check_choice, check_range
from dlviz.formula import check_visible, formula_surface
from dlviz.surfaces import SURFACES, Surface, bowl, quadratic


def check_surface(
    surface: str, curvature1: float, curvature2: float, rotation: float, start: tuple[float, float]
) -> None:
    """Raise ValueError unless the settings of a surface, and a start on it, make sense."""
    check_choice("surface", surface, (*SURFACES, "formula"))
    check_range("curvature1", curvature1, 0, 100, open_low=True)
    check_range("curvature2", curvature2, 0, 100, open_low=True)
    check_range("rotation", rotation, -360, 360)
    if not isinstance(start, tuple) or len(start) != 2:
        raise ValueError(f"expected start to be a pair (x, y), got {start!r}")
    for axis, value in zip("xy", start, strict=True):
        check_range(f"start {axis}", value, -1e6, 1e6)


def chosen_surface(
    name: str, formula: str, curvature1: float, curvature2: float, rotation: float
) -> Surface:
    """Return the surface; equal settings give the same object, read and differentiated once.

    ``curvature1`` is of "quadratic" and, with ``curvature2`` and ``rotation``, of "bowl".

    Raises
    ------
    ValueError
        Why the formula was refused.
    """
    if name == "formula":
        return _formula_surface(formula)
    if name == "quadratic":
        return _quadratic(curvature1)
    if name == "bowl":
        return _bowl(curvature1, curvature2, rotation)
    return SURFACES[name]


_quadratic = lru_cache(maxsize=256)(quadratic)
_bowl = lru_cache(maxsize=256)(bowl)


@lru_cache(maxsize=256)
def _formula_surface(text: str) -> Surface:
    surface = formula_surface(text)
    check_visible(surface)
    return surface
