"""A trained network as a short program that needs torch and nothing of this app."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dlviz.boundary.config import activations_of
from dlviz.boundary.traces import BoundaryTrace

_MODULES: Mapping[str, str] = {
    "relu": "torch.relu",
    "leaky_relu": "torch.nn.functional.leaky_relu",
    "tanh": "torch.tanh",
    "sigmoid": "torch.sigmoid",
    "gelu": 'lambda z: torch.nn.functional.gelu(z, approximate="tanh")',
    "sine": "torch.sin",
    "linear": "lambda z: z",
    "softmax": "lambda z: torch.softmax(z, dim=-1)",
}
_FEATURES: Mapping[str, str] = {  # torch and numpy call them alike
    "x1": "x1",
    "x2": "x2",
    "x1^2": "x1**2",
    "x2^2": "x2**2",
    "x1x2": "x1 * x2",
    "sin x1": "{module}.sin(x1)",
    "sin x2": "{module}.sin(x2)",
    "radius": "{module}.hypot(x1, x2)",
    "angle": "{module}.atan2(x2, x1)",
}
_SCRIPT = '''\
"""A network trained for {epoch} epochs on "{dataset}": {sizes} units, loss {loss}."""

import torch

# One [weights, biases, activation] for each layer; weights are (fan_out, fan_in).
LAYERS = [
{layers}
]


def features(x):
    """Return what the network is given of points x (n, 2)."""
    x1, x2 = x[:, 0], x[:, 1]
    return torch.stack([{features}], dim=1)


def network(x):
    """Return the outputs (n, {units}) at points x (n, 2)."""
    a = features(x)
    for weights, biases, activation in LAYERS:
        w = torch.tensor(weights, dtype=x.dtype)
        b = torch.tensor(biases, dtype=x.dtype)
        a = activation(a @ w.T + b)
    return a


if __name__ == "__main__":
    print(network(torch.tensor([[0.0, 0.0], [3.0, -3.0]], dtype=torch.float64)))
'''


def export_torch(trace: BoundaryTrace, frame: int) -> str:
    """Return a program whose ``network(x)`` puts out what the run's network does at ``frame``."""
    head, layers = trace.head, trace.layers(frame)
    names = (*activations_of(trace.config), head.output)
    written = [
        f"    [\n        {_numbers(w)},\n        {_numbers(b)},\n        {_MODULES[name]},\n    ],"
        for w, b, name in zip(*layers, names, strict=True)
    ]
    return _SCRIPT.format(
        epoch=trace.epochs[frame],
        dataset=trace.config.dataset,
        sizes=" - ".join(map(str, trace.architecture.sizes)),
        loss=head.loss,
        layers="\n".join(written),
        features=features_as(trace.config.features, "torch"),
        units=head.units,
    )


def features_as(names: Sequence[str], module: str) -> str:
    """Write features as a program computes them with "torch" or with numpy, "np"."""
    return ", ".join(_FEATURES[name].format(module=module) for name in names)


def _numbers(array: NDArray[np.float64]) -> str:
    """Write an array with all its digits; inf and nan as Python reads them."""
    text = str(array.tolist())
    return text.replace("nan", 'float("nan")').replace("inf", 'float("inf")')
