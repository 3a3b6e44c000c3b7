"""What takes minutes to compute, so that the page opens complete.

``python -m dlviz.defend.shipped`` makes it.

Two trainings that scenes show; networks trained on attacks of seven sizes; certificates of the
shipped networks. All of it is arrays in ``dlviz/data/defend.npz``.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.attacks import AttackConfig
from dlviz.defend.attacked import answers, as_codes, measured, network, within
from dlviz.defend.config import EPSILONS, HARDENINGS, SIGMAS, DefendConfig, asked_of
from dlviz.defend.training import Duel, duel_steps
from dlviz.frozen import frozen
from dlviz.robustness import smoothed
from dlviz.torch_threads import one_thread
from dlviz.victim_training import RECIPES, train
from dlviz.victims import CLASSES, KINDS

FILE = Path(__file__).parents[1] / "data" / "defend.npz"
PRICE_JUDGE = AttackConfig("pgd", epsilon=1.0, steps=10)
DUELS = {
    "twins": asked_of(DefendConfig()),
    "noise": asked_of(DefendConfig(attack_steps=0)),
}
PARTS = ("epochs", "accuracy", "pictures", "answers")
VOTES = 1000  # noisy copies of each digit


@dataclass(frozen=True, eq=False)
class Price:
    """Networks of one kind, trained on attacks within each of ``HARDENINGS``, H of them.

    Parameters
    ----------
    kind : a key of ``dlviz.victims.KINDS``
    accuracy : float32 (H, K), share of 150 test digits right under PGD within ``EPSILONS``
    pictures : uint8 (H, K, 10, 8, 8), ten digits after the attack, 0 to 250
    answers : uint8 (H, K, 10)
    """

    kind: str
    accuracy: NDArray[np.float32]
    pictures: NDArray[np.uint8]
    answers: NDArray[np.uint8]


@cache
def _stored() -> dict[str, NDArray[np.generic]]:
    with np.load(FILE, allow_pickle=False) as data:
        return {name: data[name] for name in data.files}


def shipped_duel(config: DefendConfig, values: tuple[float, ...]) -> Duel | None:
    """Return the training of a Config if it comes with the app."""
    name = next((name for name, known in DUELS.items() if known == config), None)
    if name is None or values != EPSILONS:
        return None
    parts = {part: _stored()[f"{name}.{part}"] for part in PARTS}
    return Duel(config, values, frozen(parts["epochs"], np.int64),
                frozen(parts["accuracy"], np.float32), frozen(parts["pictures"], np.uint8),
                frozen(parts["answers"], np.uint8))  # fmt: skip


def price(kind: str) -> Price:
    """Return what training on attacks of each size came to."""
    parts = [_stored()[f"price.{kind}.{name}"] for name in ("accuracy", "pictures", "answers")]
    return Price(kind, frozen(parts[0], np.float32), frozen(parts[1], np.uint8),
                 frozen(parts[2], np.uint8))  # fmt: skip


def certificates(kind: str, hardened: bool) -> NDArray[np.float32]:
    """Return the certified radii (10, 150) by σ and digit; −1 where it is wrong or abstains."""
    return frozen(_stored()[f"radii.{kind}.{int(hardened)}"], np.float32)


def make_price(kind: str, hardening: float) -> tuple[NDArray[Any], ...]:
    """Train one network and attack it: accuracies (K,), pictures and answers of ten digits."""
    model = train(replace(RECIPES[kind], epsilon=hardening)).model
    x, y = measured()
    with one_thread():
        attacked = within(model, x, y, PRICE_JUDGE, EPSILONS)
        read = answers(model, attacked)
    right = (read == y).float().mean(1).numpy()
    return right, as_codes(attacked[:, :CLASSES]), read[:, :CLASSES].numpy().astype(np.uint8)


def make_certificates(kind: str, hardened: bool, sigma: float) -> NDArray[np.float32]:
    """Return the certified radius of each digit, (150,); −1 where it is wrong or abstains."""
    x, y = measured()
    with one_thread():
        found = smoothed(network(kind, hardened), x, sigma, VOTES)
    right = found.classes == y.numpy()
    return np.where(right, found.radius, -1.0).astype(np.float32)


def main() -> None:
    """Make everything and write it."""
    stored: dict[str, Any] = {}
    for name, config in DUELS.items():
        *_, duel = duel_steps(config)
        stored |= {f"{name}.{part}": getattr(duel, part) for part in PARTS}
    for kind in KINDS:
        rows = [make_price(kind, hardening) for hardening in HARDENINGS]
        for name, part in zip(("accuracy", "pictures", "answers"), zip(*rows, strict=True),
                              strict=True):  # fmt: skip
            stored[f"price.{kind}.{name}"] = np.stack(part)
        for hardened in (False, True):
            radii = [make_certificates(kind, hardened, sigma) for sigma in SIGMAS]
            stored[f"radii.{kind}.{int(hardened)}"] = np.stack(radii)
        print(kind)
    np.savez_compressed(FILE, **stored)
    print(FILE.stat().st_size)


if __name__ == "__main__":
    main()
