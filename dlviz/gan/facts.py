"""Numbers of one game, by name: for words, predictions and challenges."""

from functools import lru_cache
from math import log
from typing import Any

import numpy as np

from dlviz.gan.config import GanConfig
from dlviz.gan.measures import fresh, sliced_wasserstein, two_sample_accuracy
from dlviz.gan.objectives import OBJECTIVES
from dlviz.gan.traces import GanTrace

Facts = dict[str, Any]

VALUE = r"V = \mathbb{E}_x \log D(x) + \mathbb{E}_z \log(1 - D(G(z)))"
COMPARED = 600  # real points and fakes whose nearest neighbors are asked


def facts(trace: GanTrace) -> Facts:
    """Return what can be said of a game; None where it has no such number.

    ``found``, ``modes`` : how many modes, of how many; ``parts`` : or places, of a curve
    ``coverage``, ``on_mode`` : shares in [0, 1], at the end; ``gathered`` : the latter, of several
    modes that are no curve
    ``first`` : the first step recorded at which all modes were found
    ``js``, ``js_floor``, ``kl``, ``sliced``, ``sliced_floor`` : at the end, and of real samples
    ``telling`` : how often the nearest neighbor tells a fake from a real point, ½ at best
    ``d_loss``, ``g_loss``, ``d_real``, ``d_fake``, ``pull`` : at the end
    ``value``, ``best_value`` : V(D, G) and V(D*, G) at the end, of labels 1 and 0
    ``d_formula``, ``g_formula``, ``best_formula``, ``v_formula`` : see ``formulas``
    ``mean``, ``sd`` : of the fakes on the line
    ``walk`` : "arrived" where their mean has gone nine tenths of its way to the data's, "stayed"
    where not even one, "underway"; or "diverged"
    """
    config, modes = trace.config, len(trace.source.modes)
    known: Facts = {
        "data": config.data, "loss": config.loss, "lr_g": config.lr_g, "lr_d": config.lr_d,
        "parts": trace.source.parts,
        "k_d": config.k_d, "r1": config.r1, "batch_size": config.batch_size, "modes": modes,
        "noise_dim": config.noise_dim,
        "beta1": config.beta1, "seed": config.seed, "outcome": trace.outcome,
        "steps": int(trace.frames[-1]), "equilibrium": -log(4),
    }  # fmt: skip
    names = ("found", "coverage", "on_mode", "gathered", "js", "kl", "d_loss", "g_loss", "d_real",
             "d_fake", "pull", "sliced", "sliced_floor", "telling", "mean", "sd", "first",
             "js_floor", "kl_floor", "value", "best_value", "d_grad", "g_grad")  # fmt: skip
    known |= dict.fromkeys(names)
    known |= formulas(config) | {"walk": walk_of(trace)}
    if trace.outcome == "diverged":
        return known
    covered = np.flatnonzero(trace.coverage == 1)
    known |= {
        "found": round(float(trace.coverage[-1]) * modes),
        "first": int(trace.frames[covered[0]]) if len(covered) else None,
        "js_floor": trace.floor[0],
        "kl_floor": trace.floor[1],
        "pull": float(np.sqrt((trace.pull[-1].astype(float) ** 2).sum(-1)).mean()),
        "value": _finite(trace.value[-1]),
        "best_value": _finite(trace.best_value[-1]),
    }
    for name in ("coverage", "on_mode", "js", "kl", "d_loss", "g_loss", "d_real", "d_fake",
                 "d_grad", "g_grad"):  # fmt: skip
        known[name] = float(getattr(trace, name)[-1])
    torn = modes > 1 and trace.source.parts == "modes"
    known["gathered"] = known["on_mode"] if torn else None
    if trace.source.dim == 1:
        fakes = trace.samples[-1].astype(float)  # whose sum may be too large for their own type
        known["mean"], known["sd"] = float(fakes.mean()), float(fakes.std())
    return known | compared(trace)


def walk_of(trace: GanTrace) -> str | None:
    """Return how far the fakes on the line have come; "diverged" in the plane, too."""
    if trace.outcome == "diverged":
        return "diverged"
    if trace.source.dim > 1:
        return None
    begin, end = (float(trace.samples[i].astype(float).mean()) for i in (0, -1))
    way = float(trace.source.modes.mean()) - begin
    share = (end - begin) / way if way else 1.0
    return "stayed" if share < 0.1 else "arrived" if abs(share - 1) < 0.1 else "underway"


def formulas(config: GanConfig) -> Facts:
    """Return what the players of this loss lower, in LaTeX, and what is known of the best D."""
    objective = OBJECTIVES[config.loss]
    best, label = objective.best, 1 - config.smoothing
    if best is not None and label < 1 and config.loss != "hinge":
        best = f"{label:g}\\,{best}"
    return {
        "d_formula": objective.discriminator,
        "g_formula": objective.generator,
        "best_formula": best,
        "v_formula": VALUE if objective.logistic else None,
    }


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


@lru_cache(maxsize=64)
def compared(trace: GanTrace) -> Facts:
    """Return the measures that compare fakes with real points one by one."""
    config = trace.config
    fakes = trace.samples[-1].astype(float)
    real = fresh(config.data, config.points, 2 * len(fakes))
    one, other = real[: len(fakes)], real[len(fakes) :]
    return {
        "sliced": sliced_wasserstein(fakes, one),
        "sliced_floor": sliced_wasserstein(other, one),
        "telling": two_sample_accuracy(fakes[:COMPARED], one[:COMPARED]),
    }
