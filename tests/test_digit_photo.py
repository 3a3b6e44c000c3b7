"""Photos of digits made from the digits themselves: the way back must lead to them."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz.digit_photo import as_digit
from dlviz.digits import digits
from dlviz.victims import unseen_digits, victim


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


X, Y = unseen_digits()


def photo(digit: np.ndarray, ground: float, ink: float, scale: int = 12) -> np.ndarray:
    """Put a digit, enlarged, off the middle of a plain ground with some noise."""
    large = np.kron(digit, np.ones((scale, scale)))
    page = np.zeros((160, 200))
    page[30 : 30 + len(large), 70 : 70 + len(large)] = large
    noise = np.random.default_rng(0).normal(0, 0.02, page.shape)
    return np.clip(ground + (ink - ground) * page + noise, 0, 1)


@pytest.mark.parametrize(("ground", "ink"), [(0.9, 0.1), (0.0, 1.0), (0.6, 0.2)])
def test_a_photo_of_a_digit_is_read_as_the_digit(ground: float, ink: float) -> None:
    model, read = victim("cnn"), []
    for digit in X[:60, 0].numpy():
        small = as_digit(photo(digit, ground, ink), 8)
        read.append(int(model(torch.tensor(small.copy()).float()[None, None]).argmax()))
    assert np.mean(np.array(read) == Y[:60].numpy()) > 0.8


def test_size_place_and_polarity_do_not_matter() -> None:
    dark = as_digit(photo(X[3, 0].numpy(), 0.9, 0.1), 8)
    light = as_digit(photo(X[3, 0].numpy(), 0.1, 0.9), 8)
    large = as_digit(photo(X[3, 0].numpy(), 0.9, 0.1, scale=16), 8)
    np.testing.assert_allclose(dark, light, atol=0.12)
    np.testing.assert_allclose(dark, large, atol=0.25)
    assert dark.min() < 1 / 30 and dark.max() == 1  # less than half a level of a drawing
    assert not dark.flags.writeable


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (4, 4), (256, 3)])
def test_any_shape_gives_a_square_or_one_sentence(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).random(shape)
    if shape == (1, 1):
        with pytest.raises(ValueError, match="expected a digit on plain paper"):
            as_digit(pixels, 28)
    else:
        assert as_digit(pixels, 28).shape == (28, 28)
