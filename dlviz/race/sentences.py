"""How a race ended, in words with its numbers."""

from dlviz.race.choices import labels_of
from dlviz.race.facts import Facts
from dlviz.race.runs import Race
from dlviz.words import number

COLUMNS = ("optimizer", "η", "first there", "stays from", "last loss", "in the end")
REGIME_WORDS = {
    "diverges": "runs away",
    "ripples": "ripples",
    "monotone": "creeps",
    "oscillates": "jumps to and fro",
    "one step": "is there in a step",
}
MANY = 4  # optimizers; of more, a caption names the first three


def rate_words(run: Race) -> str:
    """Say at which rates they run."""
    lrs = run.lrs.tolist()
    if len(set(lrs)) == 1:
        return f"η = {number(lrs[0])}" + (" for all" if len(lrs) > 1 else "")
    own = "each its own best" if run.config.rates == "best" else "given rates"
    times = "" if run.config.factor == 1 else f" × {number(run.config.factor)}"
    if len(lrs) > MANY:
        return f"{own}{times}"
    named = zip(labels_of(run.config), lrs, strict=True)
    return f"{own}{times}: " + ", ".join(f"{name} {number(lr)}" for name, lr in named)


def order_words(run: Race) -> str:
    """Say who settled when, and who did not."""
    labels = labels_of(run.config)
    there = [f"{labels[i]} ({run.settled[i]})" for i in run.order]
    if not there:
        return f"nobody settles in {run.config.steps} steps"
    shown = there if len(labels) <= MANY else there[:3]
    more = len(there) - len(shown)
    words = "first " + ", then ".join(shown)
    late = len(labels) - len(there)
    words += f", and {more} more" if more else ""
    return words + (f"; {late} not in time" if late else "")


def outcome_sentence(run: Race) -> str:
    """Say how the race ended."""
    words = order_words(run)
    slope = f"a slope of at most {number(run.config.tolerance)}, and no more from there on"
    return f"{words[:1].upper()}{words[1:]}. Settled: {slope} ({rate_words(run)})."


def standings(run: Race) -> list[tuple[str, ...]]:
    """Return a row for each optimizer, first come first: see ``COLUMNS``."""
    labels = labels_of(run.config)
    last = [i for i in range(len(labels)) if i not in run.order]
    ends = {"converged": "settles", "ran": "on its way", "diverged": "runs away",
            "cycles": "to and fro", "left_domain": "leaves the domain"}  # fmt: skip
    return [
        (labels[i], number(float(run.lrs[i])), _step(run.arrived[i]), _step(run.settled[i]),
         number(float(run.losses[i, -1])), ends[str(run.outcomes[i])])
        for i in [*run.order, *last]
    ]  # fmt: skip


def _step(step: int) -> str:
    return "never" if step < 0 else f"step {step}"


def plane_sentence(known: Facts) -> str:
    """Say what momentum does on a parabola at a point of the (αλ, β) plane."""
    pace, beta = number(known["alpha_lambda"]), number(known["momentum"])
    words = f"At αλ = {pace} and β = {beta} momentum {REGIME_WORDS[known['regime']]}"
    if known["rate"] >= 1:
        return f"{words}: αλ must be below 2(1 + β) = {number(known['limit'])}."
    halves = "at once" if known["half_life"] is None else f"in {number(known['half_life'])} steps"
    return (f"{words}: each step multiplies the error by {number(known['rate'])}, "
            f"which halves it {halves}. Nesterov's: {number(known['nesterov_rate'])}.")  # fmt: skip


def mistake_sentence(mistake: str, known: Facts) -> str:
    """Say what the printed rule does, and what it should be."""
    if mistake == "schedule":
        return ("x ← x − α(t)∇J is a learning-rate schedule: it forgets every slope at once. "
                "Momentum adds them up: on a constant slope its steps grow to "
                f"{number(1 / (1 - known['momentum']))} times the first.")  # fmt: skip
    return (f"Printed: θ ← θ + v with the velocity of before. One step late, it settles only up "
            f"to αλ = 1 − β = {number(known['printed_limit'])}; corrected, up to 2(1 + β) = "
            f"{number(known['limit'])}. Here αλ = {number(known['alpha_lambda'])}.")  # fmt: skip
