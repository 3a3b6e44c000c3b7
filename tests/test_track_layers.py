import numpy as np
import pytest

from dlviz.layers import Path, Points
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.track_layers import Tracks

TWO = {"colors": ("path", "second"), "markers": ("circle", "square")}
XY = np.arange(2 * 3 * 2 * 5 * 2, dtype=float).reshape(6, 2, 5, 2)  # 6 turns, 2 tracks, 5 steps


def scene_of(layer, frames=5, turns=6):
    panel = Panel("p", Axis("x", 0, 1), Axis("y", 0, 1), (layer,))
    knob = Knob("k", "k", tuple(range(1, turns + 1)), 0)
    return Scene((panel,), frames=frames, knob=knob)


def test_growing_tracks_show_what_has_been():
    tracks = Tracks(xy=XY, over="k", labels=("a", "b"), **TWO)
    path, point, other, _ = tracks.plain(frame=2, knob=3)
    assert isinstance(path, Path)
    np.testing.assert_array_equal(path.xy, XY[3, 0, :3])
    np.testing.assert_array_equal(other.xy, XY[3, 1, :3])
    assert isinstance(point, Points)
    np.testing.assert_array_equal(point.xy, XY[3, 0, 2:3])
    assert (point.marker, point.labels, point.color) == ("circle", ("a",), "path")


def test_heads_at_the_knob_stand_on_whole_tracks():
    tracks = Tracks(xy=XY[0], head="knob", **TWO)
    path, point, *_ = tracks.plain(frame=0, knob=4)
    np.testing.assert_array_equal(path.xy, XY[0, 0])
    np.testing.assert_array_equal(point.xy, XY[0, 0, 4:])


def test_a_track_that_is_no_number_any_more_keeps_its_head_where_it_was():
    gone = XY[0].copy()
    gone[0, 2:] = np.inf
    for head, seen in (("frame", gone[0, 1:2]), ("knob", gone[0, :0]), ("end", gone[0, 1:2])):
        _, point, *_ = Tracks(xy=gone, head=head, **TWO).plain(frame=4, knob=4)
        np.testing.assert_array_equal(point.xy, seen)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"colors": ("path",)}, "expected 2 colors, got 1"),
        ({"labels": ("a",)}, "expected 2 labels, got 1"),
        ({"dashed": (True,)}, "expected 2 dashed, got 1"),
        ({"head": "tail"}, "expected head in frame, knob, end, got 'tail'"),
    ],
)
def test_tracks_that_do_not_fit_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Tracks(**{"xy": XY[0], **TWO, **wrong})


def test_a_scene_counts_the_entries_of_its_tracks():
    scene_of(Tracks(xy=XY, over="k", **TWO)).pack()
    scene_of(Tracks(xy=XY[0, :, :4], head="end", **TWO))
    for layer, entries in (
        (Tracks(xy=XY[0, :, :4], **TWO), 5),
        (Tracks(xy=XY[0], head="knob", **TWO), 6),
    ):
        with pytest.raises(ValueError, match=f"expected {entries} entries in the path"):
            scene_of(layer)


def test_stills_show_tracks():
    scene = scene_of(Tracks(xy=XY / 60, over="k", labels=("a", "b"), **TWO))
    assert scene.to_png(frame=2).startswith(b"\x89PNG")
    assert scene.to_plotly(frame=2).data
