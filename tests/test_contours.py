import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlviz.contours import color_codes
from dlviz.surfaces import SURFACES
from dlviz.terrain import landscape

VALUES = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6))


@given(VALUES)
def test_codes_rise_with_values_from_0_to_255(values):
    codes, _ = color_codes(values)
    assert (np.diff(codes[np.argsort(values)]) >= 0).all()
    assert codes.min() == 0
    assert codes.max() <= 255 * (1 + 1e-6)
    assert codes[values.argmax()] == pytest.approx(255 if np.ptp(values) > 0 else 0)


@given(VALUES)
def test_the_level_of_a_code_is_the_value_it_stands_for(values):
    codes, levels = color_codes(values)
    assert (np.diff(levels) > 0).all()
    span = np.ptp(values) or 1.0
    np.testing.assert_allclose(np.interp(codes, range(256), levels), values, atol=0.03 * span)
    assert levels[0] == values.min()
    assert levels[255] == pytest.approx(values.min() + span, abs=1e-9 * span)


@pytest.mark.parametrize("name", [n for n, surface in SURFACES.items() if surface.dim == 2])
def test_every_surface_uses_low_and_high_colors_alike(name):
    codes, _ = color_codes(landscape(SURFACES[name]))
    assert 90 < np.median(codes) < 165


def test_what_is_not_finite_has_no_color_and_no_say_in_the_scale():
    codes, levels = color_codes([0.0, np.nan, 1.0, np.inf, 2.0, -np.inf])
    alone, scale = color_codes([0.0, 1.0, 2.0])
    np.testing.assert_array_equal(np.isnan(codes), [False, True, False, True, False, True])
    np.testing.assert_array_equal(codes[::2], alone)
    np.testing.assert_array_equal(levels, scale)


def test_a_canyon_shows_its_floor_and_a_plain_slope_stays_linear():
    canyon, _ = color_codes(np.geomspace(1e-3, 1e3, 101))
    assert np.median(canyon) > 25
    slope, _ = color_codes(np.linspace(0, 1, 101))
    np.testing.assert_allclose(slope, np.linspace(0, 255, 101), atol=6)


@pytest.mark.parametrize("values", [np.full((3, 4), 7.0), [], [np.nan, np.inf]])
def test_a_constant_or_empty_field_has_a_scale_all_the_same(values):
    codes, levels = color_codes(values)
    assert codes.shape == np.shape(values)
    assert not codes[np.isfinite(values)].any()
    assert np.isfinite(levels).all()
    assert (np.diff(levels) > 0).all()


def test_codes_and_levels_cannot_be_written_to():
    assert not any(array.flags.writeable for array in color_codes([1.0, 2.0]))
