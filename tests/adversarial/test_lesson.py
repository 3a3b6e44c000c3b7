"""What the lesson claims, computed without the lab: plain torch on the shipped networks."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from dlviz.adversarial.compute import AdversarialConfig, facts
from dlviz.adversarial.lesson import LESSON
from dlviz.victims import universal_pattern, unseen_digits, victim

X, Y = (each[1:2] for each in unseen_digits())


def read(kind: str, x: torch.Tensor, hardened: bool = False) -> int:
    return int(victim(kind, hardened)(x.clamp(0, 1)).argmax())


def signs(kind: str, hardened: bool = False) -> torch.Tensor:
    leaf = X.clone().requires_grad_(True)
    loss = cross_entropy(victim(kind, hardened)(leaf), Y)
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


def coins(seed: int = 0) -> torch.Tensor:
    return torch.randint(2, (1, 8, 8), generator=torch.Generator().manual_seed(seed)) * 2.0 - 1


CLAIMS = {
    "chosen": lambda: (read("cnn", X + 0.15 * signs("cnn")), 3),
    "random": lambda: (read("cnn", X + 0.3 * coins()), 7),
    "linear": lambda: (read("linear", X + 0.15 * signs("linear")), 8),
    "too-short": lambda: (read("cnn", pgd(0.3, 0.008)), 7),
    "aimed": lambda: (read("cnn", pgd(0.3, 0.075, 2)), 2),
    "universal": lambda: (read("cnn", X + 0.25 * universal_pattern("cnn")), 3),
    "hardened": lambda: (read("cnn", X + 0.15 * signs("cnn", True), True), 7),
    "noise": lambda: (read("cnn", X + 0.15 * coins()), 7),
    "one-step": lambda: (read("cnn", X + 0.15 * signs("cnn")), 3),
    "twin": lambda: (read("cnn", X + 0.15 * signs("cnn", True), True), 7),
}


@pytest.mark.parametrize("item", [*LESSON.scenes, *LESSON.predictions], ids=lambda i: i.slug)
def test_what_is_read_is_what_plain_torch_reads(item) -> None:
    answer, expected = CLAIMS[item.slug]()
    found = facts(AdversarialConfig(**item.settings))
    assert answer == expected == found["answer"]
    assert found["label"] == int(Y) == 7
    assert found["fooled"] == ("yes" if expected != 7 else "no")


def test_steps_too_short_move_no_pixel_by_more_than_their_sum() -> None:
    assert (pgd(0.3, 0.008) - X).abs().max() <= 0.08 + 1e-6
    assert read("cnn", pgd(0.3, 0.075)) != 7  # it is the steps, not the network
    scene = LESSON.scene("too-short")
    assert facts(AdversarialConfig(**scene.settings))["reach"] == pytest.approx(0.08)


def test_the_easiest_mistake_is_not_the_one_aimed_at() -> None:
    assert read("cnn", pgd(0.3, 0.075)) == 3


@pytest.mark.parametrize("challenge", LESSON.challenges, ids=lambda c: c.slug)
def test_a_solution_meets_its_goal_and_the_default_does_not(challenge) -> None:
    assert challenge.is_met(facts(AdversarialConfig(**challenge.solution)))
    assert not challenge.is_met(facts(AdversarialConfig()))
