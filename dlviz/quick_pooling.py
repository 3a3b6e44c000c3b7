"""Max pooling in the order of memory in which torch is fast at it.

torch's pooling of images that lie channel after channel takes as long as convolutions do;
of images that lie pixel after pixel it takes a quarter, the way there and back included. What comes
out is the same to the last bit, for both pick the first of the largest, and nothing is rounded.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.overrides import TorchFunctionMode

POOLINGS = (torch.max_pool2d, torch.nn.functional.max_pool2d)
Window = tuple[Any, ...]  # kernel_size, stride, padding, dilation, ceil_mode, as torch takes them


class _Pool(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, *window: Any) -> Tensor:
        by_pixel = x.contiguous(memory_format=torch.channels_last)
        largest, where = torch.ops.aten.max_pool2d_with_indices(by_pixel, *window)
        ctx.window = window
        ctx.save_for_backward(x, where.contiguous())
        out: Tensor = largest.contiguous()
        return out

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, where = ctx.saved_tensors
        back = torch.ops.aten.max_pool2d_with_indices_backward(
            gradient.contiguous(), x, *ctx.window, where
        )
        return back, *(None for _ in ctx.window)


class QuickPooling(TorchFunctionMode):
    """Within it max pooling is quick, by function or by module; all else is as it is."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        given = dict(kwargs or {})
        if func in POOLINGS and not given.pop("return_indices", False):
            x, window = _told(*args, **given)
            if x.ndim == 4 and x.is_contiguous():
                return _Pool.apply(x, *window)  # type: ignore[no-untyped-call]
        return func(*args, **(kwargs or {}))


def _told(
    input: Tensor,
    kernel_size: Any,
    stride: Any = (),
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Window]:
    """Return what is pooled, and its window with every number in a pair."""
    kernel, stride = _pair(kernel_size), stride or kernel_size
    return input, (kernel, _pair(stride), _pair(padding), _pair(dilation), ceil_mode)


def _pair(number: Any) -> list[int]:
    return [number, number] if isinstance(number, int) else list(number)
