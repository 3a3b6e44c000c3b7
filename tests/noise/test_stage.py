"""The picture of mini-batches as data, its words and its script."""

import io
import json
import zlib
from contextlib import redirect_stdout
from dataclasses import replace

import numpy as np
import pytest

from dlviz.noise.compute import (
    NoiseConfig,
    batch_sizes,
    floor,
    outcome_sentence,
    problem_of,
    run,
    scatter,
    script,
    sweep,
    table,
)
from dlviz.noise.figures import noise_scene
from dlviz.noise.stage import DEALT, DEALT_NOW, MOST_FRAMES, WAITING
from dlviz.optimizers import SCHEDULES

SIZES = batch_sizes(60)


def scene_of(**settings):
    config = NoiseConfig(**settings)
    traces = sweep(config, SIZES)
    return noise_scene(traces), traces


def layers(panel, kind):
    return [layer for layer in panel.layers if type(layer).__name__ == kind]


@pytest.mark.parametrize("clock", ["epochs", "updates"])
def test_each_frame_shows_the_weights_of_its_sample_or_update(clock):
    scene, traces = scene_of(epochs=3, clock=clock, updates=90)
    path = layers(scene.panel("weights"), "Path")[0]
    for turn in (0, 3, len(SIZES) - 1):
        for frame in (0, 7, 60, scene.frames - 1):
            count = scene.number(frame)
            done = count if clock == "updates" else sum(traces[turn].seen[1:] <= count)
            wanted = traces[turn].points[done]
            np.testing.assert_allclose(path.at("xy", 0, turn)[frame], wanted, rtol=1e-6)
    loss = layers(scene.panel("loss"), "Curve")[0]
    problem = problem_of(traces[0].config)
    above = traces[3].losses[-1] - problem.loss(problem.minimum)
    assert loss.at("y", 0, 3)[-1] == pytest.approx(above, rel=1e-4)


def test_the_deck_shows_what_was_dealt():
    scene, traces = scene_of(epochs=2)
    cards = layers(scene.panel("deck"), "Points")[0]
    turn = SIZES.index(20)
    batches = traces[turn].batches
    for frame in range(0, scene.frames, 10):
        done = frame // 20
        states = cards.at("classes", frame, turn)
        wanted = np.full(60, WAITING)
        for batch in batches[3 * ((done - 1) // 3) : done - 1] if done else ():
            wanted[batch] = DEALT
        if done:
            wanted[batches[done - 1]] = DEALT_NOW
        np.testing.assert_array_equal(states, wanted)


def test_the_histogram_is_of_estimates_and_the_bell_of_theory():
    scene, _ = scene_of(replacement=True)
    plain, stairs, bell = layers(scene.panel("estimates"), "Curve")
    np.testing.assert_array_equal(plain.y, bell.y)
    middle = bell.x.astype(float)
    for turn in (3, 8):
        seen, theory = stairs.at("y", 0, turn)[::2], bell.at("y", 0, turn)
        assert seen.sum() == pytest.approx(1, abs=1e-5)
        mean = (seen * middle).sum()
        spread = np.sqrt((seen * (middle - mean) ** 2).sum())
        config = NoiseConfig(replacement=True, batch_size=SIZES[turn])
        single = problem_of(config).gradients(np.array(config.start))
        wanted = scatter(single, SIZES[turn], replacement=True)[0]
        assert spread == pytest.approx(wanted, rel=0.1)
        assert np.sqrt((theory * (middle - mean) ** 2).sum()) == pytest.approx(wanted, rel=0.1)


def test_of_a_deck_the_bell_is_narrower_than_that_of_batches_drawn_anew():
    plain, stairs, bell = layers(scene_of()[0].panel("estimates"), "Curve")
    middle, turn = bell.x.astype(float), SIZES.index(30)
    spreads = [
        np.sqrt((y * (middle - (y * middle).sum()) ** 2).sum())
        for y in (plain.at("y", 0, turn), bell.at("y", 0, turn), stairs.at("y", 0, turn)[::2])
    ]
    assert spreads[1] / spreads[0] == pytest.approx(np.sqrt(30 / 59), rel=0.05)
    assert spreads[2] == pytest.approx(spreads[1], rel=0.1)


@pytest.mark.parametrize("clock", ["epochs", "updates"])
def test_another_run_stands_in_the_picture_gray(clock):
    config = NoiseConfig(clock=clock)
    pinned = run(NoiseConfig(clock=clock, lr=0.3, batch_size=8))
    scene = noise_scene(sweep(config, SIZES), pinned)
    weights, loss = scene.panel("weights"), scene.panel("loss")
    assert weights.title == "gray: pinned, B = 8, η = 0.3"
    np.testing.assert_allclose(layers(weights, "Path")[0].xy, pinned.points, rtol=1e-6)
    gray = layers(loss, "Curve")[0]
    problem = problem_of(config)
    np.testing.assert_allclose(
        gray.y, pinned.losses - problem.loss(problem.minimum), rtol=1e-5, atol=1e-7
    )
    assert gray.x[-1] == (pinned.seen[-1] if clock == "epochs" else 150)
    other = noise_scene(sweep(config, SIZES), run(NoiseConfig(clock=clock, task="logistic")))
    assert len(layers(other.panel("weights"), "Path")) == 2  # of other data there is no way here


def test_the_dashed_line_is_the_floor_and_gone_with_a_schedule():
    scene, traces = scene_of()
    line = layers(scene.panel("loss"), "Segments")[0]
    assert line.at("xy", 0, 2)[0, :, 1] == pytest.approx(floor(traces[2].config), rel=1e-6)
    scene, _ = scene_of(schedule="cosine")
    assert np.isnan(layers(scene.panel("loss"), "Segments")[0].xy).all()


@pytest.mark.parametrize(
    "settings", [{"samples": 120, "epochs": 20}, {"clock": "updates", "updates": 1200}]
)
def test_the_largest_pictures_keep_to_their_bytes(settings):
    config = NoiseConfig(**settings)
    scene = noise_scene(sweep(config, batch_sizes(config.samples)))
    assert scene.frames <= MOST_FRAMES + 1
    assert len(zlib.compress(scene.pack(), 1)) < 1e6
    json.dumps(scene.captions, allow_nan=False)


def test_the_words_and_the_table_have_the_numbers():
    trace = run(NoiseConfig())
    assert "150 updates with 4 of 60 samples" in outcome_sentence(trace)
    rows = table(sweep(NoiseConfig(), SIZES))
    assert [row[0] for row in rows] == [str(size) for size in SIZES]
    assert "runs away" in outcome_sentence(run(NoiseConfig(lr=2.0, batch_size=1)))


@pytest.mark.parametrize("task", ["mean", "linear", "logistic"])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_script_ends_where_the_run_does(task, schedule):
    config = NoiseConfig(task=task, schedule=schedule, momentum=0.5, batch_size=7, epochs=2)
    for each in (config, replace(config, replacement=True)):
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(script(each), {})
        np.testing.assert_allclose(json.loads(printed.getvalue()), run(each).points[-1], rtol=1e-9)


@pytest.mark.parametrize("at", [0, 50])
@pytest.mark.parametrize(
    "changes",
    [
        {"lr": 0.03},
        {"batch_size": 12, "schedule": "cosine"},
        {"replacement": True, "momentum": 0.3},
        {"clock": "updates", "updates": 80, "lr": 0.02, "batch_size": 3},
    ],
)
def test_the_script_of_a_branch_ends_where_it_does(changes, at):
    shared = {name: changes[name] for name in ("clock", "updates") if name in changes}
    trunk = NoiseConfig(batch_size=7, epochs=3, momentum=0.5, schedule="inverse_time", **shared)
    config = replace(trunk, **changes)
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(script(config, (at, trunk)), {})
    wanted = run(config, (at, trunk)).points[-1]
    np.testing.assert_allclose(json.loads(printed.getvalue()), wanted, rtol=1e-9)
