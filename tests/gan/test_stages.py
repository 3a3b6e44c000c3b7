"""What the pictures draw, against autograd, linear algebra and walks of one's own."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.neighbors import NearestNeighbors

from dlviz.gan.between import ASKED_STREAM, made
from dlviz.gan.compute import (
    GanConfig,
    discriminator_of,
    facts,
    measure_rows,
    outcome_sentence,
    paint,
    sweep,
    train,
)
from dlviz.gan.dirac import force
from dlviz.gan.lesson import LESSON, LINE
from dlviz.gan.measures import fresh
from dlviz.gan.measures_stage import MOVED, NEIGHBORS, measures_scene
from dlviz.gan.picture_config import PictureConfig
from dlviz.gan.picture_stage import PAIRS, walk_scene
from dlviz.gan.stage import game_scene
from dlviz.gan.theory_stage import LR, dirac_scene
from dlviz.layers import Arrows


def test_the_drawn_arrows_point_to_where_gs_loss_falls():
    """A small step from tail to head lowers −log D of the fake, by autograd's D."""
    games = sweep(GanConfig(steps=20, hidden_g=(6,), hidden_d=(5,)), "lr_g", (0.001,))
    (arrows,) = (x for x in game_scene(games).panels[0].layers if isinstance(x, Arrows))
    matrices = discriminator_of(games.configs[0]).matrices(games["d"][0, -1:].copy())
    first, last = (torch.tensor(m[0]) for m in matrices)

    def loss(x):
        hidden = torch.nn.functional.leaky_relu(x @ first[:, :-1].T + first[:, -1], 0.2)
        return torch.nn.functional.softplus(-(hidden @ last[0, :-1] + last[0, -1]))

    tails, heads = (torch.tensor(arrows.xy[0, -1, :, end]).double() for end in (0, 1))
    way = heads - tails
    tails.requires_grad_(True)
    (slope,) = torch.autograd.grad(loss(tails).sum(), tails)
    cosine = torch.nn.functional.cosine_similarity(way, -slope)
    assert cosine.min() > 0.999
    assert (loss(tails + 1e-3 * way / way.norm(dim=1, keepdim=True)) < loss(tails)).all()


@pytest.mark.parametrize("method", ["simultaneous", "alternating"])
def test_a_hundred_steps_of_the_smallest_game_stretch_as_its_caption_says(method):
    """By the 100th power of the Jacobian of one step, its largest singular growth per turn."""
    gammas = (0.0, 0.5)
    said = dirac_scene(method, gammas).readouts["stretch"][:, 0]
    h = 1e-6
    for gamma, told in zip(gammas, said, strict=True):

        def step(at, gamma=gamma):
            along, up = force(*at, gamma)
            after = at[1] + LR * up
            if method == "alternating":
                along, _ = force(at[0], after, gamma)
            return np.array([at[0] + LR * along, after])

        jacobian = np.stack([(step(h * e) - step(-h * e)) / (2 * h) for e in np.eye(2)], 1)
        growth = max(abs(np.linalg.eigvals(np.linalg.matrix_power(jacobian, 100))))
        assert told == pytest.approx(growth, rel=1e-3)


def test_the_rows_of_a_walk_are_straight_above_and_along_the_sphere_below():
    """Pictures of the noises between, which are mixed here by the angle, halfway and at a fifth."""
    trace = paint(PictureConfig(steps=0))
    t = (0.0, 0.2, 0.5, 1.0)
    scene = walk_scene(trace, t)
    rng = np.random.default_rng([trace.config.seed, ASKED_STREAM])
    a, b = rng.standard_normal((2, PAIRS, trace.config.noise_dim))
    both = scene.panels[0].layers[0].images
    gallery = scene.panels[1].layers[0].images.reshape(PAIRS, 8, *both.shape[2:])
    size = [np.linalg.norm(side, axis=1, keepdims=True) for side in (a, b)]
    angle = np.arccos((a * b).sum(1, keepdims=True) / size[0] / size[1])
    for at, share in enumerate(t):
        bent = (np.sin((1 - share) * angle) * a + np.sin(share * angle) * b) / np.sin(angle)
        straight = (1 - share) * a + share * b
        for rows, z in ((both[at, :PAIRS], straight), (both[at, PAIRS:], bent)):
            expected = 255 * made(trace, z, np.arange(PAIRS) % 10)[:, ::-1]
            np.testing.assert_allclose(rows, expected, atol=0.51)
        # The gallery holds eight of the shares asked for: here the nearest of 0, 1/7, ..., 1.
        place = np.linspace(0, len(t) - 1, 8).round().astype(int).tolist().index(at)
        expected = 255 * made(trace, bent, np.arange(PAIRS) % 10)[:, ::-1]
        np.testing.assert_allclose(gallery[:, place], expected, atol=0.51)
    assert np.abs(both[2, :PAIRS].astype(int) - both[2, PAIRS:]).max() > 3  # the ways do differ


def _curves(scene, name):
    (panel,) = (panel for panel in scene.panels if panel.name == name)
    return [layer for layer in panel.layers if getattr(layer, "cursor", "") == "step"]


def test_gradient_norms_are_drawn_and_vanish_where_d_wins():
    """Of an affine G the gradient is the mean of pull · z and of pull: by hand."""
    ends = []
    for slug in ("vanish", "rescue"):
        settings = next(s.settings for s in LESSON.scenes if s.slug == slug)
        config = GanConfig(**{k: v for k, v in settings.items() if k not in LESSON.views}, seed=0)
        games = sweep(replace(config, steps=60), "lr_g", (config.lr_g,))
        scene = game_scene(games, settings["looks"])
        of_d, of_g = (curve.y[0] for curve in _curves(scene, "norms"))
        (axis,) = (panel.y for panel in scene.panels if panel.name == "norms")
        assert axis.log
        np.testing.assert_allclose(of_d, games["d_grad"][0], rtol=1e-6)
        w, b = games["g"][0, -1]
        x, pull = games["samples"][0, -1, :500, 0].astype(float), games["pull"][0, -1, :, 0]
        by_hand = np.hypot((pull * (x - b) / w).mean(), pull.mean())
        assert of_g[-1] == pytest.approx(by_hand, rel=1e-3)
        (arrows,) = (x for x in scene.panels[0].layers if isinstance(x, Arrows))
        ends.append((of_g[-1], np.abs(np.diff(arrows.xy[0, -1, ..., 0], axis=-1)).max()))
    (faint, still), (strong, moved) = ends
    assert faint < 0.02 * strong
    assert still < 0.1 * moved


def test_a_single_bell_is_said_to_be_met_by_js_and_not_by_stray_fakes():
    for settings, words in (({"steps": 0}, "far from"), ({}, "much like")):
        games = sweep(GanConfig(**LINE, **settings), "lr_g", (LINE["lr_g"],))
        run, scene = games.run(0), game_scene(games)
        fakes = run.samples[-1][:, 0].astype(float)
        near = abs(fakes.mean() - 3) < 0.15 and abs(fakes.std() - 1) < 0.15
        assert near == (words == "much like")
        assert scene.endings == (f"{words} the data",)
        assert f"{words} the data" in outcome_sentence(run)
        assert "modes" not in scene.captions[0] + outcome_sentence(run)
        assert len(_curves(scene, "scores")) == 1


def test_the_far_bell_is_fitted_by_the_challenges_solution_and_not_by_a_few_fakes():
    challenge = next(c for c in LESSON.challenges if c.slug == "far")
    good = train(GanConfig(**challenge.solution))
    fakes = good.samples[-1].astype(float)
    assert (fakes.mean(), fakes.std()) == pytest.approx((6, 0.3), abs=0.06)
    assert challenge.is_met(facts(good))
    few = train(GanConfig(**{**challenge.solution, "lr_g": 0.01}))
    assert few.outcome == "covered"
    assert few.on_mode[-1] < 0.5
    assert not challenge.is_met(facts(few))


def test_every_measure_is_drawn_at_every_step_recorded():
    """The distance by scipy's transport, the neighbors by scikit-learn's search."""
    trace = train(GanConfig(**{**LINE, "steps": 100}))
    scene = measures_scene(trace)
    real = fresh("gauss", "", MOVED)
    curves = {p.name: p.layers[-1].y for p in scene.panels}
    np.testing.assert_allclose(curves["by_kl"], trace.kl, rtol=1e-6)
    np.testing.assert_allclose(curves["by_js"], trace.js, rtol=1e-6)
    for at in (0, 20, -1):
        fakes = trace.samples[at].astype(float)
        moved = stats.wasserstein_distance(fakes[:MOVED, 0], real[:, 0])
        assert curves["by_moved"][at] == pytest.approx(moved, rel=1e-5)
        both = np.concatenate([fakes[:NEIGHBORS], real[:NEIGHBORS]])
        nearest = NearestNeighbors(n_neighbors=2).fit(both).kneighbors()[1][:, 0]
        kind = np.arange(2 * NEIGHBORS) < NEIGHBORS
        assert curves["by_told"][at] == pytest.approx((kind[nearest] == kind).mean())


def test_every_row_of_measures_fits_a_table_of_two_columns():
    rows = measure_rows(facts(train(GanConfig(**{**LINE, "steps": 10}))))
    assert len(rows) > 10
    assert not [row for row in rows if "|" in "".join(row)]
