"""The game over pictures: one step of training both players."""

from copy import deepcopy
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.objectives import OBJECTIVES
from dlviz.gan.picture_config import PictureConfig
from dlviz.gan.picture_nets import PictureGenerator, PictureJudge
from dlviz.optimizers import OPTIMIZERS
from dlviz.picture_sets import pictures

Array = NDArray[Any]

SMALL = 16  # pixels a side up to which a generator draws each pixel by itself
TESTED = 500  # pictures of each entry that the classifier looks at
WALL_STREAM, SETTLING_STREAM = 2, 4  # of random numbers


class PictureGame:
    """Two networks that play over pictures."""

    def __init__(self, config: PictureConfig) -> None:
        self.config, self.data = config, pictures(config.pictures)
        self.x = self.data.x.reshape(len(self.data.x), -1)
        self.extra = len(self.data.names) if config.conditional else 0
        init, self.rng = (np.random.default_rng([config.seed, k]) for k in (0, 1))
        inner = (config.hidden, config.hidden)
        side = self.data.shape[-1]
        drawn = drawn_side(side)
        sizes = (config.noise_dim + self.extra, *inner, drawn * drawn)
        enlarged = side if drawn < side else 0
        self.generator = PictureGenerator(sizes, config.batch_norm, init, enlarged)
        self.judge = PictureJudge((self.x.shape[1] + self.extra, *inner, 1), False, init)
        self.rule = OPTIMIZERS["adam"](beta1=0.5)
        self.memory = {c: self.rule.init(c.flat) for c in (self.generator, self.judge)}
        self.average = self.generator.flat.copy()
        self.settling = self.told(*fresh_noise(config, SETTLING_STREAM))
        self.losses = (np.nan, np.nan)

    def go_on(self, config: PictureConfig) -> None:
        """Play on with other settings, which may differ in nothing of ``FROM_THE_START``."""
        self.config = config

    def step(self) -> None:
        """Update the discriminator, then the generator."""
        n, objective = self.config.batch_size, OBJECTIVES[self.config.loss]
        chosen = self.rng.integers(len(self.x), size=n)
        labels = self.data.y[chosen]
        fakes = self.generator.forward(self.noise(n, labels), learning=True)
        seen = np.concatenate([self.told(self.x[chosen], labels), self.told(fakes, labels)])
        logits = self.judge.forward(seen, self.masks(2 * n))
        (real, real_grad), (fake, fake_grad) = (
            objective.real(logits[:n], 1.0), objective.fake(logits[n:])
        )  # fmt: skip
        grad = np.concatenate([real_grad, fake_grad]) / n
        self.judge.backward(grad.astype(np.float32), learning=True)
        self._follow(self.judge, self.config.lr_d)
        fakes = self.generator.forward(self.noise(n, labels), learning=True)
        logits = self.judge.forward(self.told(fakes, labels), self.masks(n))
        trick, grad = objective.trick(logits)
        blame = self.judge.backward((grad / n).astype(np.float32), learning=False)
        self.generator.backward(blame[:, : self.x.shape[1]])
        self._follow(self.generator, self.config.lr_g)
        self._remember()
        self.losses = float(real.mean() + fake.mean()), float(trick.mean())

    def _remember(self) -> None:
        """Average the generator over its steps: w̄ ← β w̄ + (1 − β) w."""
        beta = self.config.average
        if beta:
            self.average += np.float32(1 - beta) * (self.generator.flat - self.average)
        else:
            self.average = self.generator.flat.copy()

    def shown(self) -> PictureGenerator:
        """Return a copy of the generator to look at: averaged, if it is to be.

        The means and variances of batch norm are then those of its own, on other noises.
        Yazıcı et al., "The Unusual Effectiveness of Averaging in GAN Training", ICLR 2019,
        equation 6. arXiv:1806.04498
        """
        net = deepcopy(self.generator)
        if self.config.average:
            net.put(self.average.copy())
            net.settle(self.settling)
        return net

    def look(self) -> tuple[PictureGenerator, Array, Array]:
        """Return the generator that is shown and what is made of noises that stay the same.

        Twice: by it, and by the generator of this very step, (500, pixels) each.
        """
        net, z = self.shown(), self.told(*wall_noise(self.config))
        made = net.forward(z, learning=False)
        if not self.config.average:
            return net, made, made
        return net, made, self.generator.forward(z, learning=False)

    def noise(self, n: int, labels: Array) -> Array:
        """Return what the generator starts from, with the class it is to make."""
        return self.told(self.rng.standard_normal((n, self.config.noise_dim), np.float32), labels)

    def told(self, values: Array, labels: Array) -> Array:
        """Put the class beside values, one unit for each, where the GAN is conditional."""
        if not self.extra:
            return values
        return np.concatenate([values, np.eye(self.extra, dtype=np.float32)[labels]], axis=1)

    def masks(self, n: int) -> list[Array]:
        """Return who stays while others drop out: Srivastava et al., JMLR 2014."""
        if not self.config.dropout:
            return []
        kept = np.float32(1 / (1 - self.config.dropout))
        draws = (self.rng.random((n, self.config.hidden), np.float32) for _ in range(2))
        return [(draw >= self.config.dropout) * kept for draw in draws]

    def _follow(self, net: Any, lr: float) -> None:
        flat, self.memory[net] = self.rule.step(net.flat, net.grad, self.memory[net], lr)
        net.put(flat)


def fresh_noise(config: PictureConfig, stream: int) -> tuple[Array, Array]:
    """Return noises (500, noise_dim) that are not those of the training, and classes in turn."""
    rng = np.random.default_rng([config.seed, stream])
    z = rng.standard_normal((TESTED, config.noise_dim), np.float32)
    return z, np.arange(TESTED) % len(pictures(config.pictures).names)


def wall_noise(config: PictureConfig) -> tuple[Array, Array]:
    """Return the noises (500, noise_dim) of what is shown and tested, and their classes."""
    return fresh_noise(config, WALL_STREAM)


def drawn_side(side: int) -> int:
    """Return the side of what a generator draws: half that of large pictures, then enlarged."""
    return side // 2 if side > SMALL else side
