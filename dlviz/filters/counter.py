"""How many parameters the networks of textbooks have, layer by layer."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from math import prod

from dlviz.cnn import Cnn

INPUT = 3  # channels of a color picture


@dataclass(frozen=True)
class Counted:
    """A layer with parameters: its name, the shape of its weights, how many biases.

    ``norms`` are the scales and shifts of the batch norm that comes with it.
    """

    name: str
    weights: tuple[int, ...]
    others: int
    norms: int = 0

    @property
    def parameters(self) -> int:
        """All of them."""
        return prod(self.weights) + self.others + self.norms


def _conv(name: str, filters: int, channels: int, k: int, groups: int = 1) -> Counted:
    return Counted(name, (filters, channels // groups, k, k), filters)


def _dense(name: str, units: int, inputs: int) -> Counted:
    return Counted(name, (units, inputs), units)


def lenet() -> Iterator[Counted]:
    """LeNet-5 with each map of C3 reading all six of S2; those of 1998 read 3 to 6: 60 000."""
    yield _conv("C1", 6, 1, 5)
    yield _conv("C3", 16, 6, 5)
    yield _conv("C5", 120, 16, 5)
    yield _dense("F6", 84, 120)
    yield _dense("output", 10, 84)


def alexnet(groups: int = 1) -> Iterator[Counted]:
    """AlexNet (Krizhevsky et al. 2012); on two GPUs conv 2, 4 and 5 read half of the maps."""
    yield _conv("conv 1", 96, INPUT, 11)
    yield _conv("conv 2", 256, 96, 5, groups)
    yield _conv("conv 3", 384, 256, 3)
    yield _conv("conv 4", 384, 384, 3, groups)
    yield _conv("conv 5", 256, 384, 3, groups)
    yield _dense("dense 6", 4096, 256 * 6 * 6)
    yield _dense("dense 7", 4096, 4096)
    yield _dense("dense 8", 1000, 4096)


def vgg16() -> Iterator[Counted]:
    """VGG-16 (Simonyan & Zisserman 2015), configuration D."""
    channels = INPUT
    for stage, (filters, count) in enumerate([(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)], 1):
        for i in range(1, count + 1):
            yield _conv(f"conv {stage}.{i}", filters, channels, 3)
            channels = filters
    yield _dense("dense 1", 4096, 512 * 7 * 7)
    yield _dense("dense 2", 4096, 4096)
    yield _dense("dense 3", 1000, 4096)


def _normed(name: str, filters: int, channels: int, k: int) -> Counted:
    """Return a conv without biases and the batch norm after it."""
    return Counted(name, (filters, channels, k, k), 0, norms=2 * filters)


def resnet(counts: tuple[int, ...], *, bottleneck: bool) -> Iterator[Counted]:
    """Yield the layers of a residual network (He et al. 2016, table 1), shortcuts B."""
    yield _normed("conv 1", 64, INPUT, 7)
    channels = 64
    for stage, count in enumerate(counts):
        width = 64 * 2**stage
        out = width * (4 if bottleneck else 1)
        kernels = ((1, width), (3, width), (1, out)) if bottleneck else ((3, width), (3, out))
        for i in range(count):
            given = channels
            for part, (k, filters) in enumerate(kernels, 1):
                yield _normed(f"{stage + 2}.{i + 1} conv {part}", filters, given, k)
                given = filters
            if channels != out:
                yield _normed(f"{stage + 2}.{i + 1} shortcut", out, channels, 1)
            channels = out
    yield _dense("dense", 1000, channels)


ARCHITECTURES = {
    "lenet": ("LeNet-5 with full C3", tuple(lenet())),
    "alexnet": ("AlexNet, 2012", tuple(alexnet())),
    "alexnet2": ("AlexNet on two GPUs", tuple(alexnet(groups=2))),
    "vgg16": ("VGG-16, 2014", tuple(vgg16())),
    "resnet18": ("ResNet-18, 2015", tuple(resnet((2, 2, 2, 2), bottleneck=False))),
    "resnet50": ("ResNet-50, 2015", tuple(resnet((3, 4, 6, 3), bottleneck=True))),
    "resnet152": ("ResNet-152, 2015", tuple(resnet((3, 8, 36, 3), bottleneck=True))),
}


def layers_of(name: str, net: Cnn) -> tuple[str, tuple[Counted, ...]]:
    """Return the label and the layers of one of ``ARCHITECTURES``, or of a network ("own")."""
    if name != "own":
        return ARCHITECTURES[name]
    counted = [
        Counted(block.title, block.sizes[0], block.parameters - prod(block.sizes[0]))
        for block in net.blocks
        if block.parameters
    ]
    return "This network", tuple(counted)


def total(layers: Iterable[Counted]) -> int:
    """Return the number of parameters of all layers."""
    return sum(layer.parameters for layer in layers)


def rows(layers: Collection[Counted]) -> tuple[tuple[str, str], ...]:
    """Return a table of layers, if they are few, and of sums."""
    norms = sum(each.parameters if len(each.weights) == 1 else each.norms for each in layers)
    conv = sum(each.parameters - each.norms for each in layers if len(each.weights) == 4)
    return (
        *((layer.name, _product(layer)) for layer in layers if len(layers) <= 16),
        ("convolutions", f"{conv:,}"),
        *((("batch norm", f"{norms:,}"),) if norms else ()),
        ("all else", f"{total(layers) - conv - norms:,}"),
        ("in all", f"{total(layers):,}"),
    )


def _product(layer: Counted) -> str:
    sizes = " × ".join(map(str, layer.weights))
    return f"{sizes} + {layer.others + layer.norms} = {layer.parameters:,}"
