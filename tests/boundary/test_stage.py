"""The pictures of decision boundaries hold the runs' own numbers."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.boundary import stage
from dlviz.boundary.choices import RATES
from dlviz.boundary.compute import BoundaryConfig, branch, predictions, signals, sweep, train
from dlviz.boundary.course import rivals
from dlviz.boundary.figures import (
    boundary_scene,
    classifier_scene,
    inside_scene,
    multiples_scene,
    rivals_scene,
)
from dlviz.boundary.inside import BINS, WIDEST
from dlviz.boundary.multiples import FILM, SMALL
from dlviz.boundary.panels import FEATURE_NAMES, SHOWN
from dlviz.boundary.stage import frames_within
from dlviz.boundary.variations import VARIED, variations_steps
from dlviz.classifiers import CLASSIFIERS, fit
from dlviz.dataset import Dataset, split
from dlviz.datasets import DATASETS
from dlviz.features import FEATURES
from dlviz.frozen import frozen
from dlviz.layers import Curve, Text
from dlviz.net_layers import NetConfusion, NetDrawing, NetLine, NetMap, NetPoints, NetSpace
from dlviz.scene import knob_values
from dlviz.words import number
from tests.boundary.test_compute import CONFIGS

CIRCLE = BoundaryConfig(n=60, epochs=12)
SPREAD = (0.01, 0.1, 1.0)
DIVERGED = replace(CIRCLE, activation="relu", output="linear", hidden=(6, 6), epochs=20)
LOST = replace(CIRCLE, features=("x1^2", "x2^2"), output="linear", hidden=(), epochs=60)
REGRESSION = replace(CIRCLE, dataset="reg_gauss", epochs=6)
ONE_CLASS = Dataset(np.random.default_rng(0).uniform(-5, 5, (60, 2)), np.zeros(60, int))


@cache
def swept(config=CIRCLE, rates=SPREAD):
    return sweep(config, "lr", rates)


def layers_of(scene, panel, kind):
    return [layer for layer in scene.panel(panel).layers if type(layer) is kind]


def draws(scene):
    """Draw the end of a scene at the last turn of its knob, and pack it."""
    assert scene.to_png(-1, scene.turns - 1, width=240)[:4] == b"\x89PNG"
    for turn in range(scene.turns):
        assert "{" not in scene.caption(0, turn) + scene.caption(-1, turn)
    assert scene.pack()[:4] == b"DLV1"


# The stage as a whole.


def test_the_panels_are_the_map_the_network_curves_and_what_stands_beside():
    scene = boundary_scene(swept())
    assert [panel.name for panel in scene.panels] == ["map", "network", "curves", "confusion"]
    assert (scene.layout, scene.unit, scene.frames) == ("split", "epoch", 13)
    assert all(panel.alt for panel in scene.panels)
    beside = boundary_scene(swept(), beside="final", picture="hidden")
    assert [panel.name for panel in beside.panels] == ["space", "network", "curves", "final"]


def test_all_marks_show_the_networks_of_the_sweep():
    scene, runs = boundary_scene(swept()), swept()
    nets = {id(layer.net): layer.net for panel in scene.panels for layer in panel.layers
            if hasattr(layer, "net")}  # fmt: skip
    (net,) = nets.values()
    np.testing.assert_array_equal(net.parameters, frozen(runs.parameters, np.float32))
    assert net.sizes == (2, 4, 2, 1) and net.hidden == ("tanh", "tanh")


def test_captions_tell_the_runs_numbers_by_epoch():
    config = replace(CIRCLE, epochs=300, batch_size=30)
    runs = swept(config)
    scene = boundary_scene(runs)
    assert runs.epochs[1] == 3
    for frame in (0, 1, -1):
        for turn, rate in enumerate(SPREAD):
            train_loss, test_loss, accuracy = (
                number(float(np.float32(series[turn, frame])))
                for series in (runs.train_loss, runs.test_loss, runs.test_accuracy)
            )
            words = (f"epoch {runs.epochs[frame]} · training loss {train_loss} · test loss "
                     f"{test_loss} · test accuracy {accuracy} · η = {number(rate)}")  # fmt: skip
            ending = f": {stage.ENDINGS[runs.outcomes[turn]]}" if frame == -1 else ""
            assert scene.caption(frame, turn) == words + ending


def test_the_knob_is_the_learning_rate_with_a_mark_at_the_lowest_test_loss():
    runs = swept()
    knob = boundary_scene(runs).knob
    best = min(range(3), key=lambda r: runs.test_loss[r, -1])
    assert (knob.name, knob.values, knob.index) == ("lr", SPREAD, 0)
    assert knob.marks == ((SPREAD[best], "lowest test loss"),)


def test_before_any_training_nothing_is_marked_and_the_caption_says_so():
    scene = boundary_scene(swept(replace(CIRCLE, epochs=0)))
    assert scene.frames == 1
    assert scene.knob.marks == ()
    assert scene.caption(0, 1).startswith("epoch 0 · training loss ")
    assert scene.caption(0, 1).endswith(" · not trained")
    draws(scene)


# Frames within the budget.


@pytest.mark.parametrize("budget", [0, 10_000, 14_000, 30_000, 10**9])
def test_as_many_epochs_are_sent_as_the_budget_allows_first_and_last_among_them(
    budget, monkeypatch
):
    monkeypatch.setattr(stage, "BUDGET", budget)
    runs = swept(replace(CIRCLE, epochs=100), RATES)
    kept = frames_within(runs)
    net = layers_of(boundary_scene(runs), "map", NetMap)[0].net
    np.testing.assert_array_equal(net.parameters, runs.parameters[:, kept].astype(np.float32))
    assert (kept[0], kept[-1]) == (0, 100)
    gaps = np.diff(kept)
    assert gaps.min() > 0 and np.ptp(gaps) <= 1
    assert net.parameters.nbytes <= budget or len(kept) == 2
    one_more = net.parameters.nbytes * (len(kept) + 1) / len(kept)
    assert one_more > budget or len(kept) == 101


def test_thinned_frames_keep_their_numbers(monkeypatch):
    runs = swept(replace(CIRCLE, epochs=100), RATES)
    monkeypatch.setattr(stage, "BUDGET", 14_000)
    scene, kept = boundary_scene(runs), frames_within(runs)
    assert 2 < len(kept) < 30
    assert scene.numbers == tuple(runs.epochs[kept].tolist())
    assert scene.caption(1, 0).startswith(f"epoch {kept[1]} · ")
    for name, series in [("train", runs.train_loss), ("test", runs.test_loss)]:
        np.testing.assert_array_equal(scene.readouts[name], series[:, kept].astype(np.float32))
    for curve in layers_of(scene, "curves", Curve):
        assert curve.x.tolist() == list(scene.numbers)
    draws(scene)


# Curves.


@pytest.mark.parametrize("config", [CIRCLE, DIVERGED, REGRESSION], ids=["circle", "away", "cones"])
def test_losses_are_the_runs_and_never_leave_the_axis_below(config):
    runs = swept(config, (0.01, 1.0, 10.0))
    panel = boundary_scene(runs).panel("curves")
    test, training = (layer for layer in panel.layers if isinstance(layer, Curve))
    assert panel.y.log and panel.y.label == "loss" and panel.x.high == config.epochs
    for curve, series in ((training, runs.train_loss), (test, runs.test_loss)):
        expected = np.where(series < panel.y.low, panel.y.low, series)
        np.testing.assert_allclose(curve.y, frozen(expected, np.float32), rtol=1e-6)
        start = curve.y[:, 0]
        assert (start <= panel.y.high).all() and (start >= np.float32(panel.y.low)).all()
    assert (training.dashed, test.dashed) == (False, True)


def test_accuracies_fit_their_axis():
    runs = swept()
    panel = boundary_scene(runs, curves="accuracy").panel("curves")
    test, training = panel.layers
    np.testing.assert_allclose(training.y, runs.train_accuracy, rtol=1e-6)
    np.testing.assert_allclose(test.y, runs.test_accuracy, rtol=1e-6)
    assert (panel.y.label, panel.y.low, panel.y.log) == ("accuracy", 0.0, False)
    assert max(training.y.max(), test.y.max()) <= 1 < panel.y.high


def test_the_final_losses_are_the_ends_of_the_test_curves():
    runs = swept(DIVERGED, (0.01, 0.1, 10.0))
    panel = boundary_scene(runs, beside="final").panel("final")
    (curve,) = panel.layers
    assert runs.test_loss[-1, -1] > 1e200
    np.testing.assert_allclose(curve.y[:2], runs.test_loss[:2, -1], rtol=1e-6)
    assert curve.y[2] == np.float32(panel.y.high)
    assert (panel.x.low, panel.x.high, curve.cursor) == (0.01, 10.0, "knob")


@pytest.mark.parametrize("rates", [(0.03,), (1.0, 0.1), (0.1, 0.1)])
def test_one_rate_or_rates_in_any_order_have_a_final_panel_too(rates):
    panel = boundary_scene(swept(CIRCLE, rates), beside="final").panel("final")
    assert panel.x.low == min(rates) < panel.x.high
    draws(boundary_scene(swept(REGRESSION, rates)))


# The map, its points, and runs that are compared.


def test_the_map_shows_training_points_and_hollow_test_points():
    data = swept().data[0]
    for show_test in (True, False):
        points = layers_of(boundary_scene(swept(), show_test=show_test), "map", NetPoints)
        sets = [(data[1], True)] * show_test + [(data[0], False)]
        for layer, (part, hollow) in zip(points, sets, strict=True):
            np.testing.assert_array_equal(layer.xy, part.x.astype(np.float32))
            np.testing.assert_array_equal(layer.classes, part.y)
            assert layer.hollow == hollow


def test_no_more_points_are_drawn_than_can_be_seen_but_all_are_counted():
    runs = swept(replace(CIRCLE, n=2000, epochs=0))
    scene = boundary_scene(runs)
    assert [len(layer.xy) for layer in layers_of(scene, "map", NetPoints)] == [SHOWN, SHOWN]
    (table,) = layers_of(scene, "confusion", NetConfusion)
    cells = table.plain(0, 0)[0]
    assert sum(map(int, cells.texts)) == len(runs.data[0][1].x) == 1000


def test_painting_and_the_class_alone_are_passed_on():
    scene = boundary_scene(swept(), paint=True, discrete=True)
    assert scene.panel("map").pick and layers_of(scene, "map", NetMap)[0].discrete
    scene = boundary_scene(swept())
    assert not (scene.panel("map").pick or layers_of(scene, "map", NetMap)[0].discrete)


def test_a_ghost_brings_its_boundary_and_its_curve():
    pinned = train(replace(CIRCLE, lr=0.3, hidden=(3,), activation="relu", epochs=8))
    scene = boundary_scene(swept(), ghosts=[("pinned", pinned)])
    (line,) = layers_of(scene, "map", NetLine)
    assert (line.label, line.run, line.net.sizes) == ("pinned", 0, (2, 3, 1))
    np.testing.assert_array_equal(
        line.net.parameters[0, 0], frozen(pinned.parameters[-1], np.float32)
    )
    ghost = scene.panel("curves").layers[0]
    np.testing.assert_allclose(ghost.y[:9], pinned.test_loss, rtol=1e-6)
    assert np.isnan(ghost.y[9:]).all() and ghost.label == "pinned"
    draws(scene)


def test_a_ghost_with_other_epochs_is_read_between_its_entries():
    long = train(replace(CIRCLE, epochs=300, batch_size=30))
    ghost = boundary_scene(swept(), ghosts=[("pinned", long)]).panel("curves").layers[0]
    np.testing.assert_allclose(ghost.y[::3], long.test_loss[:5], rtol=1e-6)
    inner = (2 * long.test_loss[0] + long.test_loss[1]) / 3
    assert ghost.y[1] == pytest.approx(inner, rel=1e-6)


@pytest.mark.parametrize("curves", ["loss", "accuracy"])
@pytest.mark.parametrize(
    "other",
    [REGRESSION, replace(CIRCLE, dataset="iris", epochs=2), replace(DIVERGED, lr=10.0),
     replace(CIRCLE, epochs=0), replace(CIRCLE, dataset="breast_cancer", epochs=1)],
    ids=["regression", "iris", "diverged", "untrained", "wider"],
)  # fmt: skip
def test_ghosts_of_any_kind_break_nothing(other, curves):
    draws(boundary_scene(swept(), curves=curves, ghosts=[("pinned", train(other))]))


def test_a_branch_is_drawn_with_what_it_comes_from():
    trunk = train(CIRCLE)
    runs = sweep(replace(CIRCLE, optimizer="adam"), "lr", SPREAD)
    gone_on = branch(trunk, 6, optimizer="adam")
    scene = boundary_scene(runs, ghosts=[("unbranched", trunk), ("pinned", gone_on)])
    labels = [layer.label for layer in layers_of(scene, "map", NetLine)]
    assert labels == ["unbranched", "pinned"]
    draws(scene)


@pytest.mark.parametrize("name", DATASETS)
def test_axes_are_called_what_the_data_are(name):
    runs = swept(replace(CIRCLE, dataset=name, epochs=0))
    panel, data = boundary_scene(runs).panel("map"), runs.data[0][0]
    shown = [axis.label for axis in (panel.x, panel.y)]
    if name in ("iris", "wine", "breast_cancer"):
        for i, label in enumerate(shown, start=1):
            assert re.fullmatch(rf"component {i} \(\d+%\)", label)
    else:
        assert shown == ["x₁", "x₂"]
    assert (panel.x.low, panel.x.high) == (panel.y.low, panel.y.high) == (-data.span, data.span)
    assert layers_of(boundary_scene(runs), "map", NetMap)[0].net.span == data.span


# The network.


def test_every_input_and_output_has_its_name():
    assert set(FEATURE_NAMES) == set(FEATURES)
    config = replace(CIRCLE, dataset="iris", features=("x2", "sin x1", "angle"), epochs=0)
    (drawing,) = layers_of(boundary_scene(swept(config)), "network", NetDrawing)
    assert drawing.names == ("x₂", "sin x₁", "θ")
    assert drawing.outputs == ("setosa", "versicolor", "virginica")
    (drawing,) = layers_of(boundary_scene(swept()), "network", NetDrawing)
    assert drawing.outputs == ("output",)


# Hidden space.


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu", "linear", "sine"])
def test_at_the_end_training_points_fill_the_hidden_space(activation):
    config = replace(CIRCLE, hidden=(4, 3), activation=activation)
    runs = swept(config)
    scene = boundary_scene(runs, picture="hidden", space=(1, 3, 4))
    (space,) = layers_of(scene, "space", NetSpace)
    assert (scene.panel("space").x.label, scene.panel("space").y.label) == (
        "unit 3 of layer 1", "unit 4 of layer 1"
    )  # fmt: skip
    bounds = {"tanh": (-1, 1), "sine": (-1, 1), "sigmoid": (0, 1)}
    for turn in range(3):
        values = signals(runs.run(turn), [-1], runs.data[0][0].x)[1][0, [2, 3]]
        low, high = values.min(axis=1), values.max(axis=1)
        box = [bounds[activation]] * 2 if activation in bounds else np.transpose([low, high])
        np.testing.assert_allclose(space.box[turn], box, rtol=1e-4, atol=1e-5)
        _, points = space.plain(scene.frames - 1, turn)
        assert np.abs(points.xy).max() <= 1 + 1e-3
        low, high = np.transpose(box)
        expected = 2 * (values.T - low) / (high - low) - 1
        np.testing.assert_allclose(points.xy, expected, atol=2e-3)
    draws(scene)


def test_units_beyond_the_last_are_the_last_and_layer_0_is_the_last():
    for space, layer, units in [((0, 1, 2), 2, (0, 1)), ((9, 9, 9), 2, (1, 1)),
                                ((1, 4, 16), 1, (3, 3)), ((1, 0, 1), 1, (0, 0))]:  # fmt: skip
        (mark,) = layers_of(boundary_scene(swept(), picture="hidden", space=space),
                            "space", NetSpace)  # fmt: skip
        assert (mark.layer, mark.units) == (layer, units)


def test_one_hidden_unit_is_a_diagonal():
    scene = boundary_scene(swept(replace(CIRCLE, hidden=(1,))), picture="hidden")
    (space,) = layers_of(scene, "space", NetSpace)
    _, points = space.plain(3, 1)
    np.testing.assert_array_equal(points.xy[:, 0], points.xy[:, 1])
    draws(scene)


def test_without_hidden_layers_there_is_only_the_plane():
    scene = boundary_scene(swept(replace(CIRCLE, hidden=())), picture="hidden")
    assert scene.panels[0].name == "map"
    draws(scene)


@pytest.mark.parametrize("init", ["zeros", "xavier"])
def test_units_that_say_nothing_have_a_box_of_some_size(init):
    config = replace(CIRCLE, hidden=(3,), activation="relu", init=init, epochs=0)
    (space,) = layers_of(boundary_scene(swept(config), picture="hidden"), "space", NetSpace)
    assert (space.box[..., 1] > space.box[..., 0]).all()


def test_colors_in_the_hidden_space_of_a_regression_are_signs():
    runs = swept(replace(REGRESSION, activation="relu"))
    scene = boundary_scene(runs, picture="hidden")
    (space,) = layers_of(scene, "space", NetSpace)
    np.testing.assert_array_equal(space.classes, runs.data[0][0].y > 0)
    draws(scene)


# Other kinds of data, and of endings.


@pytest.mark.parametrize("curves", ["loss", "accuracy"])
def test_a_regression_has_losses_alone(curves):
    scene = boundary_scene(swept(REGRESSION), curves=curves)
    assert [panel.name for panel in scene.panels][-1] == "final"
    assert "accuracy" not in scene.caption(0, 0)
    assert set(scene.readouts) == {"train", "test"}
    assert scene.panel("curves").y.label == "loss"
    (value,) = layers_of(scene, "map", NetMap)[0].plain(0, 0)
    assert value.colors == "diverging"
    draws(scene)


@pytest.mark.parametrize("name", ["three_blobs", "four_blobs", "pinwheel", "iris", "wine"])
@pytest.mark.parametrize("loss", ["cross_entropy", "half_mse"])
def test_many_classes_have_a_color_and_a_row_each(name, loss):
    runs = swept(replace(CIRCLE, dataset=name, loss=loss, epochs=3))
    scene = boundary_scene(runs)
    classes = runs.data[0][0].classes
    (table,) = layers_of(scene, "confusion", NetConfusion)
    assert table.names == runs.data[0][0].names and len(table.names) == classes
    (map_,) = layers_of(scene, "map", NetMap)[0].plain(3, 1)
    assert map_.colors == "labels" and map_.image.max() < classes
    draws(scene)


@pytest.mark.parametrize("loss", ["half_mse", "cross_entropy", "bce", "hinge"])
def test_data_of_one_class_alone_can_be_shown(loss):
    pair = split(ONE_CLASS, 0.5, 0)
    runs = sweep(replace(CIRCLE, loss=loss), "lr", SPREAD, pair)
    for picture in ("map", "hidden"):
        draws(boundary_scene(runs, picture=picture))
    assert runs.test_accuracy[-1, -1] == 1
    draws(inside_scene(runs.run(0)))
    draws(multiples_scene([("one class", runs.run(1))]))


AWAY = {
    "huge": DIVERGED,
    "inf": LOST,
    "nan": replace(DIVERGED, activation="linear"),
    "nan in many classes": replace(DIVERGED, activation="linear", dataset="pinwheel"),
    "nan in a regression": replace(DIVERGED, activation="linear", dataset="reg_plane"),
}


@pytest.mark.parametrize("kind", AWAY)
def test_runs_that_ran_away_break_no_axis(kind):
    runs = swept(AWAY[kind], (3.0, 10.0))
    assert (runs.outcomes == "diverged").all()
    for picture, beside in [("map", "confusion"), ("hidden", "final")]:
        scene = boundary_scene(runs, picture=picture, beside=beside)
        assert scene.knob.marks == ()  # none is the best
        assert scene.caption(-1, 1).endswith("it ran away")
        draws(scene)
        scene.to_plotly(-1, 1)
    draws(inside_scene(runs.run(1)))
    draws(multiples_scene([("away", runs.run(1))]))


def test_a_rate_that_ran_away_is_not_the_best():
    runs = swept(DIVERGED, (0.1, 3.0))
    untouched = replace(runs, test_loss=np.where([[True], [False]], runs.test_loss, 0.0))
    assert boundary_scene(untouched).knob.marks[0][0] == 0.1


@given(CONFIGS, st.sampled_from(["map", "hidden"]), st.sampled_from(["loss", "accuracy"]),
       st.sampled_from(["confusion", "final"]))  # fmt: skip
@settings(deadline=None, max_examples=25)
def test_whatever_the_settings_there_is_a_picture(config, picture, curves, beside):
    runs = sweep(replace(config, epochs=min(config.epochs, 3)), "lr", (0.01, 10.0))
    scene = boundary_scene(runs, picture=picture, curves=curves, beside=beside)
    for part in scene.panels:
        assert all(layer.plain(scene.frames - 1, 1) is not None for layer in part.layers)
    for made in (scene, inside_scene(runs.run(1)), multiples_scene([("alone", runs.run(1))])):
        assert made.pack()[:4] == b"DLV1"
        assert "{" not in made.caption(-1)


# Small multiples.


@cache
def varied(field):
    *_, runs = variations_steps(replace(CIRCLE, epochs=2), field)
    return runs


@pytest.mark.parametrize("field", VARIED)
def test_every_setting_can_be_seen_side_by_side(field):
    runs = varied(field)
    scene = multiples_scene(runs)
    assert len(scene.panels) == len(runs) == len(VARIED[field][1]) <= 16
    assert (scene.layout, scene.frames, scene.unit) == ("grid", FILM, "percent")
    assert len({panel.name for panel in scene.panels}) == len(runs)
    for panel, (words, run) in zip(scene.panels, runs, strict=True):
        assert panel.title.startswith(f"{words}: {run.test_accuracy[-1]:.0%}")
        assert panel.title.endswith(", it is stuck") == (run.outcome == "stalled")
        assert panel.bare and words in panel.alt
    assert len(scene.pack()) < 1_500_000


def test_a_small_map_is_the_runs_field_from_its_first_to_its_last_epoch():
    config = replace(CIRCLE, dataset="rings", epochs=40)
    run = train(config)
    (panel,) = multiples_scene([("rings", run)]).panels
    field, points = panel.layers
    assert field.image.shape == (FILM, SMALL, SMALL)
    assert field.x == field.y == (-3.0, 3.0) == (panel.x.low, panel.x.high)
    for frame, entry in [(0, 0), (FILM - 1, -1)]:
        values = run.field(entry, 3.0, SMALL)
        clear = np.abs(values) > 0.01
        over = field.image[frame] > 127.5
        np.testing.assert_array_equal(over[clear], (values > 0)[clear])
    np.testing.assert_array_equal(points.xy, run.data[0].x.astype(np.float32))


def test_small_maps_of_many_classes_are_the_winners():
    run = train(replace(CIRCLE, dataset="pinwheel", loss="cross_entropy", epochs=3))
    (panel,) = multiples_scene([("pinwheel", run)]).panels
    shown = panel.layers[0]
    np.testing.assert_array_equal(shown.image[-1], np.floor(run.field(-1, 6.0, SMALL)))
    assert shown.colors == "labels"
    draws(multiples_scene([("pinwheel", run)]))


def test_titles_tell_the_end_of_every_kind_of_run():
    away = train(replace(DIVERGED, lr=10.0))
    cones, lost = train(REGRESSION), train(replace(AWAY["nan in a regression"], lr=10.0))
    scene = multiples_scene([("away", away), ("cones", cones), ("lost", lost)])
    titles = [panel.title for panel in scene.panels]
    assert titles[0].endswith("%, it ran away")
    assert titles[1].startswith(f"cones: {number(cones.test_loss[-1])}")
    assert re.fullmatch(r"lost: (not a number|∞|[\d.e]+), it ran away", titles[2])
    assert [len(panel.layers) for panel in scene.panels] == [2, 1, 1]  # targets are no classes
    draws(scene)


def test_untrained_runs_are_one_frame():
    scene = multiples_scene([("a", train(replace(CIRCLE, epochs=0)))])
    assert (scene.frames, scene.numbers) == (1, (0,))
    draws(scene)


def test_the_film_counts_percent():
    scene = multiples_scene(varied("seed"))
    assert (scene.numbers[0], scene.numbers[-1]) == (0, 100)
    assert scene.caption(FILM - 1).startswith("100 % of the way")
    assert (np.diff(scene.numbers) == 4).all()


# Other classifiers.

PAIRS = {
    "circle": split(DATASETS["circle"](60, 0.2, 0), 0.5, 0),
    "iris": split(DATASETS["iris"](60, 0.0, 0), 0.5, 0),
    "one class": split(ONE_CLASS, 0.5, 0),
}


@pytest.mark.parametrize("data", PAIRS)
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_is_shown_under_every_value_of_its_setting(name, data):
    pair, kind = PAIRS[data], CLASSIFIERS[name]
    fits = fit(name, *pair, size=30)
    scene = classifier_scene(fits, *pair)
    assert scene.knob.values == tuple(map(float, kind.values))
    panel = scene.panel("accuracy")
    test, training = panel.layers
    np.testing.assert_allclose(test.y, fits.test_accuracy, rtol=1e-6)
    np.testing.assert_allclose(training.y, fits.train_accuracy, rtol=1e-6)
    assert panel.x.low == kind.values[0] and panel.x.high == kind.values[-1]
    field, rings, hollow, dots = scene.panel("map").layers
    for turn in {0, len(kind.values) - 1}:
        wrong = fits.test_predictions[turn] != pair[1].y
        shown = np.isfinite(rings.xy[turn]).all(axis=1)
        np.testing.assert_array_equal(shown, wrong)
        np.testing.assert_array_equal(rings.xy[turn][wrong], pair[1].x[wrong].astype(np.float32))
        said = scene.caption(0, turn)
        assert f"{kind.knob_label} = {number(float(kind.values[turn]))} · " in said
        assert said.endswith(f"test accuracy {number(float(np.float32(fits.test_accuracy[turn])))}")
    assert (len(hollow.xy), len(dots.xy)) == (30, 30)
    assert field.image.shape == (len(kind.values), 30, 30)
    draws(scene)


@pytest.mark.parametrize(("name", "value"), [("knn", 4.0), ("svm_rbf", 0.7), ("logistic", 1e-4)])
def test_a_value_of_ones_own_is_one_of_the_knobs(name, value):
    values = tuple(map(float, knob_values(value, CLASSIFIERS[name].values)))
    scene = classifier_scene(fit(name, *PAIRS["circle"], values=values, size=9), *PAIRS["circle"])
    assert value in scene.knob.values
    draws(scene)


def test_one_value_alone_has_an_axis_too():
    scene = classifier_scene(fit("tree", *PAIRS["circle"], values=[3], size=9), *PAIRS["circle"])
    draws(scene)


@pytest.mark.parametrize("data", PAIRS)
def test_rivals_stand_side_by_side_each_with_its_share(data):
    pair = PAIRS[data]
    fitted = rivals([*CLASSIFIERS][:4], pair, ("x1", "x2"))
    scene = rivals_scene(fitted, pair[0])
    assert [panel.name for panel in scene.panels] == [*CLASSIFIERS][:4]
    for panel, one in zip(scene.panels, fitted, strict=True):
        share = (one.test_predictions[0] == pair[1].y).mean()
        assert panel.title == f"{CLASSIFIERS[one.name].label}: {share:.0%}"
        image = panel.layers[0].image.astype(float)
        if pair[0].classes > 2:
            np.testing.assert_array_equal(image, np.floor(one.fields[0]))
        else:
            clear = np.abs(one.fields[0]) > 0.01
            np.testing.assert_array_equal((image > 127.5)[clear], (one.fields[0] > 0)[clear])
    draws(scene)


@pytest.mark.parametrize("name", ["rings", "xor_corners", "breast_cancer"])
def test_the_maps_of_rivals_reach_as_far_as_the_window(name):
    pair = split(DATASETS[name](80, 0.1, 0), 0.5, 0)
    (fitted,) = rivals(["knn"], pair, ("x1", "x2"))
    (panel,) = rivals_scene([fitted], pair[0]).panels
    image = panel.layers[0].image
    ends = np.linspace(*panel.layers[0].x, image.shape[1])
    rows, columns = ([np.abs(ends - v).argmin() for v in part] for part in pair[0].x.T[::-1])
    near = image[rows, columns] > 127.5  # one class or the other
    told = fitted.train_predictions[0] == 1
    assert (near == told).mean() > 0.9


def test_a_regression_has_no_rivals():
    assert rivals(["knn"], train(REGRESSION).data, ("x1", "x2")) == []


# Inside a run.


@pytest.mark.parametrize(
    "config",
    [CIRCLE, replace(CIRCLE, hidden=()), replace(CIRCLE, l1=0.05, lr=0.3), REGRESSION,
     replace(CIRCLE, init="zeros"), replace(DIVERGED, lr=3.0)],
    ids=["circle", "line", "l1", "regression", "zeros", "diverged"],
)  # fmt: skip
def test_histograms_count_every_weight(config):
    run = train(config)
    scene = inside_scene(run)
    assert scene.frames == len(run.epochs) and scene.numbers == tuple(run.epochs)
    for i, weights in enumerate(run.weights):
        panel = scene.panel(f"weights{i}")
        (curve,) = panel.layers
        counts = curve.y[:, 1:-1:2]
        assert counts.shape == (len(run.epochs), BINS)
        known = (~np.isnan(weights)).sum(axis=(1, 2))
        np.testing.assert_array_equal(counts.sum(axis=1), known)
        assert counts.max() <= panel.y.high and panel.x.high <= WIDEST
        edges = np.linspace(panel.x.low, panel.x.high, BINS + 1)
        for frame in (0, -1):  # torch counts alike, but for weights at an edge
            inside = torch.tensor(weights[frame].clip(panel.x.low, panel.x.high)).ravel()
            if torch.isfinite(inside).all():
                theirs = torch.histogram(inside, torch.tensor(edges))[0].numpy()
                assert np.abs(np.cumsum(theirs) - np.cumsum(counts[frame])).max() <= 1
        # The outline: from 0 up to each bar and down again.
        assert (curve.y[:, 0] == 0).all() and (curve.y[:, -1] == 0).all()
        np.testing.assert_allclose(np.unique(curve.x), edges.astype(np.float32), rtol=1e-5)
    draws(scene)


def test_gradients_are_those_of_the_trace():
    run = train(CIRCLE)
    panel = inside_scene(run).panel("gradients")
    curves = [layer for layer in panel.layers if isinstance(layer, Curve)]
    names = [layer.texts[0] for layer in panel.layers if isinstance(layer, Text)]
    assert len(curves) == run.grad_norms.shape[1] == 3
    assert names == ["layer 1", "layer 2", "layer 3"]
    for curve, norms in zip(curves, run.grad_norms.T, strict=True):
        np.testing.assert_allclose(curve.y, norms, rtol=1e-6)
        assert panel.y.low < norms.min() and norms.max() < panel.y.high


def test_sizes_and_dead_links_are_those_of_the_run():
    run = train(replace(CIRCLE, l1=0.05, lr=0.3))
    scene = inside_scene(run)
    flat = [np.concatenate([w[f].ravel() for w in run.weights]) for f in range(len(run.epochs))]
    np.testing.assert_allclose(scene.readouts["size"][0], [np.abs(w).mean() for w in flat], 1e-6)
    dead = [sum(d[f].sum() for d in run.dead_links) for f in range(len(run.epochs))]
    assert dead[-1] > 0
    assert scene.readouts["dead"][0].tolist() == dead
    assert f"dead links {dead[-1]}" in scene.caption(-1)
    assert scene.caption(-1).startswith("epoch 12 · ")


@pytest.mark.parametrize("rate", [0.3, 1.0, 10.0])
def test_inside_a_run_that_ran_away_its_beginning_can_still_be_seen(rate):
    run = train(replace(DIVERGED, lr=rate))
    scene = inside_scene(run)
    panel = scene.panel("gradients")
    assert panel.y.low <= run.grad_norms[0].min() <= run.grad_norms[0].max() <= panel.y.high
    for layer in panel.layers:
        if isinstance(layer, Text):
            assert panel.y.low < layer.xy[0, 1] < panel.y.high
    draws(scene)


def test_predictions_and_rings_agree_at_every_frame_of_the_stage():
    runs = swept(replace(CIRCLE, noise=0.4))
    scene, test = boundary_scene(runs), runs.data[0][1]
    hollow = layers_of(scene, "map", NetPoints)[0]
    for frame in (0, 5, 12):
        rings, _ = hollow.plain(frame, 2)
        wrong = predictions(runs.run(2), frame, test.x) != test.y
        assert len(rings.xy) == wrong.sum()
        accuracy = float(scene.readouts["accuracy"][2, frame])
        assert accuracy == pytest.approx(1 - wrong.mean(), rel=1e-6)
