"""What the scenes, questions and goals of the lab claim, each against the engine's own maps.

Where a claim is a number, it is worked out here from the points once more.
"""

import re
from functools import cache

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from dlviz.embedding.compute import (
    PERPLEXITIES,
    Cloud,
    EmbeddingConfig,
    blank_wall,
    cloud_of,
    embed,
    facts,
    kept_wall,
    wall,
    whole,
)
from dlviz.embedding.facts import neighbors_say
from dlviz.embedding.figures import wall_scene
from dlviz.embedding.lesson import LESSON, ROLL, SIZES, THREE, TREFOIL, TWO
from dlviz.embedding.trust import clark_evans

PREDICTIONS = {prediction.slug: prediction for prediction in LESSON.predictions}


@cache
def _made(**settings):
    config = EmbeddingConfig(**settings)
    return np.asarray(whole(config).points[-1], dtype=float), cloud_of(config), whole(config)


def made(settings=None, **more):
    kept = {**(settings or {}), **more}
    return _made(**{k: v for k, v in kept.items() if k not in LESSON.views})


def settings_of(slug):
    return LESSON.scene(slug).settings


def long(points):
    """How many times as long as wide points are: the ratio of their singular values."""
    values = np.linalg.svd(points - points.mean(0), compute_uv=False)
    return values[0] / values[1]


def wide(points):
    return np.sqrt(((points - points.mean(0)) ** 2).sum(1).mean())


def one_nn(points, y):
    d = cdist(points, points)
    np.fill_diagonal(d, np.inf)
    return (y[d.argmin(1)] == y).mean()


# ---- The scenes.


def test_digits_come_together_though_nobody_told_which_they_are():  # "digits"
    points, cloud, trace = made(settings_of("digits"))
    assert cloud.x.shape == (500, 64)
    assert trace.config.exaggeration == 12
    assert one_nn(points, cloud.y) > 0.94


def test_at_perplexity_2_digits_fall_into_islands():  # "islands"
    few, _, _ = made(settings_of("islands"))
    usual, _, _ = made()
    assert pieces(few) > 1.5 * pieces(usual)


def pieces(points):
    """Groups of points each nearer than a thirtieth of the map's width to another of its group."""
    from scipy.sparse.csgraph import connected_components

    near = cdist(points, points) < np.ptp(points, axis=0).max() / 30
    return connected_components(near)[0]


def test_low_perplexity_keeps_small_neighborhoods_and_high_perplexity_large_ones():  # "trust"
    assert settings_of("trust") == {"picture": "trust"}
    low, high = made(perplexity=3.0)[0], made(perplexity=100.0)[0]
    x = made()[1].x
    assert overlap(x, low, 3) > overlap(x, high, 3)
    assert overlap(x, low, 100) < overlap(x, high, 100)
    for k, best in ((1, 2.0), (10, 30.0), (50, 100.0)):  # as the caption says
        kept = {p: overlap(x, made(perplexity=p)[0], k) for p in PERPLEXITIES}
        assert max(kept, key=kept.get) == best


def test_perplexities_named_in_the_caption_of_a_wall_are_in_the_wall():
    named = 0
    for scene in LESSON.scenes:
        if scene.settings.get("picture") == "perplexities":
            config = EmbeddingConfig(
                **{k: v for k, v in scene.settings.items() if k not in LESSON.views}
            )
            shown = {part.title for part in blank_wall(config, "perplexities").parts}
            wanted = re.findall(r"(?:[Pp]erplexity|[Ff]rom|[Aa]t) (\d+)", scene.caption)
            assert {f"perplexity {value}" for value in wanted} <= shown
            named += len(wanted)
    assert named >= 8


def overlap(x, points, k):
    near = [np.argsort(cdist(each, each), axis=1)[:, 1 : k + 1] for each in (x, points)]
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(*near, strict=True)])


def test_two_clusters_crumble_at_2_and_are_two_from_30_on():  # "two"
    assert settings_of("two")["picture"] == "perplexities"
    gaps = {}
    for perplexity in (2.0, 30.0, 45.0, 100.0):
        points, cloud, _ = made(TWO, perplexity=perplexity)
        a, b = points[cloud.y == 0], points[cloud.y == 1]
        gaps[perplexity] = cdist(a, b).min() / max(wide(a), wide(b))
    assert min(gaps[30.0], gaps[45.0], gaps[100.0]) > 2 > gaps[2.0]
    assert clark_evans(made(TWO, perplexity=2.0)[0]) < 0.4 < clark_evans(made(TWO)[0])


def test_a_run_that_is_stopped_early_is_in_heaps_with_strays():  # "pinched"
    early, cloud, trace = made(settings_of("pinched"))
    late, _, _ = made(TWO)
    assert trace.iterations[-1] == 120
    for c in (0, 1):
        assert straying(early[cloud.y == c]) > 10
        assert straying(late[cloud.y == c]) < 3
        assert straying(cloud.x[cloud.y == c]) < 3


def straying(points):
    """How many times farther from the middle the farthest point is than half of all are."""
    far = np.linalg.norm(points - np.median(points, axis=0), axis=1)
    return far.max() / np.median(far)


def test_clusters_of_other_sizes_are_alike_in_the_map():  # "sizes"
    points, cloud, _ = made(settings_of("sizes"))
    assert 8.5 < wide(cloud.x[cloud.y == 0]) / wide(cloud.x[cloud.y == 1]) < 9.5
    assert 0.9 < wide(points[cloud.y == 0]) / wide(points[cloud.y == 1]) < 1.1


def apart(points, y):
    middles = [points[y == c].mean(0) for c in range(3)]
    return np.linalg.norm(middles[2] - middles[0]) / np.linalg.norm(middles[1] - middles[0])


def test_distances_between_clusters_show_at_perplexity_100_alone():  # "distances"
    assert settings_of("distances") == {**THREE, "picture": "perplexities"}
    _, cloud, _ = made(THREE)
    assert 4.9 < apart(cloud.x, cloud.y) < 5.1
    found = {p: apart(made(THREE, perplexity=p)[0], cloud.y) for p in (2.0, 5.0, 30.0, 45.0, 100.0)}
    assert all(found[p] < 1.5 for p in (2.0, 5.0, 30.0, 45.0))
    assert 4 < found[100.0] < 6


def test_noise_is_clumped_at_perplexity_2_and_too_even_at_30():  # "noise", "noise-30"
    assert settings_of("noise")["perplexity"] == 2
    clumped, cloud, _ = made(settings_of("noise"))
    even, _, _ = made(settings_of("noise-30"))
    assert cloud.x.shape == (500, 100)
    assert clark_evans(clumped) < 0.7 < 1 < clark_evans(even)
    radii = np.linalg.norm(cloud.x, axis=1)
    assert radii.std() / radii.mean() < 0.1  # nearly all points lie on a shell


def test_clark_and_evans_index_of_random_points_is_1_and_of_a_grid_2():
    random = np.random.default_rng(0).random((4000, 2))
    assert clark_evans(random) == pytest.approx(1, abs=0.04)
    grid = np.stack(np.meshgrid(np.arange(40.0), np.arange(40.0)), -1).reshape(-1, 2)
    assert clark_evans(grid) == pytest.approx(2 * 40 / 39, abs=1e-9)


def test_a_long_cloud_stays_about_as_long_as_wide():  # "ellipse"
    assert settings_of("ellipse")["picture"] == "perplexities"
    found = {}
    for perplexity in (2.0, 5.0, 30.0, 45.0, 100.0):
        points, cloud, _ = made(dataset="ellipse", n=150, perplexity=perplexity)
        found[perplexity] = long(points)
    assert long(cloud.x) == pytest.approx(1.9, abs=0.05)
    assert found.pop(2.0) < 1.5
    assert 1.85 < min(found.values()) < max(found.values()) < 2.55


def test_one_of_two_straight_strips_is_torn_into_three():  # "lines"
    points, cloud, _ = made(settings_of("lines"))
    whole_again, _, _ = made(settings_of("lines"), perplexity=100.0)
    strips = lambda x: sorted(torn(x[cloud.y == c]) for c in (0, 1))  # noqa: E731
    assert min(long(cloud.x[cloud.y == c]) for c in (0, 1)) > 8
    assert (strips(cloud.x), strips(points), strips(whole_again)) == ([1, 1], [1, 3], [1, 1])


def torn(points):
    """Pieces that points fall into where a gap of a seventh of their width parts them."""
    from scipy.cluster.hierarchy import fcluster, linkage

    return fcluster(linkage(points), np.ptp(points, axis=0).max() / 7, "distance").max()


def test_a_cluster_within_a_cluster_is_blown_up_or_a_dot():  # "nested"
    assert settings_of("nested")["picture"] == "perplexities"
    found = {}
    for perplexity in (2.0, 5.0, 30.0, 45.0, 100.0):
        points, cloud, _ = made(dataset="nested", n=150, perplexity=perplexity)
        tight = cloud.y == 0
        found[perplexity] = wide(points[tight]) / wide(points[~tight])
    assert wide(cloud.x[tight]) / wide(cloud.x[~tight]) == pytest.approx(1 / 50, rel=0.03)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert found[2.0] > 0.8
    assert found[45.0] == pytest.approx(1 / 3, abs=0.05)
    assert found[100.0] < 0.01 < 1 / 50


def test_linked_rings_are_linked():  # "links"
    """Gauss' linking number of the two polygons is ±1; of rings side by side it is 0."""
    assert settings_of("links")["dataset"] == "linked_rings"
    for dataset, number in (("linked_rings", 1), ("unlinked_rings", 0)):
        cloud = cloud_of(EmbeddingConfig(dataset=dataset, n=400))
        a, b = cloud.x[cloud.y == 0], cloud.x[cloud.y == 1]
        da, db = np.roll(a, -1, 0) - a, np.roll(b, -1, 0) - b
        between = (a + da / 2)[:, None] - (b + db / 2)[None]
        crossed = np.cross(da[:, None], db[None])
        sums = (between * crossed).sum(-1) / np.linalg.norm(between, axis=-1) ** 3
        assert abs(sums.sum()) / (4 * np.pi) == pytest.approx(number, abs=0.05)


def test_starts_tear_the_knot_elsewhere_at_2_and_agree_at_50():  # "knot", "knot-50"
    alike = {}
    for slug in ("knot", "knot-50"):
        config = EmbeddingConfig(
            **{k: v for k, v in settings_of(slug).items() if k not in LESSON.views}
        )
        maps = [part.trace.points[-1] for part in wall(config, "seeds").parts]
        alike[slug] = np.corrcoef(*[pdist(points) for points in maps])[0, 1]
    assert alike["knot"] < 0.8 < 0.97 < alike["knot-50"]


def test_pca_loses_the_roll_and_isomap_unrolls_it():  # "roll-pca", "roll-isomap"
    found = {}
    for slug in ("roll-pca", "roll-isomap"):
        points, cloud, _ = made(settings_of(slug))
        found[slug] = max(abs(np.corrcoef(cloud.y, points[:, c])[0, 1]) for c in (0, 1))
    assert settings_of("roll-pca") == {**ROLL, "method": "pca"}
    assert 0.15 < found["roll-pca"] < 0.3
    assert found["roll-isomap"] > 0.99


def test_every_method_makes_a_map_of_digits():  # "methods"
    assert settings_of("methods")["picture"] == "methods"
    parts = wall(EmbeddingConfig(n=120, iterations=20), "methods").parts
    assert {"t-SNE", "PCA", "MDS", "Isomap", "LLE", "LTSA", "Spectral"} <= {p.title for p in parts}
    assert all(part.trace.outcome == "ran" for part in parts)


def test_training_pulls_the_classes_apart_layer_by_layer():  # "layers"
    assert settings_of("layers") == {"picture": "layers", "n": 300}
    found = {}
    for epochs in (0, 30):
        for layer in ("hidden1", "hidden2", "logits"):
            cloud = cloud_of(EmbeddingConfig(n=300, layer=layer, epochs=epochs))
            found[layer, epochs] = one_nn(cloud.x, cloud.y)
    assert all(found[layer, 30] > found[layer, 0] for layer in ("hidden1", "hidden2", "logits"))
    assert found["hidden1", 0] > found["hidden2", 0] > found["logits", 0]
    assert cloud_of(EmbeddingConfig(n=300, layer="bottleneck")).x.shape == (300, 2)


def test_of_points_that_are_all_equally_far_a_heap_is_the_best_map():  # "simplex"
    points, cloud, trace = made(settings_of("simplex"))
    np.testing.assert_allclose(pdist(cloud.x), np.sqrt(2))
    np.testing.assert_allclose(trace.perplexities, 49, atol=1e-6)
    assert trace.kl[-1] < 1e-4
    assert pdist(points).max() < 0.1
    said = facts(trace)
    assert said["perplexity_met"] is None
    assert said["perplexity_reached"] == pytest.approx(49, abs=1e-3)


# ---- The sentences, each shown where the data make its point alone.


def told(settings=None, **more):
    return facts(made(settings, **more)[2])


def test_a_true_axis_is_said_of_what_can_be_laid_out_straight_alone():
    quick = {"method": "pca", "n": 60}
    for dataset in ("swiss_roll", "s_curve", "line", "ellipse", "walk"):
        assert told(quick, dataset=dataset)["unrolled"] is not None, dataset
    for dataset in ("noise", "simplex", "circle", "grid", "trefoil", "digits"):
        assert told(quick, dataset=dataset)["unrolled"] is None, dataset
    rows = Cloud(np.random.default_rng(0).standard_normal((40, 3)), np.arange(40), value="row")
    config = EmbeddingConfig(dataset="table", method="pca")
    assert facts(embed(config, rows), rows)["unrolled"] is None


def test_that_labels_were_never_used_is_not_said_of_a_network_trained_on_them():
    quick = {"method": "pca", "n": 60}
    for layer, epochs, unused in (("pixels", 30, True), ("bottleneck", 30, True),
                                  ("hidden1", 0, True), ("hidden1", 30, False),
                                  ("logits", 1, False)):  # fmt: skip
        said = told(quick, layer=layer, epochs=epochs)["labels_say"]
        assert ("never used" in said) == unused
        assert ("trained on these" in said) == (not unused)


def test_the_headline_of_neighbors_goes_by_their_number():
    random = np.random.default_rng(0)
    x, stray = random.standard_normal((200, 2)), random.standard_normal((200, 2))
    from sklearn.manifold import trustworthiness

    assert neighbors_say(trustworthiness(x, x)) == "Near neighbors are kept"
    assert neighbors_say(trustworthiness(x, stray)) == "Near neighbors are lost"
    rough = trustworthiness(x, x + 0.5 * stray)
    assert neighbors_say(rough) == "Most near neighbors are kept roughly"


def test_sizes_and_distances_are_spoken_of_where_the_map_has_them_wrong():
    off = told(SIZES)
    assert off["sizes_off"] == pytest.approx(off["true_sizes"] / off["sizes"])
    assert told(TWO)["sizes_off"] is None
    assert told(SIZES, method="pca")["sizes_off"] is None
    assert told(THREE)["apart_off"] > 4
    assert told(THREE, perplexity=100.0)["apart_off"] is None
    assert told(dataset="iris", n=150, method="pca")["apart_off"] is None


def test_clumps_are_called_chance_in_noise_alone():
    assert told(settings_of("noise"))["clumps_of_noise"] < 0.7
    assert told(settings_of("noise"))["evenness_of_noise"] is None
    assert told(settings_of("noise-30"))["evenness_of_noise"] > 1.1
    assert told(TWO, perplexity=2.0)["clumps_of_noise"] is None


# ---- The questions.


def test_every_question_has_its_answer():
    answers = {"sizes": 2, "noise": 1, "distances": 2, "roll": 0, "isomap": 2, "pca": 0}
    assert answers.keys() == PREDICTIONS.keys()
    for slug, index in answers.items():
        prediction = PREDICTIONS[slug]
        assert prediction.answer(facts(made(prediction.settings)[2])) == index, slug
    assert settings_of("sizes") == SIZES


def test_by_pca_the_nearest_of_a_digit_is_often_another_digit():  # "pca"
    points, cloud, _ = made(method="pca")
    assert one_nn(points, cloud.y) == pytest.approx(0.65, abs=0.02)
    assert one_nn(cloud.x, cloud.y) == pytest.approx(0.99, abs=0.005)
    assert one_nn(made()[0], cloud.y) == pytest.approx(0.99, abs=0.005)


# ---- The goals.


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda challenge: challenge.slug)
def test_a_goal_is_met_by_its_solution_and_not_by_the_first_picture(challenge):
    assert challenge.is_met(facts(made(challenge.solution)[2]))
    assert not challenge.is_met(facts(made()[2]))


@pytest.mark.parametrize(
    "dataset", ["digits", "circle", "three_clusters", "noise", "s_curve", "line"]
)
def test_no_goal_is_met_by_a_run_that_has_not_begun(dataset):
    for n in (100, 225):
        said = told(dataset=dataset, n=n, iterations=0)
        assert [c.slug for c in LESSON.challenges if c.is_met(said)] == []


def test_the_knot_is_one_closed_line():
    cloud = cloud_of(EmbeddingConfig(**{**TREFOIL}))
    steps = np.linalg.norm(np.roll(cloud.x, -1, 0) - cloud.x, axis=1)
    assert steps.max() / steps.min() < 3


def test_the_scene_of_a_thousand_digits_shows_the_numbers_of_the_course():
    scene = LESSON.scene("variance")
    made = kept_wall(EmbeddingConfig(n=scene.settings["n"]), "variance")
    shown = wall_scene(made)
    for part, panel, accuracy in zip(made.parts, shown.panels, (0.97, 0.52), strict=True):
        scores = cross_val_score(KNeighborsClassifier(1), part.trace.points[-1], part.cloud.y, cv=5)
        assert scores.mean() == pytest.approx(accuracy, abs=0.005)
        assert panel.title == f"{part.title} · 1-NN of unseen points {scores.mean():.2f}"
        assert f"{100 * accuracy:.0f}" in scene.caption
