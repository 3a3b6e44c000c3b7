"""More networks to attack: those of the filters lab, and twins of them trained on attacks.

One reads the handwritten digits, one the printed ones of 28 x 28 pixels. They come trained with
that lab (``data/filters``); their twins, with one change for all images of each, are in
``data/cnn_victims.npz``, made with ``python -m dlviz.cnn_victims``.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812, as everybody calls it
from torch import Tensor, nn

from dlviz.attacks import AttackConfig, attack, universal_perturbation
from dlviz.checks import check_choice
from dlviz.cnn import Cnn, build
from dlviz.cnn_module import as_module, numbers_of
from dlviz.picture_sets import PICTURE_SETS, pictures
from dlviz.torch_threads import one_thread

DATA = Path(__file__).parent / "data"
FILE = DATA / "cnn_victims.npz"
SETS: Mapping[str, str] = {"filters": "digits", "printed": "printed"}  # -> of ``PICTURE_SETS``
CNN_KINDS: Mapping[str, str] = {
    "filters": "CNN of the filters lab",
    "printed": "CNN on printed digits, 28 x 28",
}
EPOCHS, HARDENING, BATCH = 12, 0.15, 64  # of the twins; within this ε they were attacked
UNIVERSAL = 0.2  # ε within which the one change for all is made


def cnn_victim(kind: str, hardened: bool = False) -> nn.Sequential:
    """Return a trained network from images in [0, 1] to logits (n, 10).

    Parameters
    ----------
    kind : a key of ``CNN_KINDS``
    hardened : whether it was trained on adversarial examples
    """
    net, numbers = _plain(kind)
    if hardened:
        numbers = _kept()[f"{kind}.numbers"]
    return as_module(net, numbers)


def cnn_universal(kind: str, hardened: bool = False) -> Tensor:
    """Return the change (1, H, W), at most 1 in size, that fools a network on many images."""
    check_choice("kind", kind, CNN_KINDS)
    return torch.tensor(_kept()[f"{kind}.universal{'.hardened' if hardened else ''}"])


def unseen_images(kind: str) -> tuple[Tensor, Tensor]:
    """Return test images (n, 1, H, W) in [0, 1] that the network has not seen, and labels."""
    found = pictures(SETS[kind])
    return torch.tensor(found.test_x), torch.tensor(found.test_y)


@cache
def _plain(kind: str) -> tuple[Cnn, np.ndarray]:
    """Return the filters lab's network, as it is at the end of its training."""
    check_choice("kind", kind, CNN_KINDS)
    name = SETS[kind]
    with np.load(DATA / "filters" / f"{name}.npz", allow_pickle=False) as kept:
        written = re.search("architecture='([^']*)'", str(kept["config"]))
        numbers = kept["numbers"][-1]
    source = PICTURE_SETS[name]
    return build(written[1] if written else "", source.shape, source.classes), numbers


@cache
def _kept() -> dict[str, np.ndarray]:
    with np.load(FILE, allow_pickle=False) as kept:
        return dict(kept)


def harden(kind: str) -> nn.Sequential:
    """Train a network on, on attacked images: PGD on it as it is, then a step of Adam."""
    found = pictures(SETS[kind])
    x, y = torch.tensor(found.x), torch.tensor(found.y)
    model = cnn_victim(kind).requires_grad_(True)
    optimizer = torch.optim.Adam(model.parameters(), 0.003)
    generator = torch.Generator().manual_seed(0)
    with one_thread():
        for _ in range(EPOCHS):
            for rows in torch.split(torch.randperm(len(x), generator=generator), BATCH):
                seed = int(torch.randint(2**31, (), generator=generator))
                how = AttackConfig("pgd", epsilon=HARDENING, steps=5, random_start=True, seed=seed)
                images = attack(model, x[rows], y[rows], how).adversarial
                optimizer.zero_grad()
                torch.autograd.backward(F.cross_entropy(model(images), y[rows]))
                optimizer.step()
    return model.requires_grad_(False)


def make() -> None:
    """Make the file."""
    kept: dict[str, Any] = {}
    how = AttackConfig("universal", epsilon=UNIVERSAL, loss="margin")
    for kind in CNN_KINDS:
        found, twin = pictures(SETS[kind]), harden(kind)
        kept[f"{kind}.numbers"] = numbers_of(twin)
        for name, model in (("", cnn_victim(kind)), (".hardened", twin)):
            x, y = torch.tensor(found.x), torch.tensor(found.y)
            change = universal_perturbation(model, x, y, how)[0] / UNIVERSAL
            kept[f"{kind}.universal{name}"] = change.numpy()
            right = model(torch.tensor(found.test_x)).argmax(1).numpy() == found.test_y
            print(f"{kind}{name}: {right.mean():.3f}", flush=True)
    np.savez_compressed(FILE, **kept)


if __name__ == "__main__":
    make()
