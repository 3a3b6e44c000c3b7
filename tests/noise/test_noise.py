"""Mini-batches against closed forms, finite differences, torch, and the course's numbers."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.noise.config import CLOCKS, TASKS, NoiseConfig, batch_sizes
from dlviz.noise.facts import facts
from dlviz.noise.problem import RIDGE, STEEP, problem_of
from dlviz.noise.runs import deal, estimates, run, sweep
from dlviz.noise.theory import floor, scatter, stationary_covariance, stationary_variance
from dlviz.optimizers import SCHEDULES

BATCHES = (1, 2, 4, 8, 16, 30)


def torch_loss(problem, w, chosen=slice(None)):
    x, y = torch.tensor(problem.x[chosen]), torch.tensor(problem.y[chosen])
    if problem.task == "mean":
        return (0.5 * (w - x) ** 2 * torch.tensor([1.0, STEEP])).sum(1).mean()
    if problem.task == "linear":
        return 0.5 * torch.nn.functional.mse_loss(x @ w, y)
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y)
    return entropy + RIDGE / 2 * (w @ w)


@pytest.mark.parametrize("task", TASKS)
def test_losses_gradients_and_curvatures_are_torchs(task):
    problem = problem_of(NoiseConfig(task=task))
    w = torch.tensor([0.3, -0.7], dtype=torch.float64, requires_grad=True)
    loss = torch_loss(problem, w)
    (slope,) = torch.autograd.grad(loss, w)
    at = np.array([0.3, -0.7])
    assert problem.loss(at) == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(problem.gradients(at).mean(0), slope.numpy(), atol=1e-13)
    hessian = torch.autograd.functional.hessian(lambda v: torch_loss(problem, v), w.detach())
    np.testing.assert_allclose(problem.hessians(at).mean(0), hessian.numpy(), atol=1e-12)
    np.testing.assert_allclose(problem.gradients(problem.minimum).mean(0), 0, atol=1e-12)


@pytest.mark.parametrize("task", TASKS)
def test_a_run_is_torchs_on_the_same_batches(task):
    config = NoiseConfig(task=task, momentum=0.5, schedule="cosine", epochs=3, batch_size=7)
    trace, problem = run(config), problem_of(config)
    w = torch.tensor(config.start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=config.lr, momentum=0.5)
    multipliers = SCHEDULES["cosine"](np.arange(config.steps), config.steps)
    for multiplier, batch, point in zip(multipliers, trace.batches, trace.points[1:], strict=True):
        optimizer.param_groups[0]["lr"] = config.lr * multiplier
        optimizer.zero_grad()
        torch_loss(problem, w, batch).backward()
        optimizer.step()
        np.testing.assert_allclose(point, w.detach().numpy(), atol=1e-12)


# The deck.


@given(samples=st.integers(4, 100), size=st.integers(1, 120), seed=st.integers(0, 1000))
def test_each_sample_is_dealt_exactly_once_an_epoch(samples, size, seed):
    config = NoiseConfig(samples=samples, batch_size=size, seed=seed)
    dealer, updates = deal(config), -(-samples // min(size, samples))
    decks = []
    for _ in range(3):
        batches = [next(dealer) for _ in range(updates)]
        assert sorted(np.concatenate(batches)) == list(range(samples))
        assert all(len(batch) == min(size, samples) for batch in batches[:-1])
        decks.append(np.concatenate(batches).tolist())
    assert NoiseConfig(samples=samples, batch_size=size, epochs=3).steps == 3 * updates
    one = deal(NoiseConfig(samples=samples, batch_size=1, seed=seed))
    assert [int(next(one)[0]) for _ in range(3 * samples)] == np.concatenate(decks).tolist()


def test_three_batches_are_three_updates_an_epoch():
    config = NoiseConfig(samples=60, batch_size=20, epochs=1)
    assert len(run(config).batches) == 3 == facts(run(config))["updates_per_epoch"]


def test_all_at_once_is_plain_descent():
    config = NoiseConfig(batch_size=60, epochs=30)
    problem, w = problem_of(config), np.array(config.start)
    for point in run(config).points:
        np.testing.assert_allclose(point, w, atol=1e-12)
        w = w - config.lr * problem.gradients(w).mean(0)


# The noise of estimates.


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("replacement", [True, False])
def test_estimates_scatter_as_theory_says(task, replacement):
    base = NoiseConfig(task=task, replacement=replacement)
    w = np.array(base.start)
    gradients = problem_of(base).gradients(w)
    single = estimates(NoiseConfig(task=task, replacement=True, batch_size=1), w, 20_000).std(0)
    for size in BATCHES:
        config = NoiseConfig(task=task, replacement=replacement, batch_size=size)
        seen = estimates(config, w, 20_000).std(0)
        np.testing.assert_allclose(
            seen, scatter(gradients, size, replacement=replacement), rtol=0.05
        )
        ratio = np.sqrt(size) / (1 if replacement else np.sqrt((60 - size) / 59))
        np.testing.assert_allclose(single / seen, ratio, rtol=0.05)
    assert estimates(NoiseConfig(batch_size=60), w, 50).std(0).max() < 1e-12


def test_estimates_are_right_on_average():
    config = NoiseConfig(batch_size=4)
    w = np.array(config.start)
    gradients = problem_of(config).gradients(w)
    error = scatter(gradients, 4, replacement=False) / np.sqrt(20_000)
    off = estimates(config, w, 20_000).mean(0) - gradients.mean(0)
    assert (np.abs(off) < 4 * error).all()


# Where it ends up.


@pytest.mark.parametrize(("beta", "variance"), [(0, 0.0526316), (0.5, 0.1034483), (0.9, 0.5135135)])
def test_the_published_stationary_variances(beta, variance):
    assert stationary_variance(0.1, beta, 1.0, 1.0) == pytest.approx(variance, abs=1e-7)
    matrix = np.array([[1 - 0.1, -0.1 * beta], [1.0, beta]])  # of (error, velocity), iterated
    push = np.outer([-0.1, 1.0], [-0.1, 1.0])
    covariance = np.zeros((2, 2))
    for _ in range(3000):
        covariance = matrix @ covariance @ matrix.T + push
    assert covariance[0, 0] == pytest.approx(variance, abs=1e-6)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("size", [1, 10])
def test_for_noise_that_is_the_same_everywhere_the_two_theories_agree(beta, size):
    config = NoiseConfig(task="mean", momentum=beta, batch_size=size)
    problem = problem_of(config)
    noise = problem.gradients(problem.minimum).var(axis=0) / size
    covariance = stationary_covariance(config)
    for axis, curvature in enumerate((1.0, STEEP)):
        wanted = stationary_variance(config.lr, beta, curvature, noise[axis])
        assert covariance[axis, axis] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("task", "lr", "beta"),
    [("mean", 0.3, 0.0), ("mean", 0.1, 0.5), ("linear", 0.2, 0.0), ("linear", 0.1, 0.5)],
)
def test_a_long_run_has_the_stationary_variance(task, lr, beta):
    config = NoiseConfig(task=task, lr=lr, momentum=beta, batch_size=2, replacement=True,
                         clock="updates", updates=20_500, seed=1)  # fmt: skip
    trace = run(config)
    seen = trace.points[500:]
    covariance = stationary_covariance(config)
    np.testing.assert_allclose(seen.var(axis=0), np.diag(covariance), rtol=0.05)
    problem = problem_of(config)
    excess = trace.losses[500:].mean() - problem.loss(problem.minimum)
    assert excess == pytest.approx(floor(config), rel=0.05)


def test_unstable_runs_have_no_floor():
    wild = NoiseConfig(lr=2.0, batch_size=1)
    assert stationary_covariance(wild) is None
    assert floor(wild) is None
    assert facts(run(wild))["outcome"] == "diverged"
    assert stationary_variance(2.1, 0.0, 1.0, 1.0) == float("inf")


@pytest.mark.parametrize("task", TASKS)
def test_a_schedule_takes_the_floor_away(task):
    def excess(schedule):
        config = NoiseConfig(task=task, batch_size=1, lr=0.2, schedule=schedule, clock="updates",
                             updates=20_000, replacement=True)  # fmt: skip
        return facts(run(config))["excess"]

    assert excess("cosine") < excess("constant") / 10
    assert excess("inverse_time") < excess("constant") / 4


# Whatever the settings.


@settings(max_examples=60, deadline=None)
@given(
    config=st.builds(
        NoiseConfig, task=st.sampled_from(TASKS), samples=st.integers(4, 80),
        spread=st.floats(0, 3), batch_size=st.integers(1, 240), replacement=st.booleans(),
        lr=st.floats(0.001, 10), momentum=st.floats(0, 0.99), clock=st.sampled_from(CLOCKS),
        schedule=st.sampled_from([*SCHEDULES]), epochs=st.integers(1, 4),
        updates=st.integers(1, 60), seed=st.integers(0, 99),
    )
)  # fmt: skip
def test_any_run_has_its_shapes_and_can_be_told(config):
    trace = run(config)
    assert trace.points.shape == (config.steps + 1, 2)
    assert trace.losses.shape == trace.seen.shape == (config.steps + 1,)
    assert [len(batch) for batch in trace.batches] == np.diff(trace.seen).tolist()
    known = facts(trace)
    assert known["outcome"] in ("settles", "hovers", "underway", "diverged")
    assert all(value == value for value in known.values())
    np.testing.assert_array_equal(run(config).points, trace.points)


@pytest.mark.parametrize("clock", ["epochs", "updates"])
@pytest.mark.parametrize("replacement", [False, True])
def test_a_branch_in_which_nothing_changes_is_the_run(clock, replacement):
    trunk = NoiseConfig(clock=clock, replacement=replacement, momentum=0.6, schedule="cosine",
                        epochs=4, updates=70)  # fmt: skip
    for at in (0, 37, 60):
        same, whole = run(trunk, (at, trunk)), run(trunk)
        np.testing.assert_array_equal(same.points, whole.points)
        np.testing.assert_array_equal(same.opened, whole.opened)


def test_a_branch_goes_on_from_the_same_weights_and_velocity():
    trunk = NoiseConfig(momentum=0.8, epochs=4)
    branched = run(replace(trunk, lr=0.02, batch_size=10, momentum=0.5), (90, trunk))
    whole = run(trunk)
    first = 22  # updates of 4 within 90 samples, 15 an epoch: 60 + 28
    np.testing.assert_array_equal(branched.points[: first + 1], whole.points[: first + 1])
    problem, velocity = problem_of(trunk), np.zeros(2)
    for w, batch in zip(whole.points, whole.batches[:first], strict=False):
        velocity = 0.8 * velocity + problem.gradients(w)[batch].mean(0)
    w = whole.points[first]
    for t, batch in enumerate(branched.batches[first:], start=first + 1):
        velocity = 0.5 * velocity + problem.gradients(w)[batch].mean(0)
        w = w - 0.02 * velocity
        np.testing.assert_allclose(branched.points[t], w, rtol=1e-10)
    assert branched.seen[-1] >= 240
    assert all(len(batch) <= 10 for batch in branched.batches[first:])
    assert branched.opened[first]  # a new deck, dealt in tens


def test_a_smaller_rate_from_a_branch_on_lowers_the_floor():
    trunk = NoiseConfig(batch_size=1, clock="updates", updates=6000, replacement=True)
    lower = run(replace(trunk, lr=0.01), (2000, trunk))
    problem = problem_of(trunk)
    late = lower.losses[3000:].mean() - problem.loss(problem.minimum)
    assert late == pytest.approx(floor(replace(trunk, lr=0.01)), rel=0.3)
    assert late < floor(trunk) / 5


def test_a_sweep_is_its_runs():
    sizes = batch_sizes(60)
    assert (sizes[0], sizes[-1], len(sizes)) == (1, 60, 14)
    for trace, size in zip(sweep(NoiseConfig(), sizes), sizes, strict=True):
        np.testing.assert_array_equal(trace.points, run(NoiseConfig(batch_size=size)).points)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"task": "moon"}, "expected task in mean, linear, logistic, got 'moon'"),
        ({"batch_size": 0}, "expected 1 <= batch_size <= 240, got 0"),
        ({"lr": -1.0}, "expected 0 < lr <= 10, got -1"),
        ({"start": (0.0,)}, "expected start to be a pair"),
        ({"clock": "sun"}, "expected clock in epochs, updates, got 'sun'"),
        ({"replacement": 1}, "expected True or False, got replacement=1"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(wrong, words):
    with pytest.raises(ValueError, match=words):
        NoiseConfig(**wrong)
