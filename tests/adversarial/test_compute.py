"""The sweep of one picture against explicit torch, and what a facts' number is."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from dlviz.adversarial.compute import EPSILONS, AdversarialConfig, facts, script, sweep
from dlviz.adversarial.config import ATTACKS, TARGETS
from dlviz.adversarial.figures import adversarial_scene
from dlviz.drawn import text_of
from dlviz.victims import KINDS, universal_pattern, unseen_digits, victim


def test_each_attack_is_the_written_out_one_within_each_epsilon() -> None:
    run, model = sweep(AdversarialConfig()), victim("cnn")
    x, y = (each[1:2] for each in unseen_digits())
    leaf = x.clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(cross_entropy(model(leaf), y), leaf)
    coins = torch.randint(2, (1, 8, 8), generator=torch.Generator().manual_seed(0)) * 2.0 - 1
    directions = {
        "noise_sign": coins,
        "universal": universal_pattern("cnn"),
        "fgsm": gradient.sign(),
    }
    for name, direction in directions.items():
        at = list(ATTACKS).index(name)
        for k in (0, 7, 40):
            expected = (x + EPSILONS[k] * direction).clamp(0, 1)
            np.testing.assert_allclose(run.pictures[at, k], expected[0, 0], atol=1e-6)
            sure = model(expected).softmax(1)[0]
            np.testing.assert_allclose(run.confidences[at, k], sure, atol=1e-4)
    here = x.clone()
    for _ in range(10):
        leaf = here.detach().requires_grad_(True)
        (gradient,) = torch.autograd.grad(cross_entropy(model(leaf), y), leaf)
        here = (x + (here + 0.05 * gradient.sign() - x).clamp(-0.2, 0.2)).clamp(0, 1)
    np.testing.assert_allclose(run.pictures[3, 20], here[0, 0], atol=1e-5)


@settings(deadline=None, max_examples=25)
@given(
    st.builds(
        AdversarialConfig,
        victim=st.sampled_from(list(KINDS)),
        hardened=st.booleans(),
        digit=st.integers(0, 496),
        method=st.sampled_from(list(ATTACKS)),
        target=st.sampled_from(list(TARGETS)),
        epsilon=st.floats(0, 0.4),
        steps=st.integers(1, 5),
        step_size=st.floats(0, 0.1),
        seed=st.integers(0, 99),
    )
)
def test_every_picture_stays_in_the_box_and_within_its_epsilon(config: AdversarialConfig) -> None:
    run = sweep(config, (0.0, 0.1, 0.4))
    assert run.pictures.min() >= 0 and run.pictures.max() <= 1
    moved = np.abs(run.pictures - run.picture).max(axis=(2, 3))
    assert (moved <= np.array(run.values) + 1e-6).all()
    np.testing.assert_allclose(run.confidences.sum(axis=2), 1, atol=1e-5)
    assert np.array_equal(run.pictures, sweep(config, run.values).pictures)
    assert not run.pictures.flags.writeable


def test_the_least_epsilon_that_fools_is_the_first_after_which_all_do() -> None:
    run = sweep(AdversarialConfig())
    for i, name in enumerate(ATTACKS):
        wrong = [int(c.argmax()) != run.label for c in run.confidences[i]]
        first = run.first_mistake(name)
        if first is None:
            assert not wrong[-1]
        else:
            k = run.values.index(first)
            assert all(wrong[k:]) and (k == 0 or not wrong[k - 1])


def test_a_drawing_is_what_the_network_takes_it_for() -> None:
    x, _ = unseen_digits()
    drawing = text_of(x[1, 0].numpy())
    run = sweep(AdversarialConfig(source="drawn", drawing=drawing))
    np.testing.assert_allclose(run.picture, x[1, 0], atol=1 / 30)
    assert run.label == int(victim("cnn")(torch.tensor(run.picture)[None, None]).argmax())
    assert facts(AdversarialConfig(source="drawn"))["label"] in range(10)  # of an empty one, too


def test_the_script_prints_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    for changes in ({}, {"method": "pgd", "target": "2", "epsilon": 0.3}, {"victim": "mlp"}):
        config = AdversarialConfig(**changes)
        exec(script(config), {})
        assert capsys.readouterr().out.strip() == str(facts(config)["answer"])


def test_the_scene_shows_the_sweep() -> None:
    run = sweep(AdversarialConfig(method="pgd"))
    scene = adversarial_scene(run)
    tiles, bars = scene.panels[0].layers[0], scene.panels[1].layers[0]
    assert tiles.images.shape == (41, 8, 8, 8)
    np.testing.assert_allclose(tiles.images[15, 2] / 255, run.pictures[2, 15], atol=1 / 500)
    change = (tiles.images[15, 6] / 255 - 0.5) * 0.8
    np.testing.assert_allclose(change, run.pictures[2, 15] - run.picture, atol=0.002)
    np.testing.assert_allclose(bars.heights, run.confidences[3])
    assert len(scene.pack()) < 1_500_000
    assert "FGSM: 3 (96 %)" in scene.captions[15]


def test_bad_arguments_are_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"expected 0 <= epsilon <= 0.4, got 1"):
        AdversarialConfig(epsilon=1)
    with pytest.raises(ValueError, match="expected 0 <= digit <= 496, got 497"):
        AdversarialConfig(digit=497)
    with pytest.raises(ValueError, match="expected nothing or 64 hexadecimal digits"):
        replace(AdversarialConfig(), drawing="12")
