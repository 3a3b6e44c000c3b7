"""The lab's engine against constructions, paper folded by hand, torch, pixels and closed forms."""

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.initializers import initial_layers
from dlviz.networks import Architecture
from dlviz.origami import compute
from dlviz.origami.compute import (
    HandConfig,
    OrigamiConfig,
    facts,
    fold_by_hand,
    halvings,
    labels_on,
    layers_of,
    missed_by_grid,
    paper_of,
    random_counts,
    regions_over,
    shallow_units,
    smooth,
    sweep,
    unfold,
)
from dlviz.origami.constructions import fold_of, lines_of
from dlviz.origami.hand import hand_network
from dlviz.regions import SQUARE, bounds, linear_regions

# Constructions.


@pytest.mark.parametrize("folds", [1, 2, 3, 4, 5, 6])
def test_folds_of_4_units_have_4_to_the_k_squares(folds):
    trace = unfold(OrigamiConfig("folds", hidden=(4,) * folds))
    assert trace.counts.tolist() == [4**k for k in range(folds + 1)]
    np.testing.assert_array_equal(trace.regions.areas, 4.0 / 4**folds)
    assert facts(trace)["pieces"] == 4**folds
    assert trace.outcome == "exact"


@pytest.mark.parametrize("units", range(1, 65))
def test_any_number_of_lines_in_general_position(units):
    trace = unfold(OrigamiConfig("folded_lines", hidden=(units,), seed=units))
    assert len(trace.regions) == 1 + units + units * (units - 1) // 2
    assert facts(trace)["pieces"] == len(trace.regions)


@pytest.mark.parametrize(
    ("hidden", "count"),
    [((1,), 2), ((2,), 4), ((3,), 7), ((4,), 11), ((8,), 37), ((12,), 79), ((4, 4), 44),
     ((4, 4, 4), 176), ((4, 4, 4, 4), 704), ((8, 8), 592), ((8, 8, 8), 9472), ((5, 7, 3), None),
     ((2, 2, 4), None), ((6, 6, 6), None)],
)  # fmt: skip
def test_folded_lines_reach_the_lower_bound_of_montufar(hidden, count):
    trace = unfold(OrigamiConfig("folded_lines", hidden=hidden, seed=1))
    assert len(trace.regions) == bounds(hidden)["montufar"]
    assert count in (None, len(trace.regions))
    assert abs(trace.regions.areas.sum() - 4) < 1e-12
    assert trace.paper.off_plane.max() < 1e-14


@pytest.mark.parametrize("units", range(2, 18))
def test_a_fold_is_a_zigzag(units):
    """g runs from −1 to 1 and back, straight, ⌊units / 2⌋ times."""
    fold, p = fold_of(units), units // 2
    x = np.linspace(-1, 1, 201)
    inputs = np.stack([x, np.roll(x, 7)], axis=1)
    above = np.maximum(inputs @ fold.directions.T + fold.offsets, 0) @ fold.readout.T + fold.origin
    corners = 2 * np.arange(p + 1) / p - 1
    ends = (-1.0) ** (np.arange(p + 1) + 1) if p > 1 else np.array([-1.0, 1.0])
    np.testing.assert_allclose(above, np.interp(inputs, corners, ends), atol=1e-13)


@given(count=st.integers(2, 64), seed=st.integers(0, 999))
@settings(max_examples=30, deadline=None)
def test_lines_cross_inside_the_window(count, seed):
    w, b = lines_of(count, seed)
    i, j = np.triu_indices(count, 1)
    pairs = np.stack([i, j], axis=1)
    crossings = np.linalg.solve(w[pairs], -b[pairs][..., None])
    assert np.linalg.norm(crossings[..., 0], axis=1).max() <= 0.85 + 1e-12
    np.testing.assert_allclose(np.linalg.norm(w, axis=1), 1)


def test_random_networks_begin_alike_at_any_depth():
    short, long = (layers_of(OrigamiConfig(hidden=h)) for h in ((8, 8), (8, 8, 8)))
    np.testing.assert_array_equal(short.weights[1], long.weights[1])
    assert not np.allclose(short.weights[0], layers_of(OrigamiConfig(seed=1)).weights[0])
    scaled = layers_of(OrigamiConfig(weight_scale=3.0, bias_scale=0.0))
    np.testing.assert_array_equal(scaled.weights[0], 3 * short.weights[0])
    assert not scaled.biases[1].any()
    wide = layers_of(OrigamiConfig(hidden=(64, 64)))
    assert wide.weights[1].std() == pytest.approx(np.sqrt(2 / 64), rel=0.05)
    assert np.abs(wide.biases[1]).max() == pytest.approx(1 / 8, rel=0.1)


def test_every_weight_can_be_given():
    plain = OrigamiConfig(hidden=(3,))
    numbers = compute.architecture_of(plain).parameters(layers_of(plain))
    edited = OrigamiConfig(hidden=(3,), parameters=tuple((2 * numbers).tolist()))
    np.testing.assert_array_equal(layers_of(edited).weights[0], 2 * layers_of(plain).weights[0])
    same = OrigamiConfig(hidden=(3,), parameters=tuple(numbers.tolist()))
    np.testing.assert_array_equal(unfold(same).regions.vertices, unfold(plain).regions.vertices)


@pytest.mark.parametrize("hidden", [(24,), (12, 12), (8, 8, 8)])
def test_random_networks_have_typical_counts(hidden):
    """Hanin & Rolnick: N²/2 = 288 of the plane; one layer always has 1 + 24 + C(24, 2) = 301."""
    counts = random_counts(OrigamiConfig(), [hidden], seeds=20)[0]
    assert counts.shape == (20,)
    assert counts.mean() / bounds(hidden)["typical"] == pytest.approx(1, abs=0.15)
    if len(hidden) == 1:
        assert set(counts) == {301}


# Paper.


@pytest.mark.parametrize("hidden", [(4,), (4, 4, 4), (6, 4), (8, 8, 4)])
@pytest.mark.parametrize("network", ["folds", "folded_lines"])
def test_paper_is_folded_without_a_stretch(network, hidden):
    """Every side keeps its length in every entry: nothing but mirror images of pieces."""
    paper = unfold(OrigamiConfig(network, hidden)).paper
    assert paper.off_plane.max() < 1e-14
    ends = paper.regions.edges.ends
    sides = paper.positions[:, ends[:, 0]] - paper.positions[:, ends[:, 1]]
    lengths = np.linalg.norm(sides, axis=-1)
    np.testing.assert_allclose(lengths, np.tile(lengths[0], (len(hidden), 1)), atol=1e-12)
    widths = np.ptp(paper.positions, axis=1)
    expected = np.cumprod([2, *(1 / (n // 2) for n in hidden[:-1])])
    np.testing.assert_allclose(widths, np.stack([expected] * 2, axis=1), atol=1e-12)


def test_what_stays_does_not_move():
    for config in (OrigamiConfig("folds", (4, 4)), OrigamiConfig(hidden=(6, 2, 2), seed=3)):
        paper = unfold(config).paper
        corners = paper.regions.whole.corners[:, paper.anchor]
        for positions in paper.positions[:2]:
            np.testing.assert_allclose(positions[corners], paper.positions[0][corners], atol=1e-12)


@pytest.mark.parametrize(
    "config", [OrigamiConfig("folded_lines", (6, 4, 5)), OrigamiConfig("folds", (4, 4, 4))]
)
def test_hinges_are_straight_on_the_folded_sheet_and_bent_when_it_is_flat(config):
    paper, first = unfold(config).paper, 0
    for entry, units in enumerate(config.hidden):
        for k, unit in enumerate(range(first, first + units)):
            a, b, c = paper.lines[entry][k]
            folded = paper.hinges(unit, entry)
            assert len(folded) > 0
            np.testing.assert_allclose(folded @ (a, b) + c, 0, atol=1e-11)
            np.testing.assert_array_equal(paper.hinges(unit), paper.regions.hinges(unit))
        first += units
    flat = paper.hinges(first - 1).reshape(-1, 2)
    assert np.linalg.svd(flat - flat.mean(0), compute_uv=False)[1] > 0.1


def test_two_units_a_layer_make_a_crumpled_sheet_that_is_drawn_as_it_is():
    """Sums of two units are a place in the plane: an affine map takes the drawing to them."""
    layers = layers_of(OrigamiConfig(hidden=(2, 2, 2), seed=3))
    paper = unfold(OrigamiConfig(hidden=(2, 2, 2), seed=3)).paper
    np.testing.assert_allclose(paper.off_plane[:2], 0, atol=1e-14)
    x, drawn = paper.regions.vertices, paper.positions[1]
    sums = np.maximum(x @ layers.weights[0].T + layers.biases[0], 0) @ layers.weights[1].T
    seen = np.column_stack([drawn, np.ones(len(drawn))])
    rest = np.linalg.lstsq(seen, sums, rcond=None)[1]
    np.testing.assert_allclose(rest, 0, atol=1e-24)


def test_a_random_network_does_not_lie_flat():
    paper = unfold(OrigamiConfig()).paper
    assert paper.off_plane[0] < 1e-14
    assert 0.1 < paper.off_plane[1] <= 1
    assert paper.positions.shape == (2, len(paper.regions.vertices), 2)
    assert paper_of(paper.regions, anchor=0).anchor == 0


# Hands.


@pytest.mark.parametrize("count", range(7))
def test_halving_a_sheet_doubles_its_layers(count):
    trace = fold_by_hand(HandConfig(halvings(count)))
    assert trace.count == trace.squares == 2**count
    np.testing.assert_array_equal(trace.paper.regions.areas, 4.0 / 2**count)
    packet = trace.paper.positions[-1]
    assert len(trace.paper.positions) == count + 1
    across, along = 2.0 ** -((count + 1) // 2), 2.0 ** -(count // 2)
    np.testing.assert_allclose(packet.max(0), 1, atol=1e-12)
    np.testing.assert_allclose(np.ptp(packet, axis=0), [2 * across, 2 * along], atol=1e-12)


LINES = ((0.2, 0.1, 0.9, 0.7), (0.1, 0.8, 0.8, 0.15), (0.3, 0.0, 0.5, 1.0), (0.0, 0.4, 1.0, 0.45))


@pytest.mark.parametrize(("folds", "count"), [(0, None), (1, None), (2, 44), (3, None)])
def test_four_lines_on_a_packet(folds, count):
    """4 lines that all cross within the packet are 11 pieces on each of its layers."""
    corner = np.array([1 - 2.0 ** -((folds - 1) // 2) if folds else -1, -1.0])
    corner = fold_by_hand(HandConfig(halvings(folds))).paper.positions[-1].min(0)
    size = 1 - corner
    lines = tuple((*(corner + size * line[:2]), *(corner + size * line[2:])) for line in LINES)
    trace = fold_by_hand(HandConfig(halvings(folds), tuple(tuple(map(float, q)) for q in lines)))
    assert trace.count == 11 * 2**folds
    assert count in (None, trace.count)
    for unit, line in zip(trace.line_units, lines, strict=True):
        folded = trace.paper.hinges(unit, folds)
        across = np.array([line[1] - line[3], line[2] - line[0]])
        np.testing.assert_allclose((folded - line[:2]) @ across, 0, atol=1e-12)


def mirrored(points, line):
    """Fold by the book: what is right of the line is put in the place of its mirror image."""
    x1, y1, x2, y2 = line
    along = np.array([x2 - x1, y2 - y1]) / np.hypot(x2 - x1, y2 - y1)
    height = (points - (x1, y1)) @ np.array([-along[1], along[0]])
    return points - 2 * np.minimum(height, 0)[:, None] * np.array([-along[1], along[0]])


@given(
    creases=st.lists(
        st.tuples(*[st.floats(-1, 1)] * 4).filter(
            lambda c: np.hypot(c[2] - c[0], c[3] - c[1]) > 0.01
        ),
        max_size=5,
    )
)
@settings(max_examples=40, deadline=None)
def test_any_creases_fold_as_mirrors_do(creases):
    trace = fold_by_hand(HandConfig(tuple(creases)))
    points = trace.paper.regions.vertices
    folded = [points]
    for crease in creases:
        folded.append(mirrored(folded[-1], crease))
    layers = hand_network(creases, ())
    x = points
    for w, b in zip(layers.weights[:-1], layers.biases[:-1], strict=True):
        x = np.maximum(x @ w.T + b, 0)
    np.testing.assert_allclose(x @ layers.weights[-1].T + layers.biases[-1], folded[-1], atol=1e-11)
    assert trace.paper.off_plane.max() < 1e-9
    lengths = [np.linalg.norm(np.diff(p[trace.paper.regions.edges.ends], axis=1), axis=-1)
               for p in trace.paper.positions]  # fmt: skip
    for length in lengths[1:]:
        np.testing.assert_allclose(length, lengths[0], atol=1e-9)


@pytest.mark.parametrize(
    ("creases", "lines", "words"),
    [
        ([(0, 0, 1, 1)], (), "tuple of 0 to 6"),
        (((0.0, 0.0, 1.0),), (), "x1, y1, x2, y2"),
        (((0.0, 0.0, 0.0, 0.0),), (), "apart"),
        ((), ((0.0, 9.0, 1.0, 0.0),), "-4 <= lines <= 4"),
        (halvings(7), (), "0 to 6"),
        ((), ((0.0, 0.0, 1.0, float("nan")),), "lines"),
    ],
)
def test_what_hands_cannot_do(creases, lines, words):
    with pytest.raises(ValueError, match=f"expected .*{words}"):
        HandConfig(creases, lines)


# Training.


def test_regions_of_a_run_are_those_of_its_networks():
    shape = Architecture((2, 6, 4, 1), ("relu", "leaky_relu"), "tanh")
    runs = [shape.parameters(initial_layers(shape, "he", seed)) for seed in range(3)]
    runs[2] = np.full(shape.count, np.nan)
    course = regions_over(shape, runs, 6 * np.array(SQUARE))
    assert course.regions[2] is None
    assert course.counts.tolist() == [len(course.regions[0]), len(course.regions[1]), 0]
    for regions, run in zip(course.regions[:2], runs[:2], strict=True):
        layers = shape.layers(run)
        net = torch.nn.Sequential(
            *(torch.nn.Linear(b, a, dtype=torch.float64) for b, a in pairwise(shape.sizes))
        )
        for module, w, b in zip(net, *layers, strict=True):
            module.weight.data, module.bias.data = torch.tensor(w), torch.tensor(b)
        x = torch.tensor(np.array([p.mean(0) for p in regions.polygons]), requires_grad=True)
        hidden = torch.nn.functional.leaky_relu(net[1](torch.relu(net[0](x))), 0.01)
        (grads,) = torch.autograd.grad(net[2](hidden).sum(), x)
        np.testing.assert_allclose(regions.slopes[:, 0], grads.numpy(), atol=1e-12)


def test_runs_of_units_that_are_not_straight_are_refused():
    shape = Architecture((2, 3, 1), ("tanh",), "tanh")
    with pytest.raises(ValueError, match="expected activation in relu, leaky_relu, linear"):
        regions_over(shape, np.zeros((1, shape.count)))
    shape = Architecture((2, 3, 1), ("relu",), "tanh")
    with pytest.raises(ValueError, match=r"expected parameters \(F, 13\), got \(2, 12\)"):
        regions_over(shape, np.zeros((2, 12)))


# Pixels.


@pytest.mark.parametrize(
    "config",
    [OrigamiConfig(), OrigamiConfig(hidden=(16, 16, 16)), OrigamiConfig("folds", (6, 4)),
     OrigamiConfig("folded_lines", (4, 4)), OrigamiConfig(hidden=())],
)  # fmt: skip
def test_pixels_have_the_patterns_of_their_centers(config):
    regions = unfold(config).regions
    labels = labels_on(regions, 128)
    line = (np.arange(128) + 0.5) / 64 - 1
    x = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    sums, layers = [np.empty((len(x), 0))], layers_of(config)
    for w, b in zip(layers.weights[:-1], layers.biases[:-1], strict=True):
        sums.append(x @ w.T + b)
        x = np.maximum(sums[-1], 0)
    sums = np.concatenate(sums, axis=1)
    clear = (np.abs(sums) > 1e-12).all(1)
    assert clear.mean() > 0.95
    patterns = regions.patterns[labels.ravel()]
    np.testing.assert_array_equal(patterns[clear], (sums > 0)[clear])
    seen = np.unique(labels)
    assert np.flatnonzero(~missed_by_grid(regions, 128)).tolist() == seen.tolist()


def test_pixels_outside_the_polygon():
    angles = 2 * np.pi * np.arange(60) / 60
    disc = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    regions = linear_regions(*layers_of(OrigamiConfig()), disc)
    labels = labels_on(regions, 200)
    line = (np.arange(200) + 0.5) / 100 - 1
    radius = np.hypot(*np.meshgrid(line, line))
    assert (labels[radius < 0.99] >= 0).all()
    assert (labels[radius > 1] == -1).all()
    areas = np.bincount(labels[labels >= 0], minlength=len(regions)) / 100**2
    np.testing.assert_allclose(areas, regions.areas, atol=0.01)


def test_a_fine_grid_misses_less():
    regions = unfold(OrigamiConfig(hidden=(16, 16, 16))).regions
    missed = [int(missed_by_grid(regions, size).sum()) for size in (128, 512, 2048)]
    assert missed[0] > missed[1] > missed[2] > 0


# Sigmoids.


def test_sigmoids_of_growing_sharpness_become_steps():
    config = OrigamiConfig(hidden=(6,), seed=2, activation="sigmoid")
    layers = layers_of(config)
    fields = smooth(config, (1.0, 30.0, 1000.0), size=60)
    line = np.linspace(-1, 1, 60)
    x = np.stack(np.meshgrid(line, line), axis=-1)
    sums = x @ layers.weights[0].T + layers.biases[0]
    steps = (sums > 0) @ layers.weights[1][0] + layers.biases[1][0]
    clear = np.abs(sums).min(-1) > 0.05
    errors = [np.abs(values - steps)[clear].max() for values in fields.values]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-12
    assert unfold(config).outcome == "smooth"


def test_smooth_fields_are_those_of_torch():
    config = OrigamiConfig(hidden=(5, 4), seed=1, sharpness=3.0)
    layers = layers_of(config)
    line = np.linspace(-1, 1, 20)
    x = torch.tensor(np.stack(np.meshgrid(line, line), axis=-1), requires_grad=True)
    values = x
    for w, b in zip(layers.weights[:-1], layers.biases[:-1], strict=True):
        values = torch.sigmoid(3 * (values @ torch.tensor(w).T + torch.tensor(b)))
    values = (values @ torch.tensor(layers.weights[-1]).T)[..., 0] + float(layers.biases[-1][0])
    (grads,) = torch.autograd.grad(values.sum(), x)
    fields = smooth(config, size=20)
    np.testing.assert_allclose(fields.values[0], values.detach().numpy(), atol=1e-13)
    np.testing.assert_allclose(fields.slopes[0], np.linalg.norm(grads.numpy(), axis=-1), atol=1e-12)


# Facts, sweeps, configurations.


def test_facts_of_the_course():
    four = facts(unfold(OrigamiConfig("folded_lines", (4, 4))))
    assert {key: four[key] for key in ("regions", "montufar", "serra", "shallow", "pascanu")} == {
        "regions": 44, "montufar": 44, "serra": 121, "shallow": 37, "pascanu": 22,
    }  # fmt: skip
    assert (four["by_layer"], four["widths"], four["parameters"]) == ("1, 4, 44", "4 - 4", 37)
    shapes = {(8,): 33, (12,): 49, (4, 4, 4): 57}
    for hidden, parameters in shapes.items():
        assert facts(unfold(OrigamiConfig(hidden=hidden)))["parameters"] == parameters
    assert shallow_units(9472) == 138
    triangle = facts(unfold(OrigamiConfig("folded_lines", (3,))))
    assert (triangle["closed"], triangle["regions"]) == (1, 7)


@pytest.mark.parametrize(("folds", "maps"), [(1, 4), (2, 12), (3, 28), (4, 60)])
def test_different_maps_are_no_count_of_regions(folds, maps):
    """|x| + |y|, folded on, has the same map on many squares."""
    plain = OrigamiConfig("folds", (4,) * folds)
    numbers = compute.architecture_of(plain).parameters(layers_of(plain))
    numbers[-5:-1] = 1.0  # the weights of the output
    stated = facts(unfold(OrigamiConfig("folds", (4,) * folds, parameters=tuple(numbers.tolist()))))
    assert (stated["regions"], stated["pieces"], stated["maps"]) == (4**folds, 4**folds, maps)
    assert stated["missed"] == 0


@pytest.mark.parametrize("units", range(1, 60))
def test_shallow_units_are_the_least(units):
    most = bounds([units])["shallow"]
    assert shallow_units(most) == units
    assert shallow_units(most + 1) == units + 1


def test_a_leak_melts_regions_into_one_piece():
    runs = sweep(OrigamiConfig(), "leak", np.linspace(0, 1, 5))
    assert runs.values == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert runs.counts.tolist() == [len(r) for r in runs.regions]
    assert [int(r.pieces.max()) + 1 for r in (runs.regions[0], runs.regions[-1])] == [
        runs.counts[0],
        1,
    ]
    assert facts(unfold(OrigamiConfig(leak=0.5)))["serra"] is None
    jumps = [np.abs(np.diff(r.slopes[r.neighbors][:, :, 0], axis=1)).max() for r in runs.regions]
    assert jumps == sorted(jumps, reverse=True)


def test_sweeps_refuse_what_they_cannot_do():
    with pytest.raises(ValueError, match="expected field in leak"):
        sweep(OrigamiConfig(), "hidden", [(2,)])
    with pytest.raises(ValueError, match="at least one value"):
        sweep(OrigamiConfig(), "leak", [])
    with pytest.raises(ValueError, match="leak"):
        sweep(OrigamiConfig(), "leak", [2.0])


CONFIGS = st.builds(
    OrigamiConfig,
    hidden=st.lists(st.integers(1, 10), max_size=4).map(tuple),
    weight_scale=st.floats(0, 10),
    bias_scale=st.floats(0, 10),
    seed=st.integers(0, 2**32 - 1),
    activation=st.sampled_from(["relu", "sigmoid"]),
    leak=st.floats(-1, 1),
    sharpness=st.floats(0.01, 1000),
    span=st.floats(1e-3, 10_000),
)
FOLDED = st.builds(
    OrigamiConfig,
    network=st.sampled_from(["folds", "folded_lines"]),
    hidden=st.lists(st.integers(2, 5), max_size=4).map(tuple),
    seed=st.integers(0, 99),
    leak=st.sampled_from([0.0, 0.1, 1.0, -1.0]),
)


@given(config=CONFIGS | FOLDED)
@settings(max_examples=60, deadline=None)
def test_any_config_has_a_trace(config):
    trace, again = unfold(config), unfold(config)
    regions = trace.regions
    area = 4 * float(config.span) ** 2
    assert regions.areas.sum() == pytest.approx(area, rel=1e-12)
    assert len(np.unique(regions.patterns, axis=0)) == len(regions) == trace.counts[-1]
    assert (np.diff(trace.counts) >= 0).all()
    assert len(regions) <= bounds(config.hidden)["montufar_upper"]
    assert np.isfinite(trace.paper.positions).all()
    assert np.isfinite(smooth(config, size=5).values).all()
    stated = facts(trace)
    if trace.outcome == "smooth":
        assert stated["pieces"] is stated["regions"] is None
    else:
        assert stated["pieces"] <= stated["regions"]
    assert stated == facts(again)
    np.testing.assert_array_equal(regions.vertices, again.regions.vertices)
    np.testing.assert_array_equal(trace.paper.positions, again.paper.positions)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("network", "spiral"),
        ("hidden", [8, 8]),
        ("hidden", (0,)),
        ("hidden", (65,)),
        ("hidden", (8,) * 7),
        ("hidden", (64, 64, 64, 64)),
        ("weight_scale", 11),
        ("weight_scale", float("nan")),
        ("bias_scale", -1),
        ("seed", -1),
        ("seed", 0.5),
        ("activation", "tanh"),
        ("leak", 1.1),
        ("sharpness", 0),
        ("span", 0),
        ("span", 1e5),
        ("parameters", (1.0, 2.0)),
        ("parameters", [0.0] * 105),
        ("parameters", (float("inf"),) * 105),
    ],
)
def test_configs_that_are_none(field, value):
    assert field in {f.name for f in fields(OrigamiConfig)}
    with pytest.raises(ValueError, match="expected"):
        OrigamiConfig(**{field: value})


def test_folds_that_are_none():
    with pytest.raises(ValueError, match="at least 2 units"):
        OrigamiConfig("folds", (4, 1))
    with pytest.raises(ValueError, match="at most 20000 regions, got 65536"):
        OrigamiConfig("folds", (32, 32))
    assert OrigamiConfig("folded_lines", (4, 1)).hidden == (4, 1)


def test_all_public_names_are_there():
    assert all(hasattr(compute, name) for name in compute.__all__)
