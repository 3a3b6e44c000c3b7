"""Lines of faces all at once: against one by one, counting, and what cannot be done at once."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz import cuts
from dlviz.arrangements import Mesh, arrange
from dlviz.bits import any_of, count, ones, packed, shift_of, unpacked
from dlviz.crossings import DegenerateError
from dlviz.cuts import cut
from dlviz.regions import SQUARE, linear_regions
from dlviz.subdivisions import Subdivision, areas, cycles, edges, one_face


def square_with(lines):
    """Return the square [−1, 1]² as a mesh of the functions a x + b y + c."""
    points = np.array(SQUARE)
    values = points @ np.transpose(lines)[:2] + np.transpose(lines)[2]
    return Mesh(np.hstack([values, points]), np.arange(4)[:, None], np.array([4]), np.zeros(1, int))


def tolerances(lines):
    return np.full(len(lines), 1e-13)


def all_at_once(lines):
    return arrange(square_with(lines), slice(0, len(lines)), tolerances(lines))


def faces_of(mesh, lines):
    """Return the area of each face by the lines it is above of."""
    vertices = mesh.rows[:, len(lines) :]
    sizes = areas(Subdivision(vertices, mesh.corners, mesh.counts))
    middles = [vertices[c[:k]].mean(0) for c, k in zip(mesh.corners.T, mesh.counts, strict=True)]
    above = np.array(middles) @ np.transpose(lines)[:2] + np.transpose(lines)[2] > 0
    return dict(zip(map(tuple, above.tolist()), sizes, strict=True))


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 40), layers=st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_all_at_once_is_one_by_one(seed, n, layers):
    lines = np.random.default_rng(seed).normal(size=(n * layers, 3))
    once = each = square_with(lines)
    for layer in range(layers):  # the later ones meet many faces
        once = arrange(once, slice(layer * n, (layer + 1) * n), tolerances(lines))
    for line in range(n * layers):
        each = arrange(each, slice(line, line + 1), tolerances(lines))
    found, expected = faces_of(once, lines), faces_of(each, lines)
    assert len(found) == len(once.counts) == len(expected)
    assert found == pytest.approx(expected, abs=1e-13)
    assert sum(found.values()) == pytest.approx(4, abs=1e-12)
    whole = Subdivision(once.rows[:, -2:], once.corners, once.counts)
    assert len(once.rows) - len(edges(whole).ends) + len(once.counts) == 1  # Euler


@pytest.mark.parametrize("n", [63, 64, 65, 130])
def test_words_of_any_length(n):
    lines = np.random.default_rng(n).normal(size=(n, 3)) * (1, 1, 0.1)
    pairs = np.stack(np.triu_indices(n, 1), axis=1)
    crossings = np.linalg.solve(lines[pairs, :2], -lines[pairs, 2:])[..., 0]
    inside = (np.abs(crossings) < 1).all(1).sum()
    corners = np.array(SQUARE) @ lines[:, :2].T + lines[:, 2]
    drawn = (corners.max(0) * corners.min(0) < 0).sum()
    mesh = all_at_once(lines)
    assert len(mesh.counts) == 1 + drawn + inside
    assert len(mesh.rows) == 4 + 2 * drawn + inside


THROUGH = [(1.0, 0.0, -0.25), (0.0, 1.0, -0.5), (1.0, 1.0, -0.75)]
DEGENERATE = {
    "three meet": (THROUGH, 6),
    "three meet but for rounding": ([*THROUGH[:2], (1.0, 1.0, -0.75 + 1e-15)], 6),
    "two meet on the rim": ([(1.0, 1.0, -1.0), (1.0, -1.0, -1.0)], 3),
    "one through a corner": ([(1.0, 1.0, 0.0), (1.0, 0.0, -0.5)], 4),
    "one along a side": ([(1.0, 0.0, -1.0), (0.0, 1.0, 0.0)], 2),
    "twice the same": ([(1.0, 2.0, 0.5)] * 2, 2),
    "opposite": ([(1.0, 2.0, 0.5), (-1.0, -2.0, -0.5)], 2),
    "nothing": ([(0.0, 0.0, 0.0), (1.0, 2.0, 0.5)], 2),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_lines_that_cannot_be_cut_along_at_once(name):
    lines, count = DEGENERATE[name]
    mesh = square_with(lines)
    with pytest.raises(DegenerateError):
        all_at_once(lines)
    whole = one_face(np.array(SQUARE))
    faces = cut(whole, mesh.rows[:, :-2], tolerances(lines)).whole
    assert len(faces.counts) == count
    assert areas(faces).sum() == pytest.approx(4, abs=1e-14)


def test_parallels_and_lines_that_miss_are_not_degenerate():
    lines = [(1.0, 0.0, c) for c in (-3.0, -0.5, 0.0, 0.5, 2.0)] + [(0.0, 0.0, 1.0)]
    mesh = all_at_once(lines)
    assert sorted(faces_of(mesh, lines).values()) == pytest.approx([1, 1, 1, 1])


@pytest.mark.parametrize("widths", [(8, 8), (16,) * 3, (64, 64), (3,) * 6])
def test_networks_with_random_weights_are_in_general_position(widths, monkeypatch):
    monkeypatch.setattr(cuts, "_one_by_one", None)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        sizes = (2, *widths, 1)
        weights = [rng.normal(0, np.sqrt(2 / a), (b, a)) for a, b in pairwise(sizes)]
        regions = linear_regions(weights, [rng.uniform(-0.5, 0.5, len(w)) for w in weights])
        assert len(regions) > max(widths) and regions.dropped_area == 0


@pytest.mark.parametrize("n", [1, 7, 8, 9, 16, 33, 64, 65, 200])
def test_words(n):
    rng = np.random.default_rng(n)
    flags = rng.random((50, n)) < 0.3
    words = packed(flags)
    np.testing.assert_array_equal(unpacked(words, n), flags)
    np.testing.assert_array_equal(count(words), flags.sum(1))
    row, flag = flags.nonzero()
    np.testing.assert_array_equal(ones(words), (row << shift_of(n)) + flag)
    table = rng.integers(0, 50, (4, 9))
    np.testing.assert_array_equal(unpacked(any_of(words, table), n), flags[table].any(0))


@given(order=st.permutations(range(30)))
def test_cycles(order):
    labels = np.arange(100, 130)
    table, first, sizes = cycles(np.array(order), labels)
    seen = []
    for column, begin, size in zip(table.T, first, sizes, strict=True):
        element, cycle = begin, []
        for _ in range(size):
            cycle.append(100 + element)
            element = order[element]
        assert element == begin
        assert column.tolist() == cycle + [cycle[0]] * (len(table) - size)
        seen += cycle
    assert sorted(seen) == labels.tolist()
