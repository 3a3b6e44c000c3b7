"""Networks whose slope is hidden: they look safe to an attacker who follows it, and are not.

Athalye, Carlini & Wagner, "Obfuscated gradients give a false sense of security", 2018; Carlini &
Wagner, "Towards evaluating the robustness of neural networks", 2017, section 8.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812, as everybody calls it
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.attacks import AttackConfig
from dlviz.defend.attacked import answers, as_codes, measured, network, picture_of, within
from dlviz.defend.config import EPSILONS, DefendConfig
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel
from dlviz.robustness import Sharpened
from dlviz.torch_threads import one_thread

ATTACKS: Mapping[str, str] = {
    "noise": "random signs",
    "fgsm": "FGSM",
    "pgd": "PGD",
    "twin": "from its twin",
    "break": "its breaker",
}
BREAKERS = {
    "sharp": "PGD on the lead of another class",
    "quantized": "PGD as if nothing were rounded",
}
STEPS = 10  # of PGD


class Quantized(nn.Module):
    """A classifier that sees only so many grays: its slope is 0 nearly everywhere.

    Parameters
    ----------
    model : in evaluation mode
    levels : >= 2, grays from 0 to 1
    through : whether the backward pass takes the rounding for nothing (Athalye et al.'s BPDA)
    """

    def __init__(self, model: nn.Module, levels: int, *, through: bool = False) -> None:
        super().__init__()
        self.model, self.levels, self.through = model, levels - 1, through

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits of the pictures with their grays rounded."""
        rounded = torch.round(x * self.levels) / self.levels
        if self.through:
            rounded = x + (rounded - x).detach()
        logits: Tensor = self.model(rounded)
        return logits


@dataclass(frozen=True, eq=False)
class Masking:
    """What becomes of a masked network under attacks, A of them so far.

    Parameters
    ----------
    config : of the mask
    values : the ε, K of them
    label : what the picture is
    pictures : uint8 (A, K, 8, 8), after each attack, 0 to 250
    answers : uint8 (A, K), what the masked network reads
    accuracy : float32 (A, K), share of 150 digits that it reads right
    flat : (without the mask, with it), share of the digits on which every slope is exactly 0
    """

    config: DefendConfig
    values: tuple[float, ...]
    label: int
    pictures: NDArray[np.uint8]
    answers: NDArray[np.uint8]
    accuracy: NDArray[np.float32]
    flat: tuple[float, float]


def masked(config: DefendConfig) -> nn.Module:
    """Return the network behind its mask, which reads as it did (sharp) or nearly (quantized)."""
    model = network(config.kind)
    sharp = config.mask == "sharp"
    hidden = Sharpened(model, config.sharpness) if sharp else Quantized(model, config.levels)
    return hidden.eval()


def masking_steps(config: DefendConfig, values: tuple[float, ...] = EPSILONS) -> Iterator[Masking]:
    """Attack a masked network in five ways, and yield what is known after each."""
    model = masked(config)
    x, label = picture_of(config, model)
    many, y = measured()
    everything, names = torch.cat([x, many]), torch.cat([torch.tensor([label]), y])
    flat = _flat(network(config.kind)), _flat(model)
    found: list[tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]] = []
    for attack in ATTACKS:
        with one_thread():
            after = _attacked(attack, config, everything, names, values)
            read = answers(model, after)
        right = (read[:, 1:] == y).float().mean(1).numpy()
        found.append((as_codes(after[:, 0]), read[:, 0].numpy().astype(np.uint8), right))
        pictures, said, accuracy = (np.stack(part) for part in zip(*found, strict=True))
        yield Masking(config, values, label, frozen(pictures, np.uint8), frozen(said, np.uint8),
                      frozen(accuracy, np.float32), flat)  # fmt: skip


def _attacked(
    attack: str, config: DefendConfig, x: Tensor, y: Tensor, values: tuple[float, ...]
) -> Tensor:
    """Return pictures after an attack within each ε, (K, n, 1, 8, 8)."""
    if attack == "noise":
        generator = torch.Generator().manual_seed(config.seed)
        signs = torch.randint(2, x.shape, generator=generator) * 2.0 - 1
        return torch.stack([(x + epsilon * signs).clamp(0, 1) for epsilon in values])
    method = "fgsm" if attack == "fgsm" else "pgd"
    broken = attack == "break" and config.mask == "sharp"
    how = AttackConfig(method, epsilon=1.0, steps=STEPS,
                       loss="margin" if broken else "cross_entropy")  # fmt: skip
    model = network(config.kind) if attack == "twin" else masked(config)
    if attack == "break" and config.mask == "quantized":
        model = Quantized(network(config.kind), config.levels, through=True).eval()
    return within(model, x, y, how, values)


def _flat(model: nn.Module) -> float:
    """Return the share of digits on which the loss has no slope at all."""
    x, y = measured()
    slopes = FrozenModel(model).gradient(
        x, y, lambda logits, classes: F.cross_entropy(logits, classes, reduction="none")
    )
    return float((slopes.flatten(1) == 0).all(1).float().mean())
