"""A network that asks many noisy copies, and how far one can prove that its answer holds."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dlviz.defend.attacked import answers, as_codes, network, picture_of
from dlviz.defend.config import SIGMAS, DefendConfig
from dlviz.defend.shipped import certificates
from dlviz.frozen import frozen
from dlviz.robustness import certified_radius, lower_bound, smoothed
from dlviz.torch_threads import one_thread

Array = NDArray[np.float32]

COPIES = 8  # noisy copies that are shown
FEW = 100  # that vote first, so that there is a picture at once
ALPHA = 0.001  # the chance that a radius is too large
RADII = np.linspace(0, 1.2, 61)


@dataclass(frozen=True, eq=False)
class Smoothing:
    """One picture and 150 digits behind noise of K sizes.

    Parameters
    ----------
    config : its σ is that of no turn in particular
    values : the σ
    picture : uint8 (8, 8), 0 to 250
    label : what it is
    copies : uint8 (K, 8, 8, 8), noisy copies, the same noise at every size
    said : uint8 (K, 8), what they are read as
    votes : int64 (K, 10), of all copies
    answers : int64 (K,), what the vote says, −1 where nothing is certain
    bounds : float64 (K,), the answer is at least so probable
    radii : float64 (K,), nothing within this distance, in L2, changes the answer
    certified : float32 (10, 61), share of 150 digits right and certain within ``RADII``, by σ
    """

    config: DefendConfig
    values: tuple[float, ...]
    picture: NDArray[np.uint8]
    label: int
    copies: NDArray[np.uint8]
    said: NDArray[np.uint8]
    votes: NDArray[np.int64]
    answers: NDArray[np.int64]
    bounds: NDArray[np.float64]
    radii: NDArray[np.float64]
    certified: Array

    @property
    def share(self) -> float:
        """How many of the copies that shall vote have done so."""
        return float(self.votes[0].sum()) / self.config.samples


def smoothing(
    config: DefendConfig, values: tuple[float, ...] = SIGMAS, samples: int | None = None
) -> Smoothing:
    """Let noisy copies of a picture vote, at each σ; ``samples`` of them, if it is given."""
    samples = samples or config.samples
    model = network(config.kind, config.hardened)
    x, label = picture_of(config, model)
    with one_thread():
        found = [smoothed(model, x, sigma, samples, ALPHA, config.seed) for sigma in values]
        generator = torch.Generator().manual_seed(config.seed)
        noise = torch.randn((COPIES, *x.shape[1:]), generator=generator)
        copies = torch.stack([x + sigma * noise for sigma in values])
        said = answers(model, copies)
    votes = np.concatenate([each.votes for each in found])
    radii = np.concatenate([each.radius for each in found])
    return Smoothing(
        config, values, as_codes(x)[0], label, as_codes(copies.clamp(0, 1)),
        frozen(said.numpy(), np.uint8), frozen(votes, np.int64),
        frozen(np.concatenate([each.classes for each in found]), np.int64),
        frozen([_bound(radius, sigma) for radius, sigma in zip(radii, values, strict=True)]),
        frozen(radii), frozen(_certified(config), np.float32),
    )  # fmt: skip


def _bound(radius: float, sigma: float) -> float:
    """Return the probability that a radius stands for: Φ(radius / σ), 1/2 where there is none."""
    from scipy.special import ndtr

    return float(ndtr(radius / sigma))


def _certified(config: DefendConfig) -> Array:
    """Return, for each σ of ``SIGMAS``, the share of digits right and certain within ``RADII``."""
    radii = certificates(config.kind, config.hardened)  # (10, 150), −1 where it is wrong
    share: Array = (radii[:, None] >= RADII[None, :, None] - 1e-9).mean(2)
    return share


def most_certain(sigma: float, samples: int) -> float:
    """Return the radius where every copy says the same: no vote of so many can prove more."""
    trials = samples - samples // 10
    return certified_radius(lower_bound(trials, trials, ALPHA), sigma)
