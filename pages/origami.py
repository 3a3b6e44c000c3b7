from dataclasses import replace

from dlviz import ui
from dlviz.origami import choices, compute, figures
from dlviz.scene import knob_values

HANDS = {  # what becomes of the settings when the hand has done something
    "paint": lambda said: lab.set({"lines": choices.drawn(lab["lines"], said["stroke"])}),
}

trace_of = ui.cached(compute.unfold)
hand_of = ui.cached(compute.fold_by_hand)


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(trace_of(config))


@ui.cached
def regions_stage(config, field, values, by, hinges) -> bytes:
    return ui.squeeze(figures.origami_scene(config, field, values, by=by, hinges=hinges))


@ui.cached
def fold_stage(config) -> bytes:
    return ui.squeeze(figures.fold_scene(trace_of(config)))


@ui.cached
def hand_stage(hand) -> bytes:
    return ui.squeeze(figures.hand_scene(hand_of(hand)))


def kind_changed() -> None:
    knobs = choices.knobs_for(lab["activation"], lab["network"])
    lab.set({"turn": next(iter(knobs)), "edits": ""})


def controls() -> None:
    lab.segments("picture", "Picture", choices.PICTURES)
    if lab["picture"] == "hand":
        lab.slider("folds", "Times folded", 0, 5)
        lab.text("lines", "Lines on the packet: x y x y; ...", "-0.9 0.3 0.9 0.6")
        lab.button("Clear the lines", "Take all lines off the packet", {"lines": ""})
        return
    with lab.side_by_side():
        network = lab.choice("network", "Network", choices.NETWORKS, kind_changed)
        units = {"relu": "ReLU"} if network == "trained" else choices.UNITS
        activation = lab.choice("activation", "Units", units, kind_changed)
    lab.widths("hidden", "Hidden layers", 6, 64)
    if network == "trained":
        with lab.side_by_side():
            lab.choice("dataset", "Data", choices.DATASET_NAMES)
            lab.slider("steps", "Steps", 0, 2000, 20)
    else:
        knobs = choices.knobs_for(activation, network)
        lab.set({"turn": lab["turn"] if lab["turn"] in knobs else next(iter(knobs))})
        lab.choice("turn", "The knob turns", knobs)
    with lab.side_by_side():
        lab.choice("by", "Colored by", choices.COLORS)
        lab.button("Re-roll", "Other random weights", {"seed": (lab["seed"] + 1) % 100})
    with lab.more():
        lab.rows(choices.MORE)
    lab.tie("edits", (lab["network"], lab["hidden"]))


def show_stage() -> None:
    """Show the picture that is chosen."""
    field, picture = lab["turn"], lab["picture"]
    values = knob_values(float(getattr(config, field)), choices.VALUES[field])
    if picture == "hand":
        hand = choices.hand_of(lab["folds"], lab["lines"])
        lab.stage(hand_stage(hand), field, values, on=HANDS, brush=0)
    elif picture == "fold" and len(trace.regions) <= figures.MOST:
        lab.stage(fold_stage(config), field, values)
    else:
        at_rest = config if config.network == "trained" else replace(config, **{field: values[0]})
        scene = regions_stage(at_rest, field, values, lab["by"], lab["hinges"])
        lab.stage(scene, field, values, on=HANDS, edits=lab["edits"])


def notice() -> None:
    if by_hand:
        hand = choices.hand_of(lab["folds"], lab["lines"])
        lab.say(compute.hand_sentence(hand_of(hand)))
    else:
        lab.notice(facts, compute.outcome_sentence(trace))


lab = ui.lab("origami")
with lab.controls():
    controls()
config = lab.config()
edited = choices.edited(config, lab["turn"], lab["edits"])
trace = trace_of(edited)
facts = facts_of(edited)
with lab.controls():
    lab.predict(facts_of)
show_stage()
by_hand = lab["picture"] == "hand"
if not by_hand:
    lab.check_challenges(facts)
lab.tabs({
    "What to notice": notice,
    "3-D": lambda: lab.chart(figures.surface_figure(trace, dark=lab.dark), "The network's surface"),
    "Bounds": lambda: lab.table_of(compute.bound_rows(facts)),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), "It counts the regions."),
    "Sources": lab.sources,
})  # fmt: skip
