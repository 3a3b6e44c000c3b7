"""The pictures of the landscape lab as data, and its script."""

import io
import zlib
from contextlib import redirect_stdout

import numpy as np
import pytest

from dlviz.landscape.compute import (
    LandscapeConfig,
    rescaled_steps,
    rescales,
    script,
    share_of,
    share_of_rescaled,
    surface,
    survey_steps,
    untrained,
    untrained_rescaled,
)
from dlviz.landscape.figures import landscape_scene, rescale_scene, surface_figure

SMALL = {"depth": 2, "width": 4, "steps": 30}


def layers(panel, kind):
    return [layer for layer in panel.layers if type(layer).__name__ == kind]


@pytest.mark.parametrize("directions", ["path", "random", "raw"])
def test_the_picture_is_the_surface_with_the_way_on_it(directions):
    made = surface(LandscapeConfig(directions=directions, **SMALL))
    scene = landscape_scene(made)
    field, path = layers(scene.panels[0], "Field")[0], layers(scene.panels[0], "Path")[0]
    told = np.interp(field.image, np.arange(256), field.levels)
    np.testing.assert_allclose(told, made.loss, rtol=1e-2, atol=1e-3)
    np.testing.assert_allclose(path.xy, made.path, rtol=1e-5, atol=1e-6)
    sliced, true = layers(scene.panel("loss"), "Curve")
    np.testing.assert_allclose(true.y, made.path_loss, rtol=1e-6)
    np.testing.assert_allclose(sliced.y, made.slice_loss, rtol=1e-6)
    highest, lowest = layers(scene.panel("curvature"), "Curve")
    np.testing.assert_allclose(highest.y, made.training.highest, rtol=1e-6)
    np.testing.assert_allclose(lowest.y, made.training.lowest, rtol=1e-5, atol=1e-7)
    assert scene.number(-1) == 30
    assert f"{100 * made.explained:.3g}"[:3] in scene.caption(0)
    assert len(zlib.compress(scene.pack(), 1)) < 2e5


def test_runs_that_go_wrong_have_a_picture_too():
    for activation in ("relu", "tanh"):
        config = LandscapeConfig(lr=10.0, activation=activation, depth=4, steps=30, resolution=11)
        landscape_scene(surface(config)).pack()


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


def test_what_comes_first_is_coarse_and_what_comes_last_is_asked_for():
    config = LandscapeConfig(**SMALL)
    first, last = survey_steps(config)
    assert (share_of(first) < 1, share_of(last)) == (True, 1.0)
    assert (first.loss.shape, last.loss.shape) == ((15, 15), (51, 51))
    np.testing.assert_array_equal(last.loss, surface(config).loss)
    assert untrained(config).training.steps[-1] == 1
    quick = untrained_rescaled(config, (1.0, 2.0))
    assert share_of_rescaled(quick) < 1


@pytest.mark.parametrize("settings", [{}, {"activation": "tanh", "skip": True}])
def test_the_script_finds_the_same_loss_with_torch(settings):
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(script(LandscapeConfig(**SMALL, **settings)), {})
    _, corner = printed.getvalue().splitlines()
    mine, theirs = corner.removeprefix("corner ").split(" and ")
    assert float(mine) == pytest.approx(float(theirs), rel=1e-8)
