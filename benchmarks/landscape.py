"""Time a surface of a network's loss with torch, one network at a time, beside it.

Run ``python -m benchmarks.landscape``. It prints a table and fails if a promise is not kept.
"""

from itertools import pairwise

import numpy as np
import torch

from benchmarks.report import report
from benchmarks.timing import least
from dlviz.landscape.compute import LandscapeConfig, Surface, surface
from dlviz.landscape.surveys import measure, trained
from dlviz.optimizers import Array

CONFIG = LandscapeConfig(depth=3, width=8, directions="random")  # [8, 8, 8] on 250 points, 51 x 51


def places_of(made: Surface) -> Array:
    """Return the places (2601, 2) of the grid."""
    a, b = np.meshgrid(*made.axes)
    return np.stack([a.ravel(), b.ravel()], axis=-1)


def torch_surface(made: Surface) -> Array:
    """Return the same losses (2601,) with a torch module, one network at a time."""
    network = made.training.network
    units = [
        torch.nn.Linear(*sizes, dtype=torch.float64) for sizes in pairwise(network.shape.sizes)
    ]
    between = [layer for unit in units[:-1] for layer in (unit, torch.nn.ReLU())]
    model = torch.nn.Sequential(*between, units[-1])
    x, t = torch.tensor(network.x[:-1].T.copy()), torch.tensor(network.t)

    def as_module(flat: Array) -> list[torch.Tensor]:
        layers = network.shape.layers(flat)
        return [torch.tensor(part) for pair in zip(*layers, strict=True) for part in pair]

    center, first, second = (as_module(v) for v in (made.training.parameters[-1], *made.directions))
    losses = []
    with torch.no_grad():
        for a, b in places_of(made).tolist():
            for own, c, u, v in zip(model.parameters(), center, first, second, strict=True):
                own.copy_(c + a * u + b * v)
            scores = model(x)[:, 0]
            losses.append(torch.nn.functional.binary_cross_entropy_with_logits(scores, t).item())
    return np.array(losses)


def main() -> None:
    torch.set_num_threads(1)
    made = surface(CONFIG)
    places, center = places_of(made), made.training.parameters[-1]
    network = made.training.network
    ours = least(lambda: measure(network, center, made.directions, places), 7)
    torchs = least(lambda: torch_surface(made), 3)
    difference = float(np.abs(made.loss.ravel() - torch_surface(made)).max())
    training = least(lambda: trained.__wrapped__(CONFIG), 3)
    report([
        ("51 x 51 surface of [8, 8, 8] on 250 points, CPU time", 1e3 * ours, "ms", "", None),
        ("torch, one network at a time, CPU time", 1e3 * torchs, "ms", "", None),
        ("ratio", torchs / ours, "", ">= 3", lambda ratio: ratio >= 3),
        ("largest difference of a loss", difference, "", "<= 1e-10", lambda d: d <= 1e-10),
        ("training it, 200 steps, with curvatures", 1e3 * training, "ms", "", None),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
