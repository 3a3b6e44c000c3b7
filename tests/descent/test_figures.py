"""The pictures of descent hold the run's own numbers."""

import json
import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.descent.compute import (
    DescentConfig,
    basins,
    basins_sweep,
    branch_sweep,
    descend,
    surface_of,
    sweep,
)
from dlviz.descent.figures import descent_scene, dial_scene, surface_figure, sweep_scene
from dlviz.descent.rates import LEARNING_RATES, milestones, sweep_limits
from dlviz.frozen import frozen
from dlviz.layers import Arrows, Curve, Field, Path, Points, Segments
from dlviz.optimizers import OPTIMIZERS, SCHEDULES
from dlviz.surfaces import SURFACES
from dlviz.ui.player import squeeze

RATES = (0.001, 0.05, 0.1, 0.15, 0.21, 9.0)
PLANE, LINE = DescentConfig(steps=30), DescentConfig(surface="j2", start=(2.5, 0.0), steps=30)
MARKERS = {"minimum": "star", "maximum": "triangle", "saddle": "cross", "degenerate": "diamond"}


def _swept(config, rates=RATES):
    return sweep(config, "lr", rates)


def _scene(config, rates=RATES, **options):
    swept = _swept(config, rates)
    return descent_scene(swept, sweep_limits(swept), **options)


def _layers(scene, panel, kind):
    return [layer for layer in scene.panel(panel).layers if type(layer) is kind]


def _starting(name, **others):
    surface = SURFACES[name]
    return DescentConfig(surface=name, start=(*surface.start, 0.0)[:2], **others)


# The main picture.


def test_the_path_and_the_knob_are_the_sweeps():
    swept = _swept(PLANE)
    scene = _scene(PLANE)
    (path,) = _layers(scene, "plane", Path)
    np.testing.assert_array_equal(path.xy, frozen(swept.points, np.float32))
    assert path.over == "k"
    assert scene.knob.values == RATES
    assert scene.frames == 31
    np.testing.assert_array_equal(scene.readouts["loss"], frozen(swept.losses, np.float32))


def test_stairs_go_level_to_the_next_point_and_then_to_the_curve():
    config = replace(LINE, lr=0.05)
    trace, scene = descend(config), _scene(config)
    (path,) = _layers(scene, "line", Path)
    stairs = path.xy[RATES.index(0.05)]
    assert (path.stride, len(stairs)) == (2, 61)
    on_curve, corner = stairs[::2], stairs[1::2]
    value = surface_of(config).value
    np.testing.assert_allclose(on_curve[:, 1], value(on_curve[:, :1].astype(float)), rtol=1e-4)
    update = on_curve[:-1, :1] - 0.05 * surface_of(config).gradient(trace.points[:-1])
    np.testing.assert_allclose(corner[:, :1], update, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(corner[:, 1], on_curve[:-1, 1])
    np.testing.assert_array_equal(corner[:, 0], on_curve[1:, 0])


def test_tangents_touch_the_curve_with_its_slope():
    swept = _swept(LINE, (0.01, 0.05))
    tangent = next(t for t in _layers(_scene(LINE, (0.01, 0.05)), "line", Segments) if t.over)
    (left, right) = np.moveaxis(tangent.xy[:, :, 0].astype(float), 2, 0)
    slope = (right - left)[..., 1] / (right - left)[..., 0]
    np.testing.assert_allclose(slope, swept.grads[..., 0], rtol=1e-4, atol=1e-4)
    middle = (left + right) / 2
    np.testing.assert_allclose(middle[..., 0], swept.points[..., 0], rtol=1e-6)
    np.testing.assert_allclose(middle[..., 1], swept.losses, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ["bowl", "himmelblau", "j1", "j2", "double_well"])
def test_the_loss_curve_is_the_loss_above_the_deepest_minimum_or_the_floor(name):
    config = _starting(name, steps=30)
    swept, panel = _swept(config), _scene(config).panel("loss")
    surface = surface_of(config)
    above = swept.losses - surface.value(surface.minima).min()
    (curve,) = [layer for layer in panel.layers if isinstance(layer, Curve)]
    expected = np.where(above < panel.y.low, panel.y.low, above)
    np.testing.assert_allclose(curve.y, frozen(expected, np.float32), rtol=1e-6)
    assert (curve.cursor, curve.all_faint, panel.y.log) == ("step", True, True)


def test_the_final_losses_are_the_ends_of_the_loss_curves():
    scene = _scene(PLANE)
    (u,), (curve,) = _layers(scene, "final", Curve), _layers(scene, "loss", Curve)
    high = scene.panel("final").y.high
    np.testing.assert_allclose(u.y, np.clip(curve.y[:, -1], None, high), rtol=1e-6)
    np.testing.assert_allclose(u.x, RATES, rtol=1e-7)
    assert u.cursor == "knob"
    assert u.y[2] < u.y[0] < u.y[-1] == np.float32(high)


@pytest.mark.parametrize(
    ("config", "marks"),
    [
        (DescentConfig(), {"1/λ": 0.1, "best": 2 / 11, "2/λ": 0.2}),
        (DescentConfig(surface="quadratic", curvature1=8.0), {"1/λ": 0.125, "2/λ": 0.25}),
        (DescentConfig(optimizer="momentum"), {"limit": 0.38}),
        (DescentConfig(optimizer="adam"), {}),
        (DescentConfig(schedule="cosine"), {}),
        (DescentConfig(curvature2=0.1, curvature1=0.1), {}),
    ],
)
def test_the_knob_and_the_u_are_marked_at_what_theory_says(config, marks):
    scene = _scene(replace(config, steps=5))
    drawn = {label: at for at, label in scene.knob.marks}
    walls = [w for w in _layers(scene, "final", Segments) if w.labels]
    assert list(drawn) == list(marks)
    assert [w.labels for w in walls] == ([tuple(marks)] if marks else [])
    for label, rate in marks.items():
        np.testing.assert_allclose(np.array(drawn[label], dtype=float), rate, rtol=1e-9)
    for wall in walls:
        places = np.broadcast_to(list(marks.values()), wall.xy.shape[:-2])
        np.testing.assert_allclose(wall.xy[..., 0, 0], places, rtol=1e-6)
        np.testing.assert_array_equal(wall.xy[..., 0, 0], wall.xy[..., 1, 0])


def test_the_marks_of_j2_belong_to_the_valley_where_each_run_ends():
    rates = (0.001, 0.01, 0.3)
    for x, limit in [(2.5, 0.1106), (3.4, 0.0358), (5.4, 0.0178)]:
        scene = _scene(replace(LINE, start=(x, 0.0), steps=100), rates)
        marks = {label: at for at, label in scene.knob.marks}
        assert marks["2/λ"][:2] == pytest.approx((limit, limit), abs=5e-5)


@pytest.mark.parametrize("name", ["bowl", "himmelblau", "saddle", "rosenbrock"])
def test_arrows_point_straight_downhill_and_stay_short(name):
    config = _starting(name, steps=10)
    swept = _swept(config, (0.0005, 0.001))
    (arrows,) = _layers(_scene(config, (0.0005, 0.001)), "plane", Arrows)
    tail, tip = np.moveaxis(arrows.xy[:, :, 0].astype(float), 2, 0)
    np.testing.assert_allclose(tail, swept.points, rtol=1e-6)
    along = tip - tail
    length = np.linalg.norm(along, axis=-1)
    size = np.linalg.norm(swept.grads, axis=-1)
    np.testing.assert_allclose(along / length[..., None], -swept.grads / size[..., None], atol=1e-3)
    low, high = np.array(surface_of(config).window).T
    assert (length <= 0.15 * (high - low).min() * (1 + 1e-6)).all()
    order = np.argsort(size, axis=None)
    assert (np.diff(length.ravel()[order]) > -1e-6).all()


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("bowl", {"minimum": 1}),
        ("saddle", {"saddle": 1}),
        ("monkey_saddle", {"degenerate": 1}),
        ("himmelblau", {"minimum": 4, "maximum": 1, "saddle": 4}),
        ("double_well", {"minimum": 2, "maximum": 1}),
        ("j2", {"minimum": 3, "maximum": 2}),
    ],
)
def test_stationary_points_have_a_marker_for_each_kind(name, kinds):
    config = _starting(name, steps=2)
    surface, scene = surface_of(config), _scene(config)
    marks = {layer.marker: layer.xy for layer in _layers(scene, scene.panels[0].name, Points)}
    assert {m: len(xy) for m, xy in marks.items()} == {MARKERS[k]: n for k, n in kinds.items()}
    for xy in marks.values():
        gradient = surface.gradient(xy[:, : surface.dim].astype(float))
        np.testing.assert_allclose(gradient, 0, atol=1e-3)


@pytest.mark.parametrize("name", ["himmelblau", "bowl", "saddle"])
def test_the_basin_map_codes_minima_then_none_then_away_hatched(name):
    config = _starting(name, steps=100)
    labels, rest = basins_sweep(config, RATES, 12), 1
    fine = basins(replace(config, lr=RATES[rest]), 24).label
    coarse_field, fine_field = _layers(_scene(config, basins=(labels, fine, rest)), "plane", Field)
    count = len(surface_of(config).minima)

    def coded(labels):
        return np.select([labels >= 0, labels == -1], [labels, count], count + 1)

    np.testing.assert_array_equal(fine_field.image, coded(fine))
    turns = [k for k in range(len(RATES)) if k != rest]
    np.testing.assert_array_equal(coarse_field.image[turns], coded(labels)[turns])
    assert (coarse_field.image[rest] == count).all()
    assert (coarse_field.over, coarse_field.only, fine_field.only) == ("k", None, rest)
    for field in (coarse_field, fine_field):
        assert field.image.dtype == np.uint8
        assert field.colors == "labels"
        assert (field.blank, field.hatched) == ((count,), (count + 1,))
        assert len(field.names) == count + 2
    assert {-2, 0 if count else -1} <= set(np.unique(labels))


@pytest.mark.parametrize(("config", "panel"), [(PLANE, "plane"), (LINE, "line")])
def test_ghosts_are_drawn_whole_behind_the_path_and_in_the_loss(config, panel):
    other = descend(replace(config, lr=0.02, steps=50))
    scene = _scene(config, ghosts=[("pinned", other)])
    ghost, path = _layers(scene, panel, Path)
    assert (ghost.label, ghost.whole, ghost.ball) == ("pinned", True, False)
    np.testing.assert_allclose(ghost.xy[:, 0], other.points[:, 0], rtol=1e-6)
    behind, curve = _layers(scene, "loss", Curve)
    assert (behind.label, behind.dashed) == ("pinned", True)
    assert behind.y.shape == (31,) == curve.y.shape[1:]
    assert path.over == "k"


def test_a_shorter_ghost_ends_where_it_ends():
    ghost = descend(replace(PLANE, steps=10))
    behind, _ = _layers(_scene(PLANE, ghosts=[("pinned", ghost)]), "loss", Curve)
    np.testing.assert_array_equal(np.isfinite(behind.y), np.arange(31) <= 10)


def test_a_branch_shares_its_trunk_at_every_turn_of_the_knob():
    trunk = descend(replace(PLANE, lr=0.15))
    swept = branch_sweep(trunk, 12, RATES)
    scene = descent_scene(swept, sweep_limits(swept), ghosts=[("unbranched", trunk)])
    ghost, path = _layers(scene, "plane", Path)
    for xy in path.xy:
        np.testing.assert_array_equal(xy[:13], ghost.xy[:13])
    assert not np.array_equal(path.xy[0][13:], ghost.xy[13:])


def test_captions_say_how_the_rate_stands_to_the_limit_and_how_it_ends():
    scene = _scene(replace(PLANE, steps=100))
    said = {rate: scene.caption(0, k) for k, rate in enumerate(RATES)}
    assert "η = 0.21 > 2/λ = 0.2: it runs away" in said[0.21]
    assert "η = 0.15 < 2/λ = 0.2: it settles" in said[0.15]
    assert said[0.1].startswith("step 0 · loss 14.4 · slope 15.2")


# Every config gives a picture.

FORMULAS = ("x^4 - x^2", "log(x) + y^2", "exp(x) - sqrt(y)", "1/x", "x*y", "1/(x - 3)",
            "log(x + 3)", "exp(exp(x))", "x^60", "1e-20*x", "1e29*x^2",
            "abs(x) + abs(y)")  # fmt: skip
CONFIGS = st.builds(
    DescentConfig,
    surface=st.sampled_from([*SURFACES, "formula", "formula"]),
    formula=st.sampled_from(FORMULAS),
    curvature1=st.floats(1e-6, 100),
    curvature2=st.floats(1e-6, 100),
    rotation=st.floats(-360, 360),
    optimizer=st.sampled_from([*OPTIMIZERS]),
    lr=st.floats(1e-9, 10),
    momentum=st.floats(0, 0.9999),
    beta2=st.floats(0, 0.9999),
    schedule=st.sampled_from([*SCHEDULES]),
    steps=st.integers(1, 60),
    start=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
    | st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
)


def _assert_drawable(scene):
    """Pack a scene, whose header refuses what is not finite; its axes refuse it before."""
    packed = scene.pack()
    (length,) = struct.unpack("<I", packed[4:8])
    header = json.loads(packed[8 : 8 + length], parse_constant=pytest.fail)
    assert header["frames"] == scene.frames
    for frame in {0, scene.frames - 1}:
        assert "{" not in scene.caption(frame)


@settings(max_examples=200, deadline=None)
@given(config=CONFIGS)
def test_every_config_gives_pictures_with_finite_axes(config):
    swept, trace = _swept(config, (0.001, config.lr, 9.0)), descend(config)
    limits = sweep_limits(swept)
    _assert_drawable(descent_scene(swept, limits, ghosts=[("ghost", trace)]))
    coarse = basins_sweep(config, (0.001, config.lr, 9.0), 4)
    _assert_drawable(descent_scene(swept, limits, (coarse, basins(config, 6).label, 1)))
    _assert_drawable(dial_scene(trace))
    surface_figure(trace)


@settings(max_examples=40, deadline=None)
@given(config=CONFIGS, field=st.sampled_from(["lr", "momentum", "start"]))
def test_every_config_gives_small_multiples(config, field):
    swept = sweep(config, field, milestones(config, field))
    _assert_drawable(sweep_scene(swept))


@pytest.mark.parametrize("name", SURFACES)
def test_a_scene_of_64_rates_and_200_steps_is_at_most_one_and_a_half_megabytes(name):
    scene = _scene(_starting(name, steps=200), LEARNING_RATES)
    assert scene.turns == 64
    assert len(scene.pack()) <= 1.5e6
    assert len(squeeze(scene)) <= 1e6


# The dial of directional derivatives.


@pytest.mark.parametrize("config", [PLANE, _starting("himmelblau", lr=0.01, steps=20), LINE])
def test_the_derivative_in_a_direction_is_the_slope_met_there(config):
    trace, scene = descend(config), dial_scene(descend(config))
    surface = surface_of(config)
    angles = np.radians(scene.knob.values)
    units = np.column_stack([np.cos(angles), np.sin(angles)])[:, : surface.dim]
    step = 1e-5 * units[:, None]
    slopes = (surface.value(trace.points + step) - surface.value(trace.points - step)) / 2e-5
    np.testing.assert_allclose(scene.readouts["along"], slopes, atol=1e-3, rtol=1e-4)


def test_the_most_is_the_gradients_size_to_within_the_grid_of_directions():
    trace = descend(_starting("himmelblau", lr=0.01, steps=20))
    along, size = (dial_scene(trace).readouts[name] for name in ("along", "size"))
    np.testing.assert_allclose(size[0], np.linalg.norm(trace.grads, axis=1), rtol=1e-6)
    most = along.max(axis=0)
    assert (most <= size[0] * (1 + 1e-6)).all()
    assert (most >= size[0] * np.cos(np.radians(5)) * (1 - 1e-6)).all()


def test_a_gradient_too_small_to_be_squared_still_has_a_direction():
    scene = dial_scene(descend(DescentConfig(surface="quadratic", lr=0.95, steps=150)))
    assert scene.readouts["size"].shape == (1, 151)
    gradient = next(a for a in _layers(scene, "dial", Arrows) if a.label == "∇J")
    np.testing.assert_allclose(np.abs(gradient.xy[:, 0, 1, 0]), 1)


# Small multiples.


@pytest.mark.parametrize("config", [PLANE, LINE])
@pytest.mark.parametrize("field", ["lr", "momentum", "start"])
def test_each_small_picture_is_one_run(config, field):
    config = replace(config, optimizer="momentum", lr=0.01)
    swept = sweep(config, field, milestones(config, field))
    scene = sweep_scene(swept)
    assert (scene.layout, len(scene.panels), scene.frames) == ("grid", 12, 31)
    assert len({panel.title for panel in scene.panels}) == 12
    for i, panel in enumerate(scene.panels):
        (path,) = _layers(scene, panel.name, Path)
        np.testing.assert_array_equal(path.xy[:, 0], frozen(swept.points[i, :, 0], np.float32))


# The turning surface.


@pytest.mark.parametrize("lr", [0.05, 0.19, 0.5])
def test_the_path_in_3d_lies_just_on_the_surface_and_within_the_window(lr):
    trace = descend(DescentConfig(lr=lr, steps=60))
    sheet, path = surface_figure(trace).data
    surface = surface_of(trace.config)
    points = np.column_stack([path.x, path.y])
    lift = np.asarray(path.z) - surface.value(points)
    heights = np.asarray(sheet.z)
    shown = np.isfinite(points).all(axis=1)
    np.testing.assert_allclose(lift[shown], 0.01 * np.ptp(heights), rtol=1e-4)
    assert (np.abs(points[shown]) <= 3).all()
    assert shown.sum() == (np.abs(trace.points) <= 3).all(axis=1).sum()
    np.testing.assert_allclose(heights[0, 0], surface.value([sheet.x[0], sheet.y[0]]), rtol=1e-6)


def test_on_a_curve_the_figure_is_the_curve_and_its_points():
    trace = descend(LINE)
    curve, path = surface_figure(trace).data
    np.testing.assert_array_equal(path.x, trace.points[:, 0])
    np.testing.assert_array_equal(path.y, trace.losses)
    assert len(curve.x) == len(curve.y) == 400


def test_the_camera_is_kept_and_dark_pages_have_dark_figures():
    light, dark = (surface_figure(descend(PLANE), dark=d) for d in (False, True))
    assert light.layout.uirevision == dark.layout.uirevision == "camera"
    assert light.layout.paper_bgcolor != dark.layout.paper_bgcolor
