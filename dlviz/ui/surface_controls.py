"""Controls for a loss surface and a start on it: the same in every lab that walks on one."""

from collections.abc import Callable, Mapping
from typing import Any

from dlviz.surfaces import SURFACES
from dlviz.ui.controls import Controls

SURFACE_NAMES = {name: surface.label for name, surface in SURFACES.items()}
SURFACE_NAMES["formula"] = "A formula of your own"


class SurfaceControls(Controls):
    """The controls of surfaces; a part of ``frame.Lab``."""

    def choose_surface(self, changed: Callable[[], None] | None = None) -> str:
        """Choose the surface; a new one begins where it is telling, and ``changed`` hears of it."""

        def begin() -> None:
            if changed:
                changed()
            if self["surface"] in SURFACES:
                self.state["start"] = (*SURFACES[self["surface"]].start, 0.0)[:2]

        surface = self.choice("surface", "Surface", SURFACE_NAMES, begin)
        if surface == "formula":
            self.text("formula", "J(x, y) =", "x^2 + 3y^2 + sin(3x)")
        if surface == "quadratic":
            self.slider("curvature1", "Curvature λ", 0.1, 20.0, 0.1)
        if surface == "bowl":
            with self.side_by_side():
                self.slider("curvature1", "λ₁", 0.1, 20.0, 0.1)
                self.slider("curvature2", "λ₂", 0.1, 100.0, 0.1)
        return surface

    def start_there(self, place: Mapping[str, Any]) -> None:
        """Start where the picture of the surface was touched: ``pick`` of ``Lab.stage``."""
        if place["panel"] in ("plane", "line"):
            y = place["y"] if place["panel"] == "plane" else self["start"][1]
            self.state["start"] = float(f"{place['x']:.4g}"), float(f"{y:.4g}")
