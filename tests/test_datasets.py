"""Oracles: TensorFlow Playground's dataset.ts, scikit-learn, and the course's numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import datasets as sk
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from dlviz.dataset import Dataset, split
from dlviz.datasets import DATASETS, SPAN

REAL = ("iris", "wine", "breast_cancer")
TOYS = sorted(set(DATASETS) - set(REAL))
CLASSIFIED = [name for name in TOYS if DATASETS[name].task == "classification"]
BALANCED = sorted(set(CLASSIFIED) - {"xor", "checkerboard", "unit_circle"})
LABEL_NOISE = ("circle", "xor", "checkerboard", "unit_circle", "reg_plane", "reg_gauss")
JITTER = ("spiral", "moons", "rings", "xor_corners", "gauss", "three_blobs", "pinwheel", *REAL)
NAMES = st.sampled_from(sorted(DATASETS))


def radius(x):
    return np.sqrt((x**2).sum(axis=1))


# ---- every dataset


@given(NAMES, st.integers(10, 300), st.floats(0, 0.5), st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_every_draw_has_its_shape_types_and_labels(name, n, noise, seed):
    made = DATASETS[name](n, noise, seed)
    n = min(n, {"iris": 150, "wine": 178}.get(name, n))
    assert made.x.shape == (n, 2) and made.x.dtype == np.float64 and np.isfinite(made.x).all()
    assert made.y.shape == (n,) and made.task == DATASETS[name].task
    assert not made.x.flags.writeable and not made.y.flags.writeable
    assert len(made.axes) == 2 and len(made.names) == made.classes
    if made.task == "classification":
        assert made.y.dtype == np.int64 and set(made.y) <= set(range(made.classes))
    else:
        assert made.y.dtype == np.float64 and made.classes == 0


@given(NAMES, st.integers(10, 300), st.floats(0, 0.5), st.integers(0, 1000))
@settings(deadline=None)
def test_the_same_arguments_give_the_same_points(name, n, noise, seed):
    first, again = (DATASETS[name](n, noise, seed) for _ in range(2))
    assert np.array_equal(first.x, again.x) and np.array_equal(first.y, again.y)


@pytest.mark.parametrize("name", sorted(set(DATASETS) - {"spiral", "xor_corners"}))
def test_another_seed_gives_other_points(name):
    assert not np.array_equal(DATASETS[name](100, 0.0, 0).x, DATASETS[name](100, 0.0, 1).x)


@pytest.mark.parametrize("name", sorted(set(DATASETS) - {"spiral"}))
def test_asking_for_more_points_keeps_those_there(name):
    few, many = DATASETS[name](50, 0.2, 3), DATASETS[name](120, 0.2, 3)
    np.testing.assert_array_equal(few.x, many.x[:50])
    np.testing.assert_array_equal(few.y, many.y[:50])


@pytest.mark.parametrize("name", LABEL_NOISE)
def test_label_noise_moves_no_point_and_changes_more_labels_the_more_there_is(name):
    clean, *noisy = (DATASETS[name](4000, noise, 1) for noise in (0.0, 0.1, 0.3, 0.5))
    assert all(np.array_equal(clean.x, each.x) for each in noisy)
    wrong = [np.abs(each.y - clean.y).mean() for each in noisy]
    assert 0 < wrong[0] < wrong[1] < wrong[2]


@pytest.mark.parametrize("name", JITTER)
def test_jitter_changes_no_label_and_moves_points_farther_the_more_there_is(name):
    clean, *noisy = (DATASETS[name](400, noise, 1) for noise in (0.0, 0.1, 0.3, 0.5))
    assert all(np.array_equal(clean.y, each.y) for each in noisy)
    moved = np.array([radius(each.x - clean.x) for each in noisy])
    assert (np.diff(moved, axis=0) >= 0).all() and (moved.mean(axis=1) > 0).all()


@pytest.mark.parametrize("name", BALANCED)
@pytest.mark.parametrize("n", [10, 101])
def test_classes_are_as_large_as_each_other(name, n):
    made = DATASETS[name](n, 0.0, 0)
    sizes = np.bincount(made.y, minlength=made.classes)
    assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize("name", sorted(set(DATASETS) - {"unit_circle"}))
def test_without_noise_every_point_is_in_the_window(name):
    made = DATASETS[name](5000, 0.0, 7)
    outside = np.abs(made.x).max(axis=1) > made.span
    assert outside.mean() <= (0.001 if name in ("pinwheel", "four_blobs", "three_blobs") else 0)


def test_all_windows_are_the_same_but_those_that_need_their_own():
    spans = {name: DATASETS[name](10, 0.0, 0).span for name in DATASETS}
    own = {"rings": 3.0, "unit_circle": 3.0, "xor_corners": 2.0, "breast_cancer": 17.0}
    assert spans == dict.fromkeys(DATASETS, SPAN) | own


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((3, 0.0, 0), "expected 10 <= n <= 5000, got 3"),
        ((5001, 0.0, 0), "expected 10 <= n <= 5000, got 5001"),
        ((20.0, 0.0, 0), "expected a whole number for n, got 20.0"),
        ((20, -0.1, 0), "expected 0 <= noise <= 0.5, got -0.1"),
        ((20, math.nan, 0), "expected 0 <= noise <= 0.5, got nan"),
        ((20, 0.0, -1), "expected 0 <= seed <= 4294967295, got -1"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, sentence):
    for make in DATASETS.values():
        with pytest.raises(ValueError) as error:
            make(*arguments)
        assert str(error.value) == sentence


# ---- TensorFlow Playground, src/dataset.ts


def test_circle_is_a_disk_of_2_5_in_a_ring_from_3_5_to_5():
    made = DATASETS["circle"](5000, 0.0, 0)
    inner, outer = radius(made.x[made.y == 1]), radius(made.x[made.y == 0])
    assert inner.max() <= 2.5 and outer.min() >= 3.5 and outer.max() <= 5
    # The radius, not the area, is uniform.
    assert inner.mean() == pytest.approx(1.25, abs=0.05)
    assert outer.mean() == pytest.approx(4.25, abs=0.05)
    angles = np.arctan2(*made.x.T)
    assert np.abs(np.exp(1j * angles).mean()) < 0.05


def test_circle_labels_are_those_of_places_up_to_5_noise_away():
    made = DATASETS["circle"](5000, 0.2, 0)
    far = np.maximum(np.abs(made.x) - 1.0, 0)  # the nearest place a label may come from
    assert (radius(far)[made.y == 1] < 2.5).all()
    reach = np.abs(made.x) + 1.0
    assert (radius(reach)[made.y == 0] >= 2.5).all()


@pytest.mark.parametrize(
    ("name", "reach", "label"),
    [
        ("circle", 5.0, lambda a, b: math.hypot(a, b) < 2.5),
        ("xor", 5.0, lambda a, b: a * b >= 0),
        ("checkerboard", 2.5, lambda a, b: (a // 2.5 + b // 2.5) % 2 == 1),
        ("unit_circle", 2.0, lambda a, b: a * a + b * b > 1),
    ],
)
def test_as_many_labels_are_wrong_as_when_looked_up_with_other_random_numbers(name, reach, label):
    made = DATASETS[name](5000, 0.3, 0)
    errors = np.random.default_rng(99).uniform(-reach * 0.3, reach * 0.3, made.x.shape)
    clean = np.array([label(*point) for point in made.x])
    wrong = np.mean([label(*point) for point in made.x + errors] != clean)
    assert np.mean(made.y != clean) == pytest.approx(wrong, abs=0.02)
    assert np.array_equal(DATASETS[name](5000, 0.0, 0).y, clean)


def test_xor_is_the_sign_of_the_product_with_a_cross_of_0_6_left_free():
    made = DATASETS["xor"](5000, 0.0, 0)
    assert np.array_equal(made.y, (np.sign(made.x).prod(axis=1) > 0).astype(int))
    assert np.abs(made.x).min() >= 0.3 and np.abs(made.x).max() <= 5.3
    assert np.abs(made.x).mean() == pytest.approx(2.8, abs=0.05)


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.1, 1.2), (0.5, 4.0)])
def test_gauss_is_two_blobs_whose_variance_runs_from_a_half_to_four(noise, variance):
    made = DATASETS["gauss"](5000, noise, 0)
    for label, center in ((1, 2.0), (0, -2.0)):
        blob = made.x[made.y == label]
        np.testing.assert_allclose(blob.mean(axis=0), center, atol=0.1)
        np.testing.assert_allclose(np.cov(blob.T), variance * np.eye(2), atol=0.06 * variance)


def test_spiral_follows_its_polar_equation():
    made = DATASETS["spiral"](200, 0.0, 0)
    for label, turned in ((1, 0.0), (0, math.pi)):
        arm = made.x[made.y == label]
        for i, (x1, x2) in enumerate(arm):
            r, t = i / 100 * 5, 1.75 * i / 100 * 2 * math.pi + turned
            assert (x1, x2) == pytest.approx((r * math.sin(t), r * math.cos(t)), abs=1e-12)


def test_spiral_noise_moves_either_coordinate_by_at_most_noise():
    moved = DATASETS["spiral"](5000, 0.3, 0).x - DATASETS["spiral"](5000, 0.0, 0).x
    assert np.abs(moved).max() <= 0.3
    assert moved.var() == pytest.approx(0.3**2 / 3, rel=0.05)


def test_the_plane_is_a_tenth_of_the_sum():
    made = DATASETS["reg_plane"](5000, 0.0, 0)
    np.testing.assert_allclose(made.y, (made.x[:, 0] + made.x[:, 1]) / 10, atol=1e-15)
    assert np.abs(made.x).max() <= 6
    assert made.x.var() == pytest.approx(12**2 / 12, rel=0.03)


def test_plane_noise_has_the_variance_of_two_uniform_errors_of_6_noise():
    clean, noisy = (DATASETS["reg_plane"](5000, noise, 0) for noise in (0.0, 0.5))
    assert (noisy.y - clean.y).var() == pytest.approx(2 * (0.6 * 0.5) ** 2 / 3, rel=0.05)


def test_the_six_cones_have_height_one_and_radius_two():
    made = DATASETS["reg_gauss"](5000, 0.0, 0)
    cones = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
    for (x1, x2), target in zip(made.x, made.y, strict=True):
        best = 0.0
        for c1, c2, sign in cones:
            height = sign * min(max(1 - math.hypot(x1 - c1, x2 - c2) / 2, 0), 1)
            best = height if abs(height) > abs(best) else best
        assert target == pytest.approx(best, abs=1e-12)


# ---- the course


def test_the_unit_circle_holds_one_minus_exp_of_minus_a_half_of_the_points():
    made = [DATASETS["unit_circle"](5000, 0.0, seed) for seed in range(20)]
    assert all(np.array_equal(each.y, radius(each.x) > 1) for each in made)
    assert np.mean([each.y for each in made]) == pytest.approx(math.exp(-1 / 2), abs=0.005)
    points = np.concatenate([each.x for each in made])
    np.testing.assert_allclose(np.cov(points.T), np.eye(2), atol=0.02)


@pytest.mark.parametrize(
    ("n", "line", "squares", "tree", "neighbor"),
    [(30, 0.516, 0.969, 0.844, 0.862), (1000, 0.608, 0.999, 0.970, 0.979)],
)
def test_the_unit_circle_gives_the_accuracies_of_the_course(n, line, squares, tree, neighbor):
    """Mean of 50 draws; its logistic regression has no penalty."""
    x = np.random.default_rng(1).normal(size=(4000, 2))
    y = radius(x) > 1
    free = LogisticRegression(C=1e6)
    models = [free, free, DecisionTreeClassifier(random_state=0), KNeighborsClassifier(1)]
    maps = [np.asarray, np.square, np.asarray, np.asarray]
    scores = []
    for seed in range(50):
        made = DATASETS["unit_circle"](n, 0.0, seed)
        fits = [m.fit(f(made.x), made.y).score(f(x), y) for m, f in zip(models, maps, strict=True)]
        scores.append(fits)
    assert np.mean(scores, axis=0) == pytest.approx([line, squares, tree, neighbor], abs=0.025)


def test_rings_have_radius_one_and_two_with_sd_a_tenth():
    made = DATASETS["rings"](5000, 0.0, 0)
    for label in (0, 1):
        found = radius(made.x[made.y == label])
        assert (found.mean(), found.std()) == pytest.approx((1 + label, 0.1), abs=0.01)


def test_a_line_fails_on_rings_until_they_are_seen_in_polar_coordinates():
    """The course: accuracy 0.53 on (x1, x2), 1.00 on (r, theta)."""
    raw, polar = [], []
    for seed in range(20):
        made = DATASETS["rings"](500, 0.0, seed)
        seen = np.column_stack([radius(made.x), np.arctan2(made.x[:, 1], made.x[:, 0])])
        raw.append(LogisticRegression().fit(made.x, made.y).score(made.x, made.y))
        polar.append(LogisticRegression().fit(seen, made.y).score(seen, made.y))
    assert np.mean(raw) == pytest.approx(0.53, abs=0.01)
    assert min(polar) == 1.0


def test_the_corners_of_xor_are_those_of_the_course():
    made = DATASETS["xor_corners"](20, 0.0, 0)
    found = {(*point, label) for point, label in zip(made.x.tolist(), made.y.tolist(), strict=True)}
    assert found == {(0, 0, 0), (1, 1, 0), (1, 0, 1), (0, 1, 1)}


# ---- the others


def test_moons_lie_on_those_of_scikit_learn_three_times_as_large():
    theirs, labels = sk.make_moons(4000, shuffle=False)
    theirs = 3 * (theirs - [0.5, 0.25])
    made = DATASETS["moons"](400, 0.0, 0)
    for label in (0, 1):
        ours = made.x[made.y == label]
        gaps = np.abs(ours[:, None] - theirs[labels == label]).max(axis=2).min(axis=1)
        assert gaps.max() < 0.01


def test_neighboring_squares_of_the_checkerboard_differ():
    made = DATASETS["checkerboard"](5000, 0.0, 0)
    column, row = (made.x // 2.5).T
    assert np.array_equal(made.y, (column + row) % 2)
    assert len(set(zip(column, row, strict=True))) == 16


@pytest.mark.parametrize(("name", "classes"), [("three_blobs", 3), ("four_blobs", 4)])
def test_blobs_stand_around_the_origin_with_the_variance_of_gauss(name, classes):
    made = DATASETS[name](5000, 0.0, 0)
    assert made.classes == classes
    centers = np.array([made.x[made.y == label].mean(axis=0) for label in range(classes)])
    np.testing.assert_allclose(centers.mean(axis=0), 0, atol=0.05)
    assert np.ptp(radius(centers)) < 0.1
    assert (made.x - centers[made.y]).var() == pytest.approx(0.5, rel=0.05)


def test_a_quarter_turn_of_the_pinwheel_leads_from_arm_to_arm():
    made = DATASETS["pinwheel"](5000, 0.0, 0)
    first, second = (made.x[made.y == label] for label in (0, 1))
    turned = np.column_stack([-first[:, 1], first[:, 0]])
    np.testing.assert_allclose(turned.mean(axis=0), second.mean(axis=0), atol=0.1)
    angle = np.arctan2(made.x[:, 1], made.x[:, 0]) - np.exp(radius(made.x) / 3) / 4
    off = np.angle(np.exp(1j * (angle - made.y * np.pi / 2)))
    assert abs(off.mean()) < 0.02 and off.std() < 0.15


@pytest.mark.parametrize("name", REAL)
def test_real_data_are_the_first_two_principal_components_of_scikit_learn(name):
    table = getattr(sk, f"load_{name}")()
    pca = PCA(2, svd_solver="full")
    scores = pca.fit_transform(StandardScaler().fit_transform(table.data))
    made = DATASETS[name](5000, 0.0, 0)
    assert made.x.shape == scores.shape
    for column in (0, 1):  # rows are shuffled: compare in order of size
        ours, theirs = np.sort(made.x[:, column]), np.sort(scores[:, column])
        assert np.allclose(ours, theirs, atol=1e-9) or np.allclose(ours, -theirs[::-1], atol=1e-9)
        assert f"{pca.explained_variance_ratio_[column]:.0%}" in made.axes[column]
    np.testing.assert_array_equal(np.bincount(made.y), np.bincount(table.target))


@pytest.mark.parametrize("name", REAL)
def test_rows_of_real_data_keep_their_labels(name):
    table = getattr(sk, f"load_{name}")()
    z = StandardScaler().fit_transform(table.data)
    scores = PCA(2, svd_solver="full").fit_transform(z)
    made = DATASETS[name](50, 0.0, 4)
    signs = [s for s in ((1, 1), (1, -1), (-1, 1), (-1, -1)) if _matches(made, scores * s)]
    assert signs
    gaps = np.abs(made.x[:, None] - scores * signs[0]).max(axis=2)
    np.testing.assert_array_equal(made.y, table.target[gaps.argmin(axis=1)])


def _matches(made, scores):
    return np.abs(made.x[:, None] - scores).max(axis=2).min(axis=1).max() < 1e-9


# ---- Dataset and split


@given(st.integers(10, 200), st.floats(0, 1), st.integers(0, 1000))
def test_a_split_shares_out_every_point_once_and_leaves_no_side_empty(n, share, seed):
    made = DATASETS["reg_plane"](n, 0.0, 1)
    train, test = split(made, share, seed)
    assert len(train.x) == min(max(round(share * n), 1), n - 1)
    both = np.column_stack([np.concatenate([train.x, test.x]), np.concatenate([train.y, test.y])])
    whole = np.column_stack([made.x, made.y])
    np.testing.assert_array_equal(np.sort(both, axis=0), np.sort(whole, axis=0))
    again, _ = split(made, share, seed)
    np.testing.assert_array_equal(train.x, again.x)


def test_a_split_shuffles_and_keeps_what_the_data_are_called():
    made = DATASETS["iris"](150, 0.0, 0)
    train, test = split(made, 0.5, 0)
    assert not np.array_equal(train.x, made.x[:75])
    assert (test.names, test.axes, test.span) == (made.names, made.axes, made.span)
    assert (train.classes, test.classes) == (3, 3)
    assert not train.x.flags.writeable


def test_a_split_needs_two_points_and_a_share():
    single = Dataset(np.zeros((1, 2)), np.zeros(1))
    with pytest.raises(ValueError, match="expected 2 <= n"):
        split(single, 0.5, 0)
    with pytest.raises(ValueError, match="expected 0 <= train_share <= 1, got 1"):
        split(DATASETS["xor"](10, 0.0, 0), 1.5, 0)


@pytest.mark.parametrize(
    ("x", "y", "more", "sentence"),
    [
        (np.zeros((3, 3)), np.zeros(3), {}, "expected x of shape"),
        (np.zeros((0, 2)), np.zeros(0), {}, "expected x of shape"),
        (np.zeros((3, 2)), np.zeros(2), {}, "expected y of shape"),
        (np.full((3, 2), np.inf), np.zeros(3), {}, "expected finite points"),
        (np.zeros((3, 2)), np.array([0, 1, 2]), {}, "expected whole labels from 0 to 1"),
        (np.zeros((3, 2)), np.array([0, 1, 0.5]), {}, "expected whole labels from 0 to 1"),
        (np.zeros((3, 2)), np.zeros(3), {"classes": 3}, "expected 3 names, got 2"),
        (np.zeros((3, 2)), np.zeros(3), {"task": "ranking"}, "expected task in"),
    ],
)
def test_a_dataset_that_does_not_fit_together_is_refused(x, y, more, sentence):
    with pytest.raises(ValueError, match=sentence):
        Dataset(x, y, **more)
