"""The game's engine: what it promises, against other libraries and closed forms."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dlviz.gan import runs
from dlviz.gan.choices import asked_of
from dlviz.gan.compute import (
    FROM_THE_START,
    GanConfig,
    branch,
    facts,
    generator_of,
    measure_rows,
    outcome_sentence,
    source_of,
    steps,
    sweep,
    sweep_steps,
    train,
)
from dlviz.gan.config import LOSSES, RULES, UNITS
from dlviz.gan.data import DATA
from dlviz.gan.gauge import SEEN
from dlviz.gan.line import line_of, normal_cells
from dlviz.gan.measures import (
    SAMPLES,
    floor,
    fresh,
    histogram,
    js_of,
    modes_of,
    reference,
    scores,
    sliced_wasserstein,
    two_sample_accuracy,
)
from dlviz.gan.runs import FRAMES, MOST_FRAMES, MOST_WORK, last_step, shown_steps, stops_of
from dlviz.gan.stage import game_scene
from dlviz.gan.traces import SERIES
from dlviz.gan.variations import VALUES, varied_steps

FEW = GanConfig(steps=20, hidden_g=(6,), hidden_d=(5,), batch_size=8)
BELL = GanConfig(data="gauss", noise_dim=1, hidden_g=(), hidden_d=(16,), units="tanh", lr_g=0.01,
                 lr_d=0.01)  # fmt: skip


@cache
def _played(config):
    return train(config)


def _same(a, b) -> bool:
    return all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=True) for name in SERIES
    )


# What the issue of the course asks for.


@pytest.mark.parametrize("seed", range(4))
def test_the_default_finds_all_eight_modes(seed):
    trace = _played(GanConfig(seed=seed))
    assert trace.coverage[-1] == 1
    assert trace.outcome == "covered"


@pytest.mark.parametrize("seed", range(4))
def test_one_bell_is_fitted_to_a_tenth(seed):
    fakes = _played(replace(BELL, seed=seed)).samples[-1].astype(float)
    assert fakes.mean() == pytest.approx(3, abs=0.1)
    assert fakes.std() == pytest.approx(1, abs=0.1)


def test_the_same_seed_gives_the_same_bits_twice_and_in_two_threads_at_once():
    config = GanConfig(steps=120)
    first = train(config)
    with ThreadPoolExecutor(2) as pool:
        others = list(pool.map(train, [config, config]))
    assert all(_same(first, other) for other in (train(config), *others))
    assert not _same(first, train(replace(config, seed=1)))


# Traces.


def test_a_trace_holds_what_it_says():
    trace = _played(FEW)
    assert trace.frames.tolist() == list(range(21))
    assert trace.samples.shape == (21, 1000, 2)
    assert trace.field.shape == (21, 28, 28)
    assert trace.field.dtype == np.uint8
    assert trace.g.shape == (21, generator_of(FEW).count)
    for name in ("d_loss", "g_loss", "coverage", "js", "kl", "on_mode", "d_grad", "g_grad"):
        assert getattr(trace, name).shape == (21,), name
    for name in SERIES:
        with pytest.raises(ValueError, match="read-only"):
            getattr(trace, name)[...] = 0


def test_samples_losses_and_field_are_those_of_torch_with_the_recorded_weights():
    import torch

    trace, at = _played(FEW), 13
    nets = []
    for parameters, shape in ((trace.g[at], (2, 6, 2)), (trace.d[at], (2, 5, 1))):
        hidden, last = (parameters[: shape[1] * 3], parameters[shape[1] * 3 :])
        one = torch.nn.Linear(2, shape[1], dtype=torch.float64)
        two = torch.nn.Linear(shape[1], shape[2], dtype=torch.float64)
        for layer, block in ((one, hidden), (two, last)):
            matrix = torch.tensor(block.reshape(layer.out_features, -1))
            layer.weight.data, layer.bias.data = matrix[:, :-1], matrix[:, -1]
        nets.append(torch.nn.Sequential(one, torch.nn.LeakyReLU(0.2), two))
    g, d = nets
    z = np.random.default_rng([FEW.seed, 4]).standard_normal((2, SAMPLES)).T
    fakes = g(torch.tensor(z))[:1000].detach().requires_grad_(True)
    np.testing.assert_allclose(trace.samples[at], fakes.detach(), atol=1e-5)
    line = ((np.arange(28) + 0.5) / 14 - 1) * 1.6
    x, y = np.meshgrid(line, line)
    verdict = torch.sigmoid(d(torch.tensor(np.stack([x.ravel(), y.ravel()], 1)))).detach().numpy()
    np.testing.assert_allclose(trace.field[at].ravel() / 255, verdict[:, 0], atol=0.5 / 255 + 1e-5)
    real = torch.tensor(reference("ring8")[:SEEN])
    softplus = torch.nn.functional.softplus
    loss = softplus(-d(real)).mean() + softplus(d(fakes[:SEEN])).mean()
    assert trace.d_loss[at] == pytest.approx(loss.item(), rel=1e-9)
    trick = softplus(-d(fakes[:SEEN]))
    assert trace.g_loss[at] == pytest.approx(trick.mean().item(), rel=1e-9)
    (slope,) = torch.autograd.grad(trick.sum(), fakes)
    np.testing.assert_allclose(trace.pull[at], -slope[:SEEN], atol=1e-6)
    loss = softplus(-d(real)).mean() + softplus(d(fakes[:SEEN].detach())).mean()
    loss.backward()
    squares = sum((p.grad**2).sum().item() for p in d.parameters())
    assert trace.d_grad[at] == pytest.approx(np.sqrt(squares), rel=1e-9)


def test_a_game_streams_as_it_grows_and_ends_as_the_whole():
    sizes, latest = [], None
    for latest in steps(FEW):
        sizes.append(len(latest.frames))
    assert sizes == list(range(1, 22))
    assert _same(latest, _played(FEW))


def test_games_side_by_side_are_those_played_alone():
    games = sweep(FEW, "lr_g", (0.001, 0.1))
    for r, lr in enumerate((0.001, 0.1)):
        alone = train(replace(FEW, lr_g=lr))
        for name in SERIES:
            mine, other = games[name][r], getattr(alone, name)
            np.testing.assert_allclose(mine, other, rtol=1e-6, atol=1e-6, err_msg=name)
    assert games.share == 1
    assert games.values == (0.001, 0.1)


@pytest.mark.parametrize("field", ["lr_d", "r1", "beta1", "seed", "smoothing", "instance_noise"])
def test_games_may_differ_in_other_numbers(field):
    values = (1, 2) if field == "seed" else (0.1, 0.3)
    games = sweep(FEW, field, values)
    alone = train(replace(FEW, **{field: values[1]}))
    np.testing.assert_allclose(games["g"][1], alone.g, rtol=1e-6, atol=1e-8)


def test_a_branch_goes_on_from_its_step_as_if_nothing_had_been():
    whole = _played(FEW)
    same = branch(whole, 7)
    assert same.branched_at == 7
    assert same.frames[-1] == 20
    at = same.frames.tolist()
    np.testing.assert_array_equal(same.g, whole.g[at])
    other = branch(whole, 7, lr_g=0.05)
    np.testing.assert_array_equal(other.g[:8], whole.g[:8])
    assert not np.array_equal(other.g[-1], whole.g[-1])
    again = branch(other, 12, lr_g=0.001)  # a branch of a branch
    np.testing.assert_array_equal(again.g[:13], other.g[:13])


@pytest.mark.parametrize("changes", [{"seed": 3}, {"hidden_g": (2,)}, {"colour": 1}])
def test_a_branch_cannot_change_what_was_settled_at_the_start(changes):
    with pytest.raises(ValueError, match="expected a setting to change in"):
        branch(_played(FEW), 3, **changes)
    assert set(FROM_THE_START) < {field.name for field in fields(GanConfig)}


def test_a_branch_begins_at_a_step_that_is_there():
    with pytest.raises(ValueError, match="expected 0 <= step <= 20, got 21"):
        branch(_played(FEW), 21)


def test_numbers_beyond_all_bounds_are_an_outcome():
    trace = train(replace(FEW, optimizer="sgd", loss="wgan_gp", lr_g=1.0, lr_d=1.0, steps=200))
    assert trace.outcome == "diverged"
    assert facts(trace)["js"] is None
    assert "nobody has won" in outcome_sentence(trace)


def test_costly_games_end_sooner():
    heavy = GanConfig(hidden_g=(64,) * 4, hidden_d=(64,) * 4, batch_size=512, k_d=10, steps=10_000)
    cost = 512 * 21 * (2 * 64 + 64 + 3 * 65 * 64 + 65 * 2 + 3 * 64 + 3 * 65 * 64 + 65)
    assert last_step(heavy) == max(50, MOST_WORK // cost)
    assert last_step(GanConfig()) == 1500


def test_a_game_of_much_work_has_more_frames_and_a_branch_as_many_as_a_run():
    usual, heavy = GanConfig(), GanConfig(loss="wgan_gp", k_d=3)
    assert len(stops_of(0, 1500, usual)) == FRAMES
    assert len(stops_of(0, 1500, heavy)) == MOST_FRAMES
    for step in (0, 1, 40, 750, 1499, 1500):
        halves = [*stops_of(0, step, usual), *stops_of(step, 1500, usual)]
        assert FRAMES <= len(halves) <= FRAMES + 1
        assert halves == sorted(set(halves))
        assert step == 0 or {step, 1500} <= set(halves)


def test_the_picture_of_a_heavy_game_with_a_branch_is_within_the_budget():
    first = next(shown_steps(*asked_of(GanConfig(loss="wgan_gp", k_d=3))))
    frames = np.arange(MOST_FRAMES + 2)
    series = {name: np.repeat(first[name], len(frames), 1) for name in SERIES}
    whole = replace(first, frames=frames, series=series, last=len(frames) - 1, _runs={})
    assert len(game_scene(whole).pack()) <= 1_500_000


def test_what_is_only_shown_is_the_same_without_the_parameters():
    *_, games = shown_steps(FEW, "lr_g", (0.001, 0.1))
    whole = sweep(FEW, "lr_g", (0.001, 0.1))
    assert games["g"].size == games["d"].size == 0
    for name in set(SERIES) - {"g", "d"}:
        np.testing.assert_array_equal(games[name], whole[name])
    assert games.outcomes == whole.outcomes


def test_losses_are_played_side_by_side_each_its_own_way():
    *_, games = varied_steps(FEW, "loss")
    assert games.values == LOSSES
    alone = train(replace(FEW, loss="hinge"))
    np.testing.assert_allclose(games["samples"][LOSSES.index("hinge")], alone.samples, atol=1e-6)
    assert set(VALUES) == {"lr_g", "lr_d", "loss", "r1", "beta1", "seed"}


# Honest measures.


@pytest.mark.parametrize("data", DATA)
def test_real_samples_lie_on_the_drawn_floor(data):
    source = source_of(data)
    draws = [source.draw(np.random.default_rng([77, k]), SAMPLES) for k in range(4)]
    marks = scores(np.stack(draws), source, reference(data))
    js, kl = floor(data)
    # 4 n JS of two samples has nearly the χ² distribution of the cells less one: mean K, sd √2K.
    cells = (histogram(reference(data), source) > 0).sum() - 1
    assert marks.js == pytest.approx(js, rel=4 * np.sqrt(2 / cells))
    assert marks.kl == pytest.approx(kl, rel=0.5, abs=2e-3)
    assert 0.2 * cells < 4 * SAMPLES * js < 3 * cells
    assert (marks.coverage == 1).all()
    assert (marks.on_mode > 0.95).all()


def test_js_by_cells_is_that_of_scipy_and_ends_at_log_two():
    from scipy.spatial.distance import jensenshannon

    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(50), 2)
    p[:5] = 0
    p /= p.sum()
    assert js_of(p, q) == pytest.approx(jensenshannon(p, q) ** 2, abs=1e-12)
    assert js_of(np.eye(2)[0], np.eye(2)[1]) == pytest.approx(np.log(2))


def test_the_histogram_counts_every_sample_once_and_keeps_those_beyond_apart():
    source = source_of("ring8")
    samples = np.array([[-1.59, -1.59], [1.59, -1.59], [-1.59, 1.59], [5, 0], [0, -9], [np.nan, 0]])
    share = histogram(samples, source)
    assert share.sum() == pytest.approx(1)
    assert share[[0, 29, 29 * 30, 900]] * 6 == pytest.approx([1, 1, 1, 3])
    x = np.random.default_rng(1).uniform(-1.6, 1.6, (5000, 2))
    counts, _, _ = np.histogram2d(x[:, 1], x[:, 0], bins=30, range=[[-1.6, 1.6]] * 2)
    np.testing.assert_allclose(histogram(x, source)[:900] * 5000, counts.ravel())


def test_modes_are_those_of_a_tree_of_neighbors():
    from scipy.spatial import cKDTree

    source = source_of("grid25")
    samples = np.random.default_rng(2).normal(0, 0.8, (3000, 2))
    distance, nearest = cKDTree(source.modes).query(samples)
    on = distance <= source.reach
    counts, share = modes_of(samples, source)
    np.testing.assert_array_equal(counts, np.bincount(nearest[on], minlength=25))
    assert share == pytest.approx(on.mean())


def test_sliced_wasserstein_is_the_mean_over_lines_of_scipys():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(400, 2)), rng.normal(1, 2, size=(400, 2))
    angles = np.pi * (np.arange(64) + 0.5) / 64
    ways = np.stack([np.cos(angles), np.sin(angles)], 1)
    expected = np.mean([stats.wasserstein_distance(a @ w, b @ w) for w in ways])
    assert sliced_wasserstein(a, b) == pytest.approx(expected)
    # A shift by (3, 4) is seen from all sides: 5 · mean |cos| = 10 / π.
    assert sliced_wasserstein(a, a + np.array([3, 4])) == pytest.approx(10 / np.pi, rel=1e-3)
    assert sliced_wasserstein(a[:, :1], b[:, :1]) == pytest.approx(
        stats.wasserstein_distance(a[:, 0], b[:, 0])
    )


def test_the_nearest_neighbors_verdict_is_that_of_scikit_learn():
    from sklearn.model_selection import LeaveOneOut, cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(60, 2)), rng.normal(0.7, 1, size=(60, 2))
    x, y = np.concatenate([a, b]), np.repeat([0, 1], 60)
    expected = cross_val_score(KNeighborsClassifier(1), x, y, cv=LeaveOneOut()).mean()
    assert two_sample_accuracy(a, b) == pytest.approx(expected)
    assert two_sample_accuracy(a, a + 100) == 1


def test_data_have_the_moments_that_they_should():
    x = fresh("gauss", "", 200_000)[:, 0]
    assert (x.mean(), x.std()) == pytest.approx((3, 1), abs=0.01)
    ring = fresh("ring8", "", 200_000)
    assert (ring**2).sum(1).mean() == pytest.approx(1 + 2 * 0.05**2, abs=2e-3)
    line = fresh("line", "", 100_000)
    assert line.mean(0) == pytest.approx([0, 0], abs=0.01)
    for data in ("gauss", "far", "pair", "trio", "own_line"):
        source = source_of(data)
        x = np.linspace(source.low - 5, source.high + 5, 20_001)
        assert np.trapezoid(source.density(x), x) == pytest.approx(1, abs=1e-6)


# The line.


def test_an_affine_generators_density_is_that_of_its_normal():
    trace = _played(BELL)
    w, b = trace.g[-1]
    x = line_of(trace.source)
    np.testing.assert_allclose(trace.density[-1], stats.norm(b, abs(w)).pdf(x), atol=2e-3)
    edges = np.append(x - 0.03, x[-1] + 0.03)
    cells = np.diff(stats.norm(2.0, 1e-3).cdf(edges)) / 0.06
    got = normal_cells(x, np.array([[2.0]]), np.array([[1e-3]]))[0]
    np.testing.assert_allclose(got, cells, atol=1e-9)


def test_a_bent_generators_density_integrates_to_one_and_has_its_samples_quantiles():
    trace = train(GanConfig(data="pair", noise_dim=1, hidden_g=(8,), steps=60))
    x = line_of(trace.source)
    step = x[1] - x[0]
    total = trace.density[-1].sum() * step
    assert total == pytest.approx(1, abs=0.03)  # a little lies beyond the window
    below = np.cumsum(trace.density[-1]) * step
    share = (trace.samples[-1][:, 0][:, None] <= x + step / 2).mean(0)
    assert np.abs(below - share).max() < 0.06  # 1000 samples: 1.36 / √1000 = 0.043


# Configs.


@pytest.mark.parametrize(
    ("settings_", "sentence"),
    [
        ({"lr_g": -1}, "expected 0 < lr_g <= 1, got -1"),
        ({"lr_d": float("nan")}, "expected 0 < lr_d <= 1, got nan"),
        ({"data": "cats"}, "expected data in ring8, "),
        ({"loss": "log"}, "expected loss in nonsaturating, "),
        ({"k_d": 0}, "expected 1 <= k_d <= 10, got 0"),
        ({"hidden_g": (65,)}, "expected 1 <= hidden_g <= 64, got 65"),
        ({"hidden_d": 3}, "expected hidden_d to be a tuple of 0 to 4, got 3"),
        ({"batch_size": 1}, "expected 2 <= batch_size <= 512, got 1"),
        ({"spectral": 1}, "expected True or False, got spectral=1"),
        ({"noise_dim": 3}, "expected 1 <= noise_dim <= 2, got 3"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_in_one_sentence(settings_, sentence):
    with pytest.raises(ValueError, match="expected") as refused:
        GanConfig(**settings_)
    assert str(refused.value).startswith(sentence)


def test_only_numbers_are_swept():
    with pytest.raises(ValueError, match="expected field in lr_g, "):
        sweep_steps(FEW, "loss", ("hinge",))


CONFIGS = st.builds(
    GanConfig,
    data=st.sampled_from(list(DATA)),
    loss=st.sampled_from(LOSSES),
    optimizer=st.sampled_from(RULES),
    units=st.sampled_from(UNITS),
    lr_g=st.floats(1e-6, 1),
    lr_d=st.floats(1e-6, 1),
    hidden_g=st.lists(st.integers(1, 5), max_size=2).map(tuple),
    hidden_d=st.lists(st.integers(1, 5), max_size=2).map(tuple),
    noise=st.sampled_from(["normal", "uniform"]),
    noise_dim=st.integers(1, 2),
    batch_size=st.integers(2, 9),
    k_d=st.integers(1, 3),
    k_g=st.integers(1, 3),
    r1=st.floats(0, 100),
    instance_noise=st.floats(0, 2),
    smoothing=st.floats(0, 0.5),
    spectral=st.booleans(),
    steps=st.integers(0, 12),
    seed=st.integers(0, 2**32 - 1),
)


@settings(max_examples=25, deadline=None)
@given(config=CONFIGS)
def test_every_game_can_be_played_measured_and_told(config):
    trace = train(config)
    assert len(trace.frames) == config.steps + 1
    assert ((trace.coverage >= 0) & (trace.coverage <= 1)).all()
    finite = np.isfinite(trace.js)
    assert ((trace.js[finite] >= -1e-12) & (trace.js[finite] <= np.log(2) + 1e-9)).all()
    known = facts(trace)
    assert outcome_sentence(trace)
    assert measure_rows(known) or trace.outcome == "diverged"
    assert _same(trace, train(config))


def test_fakes_that_are_nearly_too_far_for_their_type_have_a_mean():
    trace = train(GanConfig(data="pair", steps=1))
    far = replace(trace, samples=np.full_like(trace.samples, 2e38))
    assert facts(far)["mean"] == pytest.approx(2e38)
    assert facts(far)["sd"] < 1e32


@pytest.mark.parametrize(("config", "most"), [(GanConfig(), 10), (GanConfig(k_d=10), 3)])
def test_who_follows_a_game_may_end_it_soon_the_more_it_costs_the_sooner(config, most, monkeypatch):
    counts = []
    monkeypatch.setattr(runs, "_reach", lambda gauge, count, look=True: counts.append(count) or {})
    yields = sum(1 for _ in runs.shown_steps(config, "seed", (0,)))
    assert sum(counts) == runs.last_step(config) > 600
    assert max(counts) == most
    assert yields == len(counts)
