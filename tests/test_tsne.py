"""t-SNE against autograd, finite differences, closed forms and what its axioms say."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.affinities import conditional, joint, row_perplexities, squared_distances
from dlviz.tsne import TSNE, Forces, affinities, auto_lr


def cloud(n=60, d=5, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)) + 4 * rng.integers(0, 3, (n, 1))


def entropy_perplexity(p):
    """exp of the entropy in nats of each row, by the definition and in a plain loop."""
    return np.array([np.exp(-sum(v * np.log(v) for v in row if v > 0)) for row in p])


@pytest.mark.parametrize("perplexity", [2, 5.5, 30, 50])
def test_every_row_has_the_perplexity_that_was_asked_for(perplexity):
    p, beta = conditional(cloud(), perplexity)
    np.testing.assert_allclose(entropy_perplexity(p), perplexity, rtol=0, atol=1e-6)
    np.testing.assert_allclose(row_perplexities(p), entropy_perplexity(p), rtol=1e-12)
    assert (beta > 0).all()


def test_rows_are_gaussians_of_the_precision_that_was_found():
    x = cloud()
    p, beta = conditional(x, 12)
    for i in (0, 17, 59):
        weights = np.exp(-beta[i] * ((x - x[i]) ** 2).sum(1))
        weights[i] = 0
        np.testing.assert_allclose(p[i], weights / weights.sum(), rtol=1e-9, atol=1e-300)


@given(
    n=st.integers(4, 40), d=st.integers(1, 6), share=st.floats(0.02, 0.95),
    scale=st.sampled_from([1e-6, 1.0, 1e6]), seed=st.integers(0, 10**6),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_affinities_are_symmetric_and_sum_to_one(n, d, share, scale, seed):
    x = scale * np.random.default_rng(seed).standard_normal((n, d))
    perplexity = 1 + share * (n - 2)
    p = affinities(x, perplexity)
    assert (p == p.T).all()
    assert (np.diag(p) == 0).all()
    assert abs(p.sum() - 1) < 1e-12
    np.testing.assert_allclose(
        row_perplexities(conditional(x, perplexity)[0]), perplexity, atol=1e-6
    )


def test_affinities_against_scikit_learns():
    from sklearn.manifold._t_sne import _joint_probabilities

    x = cloud(100, 8)
    theirs = _joint_probabilities(squared_distances(x).astype(np.float32), 20, 0)
    from scipy.spatial.distance import squareform

    np.testing.assert_allclose(affinities(x, 20), squareform(theirs), rtol=2e-3, atol=2e-8)


def test_points_that_are_doubles_or_equally_far_get_the_nearest_that_there_is():
    same = np.repeat(np.eye(3), [20, 20, 20], axis=0)
    p = conditional(same, 5)[0]  # 19 doubles each: their perplexity is 19 and cannot be less
    np.testing.assert_allclose(row_perplexities(p), 19, atol=1e-6)
    np.testing.assert_allclose(row_perplexities(conditional(np.eye(12), 5)[0]), 11, atol=1e-9)
    assert np.isfinite(affinities(np.zeros((10, 2)), 3)).all()


@pytest.mark.parametrize(
    ("x", "perplexity", "words"),
    [
        (np.zeros((10, 2)), 9, "expected perplexity < n - 1 = 9, got 9"),
        (np.zeros((10, 2)), 12, "expected 1 < perplexity <= 9, got 12"),
        (np.zeros((10, 2)), 1, "expected 1 < perplexity <= 9, got 1"),
        (np.zeros((10, 2)), float("nan"), "expected 1 < perplexity <= 9, got nan"),
        (np.zeros((2, 2)), 1.5, "expected at least 3 finite points"),
        (np.full((9, 2), np.nan), 3, "expected at least 3 finite points"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(x, perplexity, words):
    with pytest.raises(ValueError, match=words):
        affinities(x, perplexity)


def torch_kl(p, y):
    """KL(P || Q) as its definition says, for autograd."""
    d = ((y[:, None] - y[None]) ** 2).sum(-1)
    w = (1 / (1 + d)) * (1 - torch.eye(len(y), dtype=y.dtype))
    q = w / w.sum()
    mask = p > 0
    return (p[mask] * torch.log(p[mask] / q[mask])).sum()


@pytest.mark.parametrize("n", [7, 60, 300])  # one block of rows, and more than one
@pytest.mark.parametrize("spread", [1e-4, 1.0, 20.0])
def test_gradient_and_kl_against_autograd(n, spread):
    p = affinities(cloud(n), min(12, n / 3))
    y = spread * np.random.default_rng(1).standard_normal((n, 2))
    tensor = torch.tensor(y, requires_grad=True)
    kl = torch_kl(torch.tensor(p), tensor)
    kl.backward()
    run = TSNE(p, y, dtype=np.float64)
    assert abs(run.kl - kl.item()) < 1e-12
    np.testing.assert_allclose(run.gradient, tensor.grad.numpy(), rtol=0, atol=1e-12)


def test_gradient_against_finite_differences():
    p = affinities(cloud(30), 8)
    y = np.random.default_rng(2).standard_normal((30, 2))
    gradient, h = TSNE(p, y, dtype=np.float64).gradient, 1e-5
    for i, axis in ((0, 0), (13, 1), (29, 0)):
        ends = []
        for sign in (1, -1):
            moved = y.copy()
            moved[i, axis] += sign * h
            ends.append(TSNE(p, moved, dtype=np.float64).kl)
        assert abs((ends[0] - ends[1]) / (2 * h) - gradient[i, axis]) < 1e-8


def test_the_exaggerated_gradient_is_that_of_a_p_many_times_as_large():
    p = affinities(cloud(40), 8)
    y = np.random.default_rng(3).standard_normal((40, 2))
    w = 1 / (1 + squared_distances(y))
    np.fill_diagonal(w, 0)
    force = (4 * p - w / w.sum()) * w
    expected = 4 * (force[:, :, None] * (y[:, None] - y[None])).sum(1)
    np.testing.assert_allclose(Forces(p).gradient(y, 4.0), expected, atol=1e-13)


def start(n=80, seed=0):
    return 1e-4 * np.random.default_rng(seed).standard_normal((n, 2))


def test_the_first_steps_are_those_of_van_der_maatens_program():
    p = affinities(cloud(40), 8)
    y = start(40)
    run = TSNE(p, y, lr=10, exaggeration=4, exaggerated=30, momentum=(0.5, 0.8), dtype=np.float64)
    gains, move = np.ones_like(y), np.zeros_like(y)
    for t in range(60):
        if t == 30:
            gains, move = np.ones_like(y), np.zeros_like(y)
        w = 1 / (1 + ((y[:, None] - y[None]) ** 2).sum(-1))
        np.fill_diagonal(w, 0)
        force = ((4 if t < 30 else 1) * p - w / w.sum()) * w
        gradient = 4 * (force[:, :, None] * (y[:, None] - y[None])).sum(1)
        opposite = np.sign(gradient) * np.sign(move) < 0
        gains = np.maximum(np.where(opposite, gains + 0.2, gains * 0.8), 0.01)
        move = (0.5 if t < 30 else 0.8) * move - 10 * gains * gradient
        y = y + move
        y = y - y.mean(axis=0)
    np.testing.assert_allclose(run.step(60).embedding, y, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_steps_in_chunks_are_steps_at_once_to_the_last_bit(dtype):
    p = affinities(cloud(80), 15)
    whole = TSNE(p, start(), exaggerated=50, dtype=dtype).step(150)
    parts = TSNE(p, start(), exaggerated=50, dtype=dtype)
    for count in (1, 49, 0, 7, 93):
        parts.step(count)
        assert np.isfinite(parts.kl)  # looking changes nothing
    assert parts.iteration == whole.iteration == 150
    assert (parts.embedding == whole.embedding).all()
    again = TSNE(p, start(), exaggerated=50, dtype=dtype).step(150)
    assert (again.embedding == whole.embedding).all()


def test_an_embedding_is_a_copy_that_nobody_can_change():
    run = TSNE(affinities(cloud(80), 15), start())
    before = run.embedding
    kept = before.copy()
    run.step(5)
    assert (before == kept).all()
    with pytest.raises(ValueError, match="read-only"):
        before[0] = 0


def test_the_map_does_not_depend_on_how_the_data_are_turned():
    x = cloud(80, 6)
    turn, _ = np.linalg.qr(np.random.default_rng(5).standard_normal((6, 6)))
    p, turned = affinities(x, 15), affinities(x @ turn + 3, 15)
    np.testing.assert_allclose(turned, p, atol=1e-14)
    maps = [TSNE(each, start(), lr=5, dtype=np.float64).step(40) for each in (p, turned)]
    np.testing.assert_allclose(maps[1].embedding, maps[0].embedding, atol=1e-6)


def test_a_turned_start_leads_to_a_turned_map_while_gains_are_equal():
    p, y = affinities(cloud(80), 15), start()
    quarter = np.array([[0, 1], [-1, 0]])  # gains are of each axis: other angles are no symmetry
    ends = [TSNE(p, s, lr=5, dtype=np.float64).step(40).embedding for s in (y, y @ quarter)]
    np.testing.assert_allclose(ends[1], ends[0] @ quarter, atol=1e-6)


@pytest.mark.parametrize("perplexity", [5, 30])
@pytest.mark.parametrize("seed", [0, 1])
def test_kl_is_never_above_its_start_once_the_exaggeration_is_over(perplexity, seed):
    p = affinities(cloud(120, seed=seed), perplexity)
    run = TSNE(p, start(120, seed), exaggerated=100)
    first = run.kl
    run.step(100)
    assert run.kl < first
    for _ in range(40):
        assert run.step(10).kl < first


def test_single_precision_sees_the_same_kl():
    p = affinities(cloud(300), 20)
    y = 10 * np.random.default_rng(1).standard_normal((300, 2))
    assert abs(TSNE(p, y).kl - TSNE(p, y, dtype=np.float64).kl) < 1e-5
    assert TSNE(p, y).embedding.dtype == np.float32


def test_two_points_far_apart_in_the_map_pull_with_the_force_of_their_affinity():
    """Three points, of which only two have an affinity: the closed form of the gradient."""
    p = np.array([[0, 0.5, 0], [0.5, 0, 0], [0, 0, 0.0]])
    y = np.array([[0, 0], [3, 0], [0, 4.0]])
    w = {(0, 1): 1 / 10, (0, 2): 1 / 17, (1, 2): 1 / 26}
    z = 2 * sum(w.values())
    pull = 4 * (0.5 - w[0, 1] / z) * w[0, 1] * (0 - 3)
    run = TSNE(p, y, dtype=np.float64)
    assert run.gradient[0, 0] == pytest.approx(pull, abs=1e-15)
    assert run.kl == pytest.approx(np.log(0.5 / (w[0, 1] / z)), abs=1e-14)


def test_the_learning_rate_is_that_of_belkina_and_of_scikit_learn():
    assert (auto_lr(500, 12), auto_lr(4800, 12)) == (50, 100)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lr": -1.0}, "expected 0 < lr"),
        ({"exaggeration": 0.5}, "expected 1 <= exaggeration"),
        ({"exaggerated": -1}, "expected 0 <= exaggerated"),
    ],
)
def test_a_run_refuses_what_makes_no_sense(options, words):
    with pytest.raises(ValueError, match=words):
        TSNE(joint(conditional(cloud(20), 4)[0]), start(20), **options)


def test_a_run_refuses_a_start_that_does_not_fit():
    with pytest.raises(ValueError, match=r"expected P \(n, n\) and init \(n, 2\)"):
        TSNE(affinities(cloud(20), 4), start(21))
