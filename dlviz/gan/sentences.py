"""How a game ended, in words."""

from dlviz.gan.traces import GanTrace, Outcome

OUTCOMES: dict[Outcome, str] = {
    "covered": "all modes found",
    "partial": "some modes are missing",
    "collapsed": "mode collapse: less than half of the modes",
    "lost": "not on any mode",
    "diverged": "numbers grew beyond all bounds",
}


def outcome_sentence(trace: GanTrace) -> str:
    """Say in one sentence how a game ended."""
    step = int(trace.frames[-1])
    if trace.outcome == "diverged":
        return f"After {step} steps numbers have grown beyond all bounds: nobody has won."
    modes = len(trace.source.modes)
    found = round(float(trace.coverage[-1]) * modes)
    share = f"{100 * float(trace.on_mode[-1]):.0f} %"
    return (
        f"After {step} steps the generator has found {found} of {modes} modes, and {share} of its "
        f"samples are on one: {OUTCOMES[trace.outcome]}. JS is {float(trace.js[-1]):.3f} nats; a "
        f"perfect generator would score {trace.floor[0]:.3f}."
    )
