"""Grids painted by hand, and the texts that stand for them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlviz.drawn import cells, text_of


def test_a_digit_is_its_share_of_fifteen_row_by_row_from_the_top_left():
    grid = cells("0f371a", 2, 3)
    np.testing.assert_allclose(grid, [[0, 1, 0.2], [7 / 15, 1 / 15, 10 / 15]])
    assert grid.dtype == np.float64 and not grid.flags.writeable


def test_the_empty_text_is_an_empty_grid_and_the_other_way_round():
    assert cells("", 28, 28).shape == (28, 28) and not cells("", 28, 28).any()
    assert text_of(np.zeros((5, 4))) == ""


@given(arrays(float, st.tuples(st.integers(1, 28), st.integers(1, 28)),
              elements=st.floats(0, 1)))  # fmt: skip
def test_a_grid_comes_back_within_half_a_shade(grid):
    again = cells(text_of(grid), *grid.shape)
    assert np.abs(again - grid).max() <= 1 / 30 + 1e-12
    assert text_of(again) == text_of(grid)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0", "'0' of 1"),
        ("000g", "'000g' of 4"),
        ("00F0", "'00F0' of 4"),
        ("0000\n", r"'0000\\n' of 5"),
        ("٠٠٠٠", "'٠٠٠٠' of 4"),
        ("1" * 900, "'11111111111111111111…' of 900"),
        (7, "7"),
        (None, "None"),
    ],
)
def test_a_text_that_is_no_grid_is_refused_in_one_sentence(text, said):
    with pytest.raises(ValueError, match=f"^expected nothing or 4 hexadecimal digits, got {said}$"):
        cells(text, 2, 2)


@given(st.text(max_size=20))
def test_no_text_breaks_a_grid(text):
    try:
        assert cells(text, 2, 2).shape == (2, 2)
    except ValueError as refused:
        assert "\n" not in str(refused)


@pytest.mark.parametrize("grid", [[[1.5]], [[-0.1]], [[np.nan]], [0.5], 0.5])
def test_what_is_no_grid_of_shades_has_no_text(grid):
    with pytest.raises(ValueError, match=r"^expected rows of numbers between 0 and 1, got "):
        text_of(grid)


def test_nothing_at_all_has_no_text_but_an_empty_one():
    assert text_of(np.zeros((0, 3))) == ""
