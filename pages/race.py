from dataclasses import replace

from dlviz import ui
from dlviz.race import choices, compute, figures
from dlviz.scene import knob_values

race_of = ui.cached(compute.race)


def facts_of(config) -> compute.Facts:
    return compute.facts(race_of(config))


@ui.cached
def stage(config, values) -> bytes:
    """Make the picture of a race; ``config`` has the knob at rest, so that its turns share it."""
    return ui.squeeze(figures.race_scene(compute.sweep(config, values)))


def controls() -> None:
    lab.choose_surface()
    lab.several("optimizers", "Who runs", {name: name for name in choices.ORDER}, compute.MOST)
    lab.segments("rates", "Learning rates", choices.RATES)
    if lab["rates"] == "given":
        lab.numbers("lrs", choices.rate_names(lab["optimizers"], lab["lrs"]), 1e-5, 10.0)
    lab.slider("steps", "Steps", 10, 300, 10)
    with lab.more():
        lab.slider("momentum", "Momentum β (β₁)", 0.0, 0.99, 0.01)
        lab.slider("beta2", "Memory of squares β₂", 0.0, 0.999, 0.001)
        lab.choice("schedule", "Schedule of η", choices.SCHEDULES)
        lab.slider("tolerance", "Settled below a slope of", 0.001, 0.1, 0.001)
        lab.numbers("start", ("Start x", "Start y"), -100.0, 100.0)


def standings() -> None:
    lab.say(compute.outcome_sentence(run))
    lab.table_of(compute.standings(run), compute.COLUMNS)


lab = ui.lab("race")
with lab.controls():
    controls()
config = lab.config()
values = knob_values(config.factor, compute.FACTORS)
with lab.controls():
    lab.predict(facts_of)
lab.stage(stage(replace(config, factor=values[0]), values), "factor", values, lab.start_there)
run, facts = race_of(config), facts_of(config)
lab.check_challenges(facts)
lab.tabs({
    "Standings": standings,
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(run)),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), "It prints who settled when."),
    "Sources": lab.sources,
})  # fmt: skip
