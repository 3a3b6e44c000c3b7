"""The shipped networks: how well they read, and how they fall, as in the course's table."""

import numpy as np
import pytest
import torch

from dlviz.attacks import AttackConfig, attack
from dlviz.victim_training import HARDENING, RECIPES, TrainingConfig, train, training_steps
from dlviz.victims import KINDS, WEIGHTS, seen_digits, universal_pattern, unseen_digits, victim

# Share of test digits read right, (FGSM, random signs) within each ε in L∞; course 004-59.
TABLE = {
    "linear": {0: (0.948, 0.948), 0.05: (0.835, 0.948), 0.1: (0.563, 0.934), 0.2: (0.042, 0.899), 0.3: (0.000, 0.797)},  # noqa: E501
    "mlp": {0: (0.974, 0.974), 0.05: (0.845, 0.970), 0.1: (0.447, 0.956), 0.2: (0.022, 0.875), 0.3: (0.002, 0.708)},  # noqa: E501
    "cnn": {0: (0.984, 0.984), 0.05: (0.922, 0.986), 0.1: (0.598, 0.978), 0.2: (0.082, 0.944), 0.3: (0.014, 0.829)},  # noqa: E501
}  # fmt: skip


def accuracy(kind: str, hardened: bool, config: AttackConfig) -> float:
    x, y = unseen_digits()
    return 1 - attack(victim(kind, hardened), x, y, config).success.double().mean().item()


def share_right(model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    return float((model(x.clamp(0, 1)).argmax(1) == y).double().mean())


@pytest.mark.parametrize("kind", KINDS)
def test_accuracies_are_those_of_the_courses_table(kind: str) -> None:
    model, (x, y) = victim(kind), unseen_digits()
    leaf = x.clone().requires_grad_(True)  # written out, so that no attack of ours is asked
    uphill = torch.autograd.grad(torch.nn.functional.cross_entropy(model(leaf), y), leaf)[0].sign()
    for epsilon, (chosen, random) in TABLE[kind].items():
        assert share_right(model, x + epsilon * uphill, y) == pytest.approx(chosen, abs=0.03)
        coins = [np.random.default_rng(seed).choice([-1.0, 1.0], x.shape) for seed in range(5)]
        right = [share_right(model, x + epsilon * torch.tensor(c).float(), y) for c in coins]
        assert np.mean(right) == pytest.approx(random, abs=0.03)


@pytest.mark.parametrize("kind", KINDS)
def test_hardened_twins_stand_where_plain_victims_fall(kind: str) -> None:
    how = AttackConfig("pgd", epsilon=HARDENING)
    plain, hardened = (accuracy(kind, twin, how) for twin in (False, True))
    assert hardened > plain + 0.35
    assert accuracy(kind, True, AttackConfig("fgsm", epsilon=0.0)) > 0.9


def test_no_digit_is_in_both_parts() -> None:
    seen, unseen = seen_digits()[0], unseen_digits()[0]
    assert seen.shape == (1300, 1, 8, 8) and unseen.shape == (497, 1, 8, 8)
    assert seen.min() >= 0 and seen.max() == 1
    together = torch.cat([seen, unseen]).flatten(1)
    from sklearn.datasets import load_digits

    # The same rows as the table itself, each once.
    rows = sorted(map(tuple, (16 * together).round().int().tolist()))
    assert rows == sorted(map(tuple, load_digits().data.astype(int).tolist()))


@pytest.mark.parametrize("kind", ["linear", "mlp"])
def test_the_command_makes_the_shipped_weights(kind: str) -> None:
    trained, shipped = train(RECIPES[kind]).model, victim(kind)
    for key, value in trained.state_dict().items():
        torch.testing.assert_close(value, shipped.state_dict()[key], rtol=1e-3, atol=1e-3)


def test_weights_are_plain_arrays_and_few() -> None:
    assert WEIGHTS.stat().st_size < 300_000
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        assert {stored[name].dtype for name in stored.files} == {np.dtype("float32")}


def test_training_comes_epoch_by_epoch_and_hardens() -> None:
    config = TrainingConfig("mlp", epochs=4, epsilon=0.15, attack_steps=3)
    lengths = []
    for trace in training_steps(config):
        lengths.append((len(trace.losses), len(trace.clean), len(trace.robust)))
    assert lengths == [(e, e + 1, e + 1) for e in range(5)]
    plain = train(TrainingConfig("mlp", epochs=4))
    assert trace.robust[-1] > plain.robust[-1]
    assert trace.losses[-1] < trace.losses[0]
    assert not trace.clean.flags.writeable
    x, y = unseen_digits()
    read = (trace.model(x).argmax(1) == y).double().mean().item()
    assert trace.clean[-1] == pytest.approx(read)


def test_bad_arguments_are_one_sentence() -> None:
    with pytest.raises(ValueError, match="expected kind in linear, mlp, cnn, got 'rnn'"):
        victim("rnn")
    with pytest.raises(ValueError, match="expected 0 <= epsilon <= 1, got 2"):
        TrainingConfig(epsilon=2)


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_pattern_fools_far_more_than_random_signs(kind: str) -> None:
    x, y = unseen_digits()
    pattern = universal_pattern(kind)
    assert pattern.shape == (1, 8, 8) and pattern.abs().max() <= 1 + 1e-6
    model = victim(kind)
    right = (model((x + 0.2 * pattern).clamp(0, 1)).argmax(1) == y).double().mean().item()
    assert right < accuracy(kind, False, AttackConfig("noise_sign", epsilon=0.2)) - 0.25
