"""What each picture of the lab rests on, against plain torch, closed forms, and points asked."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from dlviz.adversarial.compute import (
    EPSILONS,
    NO_REGIONS,
    AdversarialConfig,
    AttackPlane,
    crowd,
    linear_sum,
    path,
    plane,
    shares,
    walk,
    ways,
)
from dlviz.adversarial.config import ATTACKS, COMPARING, PICTURES, READS, TWINS
from dlviz.adversarial.figures import adversarial_scene, plane_scene
from dlviz.adversarial.knobs import knob_of, values_of
from dlviz.adversarial.networks import network, unseen
from dlviz.adversarial.planes import REACH, SIZE
from dlviz.adversarial.shares import NEAREST, NETWORKS, accuracy, distances
from dlviz.adversarial.sums import measured_gap
from dlviz.drawn import text_of
from dlviz.layers import Polygons
from dlviz.still import rings
from dlviz.victims import KINDS, universal_pattern, unseen_digits, victim

X, Y = unseen_digits()


def slope(model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    leaf = x.clone().requires_grad_(True)
    return torch.autograd.grad(cross_entropy(model(leaf), y, reduction="sum"), leaf)[0]


# The path.


def test_each_step_of_the_path_is_the_written_out_one() -> None:
    run, model = path(AdversarialConfig(steps=6, step_size=0.04)), victim("cnn")
    assert run.pictures.shape == (41, 7, 8, 8)
    for k in (0, 9, 30):
        here, epsilon = X[1:2].clone(), EPSILONS[k]
        for step in range(7):
            np.testing.assert_allclose(run.pictures[k, step], here[0, 0], atol=1e-5)
            sure = model(here).softmax(1)[0]
            np.testing.assert_allclose(run.confidences[k, step], sure, atol=1e-3)
            moved = here + 0.04 * slope(model, here, Y[1:2]).sign()
            here = (X[1:2] + (moved - X[1:2]).clamp(-epsilon, epsilon)).clamp(0, 1)
    most = np.abs(run.pictures - run.pictures[:, :1]).max(axis=(2, 3))
    np.testing.assert_array_equal(run.moved, most)


# The plane.


def test_the_plane_is_spanned_by_the_two_changes() -> None:
    found, model = plane(AdversarialConfig()), victim("cnn")
    chosen = (X[1:2] + 0.4 * slope(model, X[1:2], Y[1:2]).sign()).clamp(0, 1)
    np.testing.assert_allclose(found.picture + 0.4 * found.along[0], chosen[0, 0], atol=1e-5)
    coins = torch.randint(2, (1, 8, 8), generator=torch.Generator().manual_seed(0)) * 2.0 - 1
    random = (X[1] + 0.4 * coins).clamp(0, 1)
    np.testing.assert_allclose(found.picture + 0.4 * found.along[1], random[0], atol=1e-5)
    np.testing.assert_allclose(found.ends[0, -1], chosen[0, 0], atol=1e-5)
    sure = model(torch.tensor(found.ends[1, 15])[None, None]).softmax(1)[0]
    np.testing.assert_allclose(found.confidences[1, 15], sure, atol=1e-3)


def logits_at(found: AttackPlane, st: np.ndarray) -> np.ndarray:
    """Ask the network at points (s, t), in float64."""
    config = found.config
    model = deepcopy(network(config.victim, config.hardened)).double()
    a, c = found.along.astype(float)
    images = found.picture + st[:, :1, None] * a + st[:, 1:, None] * c
    return model(torch.tensor(images)[:, None]).numpy()


def area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return 0.5 * float(x @ np.roll(y, -1) - y @ np.roll(x, -1))


@pytest.mark.parametrize("hardened", [False, True])
@pytest.mark.parametrize("kind", READS)
def test_the_pieces_cover_the_plane_and_each_is_of_one_class(kind: str, hardened: bool) -> None:
    found = plane(AdversarialConfig(victim=kind, digit=4, hardened=hardened))
    areas = np.array([area(polygon) for polygon in found.polygons])
    assert found.is_exact and not found.asked.size and areas.min() > 0
    assert areas.sum() == pytest.approx((2 * REACH) ** 2)
    corners = found.regions.corners * (1 - 1e-12)
    said = logits_at(found, corners)
    mine = said[np.arange(len(said)), found.classes.repeat(found.regions.counts)]
    assert (said.max(1) - mine).max() < 1e-7  # none reaches beyond where its class leads
    assert len(set(found.classes.tolist())) >= 2


def test_while_borders_are_not_known_it_is_asked_where_classes_meet() -> None:
    found = plane(AdversarialConfig(digit=4), regions=NO_REGIONS)
    at = np.linspace(-REACH, REACH, SIZE)
    rows, columns = np.random.default_rng(0).integers(0, SIZE, (2, 400))
    read = logits_at(found, np.stack([at[columns], at[rows]], axis=1)).argmax(1)
    wrong = read != found.asked[rows, columns]
    assert wrong.mean() < 0.005  # single precision on a border
    assert len(np.unique(found.asked)) >= 3 and not found.is_exact


def test_the_title_says_how_the_regions_are_known() -> None:
    config = AdversarialConfig(picture="plane", victim="filters")
    exact, asked = (plane_scene(config, EPSILONS, regions) for regions in (None, NO_REGIONS))
    assert "(exact)" in exact.panels[0].title
    assert "(asked at 161 x 161 points)" in asked.panels[0].title
    (tiles,) = (mark for mark in exact.panels[0].layers if isinstance(mark, Polygons))
    found = plane(config)
    drawn = [(ring, k) for row, k in zip(tiles.xy, tiles.codes, strict=True) for ring in rings(row)]
    assert len(drawn) == len(found.polygons)
    painted, expected = np.zeros((2, 10))
    for polygon, k in drawn:
        painted[k] += area(polygon.astype(float))
    for polygon, k in zip(found.polygons, found.classes, strict=True):
        expected[k] += area(polygon)
    np.testing.assert_allclose(painted, expected, atol=1e-5)


def test_on_the_rim_of_the_ball_the_largest_change_is_one() -> None:
    found = plane(AdversarialConfig())
    for s, t in found.ball[::40]:
        moved = np.abs(s * found.along[0] + t * found.along[1]).max()
        assert moved == pytest.approx(1, rel=1e-5)


# One sum.


@pytest.mark.parametrize("hardened", [False, True])
@pytest.mark.parametrize("digit", [1, 8])
def test_a_linear_lead_rises_by_epsilon_times_the_sum_of_weights(hardened, digit) -> None:
    found = linear_sum(AdversarialConfig(hardened=hardened, digit=digit))
    model, x = victim("linear", hardened).double(), X[digit : digit + 1].double()

    def lead(change: np.ndarray) -> float:
        moved = torch.zeros(64, dtype=torch.float64)
        moved[found.order.copy()] = torch.tensor(change)
        logits = model(x + moved.reshape(1, 1, 8, 8))[0]
        return float(logits[found.rival] - logits[found.label])

    weights = model[1].weight[found.rival] - model[1].weight[found.label]
    assert lead(np.zeros(64)) == pytest.approx(found.lead)
    chosen = lead(0.15 * np.sign(found.weights)) - found.lead
    assert chosen == pytest.approx(0.15 * float(weights.abs().sum()))
    assert found.chosen(0.15).sum() == pytest.approx(chosen)
    assert lead(0.15 * found.coins) - found.lead == pytest.approx(found.random(0.15).sum())
    assert lead(found.tie * np.sign(found.weights)) == pytest.approx(0, abs=1e-9)
    assert (np.diff(np.abs(found.weights)) <= 0).all() and sorted(found.order) == list(range(64))


def test_no_rival_is_brought_up_by_less() -> None:
    found, model = linear_sum(AdversarialConfig()), victim("linear").double()
    logits, weights = model(X[1:2].double())[0], model[1].weight
    ties = [
        float((logits[found.label] - logits[k]) / (weights[k] - weights[found.label]).abs().sum())
        for k in range(10)
        if k != found.label
    ]
    assert min(ties) == pytest.approx(found.tie)


def test_the_gap_is_the_courses() -> None:
    assert measured_gap(784, 1) == pytest.approx(22, rel=0.05)
    assert measured_gap(150528, 1) == pytest.approx(310, rel=0.01)
    assert measured_gap(1) == 1


def test_a_walk_of_coins_ends_about_the_root_of_n_away() -> None:
    far = walk(1000, walks=4000, seed=2)
    assert far.share[0] == 0 and far.share[-1] == 1
    ends = far.coins[:, -1] * 1000
    assert ends.mean() == pytest.approx(0, abs=2)
    assert ends.std() == pytest.approx(np.sqrt(1000), rel=0.05)
    assert (np.abs(ends.round() - ends) < 1e-9).all()
    half = far.coins[:, 100] * 1000  # in the middle half of the coins have fallen
    assert half.std() == pytest.approx(np.sqrt(500), rel=0.05)
    assert set(np.abs(walk(1, walks=50).coins[:, 1])) == {1.0}


# The nearest mistake.


def test_on_the_way_to_the_nearest_mistake_the_answer_turns_at_its_end() -> None:
    run = ways(AdversarialConfig())
    one = run.values.index(1.0)
    for i in range(len(NEAREST)):
        assert (run.answers[i, : one - 1] == 7).all() and (run.answers[i, one:] == 3).all()
        moved = run.pictures[i, one] - run.pictures[i, 0]
        assert np.linalg.norm(moved) == pytest.approx(run.distances[i], rel=1e-4)
        half = run.pictures[i, one // 2] - run.pictures[i, 0]
        np.testing.assert_allclose(half, moved / 2, atol=1e-6)
    sure = victim("cnn")(torch.tensor(run.pictures[1, 30])[None, None]).softmax(1)[0]
    np.testing.assert_allclose(run.confidences[1, 30], sure, atol=1e-3)


def test_a_linear_networks_nearest_mistake_is_the_distance_to_a_plane() -> None:
    """Without the box the least of −lead / ‖w‖₂ over all rivals; the box makes it no less."""
    model = victim("linear").double()
    right = model(X.double()).argmax(1) == Y
    kept = distances("linear", False, "deepfool")
    for i in torch.nonzero(right)[:40, 0].tolist():
        logits, weights = model(X[i : i + 1].double())[0], model[1].weight
        label = int(Y[i])
        planes = [
            float((logits[label] - logits[k]) / (weights[k] - weights[label]).norm())
            for k in range(10)
            if k != label
        ]
        assert kept[i] >= min(planes) * 0.999
        assert kept[i] <= 3 * min(planes)
    assert (kept[~right.numpy()] == 0).all() and np.isfinite(kept).all()


# One change for all.


def test_the_crowd_is_a_hundred_digits_with_the_shipped_change() -> None:
    run, coins = crowd(AdversarialConfig()), crowd(AdversarialConfig(), method="noise_sign")
    change = universal_pattern("cnn")
    for k in (0, 20, 40):
        expected = (X[:100] + EPSILONS[k] * change).clamp(0, 1)
        np.testing.assert_allclose(run.pictures[k], expected[:, 0], atol=1e-6)
        assert run.misread[k] == int((victim("cnn")(expected).argmax(1) != Y[:100]).sum())
    assert run.misread[20] > 50 > 10 > coins.misread[20]


# What is kept of all digits.


@pytest.mark.parametrize("source", NETWORKS, ids=str)
def test_the_kept_shares_are_those_of_plain_torch(source: tuple[str, bool]) -> None:
    me, k = NETWORKS.index(source), 12
    epsilon, model = EPSILONS[12], victim(*source)
    signs = slope(model, X, Y).sign()
    coins = torch.randint(2, X.shape, generator=torch.Generator().manual_seed(0)) * 2.0 - 1
    here = X.clone()
    for _ in range(10):
        moved = here + 0.25 * epsilon * slope(model, here, Y).sign()
        here = (X + (moved - X).clamp(-epsilon, epsilon)).clamp(0, 1)
    changes = {
        "noise_sign": X + epsilon * coins,
        "universal": X + epsilon * universal_pattern(*source),
        "fgsm": X + epsilon * signs,
        "pgd": here,
    }
    for i, method in enumerate(ATTACKS):
        for reader, each in enumerate(NETWORKS):
            right = (victim(*each)(changes[method].clamp(0, 1)).argmax(1) == Y).double().mean()
            # A digit on a border may fall to either side on another machine.
            assert shares().right[i, me, reader, k] == pytest.approx(float(right), abs=0.007)
        assert accuracy(method, *source, epsilon) == shares().right[i, me, me, k]


def test_hardened_twins_are_farther_from_mistakes() -> None:
    for kind in KINDS:
        for method in NEAREST:
            plain, twin = (np.median(distances(kind, hard, method)) for hard in (False, True))
            assert twin > plain
        assert accuracy("pgd", kind, True, 0.15) > accuracy("pgd", kind, False, 0.15) + 0.4


# All pictures.


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("kind", READS)
def test_every_picture_is_small_and_its_captions_can_be_filled_in(picture: str, kind: str) -> None:
    if picture in COMPARING and kind not in TWINS:
        with pytest.raises(ValueError, match="expected victim in linear, mlp, cnn"):
            AdversarialConfig(picture=picture, victim=kind)
        return
    drawing = text_of(unseen(kind)[0][4, 0].numpy())
    for changes in ({}, {"source": "drawn", "drawing": drawing, "method": "deepfool", "steps": 3}):
        config = AdversarialConfig(picture=picture, victim=kind, **changes)
        values = values_of(config)
        scene = adversarial_scene(config, values)
        assert scene.knob and scene.knob.values == values
        assert scene.knob.values[scene.knob.index] == getattr(config, knob_of(config))
        assert len(scene.pack()) < 1_500_000
        for k in (0, len(values) - 1):
            assert "{" not in scene.caption(scene.frames - 1, k)
        if kind != "mlp":
            break


@pytest.mark.parametrize("kind", ["cnn", "printed"])
def test_the_longest_path_fits(kind: str) -> None:
    config = AdversarialConfig(picture="path", steps=40, victim=kind)
    scene = adversarial_scene(config, values_of(config))
    assert len(scene.pack()) < 1_500_000
    assert scene.number(0) == 0 and scene.number(-1) == 40


def test_steps_between_those_that_are_shown_are_gone_all_the_same() -> None:
    config = AdversarialConfig(picture="path", steps=25, victim="printed", step_size=0.01)
    run = path(config, (0.0, 0.3))
    assert run.steps == (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 25)
    np.testing.assert_allclose(run.moved[1], np.array(run.steps) / 100, atol=1e-5)


@pytest.mark.parametrize("kind", ["filters", "printed"])
@pytest.mark.parametrize("hardened", [False, True])
def test_what_is_kept_of_other_networks_is_what_plain_torch_finds(kind, hardened) -> None:
    x, y = unseen(kind)
    many = 355 if kind == "filters" else 200
    x, y, model = x[:many], y[:many], network(kind, hardened)
    change = 0.1 * slope(model, x, y).sign()
    coins = torch.randint(2, x.shape, generator=torch.Generator().manual_seed(0)) * 2.0 - 1
    for method, moved in (("fgsm", change), ("noise_sign", 0.1 * coins)):
        right = (model((x + moved).clamp(0, 1)).argmax(1) == y).double().mean()
        assert accuracy(method, kind, hardened, 0.1) == pytest.approx(float(right), abs=0.01)
    far = distances(kind, hardened)
    assert far.shape == (many,) and np.isfinite(far).all()
    assert ((far == 0) == (model(x).argmax(1) != y).numpy()).mean() > 0.99
