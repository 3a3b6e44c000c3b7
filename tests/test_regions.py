"""Regions against exact fractions, torch, half-planes, pixels, constructions and closed forms."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull, HalfspaceIntersection

from dlviz.regions import SQUARE, Plane, bounds, linear_regions
from tests.exact_regions import exact_regions

LARGE = 1e4 * np.array(SQUARE)


def random_network(sizes, seed, bias=1.0):
    """Return weights N(0, 2 / fan_in) and biases U(±bias / √fan_in)."""
    rng = np.random.default_rng(seed)
    fans = list(pairwise(sizes))
    weights = [rng.normal(0, np.sqrt(2 / a), (b, a)) for a, b in fans]
    return weights, [bias * rng.uniform(-(a**-0.5), a**-0.5, b) for a, b in fans]


def sums_of(weights, biases, x, leak=0.0):
    """Return the sums of all hidden units (n, units) and the outputs (n, out) at points (n, 2)."""
    sums = []
    for w, b in zip(weights, biases, strict=True):
        sums.append(x @ np.transpose(w) + b)
        x = np.where(sums[-1] > 0, sums[-1], leak * sums[-1])
    return np.concatenate(sums[:-1], axis=1) if sums[1:] else np.empty((len(x), 0)), sums[-1]


def points_in(polygons, rng, each=5):
    """Return ``each`` random points inside every polygon, (N, each, 2)."""
    return np.stack([rng.dirichlet(np.ones(len(p)), each) @ p for p in polygons])


def inside(polygon, x):
    ahead = np.roll(polygon, -1, axis=0) - polygon
    to = x - polygon
    return (ahead[:, 0] * to[:, 1] - ahead[:, 1] * to[:, 0] > -1e-12).all()


def assert_sound(regions, weights, biases, leak=0.0, area=4.0, seed=0):
    """Assert all that must hold of regions, whatever the network."""
    assert abs(regions.areas.sum() - area) <= 1e-12 * area
    assert len(np.unique(regions.patterns, axis=0)) == len(regions)
    v, e = len(regions.vertices), len(regions.edges.ends)
    assert v - e + len(regions) == 1  # Euler: faces that tile a disc
    assert 0 <= regions.dropped_area <= 1e-9 * area
    rng = np.random.default_rng(seed)
    points = points_in(regions.polygons, rng)
    _, outputs = sums_of(weights, biases, points.reshape(-1, 2), leak)
    maps = np.einsum("nok,npk->npo", regions.slopes, points) + regions.intercepts[:, None]
    scale = max(1.0, np.abs(outputs).max())
    np.testing.assert_allclose(maps.reshape(outputs.shape), outputs, rtol=0, atol=1e-12 * scale)
    low, high = regions.vertices.min(0), regions.vertices.max(0)
    for x in rng.uniform(low, high, (25, 2)):
        assert_lies_in_the_region_of_its_pattern(regions, weights, biases, leak, x)


def assert_lies_in_the_region_of_its_pattern(regions, weights, biases, leak, x):
    sums, _ = sums_of(weights, biases, x[None], leak)
    if (np.abs(sums) < 1e-9).any():
        return  # on a line, up to rounding
    found = np.flatnonzero((regions.patterns == (sums > 0)).all(1))
    assert len(found) == 1
    assert inside(regions.polygons[found[0]], x)


# Exact fractions.

SMALL = st.integers(-3, 3)


@st.composite
def small_networks(draw):
    """Draw networks of small whole numbers: zeros, parallels, duplicates, lines through points."""
    hidden = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    weights, biases = [], []
    for fan_in, fan_out in pairwise([2, *hidden, 1]):
        rows = st.lists(SMALL, min_size=fan_in, max_size=fan_in)
        weights.append(draw(st.lists(rows, min_size=fan_out, max_size=fan_out)))
        biases.append(draw(st.lists(SMALL, min_size=fan_out, max_size=fan_out)))
    return weights, biases


@given(network=small_networks(), leak=st.sampled_from([0, 0.25, -1, 1]))
@settings(max_examples=150, deadline=None)
def test_regions_are_those_of_exact_fractions(network, leak):
    window = [(-2, -2), (3, -2), (3, 3), (-2, 3)]
    exact = {r.pattern: r for r in exact_regions(*network, window, leak)}
    found = linear_regions(*network, polygon=window, leak=leak)
    assert set(map(tuple, found.patterns.tolist())) == set(exact)
    for i, pattern in enumerate(map(tuple, found.patterns.tolist())):
        assert found.areas[i] == pytest.approx(float(exact[pattern].area), rel=1e-9)
        np.testing.assert_allclose(
            [*found.slopes[i, 0], found.intercepts[i, 0]],
            [float(number) for number in exact[pattern].units[0]],
            rtol=1e-13,
            atol=1e-12,
        )
    assert found.dropped_area < 1e-12
    assert_sound(found, *network, leak=leak, area=25.0)


def test_random_networks_agree_with_exact_fractions():
    weights, biases = random_network((2, 5, 4, 3, 1), seed=3)
    exact = {r.pattern: float(r.area) for r in exact_regions(weights, biases, SQUARE)}
    found = linear_regions(weights, biases)
    areas = dict(zip(map(tuple, found.patterns.tolist()), found.areas, strict=True))
    assert areas == pytest.approx(exact, abs=1e-13)


# Any network: floats, with all that makes lines meet or coincide.


@st.composite
def float_networks(draw):
    hidden = draw(st.lists(st.integers(1, 32), min_size=0, max_size=3))
    outputs = draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = [rng.normal(0, np.sqrt(2 / a), (b, a)) for a, b in pairwise([2, *hidden, outputs])]
    biases = [rng.uniform(-0.7, 0.7, len(w)) * draw(st.sampled_from([0, 1])) for w in weights]
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        for _ in range(draw(st.integers(0, 3))):
            i, j = rng.integers(len(w), size=2)
            _spoil(draw(st.sampled_from(_SPOILS)), w, b, i, j, rng)
    return weights, biases


def _spoil(kind, w, b, i, j, rng):
    w[i] = {"zero": 0 * w[i], "one": np.eye(len(w.T))[0]}.get(kind, w[j])
    if kind in ("same", "opposite", "scaled"):
        factor = {"same": 1.0, "opposite": -1.0, "scaled": rng.uniform(0.1, 10)}[kind]
        w[i], b[i] = factor * w[j], factor * b[j]
    if kind == "through a point":
        w[i] = rng.normal(size=len(w.T))
        b[i] = b[j] - (w[i] - w[j]) @ np.full(len(w.T), 0.3)
    if kind == "almost the same":
        b[i] = b[j] * (1 + 1e-15)
    if kind == "zero":
        b[i] = 0.0


_SPOILS = ["zero", "one", "same", "opposite", "scaled", "parallel", "through a point",
           "almost the same"]  # fmt: skip


@given(network=float_networks(), leak=st.sampled_from([0.0, 0.01, 0.5, -1.0]))
@settings(max_examples=60, deadline=None)
def test_any_network_has_sound_regions(network, leak):
    regions = linear_regions(*network, leak=leak)
    assert_sound(regions, *network, leak=leak)
    most = bounds([len(w) for w in network[0][:-1]])
    assert len(regions) <= most["montufar_upper" if leak else "serra"]


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_the_same_network_has_the_same_regions(seed):
    network = random_network((2, 9, 7, 2), seed)
    one, two = linear_regions(*network), linear_regions(*network)
    np.testing.assert_array_equal(one.vertices, two.vertices)
    np.testing.assert_array_equal(one.patterns, two.patterns)
    np.testing.assert_array_equal(one.slopes, two.slopes)


# torch.


def torch_network(weights, biases, leak=0.0):
    modules = []
    for w, b in zip(weights, biases, strict=True):
        layer = torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(w), torch.tensor(b)
        modules += [layer, torch.nn.LeakyReLU(leak)]
    return torch.nn.Sequential(*modules[:-1])


@pytest.mark.parametrize("leak", [0.0, 0.2])
@pytest.mark.parametrize("sizes", [(2, 8, 8, 1), (2, 16, 16, 16, 3)])
def test_slopes_are_the_gradients_of_autograd(sizes, leak):
    weights, biases = random_network(sizes, seed=1)
    regions = linear_regions(weights, biases, leak=leak)
    net = torch_network(weights, biases, leak)
    middle = torch.tensor(np.array([p.mean(0) for p in regions.polygons]), requires_grad=True)
    outputs = net(middle)
    for k in range(sizes[-1]):
        (grads,) = torch.autograd.grad(outputs[:, k].sum(), middle, retain_graph=True)
        np.testing.assert_allclose(regions.slopes[:, k], grads.numpy(), rtol=0, atol=1e-12)
    plane = (regions.slopes * middle.detach().numpy()[:, None]).sum(-1) + regions.intercepts
    np.testing.assert_allclose(plane, outputs.detach().numpy(), rtol=0, atol=1e-12)
    corners = net(torch.tensor(regions.vertices)).detach().numpy()
    np.testing.assert_allclose(regions.values, corners, rtol=0, atol=1e-12)
    assert (np.abs(regions.values - corners) <= regions.errors + 1e-14).all()


def test_the_sums_of_hidden_units_are_affine_maps_too():
    weights, biases = random_network((2, 6, 5, 1), seed=2)
    regions = linear_regions(weights, biases)
    x = points_in(regions.polygons, np.random.default_rng(0), each=1)[:, 0]
    sums, _ = sums_of(weights, biases, x)
    for maps, expected in zip(regions.hidden_maps(), np.split(sums, [6], axis=1), strict=True):
        found = np.einsum("nuk,nk->nu", maps[..., :2], x) + maps[..., 2]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)
    for some, every in zip(regions.hidden_maps([3, 1]), regions.hidden_maps(), strict=True):
        np.testing.assert_allclose(some, every[[3, 1]], rtol=0, atol=1e-15)


# scipy: each region is where the half-planes of its pattern meet.


def test_polygons_are_intersections_of_half_planes():
    weights, biases = random_network((2, 8, 6, 1), seed=5)
    regions = linear_regions(weights, biases)
    maps = np.concatenate(regions.hidden_maps(), axis=1)
    window = np.array([(1, 0, -1), (-1, 0, -1), (0, 1, -1), (0, -1, -1)], dtype=float)
    for i, polygon in enumerate(regions.polygons):
        planes = np.where(regions.patterns[i][:, None], -maps[i], maps[i])
        planes = np.concatenate([planes[np.abs(planes[:, :2]).max(1) > 0], window])
        corners = HalfspaceIntersection(planes, polygon.mean(0)).intersections
        assert ConvexHull(corners).volume == pytest.approx(regions.areas[i], abs=1e-9)


# Pixels.


@pytest.mark.parametrize("seed", range(3))
def test_a_grid_sees_no_other_patterns_and_misses_only_small_regions(seed):
    weights, biases = random_network((2, 16, 16, 16, 1), seed)
    regions = linear_regions(weights, biases)
    line = (np.arange(512) + 0.5) / 256 - 1
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    sums, _ = sums_of(weights, biases, grid)
    words = np.random.default_rng(0).integers(-(2**62), 2**62, sums.shape[1])
    seen = np.unique((sums > 0) @ words)  # sums modulo 2 ** 64: a word for each pattern
    known = regions.patterns @ words
    assert np.isin(seen, known).all()
    missed = ~np.isin(known, seen)
    assert 0 < missed.sum() == len(regions) - len(seen)
    assert regions.areas[missed].max() < 20 * (2 / 512) ** 2
    assert regions.areas[missed].sum() < 0.01


# Constructions and closed forms.


@pytest.mark.parametrize("units", range(1, 65))
def test_random_lines(units):
    """Lines in general position, in a window that holds all their crossings."""
    weights, biases = random_network((2, units, 1), seed=units)
    pairs = np.stack(np.triu_indices(units, 1), axis=1)
    crossings = np.linalg.solve(weights[0][pairs], -biases[0][pairs][..., None])
    span = 1.1 * np.abs(crossings).max(initial=1)
    regions = linear_regions(weights, biases, polygon=span * np.array(SQUARE))
    assert len(regions) == 1 + units + units * (units - 1) // 2 == bounds([units])["shallow"]
    assert abs(regions.areas.sum() / (4 * span**2) - 1) < 1e-12
    assert regions.dropped_area == 0


@pytest.mark.parametrize("lines", [3, 8, 20, 63])
def test_lines_through_one_point(lines):
    rng = np.random.default_rng(lines)
    w, point = rng.normal(size=(lines, 2)), rng.uniform(-0.5, 0.5, 2)
    regions = linear_regions([w, np.ones((1, lines))], [-w @ point, [0]])
    assert len(regions) == 2 * lines
    assert regions.dropped_area < 1e-14  # slivers beside the point
    assert abs(regions.areas.sum() - 4) < 1e-12


def test_a_network_without_biases_has_cones():
    weights, _ = random_network((2, 8, 1), seed=0)
    assert len(linear_regions(weights, [np.zeros(8), [0]])) == 16
    weights, _ = random_network((2, 6, 6, 6, 1), seed=0)
    regions = linear_regions(weights, [np.zeros(len(w)) for w in weights])
    assert all(np.abs(polygon).min(0).max() < 1e-15 or (np.abs(polygon).sum(1) < 1e-15).any()
               for polygon in regions.polygons)  # fmt: skip
    assert (regions.intercepts == 0).all()


@pytest.mark.parametrize(("a", "b"), [(1, 1), (3, 2), (7, 9)])
def test_a_grid_of_lines(a, b):
    w = np.array([(1.0, 0.0)] * a + [(0.0, 1.0)] * b)
    offsets = np.concatenate([np.linspace(-0.7, 0.8, a), np.linspace(-0.6, 0.9, b)])
    assert len(linear_regions([w, np.ones((1, a + b))], [offsets, [0]])) == (a + 1) * (b + 1)


def fold_network(layers):
    """Return a network of 4 units a layer that folds x and y in half again and again."""
    weights = [np.array([(1, 0), (-1, 0), (0, 1), (0, -1)], dtype=float)]
    biases = [np.zeros(4)]
    for _ in range(layers - 1):
        weights.append(2.0 * np.kron(np.eye(2), [(-1, -1), (1, 1)]))
        biases.append(np.array([1.0, -1, 1, -1]))
    return weights, biases


@pytest.mark.parametrize("folds", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("span", [1, 7])
def test_the_fold_network_has_4_to_the_k_regions(folds, span):
    weights, biases = fold_network(folds)
    last = np.array([(1, 1, 2**0.5, 2**0.5)])
    regions = linear_regions([*weights, last], [*biases, [0]], span * np.array(SQUARE))
    assert len(regions) == 4**folds == len(np.unique(regions.pieces))
    assert len(np.unique(np.round(regions.slopes, 6), axis=0)) < 4**folds or folds < 3
    assert regions.dropped_area == 0
    if span == 1:
        np.testing.assert_array_equal(regions.areas, 4.0 / 4**folds)


@pytest.mark.parametrize(("layers", "count"), [(1, 11), (2, 44), (3, 176), (4, 704)])
def test_folds_multiply_lines(layers, count):
    weights, biases = fold_network(layers - 1) if layers > 1 else ([], [])
    lines = np.array([(3, 1), (-1, -3), (-1, 3), (3, -1)], dtype=float)
    offsets = np.array([-0.6, -0.4, 0.9, 0.5])
    if layers > 1:
        weights = [*weights, lines @ np.kron(np.eye(2), [(-2, -2)])]
        offsets = lines.sum(1) + offsets
    else:
        weights = [lines]
    regions = linear_regions([*weights, [[1, 2, 3, 5]]], [*biases, offsets, [0]])
    assert len(regions) == count == len(np.unique(regions.pieces))
    assert count == bounds((4,) * layers)["montufar"]


def test_activation_regions_can_be_more_than_linear_pieces():
    weights, biases = fold_network(2)
    lines = np.array([(1, 0), (0, 1), (1, 1), (1, -1)], dtype=float)
    offsets = lines.sum(1) + np.array([-0.1, 0.2, -0.3, -0.25])
    weights = [*weights, lines @ np.kron(np.eye(2), [(-2, -2)]), np.ones((1, 4))]
    regions = linear_regions(weights, [*biases, offsets, [0]])
    assert (len(regions), len(np.unique(regions.pieces))) == (176, 165)


@pytest.mark.parametrize("widths", [(24,), (12, 12), (8, 8, 8), (6,) * 4])
def test_random_networks_do_not_fold(widths):
    """Hanin & Rolnick: about N²/2 regions on the whole plane, at any depth."""
    counts = [len(linear_regions(*random_network((2, *widths, 1), seed), polygon=LARGE))
              for seed in range(20)]  # fmt: skip
    assert 0.85 < np.mean(counts) / bounds(widths)["typical"] < 1.2


@pytest.mark.parametrize(
    ("widths", "mean"),
    [((8,), 36), ((4, 4), 32), ((12,), 77), ((4, 4, 4), 55), ((8, 8, 8), 277)],
)
def test_random_networks_have_the_averages_of_the_course(widths, mean):
    counts = [
        len(linear_regions(*random_network((2, *widths, 1), seed), polygon=10 * np.array(SQUARE)))
        for seed in range(50)
    ]
    assert np.mean(counts) == pytest.approx(mean, rel=0.1)


def test_random_networks_stay_below_what_was_built():
    """COURSE: a random 4-4 network can beat 44, none beats the proven 121."""
    counts = [len(linear_regions(*random_network((2, 4, 4, 1), seed, bias=0.3), polygon=LARGE))
              for seed in range(400)]  # fmt: skip
    assert max(counts) > 44
    assert max(counts) <= bounds((4, 4))["serra"] == 121


# Lines, neighbors, births.


@pytest.mark.parametrize("leak", [0.0, 0.3])
def test_hinges_are_where_sums_are_zero(leak):
    weights, biases = random_network((2, 5, 6, 4, 1), seed=4)
    regions = linear_regions(weights, biases, leak=leak)
    for unit in range(15):
        segments = regions.hinges(unit)
        sums, _ = sums_of(weights, biases, segments.reshape(-1, 2), leak)
        np.testing.assert_allclose(sums[:, unit], 0, atol=1e-13)
        assert len(segments) > 0 or len(set(regions.patterns[:, unit])) == 1
    straight = regions.hinges(0).reshape(-1, 2) - regions.hinges(0)[0, 0]
    assert np.linalg.svd(straight, compute_uv=False)[1] < 1e-13


def test_a_unit_is_on_at_one_side_of_its_hinge():
    regions = linear_regions([[[1.0, 0.0]], [[2.0]]], [[-0.5], [1.0]])
    assert sorted(np.ravel(regions.hinges(0)[0])) == [-1.0, 0.5, 0.5, 1.0]
    left, right = np.argsort(regions.patterns[:, 0])
    np.testing.assert_array_equal(regions.slopes[[left, right], 0], [(0, 0), (2, 0)])
    np.testing.assert_array_equal(regions.intercepts[[left, right], 0], [1, 0])
    np.testing.assert_array_equal(regions.areas[[left, right]], [3, 1])


def test_neighbors_differ_in_one_unit_and_meet_in_an_edge():
    weights, biases = random_network((2, 7, 7, 1), seed=8)
    regions = linear_regions(weights, biases)
    pairs = regions.neighbors
    assert (regions.patterns[pairs[:, 0]] != regions.patterns[pairs[:, 1]]).sum(1).tolist() == [
        1
    ] * len(pairs)
    near = {
        (i, j)
        for i in range(len(regions))
        for j in range(i)
        if (regions.patterns[i] != regions.patterns[j]).sum() == 1
        and sum((regions.polygons[i] == corner).all(1).any() for corner in regions.polygons[j]) == 2
    }
    assert {tuple(sorted(pair, reverse=True)) for pair in pairs.tolist()} == near
    ends = regions.vertices[regions.edges.ends]
    rim = (regions.edges.faces < 0).any(1)
    assert (np.abs(ends[rim]).max(-1) == 1).all()
    lengths = np.linalg.norm(ends[rim, 0] - ends[rim, 1], axis=1)
    assert lengths.sum() == pytest.approx(8)


def test_births_are_the_last_layer_that_cut():
    weights, biases = random_network((2, 6, 5, 4, 1), seed=1)
    regions = linear_regions(weights, biases)
    for layer in (1, 2):
        earlier = linear_regions([*weights[:layer], np.ones((1, len(weights[layer].T)))],
                                 [*biases[:layer], [0.0]])  # fmt: skip
        units = earlier.patterns.shape[1]
        whole = {tuple(pattern) for pattern in earlier.patterns.tolist()}
        old = regions.births <= layer
        patterns = [tuple(p) for p in regions.patterns[:, :units].tolist()]
        assert set(patterns) == whole
        counts = {pattern: patterns.count(pattern) for pattern in whole}
        assert [counts[p] == 1 for p in patterns] == old.tolist()
    assert set(regions.births) == {1, 2, 3}
    assert linear_regions([np.ones((1, 2))], [[0]]).births.tolist() == [0]


# The decision boundary.


def crosses(segments, a, b):
    """Tell whether the way from a to b meets one of the segments."""

    def side(p, q, x):
        return (q[..., 0] - p[..., 0]) * (x[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
            x[..., 0] - p[..., 0]
        )

    p, q = segments[:, 0], segments[:, 1]
    return ((side(p, q, a) * side(p, q, b) <= 0) & (side(a, b, p) * side(a, b, q) <= 0)).any()


@pytest.mark.parametrize("level", [0.0, 0.4])
def test_the_boundary_parts_what_is_above_a_level(level):
    weights, biases = random_network((2, 8, 8, 2), seed=6)
    regions = linear_regions(weights, biases)
    net = torch_network(weights, biases)
    for output in (0, 1):
        segments = regions.boundary(level, output)
        at_ends = net(torch.tensor(segments)).detach().numpy()[..., output]
        np.testing.assert_allclose(at_ends, level, atol=1e-12)
        rng = np.random.default_rng(0)
        for a, b in rng.uniform(-1, 1, (200, 2, 2)):
            _, (u, v) = sums_of(weights, biases, np.array([a, b]))
            if (u[output] - level) * (v[output] - level) < 0:
                assert crosses(segments, a, b)
        lengths = np.linalg.norm(segments[:, 0] - segments[:, 1], axis=1)
        assert (lengths > 0).all()


def test_a_boundary_along_hinges_and_around_a_flat():
    diamond = [np.array([(1, 0), (-1, 0), (0, 1), (0, -1.0)]), np.array([(1, 1, 1, 1.0)])]
    ring = linear_regions(diamond, [np.zeros(4), [-0.5]]).boundary()
    assert np.abs(ring).sum(-1) == pytest.approx(np.full(ring.shape[:2], 0.5))
    assert np.linalg.norm(ring[:, 0] - ring[:, 1], axis=1).sum() == pytest.approx(4 * 0.5**0.5)
    step = linear_regions([[[1.0, 0.0]], [[1.0]]], [[-0.25], [0.0]])  # 0 on all of the left
    assert sorted(np.ravel(step.boundary())) == [-1, 0.25, 0.25, 1]
    assert len(step.boundary(-1.0)) == 0 == len(step.boundary(10.0))


# Leaks, slices, windows.


def test_a_leak_of_1_is_one_linear_piece():
    weights, biases = random_network((2, 6, 6, 1), seed=0)
    linear = linear_regions(weights, biases, leak=1.0)
    assert len(linear) > 1
    assert set(linear.pieces) == {0}
    product = weights[2] @ weights[1] @ weights[0]
    np.testing.assert_allclose(linear.slopes, np.tile(product, (len(linear), 1, 1)), atol=1e-13)


def test_a_leak_of_minus_1_folds_paper():
    """|x| and |y| and so on: 4 ** k squares with 2 units a layer, all slopes of one size."""
    weights = [np.eye(2)] + [-2 * np.eye(2)] * 3 + [np.array([[1.0, 2.0**0.5]])]
    biases = [np.zeros(2)] + [np.ones(2)] * 3 + [[0.0]]
    regions = linear_regions(weights, biases, leak=-1.0)
    assert len(regions) == 4**4 == len(np.unique(regions.pieces))
    np.testing.assert_array_equal(np.abs(regions.slopes[:, 0, 0]), 8)


def test_each_layer_may_leak_by_itself():
    weights, biases = random_network((2, 5, 5, 1), seed=0)
    regions = linear_regions(weights, biases, leak=(0.5, 0.0))
    x = points_in(regions.polygons, np.random.default_rng(0), each=1)[:, 0]
    first = x @ weights[0].T + biases[0]
    second = np.maximum(np.where(first > 0, first, first / 2) @ weights[1].T + biases[1], 0)
    values = (regions.slopes[:, 0] * x).sum(1) + regions.intercepts[:, 0]
    np.testing.assert_allclose(values, (second @ weights[2].T + biases[2])[:, 0], atol=1e-13)


def test_a_slice_through_many_inputs():
    weights, biases = random_network((20, 12, 12, 3), seed=0)
    rng = np.random.default_rng(1)
    plane = Plane(rng.normal(size=20), rng.normal(size=(2, 20)))
    regions = linear_regions(weights, biases, plane=plane)
    st_points = points_in(regions.polygons, rng, each=2)
    x = torch.tensor(plane.origin + st_points @ plane.directions, requires_grad=True)
    outputs = torch_network(weights, biases)(x)
    maps = np.einsum("nok,npk->npo", regions.slopes, st_points) + regions.intercepts[:, None]
    np.testing.assert_allclose(maps, outputs.detach().numpy(), rtol=0, atol=1e-12)
    (grads,) = torch.autograd.grad(outputs[..., 2].sum(), x)
    along = grads.numpy() @ plane.directions.T
    np.testing.assert_allclose(along, np.repeat(regions.slopes[:, 2][:, None], 2, 1), atol=1e-12)


def test_a_network_of_1_input_can_be_drawn_on_a_strip():
    zigzag = [[[1.0], [1.0], [1.0]], [[1.0, -2.0, 2.0]]]
    plane = Plane([0.0], [[1.0], [0.0]])
    regions = linear_regions(zigzag, [[0.5, 0.0, -0.5], [0]], plane=plane)
    assert len(regions) == 4


def test_windows_may_be_any_convex_polygon():
    weights, biases = random_network((2, 9, 9, 1), seed=3)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    disc = 0.8 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    regions = linear_regions(weights, biases, disc)
    area = 0.5 * 40 * np.sin(2 * np.pi / 40) * 0.8**2
    assert regions.areas.sum() == pytest.approx(area, abs=1e-13)
    square = linear_regions(weights, biases)
    patterns = set(map(tuple, square.patterns.tolist()))
    assert set(map(tuple, regions.patterns.tolist())) <= patterns
    backwards = linear_regions(weights, biases, np.repeat(disc[::-1], 2, axis=0))
    assert len(backwards) == len(regions)


@pytest.mark.parametrize("scale", [1e-8, 1e8])
def test_regions_do_not_depend_on_units_of_length(scale):
    weights, biases = random_network((2, 12, 12, 1), seed=2)
    plain = linear_regions(weights, biases)
    far = linear_regions([weights[0] / scale, *weights[1:]], biases, scale * np.array(SQUARE))
    np.testing.assert_array_equal(far.patterns, plain.patterns)
    np.testing.assert_allclose(far.areas, scale**2 * plain.areas, rtol=1e-6)


def test_a_strip_too_thin_to_tell_from_rounding_is_dropped():
    def strip(width):
        return linear_regions([[[1.0, 0.0], [1.0, 0.0]], [[1.0, 1.0]]], [[0.0, -width], [0.0]])

    thin, thick = strip(1e-15), strip(1e-14)
    assert (len(thin), len(thick)) == (2, 3)
    assert thin.dropped_area == pytest.approx(2e-15, rel=0.2)
    assert thick.dropped_area == 0
    assert abs(thin.areas.sum() - 4) < 1e-14


# What is refused.


@pytest.mark.parametrize(
    ("polygon", "words"),
    [
        ([(0, 0), (1, 0)], "convex polygon"),
        ([(0, 0), (1, 0), (2, 0)], "convex polygon"),
        ([(0, 0), (2, 0), (2, 2), (1, 0.5)], "convex polygon"),
        ([(0, 1), (0.6, -0.8), (-0.95, 0.3), (0.95, 0.3), (-0.6, -0.8)], "convex polygon"),
        ([(0, 0, 0), (1, 0, 0), (1, 1, 0)], "shape"),
        ([(0, 0), (1, 0), (np.nan, 1)], "finite"),
    ],
)
def test_polygons_that_are_none(polygon, words):
    with pytest.raises(ValueError, match=f"expected a.*{words}"):
        linear_regions([np.ones((1, 2))], [[0]], polygon)


@pytest.mark.parametrize(
    ("weights", "biases", "keywords", "words"),
    [
        ([], [], {}, "as many biases as weights"),
        ([np.ones((1, 2))], [[0], [0]], {}, "as many biases as weights"),
        ([np.ones((1, 3))], [[0]], {}, r"\(1, 2\), got \(1, 3\)"),
        ([np.ones((4, 2)), np.ones((1, 5))], [np.zeros(4), [0]], {}, r"\(1, 4\), got \(1, 5\)"),
        ([np.ones((4, 2))], [np.zeros(3)], {}, "biases"),
        ([np.full((1, 2), np.inf)], [[0]], {}, "finite"),
        ([np.ones((3, 2)), np.ones((1, 3))], [np.zeros(3), [0]], {"leak": 1.5}, "leak <= 1"),
        ([np.ones((3, 2)), np.ones((1, 3))], [np.zeros(3), [0]], {"leak": (0.1, 0.2)}, "1 leaks"),
        ([np.ones((1, 5))], [[0]], {"plane": Plane(np.zeros(4), np.eye(2, 4))}, "5 dimensions"),
    ],
)
def test_networks_that_are_none(weights, biases, keywords, words):
    with pytest.raises(ValueError, match=f"expected .*{words}"):
        linear_regions(weights, biases, **keywords)


def test_arrays_are_read_only():
    regions = linear_regions(*random_network((2, 4, 1), seed=0))
    for array in (regions.vertices, regions.patterns, regions.areas, regions.slopes,
                  regions.intercepts, regions.values, regions.births, regions.polygons[0],
                  regions.edges.ends, regions.pieces):  # fmt: skip
        assert not array.flags.writeable
