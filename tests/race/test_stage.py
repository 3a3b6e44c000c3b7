"""The pictures of the race lab as data."""

import zlib

import numpy as np
import pytest

from dlviz.optimizers import OPTIMIZERS
from dlviz.race import choices, rates
from dlviz.race.compute import FACTORS, RaceConfig, race, surface_of, sweep
from dlviz.race.figures import mistake_scene, plane_scene, race_scene
from dlviz.terrain import FLOOR

ALL = tuple(OPTIMIZERS)


def layer(panel, kind):
    return next(one for one in panel.layers if type(one).__name__ == kind)


@pytest.mark.parametrize("surface", ["ravine", "himmelblau", "j2", "double_well"])
def test_the_tracks_are_the_runs(surface):
    config = RaceConfig(surface=surface, steps=50, start=(0.5, 1.0))
    scene = race_scene(sweep(config, FACTORS))
    turn = FACTORS.index(1.0)
    run = race(config)
    xy = layer(scene.panels[0], "Tracks").at("xy", 0, turn)
    if run.points.shape[-1] == 2:
        np.testing.assert_allclose(xy, run.points, rtol=1e-6)
    else:
        np.testing.assert_allclose(xy[..., 0], run.points[..., 0], rtol=1e-6)
        np.testing.assert_allclose(xy[..., 1], run.losses, rtol=1e-6)
    loss = layer(scene.panel("loss"), "Tracks").at("xy", 0, turn)
    np.testing.assert_array_equal(loss[0, :, 0], np.arange(51))
    assert (loss[..., 1] >= FLOOR * 0.99 * scene.panel("loss").y.low / FLOOR).all()
    settling = layer(scene.panel("settling"), "Tracks").at("xy", 0, turn)
    there = run.settled >= 0
    np.testing.assert_allclose(settling[there, turn, 1], run.settled[there])
    assert (settling[~there, turn, 1] > config.steps).all()


def test_every_optimizer_has_a_look_of_its_own():
    looks = {(choices.color_of(name), choices.marker_of(name)) for name in ALL}
    assert len(looks) == len({choices.color_of(name) for name in ALL}) == len(ALL)
    tracks = layer(race_scene([race(RaceConfig(optimizers=ALL))]).panels[0], "Tracks")
    assert tracks.labels == ALL
    twice = RaceConfig(optimizers=("sgd", "sgd"), lrs=(0.01, 0.1), steps=5)
    labels = layer(race_scene([race(twice)]).panels[0], "Tracks").labels
    assert labels == ("sgd 0.01", "sgd 0.1")


def test_the_caption_counts_who_has_settled_and_says_the_order_in_the_end():
    config = RaceConfig(rates="best", steps=150)
    run = race(config)
    scene = race_scene([run])
    assert "4 of 4 settled" in scene.caption(-1)
    first, second = run.order[:2]
    for frame, count in ((run.settled[first] - 1, 0), (run.settled[first], 1)):
        assert f"{count} of 4 settled" in scene.caption(int(frame))
    names = config.optimizers
    words = f"first {names[first]} ({run.settled[first]}), then {names[second]} ("
    assert words in scene.caption(-1)


def test_the_largest_race_keeps_to_its_bytes():
    config = RaceConfig(surface="himmelblau", optimizers=ALL, steps=300, start=(-1.0, -1.5))
    packed = race_scene(sweep(config, FACTORS)).pack()
    assert len(packed) < 1.5e6
    assert len(zlib.compress(packed, 1)) < 1e6


# The plane.


@pytest.mark.parametrize("condition", [1.0, 100.0])
@pytest.mark.parametrize(
    ("panel", "rate"), [("momentum", rates.momentum_rate), ("nesterov", rates.nesterov_rate)]
)
def test_the_heat_map_is_the_rate_and_hatched_where_it_grows(condition, panel, rate):
    scene = plane_scene(RaceConfig(condition=condition), choices.BETAS)
    field = layer(scene.panel(panel), "Field")
    tall, wide = field.image.shape
    x, y = np.linspace(*field.x, wide), np.linspace(*field.y, tall)
    pace, beta = np.meshgrid(x, y)
    exact = np.maximum(rate(pace, beta), rate(pace / condition, beta))
    np.testing.assert_array_equal(field.image == 255, exact >= 1)
    told = field.levels[field.image.astype(int)]
    within = (exact < 0.999) & (field.image < 255)
    np.testing.assert_allclose(told[within], exact[within], atol=0.03)


def test_the_point_on_the_planes_is_the_run_below():
    config = RaceConfig(alpha_lambda=0.3, condition=10.0)
    scene = plane_scene(config, choices.BETAS)
    turn = choices.BETAS.index(0.5)
    points = [one for one in scene.panel("momentum").layers if type(one).__name__ == "Points"]
    here = next(one for one in points if one.over == "k")
    np.testing.assert_allclose(here.at("xy", 0, turn), [[0.3, 0.5]], atol=1e-6)
    xy = layer(scene.panel("error"), "Tracks").at("xy", 0, turn)
    w, v, seen = 1.0, 0.0, [1.0]
    for _ in range(60):
        v = 0.5 * v + w
        w = w - 0.3 * v
        seen.append(w)
    np.testing.assert_allclose(xy[0, :, 1], seen, atol=1e-6)
    assert "momentum ripples" in scene.caption(0, turn)


def test_a_run_that_left_the_picture_stays_out():
    scene = plane_scene(RaceConfig(alpha_lambda=4.0), choices.BETAS)
    error = layer(scene.panel("error"), "Tracks").at("xy", 0, choices.BETAS.index(0.5))[1, :, 1]
    assert error[1] == pytest.approx(1 - 4 * (1 + 0.5))  # the first slope counts 1 + β
    out = np.abs(error) >= 1e3
    assert out[-1]
    assert np.ptp(error[out]) == 0


def test_a_place_of_the_plane_is_settings_that_are_accepted():
    for x, y in ((0.0, 0.0), (4.0, 1.0), (1.234, 0.567)):
        RaceConfig(**choices.point(x, y))
    assert choices.point(1.234, 0.567) == {"alpha_lambda": 1.23, "momentum": 0.57}


# The mistakes.


def test_the_printed_rule_and_the_right_one_part_at_their_limits():
    config = RaceConfig(momentum=0.5)
    scene = mistake_scene(config, "lag", choices.PACES)
    size = layer(scene.panel("size"), "Tracks")
    for turn, pace in enumerate(choices.PACES):
        printed, right = size.at("xy", 0, turn)[:, :, 1]
        for errors, limit in ((printed, 0.5), (right, 3.0)):
            if abs(pace / limit - 1) > 0.1:
                assert (errors[-20:].max() < errors[:20].max()) == (pace < limit)
    assert dict((name, at) for at, name in scene.knob.marks) == {"1 − β": 0.5, "2(1 + β)": 3.0}


def test_a_schedule_forgets_and_momentum_adds_up():
    scene = mistake_scene(RaceConfig(momentum=0.9), "schedule", choices.PACES)
    printed, grown = layer(scene.panel("steps"), "Tracks").xy[..., 1]
    assert (np.diff(printed) <= 0).all()
    velocity, seen = 0.0, []
    for _ in range(81):
        velocity = 0.9 * velocity + 1
        seen.append(velocity)
    np.testing.assert_allclose(grown, seen, rtol=1e-6)
    below = choices.PACES.index(0.1) if 0.1 in choices.PACES else 18
    schedule, momentum = layer(scene.panel("parabola"), "Tracks").at("xy", 0, below)[..., 0]
    assert (schedule > 0).all()  # never over the minimum
    assert momentum.min() < 0


def test_another_race_stands_in_the_picture_dashed():
    config = RaceConfig(steps=50)
    pinned = RaceConfig(steps=60, lrs=(0.05,), optimizers=("sgd", "adam"))
    scene = race_scene(sweep(config, (1.0, 2.0)), race(pinned))
    ghost = layer(scene.panels[0], "Tracks")
    assert ghost.dashed == (True, True)
    np.testing.assert_allclose(ghost.xy, race(pinned).points, rtol=1e-6)
    assert scene.panels[0].title == "dashed: pinned, η = 0.05 for all"
    lost, own = scene.panel("loss").layers
    lowest = surface_of(config).value(surface_of(config).minima).min()
    np.testing.assert_allclose(
        lost.xy[..., 1], np.maximum(race(pinned).losses[:, :51] - lowest, own.xy[..., 1].min()),
        rtol=1e-5, atol=1e-8,
    )  # fmt: skip
