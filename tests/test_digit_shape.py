"""Photos of digits, made of digits that are known."""

import numpy as np
import pytest
import torch

from dlviz.digit_shape import as_digit
from dlviz.victims import unseen_digits, victim

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
    assert dark.min() == 0 and dark.max() == 1 and not dark.flags.writeable


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (4, 4), (256, 3)])
def test_any_shape_gives_a_square_or_one_sentence(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).random(shape)
    if shape == (1, 1):
        with pytest.raises(ValueError, match="expected a digit that stands out"):
            as_digit(pixels, 28)
    else:
        assert as_digit(pixels, 28).shape == (28, 28)


def test_an_even_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="stands out from its ground, got an even picture"):
        as_digit(np.full((50, 50), 0.7), 8)
