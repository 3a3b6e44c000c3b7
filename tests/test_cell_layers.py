"""Grids of numbers and the sums of windows: what they hold, and what stills show of them."""

import numpy as np
import pytest

from dlviz.cell_layers import WAYS, Cells, Products
from dlviz.layers import Field, Text
from dlviz.scene import Axis, Knob, Panel, Scene

VALUES = np.array([[1.0, -2.0, 0.5], [0.0, np.nan, 4.0]])


def scene_of(layer, frames=1, knob=None):
    panel = Panel("a", Axis("", 0, 3), Axis("", 0, 2), (layer,), alt="Numbers.")
    return Scene(panels=(panel,), frames=frames, knob=knob)


def text_of(layer, frame=0, knob=0):
    (text,) = [mark for mark in layer.plain(frame, knob) if isinstance(mark, Text)]
    return text


def test_a_still_shows_each_number_in_its_cell_and_nothing_where_there_is_none():
    text = text_of(Cells(values=VALUES, top=2))
    assert text.texts == ("1", "−2", "0.5", "0", "", "4")
    np.testing.assert_allclose(text.xy[:, 0], [0.5, 1.5, 2.5] * 2)
    assert (text.xy[:3, 1] > 1).all() and (text.xy[3:, 1] < 1).all()


def test_cells_can_be_smaller_and_elsewhere():
    text = text_of(Cells(values=VALUES, top=10, left=4, unit=0.5))
    np.testing.assert_allclose(text.xy[0], (4.25, 9.7))
    np.testing.assert_allclose(text.xy[-1], (5.25, 9.2))
    field = next(m for m in Cells(values=VALUES, top=10, left=4, unit=0.5).plain(0, 0)
                 if isinstance(m, Field))  # fmt: skip
    assert (field.x, field.y) == ((4.25, 5.25), (9.25, 9.75))


def test_a_moving_grid_fills_cell_by_cell():
    layer = Cells(values=np.arange(1.0, 7.0).reshape(2, 3), top=2, moving=True)
    for frame in range(6):
        wanted = tuple(str(i) if i <= frame + 1 else "" for i in range(1, 7))
        assert text_of(layer, frame).texts == wanted
    late = Cells(values=layer.values, top=2, moving=True, first=0)
    assert text_of(late, 0).texts == ("",) * 6
    assert text_of(late, 2).texts[:3] == ("1", "2", "")


def test_names_stand_in_place_of_numbers():
    layer = Cells(values=np.array([[0.0, 2.0]]), codes=np.array([[0, 2]], np.uint8), top=1,
                  names=("0", "w₁", "w₂"))  # fmt: skip
    assert text_of(layer).texts == ("0", "w₂")
    shades = layer.plain(0, 0)[0]
    assert shades.colors == "labels" and shades.image.tolist() == [[255, 1]]


def test_shades_grow_with_the_size_and_follow_the_sign():
    plain = Cells(values=np.array([[0.0, 1.0, 2.0]]), top=1, limit=2.0).plain(0, 0)[0].image[0]
    assert plain[0] > plain[1] > plain[2]
    signed = Cells(values=np.array([[-2.0, 0.0, 2.0]]), top=1, limit=2.0, signed=True)
    image = signed.plain(0, 0)[0].image[0].tolist()
    assert image == [27, 127, 227]
    own = Cells(values=np.array([[-0.5, 0.25]]), top=1, limit=0.0, signed=True)
    assert own.plain(0, 0)[0].image[0].tolist() == [27, 177]


def test_each_turn_and_frame_has_its_own_numbers():
    values = np.arange(2 * 3 * 2.0).reshape(2, 3, 1, 2)
    layer = Cells(values=values, over="kt", top=1)
    knob = Knob("a", "a", (0.0, 1.0), 0)
    scene = scene_of(layer, frames=3, knob=knob)
    for k in range(2):
        for t in range(3):
            assert text_of(layer, t, k).texts == tuple(f"{v:g}" for v in values[k, t, 0])
    assert scene.panels[0].bare and scene.pack()


def test_too_many_numbers_are_left_out_of_a_still():
    layer = Cells(values=np.ones((13, 13)), top=13)
    assert not [mark for mark in layer.plain(0, 0) if isinstance(mark, Text)]


IMAGE = np.arange(20.0).reshape(4, 5)
KERNEL = np.array([[1.0, 0.0], [-1.0, 2.0]])
CORNERS = np.array([[0, 0], [1, 2]])


@pytest.mark.parametrize("way", WAYS)
def test_what_comes_of_a_window_is_numpys(way):
    layer = Products(image=IMAGE, kernel=KERNEL, corners=CORNERS, way=way)
    for frame, (row, column) in enumerate(CORNERS):
        window = IMAGE[row : row + 2, column : column + 2]
        np.testing.assert_array_equal(layer.window(frame, 0), window)
        wanted = (window * KERNEL).sum() if way == "sum" else getattr(np, way)(window)
        assert layer.value(frame, 0) == wanted
        assert text_of(layer, frame).texts[-1] == f"{way} = {wanted:g}".replace("-", "−")


def test_products_are_written_out():
    texts = text_of(Products(image=IMAGE, kernel=KERNEL, corners=CORNERS), 1).texts
    assert texts == ("7·1", "8·0", "12·−1", "13·2", "sum = 21")
    pooled = text_of(Products(image=IMAGE, kernel=KERNEL, corners=CORNERS, way="max"), 1).texts
    assert pooled == ("7", "8", "12", "13", "max = 13")


def test_a_dilated_window_takes_every_other_cell():
    layer = Products(image=IMAGE, kernel=KERNEL, corners=CORNERS, dilation=2)
    np.testing.assert_array_equal(layer.window(0, 0), [[0, 2], [10, 12]])


def test_stills_are_drawn():
    for layer in (
        Cells(values=VALUES, top=2, signed=True),
        Products(image=IMAGE, kernel=KERNEL, corners=CORNERS[:1]),
    ):
        scene = scene_of(layer)
        assert scene.to_png(width=240)[:4] == b"\x89PNG"
        assert len(scene.to_plotly().data)
