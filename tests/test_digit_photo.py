"""Photos of digits made from the digits themselves: the way back must lead to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.digit_photo import as_digit
from dlviz.digits import digits


def tall(image: np.ndarray) -> bool:
    """Whether a digit's ink reaches the upper and lower edge, as a photo's will."""
    return bool((image[0] >= 0.4).any() and (image[-1] >= 0.4).any())


FULL = [image / image.max() for image in digits()[0][:60] if tall(image / image.max())]


@given(
    st.sampled_from(range(len(FULL))), st.integers(2, 9), st.integers(1, 30), st.integers(1, 30),
    st.booleans(), st.floats(0.3, 1.0),
)  # fmt: skip
def test_a_photo_of_a_digit_is_the_digit(which, scale, above, beside, light, contrast) -> None:
    digit = FULL[which]
    large = np.kron(digit, np.ones((scale, scale)))
    page = np.pad(large, ((above, above + 3), (beside, beside + 5)))
    photo = contrast * page if light else 1 - contrast * page
    columns = np.flatnonzero((digit >= 0.3).any(axis=0))
    shift = (7 - columns[0] - columns[-1]) / 2  # the middle of the ink goes to the middle
    found = as_digit(photo)
    if shift == int(shift):
        expected = np.roll(digit, int(shift), axis=1)
        kept = np.abs(np.roll(digit, int(shift), axis=1) - found) < 1e-9
        assert kept.mean() > 0.85  # but for faint ink that fell off the edge
        assert np.corrcoef(expected.ravel(), found.ravel())[0, 1] > 0.98
    assert found.max() == 1
    assert found.shape == (8, 8)


def test_paper_without_ink_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a digit on plain paper"):
        as_digit(np.full((20, 30), 0.7))


def test_a_stroke_wider_than_high_keeps_its_shape() -> None:
    page = np.ones((40, 100))
    page[18:22, 10:90] = 0
    found = as_digit(page)
    assert found[3:5].sum() == pytest.approx(found.sum())
    np.testing.assert_allclose(found[3:5], 1)
