import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.checks import check_choice, check_count, check_range


@given(st.floats(-1e6, 1e6))
def test_a_value_within_the_range_passes(value):
    check_range("lr", value, -1e6, 1e6)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.99, 2.01, 10**400, "1", None])
def test_a_value_outside_the_range_or_no_number_is_refused(value):
    with pytest.raises(ValueError, match="expected 1 <= lr <= 2, got "):
        check_range("lr", value, 1, 2)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_infinity_is_refused_even_by_a_range_without_ends(value):
    with pytest.raises(ValueError, match="expected -inf <= lr <= inf"):
        check_range("lr", value, -math.inf, math.inf)


def test_both_ends_of_a_range_belong_to_it():
    check_range("lr", 1, 1, 2)
    check_range("lr", 2, 1, 2)


def test_an_open_lower_end_is_refused():
    with pytest.raises(ValueError, match="expected 0 < lr <= 10, got 0"):
        check_range("lr", 0, 0, 10, open_low=True)
    check_range("lr", 1e-300, 0, 10, open_low=True)


@given(st.integers())
def test_a_count_passes_exactly_when_it_is_in_its_range(value):
    if 1 <= value <= 500:
        check_count("steps", value, 1, 500)
    else:
        with pytest.raises(ValueError, match="expected 1 <= steps <= 500, got "):
            check_count("steps", value, 1, 500)


@pytest.mark.parametrize("value", [True, 3.0, math.nan, "3", None])
def test_a_count_is_a_whole_number_and_nothing_else(value):
    with pytest.raises(ValueError, match="expected a whole number for steps, got "):
        check_count("steps", value, 1, 500)


def test_a_choice_is_one_of_its_choices():
    check_choice("optimizer", "adam", {"sgd": 1, "adam": 2})
    with pytest.raises(ValueError, match="expected optimizer in sgd, adam, got 'sdg'"):
        check_choice("optimizer", "sdg", ("sgd", "adam"))
