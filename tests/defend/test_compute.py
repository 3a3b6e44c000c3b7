"""Defenses against plain torch, scipy's distributions, closed forms, and their own programs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm
from torch import Tensor
from torch.nn.functional import cross_entropy

from dlviz.defend.attacked import measured
from dlviz.defend.compute import (
    EPSILONS,
    DefendConfig,
    Quantized,
    asked_of,
    certificates,
    defend,
    duel_steps,
    facts,
    knob_of,
    masked,
    masking_steps,
    outcome_sentence,
    price,
    script,
    shipped_duel,
    smoothing,
    values_of,
)
from dlviz.defend.config import HARDENINGS, SIGMAS
from dlviz.defend.figures import duel_scene, masking_scene, price_scene, smoothing_scene
from dlviz.defend.masking import ATTACKS
from dlviz.defend.shipped import FILE, make_certificates, make_price
from dlviz.defend.smoothing import RADII
from dlviz.defend.training import moments
from dlviz.torch_threads import one_thread
from dlviz.victims import seen_digits, unseen_digits, untrained, victim

ROOT = Path(__file__).parents[2]
SMALL = DefendConfig(epochs=4, kind="mlp")


@pytest.fixture(autouse=True)
def _alone():
    with one_thread():
        yield


def pgd(model, x: Tensor, y: Tensor, epsilon: float, steps: int, lead: bool = False) -> Tensor:
    here = x.clone()
    for _ in range(steps):
        here = here.detach().requires_grad_(True)
        logits = model(here)
        if lead:
            others = logits.scatter(1, y[:, None], -torch.inf).max(1).values
            loss = (others - logits.gather(1, y[:, None])[:, 0]).sum()
        else:
            loss = cross_entropy(logits, y, reduction="sum")
        (slope,) = torch.autograd.grad(loss, here)
        moved = here + 2.5 * epsilon / steps * slope.sign()
        here = (x + (moved - x).clamp(-epsilon, epsilon)).clamp(0, 1)
    return here.detach()


def share(model, x: Tensor, y: Tensor) -> float:
    return float((model(x).argmax(1) == y).float().mean())


# Training.


def test_a_duel_comes_moment_by_moment_and_is_the_same_again() -> None:
    lengths = [len(run.epochs) for run in duel_steps(SMALL)]
    assert lengths == [1, 2, 3, 4, 5] == list(range(1, len(moments(SMALL)) + 1))
    *_, first = duel_steps(SMALL)
    *_, again = duel_steps(SMALL)
    for name in ("accuracy", "pictures", "answers", "epochs"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert first.share == 1
    assert not first.accuracy.flags.writeable


def test_the_plain_side_is_plain_torch() -> None:
    *_, run = duel_steps(replace(SMALL, epochs=2))
    generator = torch.Generator().manual_seed(0)
    model = untrained("mlp", generator)
    optimizer = torch.optim.Adam(model.parameters(), 0.003)
    x, y = seen_digits()
    for _ in range(2):
        for rows in torch.randperm(1300, generator=generator).split(128):
            optimizer.zero_grad()
            cross_entropy(model(x[rows]), y[rows]).backward()
            optimizer.step()
    many, names = (part[:100] for part in measured())
    assert run.accuracy[0, -1, 0] == pytest.approx(share(model, many, names))
    attacked = pgd(model, many, names, 0.1, 5)
    assert run.accuracy[0, -1, 2] == pytest.approx(share(model, attacked, names), abs=0.011)
    np.testing.assert_allclose(run.pictures[0, -1, 2], 250 * attacked[:10, 0], atol=0.6)


def test_the_ten_shown_are_of_each_class_and_within_epsilon() -> None:
    x, y = measured()
    assert y[:10].tolist() == list(range(10))
    assert len(np.unique(x.flatten(1).numpy(), axis=0)) == len(x) == 150
    run = defend(DefendConfig())
    change = np.abs(run.pictures.astype(float) - 250 * x[:10, 0].numpy())
    for k, epsilon in enumerate(EPSILONS):
        assert change[:, :, k].max() <= 250 * epsilon + 1


@pytest.mark.parametrize("steps", [5, 0])
def test_the_shipped_trainings_are_what_training_gives(steps: int) -> None:
    config = asked_of(DefendConfig(attack_steps=steps))
    shipped = shipped_duel(config, EPSILONS)
    assert shipped is not None
    *_, made = duel_steps(replace(config, epochs=20))
    # On another processor sums may round otherwise, and training forgets nothing.
    assert np.abs(shipped.accuracy - made.accuracy).mean() < 0.02
    assert (shipped.epochs == made.epochs).all()
    assert shipped_duel(replace(config, seed=1), EPSILONS) is None
    assert FILE.stat().st_size < 500_000


# The price.


@pytest.mark.parametrize(("kind", "h"), [("linear", 3), ("mlp", 0)])
def test_the_shipped_prices_are_what_the_command_makes(kind: str, h: int) -> None:
    accuracy, pictures, _ = make_price(kind, HARDENINGS[h])
    np.testing.assert_allclose(price(kind).accuracy[h], accuracy, atol=0.03)
    assert pictures.shape == price(kind).pictures[h].shape


@pytest.mark.parametrize("kind", ["linear", "mlp", "cnn"])
@pytest.mark.parametrize("h", [0, 3])
def test_two_of_the_seven_networks_are_the_shipped_victims(kind: str, h: int) -> None:
    model, (x, y) = victim(kind, hardened=h == 3), measured()
    for k in (0, 2, 4):
        right = share(model, pgd(model, x, y, EPSILONS[k], 10), y)
        assert price(kind).accuracy[h, k] == pytest.approx(right, abs=0.03)


# Hidden slopes.


def test_a_sharpened_network_answers_as_before_and_has_no_slope() -> None:
    config = asked_of(DefendConfig(picture="masking"))
    *_, run = masking_steps(config)
    model, (x, y) = victim("mlp"), measured()
    at = EPSILONS.index(0.15)
    right = dict(zip(ATTACKS, run.accuracy, strict=True))
    for row in run.accuracy:
        assert row[0] == pytest.approx(share(model, x, y))
    sharp = masked(config)
    assert torch.equal(sharp(x).argmax(1), model(x).argmax(1))
    fgsm = pgd(lambda z: 100 * model(z), x, y, 0.15, 1)
    assert right["fgsm"][at] == pytest.approx(share(model, fgsm, y), abs=0.011)
    assert right["break"][at] == pytest.approx(
        share(model, pgd(model, x, y, 0.15, 10, lead=True), y), abs=0.011
    )
    assert right["twin"][at] == pytest.approx(
        share(model, pgd(model, x, y, 0.15, 10), y), abs=0.011
    )
    leaf = x.clone().requires_grad_(True)
    (slope,) = torch.autograd.grad(cross_entropy(100 * model(leaf), y, reduction="sum"), leaf)
    flat = float((slope.flatten(1) == 0).all(1).float().mean())
    assert run.flat[1] == pytest.approx(flat, abs=0.011)
    assert run.flat[0] == 0


def test_a_quantized_network_rounds_and_its_breaker_looks_through() -> None:
    x, _ = measured()
    model = victim("mlp")
    grays = Quantized(model, 4)
    rounded = torch.tensor(np.rint(3 * x.numpy()) / 3)
    torch.testing.assert_close(grays(x), model(rounded))
    leaf = x.clone().requires_grad_(True)
    assert not torch.autograd.grad(grays(leaf).sum(), leaf)[0].any()
    through = Quantized(model, 4, through=True)
    (slope,) = torch.autograd.grad(through(leaf)[:, 0].sum(), leaf)
    base = rounded.requires_grad_(True)
    torch.testing.assert_close(slope, torch.autograd.grad(model(base)[:, 0].sum(), base)[0])
    *_, run = masking_steps(asked_of(DefendConfig(picture="masking", mask="quantized")))
    assert run.flat == (0, 1)
    right = dict(zip(ATTACKS, run.accuracy[:, 3], strict=True))
    assert right["pgd"] == run.accuracy[0, 0]  # where there is no slope it stands still
    assert right["break"] < 0.5 > right["twin"]


def test_what_is_masked_stays_within_epsilon_of_the_digit() -> None:
    *_, run = masking_steps(asked_of(DefendConfig(picture="masking", digit=5)))
    x = 250 * unseen_digits()[0][5, 0].numpy()
    for k, epsilon in enumerate(EPSILONS):
        assert np.abs(run.pictures[:, k] - x).max() <= 250 * epsilon + 1


# Smoothing.


def test_votes_bounds_and_radii_are_those_of_scipy() -> None:
    config = asked_of(DefendConfig(picture="smoothing", digit=6, samples=500))
    run = smoothing(config, (0.1, 0.3))
    model = victim("mlp")
    x = unseen_digits()[0][6:7]
    for k, sigma in enumerate((0.1, 0.3)):
        generator = torch.Generator().manual_seed(0)
        votes = []
        for copies in (50, 450):
            noise = torch.randn((copies, 1, 8, 8), generator=generator)
            votes.append(torch.bincount(model(x + sigma * noise).argmax(1), minlength=10))
        picked = int(votes[0].argmax())
        np.testing.assert_array_equal(run.votes[k], (votes[0] + votes[1]).numpy())
        test = binomtest(int(votes[1][picked]), 450, alternative="greater")
        low = test.proportion_ci(0.999, "exact").low
        assert run.bounds[k] == pytest.approx(low, abs=1e-9)
        assert run.radii[k] == pytest.approx(sigma * norm.ppf(low), abs=1e-9)
        assert run.answers[k] == picked


def test_no_attack_within_its_radius_turns_a_certified_vote() -> None:
    config = asked_of(DefendConfig(picture="smoothing", digit=6, hardened=True))
    run = smoothing(config, (0.25,))
    model, x = victim("mlp", hardened=True), unseen_digits()[0][6:7]
    leaf = x.clone().requires_grad_(True)
    noise = 0.25 * torch.randn((400, 1, 8, 8), generator=torch.Generator().manual_seed(1))
    loss = cross_entropy(model(leaf + noise), torch.full((400,), run.label))
    (slope,) = torch.autograd.grad(loss, leaf)
    for far in (0.5, 0.95):  # along the vote's own slope, as far as is proved
        moved = x + far * float(run.radii[0]) * slope / slope.norm()
        votes = torch.bincount(model(moved + noise).argmax(1), minlength=10)
        assert int(votes.argmax()) == run.label


@pytest.mark.parametrize(("kind", "hardened"), [("linear", False), ("mlp", True)])
def test_the_shipped_certificates_are_what_the_command_makes(kind: str, hardened: bool) -> None:
    at = SIGMAS.index(0.25)
    made = make_certificates(kind, hardened, 0.25)
    np.testing.assert_allclose(certificates(kind, hardened)[at], made, atol=0.02)
    run = smoothing(asked_of(DefendConfig(picture="smoothing", kind=kind, hardened=hardened)))
    for i in (0, 10, 30):
        assert run.certified[at, i] == pytest.approx((made >= RADII[i]).mean(), abs=0.02)


def test_of_a_linear_pair_the_certificate_stays_below_the_distance() -> None:
    # Two classes with f = w·x: the vote is right with Φ(d/σ), so no radius may pass d.
    radii = certificates("linear", False)
    x, y = measured()
    model = victim("linear")
    logits, w = model(x), model[1].weight
    own = logits.gather(1, y[:, None])
    gaps = (own - logits) / (w[y][:, None] - w[None]).norm(dim=2).clamp(min=1e-9)
    nearest = gaps.scatter(1, y[:, None], torch.inf).min(1).values.numpy()
    sure = radii > 0
    assert (radii[sure] <= np.broadcast_to(nearest, radii.shape)[sure] + 0.02).all()


# All of it.

CONFIGS = st.builds(
    DefendConfig,
    picture=st.sampled_from(["price", "masking", "smoothing"]),
    kind=st.sampled_from(["linear", "mlp"]), hardening=st.floats(0, 0.4),
    epsilon=st.floats(0, 0.4), mask=st.sampled_from(["sharp", "quantized"]),
    sharpness=st.floats(1, 1000), levels=st.integers(2, 16), hardened=st.booleans(),
    digit=st.integers(0, 496), sigma=st.floats(0.05, 0.6), samples=st.integers(100, 300),
    seed=st.integers(0, 99),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(CONFIGS)
def test_any_config_gives_finite_facts_and_a_sentence(config: DefendConfig) -> None:
    run = defend(config)
    found = facts(config, run)
    assert all(np.isfinite(v) for v in found.values() if isinstance(v, float))
    assert outcome_sentence(found).endswith(".")
    assert knob_of(config) in vars(config)


@pytest.fixture
def printed(monkeypatch, capsys):
    """Return a function that runs a program in the app's folder and returns what it prints."""
    monkeypatch.chdir(ROOT)

    def run(config: DefendConfig) -> str:
        exec(compile(script(config), "script", "exec"), {})
        return capsys.readouterr().out

    return run


def numbers(text: str) -> list[float]:
    found = []
    for word in text.replace(":", " ").split():
        try:
            found.append(float(word))
        except ValueError:
            continue
    return found


@pytest.mark.parametrize("mask", ["sharp", "quantized"])
def test_the_program_of_a_mask_prints_its_accuracies(mask: str, printed) -> None:
    config = DefendConfig(picture="masking", mask=mask)
    found = facts(config, defend(config))
    clean, safe, twin, broken = numbers(printed(config))
    # It takes the first 150 digits; the lab puts one of each class in front.
    assert safe == pytest.approx(clean, abs=1)
    assert twin == pytest.approx(found["twin_right"], abs=5)
    assert broken == pytest.approx(found["break_right"], abs=5)


def test_the_program_of_smoothing_prints_the_very_radius(printed) -> None:
    config = DefendConfig(picture="smoothing", hardened=True, digit=3)
    found = facts(config, defend(config))
    answer, bound, radius = numbers(printed(config))
    assert answer == found["answer"]
    assert bound == pytest.approx(found["bound"], abs=1e-4)
    assert radius == pytest.approx(found["radius"], abs=1e-3)


def test_the_program_of_training_prints_what_training_gives(printed) -> None:
    config = DefendConfig(epochs=6)
    found = facts(config, defend(config))
    _, clean, plain, _, hard_clean, hard = numbers(printed(config))
    for ours, theirs in (("plain_clean", clean), ("plain", plain), ("hard_clean", hard_clean),
                         ("hard", hard)):  # fmt: skip
        assert found[ours] == pytest.approx(theirs, abs=12)  # other seeds, other test digits
    assert hard > plain + 10
    assert "hardening * signs" in script(replace(config, attack_steps=0))
    compile(script(replace(config, attack_steps=0)), "script", "exec")


def test_scenes_show_the_runs() -> None:
    run = defend(DefendConfig())
    scene = duel_scene(run, 0.15)
    assert len(scene.pack()) < 1_500_000
    assert (
        f"{round(100 * float(run.accuracy[1, -1, 3]), 1):g} % on attacked digits"
        in scene.caption(-1)
    )
    priced = price_scene(price("mlp"), 0.15)
    assert len(priced.captions) == 7
    *_, hidden = masking_steps(asked_of(DefendConfig(picture="masking")))
    votes = smoothing(asked_of(DefendConfig(picture="smoothing")))
    for each in (scene, priced, masking_scene(hidden, 0.15), smoothing_scene(votes, 0.25)):
        assert each.to_png()
        assert len(each.pack()) < 1_500_000
    names = [layer.names for layer in scene.panels[0].layers if getattr(layer, "names", ())]
    assert len(names) == 20
    answers = [layer for layer in scene.panels[0].layers if getattr(layer, "names", ())]
    said = answers[3].values[3, -1].item()  # the 3, by the plain network, within 0.15
    assert said % 10 == run.answers[0, -1, 3, 3]
    assert (said >= 10) == (run.answers[0, -1, 3, 3] != 3)


def test_a_scene_can_be_drawn_while_attacks_go_on() -> None:
    config = asked_of(DefendConfig(picture="masking"))
    first = next(masking_steps(config))
    assert masking_scene(first, 0.15).pack()
    assert duel_scene(next(duel_steps(SMALL)), 0.15).pack()


def test_settings_that_do_not_count_share_a_run() -> None:
    one, other = DefendConfig(epsilon=0.1, sigma=0.3), DefendConfig(digit=9)
    assert asked_of(one) == asked_of(other)
    assert values_of(DefendConfig(epsilon=0.12)) != EPSILONS
    assert 0.12 in values_of(DefendConfig(epsilon=0.12))


def test_bad_arguments_are_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"expected 0 <= hardening <= 0.4, got 1"):
        DefendConfig(hardening=1)
    with pytest.raises(ValueError, match="expected 2 <= levels <= 16, got 1"):
        DefendConfig(levels=1)
    with pytest.raises(ValueError, match="expected picture in training, price"):
        DefendConfig(picture="hope")
