from dataclasses import replace

from dlviz import ui
from dlviz.noise import choices, compute, figures

run_of = ui.cached(compute.run)


def facts_of(config) -> compute.Facts:
    return compute.facts(run_of(config))


@ui.cached
def stage(config, sizes, pinned, branch) -> bytes:
    """Make the main picture; ``config`` has the knob at rest, so that all its turns share it."""
    ghost, name = (pinned, "pinned") if pinned else (branch and branch[1], "unbranched")
    traces = compute.sweep(config, sizes, branch)
    return ui.squeeze(figures.noise_scene(traces, ghost and run_of(ghost), name))


@ui.cached
def rows(config, sizes) -> list[tuple[str, ...]]:
    return compute.table(compute.sweep(config, sizes))


def controls() -> None:
    lab.choice("task", "Find", choices.TASKS)
    lab.slider("lr", "Learning rate η", 0.01, 2.0, 0.01)
    lab.toggle("replacement", "Drawn anew", "Off: dealt from a shuffled deck, each once an epoch")
    clock = lab.segments("clock", "Batch sizes compared at", choices.CLOCKS)
    if clock == "epochs":
        lab.slider("epochs", "Epochs", 1, 20)
    else:
        lab.slider("updates", "Updates", 10, 1200, 10)
    with lab.more():
        lab.choice("schedule", "Schedule of η", choices.SCHEDULES)
        lab.slider("momentum", "Momentum β", 0.0, 0.99, 0.01)
        lab.slider("samples", "Samples", 12, 120, 12)
        lab.slider("spread", "Noise in the data", 0.0, 3.0, 0.1)
        lab.slider("seed", "Seed", 0, 99)


def pick(place: ui.Place) -> None:
    """Start where the picture was touched."""
    if place["panel"] == "weights":
        lab.set({"start": tuple(float(f"{place[axis]:.4g}") for axis in "xy")})


lab = ui.lab("noise")
with lab.controls():
    controls()
config = lab.config()
sizes = compute.batch_sizes(config.samples, config.size)
with lab.controls():
    pinned = lab.compare(config)
    branch = lab.branch(choices.length, fixed=compute.FROM_THE_START)
    lab.predict(facts_of)
at_rest = replace(config, batch_size=1)
scene = stage(at_rest, sizes, pinned, branch)
lab.stage(scene, "batch_size", sizes, pick, branch=not branch)
trace = compute.run(config, branch)
facts = compute.facts(trace)
lab.check_challenges(facts)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(trace)),
    "Batch sizes": lambda: lab.table_of(rows(at_rest, sizes), compute.COLUMNS),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config, branch), "It prints the weights in the end."),
    "Sources": lab.sources,
})  # fmt: skip
