"""Why small changes fool, and how far one can be sure that they do not: what theory says.

Goodfellow, Shlens & Szegedy, "Explaining and harnessing adversarial examples", 2015, section 3;
Cohen, Rosenfeld & Kolter, "Certified adversarial robustness via randomized smoothing", 2019;
Haufe et al. 2014 and Kindermans et al. 2018 for the distractor.
"""

import math
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from dlviz.checks import check_count, check_range
from dlviz.frozen import frozen
from dlviz.frozen_model import FrozenModel

Array = NDArray[np.float64]


def chosen_change(weights: Array, epsilon: float) -> Array:
    """Return what each pixel adds to w·x when it moves by ε the way its weight points, ε|w|.

    The sum is ε‖w‖₁, the most that any change within ε in L∞ can do to a linear model.
    """
    return epsilon * np.abs(weights)


def random_change(weights: Array, epsilon: float) -> tuple[float, float]:
    """Return what random signs of size ε add to w·x: root mean square ε‖w‖₂, and mean size.

    The mean of the absolute sum of many terms is √(2/π) of the root of its mean square, by the
    central limit theorem.
    """
    spread = epsilon * float(np.linalg.norm(weights))
    return spread, math.sqrt(2 / math.pi) * spread


def sign_gap(n: int) -> float:
    """Return how many times more chosen signs do than random ones, in n dimensions: √(2n/π).

    That is E‖w‖₁ / E‖w‖₂ of normal weights, n √(2/π) / √n; for weights of equal size it is √n.
    """
    check_count("n", n, 1, 10**9)
    return math.sqrt(2 * n / math.pi)


def certified_radius(probability: float, sigma: float) -> float:
    """Return the L2 radius within which a smoothed classifier cannot be fooled: σ Φ⁻¹(p).

    Parameters
    ----------
    probability : in [0, 1], at least so often the network under noise says the class
    sigma : > 0, standard deviation of the noise

    Returns
    -------
    float
        0 where p <= 1/2: nothing is certain there. Cohen et al., theorem 1 with 1 − p for the rest.
    """
    from scipy.special import ndtri

    check_range("probability", probability, 0.0, 1.0)
    check_range("sigma", sigma, 0.0, 100.0, open_low=True)
    return max(0.0, sigma * float(ndtri(probability)))


def lower_bound(hits: int, trials: int, alpha: float = 0.001) -> float:
    """Return the p that is at least so large with confidence 1 − α (Clopper & Pearson 1934)."""
    from scipy.special import betaincinv

    check_count("trials", trials, 1, 10**9)
    check_count("hits", hits, 0, trials)
    check_range("alpha", alpha, 0.0, 1.0, open_low=True)
    return float(betaincinv(hits, trials - hits + 1, alpha)) if hits else 0.0


class Smoothed(NamedTuple):
    """A smoothed classifier's answers, and how far each is certain.

    ``classes`` int64 (n,), −1 where it abstains; ``radius`` float64 (n,), in L2; ``votes`` int64
    (n, classes), how often each class was said under noise.
    """

    classes: NDArray[np.int64]
    radius: Array
    votes: NDArray[np.int64]


def smoothed(
    model: nn.Module,
    x: Tensor,
    sigma: float = 0.25,
    samples: int = 1000,
    alpha: float = 0.001,
    seed: int = 0,
) -> Smoothed:
    """Classify images by what a network says most often when normal noise is added.

    A tenth of the samples picks the class, the rest bounds how probable it is: to do both with
    the same samples would be to bet after the race (Cohen et al., section 3.2.2).

    Parameters
    ----------
    model : in evaluation mode
    x : (n, ...)
    sigma : > 0, standard deviation of the noise
    samples : 20 ... 1000000, of noise for each image
    alpha : in (0, 1], the chance that an answer's radius is too large
    seed : of the noise
    """
    check_range("sigma", sigma, 0.0, 100.0, open_low=True)
    check_count("samples", samples, 20, 10**6)
    held, generator = FrozenModel(model), torch.Generator().manual_seed(seed)
    first = _votes(held, x, sigma, samples // 10, generator)
    votes = _votes(held, x, sigma, samples - samples // 10, generator)
    picked = first.argmax(1)
    hits, trials = votes[np.arange(len(x)), picked], samples - samples // 10
    radius = [certified_radius(lower_bound(int(h), trials, alpha), sigma) for h in hits]
    sure = np.where(np.array(radius) > 0, picked, -1)
    return Smoothed(sure, np.array(radius), first + votes)


def _votes(
    model: FrozenModel, x: Tensor, sigma: float, samples: int, generator: torch.Generator
) -> NDArray[np.int64]:
    said = []
    for image in x:
        noise = torch.randn((samples, *image.shape), generator=generator).to(x)
        logits = model.logits(image + sigma * noise)
        said.append(torch.bincount(logits.argmax(1), minlength=logits.shape[1]))
    votes: NDArray[np.int64] = torch.stack(said).numpy()
    return votes


class Distractor(NamedTuple):
    """A signal in one of two pixels, noise common to both, and the linear model that reads it.

    ``x`` float64 (n, 2) and ``y`` float64 (n,), the data; ``weights`` (2,) by least squares;
    ``pattern`` (2,), cov(x, y) / var(y): where the signal is.
    """

    x: Array
    y: Array
    weights: Array
    pattern: Array


def distractor(n: int = 1000, noise: float = 1.0, seed: int = 0) -> Distractor:
    """Draw x = y (1, 0) + noise (1, 1), and fit y from x.

    The second pixel has nothing of y, and yet its weight is −1: it takes the noise off the first.
    So the weights (1, −1), which are the gradient, do not say where the signal is; the pattern,
    (1, 0), does.
    """
    check_count("n", n, 3, 10**6)
    check_range("noise", noise, 0.0, 100.0, open_low=True)
    rng = np.random.default_rng(seed)
    y, both = rng.standard_normal(n), noise * rng.standard_normal(n)
    x = np.stack([y + both, both], axis=1)
    weights, *_ = np.linalg.lstsq(x, y, rcond=None)
    pattern = frozen(np.cov(x.T, y)[:2, 2] / np.var(y, ddof=1))
    return Distractor(x, y, frozen(weights), pattern)


class Sharpened(nn.Module):
    """A classifier whose logits are made k times larger: the same answers, no gradient left.

    Where the softmax is so sure that its rounding is exact, cross-entropy has gradient 0, and an
    attack by its sign stands still: the network only looks safe. The lead of another class has the
    old direction still, which is how Carlini & Wagner 2017 broke defensive distillation.
    """

    def __init__(self, model: nn.Module, sharpness: float = 1000.0) -> None:
        super().__init__()
        check_range("sharpness", sharpness, 0.0, 1e6, open_low=True)
        self.model, self.sharpness = model, sharpness

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.model(x)
        return self.sharpness * logits
