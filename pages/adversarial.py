from dataclasses import replace

from dlviz import ui
from dlviz.adversarial import choices, compute, figures
from dlviz.adversarial.knobs import knob_of, values_of


@ui.cached
def stage(config, values) -> bytes:
    """Make the main picture; ``config`` has the knob at rest, so that all its turns share it."""
    return ui.squeeze(figures.adversarial_scene(config, values))


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(config)


def settings() -> dict:
    return {name: lab[name] for name in vars(compute.AdversarialConfig())}


def digit() -> None:
    """Place the controls of the picture that is attacked."""
    kind = lab["victim"]
    if lab.segments("source", "Picture", choices.SOURCES) == "test":
        lab.slider("digit", "Which test digit", 0, choices.last(kind))
        return
    with lab.more("From a photo"):
        own = lab.own_picture(256)
        if own and lab.state.get("on_pad") != (own.key, kind):  # a new one, or for another side
            lab.set({"drawing": choices.drawing_of(own.pixels, kind), "on_pad": (own.key, kind)})
    start = choices.test_drawing(kind, lab["digit"])
    lab.button("Test digit on the pad", "To be changed by hand", {"drawing": start})
    lab.pad("drawing", "Drawing", *choices.sides(kind), soft=kind == "printed")


def controls() -> None:
    picture = lab.choice("picture", "Show", choices.PICTURE_NAMES)
    lab.set(choices.fitting(settings()))
    lab.rows(choices.ROWS[picture])
    lab.set(choices.fitting(settings()))
    if picture not in choices.ALL_DIGITS:
        digit()
    if picture in choices.MORE:
        with lab.more():
            lab.rows(choices.MORE[picture])


lab = ui.lab("adversarial")
with lab.controls():
    controls()
config = lab.config()
field, values = knob_of(config), values_of(config)
with lab.controls():
    lab.predict(facts_of)
at_rest = replace(config, **{field: type(getattr(config, field))(values[0])})
lab.stage(stage(at_rest, values), field, values)
facts = facts_of(config)
lab.check_challenges(facts)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(facts)),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), compute.PRINTS[config.picture]),
    "Sources": lab.sources,
})  # fmt: skip
