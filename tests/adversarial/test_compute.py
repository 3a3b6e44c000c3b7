"""The sweep of one picture against explicit torch, and what a facts' number is."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from dlviz.adversarial.attack_stage import scene_of
from dlviz.adversarial.compute import (
    EPSILONS,
    AdversarialConfig,
    facts,
    outcome_sentence,
    script,
    sweep,
)
from dlviz.adversarial.config import ATTACKS, METHOD_NAMES, PICTURES, TARGETS, TWINS
from dlviz.attacks import METHODS, AttackConfig, attack
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


@settings(deadline=None, max_examples=20)
@given(
    st.builds(
        AdversarialConfig,
        victim=st.sampled_from(list(KINDS)),
        hardened=st.booleans(),
        digit=st.integers(0, 496),
        method=st.sampled_from(list(METHOD_NAMES)),
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
    bounded = [METHODS[method].bounded for method in run.shown]
    moved = np.abs(run.pictures[bounded] - run.picture).max(axis=(2, 3))
    assert (moved <= np.array(run.values) + 1e-6).all()
    np.testing.assert_allclose(run.confidences.sum(axis=2), 1, atol=1e-5)
    assert np.array_equal(run.pictures, sweep(config, run.values).pictures)
    assert not run.pictures.flags.writeable


@pytest.mark.parametrize("method", ["deepfool", "cw", "one_pixel"])
def test_what_knows_no_epsilon_is_the_attack_itself_at_each(method: str) -> None:
    run = sweep(AdversarialConfig(method=method, victim="linear", digit=5), (0.0, 0.2))
    briefly = {"cw": {"steps": 60, "at_once": True}, "one_pixel": {"steps": 20}}
    brief = briefly.get(method, {})
    x, y = (each[5:6] for each in unseen_digits())
    found = attack(victim("linear"), x, y, AttackConfig(method, **brief)).adversarial
    for k in (0, 1):
        np.testing.assert_array_equal(run.pictures[4, k], found[0, 0])
    assert run.shown[4] == method and run.answers[4, 0] != run.label == int(y)


def test_uniform_noise_is_spread_over_the_whole_ball() -> None:
    run = sweep(AdversarialConfig(method="noise_uniform", digit=3), (0.4,))
    middle = (run.picture > 0.4) & (run.picture < 0.6)  # where the box cuts nothing off
    change = (run.pictures[4, 0] - run.picture)[middle]
    assert len(change) >= 5 and change.std() == pytest.approx(0.4 / np.sqrt(3), rel=0.5)


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


DRAWN = text_of(unseen_digits()[0][1, 0].numpy())
OWN = {"victim": "own", "architecture": "conv 4 3; pool 2; dense 12", "epochs": 1}
SCRIPTS = [
    ({}, "answer"),
    (OWN, "answer"),
    ({**OWN, "picture": "universal"}, "misread"),
    ({"method": "pgd", "target": "2", "epsilon": 0.3}, "answer"),
    ({"victim": "mlp", "picture": "plane"}, "answer"),
    ({"method": "universal", "epsilon": 0.25}, "answer"),
    ({"method": "noise_sign", "seed": 3, "epsilon": 0.4}, "answer"),
    ({"method": "one_pixel", "victim": "linear", "digit": 5}, "answer"),
    ({"source": "drawn", "drawing": DRAWN}, "answer"),
    ({"picture": "path", "step_size": 0.02}, "answer"),
    ({"picture": "universal", "epsilon": 0.2}, "misread"),
    ({"victim": "filters", "method": "universal", "digit": 3}, "answer"),
    ({"victim": "printed", "hardened": True, "method": "pgd"}, "answer"),
    ({"victim": "filters", "picture": "universal"}, "misread"),
    ({"picture": "gap", "dimension": 784}, "gap"),
    ({"picture": "shares", "victim": "linear", "epsilon": 0.1}, "kept_fgsm"),
    ({"picture": "transfer", "victim": "linear", "method": "pgd", "epsilon": 0.1}, "kept_pgd"),
    ({"picture": "nearest", "victim": "mlp"}, "cw_distance"),
    ({"picture": "sum", "hardened": True}, "chosen_sum"),
]


@pytest.mark.parametrize(("changes", "fact"), SCRIPTS, ids=str)
def test_the_script_prints_what_the_page_says(
    changes: dict[str, object], fact: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config = AdversarialConfig(**changes)
    exec(script(config), {})
    printed = [float(word) for word in capsys.readouterr().out.split()]
    wanted = facts(config)[fact]
    here = printed[0] if fact in ("gap", "misread") else printed[-1]
    assert here == pytest.approx(wanted, abs=6e-4 if fact.startswith("kept") else 1e-4)


def test_the_scene_shows_the_sweep() -> None:
    run = sweep(AdversarialConfig(method="pgd"))
    scene = scene_of(run)
    tiles, bars = scene.panels[0].layers[0], scene.panels[1].layers[0]
    assert tiles.images.shape == (41, 8, 8, 8)
    np.testing.assert_allclose(tiles.images[15, 2] / 255, run.pictures[2, 15], atol=1 / 500)
    change = (tiles.images[15, 6] / 255 - 0.5) * 0.8
    np.testing.assert_allclose(change, run.pictures[2, 15] - run.picture, atol=0.002)
    np.testing.assert_allclose(bars.heights, run.confidences[3])
    assert len(scene.pack()) < 1_500_000
    assert "FGSM: 3 (96 %)" in scene.captions[15]


@settings(deadline=None, max_examples=25)
@given(
    st.builds(
        AdversarialConfig,
        picture=st.sampled_from(PICTURES),
        victim=st.sampled_from(TWINS),
        hardened=st.booleans(),
        digit=st.integers(0, 354),
        method=st.sampled_from(list(METHOD_NAMES)),
        epsilon=st.floats(0, 0.4),
        way=st.floats(0, 2),
        dimension=st.integers(1, 150528),
    )
)
def test_every_picture_comes_to_a_sentence_and_the_same_numbers(config: AdversarialConfig) -> None:
    found = facts(config)
    assert dict(found) == dict(facts(config))
    assert set(found) == set(facts(AdversarialConfig()))
    sentence = outcome_sentence(found)
    assert sentence.endswith(".") and "None" not in sentence and "nan" not in sentence


def test_bad_arguments_are_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"expected 0 <= epsilon <= 0.4, got 1"):
        AdversarialConfig(epsilon=1)
    with pytest.raises(ValueError, match="expected 0 <= digit <= 496, got 497"):
        AdversarialConfig(digit=497)
    with pytest.raises(ValueError, match="expected 0 <= digit <= 354, got 400"):
        AdversarialConfig(victim="filters", digit=400)
    with pytest.raises(ValueError, match="expected nothing or 64 hexadecimal digits"):
        replace(AdversarialConfig(), drawing="12")
