"""How a game ended, in words and in numbers."""

from collections.abc import Mapping
from typing import Any

from dlviz.gan.pictures import PictureTrace
from dlviz.gan.traces import GanTrace, Outcome
from dlviz.words import number

OUTCOMES: dict[Outcome, str] = {
    "covered": "all {parts} found",
    "partial": "some {parts} are missing",
    "collapsed": "mode collapse: less than half of the {parts}",
    "lost": "on none of the {parts}",
    "diverged": "numbers grew beyond all bounds",
}


GATHERED = 0.9  # share of the fakes on a mode, below which finding all modes is not all
ALIKE, APART = 0.02, 0.35  # JS in nats, of at most log 2 = 0.69


def ending(trace: GanTrace) -> str:
    """Say how a game ended; of data with one mode, which stray fakes find, by JS."""
    if trace.outcome == "diverged" or len(trace.source.modes) > 1:
        words = OUTCOMES[trace.outcome].format(parts=trace.source.parts)
        astray = 1 - float(trace.on_mode[-1])
        strays = trace.outcome == "covered" and astray > 1 - GATHERED
        return f"{words}, {100 * astray:.0f} % of the fakes off them" if strays else words
    js = float(trace.js[-1])
    if js < ALIKE:
        return "much like the data"
    return "unlike the data" if js < APART else "far from the data"


def outcome_sentence(trace: GanTrace) -> str:
    """Say in one sentence how a game ended."""
    step = int(trace.frames[-1])
    if trace.outcome == "diverged":
        return f"After {step} steps numbers have grown beyond all bounds: nobody has won."
    modes = len(trace.source.modes)
    divergence = (
        f"JS is {float(trace.js[-1]):.3f} nats; a perfect generator would score "
        f"{trace.floor[0]:.2g}."
    )
    if modes == 1:
        return f"After {step} steps the fakes are {ending(trace)}. {divergence}"
    found, parts = round(float(trace.coverage[-1]) * modes), trace.source.parts
    if parts == "places":
        found_all = f"the fakes are on {found} of {modes} places along the curve: {ending(trace)}"
        return f"After {step} steps {found_all}. {divergence}"
    share = f"{100 * float(trace.on_mode[-1]):.0f} %"
    return (
        f"After {step} steps the generator has found {found} of {modes} {parts}, and {share} of "
        f"its samples are on one: {ending(trace)}. {divergence}"
    )


PAINTED = {
    "recognizable": "most can be read",
    "blurred": "many cannot be read",
    "collapsed": "mode collapse: all alike",
    "diverged": "numbers grew beyond all bounds",
}


def picture_sentence(trace: PictureTrace) -> str:
    """Say in one sentence what a GAN of pictures has learned, once it has."""
    if trace.frames[-1] < trace.config.steps:
        return "Training goes on."
    return (
        f"After {int(trace.frames[-1])} steps a classifier that knows real pictures alone is sure "
        f"of {100 * float(trace.sure[-1]):.0f} % of the fakes, and sees "
        f"{int(trace.classes[-1])} of 10 classes: {PAINTED[trace.outcome]}."
    )


def picture_notes(trace: PictureTrace) -> tuple[str, ...]:
    """Say what to know of the pictures of a GAN."""
    beta = trace.config.average
    if not beta:
        return ()
    return (
        f"**Not G of this step, but its average:** after each step "
        rf"$\bar w \leftarrow {beta:g}\,\bar w + {1 - beta:.2g}\,w$. The players run around the "
        f"equilibrium, and the mean of their way is nearer to it than most places on it. "
        f"“Digits: averaged” shows both.",
    )


def measure_rows(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return how good the fakes are, row by row, with what real samples would score."""
    if not facts:
        return ()
    rows = (
        ("{parts} found, of {modes}", "found"),
        ("share of 10 000 samples on a mode", "on_mode"),
        ("JS by cells, 10 000 samples (nats)", "js"),
        ("the same of real against real samples", "js_floor"),
        ("KL(real ‖ fake) by cells (nats)", "kl"),
        ("the same of real against real samples", "kl_floor"),
        ("sliced Wasserstein distance, 1000 samples", "sliced"),
        ("the same of real against real samples", "sliced_floor"),
        ("nearest neighbors that tell fakes from real points; 0.5 if none can", "telling"),
        ("D(x) on real points, mean of σ", "d_real"),
        ("D(G(z)) on fakes, mean of σ", "d_fake"),
        ("length of the gradient of D's loss", "d_grad"),
        ("length of the gradient of G's loss", "g_grad"),
    )
    return tuple(
        (words.format(**facts), number(facts[name]))
        for words, name in rows
        if facts[name] is not None
    )
