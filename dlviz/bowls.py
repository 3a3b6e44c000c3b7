"""Surfaces whose Hessian is the same everywhere, so that every step size has an exact theory."""

from math import cos, radians, sin

from dlviz.checks import check_range
from dlviz.curves import Parabola
from dlviz.landscapes import QuadraticForm
from dlviz.linear_network import loss_landscape
from dlviz.surface import Surface, at


def quadratic(curvature: float = 1.0) -> Surface:
    """Return the 1-D loss λx²/2 with -10000 <= λ <= 10000 (a hill if negative)."""
    check_range("curvature", curvature, -1e4, 1e4)
    return Surface(
        name="quadratic",
        label="Parabola",
        formula=rf"\tfrac{{1}}{{2}} \cdot {curvature:g}\,x^2",
        source=f"0.5*({float(curvature)!r}*x**2)",
        landscape=Parabola(float(curvature)),
        window=((-3.0, 3.0),),
        start=(-2.5,),
        minima=at((0.0,)) if curvature > 0 else at(),
    )


def bowl(curvature1: float = 1.0, curvature2: float = 10.0, rotation: float = 0.0) -> Surface:
    """Return the 2-D loss ½(λ₁u² + λ₂v²).

    Parameters
    ----------
    curvature1, curvature2 : the Hessian's eigenvalues λ₁ and λ₂, each in [-10000, 10000]
    rotation : angle from the x axis to the u axis, counterclockwise, in [-360, 360] degrees
    """
    check_range("curvature1", curvature1, -1e4, 1e4)
    check_range("curvature2", curvature2, -1e4, 1e4)
    check_range("rotation", rotation, -360, 360)
    form = _rotated(curvature1, curvature2, rotation)
    axes = rf",\ (u, v) = (x, y) \text{{ turned by }} {rotation:g}^\circ" if rotation else ""
    u, v = ("u", "v") if rotation else ("x", "y")
    return Surface(
        name="bowl",
        label="Bowl",
        formula=rf"\tfrac{{1}}{{2}} ({curvature1:g}\,{u}^2 + {curvature2:g}\,{v}^2){axes}",
        source=_form_source(form),
        landscape=form,
        window=((-3.0, 3.0), (-3.0, 3.0)),
        start=(-2.5, 1.5),
        minima=at((0.0, 0.0)) if min(curvature1, curvature2) > 0 else at(),
    )


def _rotated(curvature1: float, curvature2: float, rotation: float) -> QuadraticForm:
    c, s = cos(radians(rotation)), sin(radians(rotation))
    return QuadraticForm(
        xx=curvature1 * c * c + curvature2 * s * s,
        xy=(curvature1 - curvature2) * c * s,
        yy=curvature1 * s * s + curvature2 * c * c,
    )


def _form_source(form: QuadraticForm) -> str:
    x, y = (f"({axis} - {c!r})" if c else axis for axis, c in zip("xy", form.center, strict=True))
    cross = f" + {2 * form.xy!r}*{x}*{y}" if form.xy else ""
    floor = f" + {form.floor!r}" if form.floor else ""
    return f"0.5*({form.xx!r}*{x}**2{cross} + {form.yy!r}*{y}**2){floor}"


def linear_network() -> Surface:
    """Return the loss of the two-class linear network over its two weights."""
    form = loss_landscape()
    return Surface(
        name="linear_network",
        label="Linear network, two classes",
        formula=r"\tfrac{1}{2}\,\overline{(t - w \cdot x)^2}",
        source=_form_source(form),
        landscape=form,
        window=((-1.5, 2.5), (-1.0, 3.0)),
        start=(-0.8, 0.0),
        minima=at(form.center),
    )
