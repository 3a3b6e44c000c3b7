"""The code panel: the same run as a short program that stands alone."""

from dlviz.noise.config import NoiseConfig
from dlviz.noise.problem import RIDGE, STEEP, TRUE

_FRAME = """import numpy as np

N, B, lr, momentum, steps = {samples}, {size}, {lr!r}, {momentum!r}, {steps}
rng = np.random.default_rng(({seed}, 1))  # the data
x = rng.normal(size=(N, 2)) * [1.0, np.sqrt({steep!r})]
noise = rng.normal(size=N)
{data}


def gradients(w, i):  # of the samples i
{gradients}


def rate(t):
    return lr * ({schedule})


rng = np.random.default_rng(({seed}, 2))  # how they are dealt
w, velocity, deck = np.array({start!r}), np.zeros(2), []
for t in range(steps):
{deal}    velocity = momentum * velocity + gradients(w, batch).mean(axis=0)
    w = w - rate(t) * velocity
print(w.tolist())
"""
_DATA = {
    "mean": "x = np.array({true!r}) + {spread!r} * x / [1.0, np.sqrt({steep!r})]",
    "linear": "y = x @ np.array({true!r}) + {spread!r} * noise",
    "logistic": "y = (x @ np.array({true!r}) + {spread!r} * noise > 0).astype(float)",
}
_GRADIENTS = {
    "mean": "    return (w - x[i]) * np.array([1.0, {steep!r}])",
    "linear": "    return (x[i] @ w - y[i])[:, None] * x[i]",
    "logistic": "    p = 1 / (1 + np.exp(-x[i] @ w))\n"
    "    return (p - y[i])[:, None] * x[i] + {ridge!r} * w",
}
_DEAL = """    if len(deck) == 0:
        deck = rng.permutation(N)
    batch, deck = deck[:B], deck[B:]
"""
_SCHEDULES = {
    "constant": "1",
    "step": "0.1 ** (t // -(-steps // 3))",
    "exponential": "0.01 ** (t / steps)",
    "inverse_time": "1 / (1 + 10 * t / steps)",
    "cosine": "(1 + np.cos(np.pi * t / steps)) / 2",
    "warmup_cosine": "(t + 1) / (steps // 10 + 1) if t < steps // 10 else "
    "(1 + np.cos(np.pi * (t - steps // 10) / (steps - steps // 10))) / 2",
}


def script(config: NoiseConfig) -> str:
    """Return Python text that prints the weights in the end."""
    numbers = {"true": TRUE, "steep": STEEP, "ridge": RIDGE, "spread": config.spread}
    drawn = "    batch = rng.integers(N, size=B)\n"
    return _FRAME.format(
        samples=config.samples, size=config.size, lr=config.lr, momentum=config.momentum,
        steps=config.steps, seed=config.seed, steep=STEEP, start=list(config.start),
        data=_DATA[config.task].format(**numbers),
        gradients=_GRADIENTS[config.task].format(**numbers),
        schedule=_SCHEDULES[config.schedule], deal=drawn if config.replacement else _DEAL,
    )  # fmt: skip
