"""The lab's engine: runs, what is shown to them, and what the page says of them."""

import contextlib
import io
import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, log_loss
from torch.nn import functional

from dlviz.filters import shipped
from dlviz.filters.compute import (
    FiltersConfig,
    activations,
    answers,
    count_parameters,
    facts,
    learn,
    learning,
    outcome_sentence,
    picture_of,
    shown_under,
    steps,
    train,
)
from dlviz.filters.config import SHOWN
from dlviz.filters.script import script
from dlviz.filters.traces import data_of, moments, shuffle, updates_of
from dlviz.picture_sets import pictures
from dlviz.torch_threads import one_thread
from tests.test_architecture import ROOT

SHORT = FiltersConfig(architecture="conv 4 3; norm; pool 2; dropout 0.2; dense 8", epochs=2)
RUN = train(SHORT)


def test_a_run_is_its_config_and_seed():
    again = train(replace(SHORT, picture=7, angle=90.0))
    assert (again.numbers == RUN.numbers).all()
    assert again.config == RUN.config == SHORT
    assert (train(replace(SHORT, seed=1)).numbers[0] != RUN.numbers[0]).any()


def test_each_moment_is_yielded_and_the_last_is_the_whole():
    seen = list(learn(SHORT))
    assert [len(t.updates) for t in seen] == list(range(1, len(RUN.updates) + 1))
    assert tuple(RUN.updates) == moments(SHORT)
    assert seen[-1].share == 1 > seen[0].share == 0
    assert moments(SHORT)[-1] == updates_of(SHORT, 2) == 2 * (1442 // 32)


def test_losses_and_accuracy_are_scikit_learns():
    data = data_of("digits", False)
    for frame in (0, -1):
        found = answers(RUN, data.test_x, frame)
        assert RUN.test_accuracy[frame] == accuracy_score(data.test_y, found.argmax(1))
        wanted = log_loss(data.test_y, found, labels=range(10))
        assert RUN.test_losses[frame] == pytest.approx(wanted, rel=1e-4)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 199), st.integers(0, 24))
def test_feature_maps_are_conv2d_of_the_filter_that_is_shown(picture, frame):
    run = train(FiltersConfig())
    x = picture_of(FiltersConfig(picture=picture))[None].astype(np.float64)
    weights, biases = run.weights(frame)[0]
    wanted = functional.conv2d(*map(torch.from_numpy, (x, weights, biases)), padding=1)
    np.testing.assert_allclose(activations(run, x, frame)[0], wanted.numpy(), atol=1e-10)


@pytest.mark.parametrize("name", shipped.RUNS)
def test_what_comes_trained_is_of_its_config(name):
    run = shipped.shipped(shipped.RUNS[name])
    assert run is not None
    assert run.config == shipped.RUNS[name]
    assert tuple(run.updates) == moments(run.config)
    assert run.numbers.shape == (len(run.updates), run.net.numbers)
    data = data_of(run.config.dataset, run.config.shuffled)
    right = (answers(run, data.test_x).argmax(1) == data.test_y).mean()
    assert run.test_accuracy[-1] == pytest.approx(right, abs=1e-9)


def test_what_comes_trained_is_what_the_command_makes():
    run = shipped.RUNS["digits"]
    *_, made = learn(run)
    kept = train(run)
    # Sums may be rounded otherwise on another processor, and grow apart with each update.
    np.testing.assert_allclose(made.numbers[:8], kept.numbers[:8], atol=2e-3)
    np.testing.assert_allclose(made.test_accuracy[-1], kept.test_accuracy[-1], atol=0.015)


def test_the_default_reaches_97_percent():
    assert train(FiltersConfig()).test_accuracy[-1] >= 0.97
    assert len(list(steps(FiltersConfig()))) == 1  # it comes trained


def test_parameters_are_the_courses():
    assert count_parameters(shipped.RUNS["printed"]) == 21_840
    assert count_parameters(FiltersConfig()) == 80 + 1168 + (64 + 1) * 32 + 330


def test_shuffled_pixels_are_all_there():
    data, mixed = data_of("digits", False), data_of("digits", True)
    assert (np.sort(data.x.reshape(-1, 64)) == np.sort(mixed.x.reshape(-1, 64))).all()
    assert (data.x != mixed.x).any()
    first = picture_of(FiltersConfig(shuffled=True))
    assert (first == shuffle(picture_of(FiltersConfig()))).all()


def test_a_dense_layer_is_blind_to_the_order_of_pixels():
    run = train(shipped.RUNS["perceptron"])
    x = pictures("shapes").test_x[:5]
    numbers = np.array(run.numbers[-1], np.float64)
    size = 24 * 784
    moved = numbers.copy()
    moved[:size] = shuffle(numbers[:size].reshape(24, 28, 28)).ravel()
    from dlviz.cnn import forward

    ours, theirs = forward(run.net, numbers, x)[-1], forward(run.net, moved, shuffle(x))[-1]
    np.testing.assert_allclose(ours, theirs, atol=1e-9)


def test_pictures_are_shown_under_every_turn():
    values = (-90.0, 0.0, 90.0)
    turned = shown_under(FiltersConfig(), "angle", values)
    plain = picture_of(FiltersConfig())
    np.testing.assert_allclose(turned[1], plain)
    np.testing.assert_allclose(turned[2, 0], np.rot90(plain[0]), atol=1e-6)
    of_each = shown_under(FiltersConfig(), "picture", tuple(range(10)))
    assert of_each.shape == (10, 1, 8, 8)
    found = {x.tobytes() for x in pictures("digits").test_x}
    assert all(x.tobytes() in found for x in of_each)


def test_a_drawing_is_shown_as_it_was_drawn():
    drawing = "0123456789abcdef" * 4
    shown = picture_of(FiltersConfig(source="drawn", drawing=drawing))
    np.testing.assert_allclose(shown.ravel()[:16], np.arange(16) / 15, atol=1e-6)
    assert not picture_of(FiltersConfig(source="drawn")).any()
    assert facts(RUN, FiltersConfig(source="drawn", drawing=drawing))["label"] is None


configs = st.builds(
    FiltersConfig,
    picture=st.integers(0, 199),
    source=st.sampled_from(["test", "drawn"]),
    angle=st.floats(-180, 180),
    shift=st.floats(-8, 8),
    noise=st.floats(0, 1),
    shuffled=st.booleans(),
)


@settings(max_examples=30, deadline=None)
@given(configs)
def test_whatever_is_shown_lies_between_black_and_white(config):
    shown = picture_of(config)
    assert shown.shape == (1, 8, 8)
    assert (shown >= 0).all()
    assert (shown <= 1).all()
    assert (shown == picture_of(config)).all()
    known = {f.name: getattr(FiltersConfig(), f.name) for f in fields(FiltersConfig)}
    assert all(getattr(learning(config), name) == known[name] for name in SHOWN)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"dataset": "cats"}, "expected dataset in digits, .*, got 'cats'"),
        ({"architecture": "pool 2; conv 16 5"}, "a 5x5 kernel does not fit a 4x4 map"),
        ({"architecture": "dense 512; dense 512"}, "number of parameters <= 62000"),
        ({"epochs": 41}, "expected 0 <= epochs <= 40, got 41"),
        ({"lr": 0.0}, "expected 0 < lr <= 1, got 0.0"),
        ({"batch_size": 0}, "expected 1 <= batch_size <= 512, got 0"),
        ({"picture": 200}, "expected 0 <= picture <= 199, got 200"),
        ({"drawing": "xyz"}, "expected nothing or 64 hexadecimal digits"),
        ({"source": "web"}, "expected source in test, drawn, got 'web'"),
        ({"angle": 181.0}, "expected -180 <= angle <= 180, got 181.0"),
    ],
)  # fmt: skip
def test_a_bad_setting_is_said_in_a_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        FiltersConfig(**wrong)


def test_numbers_that_run_away_are_an_outcome():
    run = train(replace(SHORT, lr=1.0, epochs=1, architecture="conv 4 3; dense 200"))
    assert run.outcome in ("diverged", "guesses")
    assert outcome_sentence(run).endswith(".")
    assert facts(run, FiltersConfig())["outcome"] == run.outcome


def test_the_script_is_the_same_run():
    with contextlib.redirect_stdout(io.StringIO()) as printed, one_thread():
        exec(script(SHORT), {"__name__": "script"})
    assert_accuracy(printed.getvalue(), RUN)


def test_the_script_runs_on_its_own():
    config = replace(SHORT, shuffled=True, architecture="mean 2; dense 6")
    done = subprocess.run([sys.executable, "-c", script(config)], cwd=ROOT, text=True,
                          capture_output=True, check=True)  # fmt: skip
    assert_accuracy(done.stdout, train(config))


def assert_accuracy(printed, run):
    said = float(printed.split(":")[1])
    assert said == pytest.approx(run.test_accuracy[-1], abs=0.006)
