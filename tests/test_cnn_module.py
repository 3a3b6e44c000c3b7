"""A network as a torch module against numpy's forward pass, and the networks made of it."""

import numpy as np
import pytest
import torch

from dlviz.attacks import AttackConfig, attack
from dlviz.cnn import build, forward
from dlviz.cnn_module import as_module, numbers_of
from dlviz.cnn_victims import CNN_KINDS, cnn_universal, cnn_victim, unseen_images

TEXTS = ("conv 4 3 same; norm; pool 2; dense 6", "dense 5; norm; dropout 0.5", "conv 3 5; mean 2",
         "conv 2 3; pool 3; conv 3 2; dropout 0.2; dense 4")  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_module_computes_what_numpy_does(text: str) -> None:
    net, rng = build(text, (1, 12, 12), 7), np.random.default_rng(0)
    numbers = np.abs(rng.standard_normal(net.numbers)) * rng.choice((1, 0.5), net.numbers)
    pictures = rng.random((6, 1, 12, 12)).astype(np.float32)
    module = as_module(net, numbers)
    expected = forward(net, numbers, pictures)[-1]
    np.testing.assert_allclose(module(torch.tensor(pictures)), expected, rtol=2e-4)
    np.testing.assert_allclose(numbers_of(module), numbers, rtol=1e-6)
    assert not module.training and not any(p.requires_grad for p in module.parameters())


@pytest.mark.parametrize("kind", CNN_KINDS)
def test_a_twin_reads_and_withstands_what_its_other_does_not(kind: str) -> None:
    x, y = (part[:150] for part in unseen_images(kind))
    kept = {}
    for hardened in (False, True):
        model = cnn_victim(kind, hardened)
        clean = (model(x).argmax(1) == y).double().mean().item()
        assert clean > (0.94 if kind == "filters" else 0.8)
        fooled = attack(model, x, y, AttackConfig("pgd", epsilon=0.1, steps=5)).success
        kept[hardened] = 1 - fooled.double().mean().item()
    assert kept[True] > kept[False] + 0.2


@pytest.mark.parametrize("kind", CNN_KINDS)
def test_the_one_change_for_all_fools_more_than_coins(kind: str) -> None:
    x, y = (part[:150] for part in unseen_images(kind))
    model, change = cnn_victim(kind), cnn_universal(kind)
    assert change.shape == x.shape[1:] and change.abs().max() <= 1 + 1e-6
    coins = torch.randint(2, change.shape, generator=torch.Generator().manual_seed(0)) * 2.0 - 1
    wrong = [
        (model((x + 0.2 * each).clamp(0, 1)).argmax(1) != y).double().mean().item()
        for each in (change, coins)
    ]
    assert wrong[0] > wrong[1] + 0.15
