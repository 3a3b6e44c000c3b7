"""Rules and schedules against torch.optim, closed forms and stability limits."""

from dataclasses import fields

import numpy as np
import pytest
import torch

from dlviz.optimizers import (
    OPTIMIZERS,
    SCHEDULES,
    Adadelta,
    Adagrad,
    Adam,
    Adamw,
    Momentum,
    Nadam,
    Nesterov,
    Newton,
    Rmsprop,
    Sgd,
)


def _nadam_in_float64(parameters):
    """Give torch.optim.NAdam a float64 memory: by itself it keeps the product of mu in float32."""
    optimizer = torch.optim.NAdam(parameters, lr=0.1, betas=(0.8, 0.99))
    for parameter in parameters:
        optimizer.state[parameter] = {
            "step": torch.zeros((), dtype=torch.float64),
            "mu_product": torch.ones((), dtype=torch.float64),
            "exp_avg": torch.zeros_like(parameter),
            "exp_avg_sq": torch.zeros_like(parameter),
        }
    return optimizer


TORCH_PEERS = {
    "sgd": (Sgd(), lambda p: torch.optim.SGD(p, lr=0.1)),
    "momentum": (Momentum(0.8), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8)),
    "nesterov": (
        Nesterov(0.8),
        lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True),
    ),
    "adagrad": (Adagrad(), lambda p: torch.optim.Adagrad(p, lr=0.1)),
    "rmsprop": (Rmsprop(0.95), lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.95)),
    "adadelta": (Adadelta(0.8), lambda p: torch.optim.Adadelta(p, lr=0.1, rho=0.8)),
    "adam": (Adam(0.8, 0.99), lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.99))),
    "adamw": (
        Adamw(0.8, 0.99, weight_decay=0.3),
        lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.8, 0.99), weight_decay=0.3),
    ),
    "nadam": (Nadam(0.8, 0.99), _nadam_in_float64),
}


def _walk(rule, w, grads, lr=0.1):
    state = rule.init(w)
    points = [w]
    for grad in grads:
        w, state = rule.step(w, grad, state, lr)
        points.append(w)
    return np.array(points)


def _torch_walk(make, w, grads):
    parameter = torch.tensor(w, requires_grad=True)
    optimizer = make([parameter])
    points = [w]
    for grad in grads:
        parameter.grad = torch.tensor(grad)
        optimizer.step()
        points.append(parameter.detach().numpy().copy())
    return np.array(points)


@pytest.mark.parametrize("name", TORCH_PEERS)
def test_every_rule_equals_torch_on_twenty_shared_gradients(name):
    rule, make = TORCH_PEERS[name]
    rng = np.random.default_rng(0)
    w, grads = rng.normal(size=3), rng.normal(size=(20, 3))
    ours, torchs = _walk(rule, w, grads), _torch_walk(make, w, grads)
    np.testing.assert_allclose(ours, torchs, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", TORCH_PEERS)
def test_every_default_is_that_of_torch(name):
    rule, peer = OPTIMIZERS[name](), TORCH_PEERS[name][1]
    group = type(peer([torch.zeros(1)]))([torch.zeros(1)], lr=0.1).param_groups[0]
    group |= {"beta1": group.get("betas", (0,))[0], "beta2": group.get("betas", (0, 0))[1]}
    ours = {field.name: getattr(rule, field.name) for field in fields(rule)}
    for field in ours.keys() - {"momentum", "bias_correction"}:
        assert ours[field] == group[field], field


def test_every_rule_has_a_peer_or_a_closed_form():
    assert set(OPTIMIZERS) == {*TORCH_PEERS, "newton"}


def test_adam_without_bias_correction_is_the_sum_of_decayed_gradients():
    rng = np.random.default_rng(1)
    w, grads = rng.normal(size=2), rng.normal(size=(20, 2))
    expected = [w]
    for t in range(1, 21):  # m_t = (1 - b) sum_k b^(t-k) g_k, and so with g² for the scale
        age = t - np.arange(1, t + 1)[:, None]
        mean = 0.1 * np.sum(0.9**age * grads[:t], 0)
        square = 0.001 * np.sum(0.999**age * grads[:t] ** 2, 0)
        expected.append(expected[-1] - 0.1 * mean / (np.sqrt(square) + 1e-8))
    ours = _walk(Adam(bias_correction=False), w, grads)
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("rule", [Adagrad(), Adam()])
def test_the_first_step_is_lr_times_the_sign_of_the_gradient(rule):
    # g / sqrt(g²) = sign(g); Adam's eps shortens the smaller step by 1e-8 / 0.02.
    first = _walk(rule, np.zeros(2), np.array([[3.0, -0.02]]), lr=0.01)[1]
    np.testing.assert_allclose(first, (-0.01, 0.01), rtol=1e-6)


def test_adagrads_path_does_not_change_when_a_coordinates_gradient_is_rescaled():
    grads = np.random.default_rng(2).normal(size=(20, 2))
    ours = _walk(Adagrad(), np.zeros(2), grads)
    rescaled = _walk(Adagrad(), np.zeros(2), grads * np.array([1000.0, 0.01]))
    np.testing.assert_allclose(ours, rescaled, rtol=1e-6)


def _newton_step(rule, w, grad, hessian, lr=1.0):
    return rule.step(w, grad, rule.init(w), lr, hessian)[0]


def test_newton_solves_the_seeds_two_by_two_system_in_one_step():
    # A = [[3, 1], [1, 2]], b = (1, -1): from (5, -7) straight to A⁻¹ b = (0.6, -0.8).
    a, b, w = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -1.0]), np.array([5.0, -7.0])
    np.testing.assert_allclose(_newton_step(Newton(), w, a @ w - b, a), (0.6, -0.8), rtol=1e-14)


@pytest.mark.parametrize("dim", [1, 2])
def test_newton_lands_on_the_minimum_of_any_quadratic_in_one_step(dim):
    rng = np.random.default_rng(3)
    root = rng.normal(size=(500, dim, dim))
    hessian = root @ np.swapaxes(root, 1, 2) + 1e-3 * np.eye(dim)
    w, minimum = rng.normal(size=(2, 500, dim))
    grad = np.einsum("nij,nj->ni", hessian, w - minimum)
    landed = _newton_step(Newton(), w, grad, hessian)
    np.testing.assert_allclose(landed, minimum, rtol=0, atol=1e-8)


def test_newton_uses_the_absolute_eigenvalues_of_numpys_eigh():
    rng = np.random.default_rng(4)
    hessian = rng.normal(size=(200, 2, 2))
    hessian = hessian + np.swapaxes(hessian, 1, 2)
    grad = rng.normal(size=(200, 2))
    values, vectors = np.linalg.eigh(hessian)
    along = np.einsum("nji,nj->ni", vectors, grad) / np.abs(values)
    expected = -0.3 * np.einsum("nij,nj->ni", vectors, along)
    ours = _newton_step(Newton(), np.zeros((200, 2)), grad, hessian, lr=0.3)
    np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-12)


def test_newton_descends_at_a_saddle_and_at_a_maximum():
    # x² - y² at (1, 0.5): g = (2, -1), |H| = 2 I, so x goes to 0 and y doubles.
    w, grad, saddle = np.array([1.0, 0.5]), np.array([2.0, -1.0]), np.diag([2.0, -2.0])
    np.testing.assert_allclose(_newton_step(Newton(), w, grad, saddle), (0.0, 1.0))
    hill = np.array([[-2.0]])
    np.testing.assert_allclose(_newton_step(Newton(), np.ones(1), -2 * np.ones(1), hill), [2.0])


def test_newton_gives_nan_for_nan_and_a_finite_step_for_a_flat_place():
    hessian = np.stack([np.full((2, 2), np.nan), np.zeros((2, 2)), np.eye(2)])
    step = _newton_step(Newton(), np.zeros((3, 2)), np.ones((3, 2)), hessian)
    assert np.isnan(step[0]).all()
    np.testing.assert_allclose(step[1:], [[-1e8, -1e8], [-1, -1]])


def test_newton_says_what_hessian_it_expects():
    for hessian in (None, np.eye(3)):
        with pytest.raises(ValueError, match="expected a hessian"):
            _newton_step(Newton(), np.zeros(2), np.ones(2), hessian)


# On a quadratic with curvature λ the heavy ball is v' = a v + λ w, w' = w - lr v' and stable iff
# lr λ < 2 (1 + a); Nesterov's is stable iff lr λ < (2 + 2a) / (1 + 2a). COURSE 004-23 and 24.
LIMITS = [
    (Momentum, 0.9, 3.8),
    (Momentum, 0.5, 3.0),
    (Momentum, 0.0, 2.0),
    (Nesterov, 0.9, 3.8 / 2.8),
    (Nesterov, 0.5, 1.5),
    (Nesterov, 0.0, 2.0),
]


def _spectral_radius(rule, lr):
    """Largest |eigenvalue| of the linear map (w, v) -> (w', v') on the curvature 1."""
    columns = [rule.step(w, w, (v,), lr) for w, v in np.eye(2)]
    return np.abs(np.linalg.eigvals([[w, v] for w, (v,) in columns])).max()


@pytest.mark.parametrize(("rule", "momentum", "limit"), LIMITS)
def test_momentum_is_stable_up_to_its_limit_and_not_beyond(rule, momentum, limit):
    assert _spectral_radius(rule(momentum), 0.999 * limit) < 1
    assert _spectral_radius(rule(momentum), 1.001 * limit) > 1


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_runs_side_by_side_equal_runs_one_by_one(name):
    rule, rng = OPTIMIZERS[name](), np.random.default_rng(5)
    w, grads, lr = rng.normal(size=(7, 2)), rng.normal(size=(9, 7, 2)), rng.uniform(size=(7, 1))
    hessian = np.broadcast_to(np.diag([2.0, -3.0]), (7, 2, 2))
    together, state = w, rule.init(w)
    for grad in grads:
        together, state = rule.step(together, grad, state, lr, hessian)
    for run in range(7):
        alone, state = w[run], rule.init(w[run])
        for grad in grads:
            alone, state = rule.step(alone, grad[run], state, lr[run, 0], hessian[run])
        np.testing.assert_allclose(together[run], alone, rtol=1e-13)


@pytest.mark.parametrize(
    ("rule", "field"),
    [(Momentum, "momentum"), (Nesterov, "momentum"), (Rmsprop, "alpha"), (Adadelta, "rho")]
    + [(rule, field) for rule in (Adam, Adamw, Nadam) for field in ("beta1", "beta2")]
    + [(Adamw, "weight_decay")],
)
def test_runs_side_by_side_may_differ_in_a_hyperparameter(rule, field):
    rng = np.random.default_rng(6)
    w, grads, values = rng.normal(size=(4, 2)), rng.normal(size=(9, 4, 2)), rng.uniform(size=4)
    together = _walk(rule(**{field: values[:, None]}), w, grads)
    for run, value in enumerate(values):
        alone = _walk(rule(**{field: value}), w[run], grads[:, run])
        np.testing.assert_allclose(together[:, run], alone, rtol=1e-13)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_changes_none_of_its_inputs(name):
    rule = OPTIMIZERS[name]()
    w, grad, hessian = np.ones(2), np.array([3.0, -2.0]), np.eye(2)
    _, state = rule.step(w, grad, rule.init(w), 0.1, hessian)
    kept = [np.copy(part) for part in (w, grad, hessian, *state)]
    rule.step(w, grad, state, 0.1, hessian)
    for before, after in zip(kept, (w, grad, hessian, *state), strict=True):
        np.testing.assert_array_equal(before, after)


def _torch_schedule(name, optimizer, steps):
    scheduler = torch.optim.lr_scheduler
    warmup = steps // 10
    make = {
        "constant": lambda: scheduler.LambdaLR(optimizer, lambda t: 1.0),
        "step": lambda: scheduler.StepLR(optimizer, -(-steps // 3), gamma=0.1),
        "exponential": lambda: scheduler.ExponentialLR(optimizer, 0.01 ** (1 / steps)),
        "inverse_time": lambda: scheduler.LambdaLR(optimizer, lambda t: 1 / (1 + 10 * t / steps)),
        "cosine": lambda: scheduler.CosineAnnealingLR(optimizer, steps),
        "warmup_cosine": lambda: scheduler.SequentialLR(
            optimizer,
            [
                scheduler.LinearLR(optimizer, 1 / (warmup + 1), total_iters=warmup),
                scheduler.CosineAnnealingLR(optimizer, steps - warmup),
            ],
            [warmup],
        ),
    }
    return make[name]()


@pytest.mark.filterwarnings("ignore:The epoch parameter in `scheduler.step()`")
@pytest.mark.parametrize("steps", [10, 47, 100])
@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_equals_a_scheduler_of_torch(name, steps):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.5)
    scheduler = _torch_schedule(name, optimizer, steps)
    expected = []
    for _ in range(steps):
        expected.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    ours = 0.5 * SCHEDULES[name](np.arange(steps), steps)
    np.testing.assert_allclose(ours, expected, rtol=1e-10)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_give_one_number_for_one_update_and_work_for_a_single_step(name):
    assert SCHEDULES[name](0, 1) == 1
    assert 0 < float(SCHEDULES[name](99, 100)) <= 1
