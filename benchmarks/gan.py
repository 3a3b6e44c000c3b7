"""Time the GAN lab beside a plain torch loop: python -m benchmarks.gan.

It prints a table and fails if a promise is not kept. Both play the same game: the same nets, batch
and losses, with ``torch.optim.Adam`` there; their losses agree to 1e-6 over ten steps.
"""

import os
from dataclasses import replace
from itertools import pairwise
from statistics import median
from time import monotonic

# One thread each: more do not help at these sizes. The libraries read this when they load.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
import torch
from torch.nn.functional import softplus

from benchmarks.report import Row, report
from benchmarks.timing import seconds
from dlviz.gan.between import made
from dlviz.gan.choices import asked_of
from dlviz.gan.classifier import classifier
from dlviz.gan.compute import (
    GanConfig,
    PictureConfig,
    discriminator_of,
    generator_of,
    paint,
    shown_steps,
    source_of,
    train,
)
from dlviz.gan.game import DATA_STREAM, NOISE_STREAM, Game
from dlviz.gan.knobs import Knobs
from dlviz.gan.picture_measures import judged
from dlviz.ui import gate

CONFIG = GanConfig()
STEPS, ROUNDS = 200, 7  # all take turns, so that whatever else the machine does slows all alike
AGREE = 10


def network(sizes: tuple[int, ...], init: np.random.Generator) -> torch.nn.Sequential:
    """Return a network that begins with the lab's weights."""
    modules: list[torch.nn.Module] = []
    for i, (m, n) in enumerate(pairwise(sizes)):
        layer, gain = torch.nn.Linear(m, n), 1.0 if i == len(sizes) - 2 else 2.0
        layer.weight.data = torch.tensor(np.sqrt(gain / m) * init.standard_normal((n, m)))
        layer.bias.data.zero_()
        modules += [layer.to(torch.get_default_dtype()), torch.nn.LeakyReLU(0.2)]
    return torch.nn.Sequential(*modules[:-1]).to(torch.get_default_dtype())


def torch_losses(steps: int, dtype: torch.dtype) -> list[tuple[float, float]]:
    """Play in torch, as anyone would write it; return both losses of each step."""
    torch.set_default_dtype(dtype)
    init, data, noise = (np.random.default_rng([CONFIG.seed, k]) for k in (0, 1, 2))
    g, d = (network(shape(CONFIG).sizes, init) for shape in (generator_of, discriminator_of))
    betas = (CONFIG.beta1, CONFIG.beta2)
    opt_g = torch.optim.Adam(g.parameters(), CONFIG.lr_g, betas)
    opt_d = torch.optim.Adam(d.parameters(), CONFIG.lr_d, betas)
    source, n = source_of(CONFIG.data), CONFIG.batch_size
    losses = []
    for _ in range(steps):
        x = torch.tensor(source.draw(data, n), dtype=dtype)
        z = torch.tensor(noise.standard_normal((2, n)).T, dtype=dtype)
        d_loss = softplus(-d(x)).mean() + softplus(d(g(z).detach())).mean()
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()
        z = torch.tensor(noise.standard_normal((2, n)).T, dtype=dtype)
        g_loss = softplus(-d(g(z))).mean()
        opt_g.zero_grad()
        g_loss.backward()
        opt_g.step()
        losses.append((d_loss.item(), g_loss.item()))
    return losses


def play(steps: int, configs: tuple[GanConfig, ...] = (CONFIG,)) -> Game:
    knobs = Knobs(configs)
    game = Game(configs[0], knobs, *knobs.initial())
    for _ in range(steps):
        game.step()
    return game


def our_losses(steps: int) -> list[tuple[float, float]]:
    """Return both losses of each step of the lab's game."""
    knobs = Knobs((CONFIG,))
    game, losses = Game(CONFIG, knobs, *knobs.initial()), []
    assert set(game.streams) >= {DATA_STREAM, NOISE_STREAM}
    for _ in range(steps):
        game.draw_batch()
        game.judge()
        d_loss = float(game.blame_critic()[0])
        game.update_critic()
        game.make_fakes()
        losses.append((d_loss, float(game.blame_generator()[0])))
        game.generator.step()
    return losses


def digits() -> tuple[float, float, int]:
    """Train on digits; return the seconds, the share that is sure, and the classes of 2000."""
    config = PictureConfig()
    classifier(config.pictures)  # judges, and is no part of the training
    took = min(seconds(lambda: paint(config)) for _ in range(2))
    z = np.random.default_rng(99).standard_normal((2000, config.noise_dim))
    trace = paint(config)
    verdict = judged(config.pictures, made(trace, z, np.arange(2000) % 10).reshape(2000, -1))
    return took, verdict.sure, verdict.classes


def stopping() -> float:
    """Return how long computation goes on, in seconds, after its last follower has left."""
    one = gate.Gate()
    job = one.ask("visitor", shown_steps, *asked_of(replace(CONFIG, seed=5)))
    while job.latest is None:
        job.ended.wait(0.01)
    began = monotonic()
    one.leave("visitor", job)
    job.ended.wait(60)
    return monotonic() - began


def main() -> None:
    torch.set_num_threads(1)
    ours, theirs = our_losses(AGREE), torch_losses(AGREE, torch.float64)
    apart = float(np.abs(np.subtract(ours, theirs)).max())
    five = tuple(replace(CONFIG, lr_g=rate) for rate in asked_of(CONFIG)[2])
    rounds = [
        (
            seconds(lambda: play(STEPS)),
            seconds(lambda: torch_losses(STEPS, torch.float32)),
            seconds(lambda: play(STEPS, five)),
        )
        for _ in range(ROUNDS)
    ]
    torch.set_default_dtype(torch.float32)
    ratio = median(t / o for o, t, _ in rounds)
    batched = median(5 * t / b for _, t, b in rounds)
    took, sure, classes = digits()
    whole = min(seconds(lambda: train(CONFIG)) for _ in range(3))
    rows: list[Row] = [
        ("largest difference of a loss from torch, 10 steps", apart, "", "<= 1e-6",
         lambda v: v <= 1e-6),
        ("steps a second, one game", STEPS / min(o for o, _, _ in rounds), "", "", None),
        ("the same, torch.optim.Adam", STEPS / min(t for _, t, _ in rounds), "", "", None),
        ("times as fast as torch", ratio, "x", ">= 1.8", lambda v: v >= 1.8),
        ("five games side by side, times as fast", batched, "x", "", None),
        ("default game with all measures", whole, "s CPU", "", None),
        ("digits, 1000 steps with all measures", took, "s CPU", "<= 4", lambda v: v <= 4),
        ("digits a classifier is sure of", sure, "", ">= 0.5", lambda v: v >= 0.5),
        ("classes with more than 2 %", classes, "", "10", lambda v: v == 10),
        ("computing goes on after the page is left", stopping(), "s", "<= 0.5", lambda v: v <= 0.5),
    ]  # fmt: skip
    report(rows)


if __name__ == "__main__":
    main()
