"""The networks that can be attacked here, and the images that each has not seen."""

from collections.abc import Mapping
from functools import lru_cache

from torch import Tensor, nn

from dlviz.adversarial.config import OWN
from dlviz.cnn_victims import CNN_KINDS, cnn_universal, cnn_victim, unseen_images
from dlviz.victims import KINDS, universal_pattern, unseen_digits, victim

NETWORK_NAMES: Mapping[str, str] = {**KINDS, **CNN_KINDS}
OWN_NAME = {OWN: "One that is trained now"}


@lru_cache(maxsize=6)
def network(kind: str, hardened: bool = False) -> nn.Sequential:
    """Return a network that is a key of ``NETWORK_NAMES``, or its twin trained on attacks."""
    return victim(kind, hardened) if kind in KINDS else cnn_victim(kind, hardened)


def unseen(kind: str) -> tuple[Tensor, Tensor]:
    """Return test images (n, 1, H, W) and labels of what a network reads."""
    return unseen_digits() if kind in KINDS else unseen_images(kind)


def pattern(kind: str, hardened: bool = False) -> Tensor:
    """Return the one change for all images, (1, H, W), at most 1 in size."""
    return universal_pattern(kind, hardened) if kind in KINDS else cnn_universal(kind, hardened)
