from dataclasses import replace

from dlviz import ui
from dlviz.descent import compute, figures
from dlviz.descent.compute import DescentConfig, surface_of
from dlviz.descent.rates import learning_rates, milestones, sweep_limits
from dlviz.descent.script import script
from dlviz.ui.update_rules import WITH_MOMENTUM

trace_of = ui.cached(compute.descend)
coarse_basins = ui.cached(compute.basins_sweep)


def facts_of(config: DescentConfig) -> compute.Facts:
    return compute.facts(trace_of(config))


@ui.cached
def stage(config, values, pinned, branch, mapped) -> bytes:
    """Make the main picture; ``config`` has the knob at rest, so that all its turns share it.

    ``mapped`` is the learning rate at which the basins are shown in full, None for contours.
    """
    ghosts = []
    if pinned and surface_of(pinned) is surface_of(config):
        ghosts.append((f"pinned: η = {pinned.lr:g}", trace_of(pinned)))
    if branch:
        step, trunk = branch
        changes = compute.changes_between(trunk, config)
        sweep = compute.branch_sweep(trace_of(trunk), step, values, **changes)
        ghosts.append((f"unbranched: η = {trunk.lr:g}", trace_of(trunk)))
    else:
        sweep = compute.sweep(config, "lr", values)
    basins = None
    if mapped is not None:  # coarse while the knob turns, fine where it rests
        fine = compute.basins(replace(config, lr=mapped))
        basins = coarse_basins(config, values, 32), fine.label, values.index(mapped)
    return ui.squeeze(figures.descent_scene(sweep, sweep_limits(sweep), basins, ghosts))


def controls() -> None:
    surface = lab.choose_surface(lab.end_branch)
    with lab.side_by_side():
        lab.choose_rule()
        lab.slider("steps", "Steps", 1, 300)
    with lab.more():
        lab.segments("picture", "Picture", {"contours": "Contours", "basins": "Basins"})
        if surface == "bowl":
            lab.slider("rotation", "Rotation of the bowl (degrees)", -90.0, 90.0, 5.0)
        lab.tune_rule()
        lab.numbers("start", ("Start x", "Start y"), -100.0, 100.0)


def sweep_part() -> None:
    """Show the run under a dozen values of one setting, in step."""
    fields = {"lr": "learning rate", "start": "start", "momentum": "momentum"}
    if config.optimizer not in WITH_MOMENTUM:
        del fields["momentum"]
    field = lab.segments("sweep_over", "Runs that differ in", fields)
    sweep = compute.sweep(config, field, milestones(config, field))
    lab.small(figures.sweep_scene(sweep), f"sweep_{field}", autoplay=True)


lab = ui.lab("descent")
with lab.controls():
    controls()
config = lab.config()
values = learning_rates(config.lr)
with lab.controls():
    pinned = lab.compare(config)
    branch = lab.branch(lambda run: run.steps, fixed=compute.FROM_THE_START)
    lab.predict(facts_of)
at_rest = replace(config, lr=values[0])
mapped = config.lr if lab["picture"] == "basins" else None
lab.stage(
    stage(at_rest, values, pinned, branch, mapped), "lr", values, lab.start_there, branch=not branch
)
run = trace_of(config)
if branch:
    step, trunk = branch
    run = compute.branch(trace_of(trunk), step, **compute.changes_between(trunk, config))
facts = compute.facts(run)
lab.check_challenges(facts)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(run)),
    "3-D": lambda: lab.chart(figures.surface_figure(run, dark=lab.dark), "Surface and path in 3-D"),
    "Gradient": lambda: lab.small(figures.dial_scene(run), "dial"),
    "Sweep": sweep_part,
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(script(config, branch), "It prints the point where the path ends."),
    "Sources": lab.sources,
})  # fmt: skip
