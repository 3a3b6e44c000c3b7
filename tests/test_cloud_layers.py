"""Marks of embeddings: what they hold, what a still shows of them, what the player is sent."""

import numpy as np
import pytest

from dlviz.cloud_layers import (
    ABSENT,
    EDGE,
    HALF,
    PALETTE,
    CloudForces,
    CloudImages,
    CloudPoints,
    CloudRow,
    quantized,
)
from dlviz.layers import Points, Text
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.theme import rgb
from tests.test_scene import unpack

PLAIN = Axis("", -EDGE, EDGE)
MAPS = np.random.default_rng(0).standard_normal((3, 4, 20, 2)) * [[[[5.0, 2.0]]]] + 7
CODES = (np.arange(20) % 3).astype(np.uint8)


def points(**options):
    xy, radius = quantized(MAPS)
    given = {"over": "kt", "xy": xy, "radius": radius, "codes": CODES, "names": ("a", "b", "c")}
    return CloudPoints(**(given | options))


def test_quantized_maps_are_within_a_step_of_what_they_were():
    layer = points()
    for k, t in ((0, 0), (2, 3)):
        shown, true = layer.points(t, k), MAPS[k, t]
        middle = (true.max(0) + true.min(0)) / 2
        step = (true - middle).__abs__().max() / HALF
        np.testing.assert_allclose(shown, true - middle, atol=0.51 * step)
        assert np.abs(shown).max() == pytest.approx(float(layer.at("radius", t, k)))


def test_a_map_that_is_not_there_is_absent():
    xy, radius = quantized(np.full((2, 5, 2), np.nan))
    assert (xy == ABSENT).all()
    assert (radius == 1).all()
    layer = CloudPoints(over="t", xy=xy, radius=radius, codes=np.zeros(5, np.uint8))
    assert np.isnan(layer.points(0, 0)).all()
    one, _ = quantized(np.zeros((5, 2)))
    assert (one == HALF).all()


def test_a_still_shows_classes_as_markers_letters_or_shades():
    (marks,) = points().plain(1, 2)
    assert isinstance(marks, Points)
    assert np.abs(marks.xy).max() == pytest.approx(1)
    assert (marks.classes == CODES).all()
    letters = points(glyphs=True).plain(1, 2)
    assert [mark.texts[0] for mark in letters] == ["a", "b", "c"]
    assert sum(len(mark.xy) for mark in letters) == 20
    shades = points(names=(), value="height", codes=np.arange(0, 240, 12).astype(np.uint8))
    found = shades.plain(0, 0)
    assert sum(len(mark.xy) for mark in found) == 20
    assert all(mark.color.startswith("#") for mark in found)


def test_on_a_fixed_scale_the_largest_map_fills_the_panel():
    layer = points(fixed=True)
    sizes = [np.abs(layer.plain(t, k)[0].xy).max() for k in range(3) for t in range(4)]
    assert max(sizes) == pytest.approx(1)
    assert min(sizes) < 0.95


def light(color):
    """Relative luminance, WCAG 2."""
    parts = np.array(rgb(color)) / 255
    linear = np.where(parts < 0.04, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


def test_ten_classes_have_ten_colors_that_are_seen_on_white():
    assert len(set(PALETTE)) == 10
    assert min(contrast(color, "#FFFFFF") for color in PALETTE) > 2.7  # letters differ as well


def scene():
    forces = CloudForces(
        over="k", data=np.arange(60).reshape(20, 3).astype(np.uint8),
        beta=np.ones((3, 20)), log_sums=np.zeros((3, 20)), exaggeration=12.0, until=2,
    )  # fmt: skip
    images = CloudImages(images=np.zeros((20, 8, 8), np.uint8))
    panels = (
        Panel("map", PLAIN, PLAIN, (points(), forces, images), equal=True),
        Panel("row", Axis("", 0, 1), Axis("", 0, 1), (CloudRow(),)),
    )
    return Scene(panels, 4, knob=Knob("perplexity", "Perplexity", (2.0, 5.0, 30.0), 1))


def test_the_player_is_sent_small_numbers_as_they_are():
    header, array = unpack(scene().pack())
    layers = header["panels"][0]["layers"]
    assert [layer["kind"] for layer in layers] == ["CloudPoints", "CloudForces", "CloudImages"]
    sent = array(layers[0]["arrays"]["xy"])
    assert sent.dtype == np.uint16
    assert sent.shape == (3, 4, 20, 2)
    assert array(layers[1]["arrays"]["data"]).dtype == np.uint8
    assert array(layers[0]["arrays"]["radius"]).shape == (3, 4)
    assert all(layer["moving"] for layer in layers)
    assert header["panels"][0]["bare"]
    assert "viridis" in header["colormaps"]


def test_a_still_of_a_whole_scene_can_be_drawn():
    assert scene().to_png(2, 0).startswith(b"\x89PNG")
    assert isinstance(CloudRow().plain(0, 0)[0], Text)


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="expected codes with 1 axes"):
        points(codes=np.zeros((2, 2, 20, 1), np.uint8))
    with pytest.raises(ValueError, match="expected 'kt'"):
        Scene((Panel("map", PLAIN, PLAIN, (points(),)),), 5)
