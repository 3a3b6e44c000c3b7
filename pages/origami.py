from dataclasses import replace

from dlviz import ui
from dlviz.origami import choices, compute, figures
from dlviz.scene import knob_values

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


def draw_line(said) -> None:
    if said["frame"] in figures.packet_frames(hand_of(hand)):  # elsewhere it is not the packet
        lab.set({"lines": choices.drawn(lab["lines"], said["stroke"])})


def kind_changed() -> None:
    knobs = choices.knobs_for(lab["activation"], lab["network"])
    lab.set({"turn": next(iter(knobs)), "edits": ""})


def controls() -> None:
    lab.segments("picture", "Picture", choices.PICTURES)
    if lab["picture"] == "hand":
        lab.slider("folds", "Times folded", 0, 5)
        lab.text("lines", "Lines on the packet: x y x y; ...", "-0.9 0.3 0.9 0.6",
                 most=choices.LONGEST)  # fmt: skip
        if odd := choices.refusal(lab["lines"]):
            lab.refuse(odd)
        with lab.side_by_side():
            undone = {"lines": choices.undone(lab["lines"])}
            lab.button("Undo the last", "Take the last line off the packet", undone)
            lab.button("Clear the lines", "Take all lines off the packet", {"lines": ""})
        return
    with lab.side_by_side():
        network = lab.choice("network", "Network", choices.NETWORKS, kind_changed)
        units = choices.units_for(network, lab["picture"])
        activation = lab.choice("activation", "Units", units, kind_changed)
    lab.widths("hidden", "Hidden layers", 6, 64)
    if network == "trained":
        with lab.side_by_side():
            lab.choice("dataset", "Data", choices.DATASET_NAMES)
            lab.slider("steps", "Steps", 0, 2000, 20)
    else:
        knobs = choices.knobs_for(activation, network)
        lab.set({"turn": lab["turn"] if lab["turn"] in knobs else next(iter(knobs))})
        if lab["picture"] == "regions":
            lab.choice("turn", "The knob turns", knobs)
    with lab.side_by_side():
        if lab["picture"] == "regions" and activation == "relu":
            lab.choice("by", "Colored by", choices.COLORS)
        if network != "folds":
            lab.button("Re-roll", "Other random weights", {"seed": (lab["seed"] + 1) % 100})
    with lab.more():
        lab.rows(choices.more_for(activation, network, lab["picture"]))
    lab.tie("edits", (lab["network"], lab["hidden"]))


def show_stage() -> None:
    """Show the picture that is chosen."""
    field, picture = lab["turn"], lab["picture"]
    values = knob_values(float(getattr(config, field)), choices.VALUES[field])
    if hand:
        lab.stage(hand_stage(hand), field, values, on={"paint": draw_line}, brush=0)
    elif picture == "fold" and len(trace.regions) <= figures.MOST:
        lab.stage(fold_stage(config), field, values)
    else:
        if picture == "fold":
            lab.notes.append(f"{len(trace.regions)} pieces are too many to tell apart in a fold.")
        at_rest = config if config.network == "trained" else replace(config, **{field: values[0]})
        scene = regions_stage(at_rest, field, values, lab["by"], lab["hinges"])
        lab.stage(scene, field, values, edits=lab["edits"])


lab = ui.lab("origami")
with lab.controls():
    controls()
config = lab.config()
edited = choices.edited(config, lab["turn"], lab["edits"])
hand = choices.hand_of(lab["folds"], lab["lines"]) if lab["picture"] == "hand" else None
trace, facts = trace_of(edited), facts_of(edited)
with lab.controls():
    lab.predict(facts_of)
show_stage()
tabs = {
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(trace)),
    "3-D": lambda: lab.chart(figures.surface_figure(trace, dark=lab.dark), "The network's surface"),
    "Bounds": lambda: lab.table_of(compute.bound_rows(facts)),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(edited), "It counts the regions."),
}
if hand:  # the rest is about a network that is not in sight
    tabs = {
        "What to notice": lambda: lab.say(compute.hand_sentence(hand_of(hand))),
        "Code": lambda: lab.code(compute.hand_script(hand_of(hand)), "It counts the pieces."),
    }
else:
    lab.check_challenges(facts)
lab.tabs({**tabs, "Sources": lab.sources})
