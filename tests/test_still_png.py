from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dlviz import still, theme
from dlviz.canvas import font, spelled
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
from dlviz.scene import Axis, Panel, Scene

LEFT, BOTTOM, RIGHT, TOP = still.MARGINS
WIDE, TALL = still.WIDTH - LEFT - RIGHT, 600 - BOTTOM - TOP  # of a lone panel's axes
FAR = 1e30


def scene_of(*layers, frames=1, **options):
    part = Panel("main", Axis("x", -3, 3), Axis("y", -2, 2), layers, **options)
    return Scene((part,), frames=frames)


def pixels(scene, frame=-1, **options):
    """Return one picture as an array (rows, columns, 3)."""
    with Image.open(BytesIO(scene.to_png(frame, **options))) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def at(picture, x, y):
    """Return the color at data coordinates of a lone panel with the axes of ``scene_of``."""
    column = LEFT + (x + 3) / 6 * WIDE
    row = TOP + (2 - y) / 4 * TALL
    return picture[int(row), int(column)].tolist()


def hue(role):
    return list(theme.rgb(theme.LIGHT[role]))


def outside(picture):
    """Return a picture without the inside of its axes and the lines around it."""
    picture = picture.copy()
    picture[TOP - 1 : TOP + TALL + 1, LEFT - 1 : LEFT + WIDE + 1] = 0
    return picture


LAYERS = {
    "Field": Field(image=np.full((4, 4), 99, np.uint8), x=(-9, 9), y=(-9, 9), bands=3),
    "Points": Points(xy=[[-3, -2], [3, 2], [0, FAR], [0, np.nan], [np.inf, 0]], size=30,
                     labels=("corner", "other corner", "far", "nowhere", "away")),
    "Path": Path(xy=[[0, 0], [2.9, 1.9], [FAR, -FAR], [-FAR, FAR], [np.nan, 0]], width=30),
    "Polygons": Polygons(xy=[[[-9, -9], [9, -9], [0, FAR]], [[0, 0], [1, 0], [np.nan] * 2]],
                         codes=[1, 2]),
    "Segments": Segments(xy=[[[-9, 0], [9, 1]], [[0, -FAR], [0, FAR]], [[0, 0], [np.inf, 1]]],
                         labels=("a", "b", "c"), width=9, dashed=True),
    "Curve": Curve(x=[-9, 0, 1, 2], y=[-9, 1, FAR, np.inf], cursor="step", label="a long name"),
    "Tiles": Tiles(images=np.full((3, 2, 2), 99, np.uint8), columns=2, labels=("a", "b", "c")),
    "Bars": Bars(heights=[1, FAR, np.nan, 2, 9], labels=()),
    "Arrows": Arrows(xy=[[[0, 0], [3, 2]], [[0, 0], [FAR, FAR]], [[0, 0], [0, 0]]], width=9,
                     label="gradient"),
    "Text": Text(xy=[[3, 2], [-3, -2], [0, FAR]], texts=("corner", "corner", "far")),
}  # fmt: skip


BLANK_TILES = Tiles(images=np.zeros((3, 2, 2), np.uint8), columns=2, labels=("", "", ""))


def frames_of(kind):
    return 5 if kind == "Path" else 1


@pytest.mark.parametrize("kind", LAYERS)
def test_nothing_is_drawn_outside_the_axes(kind):
    # Tiles give their panel another shape, so that only tiles can be compared with tiles.
    bare = scene_of(BLANK_TILES) if kind == "Tiles" else scene_of()
    scene = scene_of(LAYERS[kind], frames=frames_of(kind))
    np.testing.assert_array_equal(outside(pixels(scene)), outside(pixels(bare)))


@pytest.mark.parametrize("kind", LAYERS)
def test_every_kind_of_layer_leaves_something_in_the_panel(kind):
    scene = scene_of(LAYERS[kind], frames=frames_of(kind))
    assert (pixels(scene) != pixels(scene_of())).any(axis=2).sum() > 50


@pytest.mark.parametrize("width", [240, 333, 960])
def test_a_picture_is_a_png_of_the_asked_width(width):
    data = scene_of().to_png(width=width)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    with Image.open(BytesIO(data)) as image:
        assert image.format == "PNG"
        assert image.width == width


def test_frames_differ_where_something_moves():
    scene = scene_of(Path(xy=[[-2, -1], [0, 0], [2, 1]]), frames=3)
    assert (pixels(scene, 0) != pixels(scene, 2)).any()
    assert scene.to_png(1) == scene.to_png(1)


@pytest.mark.parametrize(("frame", "place"), [(0, (-2, -1)), (1, (0, 0.5)), (2, (2.5, 1))])
def test_the_ball_of_a_path_is_at_its_place_in_the_color_of_its_role(frame, place):
    scene = scene_of(Path(xy=[(-2, -1), (0, 0.5), (2.5, 1)], color="good"), frames=3)
    assert at(pixels(scene, frame), *place) == hue("good")


def test_a_path_is_not_drawn_beyond_its_frame():
    scene = scene_of(Path(xy=[(-2, 0), (0, 0), (2, 0)], dots=False), frames=3)
    picture = pixels(scene, 1)
    assert at(picture, -1, 0) == hue("path")
    assert at(picture, 1, 0) == hue("ground")


def test_a_ball_off_the_picture_becomes_an_arrow_at_its_edge():
    scene = scene_of(Path(xy=[(0, 0), (FAR, 0)], dots=False), frames=2)
    moved = scene_of(Path(xy=[(0, 0), (FAR, 0)], dots=False, ball=False), frames=2)
    rows, columns = np.nonzero((pixels(scene) != pixels(moved)).any(axis=2))
    assert columns.min() > LEFT + 0.95 * WIDE
    assert abs(rows.mean() - (TOP + TALL / 2)) < 2


def test_a_line_to_far_away_keeps_its_direction():
    scene = scene_of(Segments(xy=[[(-1, -1), (1e9 - 1, 5e8 - 1)]], width=6, color="ink"))
    picture = pixels(scene)
    assert at(picture, 1, 0) == hue("ink")
    assert at(picture, 2.8, 0.9) == hue("ink")


def test_row_0_of_a_field_is_at_the_lowest_y():
    image = np.array([[0, 0], [255, 255]], np.uint8)
    picture = pixels(scene_of(Field(image=image, x=(-1.5, 1.5), y=(-1, 1), colors="gray")))
    assert at(picture, 0, -1.9) == [0, 0, 0]
    assert at(picture, 0, 1.9) == [255, 255, 255]
    assert 100 < at(picture, 0, 0)[0] < 155


def test_columns_of_a_field_go_from_low_to_high_x():
    image = np.array([[0, 1], [0, 1]], np.uint8)
    picture = pixels(scene_of(Field(image=image, x=(-1.5, 1.5), y=(-1, 1), colors="labels")))
    assert at(picture, -0.1, 0.3) == list(theme.rgb(theme.CLASS_COLORS[0]))
    assert at(picture, 0.1, 0.3) == list(theme.rgb(theme.CLASS_COLORS[1]))


def test_a_field_ends_half_a_sample_beyond_its_last_center():
    image = np.zeros((3, 3), np.uint8)
    picture = pixels(scene_of(Field(image=image, x=(-1, 1), y=(-1, 1), colors="gray")))
    assert at(picture, 1.45, 1.45) == [0, 0, 0]
    assert at(picture, 1.55, 0) == at(picture, 0, 1.55) == hue("ground")


def test_bands_are_flat_and_run_from_the_first_to_the_last_color():
    image = np.tile(np.arange(256, dtype=np.uint8), (2, 1))
    picture = pixels(scene_of(Field(image=image, x=(-3, 3), y=(-2, 2), bands=3)))
    colors = theme.colormap("viridis").tolist()
    for x, code in [(-2.9, 0), (-1.1, 0), (-0.9, 128), (0.9, 128), (1.1, 255), (2.9, 255)]:
        assert at(picture, x, 0.5) == colors[code]


def test_hatching_is_stripes_on_the_ground():
    image = np.full((2, 2), 7, np.uint8)
    scene = scene_of(Field(image=image, x=(-1.5, 1.5), y=(-1, 1), hatched=(7,)))
    inside = pixels(scene)[TOP + 5 : TOP + TALL - 5, LEFT + 5 : LEFT + WIDE - 5]
    share = (inside == hue("ground")).all(axis=2).mean()
    assert 0.5 < share < 0.95
    assert inside.min() < 160


def test_opacity_mixes_a_field_with_the_ground():
    image = np.zeros((2, 2), np.uint8)
    field = Field(image=image, x=(-1.5, 1.5), y=(-1, 1), colors="gray", opacity=0.4)
    assert at(pixels(scene_of(field)), 0, 0.5) == pytest.approx([153] * 3, abs=1)


def test_polygons_have_the_color_of_their_code():
    square = [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    picture = pixels(scene_of(Polygons(xy=[square], codes=[4], opacity=1.0)))
    assert at(picture, 0.5, 0.5) == list(theme.rgb(theme.CLASS_COLORS[4]))
    assert at(picture, 1.5, 0) == hue("ground")


def test_tiles_of_one_color_show_no_seams():
    nan = [np.nan, np.nan]
    row = [[-1, -1], [0.1, -1], [0.1, 1], [-1, 1], nan, [0.1, -1], [1, -1], [1, 1], [0.1, 1], nan]
    tiles = Polygons(xy=[row], codes=[4], opacity=0.5, outline="", tiles=True)
    picture = pixels(scene_of(tiles))
    expected = (np.array(theme.rgb(theme.CLASS_COLORS[4])) + hue("ground")) / 2
    for x in np.linspace(-0.9, 0.9, 41):
        assert at(picture, x, 0.3) == pytest.approx(expected.tolist(), abs=1)
    assert at(picture, 1.5, 0) == hue("ground")


def test_bars_stand_on_zero():
    picture = pixels(scene_of(Bars(heights=[1.5, -1.5])))
    assert at(picture, 0, 1.4) == at(picture, 1, -1.4) == hue("second")
    assert at(picture, 0, 1.6) == at(picture, 0, -0.1) == at(picture, 1, 0.1) == hue("ground")


def test_a_cursor_off_the_picture_stays_at_its_edge():
    picture = pixels(scene_of(Curve(x=[1, 2], y=[FAR, FAR], cursor="step", color="good")))
    assert picture[TOP + 6, int(LEFT + 4 / 6 * WIDE)].tolist() == hue("good")


def test_dashes_leave_gaps():
    picture = pixels(scene_of(Segments(xy=[[(-3, 0.1), (3, 0.1)]], width=4, dashed=True)))
    row = picture[int(TOP + 1.9 / 4 * TALL), LEFT : LEFT + WIDE]
    share = (row == hue("muted")).all(axis=1).mean()
    assert 0.3 < share < 0.6


def test_equal_panels_are_shrunk_to_equal_units():
    scene = Scene((Panel("main", Axis("x", 0, 1), Axis("y", 0, 1),
                         (Field(image=np.zeros((2, 2), np.uint8), x=(0, 1), y=(0, 1),
                                colors="gray"),), equal=True),))  # fmt: skip
    rows, columns = np.nonzero((pixels(scene) == 0).all(axis=2))
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)


def test_a_long_caption_is_broken_and_not_cut():
    panels = scene_of().panels
    short, long = Scene(panels, captions=("one",)), Scene(panels, captions=("word " * 60,))
    assert len(pixels(long)) > len(pixels(short)) + 20
    assert (pixels(long)[600:, -15:] == hue("ground")).all()


@given(st.text(max_size=20))
def test_whatever_is_written_the_font_can_draw(text):
    missing = bytes(font(20).getmask("\uffff"))
    for character in spelled(text):
        assert bytes(font(20).getmask(character)) != missing


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("η = 0.1 · λ", "eta = 0.1 · lambda"),
        ("−∞ ≤ ŷ → 2²", "-inf <= y -> 2^2"),
        ("w₁ × w₂", "w1 x w2"),
    ],
)
def test_what_the_font_lacks_is_spelled_out(text, words):
    assert spelled(text) == words


def test_words_in_greek_are_drawn():
    scene = scene_of(title="η and ∞")
    assert (pixels(scene)[: TOP - 2] != hue("ground")).any()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 12))
def test_ticks_are_round_numbers_within_the_axis(low, span, most):
    axis = Axis("x", low, low + span)
    values = [value for value, _ in still.ticks(axis, most)]
    slack = 1e-8 * max(abs(low), span)
    assert len(values) <= most + 1
    assert all(low - slack <= value <= low + span + slack for value in values)


def test_ticks_know_their_numbers():
    assert [text for _, text in still.ticks(Axis("x", -1, 1), 5)] == [
        "−1.0", "−0.5", "0.0", "0.5", "1.0"
    ]  # fmt: skip
    assert [text for _, text in still.ticks(Axis("x", 0, 60), 4)] == ["0", "20", "40", "60"]
    assert [text for _, text in still.ticks(Axis("layer", 0, 2.4, whole=True), 9)] == [
        "0",
        "1",
        "2",
    ]
    decades = still.ticks(Axis("loss", 1e-6, 1e2, log=True), 9)
    assert [value for value, _ in decades] == pytest.approx([10.0**n for n in range(-6, 3)])
    assert [text for _, text in decades][:4] == ["1e−6", "1e−5", "1e−4", "0.001"]


def test_a_log_axis_of_less_than_a_decade_has_ticks_too():
    assert len(still.ticks(Axis("lr", 0.2, 0.7, log=True), 5)) >= 2
