from dataclasses import replace

from dlviz import ui
from dlviz.adversarial import choices, compute, figures
from dlviz.adversarial.knobs import knob_of, values_of


@ui.cached
def stage(config, values) -> bytes:
    """Make the main picture; ``config`` has the knob at rest, so that all its turns share it."""
    return ui.squeeze(figures.adversarial_scene(config, values))


@ui.cached
def plane_stage(config, values, exact, _regions) -> bytes:
    """Make the picture of a plane, by its regions if they are known exactly; as ``stage``."""
    return ui.squeeze(figures.plane_scene(config, values, _regions))


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(config)


def settings() -> dict:
    return {name: lab[name] for name in vars(compute.AdversarialConfig())}


def digit() -> None:
    """Place the controls of the picture that is attacked."""
    kind, dataset = lab["victim"], lab["dataset"]
    side, count = choices.reads(kind, dataset)
    if lab.segments("source", "Picture", choices.SOURCES) == "test":
        lab.slider("digit", "Which test digit", 0, count - 1)
        return
    with lab.more("Upload a picture"):
        lab.own_digit("drawing", side)
    start = choices.test_drawing(kind, dataset, lab["digit"])
    lab.button("Test digit on the pad", "To be changed by hand", {"drawing": start})
    lab.pad("drawing", "Drawing", side, side, soft=kind == "printed")


def controls() -> None:
    picture = lab.choice("picture", "Show", choices.PICTURE_NAMES)
    lab.set(choices.fitting(settings()))
    lab.rows(choices.rows(picture))
    lab.rows(choices.further_rows(picture, lab["victim"]))
    lab.set(choices.fitting(settings()))
    if picture not in choices.ALL_DIGITS:
        digit()
    if more := choices.more_rows(picture, lab["victim"]):
        with lab.more():
            lab.rows(more)


def trained(config):
    """Return the Config with the epochs that its network has been trained for so far."""
    if config.victim != choices.OWN:
        return config, True
    asked = compute.recipe_of(config)
    job = lab.follow("Training", compute.own_victim_steps, asked, share=compute.share_of)
    found = job.latest or next(compute.own_victim_steps(asked))
    compute.keep(found)
    if found.diverged:
        lab.refuse(choices.RAN_AWAY)
        return compute.AdversarialConfig(), True
    return replace(config, epochs=found.recipe.epochs), job.done


def picture(config, values):
    """Return the main picture, and whether it is all there is to be."""
    if config.picture != "plane":
        return stage(config, values), True
    job = lab.follow("Finding the borders", compute.regions_steps, config)
    known = job.latest if job.latest and job.latest.share == 1 else compute.NO_REGIONS
    return plane_stage(config, values, known.share == 1, known), job.done


lab = ui.lab("adversarial")
with lab.controls():
    controls()
config, done = trained(lab.config())
field, values = knob_of(config), values_of(config)
with lab.controls():
    lab.predict(facts_of)
at_rest = replace(config, **{field: type(getattr(config, field))(values[0])})
scene, whole = picture(at_rest, values)
lab.stage(scene, field, values, growing=not (done and whole))
facts = facts_of(config)
lab.check_challenges(facts)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(facts)),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), compute.PRINTS[config.picture]),
    "Sources": lab.sources,
})  # fmt: skip
