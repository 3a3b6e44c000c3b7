"""The surfaces of the app by name; makers for those that have parameters.

The six from ``local_minimum`` to ``plateau`` (``global_minimum``, ``saddle_sine``,
``ecliptic_bowl`` and ``hills`` between them) are after ``GradientDescent::f`` of
lilipads/gradient_descent_viz, expanded; its z axis is our y. Its plateau adds 0.01 to r so as not
to divide by zero, which leaves a kink at the origin; ours is smooth there.
"""

from dataclasses import replace
from math import e, pi, sqrt

from dlviz.bowls import bowl, linear_network, quadratic
from dlviz.curves import J1, J2, DoubleWell
from dlviz.hills import Bump, BumpyBowl, Ripples
from dlviz.landscapes import (
    Beale,
    Himmelblau,
    MonkeySaddle,
    QuadraticForm,
    Rosenbrock,
    SineSaddle,
)
from dlviz.surface import Surface, Window, at, polished

__all__ = ["SURFACES", "Surface", "Window", "bowl", "quadratic"]

_TWO_SQUARE = ((-2.0, 2.0), (-2.0, 2.0))

_TABLE = [
    quadratic(),
    Surface(
        "j1",
        "J₁",
        r"\frac{x^2}{1 + \ln x}",
        "x**2/(1 + torch.log(x))",
        J1(),
        ((0.3, 3.2),),
        (2.5,),
        at((1 / sqrt(e),)),
    ),
    polished(
        Surface(
            "j2",
            "J₂",
            r"\frac{x^2 \sin(\pi x)}{1 + \ln x}",
            "x**2*torch.sin(torch.pi*x)/(1 + torch.log(x))",
            J2(),
            ((0.3, 6.2),),
            (2.5,),
            at((1.58229,), (3.54427,), (5.52980,)),
        )
    ),
    Surface(
        "double_well",
        "Double well",
        r"\tfrac{1}{4} (x^2 - 1)^2",
        "0.25*(x**2 - 1)**2",
        DoubleWell(),
        ((-2.0, 2.0),),
        (0.1,),
        at((-1.0,), (1.0,)),
    ),
    bowl(),
    replace(bowl(0.1, 10.0, 30.0), name="ravine", label="Ravine"),
    Surface(
        "saddle",
        "Saddle",
        "x^2 - y^2",
        "x**2 - y**2",
        QuadraticForm(2.0, 0.0, -2.0),
        _TWO_SQUARE,
        (1.5, 0.001),
    ),
    Surface(
        "monkey_saddle",
        "Monkey saddle",
        "x^3 - 3xy^2",
        "x**3 - 3*x*y**2",
        MonkeySaddle(),
        _TWO_SQUARE,
        (1.5, 0.1),
    ),
    Surface(
        "rosenbrock",
        "Rosenbrock's banana",
        "(1 - x)^2 + 100\\,(y - x^2)^2",
        "(1 - x)**2 + 100*(y - x**2)**2",
        Rosenbrock(),
        ((-2.0, 2.0), (-1.0, 3.0)),
        (-1.2, 1.0),
        at((1.0, 1.0)),
    ),
    polished(
        Surface(
            "himmelblau",
            "Himmelblau",
            "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
            "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
            Himmelblau(),
            ((-5.0, 5.0), (-5.0, 5.0)),
            (-1.0, -1.5),
            at((3.0, 2.0), (-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848)),
        )
    ),
    Surface(
        "beale",
        "Beale",
        "(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        Beale(),
        ((-4.5, 4.5), (-4.5, 4.5)),
        (0.7, 1.4),
        at((3.0, 0.5)),
    ),
    polished(
        Surface(
            "local_minimum",
            "Local minimum",
            r"x^2 + z^2 - 2e^{-5((x-1)^2 + z^2)} - 6e^{-5((x+1)^2 + z^2)},\ z = 1.4y",
            "x**2 + 1.96*y**2 - 2*torch.exp(-5*(x - 1)**2 - 9.8*y**2)"
            " - 6*torch.exp(-5*(x + 1)**2 - 9.8*y**2)",
            BumpyBowl(1.0, 1.96, [Bump(-2, 1, 0, 5, 9.8), Bump(-6, -1, 0, 5, 9.8)]),
            _TWO_SQUARE,
            (1.5, 1.5),
            at((-0.968, 0.0), (0.905, 0.0)),
        )
    ),
    Surface(
        "global_minimum",
        "Global minimum",
        "x^2 + y^2",
        "x**2 + y**2",
        QuadraticForm(2.0, 0.0, 2.0),
        _TWO_SQUARE,
        (1.5, 1.5),
        at((0.0, 0.0)),
    ),
    Surface(
        "saddle_sine",
        "Sine saddle",
        r"\sin x + y^2",
        "torch.sin(x) + y**2",
        SineSaddle(),
        _TWO_SQUARE,
        (1.5, 1.5),
        at((-pi / 2, 0.0)),
    ),
    Surface(
        "ecliptic_bowl",
        "Elliptic bowl",
        r"\tfrac{1}{4} x^2 + \tfrac{1}{8} y^2 - e^{-(x^2 + 5y^2)/4}",
        "0.25*x**2 + 0.125*y**2 - torch.exp(-0.25*x**2 - 1.25*y**2)",
        BumpyBowl(0.25, 0.125, [Bump(-1, 0, 0, 0.25, 1.25)]),
        _TWO_SQUARE,
        (1.5, 1.5),
        at((0.0, 0.0)),
    ),
    polished(
        Surface(
            "hills",
            "Hills",
            r"x^2 + z^2 + 2e^{-5((x-1)^2 + z^2)} + 6e^{-5((x+1)^2 + z^2)}"
            r" - 2e^{-5((x-1)^2 + (z+1)^2)},\ z = 1.4y",
            "x**2 + 1.96*y**2 + 2*torch.exp(-5*(x - 1)**2 - 9.8*y**2)"
            " + 6*torch.exp(-5*(x + 1)**2 - 9.8*y**2)"
            " - 2*torch.exp(-5*(x - 1)**2 - 5*(1.4*y + 1)**2)",
            BumpyBowl(
                1.0,
                1.96,
                [Bump(2, 1, 0, 5, 9.8), Bump(6, -1, 0, 5, 9.8), Bump(-2, 1, -1 / 1.4, 5, 9.8)],
            ),
            _TWO_SQUARE,
            (1.5, 1.5),
            at((0.900, -0.653), (0.042, -0.001)),
        )
    ),
    Surface(
        "plateau",
        "Plateau",
        r"\frac{r^2}{100} - \frac{\sin r}{r},\ r = 10\sqrt{x^2 + y^2}",
        # The 1e-24 keeps autograd's square root finite at the origin and changes no digit.
        "x**2 + y**2 - torch.sinc(10*torch.sqrt(x**2 + y**2 + 1e-24)/torch.pi)",
        Ripples(),
        _TWO_SQUARE,
        (1.5, 1.5),
        at((0.0, 0.0)),
    ),
    linear_network(),
]

SURFACES: dict[str, Surface] = {surface.name: surface for surface in _TABLE}
