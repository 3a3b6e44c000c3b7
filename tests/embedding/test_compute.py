"""The engine of the lab: its data, runs, other methods and measures, each against an oracle."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist, pdist
from sklearn import manifold
from sklearn.datasets import load_digits, load_iris, make_swiss_roll
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from dlviz.affinities import conditional
from dlviz.embedding import hidden
from dlviz.embedding.clouds import CLOUDS, _whole
from dlviz.embedding.compute import (
    DATASETS,
    METHODS,
    PERPLEXITIES,
    EmbeddingConfig,
    beginning,
    cloud_of,
    embed,
    facts,
    installed,
    kept_map,
    kept_wall,
    outcome_sentence,
    script,
    shipped,
    steps,
    sweep,
    sweep_steps,
    trust_of,
    usual_perplexities,
    wall,
    wall_rows,
    wall_steps,
    whole,
)
from dlviz.embedding.runs import start
from dlviz.embedding.shipped import FEWER, SCENES, packed, scenes_maps, thinned
from dlviz.embedding.trust import (
    aligned,
    distortion,
    held_out,
    kept,
    nearest_label,
    ranks,
    shepard,
    trustworthiness,
)
from dlviz.tsne import TSNE

SMALL = EmbeddingConfig(dataset="two_clusters", n=40, perplexity=8.0, iterations=60, exaggerated=30)


# ---- Data.


@pytest.mark.parametrize("name", CLOUDS)
def test_every_data_set_is_finite_repeatable_and_not_larger_than_asked(name):
    config = EmbeddingConfig(dataset=name, n=60)
    cloud = cloud_of(config)
    assert 45 <= len(cloud) <= 60
    assert cloud.x.dtype == np.float64
    assert not cloud.x.flags.writeable
    assert cloud.key == CLOUDS[name].draw(60, CLOUDS[name].dim, np.random.default_rng(0)).key
    if cloud.names:
        assert set(cloud.y) <= set(range(len(cloud.names)))


def test_the_digits_are_scikit_learns():
    table = load_digits()
    cloud = cloud_of(EmbeddingConfig(n=1797))
    assert (cloud.x == table.data).all()
    assert (cloud.y == table.target).all()
    assert cloud.images.reshape(-1, 8, 8)[7] == pytest.approx(table.images[7] * 255 / 16, abs=0.51)


def test_distills_shapes_by_their_formulas():
    def of(name, **more):
        return cloud_of(EmbeddingConfig(dataset=name, n=1000, **more))

    two = of("two_clusters", dim=50)
    middles = [two.x[two.y == c].mean(0) for c in (0, 1)]
    np.testing.assert_allclose((middles[1] - middles[0])[:1], 10, atol=0.2)
    assert two.x.shape == (1000, 50)
    sizes = of("two_sizes")
    sd = [sizes.x[sizes.y == c].std(0).mean() for c in (0, 1)]
    np.testing.assert_allclose(sd, [1, 0.1], rtol=0.1)
    ellipse = of("ellipse")
    np.testing.assert_allclose(ellipse.x.std(0) * np.arange(1, 51), 1, atol=0.1)
    knot = of("trefoil")
    t = np.pi / 2  # a quarter of the way: sin t + 2 sin 2t, cos t − 2 cos 2t, −sin 3t
    np.testing.assert_allclose(knot.x[250], [1, 2, 1], atol=1e-12)
    assert knot.y[250] == pytest.approx(t)
    rings = of("linked_rings")
    for ring in (0, 1):
        part = rings.x[rings.y == ring]
        np.testing.assert_allclose(np.linalg.norm(part - part.mean(0), axis=1), 1)
    assert (pdist(of("simplex", seed=0).x[:50]) == np.sqrt(2)).all()
    assert len(of("grid")) == 31**2
    walk = of("walk")
    assert np.diff(walk.x, axis=0).std() == pytest.approx(1, abs=0.02)


def test_rolls_lie_on_scikit_learns_sheets():
    roll = cloud_of(EmbeddingConfig(dataset="swiss_roll", n=300))
    np.testing.assert_allclose(np.hypot(roll.x[:, 0], roll.x[:, 2]), roll.y)
    theirs, t = make_swiss_roll(300, random_state=0)
    np.testing.assert_allclose(np.hypot(theirs[:, 0], theirs[:, 2]), t)
    assert 0 <= roll.x[:, 1].min() < roll.x[:, 1].max() <= 21
    bent = cloud_of(EmbeddingConfig(dataset="s_curve", n=300))
    np.testing.assert_allclose(bent.x[:, 0] ** 2 + (np.abs(bent.x[:, 2]) - 1) ** 2, 1)


def test_iris_and_wine_are_standardized():
    iris = cloud_of(EmbeddingConfig(dataset="iris", n=150))
    np.testing.assert_allclose(iris.x.std(0), 1)
    table = load_iris()
    scaled = (table.data - table.data.mean(0)) / table.data.std(0)
    ours, theirs = (each[np.lexsort(each.round(9).T)] for each in (iris.x, scaled))
    np.testing.assert_allclose(ours, theirs)
    assert cloud_of(EmbeddingConfig(dataset="wine", n=500)).x.shape == (178, 13)


@pytest.mark.parametrize("layer", ["hidden1", "hidden2", "logits", "bottleneck"])
def test_activations_are_those_of_the_same_network_in_torch(layer):
    digits = _whole("digits")
    x, y = digits.x / 16, digits.y
    name = "autoencoder" if layer == "bottleneck" else "classifier"
    shape = hidden.AUTOENCODER if layer == "bottleneck" else hidden.CLASSIFIER
    layers = shape.layers(hidden.trained(name, x.tobytes(), y.tobytes(), 2))
    a = torch.tensor(x)
    functions = {"relu": torch.relu, "tanh": torch.tanh, "linear": lambda z: z}
    seen = []
    for w, b, act in zip(*layers, (*shape.hidden, shape.output), strict=True):
        a = functions[act](a @ torch.tensor(w[0]).T + torch.tensor(b[0]))
        seen.append(a.numpy())
    wanted = seen[1 if layer == "bottleneck" else hidden.DEPTH[layer]]
    np.testing.assert_allclose(hidden.activations(x, y, layer, 2), wanted, atol=1e-12)


def test_the_networks_learn():
    digits = _whole("digits")
    x, y = digits.x / 16, digits.y
    logits = hidden.activations(x, y, "logits", 30)
    assert (logits.argmax(1) == y).mean() > 0.99
    shape = hidden.AUTOENCODER
    tape = hidden.Tape(shape, 1, len(x))
    matrices = shape.matrices(hidden.trained("autoencoder", x.tobytes(), y.tobytes(), 30))
    remade = tape.forward(matrices, hidden.with_ones(x)[None])[0].T
    pca = PCA(2).fit(x)
    by_pca = ((pca.inverse_transform(pca.transform(x)) - x) ** 2).mean()
    assert ((remade - x) ** 2).mean() < 0.75 * by_pca  # COURSE 001-74h: 0.034 against 0.053


def test_logits_tell_digits_apart_better_than_pixels_in_two_principal_components():
    """COURSE: 0.561 for pixels and 0.636 for logits; only the order is asserted there."""
    found = []
    for layer in ("pixels", "logits"):
        cloud = cloud_of(EmbeddingConfig(n=1797, layer=layer))
        found.append(nearest_label(PCA(2).fit_transform(cloud.x), cloud.y))
    assert found[1] > found[0]


# ---- Runs.


def test_a_run_is_what_the_brick_makes_of_the_same_points():
    cloud = cloud_of(SMALL)
    p, _ = conditional(cloud.x, 8.0)
    run = TSNE((p + p.T) / (2 * len(p)), start(SMALL, cloud.x), exaggerated=30)
    trace = embed(SMALL)
    assert trace.iterations.tolist() == [0, 10, 20, 30, 40, 50, 60]
    for points in trace.points:
        np.testing.assert_allclose(points, run.embedding, rtol=1e-3, atol=1e-5)
        run.step(10)
    assert (trace.points[-1] == embed(SMALL).points[-1]).all()
    np.testing.assert_allclose(trace.perplexities, 8, atol=1e-6)


def test_every_iteration_can_be_a_frame_and_changes_nothing():
    every = embed(replace(SMALL, every=1))
    assert every.points.shape == (61, 40, 2)
    assert (every.points[::10] == embed(SMALL).points).all()
    assert (every.kl[::10] == embed(SMALL).kl).all()


def test_steps_lead_to_the_whole_run():
    seen = list(steps(replace(SMALL, iterations=3000)))
    assert len(seen) > 2
    assert seen[0].outcome == "growing"
    assert seen[-1].outcome == "ran"
    assert [t.share for t in seen] == sorted(t.share for t in seen)
    for before, after in pairwise(seen):
        assert (after.points[: len(before.points)] == before.points).all()


def test_the_start_is_scikit_learns_pca_but_for_signs_and_a_trace_of_noise():
    cloud = cloud_of(EmbeddingConfig(n=200))
    ours = start(EmbeddingConfig(n=200), cloud.x)
    theirs = PCA(2, svd_solver="full").fit_transform(cloud.x)
    theirs *= 1e-4 / theirs[:, 0].std()
    for axis in (0, 1):
        sign = np.sign((ours[:, axis] * theirs[:, axis]).sum())
        np.testing.assert_allclose(ours[:, axis], sign * theirs[:, axis], atol=5e-6)
    random = start(EmbeddingConfig(n=200, init="random"), cloud.x)
    assert random.std() == pytest.approx(1e-4, rel=0.1)


def test_too_large_a_learning_rate_diverges_and_says_so():
    trace = embed(replace(SMALL, lr=10_000.0, iterations=300))
    assert np.isfinite(trace.points).all()
    if trace.outcome == "diverged":
        assert "learning rate" in outcome_sentence(facts(trace))
    calm = embed(SMALL)
    assert calm.outcome == "ran"


def test_points_of_ones_own_take_the_place_of_the_data():
    x = np.random.default_rng(0).standard_normal((30, 4))
    trace = embed(replace(SMALL, perplexity=6.0), x)
    assert trace.points.shape[1:] == (30, 2)
    with pytest.raises(ValueError, match="expected perplexity < n - 1 = 29"):
        embed(replace(SMALL, perplexity=29.0), x)
    with pytest.raises(ValueError, match="upload"):
        embed(EmbeddingConfig(dataset="table"))


def test_a_sweep_is_its_runs_and_begins_with_their_starts():
    values = usual_perplexities(40)[:3]
    seen = list(sweep_steps(SMALL, values))
    assert [t.iterations.tolist() for t in seen[0].traces] == [[0]] * 3
    assert (seen[0].traces[0].points == beginning(SMALL, values).traces[0].points).all()
    for value in values:
        alone = embed(replace(SMALL, perplexity=value))
        assert (seen[-1].trace(value).points == alone.points).all()
    assert seen[-1].share == 1
    assert (sweep(SMALL, values).traces[1].kl == seen[-1].traces[1].kl).all()


@pytest.mark.parametrize("n", [10, 11, 30, 50, 100, 102, 500])
def test_every_number_of_points_has_ten_perplexities_that_it_can_have(n):
    values = usual_perplexities(n)
    assert len(set(values)) == 10
    assert list(values) == sorted(values)
    assert 1 < values[0] <= 2
    assert values[-1] < n - 1
    assert (values == PERPLEXITIES) == (n > 101)


# ---- What was made beforehand.


def test_the_shipped_maps_are_those_that_are_made_here():
    """Their first frames agree; later ones may differ on another processor, but are as good."""
    config = EmbeddingConfig(iterations=100)
    kept_sweep = shipped(EmbeddingConfig(), PERPLEXITIES)
    for perplexity in (2.0, 30.0):
        made = embed(replace(config, perplexity=perplexity, every=5))
        kept_trace = kept_sweep.trace(perplexity)
        np.testing.assert_allclose(kept_trace.perplexities, perplexity, atol=1e-6)
        for i, iteration in enumerate(kept_trace.iterations):
            if iteration > 20:
                break
            frame = made.points[iteration // 5]
            np.testing.assert_allclose(kept_trace.points[i], frame, atol=2e-3 * np.abs(frame).max())
    again = embed(EmbeddingConfig())
    assert kept_sweep.trace(30.0).kl[-1] == pytest.approx(again.kl[-1], rel=0.02)
    assert kept_sweep.trace(30.0).iterations[-1] == 750


def test_shipped_maps_have_the_kl_that_they_say():
    kept_trace = shipped(EmbeddingConfig(), PERPLEXITIES).trace(12.0)
    p, beta = conditional(cloud_of(EmbeddingConfig()).x, 12.0)
    both = (p + p.T) / (2 * len(p))
    run = TSNE(both, kept_trace.points[-1], dtype=np.float64)
    assert run.kl == pytest.approx(kept_trace.kl[-1], abs=2e-3)  # points are rounded
    np.testing.assert_allclose(kept_trace.beta, beta, rtol=1e-9)


def test_only_scenes_are_made_beforehand():
    assert shipped(EmbeddingConfig(n=400), PERPLEXITIES) is None
    assert shipped(EmbeddingConfig(), (*PERPLEXITIES[:-1], 99.0)) is None
    assert kept_map(EmbeddingConfig(seed=1)) is None
    assert kept_wall(EmbeddingConfig(n=299), "methods") is None
    assert whole(EmbeddingConfig(perplexity=45.0)).config.perplexity == 45
    assert SCENES.stat().st_size <= 1_500_000


def test_all_scenes_are_made_beforehand():
    for config in scenes_maps():
        trace = kept_map(config)
        assert trace is not None and trace.config == config
        assert trace.outcome in ("ran", "none") and trace.share == 1
        assert np.isfinite(trace.points).all()
        if config.method == "tsne":
            assert trace.iterations[0] == 0 and trace.iterations[-1] == config.iterations


@pytest.mark.parametrize(
    "config",
    [EmbeddingConfig(dataset="two_sizes", n=150), EmbeddingConfig(dataset="simplex", n=50,
                                                                  perplexity=10.0),
     EmbeddingConfig(dataset="trefoil", n=150, perplexity=50.0, init="random", seed=1),
     EmbeddingConfig(dataset="swiss_roll", n=800, method="isomap")],
    ids=lambda config: config.dataset,
)  # fmt: skip
def test_the_maps_of_scenes_are_those_that_are_made_here(config):
    """Their beginnings agree; what follows may differ on another processor, but is as good.

    A simplex has no principal axes: where it begins is chance, too.
    """
    kept_trace, made = kept_map(config), embed(config)
    assert len(kept_trace.points) <= FEWER and kept_trace.outcome == made.outcome
    if config.method != "tsne":
        span = np.abs(made.points[-1]).max()
        np.testing.assert_allclose(kept_trace.points[-1], made.points[-1], atol=1e-3 * span)
        return
    if config.dataset != "simplex":
        start = made.points[0]
        np.testing.assert_allclose(kept_trace.points[0], start, atol=2e-3 * np.abs(start).max())
    np.testing.assert_allclose(kept_trace.perplexities, made.perplexities, rtol=1e-6)
    np.testing.assert_allclose(kept_trace.beta, made.beta, rtol=1e-6)
    assert kept_trace.kl[-1] <= 1.05 * made.kl[-1] + 0.01
    assert kept_trace.kl[-1] == pytest.approx(made.kl[-1], abs=0.06)
    assert facts(kept_trace)["trust"] == pytest.approx(facts(made)["trust"], abs=0.04)


def test_shipped_ends_have_the_kl_that_they_say():
    for config in (EmbeddingConfig(dataset="noise", perplexity=2.0), EmbeddingConfig(n=300)):
        kept_trace = kept_map(config)
        p, _ = conditional(cloud_of(config).x, config.perplexity)
        run = TSNE((p + p.T) / (2 * len(p)), kept_trace.points[-1], dtype=np.float64)
        assert run.kl == pytest.approx(kept_trace.kl[-1], abs=2e-3)


def test_what_is_packed_comes_back_to_a_thousandth_and_its_end_more_nearly():
    made = embed(SMALL)
    small = packed(made)
    moves = small["moves"][0].astype(int) + 256 * small["moves"][1].astype(np.int8).astype(int)
    frames = thinned(made.iterations.tolist(), FEWER)
    for i, frame in enumerate(frames[:-1]):
        wanted = made.points[frame] / np.abs(made.points[frame]).max()
        np.testing.assert_allclose(moves[: i + 1].sum(axis=0) / 1023, wanted, atol=6e-4)
    end = made.points[-1] / np.abs(made.points[-1]).max()
    np.testing.assert_allclose(small["last"] / 32767, end, atol=2e-5)


# ---- The course's numbers (COURSE 001-74i, j).


def test_a_thousand_digits_have_their_kind_nearest_in_tsne_and_not_in_pca():
    cloud = cloud_of(EmbeddingConfig(n=1000))
    tsne = np.asarray(embed(EmbeddingConfig(n=1000)).points[-1], dtype=float)
    pca = embed(EmbeddingConfig(n=1000, method="pca")).points[-1]
    for points, accuracy in ((tsne, 0.973), (pca, 0.520), (cloud.x, 0.960)):
        scores = cross_val_score(KNeighborsClassifier(1), points, cloud.y, cv=5)
        assert scores.mean() == pytest.approx(accuracy, abs=0.01)
        assert held_out(points, cloud.y) == pytest.approx(scores.mean(), abs=1e-12)
    assert manifold.trustworthiness(cloud.x, tsne, n_neighbors=5) == pytest.approx(0.995, abs=0.003)
    assert manifold.trustworthiness(cloud.x, pca, n_neighbors=5) == pytest.approx(0.799, abs=0.01)


def test_the_table_of_a_wall_has_the_measures_of_every_method():
    made = kept_wall(EmbeddingConfig(n=300), "methods")
    head, *rows = wall_rows(made)
    assert head[1:] == ("trustworthiness", "continuity", "10 nearest kept", "distances correlate")
    assert [row[0] for row in rows] == [part.title for part in made.parts]
    for part, row in zip(made.parts, rows, strict=True):
        x, points = part.cloud.x, np.asarray(part.trace.points[-1], dtype=float)
        trust = manifold.trustworthiness(x, points, n_neighbors=5)
        back = manifold.trustworthiness(points, x, n_neighbors=5)
        both = np.corrcoef(pdist(x), pdist(points))[0, 1]
        near = [np.argsort(cdist(a, a) + 1e9 * np.eye(len(a)), axis=1)[:, :10]
                for a in (x, points)]  # fmt: skip
        same = [len({*a} & {*b}) / 10 for a, b in zip(*near, strict=True)]
        *said, nearest, distances = [float(each.replace("−", "-")) for each in row[1:]]
        heap = np.median(pdist(points)) < 1e-2 * pdist(points).max()  # LTSA's: ties in one place
        fine = {"rel": 6e-3, "abs": 0.03 if heap else 2e-3}
        assert (*said, distances) == pytest.approx((trust, back, both), **fine)
        assert nearest == pytest.approx(np.mean(same), abs=0.05 if heap else 0.02)
    assert wall_rows(kept_wall(EmbeddingConfig(n=300), "layers")) == ()


def test_isomap_recovers_the_place_along_scikit_learns_roll_and_pca_does_not():
    x, t = make_swiss_roll(800, random_state=0)
    config = EmbeddingConfig(neighbors=8)
    found = {}
    for method in ("isomap", "pca"):
        points = embed(replace(config, method=method), x).points[-1]
        found[method] = max(abs(np.corrcoef(t, points[:, axis])[0, 1]) for axis in (0, 1))
    assert found["isomap"] == pytest.approx(0.991, abs=0.005)
    assert found["pca"] == pytest.approx(0.214, abs=0.01)


def test_distances_along_the_sheet_are_no_shorter_than_straight_ones():
    cloud = cloud_of(EmbeddingConfig(dataset="swiss_roll", n=200))
    isomap = manifold.Isomap(n_neighbors=8, n_components=2).fit(cloud.x)
    assert (isomap.dist_matrix_ >= cdist(cloud.x, cloud.x) - 1e-9).all()


# ---- Other methods.


@pytest.mark.parametrize("method", [name for name in METHODS if name not in ("tsne", "umap")])
def test_a_method_makes_a_map_that_is_the_same_again(method):
    config = EmbeddingConfig(dataset="s_curve", n=80, method=method)
    trace = embed(config)
    assert trace.points.shape == (1, 80, 2)
    assert trace.outcome == "ran"
    np.testing.assert_allclose(embed(config).points, trace.points, atol=1e-5)
    assert np.isnan(trace.kl).all()
    assert "map of 80 points" in outcome_sentence(facts(trace))


def test_pca_is_the_projection_on_the_first_two_singular_vectors():
    cloud = cloud_of(EmbeddingConfig(n=200))
    points = embed(EmbeddingConfig(n=200, method="pca")).points[-1]
    _, s, _ = np.linalg.svd(cloud.x - cloud.x.mean(0), full_matrices=False)
    np.testing.assert_allclose(np.linalg.norm(points, axis=0), s[:2], rtol=1e-5)


def test_umap_is_offered_only_where_it_is_installed():
    from importlib.util import find_spec

    assert ("umap" in installed()) == bool(find_spec("umap"))


@pytest.mark.parametrize("method", ["isomap", "lle", "ltsa", "spectral", "mds"])
def test_points_in_one_place_have_a_map_or_none_but_no_error(method):
    trace = embed(EmbeddingConfig(method=method), np.zeros((20, 3)))
    assert trace.outcome in ("ran", "none")
    assert outcome_sentence(facts(trace, np.zeros((20, 3))))


# ---- Trust.


@given(st.integers(12, 60), st.integers(1, 5), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_trustworthiness_is_scikit_learns_and_continuity_is_it_exchanged(n, k, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((n, 5)), rng.standard_normal((n, 2))
    before, after = ranks(x), ranks(y)
    expected = manifold.trustworthiness(x, y, n_neighbors=k)
    assert trustworthiness(before, after, k) == pytest.approx(expected, abs=1e-12)
    expected = manifold.trustworthiness(y, x, n_neighbors=k)
    assert trustworthiness(after, before, k) == pytest.approx(expected, abs=1e-12)
    assert trustworthiness(before, before, k) == 1


def test_the_curve_over_k_by_its_definition():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((40, 5)), rng.standard_normal((40, 2))
    near = [np.argsort(cdist(each, each), axis=1)[:, 1:] for each in (x, y)]
    curve = kept(ranks(x), ranks(y))
    assert len(curve) == 38
    for k in (1, 7, 38):
        shared = [len(set(a[:k]) & set(b[:k])) for a, b in zip(*near, strict=True)]
        assert curve[k - 1] == pytest.approx(np.mean(shared) / k)
    lost = distortion(ranks(x), ranks(y), 7)
    shared = [len(set(a[:7]) & set(b[:7])) for a, b in zip(*near, strict=True)]
    np.testing.assert_allclose(lost, 1 - np.array(shared) / 7)
    assert (kept(ranks(x), ranks(x)) == 1).all()


def test_a_random_map_keeps_neighbors_by_chance():
    rng = np.random.default_rng(1)
    curve = kept(ranks(rng.standard_normal((400, 3))), ranks(rng.standard_normal((400, 2))))
    k = np.arange(1, 399)
    np.testing.assert_allclose(curve[20:], (k / 399)[20:], atol=0.02)


def test_the_shepard_diagram_counts_all_pairs():
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((50, 4)), rng.standard_normal((50, 2))
    diagram = shepard(x, y)
    assert diagram.counts.sum() == 50 * 49 / 2
    assert diagram.correlation == pytest.approx(np.corrcoef(pdist(x), pdist(y))[0, 1])
    same = shepard(x, 3 * x)
    assert same.correlation == pytest.approx(1)
    assert (same.counts == np.diag(np.diag(same.counts))).all()


def test_alignment_undoes_a_turn_a_mirror_a_move_and_a_scale():
    rng = np.random.default_rng(3)
    y = rng.standard_normal((30, 2))
    turn = np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]]) @ np.diag([1, -1])
    np.testing.assert_allclose(aligned(3 * y @ turn + 5, y), y, atol=1e-12)
    from scipy.spatial import procrustes

    z = rng.standard_normal((30, 2))
    a, b, gap = procrustes(y, z)
    ours = aligned(z, y)
    assert ((ours - y) ** 2).sum() / ((y - y.mean(0)) ** 2).sum() == pytest.approx(gap)
    assert a.shape == b.shape


def test_trust_of_a_sweep_is_that_of_its_maps():
    values = usual_perplexities(40)[::4]
    runs = sweep(SMALL, values)
    cloud = cloud_of(SMALL)
    trust = trust_of(runs.traces, cloud)
    for i, trace in enumerate(runs.traces):
        found = facts(trace)
        assert trust.trust[i] == pytest.approx(found["trust"])
        assert trust.continuity[i] == pytest.approx(found["continuity"])
        assert trust.correlation[i] == pytest.approx(found["distances"])
        assert 1 - trust.distortion[i].mean() == pytest.approx(found["kept"])


# ---- Walls.


def test_walls_grow_part_by_part():
    seen = list(wall_steps(SMALL, "perplexities"))
    assert [part.trace for part in seen[0].parts] == [None] * 6
    assert [w.share for w in seen] == sorted(w.share for w in seen)
    assert seen[-1].share == 1
    assert len(wall(SMALL, "seeds").parts) == 2
    first, second = wall(SMALL, "seeds").parts
    assert (first.cloud.x == second.cloud.x).all()
    assert not np.allclose(first.trace.points[0], second.trace.points[0])


# ---- Configs, facts, code.


@given(
    st.builds(
        EmbeddingConfig,
        dataset=st.sampled_from([name for name in DATASETS if name != "table"]),
        n=st.integers(30, 60),
        dim=st.integers(0, 20),
        seed=st.integers(0, 1000),
        perplexity=st.floats(1.5, 20),
        iterations=st.integers(0, 60),
        exaggerated=st.integers(0, 40),
        exaggeration=st.floats(1, 30),
        lr=st.floats(0, 1000),
        init=st.sampled_from(["pca", "random"]),
        every=st.integers(1, 30),
    )
)
@settings(max_examples=30, deadline=None)
def test_every_config_makes_a_finite_map_and_facts(config):
    trace = embed(config)
    assert np.isfinite(trace.points).all()
    assert np.isfinite(trace.kl).all()
    assert len(trace.points) == len(trace.iterations) == len(trace.kl)
    found = facts(trace)
    assert found["n"] == trace.points.shape[1]
    assert outcome_sentence(found)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"method": "sne"}, "expected method in tsne"),
        ({"dataset": "mnist"}, "expected dataset in digits"),
        ({"n": 5}, "expected 10 <= n <= 2000, got 5"),
        ({"perplexity": 1.0}, "expected 1 < perplexity <= 1000, got 1.0"),
        ({"perplexity": float("nan")}, "expected 1 < perplexity"),
        ({"iterations": -1}, "expected 0 <= iterations <= 5000, got -1"),
        ({"lr": -1.0}, "expected 0 <= lr <= 10000, got -1"),
        ({"init": "zeros"}, "expected init in pca, random, got 'zeros'"),
        ({"layer": "hidden3"}, "expected layer in pixels"),
    ],
)
def test_a_config_refuses_what_makes_no_sense(settings, words):
    with pytest.raises(ValueError, match=words):
        EmbeddingConfig(**settings)


@pytest.mark.parametrize("init", ["pca", "random"])
def test_the_code_makes_the_same_map(init, capsys):
    config = EmbeddingConfig(n=60, iterations=40, exaggerated=20, perplexity=8.0, init=init, lr=5.0)
    exec(compile(script(config), "script", "exec"), {})
    printed = float(capsys.readouterr().out)
    assert printed == pytest.approx(embed(config).kl[-1], rel=1e-3)


@pytest.mark.parametrize("method", ["pca", "mds", "isomap", "lle", "ltsa", "spectral"])
def test_the_code_of_other_methods_makes_a_map_as_wide(method, capsys):
    config = EmbeddingConfig(dataset="s_curve", n=80, method=method)
    exec(compile(script(config), "script", "exec"), {})
    printed = [float(word) for word in capsys.readouterr().out.strip("[]\n ").split()]
    np.testing.assert_allclose(printed, embed(config).points[-1].std(axis=0), rtol=1e-2)
