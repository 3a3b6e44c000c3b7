import json
import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz import theme
from dlviz.layers import Bars, Curve, Field, Path, Points, Polygons, Tiles
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number

KNOB = Knob("lr", "learning rate η", (0.01, 0.1, 1.0), 1, ((0.2, "2/λ"),))


def panel(*layers, name="main"):
    return Panel(name, Axis("x", -1, 1), Axis("y", 0.1, 10, log=True), layers)


def unpack(data):
    """Read a packed scene by hand: its header, and a function from a reference to an array."""
    assert data[:4] == b"DLV1"
    (length,) = struct.unpack("<I", data[4:8])
    start = 8 + length

    def array(reference):
        count = math.prod(reference["shape"])
        values = np.frombuffer(data, reference["dtype"], count, start + reference["offset"])
        return values.reshape(reference["shape"])

    return json.loads(data[8:start]), array


def references(header):
    """Yield where every array of a header lies."""
    for part in header["panels"]:
        for layer in part["layers"]:
            yield from layer["arrays"].values()
    yield from header["readouts"].values()
    yield from header["colormaps"].values()


@pytest.fixture
def scene():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (3, 5, 7), dtype=np.uint8)
    field = Field(image=image, x=(-1, 1), y=(0.1, 10), over="k", colors="terrain", hatched=(3,))
    path = Path(xy=rng.normal(size=(3, 4, 2)), over="k")
    curve = Curve(x=range(4), y=[1, 2, math.nan, math.inf], cursor="step", label="loss")
    points = Points(xy=rng.normal(size=(5, 2)), classes=[0, 1, 0, 1, 0], labels=tuple("abcde"))
    return Scene(
        panels=(panel(field, path, points), panel(curve, name="loss")),
        frames=4,
        captions=("step {frame} of {last} at {knob}: {loss}", "the same", "ran away: {loss}"),
        knob=KNOB,
        readouts={"loss": np.arange(12.0).reshape(3, 4)},
    )


def test_every_array_comes_back_from_the_packed_bytes(scene):
    header, array = unpack(scene.pack())
    for part, packed in zip(scene.panels, header["panels"], strict=True):
        for layer, words in zip(part.layers, packed["layers"], strict=True):
            assert words["kind"] == type(layer).__name__
            assert words["axes"] == layer.ARRAYS
            assert set(words["arrays"]) == set(layer.ARRAYS)
            for name, reference in words["arrays"].items():
                np.testing.assert_array_equal(array(reference), getattr(layer, name))
                assert array(reference).dtype == getattr(layer, name).dtype
    np.testing.assert_array_equal(array(header["readouts"]["loss"]), scene.readouts["loss"])


def test_the_words_of_panels_layers_and_knob_come_back(scene):
    header, _ = unpack(scene.pack())
    assert header["frames"] == 4
    assert header["captions"] == list(scene.captions)
    assert header["knob"]["values"] == [0.01, 0.1, 1.0]
    assert header["knob"]["marks"] == [[0.2, "2/λ"]]
    assert header["panels"][0]["y"] == {
        "label": "y", "low": 0.1, "high": 10, "log": True, "whole": False}  # fmt: skip
    field, path, points = header["panels"][0]["layers"]
    assert (field["over"], field["hatched"], field["x"]) == ("k", [3], [-1, 1])
    assert (path["stride"], path["color"]) == (1, "path")
    assert points["labels"] == list("abcde")


def test_the_color_maps_that_are_used_are_sent_with_their_dark_twins(scene):
    header, array = unpack(scene.pack())
    assert set(header["colormaps"]) == {"terrain", "terrain_dark"}
    for name, reference in header["colormaps"].items():
        np.testing.assert_array_equal(array(reference), theme.colormap(name))


def test_polygons_and_tiles_bring_their_color_maps():
    tiles = Tiles(images=np.zeros((2, 3, 3), np.uint8), columns=2)
    polygons = Polygons(xy=np.zeros((1, 3, 2)), codes=[0])
    header, _ = unpack(Scene((panel(tiles, polygons),)).pack())
    assert set(header["colormaps"]) == {"gray", "labels"}


def test_the_header_holds_neither_nan_nor_infinity(scene):
    data = scene.pack()
    (length,) = struct.unpack("<I", data[4:8])

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    json.loads(data[8 : 8 + length], parse_constant=refuse)


def test_a_knob_that_is_not_finite_cannot_be_packed():
    knob = Knob("lr", "lr", (1.0, math.inf), 0)
    with pytest.raises(ValueError, match="JSON"):
        Scene((panel(),), knob=knob).pack()


@given(st.lists(st.integers(1, 13), min_size=1, max_size=4), st.text(max_size=9))
def test_every_array_begins_at_a_multiple_of_8_and_none_overlap(lengths, title):
    layers = [Bars(heights=np.full(n, n, np.uint8)) for n in lengths]
    part = Panel("main", Axis("x", 0, 1), Axis("y", 0, 1), tuple(layers), title=title)
    data = Scene((part,)).pack()
    header, array = unpack(data)
    assert struct.unpack("<I", data[4:8])[0] % 8 == 0
    assert all(reference["offset"] % 8 == 0 for reference in references(header))
    for n, layer in zip(lengths, header["panels"][0]["layers"], strict=True):
        assert array(layer["arrays"]["heights"]).tolist() == [n] * n


def test_packing_twice_gives_the_same_bytes(scene):
    assert scene.pack() == scene.pack()


@pytest.mark.parametrize(
    ("shape", "expected"), [((3, 4), "11"), ((1, 4), "3"), ((3, 1), "2"), ((1, 1), "0")]
)
def test_a_caption_reads_numbers_of_every_allowed_shape(shape, expected):
    loss = np.arange(math.prod(shape)).reshape(shape)
    scene = Scene((panel(),), frames=4, captions=("{loss}",), knob=KNOB, readouts={"loss": loss})
    assert scene.caption(3, 2) == expected


def test_a_caption_names_frame_last_frame_and_knob(scene):
    assert scene.caption(2, 0) == "step 2 of 3 at 0.01: 2"


def test_each_knob_value_may_have_its_own_caption(scene):
    assert scene.caption(1, 2) == "ran away: 9"


def test_without_a_knob_index_the_caption_is_that_of_the_knobs_own(scene):
    assert scene.caption(0) == "the same"


@pytest.mark.parametrize("shape", [(4,), (4, 3), (2, 4), (3, 5), (3, 4, 1)])
def test_readouts_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match="expected loss of shape"):
        Scene((panel(),), frames=4, knob=KNOB, readouts={"loss": np.zeros(shape)})


def test_readouts_beyond_float32_read_as_infinite():
    scene = Scene((panel(),), captions=("{loss}",), readouts={"loss": np.array([[1e60]])})
    assert scene.caption(0) == "∞"


@pytest.mark.parametrize("count", [0, 2, 4])
def test_captions_are_one_or_one_for_each_knob_value(count):
    with pytest.raises(ValueError, match="expected 1 or 3 captions"):
        Scene((panel(),), captions=("",) * count, knob=KNOB)


@pytest.mark.parametrize(
    "layer",
    [
        Bars(heights=np.zeros((5, 2)), over="t"),
        Bars(heights=np.zeros((2, 2)), over="k"),
        Bars(heights=np.zeros((4, 3, 2)), over="kt"),
        Path(xy=np.zeros((5, 2))),
        Path(xy=np.zeros((3, 4, 2)), over="k", stride=2),
    ],
)
def test_layers_that_do_not_fit_the_frames_and_the_knob_are_refused(layer):
    with pytest.raises(ValueError, match="expected "):
        Scene((panel(layer),), frames=4, knob=KNOB)


def test_a_path_holds_stride_entries_for_each_step():
    path = Path(xy=np.zeros((7, 2)), stride=2)
    assert Scene((panel(path),), frames=4).frames == 4


@pytest.mark.parametrize(
    ("low", "high", "log"),
    [(1, 1, False), (2, 1, False), (0, math.inf, False), (math.nan, 1, False), (0, 1, True)],
)
def test_an_axis_needs_two_ends_in_order(low, high, log):
    with pytest.raises(ValueError, match="expected "):
        Axis("x", low, high, log)


@pytest.mark.parametrize("index", [-1, 3])
def test_a_knob_stands_at_one_of_its_values(index):
    with pytest.raises(ValueError, match="expected 0 <= index < 3"):
        Knob("lr", "lr", (1.0, 2.0, 3.0), index)


def test_the_nearest_value_of_a_positive_knob_is_nearest_by_ratio():
    knob = Knob("lr", "lr", (0.001, 0.1, 1.0), 0)
    assert knob.nearest(0.02) == 1  # a fifth of 0.1, but twenty times 0.001
    assert knob.nearest(0.5) == 2
    assert knob.nearest(100.0) == 2
    assert knob.nearest(0.0) == 0


def test_the_nearest_value_of_a_signed_knob_is_nearest_by_difference():
    knob = Knob("weight", "w", (-1.0, 0.0, 4.0), 0)
    assert [knob.nearest(v) for v in (-9.0, -0.4, 1.9, 2.1)] == [0, 1, 1, 2]


@given(st.integers(0, 2))
def test_the_nearest_value_to_a_value_is_itself(index):
    assert KNOB.nearest(KNOB.values[index]) == index


def test_a_panel_is_found_by_its_name(scene):
    assert scene.panel("loss") is scene.panels[1]


def test_a_picture_of_frame_minus_one_is_the_last(scene):
    assert scene.to_png(-1, width=200) == scene.to_png(3, width=200)
    assert scene.to_plotly(-1) == scene.to_plotly(3)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (math.nan, "not a number"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.0001234, "1.23e−4"),
        (-0.0001234, "−1.23e−4"),
        (0.001, "0.001"),
        (0.21, "0.21"),
        (-2.5, "−2.5"),
        (3.14159, "3.14"),
        (1234.5, "1230"),
        (9472.0, "9472"),
        (99999.0, "99999"),
        (123456, "1.23e5"),
        (1e38, "1.00e38"),
    ],
)
def test_a_number_is_whole_or_has_three_digits_and_a_true_minus(value, words):
    assert number(value) == words


@given(st.floats(-1e300, 1e300))
def test_a_number_reads_back_as_nearly_itself(value):
    back = float(number(value).replace("−", "-"))
    # To within half a unit of the third digit, but for the smallest floats of all.
    assert back == pytest.approx(value, rel=5.1e-3, abs=1e-300)


def test_a_drag_turns_the_knob_across_or_around():
    box = Axis("", 0, 1)
    assert Panel("image", box, box, (), drag="across").drag == "across"
    with pytest.raises(ValueError, match="expected drag in , across, around, got 'up'"):
        Panel("image", box, box, (), drag="up")
