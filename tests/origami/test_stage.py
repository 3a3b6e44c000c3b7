"""The main picture of origami: its networks, numbers and bounds, and what it weighs."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.grids import grid
from dlviz.layers import Curve
from dlviz.net_layers import NetDrawing, NetMap, NetPoints
from dlviz.origami.choices import COLORS, VALUES, edited, knobs_for
from dlviz.origami.compute import (
    OrigamiConfig,
    architecture_of,
    facts,
    layers_of,
    smooth,
    unfold,
)
from dlviz.origami.constructions import course_of, random_network, trained_network
from dlviz.origami.figures import KNOBS, origami_scene
from dlviz.origami.learning import FRAMES, learned, moments_of, points_of
from dlviz.origami.stage import DRAWN, swept_net
from dlviz.region_layers import COLORED_BY, NetRegions, NetTally
from dlviz.regions import bounds
from dlviz.words import number

RANDOM = OrigamiConfig(hidden=(5, 4))
TRAINED = OrigamiConfig("trained", hidden=(4, 3), steps=12)
KINDS = {
    "random": RANDOM,
    "folds": OrigamiConfig("folds", hidden=(4, 4)),
    "folded_lines": OrigamiConfig("folded_lines", hidden=(4, 5)),
    "trained": TRAINED,
}
SMOOTH = replace(RANDOM, activation="sigmoid")
LARGEST = {
    "random": OrigamiConfig(hidden=(64, 64, 64)),
    "deep": OrigamiConfig(hidden=(32,) * 6),
    "folds": OrigamiConfig("folds", hidden=(4,) * 6),
    "folded_lines": OrigamiConfig("folded_lines", hidden=(8, 8, 8)),
    "trained": OrigamiConfig("trained", hidden=(64, 64, 64), steps=60),
}
BUDGET = 1_500_000
MODEST = settings(max_examples=25, deadline=None)


def some_values(field):
    """Return five of a knob's values, both ends among them."""
    values = VALUES[field]
    return tuple(values[i] for i in np.linspace(0, len(values) - 1, 5).round().astype(int))


def mark(scene, panel, kind):
    (found,) = [layer for layer in scene.panel(panel).layers if type(layer) is kind]
    return found


@cache
def scene_of(config, field, **options):
    return origami_scene(config, field, some_values(field), **options)


# Every network, knob and color.


@pytest.mark.parametrize("kind", KINDS)
def test_captions_count_what_unfolding_counts_at_every_turn(kind):
    for field in knobs_for("relu", kind):
        scene = scene_of(KINDS[kind], field)
        values = some_values(field)
        assert scene.turns == (1 if kind == "trained" else 5)
        for turn in range(scene.turns):
            config = replace(KINDS[kind], **{field: values[turn]})
            # The player gets its numbers as float32, and so do stills.
            rounded = np.float32(architecture_of(config).parameters(layers_of(config)))
            config = replace(config, parameters=tuple(rounded.tolist()))
            if kind == "trained":
                config = replace(config, leak=TRAINED.leak)
            said = scene.caption(-1, turn)
            assert f"regions: {number(len(unfold(config).regions))}, of " in said
            assert "{" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_folds_and_lines_are_counted_as_they_are_without_a_leak(kind):
    config = KINDS[kind]
    if kind == "trained":
        return
    scene = origami_scene(config, "leak", (0.0,))
    said = f"regions: {len(unfold(config).regions)}, of {sum(config.hidden)} units"
    assert said in scene.caption(0)
    lines = sum(config.hidden)
    assert f"at most {1 + lines + lines * (lines - 1) // 2} · slope below 0: 0" in scene.caption(0)


@pytest.mark.parametrize("field", ["bias_scale", "weight_scale", "leak"])
@pytest.mark.parametrize("kind", ["random", "folds", "folded_lines"])
def test_the_networks_are_those_of_their_settings(kind, field):
    config, values = KINDS[kind], some_values(field)
    net = swept_net(config, field, values)
    assert net.hidden == ("relu", "relu") and net.sizes == (2, *config.hidden, 1)
    for turn, value in enumerate(values):
        each = replace(config, **{field: value})
        for ours, theirs in zip(net.layers(0, turn), layers_of(each), strict=True):
            for a, b in zip(ours, theirs, strict=True):
                np.testing.assert_allclose(a, b, rtol=1e-7, atol=0)
        assert net.leak(turn) == each.leak


@pytest.mark.parametrize("by", COLORED_BY)
@pytest.mark.parametrize("hinges", [False, True])
def test_colors_and_lines_are_handed_to_the_mark(by, hinges):
    scene = scene_of(RANDOM, "leak", by=by, hinges=hinges)
    regions = mark(scene, "plane", NetRegions)
    assert (regions.by, regions.hinges, regions.boundary) == (by, hinges, False)
    assert set(COLORS) == set(COLORED_BY)


@pytest.mark.parametrize("field", KNOBS)
def test_the_knob_has_its_words_and_its_values(field):
    scene = scene_of(SMOOTH if field == "sharpness" else RANDOM, field)
    assert (scene.knob.name, scene.knob.label) == (field, KNOBS[field])
    assert scene.knob.values == some_values(field)
    words = {label for _, label in scene.knob.marks}
    assert words == ({"ReLU", "|z|", "linear"} if field == "leak" else set())


@pytest.mark.parametrize("span", [0.25, 1.0, 8.0])
def test_the_window_is_as_wide_as_it_is_set(span):
    config = replace(RANDOM, span=span)
    panel = scene_of(config, "leak").panel("plane")
    assert (panel.x.low, panel.x.high, panel.y.low, panel.y.high) == (-span, span) * 2
    assert panel.equal
    assert mark(scene_of(config, "leak"), "plane", NetRegions).net.span == span


@given(
    hidden=st.lists(st.integers(1, 12), max_size=3).map(tuple),
    kind=st.sampled_from(["random", "trained"]),
    activation=st.sampled_from(["relu", "sigmoid"]),
    seed=st.integers(0, 99),
    leak=st.sampled_from([-1.0, 0.0, 0.4, 1.0]),
    span=st.sampled_from([0.25, 1.0, 8.0]),
)
@MODEST
def test_every_setting_gives_a_picture(hidden, kind, activation, seed, leak, span):
    config = OrigamiConfig(kind, hidden, seed=seed, activation=activation, leak=leak, span=span,
                           steps=3)  # fmt: skip
    for field in knobs_for(activation, kind):
        scene = origami_scene(config, field, some_values(field)[:2])
        assert all(panel.alt for panel in scene.panels)
        for turn in range(scene.turns):
            assert "{" not in scene.caption(0, turn) + scene.caption(-1, turn)
        assert 0 < len(scene.pack()) < BUDGET


@pytest.mark.parametrize("kind", KINDS)
def test_stills_are_drawn(kind):
    scene = scene_of(KINDS[kind], "leak")
    assert scene.to_png(-1, scene.turns - 1, width=240)[:4] == b"\x89PNG"
    assert len(scene.to_plotly(-1, scene.turns - 1).data) > 2
    smooth_scene = scene_of(replace(KINDS[kind], activation="sigmoid"), "sharpness")
    assert smooth_scene.to_png(-1, width=240)[:4] == b"\x89PNG"


def test_a_network_without_hidden_layers_is_one_piece():
    scene = origami_scene(OrigamiConfig(hidden=()), "leak", (0.0, 1.0))
    assert "regions: 1, of 0 units" in scene.caption(0)
    assert mark(scene, "plane", NetRegions).net.sizes == (2, 1)
    assert scene.to_png(width=240)[:4] == b"\x89PNG"
    learning = origami_scene(OrigamiConfig("trained", hidden=(), steps=5), "leak", (0.0,))
    assert learning.frames == 6 and learning.to_png(width=240)[:4] == b"\x89PNG"


# The drawing, the bounds.


@pytest.mark.parametrize(("units", "drawn"), [(1, True), (DRAWN, True), (DRAWN + 1, False)])
def test_wide_networks_are_not_drawn(units, drawn):
    names = [panel.name for panel in origami_scene(
        OrigamiConfig(hidden=(2, units)), "leak", (0.0,)).panels]  # fmt: skip
    assert names == ["plane", "network", "tally"] if drawn else ["plane", "tally"]


def test_the_drawing_shows_the_same_network_as_the_plane():
    for kind in KINDS.values():
        scene = scene_of(kind, "leak")
        nets = {id(layer.net) for panel in scene.panels for layer in panel.layers
                if hasattr(layer, "net")}  # fmt: skip
        assert len(nets) == 1
        drawing = mark(scene, "network", NetDrawing)
        assert (drawing.names, drawing.outputs) == (("x₁", "x₂"), ("output",))


@pytest.mark.parametrize("hidden", [(), (3,), (5, 4), (4, 4, 4)])
@pytest.mark.parametrize("leak", [0.0, 0.3])
def test_the_tally_holds_the_bounds(hidden, leak):
    config = OrigamiConfig(hidden=hidden, leak=leak)
    tally = mark(origami_scene(config, "leak", (leak,)), "tally", NetTally)
    rows = dict(zip(tally.labels, tally.values.tolist(), strict=True))
    known, n = bounds(hidden), sum(hidden)
    assert rows["one layer: at most"] == 1 + n + n * (n - 1) // 2
    assert rows["folds make"] == known["montufar"]
    assert rows["at most"] == known["montufar_upper" if leak else "serra"]
    assert rows["by chance: N²/2"] == (n * n / 2 if n else 1)
    assert len(unfold(config).regions) <= rows["at most"]


def test_no_fold_is_claimed_where_none_is_known():
    tally = mark(origami_scene(OrigamiConfig(hidden=(2, 1)), "leak", (0.0,)), "tally", NetTally)
    assert "folds make" not in tally.labels
    known = facts(unfold(OrigamiConfig(hidden=(2, 1), seed=40)))
    assert known["montufar"] is known["pascanu"] is None
    assert known["regions"] > bounds((2, 1))["montufar"]


# Sigmoids.


@pytest.mark.parametrize("hidden", [(), (3,), (4, 3), (3, 4, 2)])
def test_sigmoids_are_those_of_the_engine(hidden):
    config = OrigamiConfig(hidden=hidden, activation="sigmoid", span=2.0)
    values = some_values("sharpness")
    fields = smooth(config, values, size=20).values.reshape(5, -1)
    net = swept_net(config, "sharpness", values)
    points = grid(((-2.0, 2.0),) * 2, 20).points.reshape(-1, 2)
    for turn in range(5):
        ours = net.values(points, 0, turn)[-1][:, 0]
        np.testing.assert_allclose(ours, fields[turn], rtol=2e-4, atol=2e-4)


def test_sigmoids_have_no_regions_and_say_so():
    scene = scene_of(SMOOTH, "sharpness")
    assert [panel.name for panel in scene.panels] == ["plane", "network"]
    assert type(scene.panel("plane").layers[0]) is NetMap
    for turn, value in enumerate(some_values("sharpness")):
        assert scene.caption(0, turn).endswith(f"no flat pieces to count · k = {number(value)}")
    assert "sharpness of the sigmoids" in scene.knob.label


# Training: torch.


def torch_course(config, steps):
    """Train with torch: its gradients, its loss, its Adam; parameters and losses of each step."""
    layers, data = random_network(config), points_of(config.dataset, config.span)
    ws = [torch.tensor(a, requires_grad=True) for pair in zip(*layers, strict=True) for a in pair]
    x, t = torch.tensor(data.x), torch.tensor(data.y, dtype=torch.float64)
    adam = torch.optim.Adam(ws, lr=config.lr)
    rows, losses = [], []
    for _ in range(steps + 1):
        values = x
        for i in range(0, len(ws), 2):
            values = torch.nn.functional.linear(values, ws[i], ws[i + 1])
            values = values.relu() if i + 2 < len(ws) else values
        loss = torch.nn.functional.binary_cross_entropy_with_logits(values[:, 0], t)
        rows.append(np.concatenate([
            torch.cat([w, b[:, None]], dim=1).detach().numpy().ravel()
            for w, b in zip(ws[::2], ws[1::2], strict=True)]))  # fmt: skip
        losses.append(float(loss.detach()))
        adam.zero_grad()
        loss.backward()
        adam.step()
    return np.array(rows), np.array(losses)


@pytest.mark.parametrize("hidden", [(), (4,), (4, 3)])
@pytest.mark.parametrize("dataset", ["circle", "moons"])
def test_learning_is_adam_on_the_cross_entropy_as_in_torch(hidden, dataset):
    config = OrigamiConfig("trained", hidden, dataset=dataset, steps=12, seed=3)
    parameters, losses = course_of(config)
    theirs, their_losses = torch_course(config, 12)
    np.testing.assert_allclose(parameters, theirs, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(losses, their_losses, rtol=1e-9)


@pytest.mark.parametrize("steps", [0, 1, 59, 60, 61, 300, 2000])
def test_a_film_has_61_frames_at_most_and_both_ends(steps):
    moments = moments_of(steps, 100)
    assert len(moments) == min(steps, FRAMES) + 1
    assert moments[0] == 0 and moments[-1] == steps
    assert (np.diff(moments) >= 1).all()


def test_what_is_recorded_in_between_is_what_a_shorter_run_ends_with():
    long = OrigamiConfig("trained", hidden=(3,), steps=120)
    parameters, losses = course_of(long)
    short = replace(long, steps=40)
    at = moments_of(120, 13).index(40)
    np.testing.assert_array_equal(parameters[at], course_of(short)[0][-1])
    assert losses[at] == course_of(short)[1][-1]


@pytest.mark.parametrize("dataset", ["circle", "xor", "gauss", "moons"])
def test_networks_learn(dataset):
    config = OrigamiConfig("trained", hidden=(8, 8), dataset=dataset, steps=300)
    scene = origami_scene(config, "leak", (0.0,))
    losses = scene.readouts["loss"][0]
    assert len(losses) == scene.frames == 61
    assert losses[-1] < 0.25 * losses[0]
    assert (np.diff(losses) < 0).mean() > 0.8
    net = mark(scene, "plane", NetRegions).net
    end = architecture_of(config).parameters(trained_network(config))
    np.testing.assert_allclose(net.parameters[0, -1], end, rtol=1e-6, atol=1e-7)
    points = mark(scene, "plane", NetPoints)
    right = (net.field(points.xy, -1, 0) > 0) == points.classes
    assert right.mean() > 0.95
    assert np.abs(points.xy).max() <= config.span


def test_a_film_tells_step_loss_and_regions_and_shows_the_boundary():
    scene = scene_of(TRAINED, "leak")
    assert [panel.name for panel in scene.panels] == ["plane", "network", "loss"]
    assert scene.knob is None and scene.frames == 13
    regions = mark(scene, "plane", NetRegions)
    assert regions.boundary
    curve = mark(scene, "loss", Curve)
    losses = course_of(TRAINED)[1]
    np.testing.assert_allclose(curve.y, losses, rtol=1e-6)
    for frame in (0, 5, 12):
        count = number(len(regions.regions(frame, 0)))
        loss = number(np.float32(losses[frame]))
        assert scene.caption(frame).startswith(f"step {frame} · loss {loss} · regions: {count},")


def test_films_name_their_frames_by_step():
    scene = origami_scene(replace(TRAINED, steps=200), "leak", (0.0,))
    assert scene.caption(-1).startswith("step 200 ·")
    assert scene.numbers == moments_of(200, 31)
    ends = scene.panel("loss")
    assert (ends.x.low, ends.x.high) == (0, 200)
    still = origami_scene(replace(TRAINED, steps=0), "leak", (0.0,))
    assert still.frames == 1 and still.panel("loss").x.high == 1


@pytest.mark.parametrize("lr", [0.001, 0.02, 1.0])
def test_what_runs_away_has_a_picture_too(lr):
    config = replace(TRAINED, lr=lr, span=8.0, steps=200)
    scene = origami_scene(config, "leak", (0.0,))
    axis = scene.panel("loss").y
    assert 0 < axis.low < axis.high
    assert np.isfinite(course_of(config)[1]).all()
    assert "{" not in scene.caption(-1)


def test_courses_are_read_only_and_kept():
    start = tuple(np.arange(9.0).tolist())
    first = learned(start, (2,), "circle", 3, 0.1, 1.0)
    assert learned(start, (2,), "circle", 3, 0.1, 1.0) is first
    assert not any(array.flags.writeable for array in first)


# Budgets.


@pytest.mark.parametrize("kind", LARGEST)
def test_the_largest_networks_are_sent_within_the_budget(kind):
    config = LARGEST[kind]
    field = next(iter(knobs_for("relu", config.network)))
    scene = origami_scene(config, field, VALUES[field])
    assert len(scene.pack()) <= BUDGET


def test_wide_networks_have_fewer_frames_and_both_ends():
    assert len(moments_of(2000, 8577)) == 34
    assert moments_of(2000, 8577)[::33] == (0, 2000)


# Edits by hand.


def test_edits_change_the_trace_of_their_turn_alone():
    config = replace(RANDOM, bias_scale=1.0)
    plain = unfold(config)
    after = edited(config, "bias_scale", "0@1;0=3;2=-0.5")
    assert after.parameters[0] == 3 and after.parameters[2] == -0.5
    assert len(unfold(after).regions) != len(plain.regions)
    before = architecture_of(config).parameters(layers_of(config))
    np.testing.assert_array_equal(after.parameters[3:], before[3:])
    assert edited(config, "bias_scale", "0@0.5;0=3") is config


def test_edits_of_a_trained_network_are_of_a_step():
    rows = course_of(TRAINED)[0]
    after = edited(TRAINED, "leak", "5@0;1=2.5")
    wanted = rows[5].copy()
    wanted[1] = 2.5
    np.testing.assert_array_equal(after.parameters, wanted)
    swapped = edited(TRAINED, "leak", "12@0;s0")
    assert len(unfold(swapped).regions) == len(unfold(TRAINED).regions)
    assert edited(TRAINED, "leak", "77@0;1=2.5") is TRAINED


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "0@1", "0@1;", "0@1;x=1", "0@1;999999=1", "0@1;0=1e9", "0@1;s7", "0@1;r0.0=0",
     "0@;0=1", "0@..;0=1", "-1@1;0=1", "0@1;0=nan", "0@1;" + ";".join(["0=1"] * 101), "é@1;0=1"],
)  # fmt: skip
def test_edits_that_make_no_sense_are_none(text):
    assert edited(replace(RANDOM, bias_scale=1.0), "bias_scale", text).parameters == ()
    assert edited(TRAINED, "leak", text.replace("@1", "@0")).parameters == ()


@given(st.text(max_size=30))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_a_link(text):
    assert isinstance(edited(RANDOM, "bias_scale", text), OrigamiConfig)
    assert isinstance(edited(RANDOM, "bias_scale", "0@1;" + text), OrigamiConfig)
