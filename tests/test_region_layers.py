"""Marks of linear regions: what they show in stills, and what the player is sent."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlviz import theme
from dlviz.layers import Polygons, Segments, Text
from dlviz.net import Net
from dlviz.region_layers import COLORED_BY, NetRegions, NetTally
from dlviz.regions import bounds, linear_regions
from dlviz.scene import Axis, Knob, Panel, Scene
from dlviz.words import number
from tests.test_net import count_of
from tests.test_scene import unpack

LEAKS = (-1.0, 0.0, 0.3, 1.0)
KNOB = Knob("leak", "slope below 0", LEAKS, 1)


def relu_net(hidden=(6, 5), runs=1, frames=1, outputs=1, seed=0, **options):
    sizes = (2, *hidden, outputs)
    parameters = np.random.default_rng(seed).normal(size=(runs, frames, count_of(sizes)))
    names = ("relu",) * len(hidden)
    return Net(parameters, sizes, names, "linear", ("x1", "x2"), **{"span": 1.5} | options)


LEAKY = relu_net(runs=4, leaks=LEAKS)


def exact(net, frame=0, turn=0):
    s = net.span
    window = ((-s, -s), (s, -s), (s, s), (-s, s))
    leak = net.leaks[turn] if net.leaks else 0.0
    return linear_regions(*net.layers(frame, turn), window, leak)


def areas_of(xy):
    """Return the area of polygons (P, V, 2), short ones filled up with nan, by the shoelace."""
    areas = []
    for polygon in xy:
        x, y = polygon[np.isfinite(polygon[:, 0])].T
        areas.append((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)
    return np.array(areas)


def scene_of(*layers, frames=1, knob=None, **options):
    part = Panel("plane", Axis("x₁", -1.5, 1.5), Axis("x₂", -1.5, 1.5), layers)
    return Scene((part,), frames=frames, knob=knob, **options)


# Regions in stills.


@pytest.mark.parametrize("hidden", [(), (1,), (7,), (6, 5), (4, 4, 4)])
def test_polygons_are_the_regions_and_fill_the_window(hidden):
    net = relu_net(hidden)
    (mark,) = NetRegions(net=net).plain(0, 0)
    areas = areas_of(mark.xy.astype(float))
    assert type(mark) is Polygons and len(areas) == len(exact(net))
    np.testing.assert_allclose(areas, exact(net).areas, atol=1e-5)
    assert areas.sum() == pytest.approx(9, rel=1e-5)
    assert np.nanmax(np.abs(mark.xy)) <= 1.5


@pytest.mark.parametrize("by", COLORED_BY)
@pytest.mark.parametrize("hidden", [(), (6, 5)])
def test_there_is_a_color_for_every_region(by, hidden):
    net = relu_net(hidden)
    (mark,) = NetRegions(net=net, by=by).plain(0, 0)
    table = theme.colormap(mark.colors)
    assert mark.codes.shape == (len(exact(net)),)
    assert mark.codes.min() >= 0 and np.round(mark.codes).max() < len(table)


def test_colors_mean_what_they_say():
    net, regions = relu_net(), exact(relu_net())

    def codes(by):
        return NetRegions(net=net, by=by).plain(0, 0)[0].codes

    sizes = np.linalg.norm(regions.slopes[:, 0], axis=1)
    np.testing.assert_array_equal(np.argsort(codes("size")), np.argsort(sizes))
    np.testing.assert_array_equal(codes("birth"), regions.births)
    angles = np.angle(regions.slopes[:, 0] @ (1, 1j))
    np.testing.assert_array_equal(np.argsort(codes("direction")), np.argsort(angles))
    middles = np.stack([polygon.mean(0) for polygon in regions.polygons])
    values = net.values(middles, 0, 0)[-1][:, 0]
    np.testing.assert_array_equal(np.argsort(codes("value")), np.argsort(values))
    assert len(set(codes("pattern").tolist())) > 3


def test_a_network_without_slopes_has_colors_too():
    flat = replace(relu_net(), parameters=np.zeros_like(relu_net().parameters))
    for by in COLORED_BY:
        (mark,) = NetRegions(net=flat, by=by).plain(0, 0)
        assert len(mark.codes) == 1 and np.isfinite(mark.codes).all()


def test_the_boundary_is_where_the_network_is_0():
    net = relu_net()
    parameters = net.parameters.copy()
    parameters[..., -1] -= exact(net).values.mean()
    net = replace(net, parameters=parameters)
    polygons, line = NetRegions(net=net, boundary=True).plain(0, 0)
    assert type(polygons) is Polygons and type(line) is Segments
    ends = line.xy.astype(float)
    assert len(ends) > 2
    places = np.concatenate([ends[:, 0], ends[:, 1], ends.mean(1)])
    np.testing.assert_allclose(net.values(places, 0, 0)[-1], 0, atol=1e-5)


def test_regions_follow_knob_and_frame_and_keep_to_their_run():
    net = relu_net(runs=4, frames=3, leaks=LEAKS)
    every = NetRegions(net=net)
    for turn in range(4):
        for frame in range(3):
            ours = every.regions(frame, turn)
            np.testing.assert_array_equal(ours.vertices, exact(net, frame, turn).vertices)
            assert ours.leaks == (LEAKS[turn],) * 2
    still = NetRegions(net=net, run=2)
    np.testing.assert_array_equal(still.regions(1, 0).vertices, exact(net, 1, 2).vertices)


# Leaks.


@pytest.mark.parametrize("turn", range(4))
def test_units_leak_as_they_do_in_torch(turn):
    net = LEAKY
    x = np.random.default_rng(1).uniform(-1.5, 1.5, (40, 2))
    values, weights, biases = torch.tensor(x), *net.layers(0, turn)
    theirs = [x]
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        values = torch.nn.functional.linear(values, torch.tensor(w), torch.tensor(b))
        if i < 2:
            values = torch.nn.functional.leaky_relu(values, LEAKS[turn])
        theirs.append(values.numpy())
    for ours, wanted in zip(net.values(x, 0, turn), theirs, strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("turn", range(4))
def test_each_region_has_the_map_of_the_network_that_leaks(turn):
    """What the regions say, ``Net.values`` says too, which knows nothing of them."""
    regions = NetRegions(net=LEAKY).regions(0, turn)
    middles = np.stack([polygon.mean(0) for polygon in regions.polygons])
    said = (middles * regions.slopes[:, 0]).sum(1) + regions.intercepts[:, 0]
    np.testing.assert_allclose(said, LEAKY.values(middles, 0, turn)[-1][:, 0], atol=1e-10)


def test_a_leak_is_of_its_turn_or_of_all():
    assert [LEAKY.leak(turn) for turn in range(4)] == list(LEAKS)
    assert [relu_net(leaks=(0.2,)).leak(turn) for turn in (0, 3)] == [0.2, 0.2]
    assert relu_net().leak(5) == 0.0
    assert LEAKY.header()["leaks"] == LEAKS


# The tally.


def test_the_tally_counts_beside_other_numbers():
    known = bounds((6, 5))
    tally = NetTally(net=LEAKY, labels=("shallow", "typical"),
                     values=[known["shallow"], known["typical"]])  # fmt: skip
    for turn in range(4):
        (words,) = tally.plain(0, turn)
        assert type(words) is Text
        assert words.texts == (
            f"here: {len(exact(LEAKY, 0, turn))}",
            f"shallow: {1 + 11 + 55}",
            f"typical: {number(known['typical'])}",
        )
        assert (words.xy > 0).all() and (words.xy < 1).all()
        assert (np.diff(words.xy[:, 1]) < 0).all()
    assert Panel("tally", Axis("", 0, 1), Axis("", 0, 1), (tally,)).bare


# What does not fit.


def test_colors_that_there_are_not():
    with pytest.raises(ValueError, match=r"expected by to be one of .* got 'hue'"):
        NetRegions(net=relu_net(), by="hue")


def test_networks_that_do_not_fit_their_scene():
    with pytest.raises(ValueError, match="expected a network of 1 runs and 1 frames"):
        scene_of(NetRegions(net=LEAKY))
    with pytest.raises(ValueError, match="expected a network of 4 runs and 2 frames"):
        scene_of(NetRegions(net=relu_net(runs=4, frames=3)), frames=2, knob=KNOB)


def test_a_tally_needs_a_value_for_each_label():
    tally = NetTally(net=relu_net(), labels=("a", "b"), values=[1.0])
    with pytest.raises(ValueError, match="zip"):
        tally.plain(0, 0)


# What the player is sent.


def test_marks_are_sent_with_one_network_and_no_polygons():
    marks = (NetRegions(net=LEAKY, by="size", boundary=True, hinges=False),
             NetTally(net=LEAKY, labels=("a", "b"), values=[3.0, 40.0]))  # fmt: skip
    packed = scene_of(*marks, knob=KNOB).pack()
    header, array = unpack(packed)
    (net,) = header["nets"]
    assert net["leaks"] == list(LEAKS) and net["span"] == 1.5
    np.testing.assert_array_equal(array(net["parameters"]), LEAKY.parameters)
    regions, tally = header["panels"][0]["layers"]
    assert (regions["kind"], tally["kind"]) == ("NetRegions", "NetTally")
    assert (regions["by"], regions["boundary"], regions["hinges"]) == ("size", True, False)
    assert regions["net"] == tally["net"] == 0
    assert tally["labels"] == ["a", "b"]
    np.testing.assert_array_equal(array(tally["arrays"]["values"]), [3, 40])
    assert {"viridis", "diverging", "labels"} <= set(header["colormaps"])
    assert len(packed) < 20_000


# Captions.


def test_captions_count_the_regions_that_are_drawn():
    net = relu_net(runs=4, frames=3, leaks=LEAKS)
    scene = scene_of(
        NetRegions(net=net), frames=3, knob=KNOB, captions=("{regions} at {knob}, step {frame}",)
    )
    for turn in range(4):
        for frame in range(3):
            count = number(len(exact(net, frame, turn)))
            assert scene.caption(frame, turn) == f"{count} at {number(LEAKS[turn])}, step {frame}"
    assert scene.to_png(-1, 3, width=200)[:4] == b"\x89PNG"


MANY = relu_net((64,), seed=3)


def test_the_tally_tells_a_count_of_four_digits_in_full():
    tally = NetTally(net=MANY, labels=("a", "b", "c"), values=[2081, 2047.5, 123456])
    (words,) = tally.plain(0, 0)
    assert words.texts == (f"here: {len(exact(MANY))}", "a: 2081", "b: 2050", "c: 1.23e5")
    assert len(exact(MANY)) % 10 and len(exact(MANY)) > 1000


def test_captions_tell_a_count_of_four_digits_in_full():
    scene = scene_of(NetRegions(net=MANY), captions=("{regions}",))
    assert scene.caption(0) == str(len(exact(MANY)))
