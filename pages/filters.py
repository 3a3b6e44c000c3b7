from dataclasses import replace

from dlviz import ui
from dlviz.filters import choices, compute, figures
from dlviz.picture_sets import PICTURE_SETS


@ui.cached
def stage(config, field, values, looks, pinned, _trace, _ghost) -> bytes:
    """Make the main picture; traces follow from their Configs once they are done."""
    looks = {**dict(looks), "pinned": _ghost}
    return ui.squeeze(figures.filters_scene(_trace, config, field, values, **looks))


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(compute.train(compute.learning(config)), config)


def choose_dataset() -> None:
    lab.set(choices.with_dataset(lab["dataset"], lab["architecture"]))


def controls() -> None:
    lab.choice("dataset", "Data", choices.DATASET_NAMES, choose_dataset)
    names = choices.architecture_names(lab["architecture"], lab["dataset"])
    lab.set(choices.settled(lab["architecture"], lab["dataset"], lab["source"], lab["turn"]))
    lab.choice("preset", "Network", names,
               lambda: lab.set(choices.with_preset(lab["preset"], lab["dataset"])))  # fmt: skip
    lab.text("architecture", "Blocks", "conv 8 3 same; pool 2; dense 32", choices.HELP)
    lab.slider("epochs", "Epochs", 0, 40)
    lab.segments("source", "Picture", choices.SOURCES)
    lab.choice("turn", "The knob turns", choices.knobs_for(lab["source"]))
    if lab["source"] == "drawn":
        size = PICTURE_SETS[lab["dataset"]].size
        lab.pad("drawing", "Drawing", size, size, soft=size > 8)
    with lab.more():
        lab.rows(choices.MORE)
        lab.rows(choices.looks(lab["architecture"], lab["dataset"], lab["block"]))


def missing(config) -> str:
    """Return why there are no pictures to learn from, fetching them if need be; "" if there are."""
    if config.dataset not in choices.FETCHED:
        return ""
    fetch = compute.fetching, config.dataset
    here = lab.follow("Fetching", *fetch, share=lambda said: said is not None)
    return "These pictures are being fetched." if here.latest is None else str(here.latest)


def training(config):
    """Return the job that trains a network, and what there is of it."""
    job = lab.follow("Training", compute.steps, config, share=compute.share_of)
    return job, job.latest or compute.untrained(config)


def inside(make, found, name: str, *, autoplay: bool = False) -> None:
    """Show what is in the block that is looked at."""
    lab.small(make(trace, *chosen, found(trace, chosen[0])), f"{name}_{chosen}", autoplay=autoplay)


def pixels() -> None:
    scene = figures.blame_scene(trace, compute.blame(trace, config), facts["answer"])
    lab.small(scene, f"pixels_{facts['answer']}")


def layer_map() -> None:
    inside(figures.embedding_scene, compute.embed, "map", autoplay=True)
    lab.see("embedding", *choices.in_tsne(config, chosen[0]))


def parameters() -> None:
    lab.choice("counted", "Count the parameters of", choices.COUNTED)
    label, layers = compute.layers_of(lab["counted"], trace.net)
    lab.small(figures.counter_scene(label, layers), f"counter_{lab['counted']}")
    lab.table_of(compute.rows(layers))


lab = ui.lab("filters")
with lab.controls():
    controls()
config = lab.config()
if why := missing(config):
    lab.refuse(why)  # until there are pictures, the usual ones
    config = compute.FiltersConfig()
with lab.controls():
    pinned = lab.compare(config)
asked, pinned = compute.learning(config), pinned and compute.learning(pinned)
job, trace = training(asked)
ghost = training(pinned)[1] if pinned and not missing(pinned) else None
field = lab["turn"]
values = choices.values_for(config, field)
chosen = choices.within(config, lab["block"], lab["unit"])
looks = (("ranges", lab["ranges"]), ("sums", lab["sums"]), ("chosen", chosen))
is_whole = job.done and not job.stopped
make = stage.when(is_whole and (ghost is None or ghost.share == 1), job.stopped)
scene = make(replace(config, **{field: values[0]}), field, values, looks, pinned, trace, ghost)
lab.stage(
    scene, field, values, lambda at: lab.set({"block": int(at["x"]), "unit": int(at["y"])}),
    on={"paint": lambda said: lab.set(choices.painted(said["drawing"], lab["turn"]))},
    growing=not job.done, brush=int(lab["brush"]),
)  # fmt: skip
facts = compute.facts(trace, config)
with lab.controls():
    lab.predict(facts_of)
    if attack := choices.in_adversarial(config):
        lab.see("adversarial", *attack)
lab.check_challenges(facts if is_whole else {})
words = choices.ending(compute.outcome_sentence(trace), job.done)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, words),
    "Best patches": lambda: inside(figures.patches_scene, compute.best_patches, "patches"),
    "Dreams": lambda: inside(figures.dreams_scene, compute.dream, "dreams", autoplay=True),
    "Which pixels": pixels,
    "Map of a layer": layer_map,
    "Parameters": parameters,
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(asked), "It prints the test accuracy."),
    "Sources": lab.sources,
})  # fmt: skip
