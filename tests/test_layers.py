import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.layers import Bars, Curve, Field, Layer, Path, Points, Tiles
from dlviz.net_layers import NetLayer
from dlviz.region_layers import NetRegions


def test_coordinates_become_float32_for_the_browser():
    points = Points(xy=np.array([[0.1, 0.2]]))
    assert points.xy.dtype == np.float32
    np.testing.assert_array_equal(points.xy, np.array([[0.1, 0.2]], np.float32))


def test_whole_numbers_become_float32():
    assert Points(xy=[[1, 2]], classes=[3]).classes.dtype == np.float32


def test_color_codes_stay_bytes():
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    field = Field(image=image, x=(0, 1), y=(0, 1))
    assert field.image.dtype == np.uint8
    np.testing.assert_array_equal(field.image, image)


def test_arrays_of_a_layer_are_read_only_and_its_own():
    heights = np.ones(3, np.float32)
    bars = Bars(heights=heights)
    heights[:] = 7
    assert (bars.heights == 1).all()
    with pytest.raises(ValueError, match="read-only"):
        bars.heights[0] = 2


def test_a_layer_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Bars(heights=[1.0]).color = "ink"


def test_losses_beyond_float32_become_infinite_without_a_warning():
    assert np.isinf(Curve(x=[0, 1], y=[1.0, 1e200]).y[1])


@pytest.mark.parametrize("over", ["tk", "x", "kk", "ktt", "frames"])
def test_unknown_leading_axes_are_refused(over):
    with pytest.raises(ValueError, match="expected over in"):
        Bars(heights=[1.0], over=over)


@pytest.mark.parametrize(
    ("over", "shape"), [("", (4, 3)), ("t", (2, 4, 3)), ("kt", (4, 3)), ("k", ())]
)
def test_axes_that_over_does_not_name_are_refused(over, shape):
    with pytest.raises(ValueError, match="expected heights with 1 axes"):
        Bars(heights=np.zeros(shape), over=over)


@given(st.integers(0, 4), st.integers(0, 2))
def test_one_picture_is_taken_along_the_axes_that_over_names(frame, knob):
    values = np.arange(3 * 5 * 4, dtype=float).reshape(3, 5, 4)  # (knobs, frames, bars)
    pairs = {"kt": (values, values[knob, frame]), "k": (values[:, 0], values[knob, 0]),
             "t": (values[0], values[0, frame]), "": (values[0, 0], values[0, 0])}  # fmt: skip
    for over, (heights, expected) in pairs.items():
        layer = Bars(heights=heights, over=over)
        np.testing.assert_array_equal(layer.at("heights", frame, knob), expected)


def test_an_array_without_leading_axes_is_the_same_in_every_picture():
    layer = Points(xy=np.zeros((7, 2, 2)), classes=[0, 1], over="t")
    assert layer.at("classes", 5, 0).tolist() == [0, 1]


def test_options_are_the_fields_that_are_no_arrays():
    options = Path(xy=np.zeros((3, 2)), over="", color="good").options()
    assert options["color"] == "good"
    assert "xy" not in options
    assert set(options) | {"xy"} == {field.name for field in dataclasses.fields(Path)}


def test_every_kind_names_arrays_that_are_its_fields():
    marks = [*Layer.__subclasses__(), *NetLayer.__subclasses__()]
    kinds = [kind for kind in marks if kind.__module__.startswith("dlviz.")]
    assert {NetLayer, NetRegions} < set(kinds)
    for kind in kinds:
        assert set(kind.ARRAYS) <= {field.name for field in dataclasses.fields(kind)}


def test_tiles_of_floats_keep_their_codes():
    images = np.full((2, 3, 3), 254.5)
    assert Tiles(images=images, columns=2).images.dtype == np.float32
