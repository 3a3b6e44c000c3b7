from dlviz import ui
from dlviz.landscape import choices, compute, figures


@ui.cached
def stage(config, _made) -> bytes:
    return ui.squeeze(figures.landscape_scene(_made))


@ui.cached
def rescaled_stage(config, factors, _made) -> bytes:
    return ui.squeeze(figures.rescale_scene(_made, factors))


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(compute.surface(config))


def controls() -> None:
    if lab.segments("view", "Picture", choices.VIEWS) == "plane":
        lab.segments("directions", "Plane through", choices.DIRECTION_NAMES)
    with lab.side_by_side():
        lab.choice("dataset", "Data", choices.DATASET_NAMES)
        if lab["view"] == "plane":
            lab.choice("activation", "Units", choices.ACTIVATION_NAMES)
    with lab.side_by_side():
        lab.slider("depth", "Layers", 1 if lab["view"] == "plane" else 2, 6)
        lab.slider("width", "Units in each", 2, 12)
    if lab["view"] == "plane":
        lab.toggle("skip", "Skip connections", "Each layer adds its input to what it puts out")
    with lab.more("Training"):
        lab.choice("optimizer", "Update rule", choices.OPTIMIZER_NAMES)
        lab.slider("lr", "Learning rate η", 0.01, 2.0, 0.01)
        lab.slider("steps", "Steps", 10, 500, 10)
        lab.slider("noise", "Noise in the data", 0.0, 0.5, 0.05)
        lab.slider("seed", "Seed", 0, 99)
    with lab.more("Plane"):
        lab.slider("extent", "Reach", 0.1, 3.0, 0.1)
        lab.slider("direction_seed", "Other random directions", 0, 99)


def plane() -> compute.Surface:
    """Show the plane with the way on it; return what there is of it."""
    job = lab.work(compute.survey_steps, config, share=compute.share_of)
    with lab.controls():
        lab.progress(job, "Training")
    made = job.latest or compute.untrained(config)
    whole = job.done and not job.stopped
    scene = (stage if whole else stage.__wrapped__)(config, made)
    lab.stage(scene, "rescale", (config.rescale,), growing=not job.done)
    if whole:
        lab.check_challenges(compute.facts(made))
    return made


def rescaled() -> compute.Surface:
    """Show raw and filter-normalized directions; the knob rescales the network."""
    factors = compute.rescales(config.rescale)
    plain = choices.plain_relu(config)
    job = lab.work(compute.rescaled_steps, plain, factors, share=compute.share_of_rescaled)
    with lab.controls():
        lab.progress(job, "Measuring")
    made = job.latest or compute.untrained_rescaled(plain, factors)
    make = rescaled_stage if job.done and not job.stopped else rescaled_stage.__wrapped__
    lab.stage(make(plain, factors, made), "rescale", factors)
    return made[1][factors.index(config.rescale)]


lab = ui.lab("landscape")
with lab.controls():
    controls()
config = lab.config()
with lab.controls():
    lab.predict(facts_of)
made = plane() if lab["view"] == "plane" else rescaled()
facts = compute.facts(made)
words = compute.outcome_sentence(made)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, words),
    "3-D": lambda: lab.chart(figures.surface_figure(made, dark=lab.dark), "The loss in 3-D"),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), "Run it in the folder of this app."),
    "Sources": lab.sources,
})  # fmt: skip
