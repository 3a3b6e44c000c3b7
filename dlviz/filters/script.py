"""The same run as a program of its own, of torch's own modules."""

from math import prod

from dlviz.cnn import Block
from dlviz.filters.config import FiltersConfig, network_of

_DIGITS = """from sklearn.datasets import load_digits

data = load_digits()
rng = np.random.default_rng(20)  # a fifth of each class is for the test
test = np.zeros(len(data.target), bool)
for label in range(10):
    members = np.flatnonzero(data.target == label)
    test[rng.choice(members, len(members) // 5, replace=False)] = True
x = (data.images[:, None] / 16).astype(np.float32)
x, y, test_x, test_y = x[~test], data.target[~test], x[test], data.target[test]
"""
_OTHERS = """from dlviz.picture_sets import pictures  # run it in dlviz's folder

data = pictures({dataset!r})
x, y, test_x, test_y = data.x, data.y, data.test_x, data.test_y
"""
_SHUFFLE = """
order = np.random.default_rng(0).permutation({pixels})  # the same new order for all pictures
x = x.reshape(len(x), -1)[:, order].reshape(x.shape)
test_x = test_x.reshape(len(test_x), -1)[:, order].reshape(test_x.shape)
"""
_DROPOUT = """

class Dropout(nn.Module):  # nn.Dropout draws from a generator that all programs share
    def __init__(self, share):
        super().__init__()
        self.share = share

    def forward(self, x):
        if not self.training:
            return x
        return x * (torch.rand(x.shape, generator=generator) >= self.share) / (1 - self.share)

"""
_SCRIPT = """import numpy as np
import torch
from torch import nn
{data}{shuffle}
torch.set_num_threads(1)
generator = torch.Generator().manual_seed({seed})
{dropout}
net = nn.Sequential(
{modules}
)
for module in net:
    if isinstance(module, (nn.Conv2d, nn.Linear)):  # He et al. 2015
        fan_in = module.weight[0].numel()
        drawn = torch.randn(module.weight.shape, generator=generator)
        module.weight.data = drawn * (2 / fan_in) ** 0.5
        module.bias.data.zero_()

x, y, test_x, test_y = map(torch.tensor, (x, y, test_x, test_y))
optimizer = torch.optim.Adam(net.parameters(), lr={lr})
for epoch in range({epochs}):
    order = torch.randperm(len(x), generator=generator)
    for at in range(0, len(x) - {batch_size} + 1, {batch_size}):
        batch = order[at : at + {batch_size}]
        loss = nn.functional.cross_entropy(net(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

net.eval()
with torch.no_grad():
    print("test accuracy:", (net(test_x).argmax(1) == test_y).double().mean().item())
"""


def script(config: FiltersConfig) -> str:
    """Return a program that trains the same network in the same way and prints its accuracy."""
    net = network_of(config)
    digits = config.dataset == "digits"
    return _SCRIPT.format(
        data=_DIGITS if digits else _OTHERS.format(dataset=config.dataset),
        shuffle=_SHUFFLE.format(pixels=prod(net.shape)) if config.shuffled else "",
        dropout=_DROPOUT if any(b.kind == "dropout" for b in net.blocks) else "",
        modules="\n".join(f"    {line}," for block in net.blocks for line in _modules(block)),
        seed=config.seed,
        lr=config.lr,
        epochs=config.epochs,
        batch_size=config.batch_size,
    )


def _modules(block: Block) -> list[str]:
    """Return the calls that make torch's modules of a block."""
    made = []
    if block.kind in ("dense", "output"):
        if len(block.shape_in) == 3:
            made.append("nn.Flatten()")
        made.append(f"nn.Linear({prod(block.shape_in)}, {block.shape[0]})")
    elif block.kind == "conv":
        padding = f", padding={block.word.padding}" if block.word.padding else ""
        sizes = f"{block.shape_in[0]}, {block.shape[0]}, {block.word.kernel}"
        made.append(f"nn.Conv2d({sizes}{padding})")
    elif block.kind in ("pool", "mean"):
        name = "MaxPool2d" if block.kind == "pool" else "AvgPool2d"
        made.append(f"nn.{name}({block.word.numbers[0]})")
    elif block.kind == "norm":
        made.append(f"nn.BatchNorm{len(block.shape) - 1 or 1}d({block.shape[0]})")
    else:
        made.append(f"Dropout({block.word.share})")
    return [*made, "nn.ReLU()"] if block.relu else made
