"""Networks to attack: linear, MLP and CNN on scikit-learn's digits, and their hardened twins.

The twins were trained on adversarial examples (Madry et al. 2018). ``python -m
dlviz.victim_training`` made the weights that ship in ``dlviz/data/victims.npz``.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.checks import check_choice
from dlviz.digits import LEVELS, NAMES, SIDE, digits

KINDS: Mapping[str, str] = {
    "linear": "Linear, 10 sums of pixels",
    "mlp": "MLP, 64 hidden units",
    "cnn": "CNN, 8 and 32 filters",
}
CLASSES = len(NAMES)
TRAINED = 1300  # of 1797 digits; the other 497 are never seen in training
SPLIT = 17  # the seed that shuffles them
WEIGHTS = Path(__file__).parent / "data" / "victims.npz"


@cache
def _digits() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    images, classes = digits()
    order = np.random.default_rng(SPLIT).permutation(len(classes))
    return (images[order, None] / LEVELS).astype(np.float32), classes[order]


def seen_digits() -> tuple[Tensor, Tensor]:
    """Return the images (1300, 1, 8, 8) in [0, 1] that victims are trained on, and labels."""
    images, labels = _digits()
    return torch.tensor(images[:TRAINED]), torch.tensor(labels[:TRAINED])


def unseen_digits() -> tuple[Tensor, Tensor]:
    """Return the images (497, 1, 8, 8) in [0, 1] that no victim has seen, and labels."""
    images, labels = _digits()
    return torch.tensor(images[TRAINED:]), torch.tensor(labels[TRAINED:])


def untrained(kind: str, generator: torch.Generator) -> nn.Sequential:
    """Return a network of a kind with weights uniform in ±1/√fan_in, torch's own beginning."""
    check_choice("kind", kind, KINDS)
    inputs = SIDE * SIDE
    if kind == "linear":
        layers: list[nn.Module] = [nn.Flatten(), _blank(nn.Linear, inputs, CLASSES)]
    elif kind == "mlp":
        hidden = [_blank(nn.Linear, inputs, 64), nn.ReLU()]
        layers = [nn.Flatten(), *hidden, _blank(nn.Linear, 64, CLASSES)]
    else:
        first = [_blank(nn.Conv2d, 1, 8, 3, padding=1), nn.ReLU()]
        second = [_blank(nn.Conv2d, 8, 32, 3, padding=1), nn.ReLU()]
        head = [nn.MaxPool2d(2), nn.Flatten(), _blank(nn.Linear, 32 * (SIDE // 2) ** 2, CLASSES)]
        layers = [*first, *second, *head]
    network = nn.Sequential(*layers)
    _begin(network, generator)
    return network


def _blank(layer: type[nn.Module], *sizes: int, **options: int) -> nn.Module:
    # Without weights yet: torch would draw them from the generator that all share.
    return nn.utils.skip_init(layer, *sizes, **options)  # type: ignore[no-untyped-call,no-any-return]


def _begin(network: nn.Sequential, generator: torch.Generator) -> None:
    with torch.no_grad():
        for layer in network:
            if isinstance(layer, nn.Linear | nn.Conv2d):
                bound = layer.weight[0].numel() ** -0.5
                for part in layer.parameters():
                    part.copy_((2 * torch.rand(part.shape, generator=generator) - 1) * bound)


def victim(kind: str, hardened: bool = False) -> nn.Sequential:
    """Return a trained network from images (n, 1, 8, 8) in [0, 1] to logits (n, 10).

    Parameters
    ----------
    kind : a key of ``KINDS``
    hardened : whether it was trained on adversarial examples
    """
    network = untrained(kind, torch.Generator())
    name = weights_name(kind, hardened)
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        state = {key: torch.tensor(stored[f"{name}.{key}"]) for key in network.state_dict()}
    network.load_state_dict(state)
    return network.eval().requires_grad_(False)


def universal_pattern(kind: str, hardened: bool = False) -> Tensor:
    """Return the change (1, 8, 8), at most 1 in size, that fools a victim on most images.

    It was made of the images seen in training, within 0.2 in L∞, and is to be scaled by an ε.
    """
    check_choice("kind", kind, KINDS)
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return torch.tensor(stored[f"{weights_name(kind, hardened)}.universal"])


def weights_name(kind: str, hardened: bool) -> str:
    """Return what a victim is called in the file of weights."""
    return f"hardened_{kind}" if hardened else kind
