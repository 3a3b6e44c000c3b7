"""The closed forms against published numbers, sums over all cases, and their order."""

from itertools import product
from math import comb, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.regions import bounds

WIDTHS = st.lists(st.integers(1, 9), max_size=4)


@pytest.mark.parametrize(
    ("units", "count"),
    [(1, 2), (2, 4), (3, 7), (4, 11), (8, 37), (12, 79), (16, 137), (32, 529), (64, 2081)],
)
def test_lines_in_general_position(units, count):
    assert bounds([units])["shallow"] == count == 1 + units + units * (units - 1) // 2
    assert {bounds([units])[key] for key in ("pascanu", "montufar", "serra")} == {count}


@pytest.mark.parametrize(
    ("widths", "lower", "upper"),
    [
        ((4, 4), 44, 121),
        ((4, 4, 4), 176, 1331),
        ((8, 8), 592, 1369),
        ((8, 8, 8), 9472, 50653),
        ((16,) * 3, 561_152, 2_571_353),
        ((32,) * 3, 34_668_544, 148_035_889),
        ((64,) * 3, 2_182_086_656, 9_011_897_441),
    ],
)
def test_deep_networks_of_two_inputs(widths, lower, upper):
    found = bounds(widths)
    assert (found["montufar"], found["serra"], found["montufar_upper"]) == (lower, upper, upper)


def test_a_narrow_layer_is_a_bottleneck():
    serra = {w: bounds(w)["serra"] for w in ((1, 8), (2, 8), (8, 2), (8, 1))}
    assert serra == {(1, 8): 10, (2, 8): 56, (8, 2): 148, (8, 1): 74}
    assert bounds((1, 8))["montufar_upper"] == 18
    assert bounds((1, 8))["montufar"] == bounds((1, 8))["pascanu"] == 1


def test_137_shallow_units_are_too_few_for_three_layers_of_8():
    deep = bounds((8, 8, 8))["montufar"]
    assert bounds([137])["shallow"] < deep <= bounds([138])["shallow"]


def test_other_numbers_of_inputs():
    assert bounds([5], inputs=1)["shallow"] == 6  # points on a line
    assert bounds([5], inputs=3)["shallow"] == 26  # planes in space
    assert bounds([3], inputs=7)["shallow"] == 8  # no more than all patterns
    assert bounds((6, 6), inputs=3)["pascanu"] == 2 * 42
    assert bounds((6, 6), inputs=3)["montufar"] == 2**3 * 42
    assert bounds((8, 8), inputs=3)["typical"] == pytest.approx(16**3 / 6)


def test_no_hidden_layer_is_one_region():
    assert set(bounds(()).values()) == {1}


@given(widths=WIDTHS, inputs=st.integers(1, 4))
def test_serra_is_the_sum_over_all_cases(widths, inputs):
    total = 0
    for off in product(*(range(n + 1) for n in widths)):
        rooms = [inputs, *(n - j for n, j in zip(widths, off, strict=True))]
        if all(j <= min(rooms[: i + 1]) for i, j in enumerate(off)):
            total += prod(comb(n, j) for n, j in zip(widths, off, strict=True))
    assert bounds(widths, inputs)["serra"] == total


@given(widths=WIDTHS, inputs=st.integers(1, 4))
def test_the_bounds_are_in_order(widths, inputs):
    b = bounds(widths, inputs)
    order = ["pascanu", "montufar", "serra", "montufar_upper", "patterns"]
    values = [b[key] for key in order]
    assert values == sorted(values)
    assert b["shallow"] <= b["patterns"]


@pytest.mark.parametrize(("widths", "inputs"), [((0,), 2), ((4, -1), 2), ((4,), 0), ((2.5,), 2)])
def test_nonsense_is_refused(widths, inputs):
    with pytest.raises(ValueError, match="expected"):
        bounds(widths, inputs)
