"""The value of the game and what is drawn of it, against adaptive quadrature and closed forms."""

from dataclasses import replace
from functools import cache
from math import log

import numpy as np
import pytest
from scipy import integrate, stats

from dlviz.gan.compute import GanConfig, facts, sweep, train
from dlviz.gan.config import LOSSES
from dlviz.gan.data import source_of
from dlviz.gan.lesson import LESSON, LINE
from dlviz.gan.line import line_of
from dlviz.gan.stage import UNVALUED, game_scene
from dlviz.gan.values import masses, reachable, reached
from dlviz.layers import Curve
from dlviz.ui.teaching import told

BELL = GanConfig(**LINE)
VALUED = ("nonsaturating", "minimax")


@cache
def _played(config):
    return train(config)


@cache
def _swept(config):
    return sweep(config, "lr_g", (config.lr_g,))


def _critic(trace, at):
    """Return the logit of a discriminator of one hidden layer of tanh, from its parameters."""
    d = trace.d[at]
    width = trace.config.hidden_d[0]
    first, last = d[: 2 * width].reshape(width, 2), d[2 * width :]
    return lambda x: last[:-1] @ np.tanh(first[:, 0] * x + first[:, 1]) + last[-1]


def _integral(function, q, low=-14.0, high=18.0):
    around = [q.mean() + k * q.std() for k in (-6, -2, 0, 2, 6)]
    points = sorted(v for v in [*around, 0.0, 3.0, 6.0] if low < v < high)
    return integrate.quad(function, low, high, points=points, limit=500)[0]


def _exact(p, q, logit=None):
    """Return V of D = σ(logit), or of p / (p + q), by adaptive quadrature."""

    def real(x):
        if logit:
            return -np.logaddexp(0, -logit(x))
        return p.logpdf(x) - np.logaddexp(p.logpdf(x), q.logpdf(x))

    def fake(x):
        if logit:
            return -np.logaddexp(0, logit(x))
        return q.logpdf(x) - np.logaddexp(p.logpdf(x), q.logpdf(x))

    return _integral(lambda x: p.pdf(x) * real(x) + q.pdf(x) * fake(x), q)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("loss", VALUED)
def test_the_value_is_that_of_adaptive_quadrature_with_labels_smoothed_or_not(loss, smoothing):
    trace = _played(replace(BELL, loss=loss, smoothing=smoothing))
    for at in (0, 5, -1):
        w, b = trace.g[at]
        p, q = stats.norm(3, 1), stats.norm(b, abs(w))
        assert trace.value[at] == pytest.approx(_exact(p, q, _critic(trace, at)), abs=1e-3)
        assert trace.best_value[at] == pytest.approx(_exact(p, q), abs=1e-4)
    assert (trace.value <= trace.best_value).all()
    assert facts(trace)["value"] == trace.value[-1]


class _Affine:
    """A generator z → sd z + mean of two runs, of which the second is asked."""

    def __init__(self, mean, sd):
        self.matrices = [np.array([[[9.0, 9.0]], [[sd, mean]]])]


@pytest.mark.parametrize("mean", [3.0, 3.7, 12.4, -1e6])
@pytest.mark.parametrize("sd", [2.0, 0.3, 0.007, 1e-5])
def test_the_best_value_holds_beyond_the_window_and_of_narrow_fakes(mean, sd):
    there = masses(_Affine(mean, sd), 1, BELL, np.zeros(1), source_of("gauss"))
    got = reachable(there)
    p, q = stats.norm(3, 1), stats.norm(mean, sd)
    if mean < -100:
        assert got == pytest.approx(0, abs=1e-6)
        return
    low, high = min(-6, mean - 9 * sd), max(12, mean + 9 * sd)
    edges = np.unique([*np.linspace(-6, 12, 40_001), *(mean + sd * np.linspace(-9, 9, 40_001))])
    x = edges[(edges >= low) & (edges <= high)]
    both = np.logaddexp(p.logpdf(x), q.logpdf(x))
    value = p.pdf(x) * (p.logpdf(x) - both) + q.pdf(x) * (q.logpdf(x) - both)
    assert got == pytest.approx(integrate.trapezoid(value, x), abs=2e-4)


def test_fakes_beyond_the_window_are_told_from_the_data_without_fail():
    """Two noises: counted; the fakes at 12.4, the window from −4 to 8."""
    config = replace(BELL, noise_dim=2, hidden_g=(4,))
    samples = np.random.default_rng(0).normal(12.4, 0.1, 5000)
    there = masses(None, 0, config, samples, source_of("gauss"))
    assert there.fake.sum() == pytest.approx(1)
    assert reachable(there) == pytest.approx(0, abs=1e-6)
    assert reached(there, np.where(there.x < 9, 30.0, -30.0)) == pytest.approx(0, abs=1e-6)
    assert reached(there, np.zeros_like(there.x)) == pytest.approx(-log(4), abs=1e-5)


def test_a_bent_generators_masses_are_those_of_many_of_its_samples():
    trace = _played(GanConfig(data="pair", noise_dim=1, hidden_g=(8,), steps=80))
    source = trace.source
    edges = np.linspace(source.low, source.high, 101)
    far = trace.samples[-1][:, 0].astype(float)
    count = np.histogram(far, edges)[0] / len(far)
    p = np.diff(np.mean([stats.norm(m, 0.5).cdf(edges) for m in (-1.5, 1.5)], axis=0))
    both = count + p
    coarse = sum(stats.entropy(part, both) for part in (count, p))  # which normalizes both
    expected = coarse - 2 * log(2) + 0.0
    # 1000 samples in 100 cells raise JS by about 100 / 8000 each: within that of the exact value.
    assert trace.best_value[-1] == pytest.approx(expected, abs=0.08)


@pytest.mark.parametrize("loss", LOSSES)
def test_v_is_drawn_of_a_probability_alone(loss):
    games = _swept(replace(BELL, loss=loss, steps=30))
    trace, known = games.run(0), facts(games.run(0))
    scene = game_scene(games)
    assert np.isfinite(trace.value).all() == (loss in VALUED)
    assert (known["value"] is None) == (loss not in VALUED)
    second = scene.panels[1]
    assert (second.name == "value") == (loss in VALUED)
    curves = [layer for layer in second.layers if isinstance(layer, Curve) and layer.over == "k"]
    assert all(np.isfinite(layer.y).all() for layer in curves)
    if loss not in VALUED:
        assert second.title == UNVALUED
        np.testing.assert_allclose(curves[0].y[0], games["d_loss"][0], rtol=1e-6)


def test_the_gray_line_is_minus_log_four_and_twice_js():
    """Of a bell's fakes: 2 JS by the closed densities, at each entry."""
    games = _swept(replace(BELL, steps=60))
    panel = game_scene(games).panels[1]
    gray = next(x for x in panel.layers if x.over == "k" and x.color == "muted").y[0]
    for at in (0, 30, -1):
        w, b = games["g"][0, at]
        p, q = stats.norm(3, 1), stats.norm(b, abs(w))
        assert gray[at] == pytest.approx(_exact(p, q), abs=1e-4)
    assert gray[0] > -0.9  # −log 4 + JS would be below


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_the_drawn_best_answer_lowers_ds_loss_most(loss, smoothing):
    """At each place the weighted loss p · real(s) + q · fake(s), over a fine grid of logits."""
    from dlviz.gan.objectives import OBJECTIVES

    config = replace(BELL, loss=loss, smoothing=smoothing, steps=3)
    games = _swept(config)
    drawn = [
        layer for layer in game_scene(games).panels[0].layers if getattr(layer, "label", "") == "D*"
    ]
    assert bool(drawn) == (loss not in ("wgan", "wgan_gp"))
    if not drawn:
        return
    x, q = line_of(games.run(0).source), games["density"][0, -1].astype(float)
    p = stats.norm(3, 1).pdf(x)
    logits = np.linspace(-12, 12, 4801)
    objective = OBJECTIVES[loss]
    real, fake = objective.real(logits, 1 - smoothing)[0], objective.fake(logits)[0]
    for i in range(10, 190, 7):
        if min(p[i], q[i]) < 1e-3:
            continue
        s = logits[(p[i] * real + q[i] * fake).argmin()]
        shown = {"hinge": (s + 1) / 2, "least_squares": s}.get(loss, 1 / (1 + np.exp(-s)))
        assert drawn[0].y[0, -1, i] == pytest.approx(shown, abs=5e-3)


@pytest.mark.parametrize("loss", LOSSES)
def test_what_to_notice_prints_the_formulas_of_the_chosen_loss(loss):
    lines = "\n".join(
        told(LESSON.formulas, facts(_swept(replace(BELL, loss=loss, steps=3)).run(0)))
    )
    marks = {
        "nonsaturating": r"-\log D(G(z))",
        "minimax": r"G lowers the mean of } \log(1 - D(G(z)))",
        "least_squares": r"(D(G(z)) - 1)^2",
        "hinge": r"\max(0, 1 - D(x))",
        "wgan": "D(G(z)) - D(x)",
        "wgan_gp": "D(G(z)) - D(x)",
    }
    assert marks[loss] in lines
    assert (r"\log D(x)" in lines) == (r"-\log 4" in lines) == (loss in VALUED)
    assert ("D^*" in lines) == (loss not in ("wgan", "wgan_gp"))
