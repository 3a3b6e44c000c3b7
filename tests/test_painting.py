"""Painted points: what goes into a link comes out of it, and strokes do what a brush does."""

import base64
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.painting import (
    GAP,
    LETTERS,
    MAX_PAINTED,
    STARTER,
    erased,
    painted,
    read_points,
    write_points,
)

COORDINATES = st.floats(-6, 6)
PLACES = st.tuples(COORDINATES, COORDINATES)
STROKES = st.lists(PLACES, max_size=30)
POINTS = st.lists(st.tuples(PLACES, st.integers(0, 5)), min_size=2, max_size=40)
TEXTS = st.one_of(
    st.just(""), POINTS.map(lambda points: write_points(*zip(*points, strict=True)))
)  # fmt: skip


@given(POINTS)
def test_points_come_back_within_half_a_step(points):
    x, y = zip(*points, strict=True)
    text = write_points(x, y)
    data = read_points(text)
    assert len(text) == 5 * len(points)
    assert np.abs(data.x - x).max() <= 6 / 4095 + 1e-12
    assert data.y.tolist() == list(y)
    assert data.classes == max(2, max(y) + 1)
    assert data.names == tuple("ABCDEF"[: data.classes])
    assert write_points(data.x, data.y) == text


def test_a_point_is_a_letter_and_24_bits_in_base64url():
    high, low = 0b101111000011, 0b000000111110
    packed = base64.urlsafe_b64encode(((high << 12) | low).to_bytes(3, "big")).decode()
    data = read_points(f"A____C{packed}")
    assert data.x[0].tolist() == [6.0, 6.0]
    assert data.x[1] == pytest.approx([12 * high / 4095 - 6, 12 * low / 4095 - 6], abs=1e-12)
    assert data.y.tolist() == [0, 2]


def test_the_corners_of_the_window_are_exact_and_nothing_lies_beyond():
    text = write_points([(-6, 6), (-9, 0), (1e300, -6.0)], [0, 1, 0])
    assert read_points(text).x[[0, 2]].tolist() == [[-6, 6], [6, -6]]
    assert read_points(text).x[1, 0] == -6


def test_the_empty_text_stands_for_a_starter_that_no_line_can_split():
    data = read_points("")
    assert data.x.tolist() == read_points(STARTER).x.tolist()
    assert len(data.x) == 12
    assert np.abs(data.x).min() > 0.1  # nothing on an axis
    assert (data.y == (data.x.prod(axis=1) > 0)).all()
    angles = np.linspace(0, np.pi, 90)
    best = 0
    for normal in np.column_stack([np.cos(angles), np.sin(angles)]):
        for threshold in data.x @ normal:
            side = data.x @ normal >= threshold
            best = max(best, (side == data.y).sum(), (side != data.y).sum())
    assert best <= 9  # a group is wrong


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A", "expected five characters for each point"),
        ("A00000", "expected five characters"),
        ("G0000A0000", "a letter A to F"),
        ("a0000A0000", "a letter A to F"),
        ("A00+0A0000", "digits of base64url, got 'A00\\+0A0000'"),
        ("A0000B0000\n", "expected five characters"),
        ("Aéé00B0000", "expected five characters"),
        ("A٣٣00B0000", "expected five characters"),
        ("A0000", "expected 2 <= points <= 300, got 1"),
        ("A0000" * 301, "expected 2 <= points <= 300, got 301"),
        ("?" * 100_000, r"got '\?{19}…$"),
        (7, "expected five characters for each point, .*, got 7"),
        (None, "got None"),
    ],
)
def test_a_text_that_stands_for_no_points_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence) as refused:
        read_points(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 150


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        data = read_points(text)
    except ValueError:
        return
    assert text == "" or write_points(data.x, data.y) == text


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([(0, 0)], [0]),
        ([(0, 0)] * 301, [0] * 301),
        ([(0, 0), (0, math.nan)], [0, 1]),
        ([(0, 0), (0, 1)], [0, 6]),
        ([(0, 0), (0, 1)], [0, -1]),
        ([(0, 0), (0, 1)], [0]),
        ([(0, 0, 0), (0, 1, 0)], [0, 0]),
    ],
)
def test_points_that_make_no_sense_are_not_written(x, y):
    with pytest.raises(ValueError, match="expected"):
        write_points(x, y)


# Strokes.


@given(TEXTS, STROKES, st.integers(0, 5))
def test_a_stroke_adds_points_of_its_class_at_its_places(text, stroke, brush):
    before, after = read_points(text), read_points(painted(text, stroke, brush))
    old = len(before.x)
    assert after.x[:old].tolist() == before.x.tolist()
    assert after.y[:old].tolist() == before.y.tolist()
    assert set(after.y[old:].tolist()) <= {brush}
    assert (len(after.x) > old) == (len(stroke) > 0)
    fresh, step = after.x[old:], 12 / 4095
    for i, point in enumerate(fresh):
        assert min(np.hypot(*(point - place)) for place in stroke) <= step
        assert all(np.hypot(*(point - other)) >= GAP - 2 * step for other in fresh[:i])
    for place in stroke:  # whatever was passed over is near a point that was made
        assert np.hypot(*(fresh - place).T).min() < GAP + step


def test_a_stroke_may_pass_over_points_of_other_strokes():
    once = painted("", [(1.0, 1.0)], 0)
    assert len(painted(once, [(1.0, 1.0)], 1)) == len(once) + 5
    assert len(painted("", [(0, 0), (0.1, 0), (0.2, 0), (0.3, 0)], 2)) == len(STARTER) + 10


def test_a_stroke_stays_in_the_window_and_stops_when_there_are_enough_points():
    across = [(-8 + 0.2 * i, y) for y in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0) for i in range(81)]
    text = painted("", across, 1)
    data = read_points(text)
    assert len(data.x) == MAX_PAINTED
    assert np.abs(data.x).max() == 6
    assert painted(text, [(0.0, -5.0)], 0) == text


def test_a_stroke_of_no_places_leaves_the_text():
    assert painted("", [], 0) == erased("", [], 0.4) == ""


@given(TEXTS, st.lists(PLACES, min_size=1, max_size=8), st.floats(0, 12))
def test_an_eraser_takes_what_is_near_its_stroke_and_leaves_two(text, stroke, radius):
    before = read_points(text)
    after = read_points(erased(text, stroke, radius))
    distances = np.array([_distance(point, stroke) for point in before.x])
    far, sure = (distances > radius + 1e-9).sum(), (distances > radius - 1e-9).sum()
    assert max(far, 2) <= len(after.x) <= max(sure, 2)
    rows = [(*point, label) for point, label in zip(before.x.tolist(), before.y, strict=True)]
    kept = [(*point, label) for point, label in zip(after.x.tolist(), after.y, strict=True)]
    there = iter(rows)
    assert all(any(row == other for other in there) for row in kept)  # in the same order


def _distance(point, stroke):
    """Return how far a point is from a line of straight parts: from its places, and from feet."""
    distances = [math.dist(point, place) for place in stroke]
    for a, b in pairwise(stroke):
        length, (d1, d2) = math.dist(a, b), (b[0] - a[0], b[1] - a[1])
        along = (point[0] - a[0]) * d1 + (point[1] - a[1]) * d2
        if length > 1e-9 and 0 <= along <= length * length:
            distances.append(abs(d1 * (point[1] - a[1]) - d2 * (point[0] - a[0])) / length)
    return min(distances)


def test_an_eraser_takes_what_lies_between_two_places():
    text = write_points([(0, 0), (0, 1), (3, 3), (-3, 3)], [0, 1, 2, 0])
    left = read_points(erased(text, [(-5, 0.05), (5, 0.05)], 0.4))
    assert left.y.tolist() == [1, 2, 0]


def test_an_eraser_that_takes_all_leaves_the_two_farthest():
    text = write_points([(0, 0), (2, 0), (1, 0), (3, 0)], [0, 1, 2, 3])
    assert read_points(erased(text, [(0, 0)], 12.0)).y.tolist() == [1, 3]


@pytest.mark.parametrize(
    "stroke",
    [
        [(0, math.nan)], [(math.inf, 0)], [(1, 2, 3)], [1, 2], [(0, 0), (1,)], [("a", "b")],
        [(0, None)], None, 3, [(10**400, 0)],
    ],
)  # fmt: skip
def test_a_stroke_that_makes_no_sense_is_refused_with_a_sentence(stroke):
    for brush in (lambda: painted("", stroke, 0), lambda: erased("", stroke)):
        with pytest.raises(ValueError, match="expected a stroke of pairs of finite numbers"):
            brush()


@pytest.mark.parametrize("brush", [-1, 6, True, "A", 1.0])
def test_there_are_six_brushes(brush):
    assert len(LETTERS) == 6
    with pytest.raises(ValueError, match="brush"):
        painted("", [(0, 0)], brush)


@pytest.mark.parametrize("radius", [-0.1, math.nan, 13.0])
def test_an_eraser_has_a_size(radius):
    with pytest.raises(ValueError, match="radius"):
        erased("", [(0, 0)], radius)
