"""What is recorded of a game at one moment."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.gan.data import source_of
from dlviz.gan.game import Game, draw_noise
from dlviz.gan.line import densities, line_of
from dlviz.gan.measures import SAMPLES, push, reference, scores
from dlviz.gan.objectives import sigmoid
from dlviz.gan.tapes import Passes
from dlviz.gan.values import masses, reachable, reached, sampled

Array = NDArray[Any]
Shot = dict[str, NDArray[Any]]

KEPT = 1000  # of the 10 000 samples that are scored
SEEN = 500  # real points and fakes on which losses and gradients are measured
FIELD = 28  # rows and columns of the discriminator's field
MESH = 11  # rows and columns of the noise's mesh
QUANTILE = 2.0  # the mesh of normal noise reaches so many sd
EVALUATION_STREAM = 4


class Gauge:
    """Measures games as they stand; what it measures them with stays the same."""

    def __init__(self, game: Game) -> None:
        config = game.config
        self.game, self.config = game, config
        self.source = source_of(config.data, config.points)
        self.real = reference(config.data, config.points)
        rng = np.random.default_rng([config.seed, EVALUATION_STREAM])
        self.z = columns(draw_noise(rng, config.noise, (config.noise_dim, SAMPLES)))
        self.fakes = Passes(game.generator.shape, game.runs, SEEN)
        self.judge = Passes(game.critic.shape, game.runs, 2 * SEEN)
        self.seen = np.ones((game.runs, self.source.dim + 1, 2 * SEEN))
        self.places = columns(places_of(self.source))
        self.no_value = 0.0 if game.objective.logistic else np.nan
        self.mesh = columns(mesh_of(config.noise, config.noise_dim))

    def shot(self) -> Shot:
        """Return what is recorded of all runs: arrays with the runs first."""
        game, leak = self.game, self.fakes.leak
        with np.errstate(all="ignore"):
            samples = push(game.generator.matrices, self.z, leak)
            marks = scores(samples, self.source, self.real)
            logits = push(game.judging, self.places, self.judge.leak)[..., 0]
            return {
                "g": game.generator.parameters,
                "d": game.critic.parameters,
                "samples": samples[:, :KEPT].astype(np.float32),
                "logits": logits.astype(np.float32),
                "density": densities(game.generator, self.config, samples, self.source),
                "mesh": push(game.generator.matrices, self.mesh, leak).astype(np.float32),
                **self.duel(),
                **self.values(samples),
                **marks._asdict(),
            }

    def values(self, samples: Array) -> Shot:
        """Return the values of the game on the line; in the plane ``duel`` has an estimate."""
        runs, game = self.game.runs, self.game
        both = np.full((2, runs), np.nan)
        if self.source.dim == 1 and game.objective.logistic:
            for run in range(runs):
                if not np.isfinite(samples[run]).all():
                    continue
                there = masses(game.generator, run, self.config, samples[run, :, 0], self.source)
                judge = [matrix[run : run + 1] for matrix in game.judging]
                logits = push(judge, columns(there.x[None]), self.judge.leak)[0, :, 0]
                both[:, run] = reached(there, logits.astype(float)), reachable(there)
            return {"value": both[0], "best_value": both[1]}
        return {"best_value": both[1]}

    def duel(self) -> Shot:
        """Return both losses, what pulls at the fakes, and the sizes of both gradients."""
        game, objective = self.game, self.game.objective
        fakes = self.fakes.forward(game.generator.matrices, self.z[..., :SEEN])
        self.seen[:, :-1, :SEEN] = self.real[:SEEN].T
        self.seen[:, :-1, SEEN:] = fakes
        logits = self.judge.forward(game.judging, self.seen)
        real, real_grad = objective.real(logits[..., :SEEN], 1 - game.knobs["smoothing"])
        fake, fake_grad = objective.fake(logits[..., SEEN:])
        trick, trick_grad = objective.trick(logits[..., SEEN:])
        into = game.critic.shape.matrices(np.empty_like(game.critic.grad))
        self.judge.backward(game.judging, np.concatenate([real_grad, fake_grad], 2) / SEEN, into)
        d_grad = _length(into)
        blame = np.concatenate([np.zeros_like(trick_grad), trick_grad], 2)
        self.judge.backward(game.judging, blame, None)
        pull = self.judge.input_grad(game.judging)[..., SEEN:]
        into = game.generator.shape.matrices(np.empty_like(game.generator.grad))
        self.fakes.backward(game.generator.matrices, pull / SEEN, into)
        return {
            "d_loss": real.mean((1, 2)) + fake.mean((1, 2)),
            "g_loss": trick.mean((1, 2)),
            "value": sampled(logits[..., :SEEN], logits[..., SEEN:]) + self.no_value,
            "pull": -pull.swapaxes(1, 2).astype(np.float32),
            "d_grad": d_grad,
            "g_grad": _length(into),
            "d_real": sigmoid(logits[..., :SEEN]).mean((1, 2)),
            "d_fake": sigmoid(logits[..., SEEN:]).mean((1, 2)),
        }


def _length(matrices: Any) -> Array:
    return np.asarray(np.sqrt(sum((m * m).sum((1, 2)) for m in matrices)))


def columns(values: Array) -> Array:
    """Return values (d, n) with a row of ones below, (1, d + 1, n)."""
    return np.concatenate([values, np.ones((1, values.shape[1]))])[None]


def places_of(source: Any) -> Array:
    """Return where the discriminator is shown, (d, n): pixel centers, or places on the line."""
    low, high = source.low, source.high
    if source.dim == 1:
        return line_of(source)[None]
    line = low + (np.arange(FIELD) + 0.5) * (high - low) / FIELD
    return np.stack(np.meshgrid(line, line)).reshape(2, -1)


def mesh_of(noise: str, dim: int) -> Array:
    """Return an even mesh of noise: (2, 11 · 11), or (1, 11 · 11) on the line."""
    reach = QUANTILE if noise == "normal" else 1.0
    if dim == 1:
        return np.linspace(-reach, reach, MESH * MESH)[None]
    line = np.linspace(-reach, reach, MESH)
    return np.stack(np.meshgrid(line, line)).reshape(2, -1)
