from itertools import pairwise

import numpy as np
import pytest

from dlviz import still, theme
from dlviz.layers import (
    Arrows,
    Bars,
    Curve,
    Field,
    Path,
    Points,
    Polygons,
    Segments,
    Text,
    Tiles,
)
from dlviz.scene import Axis, Knob, Panel, Scene

KNOB = Knob("lr", "learning rate", (0.01, 0.1, 1.0), 1)
FRAMES = 4


def scene_of(*layers, **options):
    part = Panel("main", Axis("x", -3, 3), Axis("y", -2, 2), layers, **options)
    return Scene((part,), frames=FRAMES, knob=KNOB)


def drawn(*layers, frame=2, knob=0):
    """Return the traces of one picture with these layers."""
    return scene_of(*layers).to_plotly(frame, knob).data


def corners(trace):
    return np.stack([trace.x, trace.y], axis=1)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_field_shows_the_codes_of_its_knob_value_at_its_centers(rng):
    image = rng.integers(0, 256, (3, 5, 7), dtype=np.uint8)
    (trace,) = drawn(Field(image=image, x=(-3, 3), y=(-2, 2), over="k", opacity=0.5), knob=2)
    assert trace.type == "heatmap"
    np.testing.assert_array_equal(trace.z, image[2])
    np.testing.assert_allclose(trace.x, np.linspace(-3, 3, 7))
    np.testing.assert_allclose(trace.y, np.linspace(-2, 2, 5))
    assert trace.opacity == 0.5


def test_a_field_has_the_colors_of_its_color_map(rng):
    image = rng.integers(0, 256, (5, 7), dtype=np.uint8)
    (trace,) = drawn(Field(image=image, x=(-3, 3), y=(-2, 2), colors="diverging"))
    assert (trace.zmin, trace.zmax) == (0, 255)
    for share, words in trace.colorscale:
        expected = theme.colormap("diverging")[round(share * 255)]
        assert words == "rgb({},{},{})".format(*expected)


def test_a_field_in_bands_is_a_contour_plot_with_that_many_steps():
    image = np.tile(np.arange(256, dtype=np.uint8), (2, 1))
    (trace,) = drawn(Field(image=image, x=(-3, 3), y=(-2, 2), bands=8))
    levels = trace.contours
    assert trace.type == "contour"
    assert (levels.start, levels.end, levels.size) == (32, 224, 32)  # seven lines, eight bands


def test_classes_are_not_blended_into_each_other():
    field = Field(image=np.eye(2, dtype=np.uint8), x=(-1, 1), y=(-1, 1), colors="labels")
    assert drawn(field)[0].zsmooth is False


def test_hatched_codes_have_no_color_but_stripes():
    image = np.zeros((8, 8), np.uint8)
    image[:4] = 9
    field, stripes = drawn(Field(image=image, x=(-1, 1), y=(-1, 1), hatched=(9,)))
    assert np.isnan(field.z[:4]).all()
    assert (field.z[4:] == 0).all()
    assert np.isnan(stripes.z[4:]).all()
    assert 0 < np.isfinite(stripes.z[:4]).sum() < 32


def test_the_pointer_reads_what_a_code_stands_for():
    image = np.array([[0, 10], [20, 255]], np.uint8)
    levels = np.linspace(0, 51, 256)
    (trace,) = drawn(Field(image=image, x=(0, 1), y=(0, 1), levels=levels))
    np.testing.assert_allclose(trace.customdata, [[0, 2], [4, 51]], rtol=1e-6)
    names = Field(image=image % 2, x=(0, 1), y=(0, 1), colors="labels", names=("cat", "dog"))
    assert drawn(names)[0].customdata.tolist() == [["cat", "cat"], ["cat", "dog"]]


def test_columns_of_a_field_on_a_log_axis_are_even_to_the_eye():
    field = Field(image=np.zeros((2, 3), np.uint8), x=(0.01, 1), y=(0, 1))
    part = Panel("main", Axis("lr", 0.01, 1, log=True), Axis("y", 0, 1), (field,))
    np.testing.assert_allclose(Scene((part,)).to_plotly().data[0].x, [0.01, 0.1, 1])


def test_points_have_the_color_and_the_shape_of_their_class(rng):
    xy = rng.normal(size=(7, 2)).astype(np.float32)
    (trace,) = drawn(Points(xy=xy, classes=range(7), size=5))
    np.testing.assert_array_equal(corners(trace), xy)
    assert trace.marker.color == theme.CLASS_COLORS
    assert len(set(trace.marker.symbol)) == 7
    assert trace.marker.symbol[:2] == ("circle", "square")


def test_points_without_classes_have_their_own_color_marker_and_words():
    points = Points(xy=[[0, 0], [1, 1]], color="good", marker="star", labels=("a < b", "end"))
    (trace,) = drawn(points)
    assert set(trace.marker.color) == {theme.LIGHT["good"]}
    assert set(trace.marker.symbol) == {"star"}
    assert trace.text == ("a &lt; b", "end")


@pytest.mark.parametrize("frame", [0, 1, 3])
def test_a_path_reaches_to_its_frame_and_the_ball_is_at_its_end(frame, rng):
    xy = rng.normal(size=(3, 7, 2)).astype(np.float32)
    line, dots, ball = drawn(Path(xy=xy, over="k", stride=2), frame=frame, knob=1)
    np.testing.assert_array_equal(corners(line), xy[1, : 2 * frame + 1])
    np.testing.assert_array_equal(corners(dots), xy[1, : 2 * frame + 1 : 2])
    np.testing.assert_array_equal(corners(ball), xy[1, 2 * frame : 2 * frame + 1])
    assert ball.marker.color == theme.LIGHT["path"]


def test_a_whole_path_is_drawn_to_its_end_with_the_ball_at_the_frame(rng):
    xy = rng.normal(size=(4, 2)).astype(np.float32)
    line, ball = drawn(Path(xy=xy, whole=True, dots=False), frame=1)
    np.testing.assert_array_equal(corners(line), xy)
    np.testing.assert_array_equal(corners(ball), xy[1:2])


def test_a_path_that_stops_being_finite_ends_with_a_cross_and_no_ball():
    xy = [[0, 0], [1, 2], [np.inf, np.nan], [np.nan, np.nan]]
    _, _, cross = drawn(Path(xy=xy), frame=3)
    assert cross.marker.symbol == "x"
    np.testing.assert_array_equal(corners(cross), [[1, 2]])


def test_polygons_are_closed_and_lose_their_filling_up_with_nan():
    nan = [np.nan, np.nan]
    triangle, square = [[0, 0], [1, 0], [0, 1], nan], [[0, 0], [2, 0], [2, 2], [0, 2]]
    first, second = drawn(Polygons(xy=[square, triangle], codes=[5, 1], opacity=0.25))
    np.testing.assert_array_equal(corners(first), [*triangle[:3], triangle[0], nan])
    np.testing.assert_array_equal(corners(second), [*square, square[0], nan])
    assert second.fillcolor == "rgba(86,180,233,0.25)"  # class 5, #56B4E9
    assert first.fill == "toself"


def test_polygons_of_one_row_stay_apart():
    nan = [np.nan, np.nan]
    one, two = [[0, 0], [1, 0], [0, 1]], [[2, 2], [3, 2], [3, 3]]
    (both,) = drawn(Polygons(xy=[[*one, nan, *two, nan]], codes=[1], outline="", tiles=True))
    np.testing.assert_array_equal(corners(both), [*one, one[0], nan, *two, two[0], nan])


def test_segments_are_lines_apart_with_words_at_their_second_points():
    xy = [[[0, 0], [1, 1]], [[2, 0], [2, 1]]]
    lines, words = drawn(Segments(xy=xy, dashed=True, labels=("one", "2/λ")))
    np.testing.assert_array_equal(lines.x, [0, 1, np.nan, 2, 2, np.nan])
    np.testing.assert_array_equal(lines.y, [0, 1, np.nan, 0, 1, np.nan])
    assert lines.line.dash == "dash"
    assert words.text == ("one", "2/λ")
    np.testing.assert_array_equal(corners(words), [[1, 1], [2, 1]])


def test_a_curve_shows_its_knob_value_before_the_faint_ones_of_all(rng):
    y = rng.normal(size=(3, 5)).astype(np.float32)
    faint, line = drawn(Curve(x=range(5), y=y, over="k", all_faint=True), knob=2)
    np.testing.assert_array_equal(line.y, y[2])
    np.testing.assert_array_equal(np.reshape(faint.y, (3, 6))[:, :5], y)
    assert np.isnan(np.reshape(faint.y, (3, 6))[:, 5]).all()
    assert faint.opacity < 0.5


def test_all_faint_curves_that_change_with_time_are_those_of_this_frame(rng):
    y = rng.normal(size=(3, FRAMES, 5)).astype(np.float32)
    faint, line = drawn(Curve(x=range(5), y=y, over="kt", all_faint=True), frame=1, knob=0)
    np.testing.assert_array_equal(np.reshape(faint.y, (3, 6))[:, :5], y[:, 1])
    np.testing.assert_array_equal(line.y, y[0, 1])


@pytest.mark.parametrize(("cursor", "entry"), [("step", 3), ("knob", 2)])
def test_the_cursor_of_a_curve_is_at_its_frame_or_knob(cursor, entry):
    y = np.array([4.0, 3.0, 2.0, 1.0])
    _, upright, dot = drawn(Curve(x=range(4), y=y, cursor=cursor), frame=3, knob=2)
    np.testing.assert_array_equal(corners(dot), [[entry, y[entry]]])
    assert set(upright.x) == {entry}
    assert tuple(upright.y) == (-2, 2)


def test_a_curve_that_stops_being_finite_ends_with_a_cross():
    _, cross = drawn(Curve(x=range(4), y=[1, 2, np.inf, np.nan]))
    np.testing.assert_array_equal(corners(cross), [[1, 2]])
    assert cross.marker.symbol == "x"
    assert len(drawn(Curve(x=range(4), y=[1, np.nan, 2, 3]))) == 1


def test_a_curve_is_named_at_its_last_finite_entry():
    words = drawn(Curve(x=range(3), y=[1, 2, np.nan], label="train", color="second"))[-1]
    assert words.text == ("train",)
    np.testing.assert_array_equal(corners(words), [[1, 2]])
    assert words.textfont.color == theme.LIGHT["second"]


def test_tiles_stand_in_rows_without_overlap(rng):
    images = rng.integers(0, 256, (5, 4, 6), dtype=np.uint8)
    layer = Tiles(images=images, columns=3, labels=tuple("abcde"))
    *tiles, words = drawn(layer)
    for tile, image in zip(tiles, images, strict=True):
        np.testing.assert_array_equal(tile.z, image)
    lefts, tops = [t.x0 for t in tiles], [t.y0 for t in tiles]
    assert lefts[0] < lefts[1] < lefts[2]
    assert lefts[3:] == pytest.approx(lefts[:2])
    assert tops[0] == tops[2] > tops[3] + 4 * tiles[3].dy
    assert lefts[1] > lefts[0] + 6 * tiles[0].dx
    assert words.text == tuple("abcde")


def test_pixels_of_tiles_are_square_on_the_page(rng):
    images = rng.integers(0, 256, (5, 4, 6), dtype=np.uint8)
    figure = scene_of(Tiles(images=images, columns=3)).to_plotly()
    tile = figure.data[0]
    assert tile.dy / tile.dx * figure.layout.yaxis.scaleratio == pytest.approx(1)
    assert figure.layout.xaxis.visible is False


def test_bars_have_the_heights_of_their_frame_and_their_names():
    heights = np.arange(12.0).reshape(FRAMES, 3)
    figure = scene_of(Bars(heights=heights, over="t", labels=("cat", "dog", "fox"))).to_plotly(2)
    np.testing.assert_array_equal(figure.data[0].y, heights[2])
    np.testing.assert_array_equal(figure.data[0].x, [0, 1, 2])
    assert figure.layout.xaxis.ticktext == ("cat", "dog", "fox")


def test_arrows_are_lines_with_heads_at_their_second_points():
    trace, words = drawn(Arrows(xy=[[[0, 0], [1, 1]], [[1, 0], [2, 1]]], label="−∇f"))
    np.testing.assert_array_equal(trace.x, [0, 1, np.nan, 1, 2, np.nan])
    heads = np.array(trace.marker.size) > 0
    assert heads.tolist() == [False, True, False] * 2
    assert trace.marker.angleref == "previous"
    np.testing.assert_array_equal(corners(words), [[1, 1], [2, 1]])


@pytest.mark.parametrize(("anchor", "place"), [("left", "middle right"), ("right", "middle left")])
def test_words_are_anchored_at_their_points(anchor, place):
    (trace,) = drawn(Text(xy=[[0, 1]], texts=("here",), anchor=anchor, color="#123456"))
    assert (trace.text, trace.textposition) == (("here",), place)
    assert trace.textfont.color == "#123456"
    np.testing.assert_array_equal(corners(trace), [[0, 1]])


def test_axes_have_names_ranges_and_logarithms():
    part = Panel("loss", Axis("step", 0, 50), Axis("loss", 1e-6, 100, log=True), ())
    layout = Scene((part,)).to_plotly().layout
    assert layout.xaxis.title.text == "step"
    assert layout.xaxis.range == (0, 50)
    assert (layout.yaxis.type, layout.yaxis.title.text) == ("log", "loss")
    assert layout.yaxis.range == pytest.approx((-6, 2))


def test_equal_panels_have_equal_units_and_others_are_free():
    assert scene_of(equal=True).to_plotly().layout.yaxis.scaleratio == 1
    assert scene_of().to_plotly().layout.yaxis.scaleanchor is None


def panels(count):
    x, y = Axis("x", 0, 1), Axis("y", 0, 1)
    bars = (Bars(heights=[0.5]),)
    return tuple(Panel(f"p{i}", x, y, bars, equal=i == 0, title=f"<{i}>") for i in range(count))


def test_each_panel_has_its_own_axes_and_title():
    figure = Scene(panels(3)).to_plotly()
    assert [trace.xaxis for trace in figure.data] == ["x", "x2", "x3"]
    assert [trace.yaxis for trace in figure.data] == ["y", "y2", "y3"]
    assert figure.layout.yaxis2.scaleanchor is None
    titles = [note.text for note in figure.layout.annotations if note.name != "caption"]
    assert titles == ["&lt;0&gt;", "&lt;1&gt;", "&lt;2&gt;"]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_the_first_panel_is_large_at_the_left_and_the_others_are_stacked_beside_it(count):
    first, *others = still.slots(Scene(panels(count)))
    assert first == pytest.approx((0, 0, first[2], 1))
    assert first[2] >= 0.6
    assert all(left > first[2] and right == 1 for left, _, right, _ in others)
    for above, below in pairwise(others):
        assert above[1] > below[3]
    if others:
        assert (others[0][3], others[-1][1]) == (1, pytest.approx(0))


@pytest.mark.parametrize("count", [1, 2, 5, 9, 32])
def test_small_multiples_are_all_alike_and_apart(count):
    boxes = still.slots(Scene(panels(count), layout="grid"))
    sizes = np.array([(right - left, top - bottom) for left, bottom, right, top in boxes])
    np.testing.assert_allclose(sizes, np.tile(sizes[0], (count, 1)), atol=1e-12)
    assert len({(left, top) for left, _, _, top in boxes}) == count
    assert (sizes > 0).all()


def test_the_caption_stands_below_with_its_numbers():
    scene = Scene(panels(1), captions=("loss {loss} < 1",), readouts={"loss": np.array([[0.25]])})
    notes = [note for note in scene.to_plotly().layout.annotations if note.name == "caption"]
    assert [note.text for note in notes] == ["loss 0.25 &lt; 1"]
