"""Quick pooling against torch's own: the same to the last bit, forward and backward."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812, as everybody calls it
from torch import nn

from dlviz.quick_pooling import POOLINGS, QuickPooling

WINDOWS = [
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 2},
    {"kernel_size": (2, 3), "stride": (2, 1), "padding": (1, 1)},
    {"kernel_size": 3, "stride": 1, "padding": 1},
    {"kernel_size": 2, "dilation": 2, "ceil_mode": True},
]


def both(pool, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    leaf = x.clone().requires_grad_(True)
    out = pool(leaf)
    upward = torch.randn(out.shape, generator=torch.Generator().manual_seed(1)).to(out)
    return out.detach(), torch.autograd.grad(out, leaf, upward)[0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_values_and_gradients_are_torchs_also_where_pixels_tie(window, dtype) -> None:
    x = torch.randint(-2, 3, (5, 4, 9, 10), generator=torch.Generator().manual_seed(0)).to(dtype)
    module = nn.MaxPool2d(**window)
    expected = both(module, x)
    with QuickPooling():
        by_module = both(module, x)
        by_function = both(lambda leaf: torch.max_pool2d(leaf, **window), x)
    for found in (by_module, by_function):
        assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


def test_it_is_quick_pooling_that_computes() -> None:
    x = torch.rand(2, 3, 4, 4).requires_grad_(True)
    with QuickPooling():
        assert "_Pool" in F.max_pool2d(x, 2).grad_fn.name()
    assert "_Pool" not in F.max_pool2d(x, 2).grad_fn.name()
    assert nn.functional.max_pool2d in POOLINGS


def test_what_is_no_batch_or_asks_for_places_is_left_to_torch() -> None:
    x = torch.rand(3, 4, 4)
    with QuickPooling():
        assert torch.equal(F.max_pool2d(x, 2), F.max_pool2d(x[None], 2)[0])
        values, places = F.max_pool2d(x[None], 2, return_indices=True)
    assert torch.equal(x.flatten(1).gather(1, places[0].flatten(1)), values[0].flatten(1))
