import numpy as np
import pytest

from dlviz.frozen import frozen


def test_a_frozen_array_cannot_be_written_to():
    array = frozen([1, 2, 3])
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 5


def test_a_later_change_of_the_source_does_not_reach_the_frozen_array():
    source = np.zeros(3)
    array = frozen(source)
    source[:] = 1
    assert (array == 0).all()


def test_a_read_only_view_of_an_array_that_can_change_is_copied():
    source = np.zeros(3)
    view = source[:]
    view.setflags(write=False)
    array = frozen(view)
    source[:] = 1
    assert (array == 0).all()


def test_freezing_again_copies_nothing():
    array = frozen([1.0, 2.0])
    assert frozen(array) is array


def test_another_dtype_is_another_array():
    array = frozen([1.0, 2.0])
    assert frozen(array, np.float32).dtype == np.float32
    assert array.dtype == np.float64


def test_numbers_too_large_for_the_dtype_become_infinite():
    assert frozen([1e60, -1e60, 1.0], np.float32).tolist() == [np.inf, -np.inf, 1.0]
