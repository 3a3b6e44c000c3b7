"""Pictures moved and turned, beside scipy.ndimage and beside numpy's own turns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from dlviz.warps import rotation, warp

PICTURE = np.random.default_rng(0).random((9, 7))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4), st.floats(-9, 9), st.floats(-9, 9))
def test_it_looks_where_scipy_looks(matrix, down, right):
    matrix = np.array(matrix).reshape(2, 2)
    middle = (np.array(PICTURE.shape) - 1) / 2
    offset = middle - matrix @ middle - [down, right]
    wanted = ndimage.affine_transform(PICTURE, matrix, offset, order=1, mode="grid-constant")
    np.testing.assert_allclose(warp(PICTURE, matrix, (down, right)), wanted, atol=1e-9)


@pytest.mark.parametrize("quarters", range(5))
def test_a_quarter_turn_is_numpys(quarters):
    square = PICTURE[:7]
    turned = warp(square, rotation(90 * quarters), (0, 0))
    np.testing.assert_allclose(turned, np.rot90(square, quarters), atol=1e-9)


def test_whole_shifts_move_pixels():
    moved = warp(PICTURE, np.eye(2), (2, -3))
    np.testing.assert_allclose(moved[2:, :-3], PICTURE[:-2, 3:])
    assert moved[:2].sum() == moved[:, -3:].sum() == 0


def test_many_at_once_are_each_alone():
    pictures = np.random.default_rng(1).random((4, 6, 6))
    angles, shifts = np.arange(4) * 20.0, np.random.default_rng(2).normal(size=(4, 2))
    bend = np.random.default_rng(3).normal(size=(4, 2, 6, 6))
    together = warp(pictures, rotation(angles), shifts, bend)
    for i in range(4):
        alone = warp(pictures[i], rotation(angles[i]), shifts[i], bend[i])
        np.testing.assert_array_equal(together[i], alone)


def test_a_window_is_a_part_of_the_whole():
    bend = np.random.default_rng(4).normal(size=(2, 9, 7))
    window = slice(2, 6)
    whole = warp(PICTURE, rotation(20), (1, 0.5), bend)[window, window]
    part = warp(PICTURE, rotation(20), (1, 0.5), bend[:, window, window], window)
    np.testing.assert_array_equal(part, whole)
