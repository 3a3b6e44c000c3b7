"""What the lesson claims, computed without the lab: plain torch on the shipped networks."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from dlviz.adversarial.compute import AdversarialConfig, facts
from dlviz.adversarial.lesson import LESSON
from dlviz.victims import universal_pattern, unseen_digits, victim

ALL_X, ALL_Y = unseen_digits()
X, Y = ALL_X[1:2], ALL_Y[1:2]


def read(kind: str, x: torch.Tensor, hardened: bool = False) -> int:
    return int(victim(kind, hardened)(x.clamp(0, 1)).argmax())


def signs(kind: str, hardened: bool = False, x=X, y=Y) -> torch.Tensor:
    leaf = x.clone().requires_grad_(True)
    loss = cross_entropy(victim(kind, hardened)(leaf), y, reduction="sum")
    return torch.autograd.grad(loss, leaf)[0].sign()


def pgd(epsilon: float, step: float, aim: int | None = None) -> torch.Tensor:
    model, here = victim("cnn"), X.clone()
    for _ in range(10):
        leaf = here.detach().requires_grad_(True)
        goal = Y if aim is None else torch.tensor([aim])
        (g,) = torch.autograd.grad(cross_entropy(model(leaf), goal), leaf)
        here = here + (step if aim is None else -step) * g.sign()
        here = (X + (here - X).clamp(-epsilon, epsilon)).clamp(0, 1)
    return here


def coins(seed: int = 0, shape: tuple[int, ...] = (1, 8, 8)) -> torch.Tensor:
    return torch.randint(2, shape, generator=torch.Generator().manual_seed(seed)) * 2.0 - 1


def misread(change: torch.Tensor, count: int = 100, kind: str = "cnn", hardened=False) -> float:
    images = (ALL_X[:count] + change).clamp(0, 1)
    return int((victim(kind, hardened)(images).argmax(1) != ALL_Y[:count]).sum())


def lead_of_the_nearest_rival(epsilon: float) -> bool:
    """Whether chosen signs within ε turn the linear network's answer, box or no box."""
    weights = victim("linear")[1].weight
    logits = victim("linear")(X)[0]
    label = int(logits.argmax())
    rise = epsilon * (weights - weights[label]).abs().sum(1)
    return bool(((logits - logits[label] + rise) > 0).any())


ONE_DIGIT = {
    "chosen": lambda: (read("cnn", X + 0.15 * signs("cnn")), 3),
    "random": lambda: (read("cnn", X + 0.3 * coins()), 7),
    "plane": lambda: (read("cnn", X + 0.2 * signs("cnn")), 3),
    "path": lambda: (read("cnn", pgd(0.15, 0.0375)), 3),
    "too-short": lambda: (read("cnn", pgd(0.3, 0.008)), 7),
    "aimed": lambda: (read("cnn", pgd(0.3, 0.075, 2)), 2),
    "hardened": lambda: (read("cnn", X + 0.15 * signs("cnn", True), True), 7),
    "noise": lambda: (read("cnn", X + 0.15 * coins()), 7),
    "one-step": lambda: (read("cnn", X + 0.15 * signs("cnn")), 3),
    "twin": lambda: (read("cnn", X + 0.15 * signs("cnn", True), True), 7),
}
ITEMS = {item.slug: item for item in (*LESSON.scenes, *LESSON.predictions)}


def found(slug: str):
    return facts(AdversarialConfig(**ITEMS[slug].settings))


@pytest.mark.parametrize("slug", ONE_DIGIT)
def test_what_is_read_is_what_plain_torch_reads(slug: str) -> None:
    answer, expected = ONE_DIGIT[slug]()
    assert answer == expected == found(slug)["answer"]
    assert found(slug)["label"] == int(Y) == 7
    assert found(slug)["fooled"] == ("yes" if expected != 7 else "no")


def test_steps_too_short_move_no_pixel_by_more_than_their_sum() -> None:
    assert (pgd(0.3, 0.008) - X).abs().max() <= 0.08 + 1e-6
    assert read("cnn", pgd(0.3, 0.075)) != 7  # it is the steps, not the network
    assert found("too-short")["reach"] == pytest.approx(0.08)
    assert found("path")["reach"] is None


def test_the_easiest_mistake_is_not_the_one_aimed_at() -> None:
    assert read("cnn", pgd(0.3, 0.075)) == 3


def test_chosen_signs_turn_the_sum_and_coins_do_not() -> None:
    assert lead_of_the_nearest_rival(0.15)
    here = found("linear")
    assert here["fooled"] == "yes" and here["lead"] + here["coins_sum"] < 0


def test_chosen_signs_do_310_times_as_much_on_a_photo() -> None:
    assert np.sqrt(2 * 224 * 224 * 3 / np.pi) == pytest.approx(310, abs=0.5)
    assert found("photo")["gap"] == pytest.approx(np.sqrt(2 * 150528 / np.pi))
    assert found("more-pixels")["gap"] == pytest.approx(22.3, abs=0.05)


def test_half_of_all_digits_are_nearer_to_a_mistake_than_0_55() -> None:
    """An L2 attack by plain torch: a line search along the gradient of each rival's lead."""
    model, x, y = victim("cnn"), ALL_X[:200], ALL_Y[:200]
    leaf = x.clone().requires_grad_(True)
    logits = model(leaf)
    least = torch.full((len(x),), torch.inf)
    for k in range(10):
        lead = logits[:, k] - logits.gather(1, y[:, None])[:, 0]
        (g,) = torch.autograd.grad(lead.sum(), leaf, retain_graph=True)
        way = g / g.flatten(1).norm(dim=1).clamp(min=1e-9)[:, None, None, None]
        for far in torch.linspace(0, 1.2, 25):
            moved = (x + far * way).clamp(0, 1)
            with torch.no_grad():
                wrong = model(moved).argmax(1) != y
            length = (moved - x).flatten(1).norm(dim=1)
            least = torch.where(wrong & (length < least), length, least)
    assert float(least.median()) < 0.65  # with straight lines alone
    assert found("nearest")["usual_distance"] == pytest.approx(0.54, abs=0.01)
    assert found("nearest")["fooled"] == "yes"


@pytest.mark.parametrize("slug", ["universal", "one-for-all"])
def test_one_change_has_more_than_half_misread(slug: str) -> None:
    assert misread(0.2 * universal_pattern("cnn")) == found(slug)["misread"] > 50
    assert misread(0.2 * coins()) == found(slug)["coins_misread"] < 10


def test_most_digits_fool_networks_that_nobody_looked_into() -> None:
    """Scene "travels"; by FGSM, which travels no farther than PGD here."""
    change = 0.2 * signs("cnn", x=ALL_X, y=ALL_Y)
    for kind in ("linear", "mlp"):
        assert misread(change, 497, kind) > 497 / 2
    assert found("travels")["kept_pgd"] < 0.05


def test_random_signs_cost_next_to_nothing_and_fgsm_four_of_ten() -> None:
    """Scene "accuracy"."""
    assert misread(0.1 * coins(0, (497, 1, 8, 8)), 497) < 0.03 * 497
    fgsm = misread(0.1 * signs("cnn", x=ALL_X, y=ALL_Y), 497)
    assert fgsm == pytest.approx(0.4 * 497, abs=10)
    twin = misread(0.1 * signs("cnn", True, ALL_X, ALL_Y), 497, hardened=True)
    assert twin < fgsm / 3
    here = found("accuracy")
    assert here["kept_fgsm"] == pytest.approx(1 - fgsm / 497, abs=0.005)
    assert here["twin_fgsm"] == pytest.approx(1 - twin / 497, abs=0.005)


def test_every_scene_and_question_is_claimed_above() -> None:
    others = {"linear", "more-pixels", "photo", "nearest", "universal", "one-for-all", "travels",
              "accuracy"}  # fmt: skip
    assert set(ITEMS) == set(ONE_DIGIT) | others


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda c: c.slug)
def test_a_solution_meets_its_goal_and_the_default_does_not(challenge) -> None:
    assert challenge.is_met(facts(AdversarialConfig(**challenge.solution)))
    assert not challenge.is_met(facts(AdversarialConfig()))
