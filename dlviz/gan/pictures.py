"""GANs of pictures: handwritten digits of 8x8 and printed ones of 28x28."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.gan.objectives import OBJECTIVES
from dlviz.gan.picture_config import PictureConfig
from dlviz.gan.picture_measures import UNJUDGED, Verdict, judged, real_sure
from dlviz.gan.picture_nets import PictureGenerator, PictureJudge
from dlviz.optimizers import OPTIMIZERS
from dlviz.picture_sets import PictureSet, pictures
from dlviz.threads import one_thread

Array = NDArray[Any]


Outcome = Literal["recognizable", "blurred", "collapsed", "diverged"]

WALL, FRAMES = 64, 40
SMALL = 16  # pixels a side up to which a generator draws each pixel by itself
TESTED = 500  # pictures of each entry that the classifier looks at


@dataclass(frozen=True, eq=False)
class PictureTrace:
    """A GAN of pictures over its training; entry 0 is before the first step.

    Parameters
    ----------
    config : the settings
    frames : int (F,), the steps recorded
    wall : uint8 (F, 64, H, W), pictures of the same noises in all entries; of a conditional GAN
        picture i is of class i mod 8 in the first 64, see ``wall_classes``
    d_loss, g_loss : float64 (F,), of the last batch
    sure : float64 (F,), the share of 500 pictures of which a classifier is more than 0.9 sure
    classes : int (F,), how many classes have more than 2 % of the pictures
    variety : float64 (F,), the mean distance of a picture from the mean picture, as a share of
        that of real ones
    generator : as it is at the last entry
    real : the share of real test pictures of which the classifier is sure
    outcome : "recognizable" (half of the pictures are surely of a class, all ten are there),
        "collapsed" (variety below a quarter, or less than half of the classes), "blurred" or
        "diverged"
    """

    config: PictureConfig
    frames: NDArray[np.int64]
    wall: NDArray[np.uint8]
    d_loss: Array
    g_loss: Array
    sure: Array
    classes: NDArray[np.int64]
    variety: Array
    generator: PictureGenerator
    real: float
    outcome: Outcome

    @property
    def last(self) -> int:
        """The number of the last step there will be."""
        return self.config.steps


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
        self.losses = (np.nan, np.nan)

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
        self.losses = float(real.mean() + fake.mean()), float(trick.mean())

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


def drawn_side(side: int) -> int:
    """Return the side of what a generator draws: half that of large pictures, then enlarged."""
    return side // 2 if side > SMALL else side


def paint(config: PictureConfig) -> PictureTrace:
    """Train a GAN of pictures; the same Config gives the same bits."""
    *_, trace = paint_steps(config)
    return trace


def paint_steps(config: PictureConfig) -> Iterator[PictureTrace]:
    """Train, and yield the trace so far, entry by entry."""
    game = PictureGame(config)
    z, labels = wall_noise(config, game.data)
    count = min(FRAMES, config.steps)
    stops = [round(config.steps * i / count) for i in range(count + 1)] if count else [0]
    frames: list[tuple[int, Array, tuple[float, float], Verdict]] = []
    at = 0
    for stop in stops:
        with np.errstate(all="ignore"), one_thread():
            for _ in range(stop - at):
                game.step()
            made = game.generator.forward(game.told(z, labels), learning=False)
            verdict = judged(config.pictures, made[:TESTED])
        at = stop
        frames.append((at, _wall(game, made), game.losses, verdict))
        yield _trace(config, game, frames)


def unpainted(config: PictureConfig) -> PictureTrace:
    """Return a GAN of pictures before its first step, at once: not judged yet."""
    game = PictureGame(config)
    made = game.generator.forward(game.told(*wall_noise(config, game.data)), learning=False)
    return _trace(config, game, [(0, _wall(game, made), game.losses, UNJUDGED)])


def wall_noise(config: PictureConfig, data: PictureSet) -> tuple[Array, Array]:
    """Return the noises (500, noise_dim) of what is shown and tested, and their classes."""
    rng = np.random.default_rng([config.seed, 2])
    z = rng.standard_normal((TESTED, config.noise_dim), np.float32)
    labels = np.arange(TESTED) % len(data.names)
    return z, labels


def _wall(game: PictureGame, made: Array) -> Array:
    """Return the pictures that are shown, as codes (64, H, W)."""
    shown = np.nan_to_num(made[:WALL]).reshape(-1, *game.data.shape[1:])
    return np.asarray((shown * 255).round(), np.uint8)


def _trace(config: PictureConfig, game: PictureGame, frames: list[Any]) -> PictureTrace:
    steps, walls, losses, verdicts = zip(*frames, strict=True)
    last = verdicts[-1]
    return PictureTrace(
        config=config,
        frames=frozen(steps, np.int64),
        wall=frozen(np.stack(walls), np.uint8),
        d_loss=frozen([d for d, _ in losses]),
        g_loss=frozen([g for _, g in losses]),
        sure=frozen([v.sure for v in verdicts]),
        classes=frozen([v.classes for v in verdicts], np.int64),
        variety=frozen([v.variety for v in verdicts]),
        generator=deepcopy(game.generator),
        real=np.nan if last is UNJUDGED else real_sure(config.pictures),
        outcome=_outcome(last, bool(np.isfinite(game.generator.flat).all())),
    )


def _outcome(last: Verdict, finite: bool) -> Outcome:
    if not finite:
        return "diverged"
    if last.variety < 0.25 or last.classes < 5:
        return "collapsed"
    return "recognizable" if last.sure >= 0.5 and last.classes == 10 else "blurred"
