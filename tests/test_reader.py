"""The trained network that reads digits: what its blocks make of them, moment by moment."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from dlviz.digits import digits
from dlviz.filters.compute import FiltersConfig, train
from dlviz.reader import ARCHITECTURE, BLOCKS, EPOCHS, reader, seen_by_reader

X = digits()[0][:40].reshape(-1, 64) / 16


def in_torch(numbers):
    """Return what comes out of each block, by torch alone."""
    sizes = [(8, 1, 3, 3), (8,), (16, 8, 3, 3), (16,), (32, 64), (32,), (10, 32), (10,)]
    ends = np.cumsum([int(np.prod(size)) for size in sizes])
    flat = np.split(numbers.astype(np.float64), ends[:-1])
    w = [torch.tensor(a).reshape(size) for a, size in zip(flat, sizes, strict=True)]
    x = torch.tensor(X).reshape(-1, 1, 8, 8)
    conv1 = F.relu(F.conv2d(x, w[0], w[1], padding=1))
    pool1 = F.max_pool2d(conv1, 2)
    conv2 = F.relu(F.conv2d(pool1, w[2], w[3], padding=1))
    pool2 = F.max_pool2d(conv2, 2)
    dense = F.relu(F.linear(pool2.flatten(1), w[4], w[5]))
    return conv1, pool1, conv2, pool2, dense, F.linear(dense, w[6], w[7])


@pytest.mark.parametrize(("epochs", "frame"), [(0, 0), (20, -1), (30, -1)])
def test_blocks_make_of_digits_what_torch_does(epochs, frame):
    wanted = in_torch(reader()[2][frame])
    for block, outputs in zip(BLOCKS, wanted, strict=True):
        found = seen_by_reader(X, block, epochs)
        np.testing.assert_allclose(found, outputs.flatten(1).numpy(), atol=1e-9)


def test_the_reader_is_the_network_that_the_filters_lab_opens_with():
    run = train(FiltersConfig())
    _, moments, numbers = reader()
    assert (run.config.architecture, run.config.epochs) == (ARCHITECTURE, EPOCHS)
    np.testing.assert_array_equal(numbers, run.numbers)
    np.testing.assert_allclose(moments, run.epochs)
