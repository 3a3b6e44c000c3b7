from dataclasses import replace

from dlviz import ui
from dlviz.explain import choices, compute, figures

sweep_of = ui.cached(compute.sweep)


@ui.cached
def stage(config, field, values, method) -> bytes:
    """Make the main picture; ``config`` has the knob at rest, so that all its turns share it."""
    if config.picture == "distractor":
        scene = figures.pixels_scene(compute.two_pixels(config, values), values[0])
    elif config.picture == "erase":
        scene = figures.erase_scene(compute.erase(config, values), method, values[0])
    else:
        scene = figures.maps_scene(sweep_of(config, field, values), method)
    return ui.squeeze(scene)


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(config)


def enlarge(place: ui.Place) -> None:
    if method := figures.method_at(place["x"], place["y"]):
        lab.set({"method": method})


def input_of() -> None:
    if lab.segments("source", "Picture", choices.SOURCES) == "drawn":
        with lab.more("Upload a picture"):
            lab.own_digit("drawing")
        lab.pad("drawing", "Drawing", choices.SIDE, choices.SIDE)
    else:
        lab.slider("digit", "Which test digit", 0, choices.DIGITS - 1)


def controls() -> None:
    if lab.segments("picture", "What is explained", choices.PICTURES) == "distractor":
        lab.slider("seed", "Seed", 0, 99)
        return
    if lab["picture"] == "maps":
        lab.choice("turn", "The knob turns", choices.TURNS)
    lab.choice("method", "Shown large", choices.METHODS)
    lab.choice("victim", "Network", choices.KINDS)
    input_of()
    lab.set({"forgotten": min(lab["forgotten"], choices.LEARNED[lab["victim"]])})
    with lab.more("Settings of the methods"):
        lab.toggle("hardened", "Trained on attacks")
        lab.rows(choices.rows(lab["turn"], lab["victim"]))


def agreement() -> None:
    if config.picture == "maps":
        lab.small(figures.agreement_scene(compute.agreement(config)), "agreement")
    else:
        lab.say("Choose maps: two pixels have none, and what is erased goes by them.")


lab = ui.lab("explain")
with lab.controls():
    controls()
config = lab.config()
field, values = compute.knob_of(config), compute.values_of(config)
with lab.controls():
    lab.predict(facts_of)
at_rest = replace(config, method="integrated", **{field: values[0]})
lab.stage(stage(at_rest, field, values, config.method), field, values, enlarge)
facts = facts_of(config)
lab.check_challenges(facts)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(facts),
                                         formula=config.picture == "maps"),
    "Do they agree?": agreement,
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), "It prints the map and its sum."),
    "Sources": lab.sources,
})  # fmt: skip
