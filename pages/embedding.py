from dataclasses import replace

from dlviz import ui
from dlviz.embedding import choices, compute, figures
from dlviz.scene import knob_values


def usual_share(made) -> float:
    return made.share


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(compute.whole(config))


@ui.cached
def shown_facts(config, stopped, _trace, _cloud) -> compute.Facts:
    return compute.facts(_trace, _cloud)


@ui.cached
def map_stage(at_rest, values, fixed, _sweep, _cloud) -> bytes:
    return ui.squeeze(figures.embedding_scene(_sweep, _cloud, fixed=fixed))


@ui.cached
def trust_stage(at_rest, values, _sweep, _cloud) -> bytes:
    return ui.squeeze(figures.trust_scene(compute.trust_of(_sweep.traces, _cloud), _cloud))


@ui.cached
def wall_stage(config, kind, _wall) -> bytes:
    return ui.squeeze(figures.wall_scene(_wall))


def controls() -> None:
    picture = lab.choice("picture", "Picture", pictures())
    changed = lambda: lab.set(choices.with_dataset(lab["dataset"]))  # noqa: E731
    with lab.side_by_side():
        lab.choice("dataset", "Data", choices.DATASET_NAMES, changed)
        if picture == "run":
            lab.choice("method", "Method", choices.METHOD_NAMES)
    lab.slider("n", "Points", choices.LEAST, choices.most_points(lab["dataset"]))
    if lab["dataset"] == "digits" and picture != "layers":
        lab.choice("layer", "Seen as", choices.LAYER_NAMES)
    if lab["dataset"] == "digits" and (picture == "layers" or lab["layer"] != "pixels"):
        lab.slider("epochs", "Epochs the network was trained", 0, 30)
    if compute.CLOUDS[lab["dataset"]].free:
        lab.slider("dim", "Dimensions (0: as usual)", 0, 100)
    with lab.more():
        lab.rows(choices.RUN)
    lab.set({"perplexity": choices.fitting(lab["perplexity"], lab["n"])})


def pictures() -> dict[str, str]:
    """Return the pictures there are of these data."""
    names = dict(choices.PICTURES)
    if lab["dataset"] != "digits":
        del names["layers"]
    return names


def working(function, *args, doing):
    """Return how far a computation is, and show it."""
    job = lab.work(function, *args, share=usual_share)
    with lab.controls():
        lab.progress(job, doing)
    return job, job.done and not job.stopped


def tsne_stage() -> tuple[compute.EmbeddingTrace, bool]:
    """Show all perplexities; return the run of this one, and whether it is over."""
    at_rest = replace(config, method="tsne", perplexity=values[0])
    job, whole = working(compute.sweep_steps, at_rest, values, doing="Embedding")
    sweep = job.latest or compute.beginning(at_rest, values)
    if lab["picture"] == "trust" and job.done:
        scene = trust_stage(at_rest, values, sweep, cloud)
    else:
        make = map_stage if whole else map_stage.__wrapped__  # what is whole is kept
        scene = make(at_rest, values, lab["fixed"], sweep, cloud)
    lab.stage(scene, "perplexity", values, growing=not job.done)
    return sweep.trace(config.perplexity), job.done


def other_stage() -> tuple[compute.EmbeddingTrace | None, bool]:
    """Show the map of a method without steps; return it, once it is made."""
    job, whole = working(compute.steps, config, doing="Embedding")
    facts = shown_facts(config, False, job.latest, cloud) if whole else None
    scene = figures.single_scene(job.latest, cloud, facts, choices.METHOD_NAMES[config.method])
    lab.stage(ui.squeeze(scene), "perplexity", values)
    return job.latest, whole


def wall_of(kind) -> None:
    """Show maps side by side."""
    job, whole = working(compute.wall_steps, config, kind, doing="Embedding")
    if job.latest:
        make = wall_stage if whole else wall_stage.__wrapped__
        scene = make(config, kind, job.latest)
    else:
        scene = ui.squeeze(figures.single_scene(None, cloud, None, choices.PICTURES[kind]))
    lab.stage(scene, "perplexity", values, growing=not job.done)
    lab.tabs({
        "What to notice": lambda: job.latest and lab.say(compute.wall_sentence(job.latest)),
        "Challenges": lab.challenges,
        "Sources": lab.sources,
    })  # fmt: skip


def run_of() -> None:
    """Show one map, and what is to be said of it."""
    is_tsne = config.method == "tsne" or lab["picture"] == "trust"
    trace, done = tsne_stage() if is_tsne else other_stage()
    facts = shown_facts(trace.config, not done, trace, cloud) if trace and done else {}
    lab.check_challenges(facts)
    words = lambda: lab.notice(facts, compute.outcome_sentence(facts))  # noqa: E731
    lab.tabs({
        "What to notice": words if facts else lambda: lab.say("Still under way."),
        "Challenges": lab.challenges,
        "Code": lambda: lab.code(compute.script(config), "It prints KL, or how wide the map is."),
        "Sources": lab.sources,
    })  # fmt: skip


lab = ui.lab("embedding")
with lab.controls():
    controls()
config = lab.config()
cloud = compute.cloud_of(config)
values = knob_values(float(config.perplexity), compute.usual_perplexities(len(cloud)))
with lab.controls():
    lab.predict(facts_of)
if lab["picture"] in compute.WALLS:
    wall_of(lab["picture"])
else:
    run_of()
