"""The code panel: the same run as a short program that stands alone."""

from textwrap import indent

from dlviz.noise.config import NoiseConfig
from dlviz.noise.problem import RIDGE, STEEP, TRUE
from dlviz.noise.runs import Branch, last_update, turning_point

_FRAME = """import numpy as np

N, B, lr, momentum, steps = {samples}, {size}, {lr!r}, {momentum!r}, {steps}
rng = np.random.default_rng(({seed}, 1))  # the data
x = rng.normal(size=(N, 2)) * [1.0, np.sqrt({steep!r})]
noise = rng.normal(size=N)
{data}


def gradients(w, i):  # of the samples i
{gradients}


def rate(t):
{rate}


rng = np.random.default_rng(({seed}, 2))  # how they are dealt
w, velocity, deck = np.array({start!r}), np.zeros(2), []
for t in range({last}):
{turn}{deal}    velocity = momentum * velocity + gradients(w, batch).mean(axis=0)
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
_DRAW = "    batch = rng.integers(N, size=B)\n"
_TURN = """    if t == {first}:  # from here on with other settings
        B, lr, momentum, steps = {size}, {lr!r}, {momentum!r}, {steps}
"""
_NEW_DECK = "        rng, deck = np.random.default_rng(({seed}, 2, {first})), []\n"
_RATE = """    if t < {first}:
        return lr * ({before})
    t = min({there} + t - {first}, steps - 1)  # the schedule is as far on as the run
    return lr * ({after})"""
_SCHEDULES = {
    "constant": "1",
    "step": "0.1 ** (t // -(-steps // 3))",
    "exponential": "0.01 ** (t / steps)",
    "inverse_time": "1 / (1 + 10 * t / steps)",
    "cosine": "(1 + np.cos(np.pi * t / steps)) / 2",
    "warmup_cosine": "(t + 1) / (steps // 10 + 1) if t < steps // 10 else "
    "(1 + np.cos(np.pi * (t - steps // 10) / (steps - steps // 10))) / 2",
}


def script(config: NoiseConfig, branch: Branch | None = None) -> str:
    """Return Python text that prints the weights in the end.

    Parameters
    ----------
    branch : the samples or updates seen, and the settings up to there
    """
    begun = branch[1] if branch else config
    numbers = {"true": TRUE, "steep": STEEP, "ridge": RIDGE, "spread": config.spread}
    last, turn = config.steps, ""
    rate, deal = f"    return lr * ({_SCHEDULES[config.schedule]})", _dealt(config)
    if branch and (first := turning_point(*branch)):
        last, turn = last_update(config, branch), _turn(config, begun, first)
        rate = _RATE.format(
            first=first, before=_SCHEDULES[begun.schedule], after=_SCHEDULES[config.schedule],
            there=round(config.steps * first / begun.steps),
        )  # fmt: skip
        if begun.replacement != config.replacement:
            before, after = indent(_dealt(begun), "    "), indent(deal, "    ")
            deal = f"    if t < {first}:\n{before}    else:\n{after}"
    elif branch:
        begun = config
    return _FRAME.format(
        samples=config.samples, size=begun.size, lr=begun.lr, momentum=begun.momentum,
        steps=begun.steps, last=last, seed=config.seed, steep=STEEP, start=list(config.start),
        data=_DATA[config.task].format(**numbers), rate=rate, turn=turn, deal=deal,
        gradients=_GRADIENTS[config.task].format(**numbers),
    )  # fmt: skip


def _dealt(config: NoiseConfig) -> str:
    return _DRAW if config.replacement else _DEAL


def _turn(config: NoiseConfig, begun: NoiseConfig, first: int) -> str:
    text = _TURN.format(
        first=first, size=config.size, lr=config.lr, momentum=config.momentum, steps=config.steps
    )
    if (config.size, config.replacement) != (begun.size, begun.replacement):
        text += _NEW_DECK.format(seed=config.seed, first=first)
    return text
