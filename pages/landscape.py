from dlviz import ui
from dlviz.landscape import choices, compute, figures
from dlviz.scene import knob_values


@ui.cached
def stage(config, turn, values, branch, pinned, _course) -> bytes:
    return ui.squeeze(figures.course_scene(_course))


@ui.cached
def rescaled_stage(config, factors, _made) -> bytes:
    return ui.squeeze(figures.rescale_scene(_made, factors))


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(compute.surface(config))


def controls() -> None:
    if lab.segments("view", "Picture", choices.VIEWS) == "plane":
        plane_controls()
    else:
        lab.choice("dataset", "Data", choices.DATASET_NAMES)
        with lab.side_by_side():
            lab.slider("depth", "Layers", 2, 6)
            lab.slider("width", "Units in each", 2, 12)
    with lab.more("Training"):
        lab.choice("optimizer", "Update rule", choices.OPTIMIZER_NAMES)
        if lab["turn"] != "lr":
            lab.slider("lr", "Learning rate η", 0.01, 2.0, 0.01)
        lab.slider("steps", "Steps", 10, 500, 10)
        lab.slider("noise", "Noise in the data", 0.0, 0.5, 0.05)
        lab.slider("seed", "Seed", 0, 99)


def plane_controls() -> None:
    lab.segments("directions", "Plane through", choices.DIRECTION_NAMES)
    turns = choices.turns_for(lab["directions"], bool(lab.state["branch"]))
    lab.set({"turn": lab["turn"] if lab["turn"] in turns else next(iter(turns))})
    lab.choice("turn", "The knob turns", turns)
    with lab.side_by_side():
        lab.choice("dataset", "Data", choices.DATASET_NAMES)
        lab.choice("activation", "Units", choices.ACTIVATION_NAMES)
    with lab.side_by_side():
        if lab["turn"] != "depth":
            lab.slider("depth", "Layers", 1, 6)
        lab.slider("width", "Units in each", 2, 12)
    lab.toggle("skip", "Skip connections", "Each layer adds its input to what it puts out")
    with lab.more("Plane"):
        if lab["turn"] != "extent":
            lab.slider("extent", "Reach", 0.1, 3.0, 0.1)
        if lab["turn"] != "direction_seed":
            lab.slider("direction_seed", "Other random directions", 0, 99)


def go_on(at) -> None:
    lab.branch_at(int(at), turn="lr", steps=choices.longer(lab["steps"], int(at)))


def plane() -> tuple[compute.Surface, object]:
    """Show the plane with the way on it; return what there is of it, and the branch."""
    turn = lab["turn"]
    values = knob_values(getattr(config, turn), choices.VALUES[turn])
    with lab.controls():
        pinned = lab.compare(config)
        branch = lab.branch(lambda run: run.steps, fixed=compute.FROM_THE_START)
    at_rest = choices.turned_from(config, turn)
    asked, at = (at_rest, turn, values, branch, pinned), values.index(getattr(config, turn))
    job = lab.work(compute.course_steps, *asked, at, share=lambda course: course.share)
    with lab.controls():
        lab.progress(job, "Training")
    course = job.latest or compute.untrained(*asked[:3], at)
    whole = job.done and not job.stopped
    make = stage.when(whole, job.stopped)
    lab.stage(
        make(*asked, course),
        turn,
        values,
        on={"branch": go_on},
        branch=not branch,
        growing=not job.done,
    )
    if whole:
        lab.check_challenges(compute.facts(course.surfaces[at]))
    return course.surfaces[at], branch


def rescaled() -> compute.Surface:
    """Show raw and filter-normalized directions; the knob rescales the network."""
    factors = compute.rescales(config.rescale)
    plain = choices.plain_relu(config)
    job = lab.work(compute.rescaled_steps, plain, factors, share=compute.share_of_rescaled)
    with lab.controls():
        lab.progress(job, "Measuring")
    made = job.latest or compute.untrained_rescaled(plain, factors)
    make = rescaled_stage.when(job.done and not job.stopped, job.stopped)
    lab.stage(make(plain, factors, made), "rescale", factors)
    return made[1][factors.index(config.rescale)]


lab = ui.lab("landscape")
with lab.controls():
    controls()
config = lab.config()
with lab.controls():
    lab.predict(facts_of)
made, branch = plane() if lab["view"] == "plane" else (rescaled(), None)
facts = compute.facts(made)
words = compute.outcome_sentence(made)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, words),
    "3-D": lambda: lab.chart(figures.surface_figure(made, dark=lab.dark), "The loss in 3-D"),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(made.config, branch), choices.CODE),
    "Sources": lab.sources,
})  # fmt: skip
