"""Training with torch: from seeded generators alone, and of the network that numpy computes."""

from itertools import islice

import numpy as np
import pytest
import torch

from dlviz.cnn import build, forward
from dlviz.cnn_training import Batches, fit, flat, initial, measure, run, tensors

TEXT = "conv 4 3; norm; pool 2; dropout 0.3; dense 12"
RNG = np.random.default_rng(0)
X = RNG.random((40, 1, 8, 8)).astype(np.float32)
Y = RNG.integers(0, 3, 40)
NET = build(TEXT, (1, 8, 8), 3)


def numbers(updates: int, seed: int = 0, lr: float = 0.01) -> np.ndarray:
    return next(islice(fit(NET, Batches(X, Y, 10, lr, seed)), updates, None))


def test_torch_computes_what_numpy_computes():
    trained = numbers(9)
    with torch.no_grad():
        found = run(NET, tensors(NET, trained), torch.from_numpy(X))
    for ours, torchs in zip(forward(NET, trained, X), found, strict=True):
        np.testing.assert_allclose(ours, torchs.numpy(), atol=2e-5)


def test_the_same_seed_is_the_same_run_whatever_else_draws():
    first = numbers(7)
    before = torch.get_rng_state()
    torch.rand(3)
    assert (numbers(7) == first).all()
    assert (numbers(7, seed=1) != first).any()
    torch.set_rng_state(before)
    numbers(2)
    assert (torch.get_rng_state() == before).all()


def test_weights_begin_as_he_says():
    net = build("conv 64 5; dense 512", (1, 8, 8), 10)
    weights = [arrays[0] for arrays in initial(net, torch.Generator().manual_seed(0)) if arrays]
    for tensor in weights:
        fan_in = tensor[0].numel()
        assert abs(float(tensor.mean())) < 4 * (2 / fan_in / tensor.numel()) ** 0.5
        assert float(tensor.var()) == pytest.approx(2 / fan_in, rel=0.15)


def test_an_update_is_adams_first_step():
    # Adam's first step is lr * g / (|g| + 1e-8) for each parameter: its size is lr.
    start, after = numbers(0, lr=0.01), numbers(1, lr=0.01)
    arrays = zip(NET.blocks, NET.arrays(start), NET.arrays(after), strict=True)
    moved = np.concatenate([np.abs(b - a).ravel() for block, old, new in arrays
                            if block.kind in ("conv", "dense", "output")
                            for a, b in zip(old, new, strict=True)])  # fmt: skip
    assert moved.max() <= 0.01 * 1.001
    assert (np.isclose(moved, 0.01, rtol=1e-2) | (moved < 1e-4)).mean() > 0.95


def test_norm_keeps_means_and_variances_of_what_it_saw():
    before, after = NET.arrays(numbers(0))[1], NET.arrays(numbers(1))[1]
    assert (before[2] == 0).all()
    assert (before[3] == 1).all()
    assert (after[2] != 0).all()
    assert (after[3] != 1).all()


def test_dropout_drops_its_share_in_training_alone():
    net = build("dropout 0.25", (1, 8, 8), 2)
    state = tensors(net, np.zeros(net.numbers))
    x = torch.ones(50, 1, 8, 8)
    dropped = run(net, state, x, torch.Generator().manual_seed(0))[0]
    assert dropped.unique().tolist() == pytest.approx([0, 1 / 0.75])
    assert float((dropped == 0).double().mean()) == pytest.approx(0.25, abs=0.03)
    assert (run(net, state, x)[0] == x).all()


def test_it_learns_what_it_is_shown():
    loss, _ = measure(NET, numbers(0), X, Y)
    later, right = measure(NET, numbers(200), X, Y)
    assert later < 0.5 * loss
    assert right > 0.8


def test_a_state_is_its_flat_array():
    trained = numbers(3)
    assert (flat(tensors(NET, trained)) == trained).all()


def test_threads_are_as_before():
    before = torch.get_num_threads()
    numbers(2)
    assert torch.get_num_threads() == before
