"""The films of folding: frames, sheets, lines and counts, and what links of lines may hold."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz import theme
from dlviz.layers import Polygons, Segments
from dlviz.origami.choices import (
    LONGEST,
    SHORTEST,
    drawn,
    hand_of,
    lines_of,
    refusal,
    undone,
)
from dlviz.origami.compute import (
    HandConfig,
    OrigamiConfig,
    fold_by_hand,
    halvings,
    hand_sentence,
    unfold,
)
from dlviz.origami.figures import MOST, fold_scene, hand_scene, packet_frames, surface_figure
from dlviz.origami.folding import MOVE, REST
from dlviz.origami.hand import MAX_LINES

LINE = (-0.9, 0.3, 0.9, 0.6)
FOLDED = {
    "folds": OrigamiConfig("folds", hidden=(4, 4, 4)),
    "folded_lines": OrigamiConfig("folded_lines", hidden=(4, 4, 4)),
    "random": OrigamiConfig(hidden=(5, 4), seed=2),
    "leaking": OrigamiConfig(hidden=(4, 3), leak=0.3),
    "one layer": OrigamiConfig(hidden=(6,)),
    "none": OrigamiConfig(hidden=()),
}
BUDGET = 1_500_000


@cache
def film(name):
    trace = unfold(FOLDED[name])
    return trace, fold_scene(trace)


@cache
def by_hand(folds, lines=(LINE,)):
    trace = fold_by_hand(HandConfig(halvings(folds), lines))
    return trace, hand_scene(trace)


def sheets_of(scene):
    """Return the polygons of each frame (T, P, V, 2), and the lines on them (T, N, 2, 2)."""
    polygons, made, lines = scene.panel("sheet").layers
    assert [type(layer) for layer in (polygons, made, lines)] == [Polygons, Segments, Segments]
    return polygons.xy.astype(float), lines.xy.astype(float)


def unfolded(scene):
    (lines,) = scene.panel("plane").layers
    return lines.xy.astype(float)


def rests(scene):
    """Return the frames at which the sheet lies before each layer, by the numbers under it."""
    layer = scene.readouts["layer"][0]
    polygons, _ = sheets_of(scene)
    still = [0, *(t for t in range(1, scene.frames)
                  if np.array_equal(polygons[t], polygons[t - 1], equal_nan=True))]  # fmt: skip
    return {int(layer[t]): t for t in still}


def corners_of(trace, entry):
    """Return where the corners of all regions lie in an entry, (P, V, 2) with nan."""
    whole = trace.paper.regions.whole
    real = np.arange(len(whole.corners)) < whole.counts[:, None]
    return np.where(real[..., None], trace.paper.positions[entry][whole.corners.T], np.nan)


def double_areas(xy):
    """Return twice the signed area of polygons (..., V, 2) whose ends are nan."""
    filled = np.where(np.isnan(xy), xy[..., :1, :], xy)
    x, y = np.moveaxis(filled - filled[..., :1, :], -1, 0)
    return (x * np.roll(y, -1, -1) - np.roll(x, -1, -1) * y).sum(-1)


# Sheets.


@pytest.mark.parametrize("name", FOLDED)
def test_sheets_at_rest_lie_where_the_paper_lies(name):
    trace, scene = film(name)
    polygons, _ = sheets_of(scene)
    where = rests(scene)
    stages = len(trace.paper.positions)
    assert set(range(stages)) <= set(where)
    for entry in range(stages):
        np.testing.assert_allclose(
            polygons[where[entry]], corners_of(trace, entry), rtol=1e-6, atol=1e-6
        )


@pytest.mark.parametrize("name", FOLDED)
def test_the_film_begins_and_ends_with_the_flat_sheet(name):
    trace, scene = film(name)
    polygons, lines = sheets_of(scene)
    for frame in (0, -1):
        np.testing.assert_allclose(polygons[frame], corners_of(trace, 0), rtol=1e-6, atol=1e-6)
    assert double_areas(polygons[0]).sum() / 2 == pytest.approx(4, rel=1e-5)
    assert (double_areas(polygons[0]) > 0).all()
    assert np.isnan(lines[-1]).all()  # nothing is folded any more


@pytest.mark.parametrize("name", ["folds", "folded_lines", "one layer"])
def test_paper_that_is_folded_keeps_its_shape(name):
    """A fold turns pieces over, half of them upside down, and stretches them all alike."""
    trace, _ = film(name)
    assert trace.paper.off_plane.max() < 1e-12
    flat = double_areas(corners_of(trace, 0))
    for entry in range(1, len(trace.paper.positions)):
        folded = double_areas(corners_of(trace, entry))
        np.testing.assert_allclose(np.abs(folded), flat, rtol=1e-9, atol=1e-12)
        assert abs(folded.sum()) < 1e-9 if name != "one layer" else folded.sum() != 0


@pytest.mark.parametrize("name", ["folds", "folded_lines"])
def test_lines_on_a_folded_sheet_at_rest_are_straight(name):
    trace, scene = film(name)
    _, lines = sheets_of(scene)
    for entry, frame in rests(scene).items():
        shown = lines[frame][np.isfinite(lines[frame]).all((1, 2))]
        if entry >= len(trace.paper.positions) or not len(shown):
            continue
        affine = trace.paper.lines[entry]
        affine = affine / np.linalg.norm(affine[:, :2], axis=1, keepdims=True).clip(1e-12)
        away = np.abs(shown @ affine[:, :2].T + affine[:, 2])  # (N, 2, n)
        assert away.max(axis=1).min(axis=1).max() < 1e-5  # both ends on one of the layer's lines


@pytest.mark.parametrize("name", FOLDED)
def test_what_has_been_folded_stays_drawn_on_the_plane(name):
    trace, scene = film(name)
    shown = np.isfinite(unfolded(scene)).all((2, 3))
    assert (shown[1:] >= shown[:-1]).all()
    assert shown[-1].all()
    regions = trace.regions
    inner = regions.creases > 0
    assert shown.shape[1] == inner.sum()
    np.testing.assert_allclose(
        unfolded(scene)[-1], regions.vertices[regions.edges.ends[inner]], rtol=1e-6, atol=1e-6
    )
    first = regions.creases[inner] == 1
    np.testing.assert_array_equal(shown[0], first)  # the first layer's lines, drawn at rest


@pytest.mark.parametrize("name", FOLDED)
def test_the_numbers_under_the_film_are_the_counts(name):
    trace, scene = film(name)
    layer, pieces = scene.readouts["layer"][0], scene.readouts["pieces"][0]
    assert set(pieces.astype(int).tolist()) <= set(trace.counts.tolist())
    assert (np.diff(pieces) >= 0).all()
    assert pieces[-1] == trace.counts[-1] == len(trace.regions)
    assert layer[0] == layer[-1] == 0
    assert layer.max() == len(trace.paper.positions) - 1
    assert "{" not in scene.caption(0) + scene.caption(-1)
    assert scene.caption(-1).endswith(f"pieces so far: {len(trace.regions)}")


@pytest.mark.parametrize("name", FOLDED)
def test_what_is_not_drawn_yet_is_not_seen(name):
    """Pieces that a later layer cuts apart have one color, and no line between them."""
    trace, scene = film(name)
    polygons, made, _ = scene.panel("sheet").layers
    pieces = scene.readouts["pieces"][0].astype(int)
    patterns, counts = trace.regions.patterns, trace.counts.tolist()
    ends = np.cumsum([0, *(len(b) for b in trace.layers.biases[:-1])])
    rim = (trace.regions.creases == 0).sum()
    for frame in (0, scene.frames // 2, scene.frames - 1):
        layer = counts.index(pieces[frame])
        together = np.unique(patterns[:, : ends[layer]], axis=0, return_inverse=True)[1].ravel()
        for piece in set(together.tolist()):
            assert len(set(polygons.codes[frame][together == piece].tolist())) == 1
        drawn = np.isfinite(made.xy[frame]).all((1, 2)).sum()
        assert rim <= drawn <= (trace.regions.creases <= layer).sum()
    assert np.isfinite(made.xy[-1]).all()


@pytest.mark.parametrize(("name", "flat"), [("folds", True), ("random", False)])
def test_a_shadow_of_the_sheet_is_called_so(name, flat):
    trace, scene = film(name)
    title = scene.panel("sheet").title
    assert ("shadow" in title) is not flat
    assert flat or f"{trace.paper.off_plane.max():.0%} out of the plane" in title


@pytest.mark.parametrize("name", FOLDED)
def test_the_sheet_moves_without_jumps(name):
    polygons, _ = sheets_of(film(name)[1])
    moves = np.nanmax(np.abs(np.diff(polygons, axis=0)), axis=(1, 2, 3))
    assert moves.max() < 0.25 * (np.nanmax(polygons) - np.nanmin(polygons))


@pytest.mark.parametrize("name", FOLDED)
def test_all_of_it_is_inside_the_panels(name):
    scene = film(name)[1]
    panel = scene.panel("sheet")
    polygons, _ = sheets_of(scene)
    assert panel.x.low <= np.nanmin(polygons) and np.nanmax(polygons) <= panel.x.high
    assert panel.equal and all(each.alt for each in scene.panels)
    assert scene.to_png(scene.frames // 2, width=240)[:4] == b"\x89PNG"
    table = theme.colormap("labels")
    assert panel.layers[0].codes.max() < len(table)


# Budgets.


@pytest.mark.parametrize(
    "config",
    [
        OrigamiConfig("folded_lines", hidden=(4, 4, 4)),
        OrigamiConfig("folds", hidden=(4,) * 4),
        OrigamiConfig(hidden=(27,), seed=1),
        OrigamiConfig(hidden=(8, 8, 6), seed=0),
        OrigamiConfig(hidden=(4,) * 6, seed=1),
        OrigamiConfig("folded_lines", hidden=(27,)),
    ],
)
def test_films_are_sent_within_the_budget(config):
    trace = unfold(config)
    assert len(trace.regions) <= MOST
    scene = fold_scene(trace)
    assert len(scene.pack()) <= BUDGET
    stages = len(trace.paper.positions)
    assert 4 * stages <= scene.frames <= stages * (REST + MOVE)


def test_small_films_are_smooth():
    _, scene = film("one layer")
    assert scene.frames == REST + MOVE
    assert film("folds")[1].frames == 3 * (REST + MOVE)


@pytest.mark.parametrize("folds", range(6))
def test_films_of_hands_are_sent_within_the_budget(folds):
    rng = np.random.default_rng(folds)
    lines = tuple(tuple(row) for row in rng.uniform(-1, 1, (MAX_LINES, 4)).round(2).tolist())
    for drawn_lines in ((), lines[:1], lines):
        trace = fold_by_hand(HandConfig(halvings(folds), drawn_lines))
        scene = hand_scene(trace)
        assert len(scene.pack()) <= BUDGET, (folds, len(drawn_lines), trace.count)
        assert scene.frames >= 4


# By hand.


@pytest.mark.parametrize("folds", range(5))
def test_hands_fold_in_two_again_and_again(folds):
    trace, scene = by_hand(folds, ())
    pieces = scene.readouts["pieces"][0]
    assert sorted(set(pieces.astype(int).tolist())) == [
        2**k for k in range(min(folds, 1), folds + 1)
    ]
    polygons, _ = sheets_of(scene)
    np.testing.assert_allclose(polygons[0], corners_of(trace, 0), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(polygons[-1], polygons[0], atol=1e-6)
    packet = polygons[rests(scene)[folds]]
    wide, high = np.nanmax(packet, (0, 1)) - np.nanmin(packet, (0, 1))
    assert wide * high == pytest.approx(4 / 2**folds, rel=1e-5)


@pytest.mark.parametrize("folds", [1, 2, 3])
def test_a_line_on_the_packet_is_straight_there_and_bent_unfolded(folds):
    line = (-0.9, 0.33, 0.95, 0.61)
    trace, scene = by_hand(folds, (line,))
    _, lines = sheets_of(scene)
    shown = lines[rests(scene)[folds]]
    shown = shown[np.isfinite(shown).all((1, 2))].reshape(-1, 2)
    assert len(shown) >= 4
    x1, y1, x2, y2 = line
    away = (shown[:, 0] - x1) * (y2 - y1) - (shown[:, 1] - y1) * (x2 - x1)
    assert np.abs(away).max() < 1e-5
    assert trace.count > 2**folds
    assert scene.readouts["pieces"][0, -1] == trace.count
    bent = trace.paper.hinges(trace.line_units[0]).reshape(-1, 2)
    assert np.ptp((bent[:, 0] - x1) * (y2 - y1) - (bent[:, 1] - y1) * (x2 - x1)) > 0.1


def test_lines_can_be_drawn_on_the_sheet_by_hand_alone():
    assert by_hand(2)[1].panel("sheet").pick
    assert not by_hand(2)[1].panel("plane").pick
    assert not film("folds")[1].panel("sheet").pick


def test_counts_by_hand_are_told():
    trace, scene = by_hand(2)
    packet = packet_frames(trace)
    assert scene.caption(0).startswith("times folded: 0 ·")
    assert scene.caption(0).endswith(f"on the packet, from step {packet[0]} on")
    last = rests(scene)[2]
    assert scene.caption(last) == (
        f"times folded: 2 · pieces so far: {trace.count} · draw lines on it"
    )
    assert last in packet and packet[-1] < scene.frames - 1
    polygons, _ = sheets_of(scene)
    for frame in packet:
        np.testing.assert_array_equal(polygons[frame], polygons[packet[0]])
    assert not np.array_equal(polygons[packet[0] - 2], polygons[packet[0]], equal_nan=True)


def test_only_lines_that_cut_are_counted():
    trace = fold_by_hand(HandConfig(halvings(2), (LINE, (1.5, 0.0, 1.5, 1.0))))
    assert "Lines through all of them: 1." in hand_sentence(trace)
    assert hand_sentence(trace).endswith("Lines that miss the packet: 1.")
    assert "miss" not in hand_sentence(by_hand(2)[0])


# What a link may hold.


def test_lines_are_read_as_they_are_written():
    text = drawn(drawn("", [[-0.9, 0.3], [0.1, 0.2], [0.9, 0.6]]), [[0, -1], [0, 1]])
    assert text == "-0.9 0.3 0.9 0.6;0 -1 0 1"
    assert lines_of(text) == ((-0.9, 0.3, 0.9, 0.6), (0, -1, 0, 1))
    assert hand_of(3, text) == HandConfig(halvings(3), lines_of(text))


@pytest.mark.parametrize(
    "text",
    ["", ";", ";;;", "1 2 3", "1 2 3 4 5", "a b c d", "nan 0 1 1", "inf 0 1 1", "0 0 0 0",
     "9 9 0 0", "0 0 1e-9 0", "1,2,3,4", "\x00", "é è ê ë", "0 0 1 1e999"],
)  # fmt: skip
def test_lines_that_make_no_sense_are_left_out(text):
    assert lines_of(text) == ()
    assert lines_of(f"{text};0 -1 0 1;{text}")[:1] in ((), ((0, -1, 0, 1),))
    assert hand_of(2, text) == HandConfig(halvings(2), ())


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_of_lines_breaks_a_link(text):
    assert isinstance(hand_of(2, text), HandConfig)


@given(st.lists(st.lists(st.floats(-1, 1), min_size=2, max_size=2), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_every_stroke_can_be_drawn_and_read_again(stroke):
    text = drawn("0 -1 0 1", stroke)
    assert hand_of(1, text).lines[0] == (0, -1, 0, 1)
    apart = np.hypot(*np.subtract(stroke[0], stroke[-1]))
    if apart < SHORTEST:
        assert text == "0 -1 0 1"  # a click
    else:
        np.testing.assert_allclose(hand_of(1, text).lines[1], [*stroke[0], *stroke[-1]], atol=0.005)


def test_more_lines_than_there_may_be_are_left_out():
    text = ";".join(f"{i / 20} -1 {i / 20} 1" for i in range(20))
    assert len(lines_of(text)) == MAX_LINES
    assert refusal(text) == "expected at most 12 lines, got 20: the last ones are left out"


def test_all_lines_that_there_may_be_can_be_drawn_and_one_too_many_takes_nothing_away():
    text = ""
    for i in range(MAX_LINES):
        text = drawn(text, [[-0.98, -0.97 + i / 10], [-0.01, -0.03 + i / 100]])
        assert len(lines_of(text)) == i + 1
        assert refusal(text) == ""
    assert len(text) <= LONGEST
    assert drawn(text, [[-1, 0], [1, 0.5]]) == text
    assert lines_of(undone(text)) == lines_of(text)[:-1]
    assert undone("0 -1 0 1") == ""


def test_what_makes_no_sense_is_named():
    assert refusal("0 -1 0 1; foo ;") == (
        "expected lines as x1 y1 x2 y2 in [−4, 4], got 'foo': it is left out"
    )
    assert refusal("") == refusal("0 -1 0 1;") == ""


# The surface.


@pytest.mark.parametrize("name", FOLDED)
@pytest.mark.parametrize("dark", [False, True])
def test_the_surface_is_the_network_flat_piece_by_flat_piece(name, dark):
    trace, _ = film(name)
    figure = surface_figure(trace, dark=dark)
    mesh, edges = figure.data
    regions = trace.regions
    assert len(mesh.i) == sum(len(polygon) - 2 for polygon in regions.polygons)
    np.testing.assert_array_equal(mesh.z, regions.values[:, 0])
    x, y, z = (np.array(axis) for axis in (mesh.x, mesh.y, mesh.z))
    turns = np.stack([mesh.i, mesh.j, mesh.k])
    (ax, bx, cx), (ay, by, cy) = x[turns], y[turns]
    assert ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)).sum() / 2 == pytest.approx(4)
    values = np.stack([x, y], axis=1)
    layers = trace.layers
    for i, (w, b) in enumerate(zip(*layers, strict=True)):
        values = values @ w.T + b
        leak = trace.config.leak
        values = np.where(values < 0, leak * values, values) if i + 1 < len(layers[0]) else values
    np.testing.assert_allclose(z, values[:, 0], atol=1e-9)
    assert np.isnan(np.array(edges.x)[2::3]).all()
    assert len(edges.x) == 3 * len(regions.edges.ends)
    assert len(mesh.facecolor) == len(mesh.i)
