"""Any torch classifier seen from outside: logits of images, and gradients with respect to them."""

from collections.abc import Callable
from itertools import chain

import torch
from torch import Tensor, nn
from torch.func import functional_call

from dlviz.checks import check_range
from dlviz.quick_pooling import QuickPooling
from dlviz.torch_threads import one_thread

CHUNK = 180  # images at once: more fall out of the cache of a processor, and are slower for it

Score = Callable[[Tensor, Tensor], Tensor]  # logits (n, classes) and classes (n,) to numbers (n,)


class FrozenModel:
    """A classifier whose weights stand still.

    The module itself is left as it is: the weights used are seen without a gradient, so that no
    time goes into gradients nobody asks for.

    Parameters
    ----------
    model : from images (n, ...) to logits (n, classes), in evaluation mode

    Raises
    ------
    ValueError
        If a layer is in training mode that behaves otherwise there, dropout or a batch norm: what
        is attacked or explained would then not be the network that is used.
    """

    def __init__(self, model: nn.Module) -> None:
        moody = (nn.modules.dropout._DropoutNd, nn.modules.batchnorm._NormBase)
        if any(isinstance(m, moody) and m.training for m in model.modules()):
            raise ValueError("expected a model in evaluation mode: call model.eval() first")
        self.model = model
        tensors = chain(model.named_parameters(), model.named_buffers())
        self._weights = {name: each.detach() for name, each in tensors}

    def __call__(self, x: Tensor) -> Tensor:
        """Return the logits (n, classes) of images, in one piece and with their graph."""
        with QuickPooling():
            out: Tensor = functional_call(self.model, self._weights, (x,))
        if out.ndim != 2 or len(out) != len(x):
            raise ValueError(f"expected logits of shape ({len(x)}, classes), got {(*out.shape,)}")
        return out

    def logits(self, x: Tensor) -> Tensor:
        """Return the logits (n, classes) of any number of images, without a graph."""
        with torch.no_grad(), one_thread():
            return torch.cat([self(part) for part in torch.split(x, CHUNK)])

    def gradient(self, x: Tensor, y: Tensor, score: Score) -> Tensor:
        """Return the gradient of each image's score with respect to its pixels, (n, ...)."""
        parts = []
        with one_thread():
            for images, classes in zip(torch.split(x, CHUNK), torch.split(y, CHUNK), strict=True):
                leaf = images.detach().requires_grad_(True)
                total = score(self(leaf), classes).sum()
                parts.append(torch.autograd.grad(total, leaf)[0])
        return torch.cat(parts)


def logit_of(logits: Tensor, y: Tensor) -> Tensor:
    """Return the logit of class y of each image, (n,)."""
    return logits.gather(1, y[:, None])[:, 0]


def margin(logits: Tensor, y: Tensor) -> Tensor:
    """Return by how much the largest logit of another class exceeds that of y, (n,).

    It is above 0 where a network is wrong about y.
    """
    others = logits.scatter(1, y[:, None], -torch.inf)
    return others.max(1).values - logit_of(logits, y)


def as_classes(y: Tensor | int, x: Tensor) -> Tensor:
    """Return a class for each image, int64 (n,), checked; a number stands for all."""
    classes = torch.as_tensor(y, dtype=torch.int64).expand(len(x)) if isinstance(y, int) else y
    if classes.shape != (len(x),):
        raise ValueError(f"expected {len(x)} classes, got an array of shape {(*classes.shape,)}")
    return classes.to(torch.int64)


def check_images(x: Tensor) -> None:
    """Raise ValueError unless x is a batch of images of floats in [0, 1]."""
    if x.ndim < 2 or x.numel() == 0 or not x.is_floating_point():
        raise ValueError(f"expected a batch of images of floats, got {x.dtype} {(*x.shape,)}")
    for pixel in (x.min().item(), x.max().item()):
        check_range("pixel", pixel, 0.0, 1.0)
