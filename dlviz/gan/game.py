"""The game itself: one step of training both players, for any number of runs side by side."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.config import GanConfig, discriminator_of, generator_of
from dlviz.gan.data import source_of
from dlviz.gan.knobs import Knobs
from dlviz.gan.objectives import GRADIENT_PENALTY, OBJECTIVES
from dlviz.gan.tapes import Passes
from dlviz.networks import Architecture
from dlviz.optimizers import State

Array = NDArray[np.float64]

_ONE = np.ones(())
DATA_STREAM, NOISE_STREAM, DISTURBANCE_STREAM = 1, 2, 3  # 0 is that of the initial weights


class Player:
    """R networks of one shape, their gradients, and what their optimizer remembers."""

    def __init__(self, shape: Architecture, parameters: Array, rule: Any, lr: Array) -> None:
        self.shape, self.rule, self.lr = shape, rule, lr
        self.grad = np.empty_like(parameters)
        self.into = shape.matrices(self.grad)
        self.memory: State = rule.init(parameters)
        self.put(parameters)

    def put(self, parameters: Array) -> None:
        self.parameters = parameters
        self.matrices = self.shape.matrices(parameters)

    def step(self) -> None:
        """Follow the gradients as they are."""
        parameters, self.memory = self.rule.step(self.parameters, self.grad, self.memory, self.lr)
        self.put(parameters)


class Game:
    """R games that are played side by side; the only thing here that changes with time.

    Games of one seed see the same noise and the same data.
    """

    def __init__(self, config: GanConfig, knobs: Knobs, g: Array, d: Array) -> None:
        self.config, self.knobs, self.runs = config, knobs, len(g)
        self.source, self.objective = source_of(config.data, config.points), OBJECTIVES[config.loss]
        self.generator = Player(generator_of(config), g.copy(), *knobs.of("lr_g"))
        self.critic = Player(discriminator_of(config), d.copy(), *knobs.of("lr_d"))
        n, dim = config.batch_size, self.source.dim
        self.fakes = Passes(self.generator.shape, self.runs, n)
        self.both = Passes(self.critic.shape, self.runs, 2 * n)
        self.one = Passes(self.critic.shape, self.runs, n)
        self.seen = np.ones((self.runs, dim + 1, 2 * n))
        self.judged = np.ones((self.runs, dim + 1, n))
        self.z = np.ones((len(knobs.seeds), config.noise_dim + 1, n))
        self.grads = np.empty((self.runs, 1, 2 * n))
        self.normals = Normals(self.critic) if config.spectral else None
        self.streams = {k: [np.random.default_rng([seed, k]) for seed in knobs.seeds]
                        for k in (DATA_STREAM, NOISE_STREAM, DISTURBANCE_STREAM)}  # fmt: skip

    def step(self) -> None:
        """Make one step: ``k_d`` updates of the discriminator, then ``k_g`` of the generator."""
        for _ in range(self.config.k_d):
            self.draw_batch()
            self.judge()
            self.blame_critic()
            self.update_critic()
        for _ in range(self.config.k_g):
            self.make_fakes()
            self.blame_generator()
            self.generator.step()

    # ------------------------------------------------------------ the discriminator's half

    def draw_batch(self) -> None:
        """Draw real points, and fakes beside them."""
        n = self.config.batch_size
        real = [self.source.draw(rng, n).T for rng in self.streams[DATA_STREAM]]
        self.seen[:, :-1, :n] = real
        self.seen[:, :-1, n:] = self.make_fakes()
        self.disturb(self.seen)

    def make_fakes(self) -> Array:
        """Return G(z) of fresh noise (R, d, n)."""
        shape = (self.config.noise_dim, self.config.batch_size)
        for z, rng in zip(self.z, self.streams[NOISE_STREAM], strict=True):
            z[:-1] = draw_noise(rng, self.config.noise, shape)
        return self.fakes.forward(self.generator.matrices, self.z)

    def disturb(self, seen: Array) -> None:
        """Add instance noise: Sønderby et al., ICLR 2017, section 2.5. arXiv:1610.04490."""
        if self.knobs.has("instance_noise"):
            shape = (seen.shape[1] - 1, seen.shape[2])
            drawn = [rng.standard_normal(shape) for rng in self.streams[DISTURBANCE_STREAM]]
            seen[:, :-1] += self.knobs["instance_noise"] * np.array(drawn)

    def judge(self) -> Array:
        """Let the discriminator judge real points and fakes: logits (R, 1, 2n)."""
        if self.normals:
            self.normals.refresh()
        return self.both.forward(self.judging, self.seen)

    @property
    def judging(self) -> Sequence[Array]:
        """The matrices that the discriminator judges with."""
        return self.normals.matrices if self.normals else self.critic.matrices

    def blame_critic(self) -> Array:
        """Make the gradient of the discriminator's loss; return that loss (R,), no penalties."""
        n, logits = self.config.batch_size, self.both.sums[-1]
        real, self.grads[..., :n] = self.objective.real(
            logits[..., :n], 1 - self.knobs["smoothing"]
        )
        fake, self.grads[..., n:] = self.objective.fake(logits[..., n:])
        self.grads /= n
        self.both.backward(self.judging, self.grads, self.critic.into)
        if self.knobs.has("r1"):
            self._penalize(self.seen[..., :n], self._r1_pull)
        if self.config.loss == "wgan_gp":
            self._penalize(self._between(), _gp_pull)
        if self.normals:
            self.normals.pull_back()
        return np.asarray(real.mean((1, 2)) + fake.mean((1, 2)))

    def _penalize(self, points: Array, pull: Any) -> None:
        """Add the gradient of the mean of a penalty on g = ∇D at some points."""
        self.one.forward(self.judging, points)
        self.one.backward(self.judging, _ONE, None)
        force = pull(self.one.input_grad(self.judging)) / self.config.batch_size
        self.one.penalty_grad(self.judging, force, self.critic.into)

    def _r1_pull(self, grad: Array) -> Array:
        """Return d/dg of r1/2 |g|²."""
        return np.asarray(self.knobs["r1"] * grad)

    def _between(self) -> Array:
        """Return points somewhere between a real one and a fake each."""
        n = self.config.batch_size
        share = np.array([rng.random((1, n)) for rng in self.streams[DISTURBANCE_STREAM]])
        real, fake = self.seen[:, :-1, :n], self.seen[:, :-1, n:]
        self.judged[:, :-1] = share * real + (1 - share) * fake
        return self.judged

    def update_critic(self) -> None:
        self.critic.step()
        if self.config.loss == "wgan":
            clip = self.knobs["clip"][:, 0]
            self.critic.put(np.clip(self.critic.parameters, -clip, clip))

    # ------------------------------------------------------------ the generator's half

    def blame_generator(self) -> Array:
        """Make the gradient of the generator's loss at the fakes; return that loss (R,)."""
        self.judged[:, :-1] = self.fakes.sums[-1]
        self.disturb(self.judged)
        if self.normals:
            self.normals.refresh()
        loss, grad = self.objective.trick(self.one.forward(self.judging, self.judged))
        self.one.backward(self.judging, grad / self.config.batch_size, None)
        blame = self.one.input_grad(self.judging)
        self.fakes.backward(self.generator.matrices, blame, self.generator.into)
        return np.asarray(loss.mean((1, 2)))


def draw_noise(rng: np.random.Generator, kind: str, shape: tuple[int, ...]) -> Array:
    """Return what the generator starts from: N(0, 1), or evenly from [−1, 1]."""
    return rng.standard_normal(shape) if kind == "normal" else rng.uniform(-1, 1, shape)


def _gp_pull(grad: Array) -> Array:
    """Return d/dg of λ (|g| − 1)²."""
    length = np.sqrt((grad * grad).sum(1, keepdims=True)) + 1e-12
    return np.asarray(2 * GRADIENT_PENALTY * (1 - 1 / length) * grad)


class Normals:
    """A discriminator's matrices, each divided by its largest singular value.

    Miyato et al., "Spectral Normalization for GANs", ICLR 2018, algorithm 1: one power iteration
    for each use in training. arXiv:1802.05957
    """

    def __init__(self, critic: Player) -> None:
        self.critic = critic
        self.matrices = critic.shape.matrices(np.empty_like(critic.parameters))
        self.left = [np.ones((*m.shape[:2], 1)) / np.sqrt(m.shape[1]) for m in self.matrices]
        self.right = [np.ones(0)] * len(self.matrices)
        self.sizes = [np.ones(())] * len(self.matrices)
        for _ in range(20):
            self.refresh()

    def refresh(self) -> None:
        """Take the next power iteration, and make the matrices from the weights as they are."""
        for i, (mine, given) in enumerate(zip(self.matrices, self.critic.matrices, strict=True)):
            w = given[..., :-1]
            self.right[i] = _unit(w.swapaxes(-1, -2) @ self.left[i])
            moved = w @ self.right[i]
            self.left[i] = _unit(moved)
            self.sizes[i] = (self.left[i] * moved).sum((-1, -2), keepdims=True)
            np.divide(w, self.sizes[i], out=mine[..., :-1])
            mine[..., -1] = given[..., -1]

    def pull_back(self) -> None:
        """Turn gradients by the divided matrices into those by the weights, equation 12."""
        for i, grad in enumerate(self.critic.into):
            by, mine = grad[..., :-1], self.matrices[i][..., :-1]
            along = (by * mine).sum((-1, -2), keepdims=True)
            by -= along * (self.left[i] * self.right[i].swapaxes(-1, -2))
            by /= self.sizes[i]


def _unit(vectors: Array) -> Array:
    return np.asarray(vectors / (np.sqrt((vectors**2).sum(-2, keepdims=True)) + 1e-12))
