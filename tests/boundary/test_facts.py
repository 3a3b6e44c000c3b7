"""The numbers stated about a run against other ways to them, and the sentence on its end."""

import inspect
import re
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from sklearn.dummy import DummyClassifier

from dlviz.boundary.compute import (
    BoundaryConfig,
    Outcome,
    branch,
    outcome_sentence,
    predictions,
    sweep,
    train,
)
from dlviz.boundary.facts import FIT, facts
from tests.boundary.test_compute import CONFIGS, XOR

CIRCLE = BoundaryConfig()
NOISY = BoundaryConfig(
    dataset="circle", noise=0.5, n=60, hidden=(8, 8), lr=0.3, epochs=400, seed=1
)  # fmt: skip
AWAY = BoundaryConfig(hidden=(4,), activation="relu", output="linear", lr=5.0)


def test_a_network_is_counted_as_torch_counts_it():
    known = facts(train(replace(CIRCLE, hidden=(5, 3), features=("x1", "x2", "sin x1"), epochs=1)))
    net = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Linear(5, 3), torch.nn.Linear(3, 1))
    assert known["parameters"] == sum(p.numel() for p in net.parameters())
    assert known["links"] == sum(layer.weight.numel() for layer in net)
    assert (known["hidden_layers"], known["units"], known["widths"]) == (2, 8, "5 - 3")
    assert known["features"] == "x1, x2, sin x1"


@pytest.mark.parametrize(
    ("hidden", "activation", "said"),
    [
        ((4, 2), "tanh", "tanh"),
        ((4, 2, 2), "relu,tanh", "relu, tanh, tanh"),
        ((4, 2), "relu,relu,sine", "relu"),
        ((), "tanh", None),
    ],
)
def test_activations_are_those_of_the_layers_there_are(hidden, activation, said):
    known = facts(train(replace(CIRCLE, hidden=hidden, activation=activation, epochs=0)))
    assert known["activation"] == said
    assert (known["widths"] is None) == (hidden == ())


def test_losses_and_accuracies_are_those_that_torch_finds_with_the_weights_of_the_end():
    trace = train(replace(CIRCLE, noise=0.2, epochs=30))
    known = facts(trace)
    for side, data in zip(("train", "test"), trace.data, strict=True):
        a = torch.tensor(data.x)
        for w, b in zip(*trace.layers(-1), strict=True):
            a = torch.tanh(a @ torch.tensor(w).T + torch.tensor(b))
        targets = torch.tensor(2.0 * data.y - 1)
        loss = (0.5 * (a[:, 0] - targets) ** 2).mean()
        assert known[f"{side}_loss"] == pytest.approx(float(loss), abs=1e-12)
        assert known[f"{side}_accuracy"] == (predictions(trace, -1, data.x) == data.y).mean()
    assert known["gap"] == known["test_loss"] - known["train_loss"]
    assert (known["n_train"], known["n_test"]) == (250, 250)


def test_gradients_at_the_start_are_those_of_autograd():
    trace = train(replace(CIRCLE, hidden=(4, 2), epochs=0))
    known, data = facts(trace), trace.data[0]
    tensors = [
        [torch.tensor(array, requires_grad=True) for array in part] for part in trace.layers(0)
    ]
    a = torch.tensor(data.x)
    for w, b in zip(*tensors, strict=True):
        a = torch.tanh(a @ w.T + b)
    (0.5 * (a[:, 0] - torch.tensor(2.0 * data.y - 1)) ** 2).mean().backward()
    first, *_, last = (float(torch.linalg.norm(w.grad)) for w in tensors[0])
    assert known["gradient_first"] == pytest.approx(first, rel=1e-10)
    assert known["gradient_last"] == pytest.approx(last, rel=1e-10)


def test_the_best_epoch_and_the_epoch_of_fit_are_found_by_looking_at_each():
    trace = train(NOISY)
    known = facts(trace)
    lowest, when = min(zip(trace.test_loss.tolist(), trace.epochs.tolist(), strict=True))
    assert (known["best_test_loss"], known["best_epoch"]) == (lowest, when)
    assert known["overfit"] == trace.test_loss[-1] - lowest > 0.1
    assert (known["epochs_to_fit"], known["fits"]) == (None, False)

    trace = train(CIRCLE)
    first = next(e for e, loss in zip(trace.epochs, trace.test_loss, strict=True) if loss < FIT)
    known = facts(trace)
    assert (known["epochs_to_fit"], known["fits"]) == (first, True)


@pytest.mark.parametrize("dataset", ["circle", "four_blobs", "breast_cancer", "own"])
def test_chance_is_the_accuracy_of_scikit_learns_dummy(dataset):
    trace = train(BoundaryConfig(dataset=dataset, noise=0.3, epochs=0))
    test = trace.data[1]
    dummy = DummyClassifier(strategy="most_frequent").fit(test.x, test.y)
    assert facts(trace)["chance"] == pytest.approx(dummy.score(test.x, test.y), abs=1e-12)


def test_a_regression_has_no_accuracy_and_the_loss_of_its_own():
    known = facts(train(BoundaryConfig(dataset="reg_plane", loss="bce", epochs=2)))
    assert known["loss"] == "half_mse"
    none = ("train_accuracy", "test_accuracy", "chance")
    assert [known[name] for name in none] == [None] * 3


def test_units_that_began_alike_stay_symmetric_and_others_are_not():
    assert facts(train(replace(CIRCLE, init="zeros", epochs=5)))["symmetric"]
    assert not facts(train(replace(CIRCLE, epochs=5)))["symmetric"]
    assert not facts(train(replace(CIRCLE, hidden=(1, 1), init="zeros", epochs=5)))["symmetric"]
    alike = ([np.full((3, 2), 0.4), [[0.3, 0.3, 0.3]]], [np.full(3, 0.1), [0.2]])
    assert facts(train(replace(CIRCLE, hidden=(3,), epochs=50), initial=alike))["symmetric"]
    alike[1][0][1] = 0.11  # a bias will do
    assert not facts(train(replace(CIRCLE, hidden=(3,), epochs=50), initial=alike))["symmetric"]


def test_dead_links_are_the_weights_that_l1_holds_at_0():
    trace = train(replace(CIRCLE, hidden=(8, 8), l1=0.01, epochs=100))
    zeros = sum(int((w[-1] == 0).sum()) for w in trace.weights)
    assert facts(trace)["dead_links"] == zeros > 0


def test_numbers_that_went_wrong_are_none():
    known = facts(train(AWAY))
    assert known["outcome"] == "diverged"
    for name in ("train_loss", "test_loss", "gap", "overfit"):
        assert known[name] is None
    assert known["best_test_loss"] > 0
    huge = ([np.full((4, 2), 1e200), np.full((1, 4), 1e200)], [np.zeros(4), np.zeros(1)])
    hopeless = train(replace(AWAY, epochs=1), initial=huge)
    assert outcome_sentence(hopeless).startswith("Began with numbers so large")
    known = facts(hopeless)
    assert (known["best_test_loss"], known["best_epoch"]) == (None, None)


@settings(max_examples=60, deadline=None)
@given(CONFIGS)
def test_facts_are_plain_finite_and_named_in_the_docstring(config):
    trace = train(config)
    known = facts(trace)
    for name, value in known.items():
        assert value is None or type(value) in (str, int, float, bool), name
        assert not isinstance(value, float) or np.isfinite(value), name
    named = set(re.findall(r"``(\w+)``", inspect.getdoc(facts))) - {"FIT"}
    assert named == set(known)
    said = outcome_sentence(trace)
    assert re.fullmatch(r"[A-Z][^\n]+\.", said)
    assert "nan" not in said and "None" not in said and "inf" not in said


# Sentences.


def test_every_outcome_is_said_with_its_numbers():
    endings = {
        "converged": (CIRCLE, "Has settled after 200 epochs: the training loss went from 0.525"),
        "ran": (replace(CIRCLE, lr=0.001), "Not settled after 200 epochs: the training loss"),
        "stalled": (replace(CIRCLE, init="zeros"), "Stuck at a training loss of 0.5, with no"),
        "diverged": (AWAY, "Ran away: the training loss was"),
    }
    assert set(endings) == set(get_args(Outcome))
    for outcome, (config, beginning) in endings.items():
        trace = train(config)
        assert trace.outcome == outcome
        assert outcome_sentence(trace).startswith(beginning)


def test_a_run_of_no_epochs_was_not_trained():
    assert outcome_sentence(train(replace(CIRCLE, epochs=0))) == (
        "Not trained: the training loss is 0.525, the test loss is 0.529, "
        "48.8% of the test points are right."
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("hidden", [(4,), (4, 2)])
def test_what_overflowed_and_when_is_told(hidden, seed):
    trace = train(replace(AWAY, hidden=hidden, seed=seed))
    bad = next(e for e in range(101) if not np.isfinite(trace.train_loss[e]))
    said = outcome_sentence(trace)
    assert f"after {trace.epochs[bad - 1]} epoch" in said
    what = "the loss is" if np.isfinite(trace.parameters[bad]).all() else "parameters are"
    now = f"by epoch {trace.epochs[bad]} {what} beyond the largest number there is, 1.8e308"
    assert now in said
    assert "with η = 5 each update overshoots" in said
    assert "the error of a linear output grows" in said


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"l2": 10.0, "lr": 1.0}, "η times L2 is 10, over 2"),
        ({"optimizer": "momentum", "momentum": 0.99, "output": "linear", "lr": 1.0,
          "hidden": ()}, "with η = 1 and momentum 0.99 each update overshoots"),
        ({"optimizer": "adamw", "weight_decay": 1.0, "lr": 10.0},
         "η times weight decay is 10, over 2"),
    ],
)  # fmt: skip
def test_the_cause_of_a_run_away_is_named(changes, reason):
    trace = train(replace(CIRCLE, **changes))
    assert trace.outcome == "diverged"
    assert reason in outcome_sentence(trace)


def test_adaptive_rules_run_away_by_steps_of_their_rate():
    trace = train(replace(AWAY, optimizer="adam", lr=10.0, epochs=2))
    assert trace.outcome == "diverged"
    assert np.isfinite(trace.train_loss).all()
    said = outcome_sentence(trace)
    assert said.startswith("Ran away: the training loss went from")
    assert "; with η = 10 steps are long however small the gradient" in said


def test_one_layer_of_decay_runs_away_exactly_when_the_product_is_over_two():
    # w ← (1 − lr·l2) w with no slope of its own: x = 0 leaves the weights to the decay.
    data = (np.zeros((20, 2)), np.tile([0, 1], 10), np.zeros((20, 2)), np.tile([0, 1], 10))
    config = BoundaryConfig(hidden=(), output="linear", lr=1.0, epochs=2000, batch_size=1)
    outcomes = sweep(config, "l2", [1.9, 2.1], data).outcomes.tolist()
    assert outcomes[0] != "diverged"
    assert outcomes[1] == "diverged"


@pytest.mark.parametrize(
    ("config", "data", "reason"),
    [
        (replace(CIRCLE, init="zeros"), None, "all weights are 0, a saddle"),
        (BoundaryConfig(hidden=(), loss="bce", batch_size=4, lr=2.0, epochs=500), XOR,
         "without a hidden layer the loss has a single minimum"),
        (replace(CIRCLE, lr=10.0), None, "the outputs are saturated, the slope of tanh is at most"),
        (replace(CIRCLE, activation="relu", output="linear", lr=1.0), None,
         "the units of hidden layer 2 are dead, 0 at every training point"),
    ],
)  # fmt: skip
def test_what_holds_a_stalled_run_is_named(config, data, reason):
    trace = train(config, data)
    assert trace.outcome == "stalled"
    assert reason in outcome_sentence(trace)


def test_dead_links_and_an_earlier_optimum_are_mentioned():
    trace = train(replace(CIRCLE, l1=3.0))
    assert "L1 has killed 18 of 18 links" in outcome_sentence(trace)
    trace = train(NOISY)
    known = facts(trace)
    best = f"after {known['best_epoch']} epochs" if known["best_epoch"] else "at the start"
    assert "the test loss was lowest, " in outcome_sentence(trace)
    assert best in outcome_sentence(trace)
    early = branch(trace, known["best_epoch"], epochs=known["best_epoch"])
    assert "lowest" not in outcome_sentence(early)
