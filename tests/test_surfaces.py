from math import cos, pi, radians, sin

import numpy as np
import pytest
import torch

from dlviz.linear_network import sample
from dlviz.stationary import lowest_points, stationary_points
from dlviz.surfaces import SURFACES, Surface, bowl, quadratic

ONE_DIMENSIONAL = ["quadratic", "j1", "j2", "double_well"]
TWO_DIMENSIONAL = [
    "bowl ravine saddle monkey_saddle rosenbrock himmelblau beale local_minimum global_minimum",
    "saddle_sine ecliptic_bowl hills plateau linear_network",
]
ALL = ONE_DIMENSIONAL + " ".join(TWO_DIMENSIONAL).split()


def turned_bowl(curvature1, curvature2, degrees):
    """Return the bowl by its definition: turn the point back, then two parabolas."""
    c, s = cos(radians(degrees)), sin(radians(degrees))

    def loss(x, y):
        u, v = c * x + s * y, -s * x + c * y
        return (curvature1 * u**2 + curvature2 * v**2) / 2

    return loss


def network_loss(x, y):
    """Return half the mean square error of the linear network, from its sample."""
    inputs, targets = (torch.tensor(array) for array in sample())
    weights = torch.stack([x, y])
    return ((targets[:, None] - inputs @ weights) ** 2).mean(dim=0) / 2


def beale(x, y):
    return sum((c - x * (1 - y**i)) ** 2 for i, c in ((1, 1.5), (2, 2.25), (3, 2.625)))


# The next six are GradientDescent::f of lilipads/gradient_descent_viz, line for line.


def local_minimum(x, z):
    z = z * 1.4
    return (
        -2 * torch.exp(-((x - 1) * (x - 1) + z * z) / 0.2)
        - 6.0 * torch.exp(-((x + 1) * (x + 1) + z * z) / 0.2)
        + x * x
        + z * z
    )


def ecliptic_bowl(x, z):
    x, z = x / 2, z / 2
    return -torch.exp(-(x * x + 5 * z * z)) + x * x + 0.5 * z * z


def hills(x, z):
    z = z * 1.4
    return (
        2 * torch.exp(-((x - 1) * (x - 1) + z * z) / 0.2)
        + 6.0 * torch.exp(-((x + 1) * (x + 1) + z * z) / 0.2)
        - 2 * torch.exp(-((x - 1) * (x - 1) + (z + 1) * (z + 1)) / 0.2)
        + x * x
        + z * z
    )


def plateau(x, z):
    x, z = x * 10, z * 10
    r = torch.sqrt(z * z + x * x)  # theirs adds 0.01, a kink at the origin
    return -torch.sin(r) / r + 0.01 * r * r


ORACLES = {
    "quadratic": lambda x: x**2 / 2,
    "j1": lambda x: x**2 / (1 + torch.log(x)),
    "j2": lambda x: x**2 * torch.sin(pi * x) / (1 + torch.log(x)),
    "double_well": lambda x: (x**2 - 1) ** 2 / 4,
    "bowl": turned_bowl(1, 10, 0),
    "ravine": turned_bowl(0.1, 10, 30),
    "saddle": lambda x, y: x**2 - y**2,
    "monkey_saddle": lambda x, y: x**3 - 3 * x * y**2,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "beale": beale,
    "local_minimum": local_minimum,
    "global_minimum": lambda x, z: x * x + z * z,
    "saddle_sine": lambda x, z: torch.sin(x) + z * z,
    "ecliptic_bowl": ecliptic_bowl,
    "hills": hills,
    "plateau": plateau,
    "linear_network": network_loss,
}


def random_points(surface: Surface, count=200, seed=0):
    low, high = np.array(surface.window).T
    points = np.random.default_rng(seed).uniform(low, high, (2 * count, surface.dim))
    return points[surface.inside(points)][:count]


def differentiate(loss, points):
    """Return value (N,), gradient (N, D) and Hessian (N, D, D) by torch's autograd."""
    axes = [torch.tensor(axis, requires_grad=True) for axis in points.T.copy()]
    value = loss(*axes)
    slopes = torch.autograd.grad(value.sum(), axes, create_graph=True)
    rows = [
        torch.autograd.grad(
            slope.sum() + 0 * sum(axes).sum(), axes, create_graph=True, materialize_grads=True
        )
        for slope in slopes
    ]
    numbers = [torch.stack(slopes, -1), torch.stack([torch.stack(row, -1) for row in rows], -2)]
    return value.detach().numpy(), *(part.detach().numpy() for part in numbers)


def assert_same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * (1 + np.abs(theirs).max()))


def assert_differentiated_as(loss, surface, points):
    value, gradient, hessian = differentiate(loss, points)
    assert_same(surface.value(points), value)
    assert_same(surface.gradient(points), gradient)
    assert_same(surface.hessian(points), hessian)


def run_source(surface, points):
    axes = dict(zip("xy", torch.tensor(points).unbind(-1), strict=False))
    return eval(surface.source, {"torch": torch, **axes}).numpy()


# Formulas and derivatives


def test_the_table_has_every_surface_under_its_own_name():
    assert list(SURFACES) == ALL
    assert all(surface.name == name for name, surface in SURFACES.items())
    assert [name for name in SURFACES if SURFACES[name].dim == 1] == ONE_DIMENSIONAL


@pytest.mark.parametrize("name", ALL)
def test_value_gradient_and_hessian_agree_with_autograd(name):
    surface = SURFACES[name]
    assert_differentiated_as(ORACLES[name], surface, random_points(surface))


@pytest.mark.parametrize("angle", [0.0, 30.0, -75.0, 90.0, 360.0])
@pytest.mark.parametrize("curvatures", [(1.0, 10.0), (0.01, 100.0), (-1.0, 2.0), (3.0, 3.0)])
def test_a_bowl_of_any_curvatures_and_rotation_agrees_with_autograd(curvatures, angle):
    surface = bowl(*curvatures, angle)
    points = random_points(surface, 20)
    assert_differentiated_as(turned_bowl(*curvatures, angle), surface, points)
    assert_same(run_source(surface, points), surface.value(points))
    eigenvalues = np.linalg.eigvalsh(surface.hessian(points))
    np.testing.assert_allclose(eigenvalues, [sorted(curvatures)] * 20, atol=1e-12)


def test_a_bowl_turned_by_ninety_degrees_is_steep_along_x():
    assert bowl(1.0, 10.0, 90.0).value([1.0, 0.0]) == pytest.approx(5.0)


@pytest.mark.parametrize("curvature", [0.1, 8.0, -2.0])
def test_a_parabola_has_the_curvature_asked_for(curvature):
    surface = quadratic(curvature)
    points = random_points(surface, 20)
    assert_differentiated_as(lambda x: curvature * x**2 / 2, surface, points)
    assert_same(run_source(surface, points), surface.value(points))


@pytest.mark.parametrize("name", ALL)
def test_the_source_line_run_by_torch_gives_the_same_values(name):
    points = random_points(SURFACES[name])
    assert_same(run_source(SURFACES[name], points), SURFACES[name].value(points))


def test_torch_can_differentiate_the_plateau_at_its_center_too():
    x, y = torch.zeros(2, dtype=torch.float64, requires_grad=True).unbind()
    value = eval(SURFACES["plateau"].source, {"torch": torch, "x": x, "y": y})
    assert value.item() == -1.0
    assert all(abs(slope) < 1e-9 for slope in torch.autograd.grad(value, (x, y)))


@pytest.mark.parametrize("name", ALL)
def test_points_may_have_any_leading_axes(name):
    surface = SURFACES[name]
    points = random_points(surface, 24)
    folded = points.reshape(2, 3, 4, surface.dim)
    assert (surface.value(folded).ravel() == surface.value(points)).all()
    assert (surface.gradient(folded).reshape(24, -1) == surface.gradient(points)).all()
    assert (
        surface.hessian(folded).reshape(24, -1) == surface.hessian(points).reshape(24, -1)
    ).all()
    alone = points[0]
    assert surface.value(alone).shape == ()
    assert surface.gradient(alone).shape == (surface.dim,)
    assert surface.hessian(alone).shape == (surface.dim, surface.dim)


@pytest.mark.parametrize("name", ALL)
def test_far_and_broken_points_give_no_warning(name):
    surface = SURFACES[name]
    points = np.array([1e200, -1e200, np.inf, -np.inf, np.nan, 0.0])[:, None].repeat(2, 1)
    points = points[:, : surface.dim]
    for answer in (surface.value(points), surface.gradient(points), surface.hessian(points)):
        assert answer.dtype == np.float64
    assert not surface.inside(points)[2:5].any()


def test_each_part_of_a_gradient_lies_in_one_block_of_memory():
    gradient = SURFACES["himmelblau"].gradient(np.zeros((8, 8, 2)))
    assert gradient[..., 0].flags.c_contiguous
    hessian = SURFACES["himmelblau"].hessian(np.zeros((8, 8, 2)))
    assert hessian[..., 0, 1].flags.c_contiguous


def test_the_j_functions_exist_only_beyond_one_over_e():
    points = np.array([[-1.0], [0.2], [np.exp(-1)], [0.3679], [2.0]])
    for name in ("j1", "j2"):
        surface = SURFACES[name]
        assert surface.inside(points).tolist() == [False, False, False, True, True]
        for answer in (surface.value, surface.gradient, surface.hessian):
            assert (np.isfinite(answer(points)).reshape(5) == surface.inside(points)).all()


def test_the_plateau_is_smooth_where_its_power_series_takes_over():
    points = np.array([[0.1 - 1e-9, 0.0], [0.1 + 1e-9, 0.0]])  # r = 1
    for answer in (SURFACES["plateau"].gradient, SURFACES["plateau"].hessian):
        inner, outer = answer(points)
        np.testing.assert_allclose(inner, outer, atol=1e-5)  # 2e-9 apart, third derivative ~ 1e3


# Minima


@pytest.mark.parametrize("name", ALL)
def test_every_listed_minimum_is_flat_and_curved_upwards(name):
    surface = SURFACES[name]
    minima = surface.minima
    assert minima.shape[1:] == (surface.dim,)
    assert not minima.flags.writeable
    curvatures = np.linalg.eigvalsh(surface.hessian(minima))
    assert (curvatures > 0).all()
    # A Newton step is the distance to the exact minimum.
    step = np.linalg.solve(surface.hessian(minima), surface.gradient(minima)[..., None])
    assert (np.abs(step) < 1e-10).all()


@pytest.mark.parametrize("name", ALL)
def test_no_minimum_within_the_window_is_missing(name):
    surface = SURFACES[name]
    ours = sorted(map(tuple, surface.minima.tolist()))
    found = sorted(map(tuple, lowest_points(surface).tolist()))
    np.testing.assert_allclose(ours, found, atol=1e-9)


@pytest.mark.parametrize("name", ALL)
def test_start_and_minima_are_within_the_window(name):
    surface = SURFACES[name]
    low, high = np.array(surface.window).T
    for points in (np.array(surface.start), surface.minima):
        assert ((points >= low) & (points <= high)).all()
    assert surface.inside(surface.start)


# The names are the course's: J1_MIN and so on are in the oracle list of its inventory.
KNOWN_MINIMA = {
    "j1": [(0.6065306597, 0.7357588823)],
    "j2": [(1.58229, -1.65912), (3.54427, -5.49171), (5.52980, -11.23361)],
    "double_well": [(-1, 0), (1, 0)],
    "rosenbrock": [(1, 1, 0)],
    "beale": [(3, 0.5, 0)],
    "himmelblau": [
        (3, 2, 0),
        (-2.805118, 3.131312, 0),
        (-3.779310, -3.283186, 0),
        (3.584428, -1.848126, 0),
    ],
    "local_minimum": [(-0.968, 0, -5.03234), (0.905, 0, -1.09273)],
    "global_minimum": [(0, 0, 0)],
    "saddle_sine": [(-pi / 2, 0, -1)],
    "ecliptic_bowl": [(0, 0, -1)],
    "hills": [(0.900, -0.653, -0.15881), (0.0415, -0.0006, 0.0483)],
    "plateau": [(0, 0, -1)],
    "saddle": [],
    "monkey_saddle": [],
}


@pytest.mark.parametrize("name", KNOWN_MINIMA)
def test_minima_are_those_of_the_literature(name):
    surface = SURFACES[name]
    known = np.reshape(KNOWN_MINIMA[name], (-1, surface.dim + 1))
    assert len(surface.minima) == len(known)
    np.testing.assert_allclose(surface.minima, known[:, :-1], atol=5e-4)
    np.testing.assert_allclose(surface.value(surface.minima), known[:, -1], atol=4e-5)


def test_the_minimum_of_j1_is_one_over_the_root_of_e_with_curvature_eight():
    j1 = SURFACES["j1"]
    np.testing.assert_allclose(j1.minima, [[np.exp(-0.5)]], rtol=1e-15)
    np.testing.assert_allclose(j1.value(j1.minima), [2 / np.e], rtol=1e-15)
    np.testing.assert_allclose(j1.hessian(j1.minima).ravel(), [8.0], rtol=1e-14)


def test_the_minima_of_j2_have_the_curvatures_that_set_its_step_limits():
    j2 = SURFACES["j2"]
    curvatures = j2.hessian(j2.minima).ravel()
    np.testing.assert_allclose(curvatures, [18.08, 55.86, 112.40], atol=5e-3)
    np.testing.assert_allclose(2 / curvatures, [0.1106, 0.0358, 0.0178], atol=5e-5)


def test_the_plateau_holds_runs_up_in_a_ring_of_known_height():
    radius = np.linspace(0.5, 0.9, 400_001)
    heights = SURFACES["plateau"].value(np.stack([radius, 0 * radius], -1))
    # The runs that gave the number stopped a little above the floor, at a slope of 0.01.
    assert heights.min() == pytest.approx(0.38830, abs=1e-5)


def test_the_ravine_is_a_hundred_times_steeper_across_than_along():
    curvatures = np.linalg.eigvalsh(SURFACES["ravine"].hessian([0.0, 0.0]))
    assert curvatures[1] / curvatures[0] == pytest.approx(100)


# The linear network of two classes


def test_the_linear_network_has_exactly_the_curvatures_of_the_paper():
    surface = SURFACES["linear_network"]
    curvatures = np.linalg.eigvalsh(surface.hessian([0.0, 0.0]))
    np.testing.assert_allclose(curvatures, [0.036, 0.84], rtol=1e-13)


def test_the_linear_network_sample_is_nearly_the_two_gaussians():
    inputs, targets = sample()
    assert inputs.shape == (100, 2) and (np.abs(targets) == 1).all()
    for target in (1, -1):
        np.testing.assert_allclose(
            inputs[targets == target].mean(0), target * np.array([0.4, 0.8]), atol=0.06
        )
        assert inputs[targets == target].std() == pytest.approx(0.28, abs=0.05)  # incl. mean's gap


def test_the_best_weights_of_the_linear_network_are_least_squares():
    best, *_ = np.linalg.lstsq(*sample())
    np.testing.assert_allclose(SURFACES["linear_network"].minima, [best], rtol=1e-12)


# Stationary points


def kinds_at(name):
    found = stationary_points(SURFACES[name])
    return [
        (kind, *point.round(5).tolist())
        for kind, point in zip(found.kinds, found.points, strict=True)
    ]


def test_himmelblau_has_four_minima_four_saddles_and_a_maximum():
    found = stationary_points(SURFACES["himmelblau"])
    assert sorted(found.kinds) == ["maximum"] + 4 * ["minimum"] + 4 * ["saddle"]
    top = found.points[found.kinds.index("maximum")]
    np.testing.assert_allclose(top, [-0.270845, -0.923039], atol=1e-6)


def test_j2_has_two_maxima_between_its_minima():
    found = stationary_points(SURFACES["j2"])
    tops = [p[0] for kind, p in zip(found.kinds, found.points, strict=True) if kind == "maximum"]
    np.testing.assert_allclose(tops, [2.55814, 4.53564], atol=5e-6)
    assert found.kinds.count("minimum") == 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("saddle", [("saddle", 0, 0)]),
        ("monkey_saddle", [("degenerate", 0, 0)]),
        ("saddle_sine", [("minimum", -1.5708, 0), ("saddle", 1.5708, 0)]),
        ("double_well", [("minimum", -1), ("minimum", 1), ("maximum", 0)]),
        ("plateau", [("minimum", 0, 0)]),
    ],
)
def test_stationary_points_are_named_by_kind(name, expected):
    assert kinds_at(name) == expected


@pytest.mark.parametrize("curvatures", [(-1.0, -2.0), (-1.0, 2.0), (1.0, 2.0)])
def test_the_signs_of_the_eigenvalues_decide_the_kind(curvatures):
    kind = {0: "maximum", 1: "saddle", 2: "minimum"}[sum(c > 0 for c in curvatures)]
    assert stationary_points(bowl(*curvatures, 20.0)).kinds == (kind,)


@pytest.mark.parametrize("curvatures", [(0.0, 1.0), (0.0, 0.0)])
def test_valleys_and_plains_have_no_single_stationary_point(curvatures):
    for rotation in (0.0, 20.0):
        assert stationary_points(bowl(*curvatures, rotation)).kinds == ()


@pytest.mark.parametrize("name", ALL)
def test_the_gradient_vanishes_at_stationary_points(name):
    surface = SURFACES[name]
    found = stationary_points(surface)
    steepest = np.abs(surface.gradient(random_points(surface))).max()
    assert np.abs(surface.gradient(found.points)).max(initial=0) < 1e-10 * steepest


# Bad arguments


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e5, "1"])
def test_curvatures_out_of_range_are_refused(bad):
    with pytest.raises(ValueError, match=r"expected .*curvature"):
        quadratic(bad)
    with pytest.raises(ValueError, match=r"expected .*curvature2"):
        bowl(1.0, bad)
    with pytest.raises(ValueError, match=r"expected .*rotation"):
        bowl(rotation=bad)
