import numpy as np
import pytest

from dlviz.grids import grid, line


def test_row_zero_is_the_lowest_y_and_column_zero_the_lowest_x():
    made = grid(((-1.0, 1.0), (10.0, 20.0)), 5)
    assert made.points.shape == (5, 5, 2)
    assert made.points[0, 0].tolist() == [-1.0, 10.0]
    assert made.points[4, 0].tolist() == [-1.0, 20.0]
    assert made.points[0, 4].tolist() == [1.0, 10.0]


def test_the_axes_are_those_of_the_points():
    made = grid(((-1.0, 1.0), (10.0, 20.0)), 7)
    assert (made.points[..., 0] == made.x).all()
    assert (made.points[..., 1] == made.y[:, None]).all()


def test_a_line_runs_from_end_to_end_evenly():
    points = line(((-3.0, 3.0),), 4)
    np.testing.assert_allclose(points, [[-3], [-1], [1], [3]])


def test_grids_and_lines_are_read_only():
    made = grid(((0.0, 1.0), (0.0, 1.0)), 2)
    for array in (made.x, made.y, made.points, line(((0.0, 1.0),), 2)):
        assert not array.flags.writeable


def test_fewer_than_two_points_are_refused():
    with pytest.raises(ValueError, match="expected 2 <= n"):
        grid(((0.0, 1.0), (0.0, 1.0)), 1)
