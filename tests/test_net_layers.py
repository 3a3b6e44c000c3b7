"""Marks of a network: what they show in stills, and what the player is sent."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlviz import theme
from dlviz.activations import ACTIVATIONS, OUTPUTS
from dlviz.boundary.choices import RATES
from dlviz.boundary.compute import BoundaryConfig, confusion, predictions, signals, sweep, train
from dlviz.boundary.figures import boundary_scene
from dlviz.boundary.panels import end_of
from dlviz.boundary.traces import SERIES
from dlviz.features import FEATURES
from dlviz.grids import grid
from dlviz.layers import Curve, Field, Points, Segments, Text
from dlviz.net_layers import (
    MAP_SIZE,
    STRONGEST,
    THUMB_SIZE,
    NetConfusion,
    NetDrawing,
    NetLayer,
    NetLine,
    NetMap,
    NetPoints,
    NetSpace,
    code,
    unit_scaled,
)
from dlviz.networks import CERTAIN
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.ui.player import squeeze
from tests.test_net import POINTS, count_of, net_of, torch_values
from tests.test_scene import unpack

PLANE = grid(((-6, 6),) * 2, MAP_SIZE).points.reshape(-1, 2)
NAMES = ("x₁", "x₂")
BOX = np.array([[[-1.0, 1.0], [-1.0, 1.0]]] * 3)
PLAYER = (Path(__file__).parents[1] / "assets" / "player-net.js").read_text("utf-8")
KNOB = Knob("lr", "lr", (0.1, 0.2, 0.3), 1)
CLASSIFIED = {
    "one output": BoundaryConfig(epochs=8, noise=0.3, n=120),
    "two outputs": BoundaryConfig(loss="cross_entropy", epochs=8, noise=0.3, n=120),
    "three classes": BoundaryConfig(dataset="iris", loss="cross_entropy", epochs=8, lr=0.003),
    "four classes": BoundaryConfig(dataset="pinwheel", hidden=(), epochs=3, n=90),
}


def line(a, b, c, **options):
    """Return a network without hidden layers, a x1 + b x2 + c."""
    return net_of((2, 1), (), "linear", parameters=[[[a, b, c]]], **options)


def image_of(layer, frame=0, knob=0):
    (field,) = layer.plain(frame, knob)
    assert (field.x, field.y) == ((-layer.net.span, layer.net.span),) * 2
    return field.image.reshape(-1).astype(int)


def scene_of(*layers, frames=1, knob=None, **options):
    part = Panel("main", Axis("x", -6, 6), Axis("y", -6, 6), layers)
    return Scene((part,), frames=frames, knob=knob, **options)


# Color codes.


def test_codes_are_the_diverging_map_with_the_classes_colors_at_plus_and_minus_one():
    table = theme.colormap("diverging").astype(int)
    for value, color in [(-1, theme.CLASS_COLORS[0]), (1, theme.CLASS_COLORS[1])]:
        assert np.abs(table[int(code(value))] - theme.rgb(color)).max() < 16
    assert abs(float(code(0)) - 127.5) == 0.5
    assert (np.diff(code(np.linspace(-1, 1, 50))) > 0).all()


def test_what_is_beyond_one_or_no_number_has_a_code_too():
    ends = [code(-1), code(1), code(0)]
    np.testing.assert_array_equal(code(np.array([-np.inf, np.inf, np.nan])), ends)
    np.testing.assert_array_equal(code(np.array([-7.0, 1e300, 0.0])), ends)


# The map.


@pytest.mark.parametrize(
    "net",
    [net_of((2, 5, 1)), net_of((2, 5, 1), output="sigmoid"), net_of((2, 5, 2), output="softmax"),
     net_of((2, 5, 1), output="linear", regression=True)],
)  # fmt: skip
def test_codes_of_the_map_have_the_sign_of_the_field_and_its_size(net):
    out = torch_values(net, PLANE, 0, 0)[-1]
    p = out[:, 1] if net.sizes[-1] == 2 else out[:, 0]
    field = 2 * p - 1 if net.output in ("sigmoid", "softmax") else p
    codes = image_of(NetMap(net=net))
    clear = np.abs(field) > 0.01
    assert 0.1 < (field > 0).mean() < 0.9
    np.testing.assert_array_equal((codes > 127.5)[clear], (field > 0)[clear])
    expected = (STRONGEST * np.clip(field, -1, 1) + 1) * 127.5
    assert np.abs(codes - expected).max() < 0.51


def test_the_map_lies_in_the_plane_as_its_points_do():
    up, right = (image_of(NetMap(net=net)).reshape(100, 100) for net in
                 (line(0, 0.1, 0), line(0.1, 0, 0)))  # fmt: skip
    assert (up[0] < up[-1]).all() and (up == up[:, :1]).all()
    np.testing.assert_array_equal(up, right.T)


def test_the_class_alone_has_the_color_of_certainty():
    codes = image_of(NetMap(net=line(0.01, 0, 0), discrete=True)).reshape(100, 100)
    assert (codes[:, :50] == code(-1)).all()
    assert (codes[:, 50:] == code(1)).all()


@pytest.mark.parametrize("discrete", [False, True])
def test_of_many_classes_the_map_is_the_winner(discrete):
    net = net_of((2, 6, 4), output="softmax")
    layer = NetMap(net=net, discrete=discrete)
    winner = torch_values(net, PLANE, 0, 0)[-1].argmax(1)
    np.testing.assert_array_equal(image_of(layer), winner)
    assert layer.plain(0, 0)[0].colors == "labels"


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_units_map_is_scaled_to_the_whole_color_map(activation):
    net = net_of((2, 3, 1), (activation,), output="sigmoid")
    values = torch_values(net, PLANE, 0, 0)
    for unit in range(3):
        a = values[1][:, unit]
        bounded = {"tanh": a, "sine": a, "sigmoid": 2 * a - 1}
        expected = bounded.get(activation, a / np.abs(a).max())
        codes = np.round((STRONGEST * expected + 1) * 127.5)
        for discrete in (False, True):  # which is about the output alone
            image = image_of(NetMap(net=net, unit=(1, unit), discrete=discrete))
            assert np.abs(image - codes).max() <= 1  # where rounding is a tie
    inputs = code(np.repeat(np.linspace(-1, 1, MAP_SIZE), MAP_SIZE))
    assert np.abs(image_of(NetMap(net=net, unit=(0, 1))) - inputs).max() <= 1
    np.testing.assert_array_equal(image_of(NetMap(net=net, unit=(2, 0))), image_of(NetMap(net=net)))


def test_a_unit_that_is_0_everywhere_stays_0():
    net = net_of(hidden=("relu",), parameters=np.zeros((1, 1, 13)))
    assert (unit_scaled(net, 1, np.zeros((5, 3))) == 0).all()


def test_units_that_ran_away_are_scaled_by_what_is_finite():
    net = net_of(hidden=("relu",))
    scaled = unit_scaled(net, 1, np.array([[-2.0], [4.0], [np.inf], [-np.inf], [np.nan]]))
    assert scaled[:2, 0].tolist() == [-0.5, 1.0]
    np.testing.assert_array_equal(code(scaled)[2:, 0], [code(1), code(-1), code(0)])


def test_the_map_follows_the_frame_and_the_knob_or_its_own_run():
    net = net_of(runs=3, frames=4)
    for knob, frame in [(0, 0), (2, 1), (1, 3)]:
        alone = net_of(parameters=net.parameters[knob, frame][None, None])
        expected = image_of(NetMap(net=alone))
        np.testing.assert_array_equal(image_of(NetMap(net=net), frame, knob), expected)
        fixed = NetMap(net=net, run=knob)
        np.testing.assert_array_equal(image_of(fixed, frame, knob=2 - knob), expected)


# The line of a network that is compared.


@pytest.mark.parametrize("weights", [(1.0, 0.3, 0.5), (-0.2, 2.0, 3.0), (0.0, 1.0, -5.0)])
def test_the_line_is_where_the_boundary_is(weights):
    (points,) = NetLine(net=line(*weights)).plain(0, 0)
    a, b, c = weights
    away = np.abs(points.xy @ [a, b] + c) / np.hypot(a, b)
    step = 12 / (MAP_SIZE - 1)
    assert away.max() <= step + 1e-6
    # All along: no gap in the coordinate that the line runs through.
    along = np.sort(points.xy[:, 0 if abs(b) > abs(a) else 1])
    assert along[0] < -6 + 2 * step and along[-1] > 6 - 3 * step
    assert np.diff(along).max() < 1.5 * step


def test_networks_without_one_boundary_have_no_line():
    assert NetLine(net=line(1, 1, 0, regression=True)).plain(0, 0) == []
    assert NetLine(net=net_of((2, 3, 3))).plain(0, 0) == []


def test_a_network_that_is_always_sure_has_an_empty_line():
    (points,) = NetLine(net=line(0, 0, 1)).plain(0, 0)
    assert points.xy.shape == (0, 2)


# The points.


@pytest.mark.parametrize("name", CLASSIFIED)
def test_ringed_points_are_exactly_those_that_are_misclassified(name):
    run = train(CLASSIFIED[name])
    for data in run.data:
        layer = NetPoints(net=end_of(run), xy=data.x, classes=data.y)
        rings, points = layer.plain(0, 0)
        wrong = data.x[predictions(run, -1, data.x) != data.y]
        assert len(wrong) > 0
        np.testing.assert_array_equal(rings.xy, wrong.astype(np.float32))
        assert rings.size > points.size
        np.testing.assert_array_equal(points.xy, data.x.astype(np.float32))
        np.testing.assert_array_equal(points.classes, data.y)


def test_points_of_a_regression_are_never_ringed():
    net = line(1, 1, 0, regression=True)
    (points,) = NetPoints(net=net, xy=POINTS, classes=POINTS[:, 0] / 6).plain(0, 0)
    assert len(points.xy) == len(POINTS)


# The drawing.


def test_the_drawing_has_an_edge_for_every_weight_that_lives():
    parameters = np.random.default_rng(3).normal(size=(1, 1, count_of((2, 4, 3, 1))))
    parameters[0, 0, ::5] = 0
    net = net_of((2, 4, 3, 1), ("relu", "tanh"), parameters=parameters)
    marks = NetDrawing(net=net, names=NAMES, outputs=("output",)).plain(0, 0)
    edges = [mark for mark in marks if isinstance(mark, Segments)]
    assert [edge.dashed for edge in edges] == [False, True] * 3
    fields = [mark for mark in marks if isinstance(mark, Field)]
    places = np.array([(np.mean(field.x), np.mean(field.y)) for field in fields])
    assert [len(part) for part in np.split(places, np.cumsum(net.sizes))] == [2, 4, 3, 1, 0]
    weights = net.layers(0, 0).weights
    for i, (positive, negative) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
        first = sum(net.sizes[:i])
        for mark, chosen in ((positive, weights[i] > 0), (negative, weights[i] < 0)):
            to, start = np.nonzero(chosen)
            ends = places[np.stack([first + start, first + net.sizes[i] + to], axis=1)]
            np.testing.assert_allclose(mark.xy, ends, atol=1e-6)
    assert sum(len(edge.xy) for edge in edges) == sum(np.count_nonzero(w) for w in weights) < 23


def test_wider_edges_mean_larger_weights():
    widths = []
    for size in (0.1, 1.0, 4.0, 5.0, 100.0):
        plus, minus, *_ = NetDrawing(net=line(size, size, 0), names=NAMES, outputs=()).plain(0, 0)
        widths.append(plus.width)
        assert len(minus.xy) == 0
    assert (np.diff(widths) > 0).tolist() == [True, True, True, False]


def test_a_units_picture_is_its_map():
    net = net_of((2, 3, 1), ("relu",), output="linear")
    marks = NetDrawing(net=net, names=NAMES, outputs=("output",)).plain(0, 0)
    fields = [mark for mark in marks if isinstance(mark, Field)]
    small = grid(((-6, 6),) * 2, THUMB_SIZE).points.reshape(-1, 2)
    values = torch_values(net, small, 0, 0)
    units = [column / np.abs(column).max() for layer in values[:2] for column in layer.T]
    units.append(values[2][:, 0])  # the output as the large map shows it
    for field, unit in zip(fields, units, strict=True):
        assert field.image.shape == (THUMB_SIZE, THUMB_SIZE)
        np.testing.assert_allclose(field.image.ravel(), code(unit), rtol=0, atol=1)


@pytest.mark.parametrize("sizes", [(1, 1), (9, 1), (2, 16, 16, 16, 16, 16, 16, 4)])
def test_pictures_of_units_do_not_touch_and_stay_in_the_panel(sizes):
    net = net_of(sizes, ("tanh",) * (len(sizes) - 2), features=tuple(FEATURES)[: sizes[0]])
    marks = NetDrawing(net=net, names=net.features, outputs=()).plain(0, 0)
    fields = [mark for mark in marks if isinstance(mark, Field)]
    boxes = np.array([(*field.x, *field.y) for field in fields])
    assert len(boxes) == sum(sizes)
    assert boxes.min() >= 0 and boxes.max() <= 1
    for i, (left, right, low, high) in enumerate(boxes):
        others = np.delete(boxes, i, axis=0)
        apart = (others[:, 0] > right) | (others[:, 1] < left)
        assert (apart | (others[:, 2] > high) | (others[:, 3] < low)).all()
    assert marks[-1].texts == net.features


# Confusion.


@pytest.mark.parametrize("name", CLASSIFIED)
def test_the_table_counts_what_the_engine_counts(name):
    run = train(CLASSIFIED[name])
    test = run.data[1]
    layer = NetConfusion(net=end_of(run), xy=test.x, classes=test.y, names=test.names)
    cells, rows, columns = layer.plain(0, 0)
    counts = confusion(run, -1, test)
    assert [int(text) for text in cells.texts] == counts.ravel().tolist()
    assert rows.texts == columns.texts == test.names
    size = len(test.names)
    places = cells.xy.reshape(size, size, 2)
    for i in range(size):  # a row stands beside its name, a column under its own
        np.testing.assert_allclose(places[i, :, 1], rows.xy[i, 1])
        np.testing.assert_allclose(places[:, i, 0], columns.xy[i, 0])
    assert (np.diff(rows.xy[:, 1]) < 0).all() and (np.diff(columns.xy[:, 0]) > 0).all()


# The hidden space.


def space(net, data, layer=2, units=(0, 1), box=None):
    box = np.array([[[-1.0, 1.0], [-1.0, 1.0]]]) if box is None else box
    return NetSpace(net=net, layer=layer, units=units, box=box, over="k", xy=data.x,
                    classes=data.y)  # fmt: skip


@pytest.mark.parametrize(("layer", "units"), [(1, (0, 3)), (1, (2, 2)), (2, (1, 0))])
def test_points_stand_where_their_units_say_within_the_box(layer, units):
    run = train(CLASSIFIED["one output"])
    data, box = run.data[0], np.array([[[-1.0, 2.0], [0.0, 0.5]]])
    lattice, points = space(end_of(run), data, layer, units, box).plain(0, 0)
    values = signals(run, [-1], data.x)[layer][0, list(units)]
    expected = [
        np.interp(values[0], [-9, 11], [-19 / 3, 7]),
        np.interp(values[1], [-9, 9], [-37, 35]),
    ]
    np.testing.assert_allclose(points.xy, np.transpose(expected), atol=1e-4)
    np.testing.assert_array_equal(points.classes, data.y)
    assert lattice.xy.shape == (26 * 48, 2, 2)


def test_the_lattice_is_that_of_the_plane_bent_by_the_network():
    net = net_of((2, 2, 1), ("linear",), parameters=[[[1, 0, 0, 0, 1, 0, 1, 1, 0]]])
    data = train(BoundaryConfig(epochs=0, n=10)).data[0]
    box = np.array([[[-6.0, 6.0], [-6.0, 6.0]]])
    lattice, _ = space(net, data, 1, box=box).plain(0, 0)
    pieces = lattice.xy.reshape(26, 48, 2, 2)
    assert (pieces[:, 1:, 0] == pieces[:, :-1, 1]).all()  # each begins where the last ended
    upright, level = pieces[:13], pieces[13:]
    np.testing.assert_allclose(upright[:, 0, 0, 0], np.linspace(-1, 1, 13), atol=1e-6)
    assert (np.ptp(upright[..., 0], axis=(1, 2)) == 0).all()
    np.testing.assert_array_equal(upright, level[..., ::-1])


def test_hidden_numbers_that_ran_away_raise_nothing():
    net = net_of((2, 2, 1), ("relu",), parameters=np.full((1, 1, 9), 1e30))
    data = train(BoundaryConfig(epochs=0, n=10)).data[0]
    for box in (BOX[:1], [[[-np.inf, np.inf], [0.0, 1e30]]]):
        space(net, data, 1, box=np.array(box)).plain(0, 0)


# Stills.

KINDS = {
    "NetMap": lambda net: NetMap(net=net),
    "NetLine": lambda net: NetLine(net=net, label="pinned"),
    "NetPoints": lambda net: NetPoints(net=net, xy=POINTS, classes=np.arange(50) % 2),
    "NetDrawing": lambda net: NetDrawing(net=net, names=NAMES, outputs=("A", "B")),
    "NetConfusion": lambda net: NetConfusion(net=net, xy=POINTS, classes=np.arange(50) % 2,
                                             names=("A", "B", "C", "D")),
    "NetSpace": lambda net: NetSpace(net=net, layer=1, units=(0, 2), box=BOX, over="k",
                                     xy=POINTS, classes=np.arange(50) % 2),
}  # fmt: skip
NETS = {
    "two classes": net_of(runs=3, frames=2),
    "four classes": net_of((2, 3, 4), output="softmax", runs=3, frames=2),
    "regression": net_of(runs=3, frames=2, output="linear", regression=True),
    "not a number": net_of(parameters=np.full((3, 2, 13), np.nan)),
    "all weights 0": net_of(parameters=np.zeros((3, 2, 13))),
}


def test_every_kind_of_mark_is_tested_here():
    kinds = [kind for kind in NetLayer.__subclasses__() if kind.__module__ == NetLayer.__module__]
    assert set(KINDS) == {kind.__name__ for kind in kinds}


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_stills(kind, name):
    scene = scene_of(KINDS[kind](NETS[name]), frames=2, knob=KNOB)
    with Image.open(BytesIO(scene.to_png(1, 2, width=240))) as image:
        shown = np.asarray(image.convert("RGB"))
    assert len(scene.to_plotly(1, 2).to_dict()["data"]) == sum(
        {Field: 1, Points: 1, Segments: 1, Text: any(getattr(a, "texts", "")), Curve: 1}[type(a)]
        for a in scene.panels[0].layers[0].plain(1, 2)
    )
    empty = kind == "NetLine" and name != "two classes"
    assert (shown != 255).any() and (empty or len(np.unique(shown.reshape(-1, 3), axis=0)) > 2)


@pytest.mark.parametrize("kind", KINDS)
def test_stills_follow_the_frame_and_the_knob(kind):
    scene = scene_of(KINDS[kind](NETS["two classes"]), frames=2, knob=KNOB)
    pictures = [scene.to_png(t, k, width=240) for t in range(2) for k in range(3)]
    assert len(set(pictures)) > 1


# Scenes.


@pytest.mark.parametrize(("runs", "frames"), [(3, 4), (1, 4), (3, 1), (1, 1)])
def test_a_network_has_the_scenes_runs_and_frames_or_one(runs, frames):
    scene_of(NetMap(net=net_of(runs=runs, frames=frames)), frames=4, knob=KNOB)


@pytest.mark.parametrize(("runs", "frames"), [(2, 4), (4, 4), (3, 3), (3, 5)])
def test_networks_that_do_not_fit_the_frames_and_the_knob_are_refused(runs, frames):
    with pytest.raises(ValueError, match="expected a network of 3 runs and 4 frames in panel main"):
        scene_of(NetMap(net=net_of(runs=runs, frames=frames)), frames=4, knob=KNOB)


def test_a_mark_with_a_run_of_its_own_needs_no_run_for_each_turn():
    net = net_of(runs=2, frames=4)
    scene_of(NetMap(net=net, run=1), frames=4, knob=KNOB)
    with pytest.raises(ValueError, match="expected a network of 3 runs"):
        scene_of(NetMap(net=net, run=2), frames=4, knob=KNOB)


def test_a_box_for_another_number_of_turns_is_refused():
    layer = NetSpace(net=net_of(), layer=1, units=(0, 1), box=BOX[:2], over="k", xy=POINTS,
                     classes=np.zeros(50))  # fmt: skip
    with pytest.raises(ValueError, match="before box of panel main"):
        scene_of(layer, knob=KNOB)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_every_frame_has_a_number_if_one_has(count):
    with pytest.raises(ValueError, match="expected 4 numbers of frames"):
        scene_of(frames=4, numbers=tuple(range(count)))


def test_captions_call_frames_by_their_numbers():
    words = {"frames": 3, "captions": ("{frame} of {last}",)}
    assert scene_of(**words).caption(1) == "1 of 2"
    assert scene_of(numbers=(0, 20, 45), **words).caption(1) == "20 of 45"
    assert [scene_of(numbers=(0, 20, 45), **words).number(i) for i in (0, 2, -1)] == [0, 45, 45]


def test_another_layout_is_refused():
    with pytest.raises(
        ValueError, match="expected layout in main, wide, split, pair, grid, wall, got 'row'"
    ):
        scene_of(layout="row")


# What the player is sent.


def packed_scene():
    first, second = (
        net_of(runs=3, frames=2),
        net_of((2, 4, 2), frames=2, output="softmax", span=3.0),
    )
    layers = [KINDS[kind](first) for kind in KINDS]
    axes = Axis("x", -6, 6), Axis("y", -6, 6)
    left, right = (
        Panel("a", *axes, tuple(layers)),
        Panel("b", *axes, (NetMap(net=second, unit=(1, 3)),)),
    )
    return Scene((left, right), frames=2, knob=KNOB, unit="epoch", numbers=(0, 7)), first, second


def test_a_network_that_many_marks_show_is_sent_once():
    scene, *nets = packed_scene()
    header, array = unpack(scene.pack())
    assert len(header["nets"]) == 2
    for words, net in zip(header["nets"], nets, strict=True):
        np.testing.assert_array_equal(array(words["parameters"]), net.parameters)
        assert array(words["parameters"]).dtype == np.float32
        for name in ("sizes", "hidden", "features"):
            assert words[name] == list(getattr(net, name))
        for name in ("output", "regression", "span"):
            assert words[name] == getattr(net, name)
    assert [layer["net"] for layer in header["panels"][0]["layers"]] == [0] * len(KINDS)
    assert header["panels"][1]["layers"][0]["net"] == 1
    assert (header["unit"], header["numbers"]) == ("epoch", [0, 7])


def test_arrays_and_words_of_the_marks_come_back():
    scene, *_ = packed_scene()
    header, array = unpack(scene.pack())
    for part, packed in zip(scene.panels, header["panels"], strict=True):
        for layer, words in zip(part.layers, packed["layers"], strict=True):
            assert words["kind"] == type(layer).__name__
            assert {"run", "over", "only"} <= set(words)
            for name, reference in words["arrays"].items():
                np.testing.assert_array_equal(array(reference), getattr(layer, name))
            for name, value in layer.options().items():
                assert words[name] == (list(value) if isinstance(value, tuple) else value)
    assert {"diverging", "labels"} <= set(header["colormaps"])


def test_the_player_finds_in_the_header_what_it_reads_of_a_network():
    header, _ = unpack(packed_scene()[0].pack())
    read = {"sizes", "hidden", "output", "features", "regression", "span", "leak", "bounded",
            "parameters"}  # fmt: skip
    assert read <= set(header["nets"][0])
    for name in read:
        assert re.search(rf"\b(this|net)\.{name}\b|\{{ {name}\b|{name}: {{", PLAYER), name


def test_the_player_knows_every_feature_activation_and_constant_of_the_engine():
    tables = {name: re.search(rf"const {name} = {{\n(.*?)\n}}", PLAYER, re.DOTALL)[1]
              for name in ("FEATURES", "ACTIVATE")}  # fmt: skip
    keys = {name: set(re.findall(r'^  "?([^":]+)"?:', table, re.MULTILINE))
            for name, table in tables.items()}  # fmt: skip
    assert keys["FEATURES"] == set(FEATURES)
    assert keys["ACTIVATE"] == set(ACTIVATIONS) | set(OUTPUTS) - {"softmax"}
    constants = {"MAP_SIZE": MAP_SIZE, "THUMB_SIZE": THUMB_SIZE, "STRONGEST": STRONGEST}
    for name, value in constants.items():
        assert f"const {name} = {value}" in PLAYER
    assert "1 - 1e-6" in PLAYER and CERTAIN == 1 - 1e-6
    for kind in KINDS:
        assert f"  {kind}(ctx, view, layer, frame, knob)" in PLAYER


def test_the_default_scene_is_light():
    runs = sweep(BoundaryConfig(), "lr", RATES)
    assert len(squeeze(boundary_scene(runs))) < 400_000


def grown(runs, entries):
    """Return a sweep with so many entries, its weights random: they cannot be squeezed."""
    rng = np.random.default_rng(0)
    series = {name: np.repeat(getattr(runs, name)[:, :1], entries, axis=1) for name in SERIES}
    series["parameters"] = rng.normal(size=series["parameters"].shape)
    return replace(runs, epochs=np.arange(entries), memory=runs.memory * entries, **series)


def test_the_scene_of_the_largest_network_keeps_to_the_budget():
    config = BoundaryConfig(
        dataset="pinwheel", loss="cross_entropy", features=tuple(FEATURES), hidden=(16,) * 6,
        activation="relu", n=5000, train_share=0.05, epochs=0,
    )  # fmt: skip
    runs = grown(sweep(config, "lr", RATES), 101)
    assert 4 * runs.parameters.size > 8_000_000
    ghosts = [("pinned", runs.run(3)), ("unbranched", runs.run(4))]
    for picture in ("map", "hidden"):
        assert len(squeeze(boundary_scene(runs, picture=picture, ghosts=ghosts))) <= 1_500_000
