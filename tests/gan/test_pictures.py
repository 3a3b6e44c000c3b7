"""GANs of pictures: their networks against autograd, their pictures against real ones."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import islice
from zlib import compress

import numpy as np
import pytest
import torch
from scipy.stats import chi

from dlviz.gan.between import blend, made, on_demand, walks
from dlviz.gan.choices import CLASSES, MIXES
from dlviz.gan.classifier import classifier, learn
from dlviz.gan.picture_config import SETS, PictureConfig
from dlviz.gan.picture_game import PictureGame, wall_noise
from dlviz.gan.picture_measures import judged, nearest, spread
from dlviz.gan.picture_nets import PictureGenerator, PictureJudge
from dlviz.gan.picture_run import picture_config
from dlviz.gan.picture_stage import (
    average_scene,
    demand_scene,
    moves,
    picture_scene,
    rivals_scene,
    twins_scene,
    upright,
    walk_scene,
    wall_scene,
)
from dlviz.gan.pictures import paint, paint_branch, paint_steps
from dlviz.picture_sets import pictures
from dlviz.words import number

FEW = PictureConfig(steps=12, hidden=16, noise_dim=4, batch_size=8)
BUDGET = 1_500_000


@cache
def _painted(config=FEW):
    return paint(config)


def _many(trace, count=2000):
    """Return pictures (n, pixels) of fresh noise."""
    z = np.random.default_rng(99).standard_normal((count, trace.config.noise_dim))
    return made(trace, z, np.arange(count) % 10).reshape(count, -1)


def _twin(net, outputs):
    """Return the same network in torch, in training mode."""
    modules = []
    for i in range(net.depth):
        w, b, *scaling = (torch.tensor(part) for part in net.layer(i))
        layer = torch.nn.Linear(*w.shape)
        layer.weight.data, layer.bias.data = w.T.contiguous(), b
        modules.append(layer)
        if i < net.depth - 1:
            if scaling:
                norm = torch.nn.BatchNorm1d(len(b))
                norm.weight.data, norm.bias.data = scaling
                modules.append(norm)
            modules.append(torch.nn.ReLU() if outputs else torch.nn.LeakyReLU(0.2))
    return torch.nn.Sequential(*modules, *([torch.nn.Sigmoid()] if outputs else []))


@pytest.mark.parametrize("norm", [True, False])
def test_the_generator_is_that_of_torch_forward_and_backward(norm):
    rng = np.random.default_rng(0)
    net = PictureGenerator((5, 7, 6, 9), norm, rng)
    net.put((net.flat + 0.1 * rng.standard_normal(len(net.flat))).astype(np.float32))
    twin = _twin(net, outputs=True)
    z, pull = rng.standard_normal((2, 11, 9)).astype(np.float32)
    out = net.forward(z[:, :5], learning=True)
    theirs = twin(torch.tensor(z[:, :5]))
    np.testing.assert_allclose(out, theirs.detach(), atol=1e-5)
    (theirs * torch.tensor(pull)).sum().backward()
    net.backward(pull)
    linear = [m for m in twin if isinstance(m, torch.nn.Linear)]
    for i, layer in enumerate(linear):
        into = net.slot(i)
        np.testing.assert_allclose(into[0], layer.weight.grad.T, atol=2e-5)
        if not norm or i == 2:  # before batch norm a bias has no gradient but rounding
            np.testing.assert_allclose(into[1], layer.bias.grad, atol=2e-5)
    for i, scaled in enumerate(m for m in twin if isinstance(m, torch.nn.BatchNorm1d)):
        np.testing.assert_allclose(net.slot(i)[2], scaled.weight.grad, atol=2e-5)
        np.testing.assert_allclose(net.slot(i)[3], scaled.bias.grad, atol=2e-5)
    # What it has learned of means and variances, it uses when it is looked at. Its biases before
    # batch norm do nothing, so they are left out of torch's running means.
    for i, scaled in enumerate(m for m in twin if isinstance(m, torch.nn.BatchNorm1d)):
        shift = 0.1 * linear[i].bias.detach()
        np.testing.assert_allclose(net.running[i][0], scaled.running_mean - shift, atol=1e-5)
        np.testing.assert_allclose(net.running[i][1], scaled.running_var, atol=1e-5)


def test_large_pictures_are_enlarged_as_torch_does_it_forward_and_backward():
    rng = np.random.default_rng(3)
    net = PictureGenerator((5, 6, 7, 16), True, rng, enlarged=8)
    z = rng.standard_normal((11, 5)).astype(np.float32)
    pull = rng.standard_normal((11, 64)).astype(np.float32)
    *modules, _ = _twin(net, outputs=True)
    drawn = torch.nn.Sequential(*modules)(torch.tensor(z)).view(-1, 1, 4, 4)
    large = torch.nn.functional.interpolate(drawn, scale_factor=2, mode="bilinear")
    theirs = torch.sigmoid(large).flatten(1)
    np.testing.assert_allclose(net.forward(z, learning=True), theirs.detach(), atol=1e-5)
    (theirs * torch.tensor(pull)).sum().backward()
    net.backward(pull)
    linear = [m for m in modules if isinstance(m, torch.nn.Linear)]
    for i, layer in enumerate(linear):
        np.testing.assert_allclose(net.slot(i)[0], layer.weight.grad.T, atol=5e-5)


def test_the_judge_is_that_of_torch_forward_and_backward_with_dropout():
    rng = np.random.default_rng(1)
    net = PictureJudge((9, 6, 5, 1), False, rng)
    twin = _twin(net, outputs=False)
    x = rng.standard_normal((7, 9)).astype(np.float32)
    masks = [(rng.random((7, n)) > 0.3).astype(np.float32) / np.float32(0.7) for n in (6, 5)]
    theirs = torch.tensor(x, requires_grad=True)
    h = theirs
    for i, module in enumerate(twin):
        h = module(h)
        if i in (1, 3):
            h = h * torch.tensor(masks[i // 2])
    pull = rng.standard_normal((7, 1)).astype(np.float32)
    (h * torch.tensor(pull)).sum().backward()
    np.testing.assert_allclose(net.forward(x, masks), h.detach(), atol=1e-5)
    np.testing.assert_allclose(net.backward(pull, learning=True), theirs.grad, atol=1e-5)
    for i, layer in enumerate(m for m in twin if isinstance(m, torch.nn.Linear)):
        np.testing.assert_allclose(net.slot(i)[0], layer.weight.grad.T, atol=1e-5)
        np.testing.assert_allclose(net.slot(i)[1], layer.bias.grad, atol=1e-5)


def test_digits_can_be_read_by_a_classifier_that_knows_real_ones_alone():
    trace = _painted(PictureConfig())
    verdict = judged("digits", _many(trace))
    assert verdict.sure >= 0.5
    assert verdict.classes == 10
    assert trace.outcome == "recognizable"


def test_printed_digits_can_be_read_too():
    trace = _painted(picture_config("digits", "printed", "norm", 0))
    verdict = judged("printed", _many(trace))
    assert verdict.sure >= 0.5
    assert verdict.classes == 10
    assert verdict.variety > 0.7
    assert trace.outcome == "recognizable"


def _frechet(a, b):
    """Return the Frechet distance of normals fitted to two sets: Heusel et al., NIPS 2017."""
    one, other = np.cov(a.T), np.cov(b.T)
    values, vectors = np.linalg.eigh(one)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    both = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ other @ root), 0)).sum()
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(one + other) - 2 * both


def test_the_averaged_generator_is_nearer_to_real_digits_and_wanders_less():
    plain, averaged = (
        _painted(picture_config("digits", "printed", kind, 0)) for kind in ("last", "norm")
    )
    np.testing.assert_array_equal(plain.d_loss, averaged.d_loss)  # the training is the same
    real = pictures("printed").x.reshape(-1, 784)
    features = classifier("printed").features
    far = [_frechet(features(_many(trace)), features(real)) for trace in (plain, averaged)]
    assert far[1] < 0.85 * far[0]
    apart = [nearest("printed", _many(trace, 500))[1].mean() for trace in (plain, averaged)]
    assert apart[1] < 0.95 * apart[0]
    np.testing.assert_array_equal(averaged.plain, plain.wall)  # both in one trace
    np.testing.assert_array_equal(plain.plain, plain.wall)
    wander = [moves(wall)[-20:].mean() for wall in (averaged.plain, averaged.wall)]
    assert wander[1] < 0.2 * wander[0]
    scene = average_scene(averaged)
    assert len(compress(scene.pack(), 1)) <= BUDGET
    for name, wall in (("plain", averaged.plain), ("wall", averaged.wall)):
        shown = upright(scene.panel(name).layers[0].images)
        np.testing.assert_allclose(shown, wall[:, :25], atol=2.6, rtol=0)
        assert {0, 255} <= set(np.unique(shown)) and len(np.unique(shown)) == 64
        by_hand = np.abs(wall[-1] / 255 - wall[-2] / 255).mean()
        assert scene.readouts[name][0, -1] == pytest.approx(by_hand, rel=1e-5)


def test_the_averaged_generator_has_the_statistics_of_its_own_weights():
    game = PictureGame(replace(FEW, steps=30))
    for _ in range(30):
        game.step()
    net = game.shown()
    np.testing.assert_array_equal(net.flat, game.average)
    assert not np.array_equal(net.flat, game.generator.flat)
    h = game.settling.astype(float)
    for i, (mean, var) in enumerate(net.running):
        w, _, scale, shift = net.layer(i)
        h = h @ w
        np.testing.assert_allclose(mean, h.mean(0), rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(var, h.var(0, ddof=1), rtol=1e-4)
        h = np.maximum((h - h.mean(0)) / np.sqrt(h.var(0) + 1e-5) * scale + shift, 0)


def test_a_branch_of_pictures_goes_on_as_if_nothing_had_been():
    whole = _painted()
    same = paint_branch(whole, 5)
    for name in ("frames", "wall", "plain", "d_loss", "g_loss", "sure", "variety"):
        np.testing.assert_array_equal(getattr(same, name), getattr(whole, name), err_msg=name)
    np.testing.assert_array_equal(same.generator.flat, whole.generator.flat)
    other = paint_branch(whole, 5, lr_g=0.05, dropout=0.0)
    np.testing.assert_array_equal(other.wall[:6], whole.wall[:6])
    assert (other.d_loss[6:] != whole.d_loss[6:]).all()
    again = paint_branch(other, 9, lr_g=0.001)  # a branch of a branch
    np.testing.assert_array_equal(again.wall[:10], other.wall[:10])
    assert not np.array_equal(again.wall[-1], other.wall[-1])


def test_a_branch_of_pictures_keeps_what_was_settled_at_the_start():
    for changes in ({"batch_norm": False}, {"seed": 2}, {"colour": 1}):
        with pytest.raises(ValueError, match="expected a setting to change in"):
            paint_branch(_painted(), 3, **changes)
    with pytest.raises(ValueError, match="expected 0 <= step <= 12, got 13"):
        paint_branch(_painted(), 13)


def test_another_classifier_agrees():
    from sklearn.svm import SVC

    data = pictures("digits")
    other = SVC(gamma="scale").fit(data.x.reshape(len(data.x), -1), data.y)
    assert other.score(data.test_x.reshape(len(data.test_x), -1), data.test_y) > 0.97
    fakes = _many(_painted(PictureConfig()))
    shares = classifier("digits").shares(fakes)
    sure = shares.max(1) > 0.9
    assert (other.predict(fakes[sure]) == shares[sure].argmax(1)).mean() > 0.85


def test_the_classifier_reads_real_digits():
    data = pictures("digits")
    x = data.test_x.reshape(len(data.test_x), -1)
    assert (classifier("digits").shares(x).argmax(1) == data.test_y).mean() > 0.95
    assert judged("digits", x).variety == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("name", SETS)
def test_the_classifier_that_comes_trained_is_what_the_command_makes(name):
    made, kept = learn(name), classifier(name)
    x = pictures(name).test_x.reshape(len(pictures(name).test_x), -1)
    theirs = made.predict_proba(x)
    # Sums may be rounded otherwise on another processor, and grow apart with each update.
    np.testing.assert_allclose(kept.shares(x), theirs, atol=0.05)
    for ours, weights in zip(kept.weights, made.coefs_, strict=True):
        np.testing.assert_allclose(ours, weights, atol=0.02)


def test_without_norm_and_dropout_a_hasty_generator_collapses_to_one_picture():
    trace = _painted(picture_config("digits", "digits", "collapse", 0))
    assert trace.outcome == "collapsed"
    assert trace.classes[-1] == 1
    assert spread(_many(trace)) < 0.1
    assert len(np.unique(trace.wall[-1].reshape(64, -1), axis=0)) <= 3


def test_a_digit_on_demand_is_the_one_asked_for():
    trace = _painted(picture_config("wanted", "digits", "norm", 0))
    shown = on_demand(trace, 60)
    labels = classifier("digits").shares(shown.reshape(600, -1)).argmax(1)
    assert (labels == np.repeat(np.arange(10), 60)).mean() > 0.85


def test_ways_between_noises_begin_and_end_right_and_keep_to_the_sphere():
    rng = np.random.default_rng(2)
    a, b = rng.standard_normal((2, 6, 16))
    t = np.linspace(0, 1, 11)
    for bent in (False, True):
        way = blend(a, b, t, spherical=bent)
        np.testing.assert_allclose(way[0], a, atol=1e-12)
        np.testing.assert_allclose(way[-1], b, atol=1e-12)
    one, other = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    bent = blend(one, other, t, spherical=True)
    np.testing.assert_allclose(np.linalg.norm(bent, axis=2), 1, atol=1e-12)
    angles = np.arccos(np.clip((bent[:-1] * bent[1:]).sum(2), -1, 1))
    np.testing.assert_allclose(angles, angles[:1].repeat(10, 0), atol=1e-6)  # even steps
    np.testing.assert_allclose(blend(a, a, t, spherical=True), a[None].repeat(11, 0))


def test_between_two_noises_there_is_no_jump():
    trace = _painted(PictureConfig())
    leaps = []
    for steps in (6, 21, 101):
        shown, _ = walks(trace, 4, np.linspace(0, 1, steps))
        leaps.append(np.abs(np.diff(shown, axis=1)).max())
    assert leaps[0] > leaps[1] > leaps[2]
    assert leaps[2] < 0.15
    _, lengths = walks(trace, 4, np.array([0.0, 0.5, 1.0]))
    assert lengths[0, 1] < 0.85 * lengths[0, [0, 2]].mean() < lengths[1, 1]
    assert lengths[0, 1] < chi(16).median() - 0.5  # half of all noises are longer


def test_the_nearest_picture_is_that_of_a_tree():
    from scipy.spatial import cKDTree

    fakes = _many(_painted(), 50)
    x = pictures("digits").x.reshape(-1, 64)
    distance, at = cKDTree(x).query(fakes)
    found, far = nearest("digits", fakes)
    np.testing.assert_array_equal(found, x[at])
    np.testing.assert_allclose(far, distance, atol=1e-4)


def test_the_same_seed_gives_the_same_pictures_in_two_threads_at_once():
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(paint, [FEW, FEW])
    for name in ("wall", "d_loss", "g_loss", "sure", "variety"):
        np.testing.assert_array_equal(getattr(one, name), getattr(_painted(), name))
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_trace_grows_and_shows_the_same_noises_all_along():
    sizes = [len(trace.frames) for trace in paint_steps(FEW)]
    assert sizes == list(range(1, 14))
    trace = _painted()
    z, labels = wall_noise(FEW)
    again = made(trace, z[:64], labels[:64])
    np.testing.assert_array_equal((again * 255).round(), trace.wall[-1])
    assert PictureGame(FEW).x.shape[1] == 64


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"pictures": "cats"}, "expected pictures in digits, printed, got 'cats'"),
        ({"lr_g": 0}, "expected 0 < lr_g <= 1, got 0"),
        ({"average": 1.0}, "expected 0 <= average <= 0.9999, got 1.0"),
        ({"hidden": 4}, "expected 8 <= hidden <= 256, got 4"),
        ({"batch_norm": 1}, "expected True or False, got batch_norm=1"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(settings, sentence):
    with pytest.raises(ValueError, match="expected") as refused:
        PictureConfig(**settings)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("name", ["digits", "printed"])
def test_pictures_are_drawn_within_the_budget(name):
    config = replace(picture_config("digits", name, "norm", 0), steps=40, hidden=16)
    trace = _painted(config)
    scene = wall_scene(trace)
    assert len(scene.pack()) <= BUDGET
    tiles = scene.panel("wall").layers[0]
    grays = 0 if name == "digits" else 2.6
    upward = trace.wall[-1, 0][::-1]  # row 0 is lowest
    np.testing.assert_allclose(tiles.images[-1, 0], upward, atol=grays, rtol=0)
    assert "of 10 classes" in scene.caption(-1)
    for picture in ("between", "wanted"):
        assert len(picture_scene(picture, trace, MIXES).pack()) <= BUDGET
    assert walk_scene(trace, MIXES).turns == 21
    assert len(twins_scene(trace).panel("twins").layers[0].images) == 24
    conditional = _painted(replace(config, conditional=True, steps=2))
    assert demand_scene(conditional).turns == len(CLASSES)


def test_a_pinned_wall_stands_at_the_same_step_though_it_was_recorded_at_others():
    trace, ghost = _painted(), _painted(replace(FEW, steps=6, seed=3))
    scene = wall_scene(trace, ghost)
    assert [panel.name for panel in scene.panels] == ["wall", "pinned", "losses", "scores"]
    tiles = scene.panel("pinned").layers[0].images
    np.testing.assert_array_equal(tiles[4], upright(ghost.wall[4]))
    np.testing.assert_array_equal(tiles[-1], upright(ghost.wall[-1]))  # which had ended
    pinned = scene.readouts["pinned"][0]
    assert pinned[-1] == pytest.approx(100 * ghost.sure[-1])  # percent
    assert len(scene.pack()) <= BUDGET


def test_rivals_are_shown_in_step_as_far_as_both_have_come():
    whole = _painted()
    *_, part = islice(paint_steps(replace(FEW, seed=1)), 5)
    scene = rivals_scene([whole, part], ["one", "other"])
    assert (scene.frames, scene.numbers) == (5, tuple(whole.frames[:5].tolist()))
    for panel, trace in zip(scene.panels, (whole, part), strict=True):
        shown = panel.layers[0].images[3, 7]
        np.testing.assert_array_equal(shown, trace.wall[3, 7][::-1])
    assert scene.caption(2) == (
        f"step {whole.frames[2]} · one: sure of {number(np.float32(100 * whole.sure[2]))} %"
        f" · other: sure of {number(np.float32(100 * part.sure[2]))} %"
    )
