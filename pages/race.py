from dataclasses import replace

from dlviz import ui
from dlviz.race import choices, compute, figures
from dlviz.scene import knob_values

race_of = ui.cached(compute.race)


def facts_of(config) -> compute.Facts:
    return compute.facts(race_of(config))


@ui.cached
def race_stage(config, values, pinned, branch) -> bytes:
    """Make the race; a pinned one, or the one that did not branch, is dashed in it."""
    ghost, name = (pinned, "pinned") if pinned else (branch and branch[1], "unbranched")
    if ghost and compute.surface_of(ghost) is not compute.surface_of(config):
        ghost = None
    races = compute.sweep(config, values, branch)
    return ui.squeeze(figures.race_scene(races, ghost and race_of(ghost), name))


@ui.cached
def anatomy_stage(config, values, rule) -> bytes:
    return ui.squeeze(figures.anatomy_scene(config, rule, values))


@ui.cached
def plane_stage(config, values) -> bytes:
    return ui.squeeze(figures.plane_scene(config, values))


@ui.cached
def mistake_stage(config, values, mistake) -> bytes:
    return ui.squeeze(figures.mistake_scene(config, mistake, values))


def controls() -> None:
    picture = lab.segments("picture", "Picture", choices.PICTURES)
    if picture == "plane":
        lab.slider("alpha_lambda", "αλ", 0.01, 4.0, 0.01)
        lab.slider("condition", "Condition number", 1.0, 1000.0, 1.0)
        return
    if picture == "mistake":
        lab.choice("mistake", "Spot the mistake", choices.MISTAKE_NAMES)
        lab.slider("momentum", "Momentum β (α in the deck)", 0.0, 0.99, 0.01)
        return
    lab.choose_surface()
    if picture == "anatomy":
        lab.choice("rule", "Update rule", choices.ANATOMY_NAMES)
        lab.numbers("lrs", ("Learning rate η",), 1e-5, 10.0)
    else:
        race_controls()
    with lab.more():
        lab.slider("momentum", "Momentum β (β₁)", 0.0, 0.99, 0.01)
        lab.slider("beta2", "Memory of squares β₂", 0.0, 0.999, 0.001)
        if picture == "race":
            lab.choice("schedule", "Schedule of η", choices.SCHEDULES)
            lab.slider("tolerance", "Settled below a slope of", 0.001, 0.1, 0.001)
        lab.numbers("start", ("Start x", "Start y"), -100.0, 100.0)


def race_controls() -> None:
    lab.several("optimizers", "Who runs", {name: name for name in choices.ORDER}, compute.MOST)
    lab.segments("rates", "Learning rates", choices.RATES)
    if lab["rates"] == "given":
        lab.numbers("lrs", choices.rate_names(lab["optimizers"], lab["lrs"]), 1e-5, 10.0)
    lab.slider("steps", "Steps", 10, 300, 10)


def put_on_the_plane(place: ui.Place) -> None:
    """Run momentum with the αλ and β that were touched."""
    if place["panel"] in ("momentum", "nesterov"):
        lab.set(choices.point(place["x"], place["y"]))
        lab.replay()


def show_stage() -> None:
    """Show the picture that is chosen; its knob rests, so that all turns share it."""
    field, usual = choices.KNOBS[lab["picture"]]
    values = knob_values(getattr(config, field), usual)
    at_rest = replace(config, **{field: values[0]})
    if lab["picture"] == "plane":
        lab.stage(plane_stage(at_rest, values), field, values, put_on_the_plane)
    elif lab["picture"] == "mistake":
        lab.stage(mistake_stage(at_rest, values, lab["mistake"]), field, values)
    elif lab["picture"] == "anatomy":
        scene = anatomy_stage(at_rest, values, lab["rule"])
        lab.stage(scene, field, values, lab.start_there)
    else:
        scene = race_stage(at_rest, values, pinned, branch)
        lab.stage(scene, field, values, lab.start_there, branch=not branch)


def standings() -> None:
    lab.say(compute.outcome_sentence(run))
    lab.table_of(compute.standings(run), compute.COLUMNS)


lab = ui.lab("race")
with lab.controls():
    controls()
config, pinned, branch = lab.config(), None, None
with lab.controls():
    if lab["picture"] == "race":
        pinned = lab.compare(config)
        branch = lab.branch(lambda run: run.steps, fixed=compute.FROM_THE_START)
    lab.predict(facts_of)
show_stage()
facts = compute.facts(run := compute.race(config, branch))
lab.check_challenges(facts)
told = compute.telling(lab["picture"], run, branch, lab["rule"], lab["mistake"])
lab.tabs({
    **({"Standings": standings} if lab["picture"] == "race" else {}),
    "What to notice": lambda: lab.notice(facts, told.words),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(told.script, told.prints),
    "Sources": lab.sources,
})  # fmt: skip
