"""What the lesson claims, computed without the lab: plain torch, numpy and scipy."""

import pytest
import torch
from scipy.stats import binomtest, norm
from torch.nn.functional import cross_entropy

from dlviz.defend.attacked import measured
from dlviz.defend.compute import DefendConfig, defend, facts
from dlviz.defend.lesson import LESSON
from dlviz.torch_threads import one_thread
from dlviz.victim_training import RECIPES, TrainingConfig, train
from dlviz.victims import unseen_digits, victim
from tests.defend.test_compute import pgd, share

X, Y = unseen_digits()


@pytest.fixture(autouse=True)
def _alone():
    with one_thread():
        yield


def trained(epsilon, epochs, steps=5):
    recipe = TrainingConfig("mlp", epochs=epochs, lr=RECIPES["mlp"].lr, epsilon=epsilon,
                            attack_steps=steps)  # fmt: skip
    return train(recipe).model


@pytest.fixture(scope="module")
def twins():
    with one_thread():
        return trained(0.0, 20), trained(0.15, 20)


def under(model, epsilon):
    return 100 * share(model, pgd(model, X, Y, epsilon, 5), Y)


def vote(model, sigma, digit=1, copies=1000):
    generator = torch.Generator().manual_seed(0)
    counts = [torch.bincount(model(X[digit] + sigma * torch.randn((n, 1, 8, 8),
              generator=generator)).argmax(1), minlength=10)
              for n in (copies // 10, copies - copies // 10)]  # fmt: skip
    picked = int(counts[0].argmax())
    low = binomtest(int(counts[1][picked]), copies - copies // 10, alternative="greater")
    bound = low.proportion_ci(0.999, "exact").low
    return int((counts[0] + counts[1])[picked]), max(0.0, sigma * norm.ppf(bound))


def test_the_twins_stand_or_fall_as_twins_do(twins) -> None:
    plain, hard = twins
    found = facts(DefendConfig(), defend(DefendConfig()))
    assert under(hard, 0.15) > under(plain, 0.15) + 30  # "twins"
    assert found["plain"] == pytest.approx(under(plain, 0.15), abs=8)
    assert found["hard"] == pytest.approx(under(hard, 0.15), abs=8)
    assert under(hard, 0.3) < 30 < under(hard, 0.15)  # "beyond"
    clean = [100 * share(model, X, Y) for model in twins]
    assert all(percent > 85 for percent in clean)
    assert clean[0] - clean[1] < 10  # "cost"
    assert found["costly"] == "no"


def test_noise_of_the_same_size_prepares_for_little(twins) -> None:  # "noise"
    plain, hard = (under(model, 0.15) for model in twins)
    noisy = under(trained(0.15, 20, steps=0), 0.15)
    assert plain < noisy < plain + 20 < hard
    config = DefendConfig(attack_steps=0)
    found = facts(config, defend(config))
    assert found["hard"] == pytest.approx(noisy, abs=10)
    assert found["trained"] == "on noisy digits"


def test_a_training_of_ones_own_holds_within_a_fifth() -> None:
    settings = LESSON.scene("live").settings
    plain, hard = trained(0.0, 16), trained(0.25, 16)
    assert under(hard, 0.2) > under(plain, 0.2) + 20
    found = facts(DefendConfig(**settings), defend(DefendConfig(**settings)))
    assert found["hard"] > found["plain"] + 20


def test_what_is_won_is_paid_for() -> None:  # "price"
    asked = [DefendConfig(picture="price", hardening=h) for h in (0.0, 0.05, 0.15, 0.2, 0.3)]
    found = [facts(config, defend(config)) for config in asked]
    clean = [each["price_clean"] for each in found]
    robust = [each["price_robust"] for each in found]
    assert clean[1] >= clean[0] > clean[4]
    assert robust[0] < robust[2]
    assert clean[3] - clean[4] > 5 > robust[4] - robust[3]  # from 0.2 to 0.3
    x, y = measured()
    twin = victim("mlp", hardened=True)
    assert clean[2] == pytest.approx(100 * share(twin, x, y), abs=3)


def test_a_mask_hides_the_slope_and_nothing_else() -> None:  # "masked", "safe"
    model, (x, y) = victim("mlp"), measured()
    assert share(model, pgd(model, x, y, 0.15, 1), y) < 0.5  # it fooled most before
    sharp = share(model, pgd(lambda z: 100 * model(z), x, y, 0.15, 1), y)
    lead = share(model, pgd(model, x, y, 0.15, 10, lead=True), y)
    assert sharp > 0.95 and lead < 0.1
    found = facts(DefendConfig(picture="masking"), defend(DefendConfig(picture="masking")))
    assert found["fgsm_right"] == pytest.approx(100 * sharp, abs=1)
    assert found["break_right"] == pytest.approx(100 * lead, abs=1)
    assert found["fgsm_fools"] == "no"


def test_rounded_grays_have_no_slope_and_are_broken() -> None:  # "rounded"
    model, (x, y) = victim("mlp"), measured()
    grays = lambda z: model(torch.round(3 * z) / 3)  # noqa: E731
    leaf = x.clone().requires_grad_(True)
    loss = cross_entropy(grays(leaf), y)
    assert not torch.autograd.grad(loss, leaf)[0].any()
    twin = pgd(model, x, y, 0.15, 10)
    assert share(grays, x, y) > 0.95 and share(grays, twin, y) < 0.5


def test_a_vote_is_proved_as_far_as_its_copies_say() -> None:  # "vote", "proof"
    model = victim("mlp")
    votes, radius = vote(model, 0.25)
    assert votes == 870
    found = facts(DefendConfig(picture="smoothing"), defend(DefendConfig(picture="smoothing")))
    assert (found["votes"], found["radius"]) == (870, pytest.approx(radius, abs=1e-3))
    assert radius < 1 and found["beyond"] == "no"
    # If all 900 agreed, p >= 0.001^(1/900).
    assert found["most"] == pytest.approx(0.25 * norm.ppf(0.001 ** (1 / 900)), abs=1e-3)
    small, large = vote(model, 0.05)[1], vote(model, 0.6)[1]
    assert radius > max(small, large)


def test_a_hardened_network_reads_through_noise() -> None:  # "both"
    plain, hard = (vote(victim("mlp", hardened), 0.4) for hardened in (False, True))
    assert hard[0] > plain[0] + 100 and hard[1] > plain[1]
    generator = torch.Generator().manual_seed(3)
    noisy = X + 0.4 * torch.randn(X.shape, generator=generator)
    plain_right, hard_right = (share(victim("mlp", h), noisy, Y) for h in (False, True))
    assert plain_right < hard_right - 0.05
    config = DefendConfig(picture="smoothing", hardened=True, sigma=0.4)
    assert facts(config, defend(config))["radius"] == pytest.approx(hard[1], abs=1e-3)


def test_the_answers_to_the_questions() -> None:
    answers = {}
    for question in LESSON.predictions:
        config = DefendConfig(**question.settings)
        answers[question.slug] = question.answer(facts(config, defend(config)))
    assert answers == {"cost": 1, "safe": 1, "proof": 1}


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda c: c.slug)
def test_a_solution_meets_its_goal_and_the_default_does_not(challenge) -> None:
    config = DefendConfig(**challenge.solution)
    assert challenge.is_met(facts(config, defend(config)))
    assert not challenge.is_met(facts(DefendConfig(), defend(DefendConfig())))
