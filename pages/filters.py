from dataclasses import replace

from dlviz import ui
from dlviz.filters import choices, compute, figures
from dlviz.picture_sets import PICTURE_SETS

HANDS = {  # what becomes of the settings when the hand has done something
    "paint": lambda said: lab.set(choices.painted(said["drawing"], lab["turn"])),
}


@ui.cached
def stage(config, field, values, looks, _trace) -> bytes:
    """Make the main picture; the trace follows from the Config once it is done."""
    return ui.squeeze(figures.filters_scene(_trace, config, field, values, **dict(looks)))


@ui.cached
def trace_of(config) -> compute.FiltersTrace:
    return compute.train(config)


def facts_of(config) -> compute.Facts:
    return compute.facts(trace_of(compute.learning(config)), config)


def choose_architecture() -> None:
    if lab["preset"] != "own":
        lab.set({"architecture": choices.architecture(lab["preset"], lab["dataset"])})


def choose_dataset() -> None:
    lab.set(choices.with_dataset(lab["dataset"], lab["architecture"]))


def look_at(place: ui.Place) -> None:
    lab.set({"block": int(place["x"]), "unit": int(place["y"])})


def controls() -> None:
    lab.choice("dataset", "Data", choices.DATASET_NAMES, choose_dataset)
    names = choices.architecture_names(lab["architecture"], lab["dataset"])
    lab.set({"preset": choices.preset_of(lab["architecture"], lab["dataset"]) or "own"})
    lab.choice("preset", "Network", names, choose_architecture)
    lab.text("architecture", "Blocks", "conv 8 3 same; pool 2; dense 32", choices.HELP)
    lab.slider("epochs", "Epochs", 0, 40)
    lab.segments("source", "Picture", choices.SOURCES)
    knobs = choices.knobs_for(lab["source"])
    lab.set({"turn": lab["turn"] if lab["turn"] in knobs else "angle"})
    lab.choice("turn", "The knob turns", knobs)
    if lab["source"] == "drawn":
        size = PICTURE_SETS[lab["dataset"]].size
        lab.pad("drawing", "Drawing", size, size, soft=size > 8)
    with lab.more():
        lab.rows(choices.MORE)
        lab.rows(choices.looks(lab["architecture"], lab["dataset"], lab["block"]))


def missing() -> str:
    """Fetch the pictures; return why there are none, or "" once there are."""
    here = lab.work(compute.fetching, config.dataset, share=lambda said: said is not None)
    with lab.controls():
        lab.progress(here, "Fetching")
    return "These pictures are being fetched." if here.latest is None else str(here.latest)


def inside(make, found, name: str, *, autoplay: bool = False) -> None:
    """Show what is in the block that is looked at."""
    lab.small(make(trace, *chosen, found(trace, chosen[0])), f"{name}_{chosen}", autoplay=autoplay)


def pixels() -> None:
    scene = figures.blame_scene(trace, compute.blame(trace, config), facts["answer"])
    lab.small(scene, f"pixels_{facts['answer']}")


def parameters() -> None:
    lab.choice("counted", "Count the parameters of", choices.COUNTED)
    label, layers = compute.layers_of(lab["counted"], trace.net)
    lab.small(figures.counter_scene(label, layers), f"counter_{lab['counted']}")
    lab.table_of(compute.rows(layers))


lab = ui.lab("filters")
with lab.controls():
    controls()
config = lab.config()
if config.dataset in choices.FETCHED and (why := missing()):
    lab.refuse(why)  # until there are pictures, the usual ones
    config = compute.FiltersConfig()
asked = compute.learning(config)
job = lab.work(compute.steps, asked, share=compute.share_of)
with lab.controls():
    lab.progress(job, "Training")
trace = job.latest or compute.untrained(asked)
field = lab["turn"]
values = choices.values_for(config, field)
at_rest = replace(config, **{field: values[0]})
chosen = choices.within(config, lab["block"], lab["unit"])
looks = (("ranges", lab["ranges"]), ("sums", lab["sums"]), ("chosen", chosen))
make = stage if job.done and not job.stopped else stage.__wrapped__  # what is whole is kept
lab.stage(make(at_rest, field, values, looks, trace), field, values, look_at, on=HANDS,
          growing=not job.done, brush=int(lab["brush"]))  # fmt: skip
facts = compute.facts(trace, config)
with lab.controls():
    lab.predict(facts_of)
lab.check_challenges(facts if job.done and not job.stopped else {})  # of whole runs
words = choices.ending(compute.outcome_sentence(trace), job.done)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, words),
    "Best patches": lambda: inside(figures.patches_scene, compute.best_patches, "patches"),
    "Dreams": lambda: inside(figures.dreams_scene, compute.dream, "dreams", autoplay=True),
    "Which pixels": pixels,
    "Map of a layer": lambda: inside(figures.embedding_scene, compute.embed, "map", autoplay=True),
    "Parameters": parameters,
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(asked), "It prints the test accuracy."),
    "Sources": lab.sources,
})  # fmt: skip
