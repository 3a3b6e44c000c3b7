"""The pictures of the landscape lab as data, and its script."""

import ast
import contextlib
import io
import re
import subprocess
import sys
import zlib

import numpy as np
import pytest

from dlviz.landscape.compute import (
    LandscapeConfig,
    course_steps,
    facts,
    rescaled_steps,
    rescales,
    script,
    share_of_rescaled,
    surface,
    train,
    untrained,
    untrained_rescaled,
)
from dlviz.landscape.figures import course_scene, rescale_scene, surface_figure
from dlviz.landscape.surveys import shadow

SMALL = {"depth": 2, "width": 4, "steps": 30}


def layers(panel, kind):
    return [layer for layer in panel.layers if type(layer).__name__ == kind]


def course(field="depth", values=(1, 2, 3), branch=None, pinned=None, **settings):
    config = LandscapeConfig(**{**SMALL, **settings})
    *_, last = course_steps(config, field, values, branch, pinned)
    return last


@pytest.mark.parametrize("directions", ["path", "random", "raw"])
def test_the_picture_is_each_surface_with_the_way_on_it(directions):
    made = course(directions=directions)
    scene = course_scene(made)
    field, path = layers(scene.panels[0], "Field")[0], layers(scene.panels[0], "Path")[-1]
    loss, sliced = layers(scene.panel("loss"), "Curve")[::-1]
    highest, lowest = layers(scene.panel("curvature"), "Curve")
    for i, own in enumerate(made.surfaces):
        alone = surface(LandscapeConfig(**{**SMALL, "depth": i + 1}, directions=directions))
        np.testing.assert_array_equal(own.loss, alone.loss)
        told = np.interp(field.image[i], np.arange(256), field.levels)
        roof = field.levels[-1]
        np.testing.assert_allclose(told, np.minimum(own.loss, roof), rtol=2e-2, atol=2e-3)
        unit = own.axes[:, -1]
        np.testing.assert_allclose(path.xy[i] * unit, own.path, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(loss.y[i], own.path_loss, rtol=1e-6)
        np.testing.assert_allclose(sliced.y[i], own.slice_loss, rtol=1e-6)
        np.testing.assert_allclose(highest.y[i], own.training.highest, rtol=1e-6)
        np.testing.assert_allclose(lowest.y[i], own.training.lowest, rtol=1e-5, atol=1e-7)
        assert f"{100 * own.explained:.3g}"[:3] in scene.caption(0, i)
        assert scene.caption(-1, i).endswith(("it has learned", "learning", "not learned"))
    assert scene.number(-1) == 30
    assert len(zlib.compress(scene.pack(), 1)) < 3e5


def test_where_the_knob_is_the_reach_the_window_stays_and_the_way_grows_and_shrinks():
    made = course("extent", (0.5, 1.0, 2.0))
    scene = course_scene(made)
    path = layers(scene.panels[0], "Path")[-1].xy
    np.testing.assert_allclose(path[0], 2 * path[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(path[2], path[1] / 2, rtol=1e-5, atol=1e-6)
    assert (scene.panels[0].x.low, scene.panels[0].x.high) == (-1, 1)


def test_what_comes_first_is_the_turn_in_sight_and_the_others_are_coarse_until_theirs():
    config = LandscapeConfig(**SMALL)
    shares, firsts = [], []
    for part in course_steps(config, "depth", (1, 3, 6), first=1):
        shares.append(part.share)
        firsts.append([own.config.steps for own in part.surfaces])
        course_scene(part).pack()
    assert shares == pytest.approx([1 / 3, 2 / 3, 1])
    assert firsts == [[1, 30, 1], [30, 30, 1], [30, 30, 30]]
    first = untrained(config, "depth", (1, 3, 6))
    assert first.share == 0
    course_scene(first).pack()


def test_a_pinned_run_has_its_own_plane_beside_on_the_same_scale():
    pinned = LandscapeConfig(**{**SMALL, "skip": True, "depth": 3})
    scene = course_scene(course(pinned=pinned))
    main, beside = scene.panels[:2]
    assert scene.layout == "pair"
    assert beside.title == "pinned: layers 3, skip connections"
    mine, theirs = layers(main, "Field")[0], layers(beside, "Field")[0]
    np.testing.assert_array_equal(mine.levels, theirs.levels)
    alone = surface(pinned)
    told = np.interp(theirs.image, np.arange(256), theirs.levels)
    np.testing.assert_allclose(
        told, np.minimum(alone.loss, theirs.levels[-1]), rtol=2e-2, atol=2e-3
    )
    ghost = layers(scene.panel("loss"), "Curve")[0]
    np.testing.assert_allclose(ghost.y, alone.path_loss, rtol=1e-6)


def test_a_branch_keeps_its_trunk_up_to_the_step_and_in_the_picture():
    trunk = LandscapeConfig(**SMALL, optimizer="momentum", lr=0.1)
    made = course("lr", (0.1, 0.3), branch=(12, trunk), optimizer="momentum")
    before = train(trunk)
    same, other = made.surfaces
    np.testing.assert_array_equal(same.training.parameters, before.parameters)
    at = before.steps.tolist().index(12)
    np.testing.assert_array_equal(other.training.parameters[: at + 1], before.parameters[: at + 1])
    assert np.abs(other.training.parameters[at + 1] - before.parameters[at + 1]).max() > 1e-3
    ghost = layers(course_scene(made).panels[0], "Path")[0]
    assert ghost.label == "unbranched"
    np.testing.assert_allclose(
        ghost.xy[1] * other.axes[:, -1], shadow(other, before), rtol=1e-4, atol=1e-5
    )


def test_the_knob_of_a_rescale_turns_both_pictures_on_one_scale_each():
    factors = rescales(1.0)
    config = LandscapeConfig(**SMALL, directions="random", resolution=21)
    *_, made = rescaled_steps(config, factors)
    scene = rescale_scene(made, factors)
    raw, even = (layers(panel, "Field")[0] for panel in scene.panels)
    assert np.ptp(even.image, axis=0).max() < 1e-3
    assert np.ptp(raw.image, axis=0).max() > 20
    assert "filter-normalized by 0" in scene.caption(0, 0)
    assert "raw picture changes by 0," in scene.caption(0, factors.index(1.0))


def test_three_dimensions_show_both_losses():
    made = surface(LandscapeConfig(**SMALL))
    for dark in (False, True):
        figure = surface_figure(made, dark=dark)
        assert [part.type for part in figure.data] == ["surface", "scatter3d", "scatter3d"]
        assert figure.layout.uirevision == "camera"
    roof = np.asarray(figure.data[0].z).max()
    assert (np.asarray(figure.data[0].z) <= np.minimum(made.loss, roof) + 1e-5).all()


def test_a_rescale_is_coarse_first():
    quick = untrained_rescaled(LandscapeConfig(**SMALL), (1.0, 2.0))
    assert share_of_rescaled(quick) < 1


NUMBER = r"-?[0-9.]+(?:e-?[0-9]+)?"


def assert_the_same(printed, config, branch):
    trained, low, high, held, first, last = map(float, re.findall(NUMBER, printed))
    made = surface(config, branch)
    known = facts(made)
    assert trained == pytest.approx(known["loss"], rel=1e-6)
    assert (low, high) == pytest.approx((made.loss.min(), made.loss.max()), rel=1e-6)
    assert held == pytest.approx(known["explained"], rel=1e-6)
    if config.rescale == 1:  # else it changes curvatures; those that are told are of before
        assert (first, last) == pytest.approx((known["lowest"], known["highest"]), abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "branch"),
    [
        ({}, None),
        ({"dataset": "circle", "directions": "random", "activation": "tanh", "skip": True}, None),
        ({"dataset": "xor", "directions": "raw", "rescale": 3.0, "optimizer": "adam", "lr": 0.05},
         None),
        ({"dataset": "gauss", "lr": 0.3}, (12, {"lr": 0.1})),
        ({"dataset": "spiral", "depth": 3, "skip": True, "optimizer": "adam", "lr": 0.02},
         (7, {"optimizer": "momentum", "lr": 0.1})),
    ],
)  # fmt: skip
def test_the_script_finds_the_same(settings, branch):
    config = LandscapeConfig(**{**SMALL, "resolution": 11, "extent": 0.8, **settings})
    if branch:
        branch = branch[0], LandscapeConfig(**{**SMALL, **settings, **branch[1]})
    text = script(config, branch)
    imports = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert [alias.name for node in imports for alias in node.names] == ["numpy", "torch"]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(text, {"__name__": "script"})
    assert_the_same(printed.getvalue(), config, branch)


def test_the_script_stands_alone(tmp_path):
    config = LandscapeConfig(**SMALL, resolution=11)
    run = subprocess.run(
        [sys.executable, "-I", "-c", script(config)],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert_the_same(run.stdout, config, None)
