"""Networks of affine maps and maxima, apart: what ReLU and max pooling do is choose.

A ReLU is the larger of a sum and 0, a max pooling the largest of a window; one right after the
other is one choice, of the largest of a window and 0. Between choices all is affine, whether it is
written as dense layers, convolutions, averages or batch norms in evaluation mode.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

import torch
import torch.nn.functional as F  # noqa: N812, as everybody calls it
from torch import Tensor, nn

ROUNDOFF = 2.0**-53  # of float64
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
_SILENT = (nn.Identity, nn.modules.dropout._DropoutNd)  # do nothing in evaluation mode


@dataclass(frozen=True)
class Choice:
    """Maxima over windows of a side, ``step`` apart, and over 0 where there is a ``floor``."""

    side: int = 1
    step: int = 1
    floor: bool = False

    @property
    def size(self) -> int:
        """How many candidates each maximum has, 0 among them."""
        return self.side**2 + self.floor

    def windows(self, x: Tensor) -> Tensor:
        """Return the candidates of all maxima but 0, (n, ...) to (n, maxima, side²)."""
        if self.side == 1 and self.step == 1:
            return x.flatten(1)[..., None]
        parts = x.unfold(2, self.side, self.step).unfold(3, self.side, self.step)
        return parts.flatten(-2).flatten(1, -2)


class Stage:
    """An affine map in float64, and what is chosen of its outputs; the last chooses nothing.

    Parameters
    ----------
    layers : the affine ones, in turn
    choice : None of the last
    shape : of an input
    """

    def __init__(
        self, layers: Iterable[nn.Module], choice: Choice | None, shape: tuple[int, ...]
    ) -> None:
        self.layers = [_Affine(layer) for layer in layers]
        self.choice, self.shape_in = choice, shape
        zero = torch.zeros(1, *shape, dtype=torch.float64)
        bias, sizes = zero, zero
        for layer in self.layers:
            bias, sizes = layer(bias) + layer.bias, layer.spread(sizes) + layer.bias.abs()
        self.bias, self.bias_size = bias[0], sizes[0]
        self.rounding = ROUNDOFF * sum(layer.terms + 3 for layer in self.layers)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of what comes out; of maxima, as the next stage takes it."""
        shape = tuple(self.bias.shape)
        if self.choice is None or len(shape) == 1:
            return shape
        side, step = self.choice.side, self.choice.step
        return shape[0], *((n - side) // step + 1 for n in shape[1:])

    def __call__(self, x: Tensor) -> Tensor:
        """Return the linear part of inputs (n, ...)."""
        x = x.reshape(len(x), *self.shape_in)
        for layer in self.layers:
            x = layer(x)
        return x

    def spread(self, radii: Tensor) -> Tensor:
        """Return how far outputs can be off if inputs can be off by ``radii``, (n, ...)."""
        radii = radii.reshape(len(radii), *self.shape_in)
        for layer in self.layers:
            radii = layer.spread(radii)
        return radii


class _Affine:
    """One affine layer: its linear part, the same with all weights made positive, its bias."""

    def __init__(self, layer: nn.Module) -> None:
        self.layer = layer
        self.weight, self.bias = _numbers(layer)
        self.sizes = self.weight.abs()
        self.terms = self._terms()

    def _terms(self) -> int:
        """Return how many numbers a sum has."""
        if isinstance(self.layer, nn.AvgPool2d):
            return _side(self.layer) ** 2
        return prod(self.weight.shape[1:]) if self.weight.ndim > 1 else 1

    def __call__(self, x: Tensor) -> Tensor:
        return self._apply(x, self.weight)

    def spread(self, radii: Tensor) -> Tensor:
        return self._apply(radii, self.sizes)

    def _apply(self, x: Tensor, weight: Tensor) -> Tensor:
        layer = self.layer
        if isinstance(layer, nn.Conv2d):
            how = {name: getattr(layer, name) for name in ("stride", "padding", "dilation")}
            return F.conv2d(x, weight, None, groups=layer.groups, **how)
        if isinstance(layer, nn.Linear):
            return F.linear(x, weight)
        if isinstance(layer, _NORMS):
            return x * weight.reshape(-1, *[1] * (x.ndim - 2))
        out: Tensor = layer(x)
        return out


def _side(layer: nn.Module, name: str = "kernel_size") -> int:
    """Return a size of a pooling's windows that is the same along rows and columns."""
    size = getattr(layer, name)
    if not isinstance(size, int):
        raise ValueError(f"expected a pooling of squares, got {layer}")
    return size


def _numbers(layer: nn.Module) -> tuple[Tensor, Tensor]:
    """Return a layer's weights and its bias, as it is to be added, in float64."""
    zero = torch.zeros((), dtype=torch.float64)
    if isinstance(layer, nn.Conv2d | nn.Linear):
        bias = zero if layer.bias is None else layer.bias.detach().double()
        return layer.weight.detach().double(), _columns(layer, bias)
    if isinstance(layer, _NORMS):
        mean, variance = (getattr(layer, f"running_{name}").double() for name in ("mean", "var"))
        scale = (variance + layer.eps).rsqrt()
        shift = -mean * scale
        if layer.affine:
            weight, bias = layer.weight.detach().double(), layer.bias.detach().double()
            scale, shift = scale * weight, shift * weight + bias
        return scale, _columns(layer, shift)
    return zero, zero


def _columns(layer: nn.Module, bias: Tensor) -> Tensor:
    flat = isinstance(layer, nn.Linear | nn.BatchNorm1d) or not bias.ndim
    return bias if flat else bias[:, None, None]


def stages_of(model: nn.Sequential, shape: tuple[int, ...]) -> tuple[Stage, ...]:
    """Take a network apart.

    Parameters
    ----------
    model : of dense and convolutional layers, ReLU, max and average pooling and batch norm, in
        evaluation mode; the last layer is dense
    shape : (channels, rows, columns) of an image

    Raises
    ------
    ValueError
        If there is another layer, a max pooling with a border, or no dense layer at the end.
    """
    if not len(model) or not isinstance(model[-1], nn.Linear):
        raise ValueError("expected a network that ends with a dense layer")
    found: list[Stage] = []
    affine: list[nn.Module] = []
    choice: Choice | None = None
    for layer in model:
        more = _choice(layer)
        if (more is None and choice is not None) or (more and choice and _clash(more, choice)):
            found.append(Stage(affine, choice, found[-1].shape if found else shape))
            affine, choice = [], None
        if more is None:
            affine += [] if isinstance(layer, _SILENT) else [layer]
        else:
            choice = _both(choice, more)
    return *found, Stage(affine, None, found[-1].shape if found else shape)


def _choice(layer: nn.Module) -> Choice | None:
    """Return what a layer chooses, None if it is affine."""
    if isinstance(layer, nn.ReLU):
        return Choice(floor=True)
    if isinstance(layer, nn.MaxPool2d):
        if (layer.padding, layer.dilation, layer.ceil_mode) != (0, 1, False):
            raise ValueError(f"expected a max pooling without a border, got {layer}")
        return Choice(_side(layer), _side(layer, "stride"))
    known = (nn.Conv2d, nn.Linear, nn.Flatten, nn.AvgPool2d, *_NORMS, *_SILENT)
    if not isinstance(layer, known) or layer.training:
        raise ValueError(f"expected dense, convolutional and pooling layers, got {layer}")
    return None


def _clash(a: Choice, b: Choice) -> bool:
    """Tell whether two choices in turn are more than one choice."""
    return a.side > 1 and b.side > 1


def _both(a: Choice | None, b: Choice) -> Choice:
    if a is None:
        return b
    pool = a if a.side > 1 else b
    return Choice(pool.side, pool.step, a.floor or b.floor)
