"""Training a convolutional network with torch, step by step, from seeded generators alone.

One thread computes: on networks this small two are slower, and sums come in one order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from dlviz.cnn import EPSILON, Cnn
from dlviz.torch_threads import one_thread

MOMENTUM = 0.1  # of the running mean and variance of batch norm, as in torch
State = list[tuple[Tensor, ...]]


@dataclass(frozen=True, eq=False)
class Batches:
    """What training needs beside the network."""

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    batch_size: int
    lr: float
    seed: int


def initial(net: Cnn, generator: torch.Generator) -> State:
    """Draw weights as He et al. 2015, eq. 10: N(0, 2 / fan_in); biases are 0."""
    state: State = []
    for block in net.blocks:
        if block.kind == "norm":
            n = block.shape[0]
            state.append((torch.ones(n), torch.zeros(n), torch.zeros(n), torch.ones(n)))
        elif block.sizes:
            weights, biases = block.sizes
            fan_in = int(np.prod(weights[1:]))
            drawn = torch.randn(weights, generator=generator) * (2 / fan_in) ** 0.5
            state.append((drawn, torch.zeros(biases)))
        else:
            state.append(())
    return state


def tensors(net: Cnn, numbers: NDArray[np.generic]) -> State:
    """Return the flat array of a network's numbers as tensors, block by block."""
    return [tuple(torch.tensor(a, dtype=torch.float32) for a in arrays)
            for arrays in net.arrays(numbers)]  # fmt: skip


def run(net: Cnn, state: State, x: Tensor, dropping: torch.Generator | None = None) -> list[Tensor]:
    """Return what comes out of each block before its ReLU, as ``dlviz.cnn.forward`` does.

    With ``dropping`` the network is in training: dropout drops, batch norm uses the batch.
    """
    found = []
    for block, arrays in zip(net.blocks, state, strict=True):
        sums = x
        if block.kind == "conv":
            sums = functional.conv2d(x, arrays[0], arrays[1], padding=block.word.padding)
        elif block.kind in ("dense", "output"):
            sums = functional.linear(x.flatten(1), arrays[0], arrays[1])
        elif block.kind == "norm":
            scale, shift, mean, variance = arrays
            sums = functional.batch_norm(
                x, mean, variance, scale, shift, dropping is not None, MOMENTUM, EPSILON
            )
        elif block.kind == "pool":
            sums = functional.max_pool2d(x, block.word.numbers[0])
        elif block.kind == "mean":
            sums = functional.avg_pool2d(x, block.word.numbers[0])
        elif dropping is not None:
            kept = torch.rand(x.shape, generator=dropping) >= block.word.share
            sums = x * kept / (1 - block.word.share)
        found.append(sums)
        x = functional.relu(sums) if block.relu else sums
    return found


def fit(net: Cnn, data: Batches) -> Iterator[NDArray[np.float32]]:
    """Yield all numbers of a network before the first update and after each, without end.

    Adam (Kingma & Ba 2015) on the mean cross entropy; each epoch takes the pictures in a new
    order, and what does not fill a batch waits for the next epoch.
    """
    generator = torch.Generator().manual_seed(data.seed)
    state = initial(net, generator)
    trained = [t.requires_grad_() for block, arrays in zip(net.blocks, state, strict=True)
               for t in (arrays[:2] if block.kind == "norm" else arrays)]  # fmt: skip
    optimizer = torch.optim.Adam(trained, data.lr)
    x, y = torch.from_numpy(np.array(data.x)), torch.from_numpy(np.array(data.y))
    size = min(data.batch_size, len(x))
    yield flat(state)
    while True:
        order = torch.randperm(len(x), generator=generator)
        for at in range(0, len(x) - size + 1, size):
            with one_thread():
                batch = order[at : at + size]
                loss = functional.cross_entropy(run(net, state, x[batch], generator)[-1], y[batch])
                optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            yield flat(state)


def flat(state: State) -> NDArray[np.float32]:
    """Return all numbers of a network as one array."""
    return np.concatenate([t.detach().numpy().ravel() for arrays in state for t in arrays])


def measure(
    net: Cnn, numbers: NDArray[np.generic], x: NDArray[np.float32], y: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the mean cross entropy and the share of right answers."""
    with torch.no_grad(), one_thread():
        logits = run(net, tensors(net, numbers), torch.from_numpy(np.array(x)))[-1]
        truth = torch.from_numpy(np.array(y))
        right = (logits.argmax(dim=1) == truth).double().mean()
        return float(functional.cross_entropy(logits, truth)), float(right)
