"""The maps of the lab against plain torch, closed forms, scipy, and the programs it prints."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from torch import Tensor

from dlviz.drawn import text_of
from dlviz.explain.compute import (
    ExplainConfig,
    agreement,
    erase,
    facts,
    knob_of,
    outcome_sentence,
    script,
    sweep,
    two_pixels,
    values_of,
)
from dlviz.explain.config import LAYERS, METHODS, MOVED, RULES, TURNS
from dlviz.explain.figures import agreement_scene, erase_scene, maps_scene, method_at, pixels_scene
from dlviz.explain.measures import alike_to_first
from dlviz.torch_threads import one_thread
from dlviz.victims import KINDS, unseen_digits, victim


@pytest.fixture(autouse=True)
def _alone():
    with one_thread():
        yield


ROOT = Path(__file__).parents[2]
X = unseen_digits()[0][1:2]


def logit(model, x: Tensor, y: int) -> Tensor:
    return model(x)[:, y].sum()


def slope(model, x: Tensor, y: int) -> Tensor:
    leaf = x.clone().requires_grad_(True)
    return torch.autograd.grad(logit(model, leaf, y), leaf)[0]


def test_maps_of_each_choice_are_those_of_plain_torch() -> None:
    run, model = sweep(ExplainConfig(), "rank", (1.0, 2.0, 7.0)), victim("cnn")
    logits = model(X)[0]
    assert run.order == tuple(logits.argsort(descending=True).tolist())
    assert run.classes == tuple(run.order[i] for i in (0, 1, 6))
    np.testing.assert_allclose(run.logits[2], logits.numpy(), atol=1e-5)
    for k, y in enumerate(run.classes):
        gradient = slope(model, X, y)[0, 0].numpy()
        np.testing.assert_allclose(run.map_of("gradient")[k], gradient, atol=1e-5)
        np.testing.assert_allclose(run.map_of("size")[k], abs(gradient), atol=1e-5)
        np.testing.assert_allclose(run.map_of("product")[k], X[0, 0].numpy() * gradient, atol=1e-5)
        steps = [slope(model, (i + 0.5) / 20 * X, y)[0, 0] for i in range(20)]
        integrated = (X[0, 0] * torch.stack(steps).mean(0)).numpy()
        np.testing.assert_allclose(run.map_of("integrated")[k], integrated, atol=1e-4)
        rise = float(logit(model, X, y) - logit(model, 0 * X, y))
        assert run.rise[k] == pytest.approx(rise, abs=1e-4)
        assert run.error[k] == pytest.approx(integrated.sum() - rise, abs=1e-3)
        assert run.sums[k, 4] == pytest.approx(integrated.sum(), abs=1e-3)


def test_of_a_linear_network_maps_are_its_weights_and_sums_are_exact() -> None:
    config = ExplainConfig(victim="linear", baseline=0.25)
    run = sweep(config, "rank", (1.0, 3.0))
    weights = victim("linear")[1].weight
    for k, y in enumerate(run.classes):
        w = weights[y].reshape(8, 8).numpy()
        x = X[0, 0].numpy()
        np.testing.assert_allclose(run.map_of("gradient")[k], w, atol=1e-5)
        np.testing.assert_allclose(run.map_of("smooth")[k], w, atol=1e-5)
        np.testing.assert_allclose(run.map_of("integrated")[k], w * (x - 0.25), atol=1e-5)
        patches = (w * (x - 0.25)).reshape(4, 2, 4, 2).sum((1, 3)).repeat(2, 0).repeat(2, 1) / 4
        np.testing.assert_allclose(run.map_of("lime")[k], patches, atol=1e-4)
        assert run.fit[k] == pytest.approx(1, abs=1e-4)
        assert run.error[k] == pytest.approx(0, abs=1e-4)
        assert np.isnan(run.map_of("cam")[k]).all()


@pytest.mark.parametrize("field", TURNS)
def test_each_turn_of_a_knob_is_the_picture_at_that_setting(field: str) -> None:
    config = ExplainConfig(turn=field, digit=4, samples=5, seed=3)
    values = values_of(config)[:: max(1, len(values_of(config)) // 3)]
    run = sweep(config, field, values)
    for k, value in enumerate(values):
        kind = type(getattr(config, field))
        alone = sweep(replace(config, **{field: kind(value)}), "rank",
                      (float(value if field == "rank" else 1),))  # fmt: skip
        for method in METHODS:
            np.testing.assert_allclose(run.map_of(method)[k], alone.map_of(method)[0], atol=1e-4)
        assert run.error[k] == pytest.approx(float(alone.error[0]), abs=1e-4)
        assert run.fit[k] == pytest.approx(float(alone.fit[0]), abs=1e-4)
    still = [m for m in METHODS if m not in MOVED[field]]
    for method in still:
        assert (run.map_of(method) == run.map_of(method)[0]).all()


@pytest.mark.parametrize("rule", RULES)
def test_the_error_of_completeness_goes_with_the_steps(rule: str) -> None:
    config = ExplainConfig(turn="steps", rule=rule)
    run = sweep(config, "steps", values_of(config))
    assert abs(run.error[-1]) < 0.02 * run.rise[-1]
    assert abs(run.error[-1]) < abs(run.error[0])
    sums = run.map_of("integrated").sum((1, 2))
    np.testing.assert_allclose(sums - run.rise, run.error, atol=1e-3)


def test_an_empty_pixel_counts_for_nothing_where_black_is_nothing() -> None:
    run = sweep(ExplainConfig(turn="baseline"), "baseline", (0.0, 0.5))
    empty = run.image == 0
    assert (run.map_of("integrated")[0, empty] == 0).all()
    assert (run.map_of("integrated")[1, empty] != 0).mean() > 0.9
    assert (run.map_of("product")[:, empty] == 0).all()


def test_what_forgets_has_the_same_weights_in_another_order_and_its_own_maps() -> None:
    config = ExplainConfig(turn="forgotten")
    run = sweep(config, "forgotten", values_of(config))
    like = alike_to_first(run)
    for i in range(len(METHODS)):
        first, last = (np.abs(run.maps[k, i]).ravel().astype(float) for k in (0, 3))
        if last.any():
            assert like[3, i] == pytest.approx(spearmanr(first, last).statistic, abs=1e-6)
    assert like[0, list(METHODS).index("integrated")] == pytest.approx(1)


def test_over_ten_digits_products_survive_a_network_that_forgot_everything() -> None:
    # Adebayo et al. 2018, figure 4: input x gradient keeps the picture.
    config = ExplainConfig(forgotten=3, steps=8, samples=2)
    runs = [[sweep(replace(config, digit=d, forgotten=f), "rank", (1.0,)) for f in (0, 3)]
            for d in range(10)]  # fmt: skip
    means = {}
    for method in ("gradient", "product", "integrated"):
        i = list(METHODS).index(method)
        pairs = [[np.abs(run.maps[0, i]).ravel() for run in pair] for pair in runs]
        means[method] = np.mean([spearmanr(*p).statistic for p in pairs])
    assert means["product"] > 0.85
    assert means["integrated"] > 0.85
    assert abs(means["gradient"]) < 0.2


def test_agreement_is_spearmans_of_each_pair() -> None:
    maps = sweep(ExplainConfig(), "rank", (1.0,)).maps[0].reshape(9, -1)
    expected = spearmanr(maps.T.astype(float)).statistic
    np.testing.assert_allclose(agreement(ExplainConfig()), expected, atol=1e-6)
    scene = agreement_scene(agreement(ExplainConfig()))
    np.testing.assert_allclose(scene.panels[0].layers[0].values, expected, atol=0.006)
    # Where a network has no maps, there is nothing to be alike.
    none = agreement(ExplainConfig(victim="mlp"))
    assert np.isnan(none[7:]).all() and np.isfinite(none[:7, :7]).all()
    assert agreement_scene(none).to_png()


def test_erasing_follows_each_map_and_chance() -> None:
    config = ExplainConfig(picture="erase", baseline=0.3)
    run, model = erase(config, (1.0, 2.0)), victim("cnn")
    maps = sweep(config, "rank", (1.0, 2.0))
    for k, y in enumerate(run.classes):
        for i in (0, 4, 7):
            order = np.argsort(-maps.maps[k, i].ravel(), kind="stable")
            for count in (0, 9, 64):
                gone = X.clone().flatten()
                gone[torch.tensor(order[:count].copy())] = 0.3
                np.testing.assert_allclose(run.pictures[k, count, i].ravel(), gone, atol=1e-6)
                seen = model(gone.reshape(1, 1, 8, 8))[0, y]
                assert run.logits[k, i, count] == pytest.approx(float(seen), abs=1e-4)
    assert (np.diff((run.pictures[0, :, 9] == np.float32(0.3)).sum((1, 2))) >= 0).all()
    flat = float(model(torch.full_like(X, 0.3))[0, run.classes[0]])
    np.testing.assert_allclose(run.logits[0, :, 64], flat, atol=1e-4)


def test_over_twelve_digits_signs_find_what_matters_and_grad_cam_does_not() -> None:
    # What the scene says of one digit holds on average: mean logit over the first half.
    means = np.mean([erase(ExplainConfig(picture="erase", digit=d, samples=8), (1.0,))
                     .logits[0, :, :33].mean(1) for d in range(12)], axis=0)  # fmt: skip
    of = dict(zip((*METHODS, "chance"), means, strict=True))
    assert of["integrated"] < of["gradient"] < of["chance"] < of["cam"]


def test_two_pixels_are_those_of_the_course() -> None:
    run = two_pixels(ExplainConfig(), (0.1, 1.0, 3.0))
    # x1 - x2 = y: weights (1, -1) at any noise; cov(x, y)/var(y) = (1 + c, c), c by the sample.
    np.testing.assert_allclose(run.weights, [[1, -1]] * 3, atol=1e-9)
    for k, spread in enumerate((0.1, 1.0, 3.0)):
        noise = run.x[k, :, 1]
        c = np.cov(noise, run.y)[0, 1] / np.var(run.y, ddof=1)
        np.testing.assert_allclose(run.patterns[k], [1 + c, c], atol=1e-9)
        assert noise.std() == pytest.approx(spread, rel=0.1)
        assert run.correlations[k, 0] == pytest.approx(1 / np.hypot(1, spread), abs=0.06)
        assert abs(run.correlations[k, 1]) < 0.06


CONFIGS = st.builds(
    ExplainConfig,
    method=st.sampled_from(list(METHODS)), turn=st.sampled_from(list(TURNS)),
    victim=st.sampled_from(list(KINDS)), hardened=st.booleans(), digit=st.integers(0, 496),
    rank=st.integers(1, 10), steps=st.integers(2, 30), rule=st.sampled_from(list(RULES)),
    baseline=st.floats(0, 1), noise=st.floats(0, 1), samples=st.integers(2, 10),
    window=st.integers(1, 4), patch=st.sampled_from([1, 2, 4]),
    layer=st.sampled_from(list(LAYERS)), forgotten=st.integers(0, 3), seed=st.integers(0, 99),
    picture=st.sampled_from(["maps", "erase", "distractor"]), spread=st.floats(0.1, 3),
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(CONFIGS)
def test_any_config_gives_finite_facts_and_a_sentence(config: ExplainConfig) -> None:
    found = facts(config)
    assert all(np.isfinite(v) for v in found.values() if isinstance(v, float))
    assert found == facts(config)
    assert outcome_sentence(found).endswith((".", "!"))


@pytest.fixture
def run_script(monkeypatch, capsys):
    """Return a function that runs a program in the app's folder and returns what it prints."""
    monkeypatch.chdir(ROOT)

    def run(config: ExplainConfig) -> str:
        exec(compile(script(config), "script", "exec"), {})
        return capsys.readouterr().out

    return run


DRAWING = text_of(X[0, 0].numpy())


@pytest.mark.parametrize(
    "config",
    [
        ExplainConfig(baseline=0.2, rule="gauss", rank=2),
        ExplainConfig(method="lime", victim="mlp", hardened=True),
        ExplainConfig(method="cam_relu", layer="pooled", digit=3),
        ExplainConfig(method="smooth", source="drawn", drawing=DRAWING, forgotten=2, seed=5),
        ExplainConfig(method="occlusion", victim="linear", window=2),
    ],
    ids=lambda c: c.method,
)
def test_the_program_prints_the_sum_of_the_map(config: ExplainConfig, run_script) -> None:
    total = float(run_script(config).split("sum ")[-1])
    found = sweep(config, "rank", (float(config.rank),))
    expected = float(found.sums[0, list(METHODS).index(config.method)])
    assert total == pytest.approx(expected, rel=1e-3, abs=2e-3)


def test_the_program_of_two_pixels_prints_both_vectors(run_script) -> None:
    out = run_script(ExplainConfig(picture="distractor", spread=0.5, seed=2))
    run = two_pixels(ExplainConfig(seed=2), (0.5,))
    assert "weights [ 1. -1.]" in out
    assert str(run.patterns[0].round(3)) in out


def test_every_other_map_has_a_program_that_can_be_read() -> None:
    for method in METHODS:
        for rule in RULES:
            config = ExplainConfig(method=method, rule=rule, victim="linear", forgotten=1)
            compile(script(config), "script", "exec")


def test_the_scene_shows_the_sweep() -> None:
    config = ExplainConfig()
    run = sweep(config, "rank", values_of(config))
    scene = maps_scene(run, "integrated")
    cells = [layer for layer in scene.panels[0].layers if type(layer).__name__ == "Cells"]
    assert len(cells) == 9
    for i, layer in enumerate(cells):
        np.testing.assert_array_equal(layer.values, run.maps[:, i])
        middle = layer.left + 4, layer.top - 4
        assert method_at(*middle) == list(METHODS)[i]
    assert method_at(-1, -1) is None and method_at(1, 5) is None
    assert len(scene.pack()) < 1_500_000
    assert "why a 3, its choice no. 2?" in scene.captions[1].lower()
    assert f"add up to {float(run.sums[0, 4]):.2f}" in scene.captions[0]


@pytest.mark.parametrize("victim", KINDS)
@pytest.mark.parametrize("turn", TURNS)
def test_every_knob_has_a_scene_that_can_be_drawn(turn: str, victim: str) -> None:
    config = ExplainConfig(turn=turn, victim=victim, samples=3)
    assert knob_of(config) == turn
    scene = maps_scene(sweep(config, turn, values_of(config)), "cam")
    assert scene.to_png()
    assert len(scene.pack()) < 1_500_000


def test_the_scenes_of_erasing_and_of_two_pixels_show_their_numbers() -> None:
    run = erase(ExplainConfig(), (1.0, 2.0))
    scene = erase_scene(run, "integrated", 1)
    assert len(scene.pack()) < 1_500_000
    np.testing.assert_allclose(scene.readouts["own"], run.logits[:, 4])
    assert f"{run.logits[0, -1, 16]:.2f}" in scene.caption(16, 0)
    assert scene.to_png(16)
    pixels = pixels_scene(two_pixels(ExplainConfig(), (0.5, 1.0)), 1.0)
    assert pixels.to_png()
    assert "1 · pixel 1 − 1 · pixel 2" in pixels.captions[1]


def test_bad_arguments_are_one_sentence() -> None:
    with pytest.raises(ValueError, match="expected 2 <= steps <= 100, got 1"):
        ExplainConfig(steps=1)
    with pytest.raises(ValueError, match="expected patch in 1, 2, 4, got 3"):
        ExplainConfig(patch=3)
    with pytest.raises(ValueError, match="expected nothing or 64 hexadecimal digits"):
        ExplainConfig(drawing="12")


def test_captions_tell_how_alike_maps_are() -> None:
    config = ExplainConfig(turn="forgotten")
    run = sweep(config, "forgotten", values_of(config))
    x = np.abs(run.map_of("product")[[0, 3]]).reshape(2, -1).astype(float)
    like = spearmanr(*x).statistic
    caption = maps_scene(run, "product").captions[3]
    assert caption.startswith("Why a 7? f = −6.93 · 3 layers forgotten")
    assert caption.endswith(f"input × gradient {like:.2g}")
    run = sweep(replace(config, turn="noise"), "noise", (0.0, 0.5))
    x = np.abs(run.map_of("smooth")).reshape(2, -1).astype(float)
    assert f"{spearmanr(*x).statistic:.2g}" in maps_scene(run_at(run, 0.5), "smooth").captions[1]


def run_at(run, noise):
    return replace(run, config=replace(run.config, noise=noise))
