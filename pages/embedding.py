from dataclasses import replace

from dlviz import ui
from dlviz.embedding import choices, compute, figures
from dlviz.scene import knob_values


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(compute.whole(config))


@ui.cached
def shown_facts(config, table_key, _trace, _cloud) -> compute.Facts:
    return compute.facts(_trace, _cloud)


@ui.cached
def map_stage(at_rest, values, table_key, views, _sweep, _cloud) -> bytes:
    return ui.squeeze(figures.embedding_scene(_sweep, _cloud, fixed=views[0], tiles=views[1]))


@ui.cached
def trust_stage(at_rest, values, table_key, _sweep, _cloud) -> bytes:
    return ui.squeeze(figures.trust_scene(compute.trust_of(_sweep.traces, _cloud), _cloud))


@ui.cached
def wall_stage(config, kind, table_key, _wall) -> bytes:
    return ui.squeeze(figures.wall_scene(_wall))


def controls():
    """Place the controls; return the user's own table, if one is asked for."""
    picture = lab.choice("picture", "Picture", choices.PICTURES)
    if picture == "layers" and lab["dataset"] != "digits":  # of which the networks are
        lab.set({"dataset": "digits", **choices.with_dataset("digits")})
    changed = lambda: lab.set(choices.with_dataset(lab["dataset"]))  # noqa: E731
    with lab.side_by_side():
        lab.choice("dataset", "Data", choices.DATASET_NAMES, changed)
        if picture == "run":
            lab.choice("method", "Method", choices.METHOD_NAMES)
    table = lab.features() if lab["dataset"] == "table" else None
    if lab["dataset"] != "table":  # before its slider is placed
        lab.set({"perplexity": choices.fitting(lab["perplexity"], lab["n"], lab["dataset"])})
    lab.rows(choices.rows(lab["dataset"], picture, lab["method"]))
    with lab.more():
        lab.rows(choices.more(lab["dataset"], picture, lab["layer"], lab["method"]))
    return table


def work(function, *args):
    """Return the result so far, whether it is over, and whether it is whole."""
    job = lab.work(function, *args, share=lambda made: made.share)
    with lab.controls():
        lab.progress(job, "Embedding")
    return job.latest, job.done, job.done and not job.stopped


def tsne_stage():
    """Show all perplexities; return the run of this one, and whether it is over."""
    at_rest = replace(config, method="tsne", perplexity=values[0])
    kept = x is None and compute.shipped(at_rest, values)
    begun = choices.begun_with(lab.state.get("begun"), (at_rest, values, x), config.perplexity)
    *_, first = lab.state["begun"] = begun
    made = (kept, True, True) if kept else work(compute.sweep_steps, at_rest, values, x, first)
    sweep, done, whole = made[0] or compute.beginning(at_rest, values, x), *made[1:]
    if lab["picture"] == "trust" and whole:
        scene = trust_stage(at_rest, values, table_key, sweep, cloud)
    else:
        make = map_stage if whole else map_stage.__wrapped__  # what is whole is kept
        scene = make(at_rest, values, table_key, (lab["fixed"], lab["images"]), sweep, cloud)
    lab.stage(scene, "perplexity", values, growing=not done)
    return sweep.trace(config.perplexity), done


def other_stage():
    """Show the map of a method without steps; return it, once it is made."""
    trace, _, whole = work(compute.steps, config, x)
    facts = shown_facts(config, table_key, trace, cloud) if whole else None
    name = choices.METHOD_NAMES[config.method]
    lab.stage(ui.squeeze(figures.single_scene(trace, cloud, facts, name)), "perplexity", values)
    return trace, whole


def run_parts():
    """Show one map; return what is to be said of it, by tab."""
    is_tsne = config.method == "tsne" or lab["picture"] == "trust"
    trace, done = tsne_stage() if is_tsne else other_stage()
    facts = shown_facts(trace.config, table_key, trace, cloud) if done and trace.share == 1 else {}
    lab.check_challenges(facts)
    say = compute.outcome_sentence
    words = lambda: lab.notice(facts, say(facts), formula=is_tsne)  # noqa: E731
    return {
        "What to notice": words if facts else lambda: lab.say("Still under way."),
        "Code": lambda: lab.code(compute.script(config), "It prints KL, or how wide the map is."),
    }


def wall_parts(kind):
    """Show maps side by side; return what is to be said of them, by tab."""
    wall, done, whole = work(compute.wall_steps, config, kind, x)
    make = wall_stage if whole else wall_stage.__wrapped__
    wall = wall or compute.blank_wall(config, kind, x)
    lab.stage(make(config, kind, table_key, wall), "perplexity", values, growing=not done)
    return {"What to notice": lambda: lab.say(compute.wall_sentence(wall))}


lab = ui.lab("embedding")
with lab.controls():
    table = controls()
config, x, table_key = choices.with_table(lab.config(), table, lab.table_key)
if x is not None:
    lab.state["perplexity"] = config.perplexity  # a table may have too few points for more
cloud = compute.points_of(config, x)
values = knob_values(float(config.perplexity), compute.usual_perplexities(len(cloud)))
with lab.controls():
    lab.predict(facts_of)
parts = wall_parts(lab["picture"]) if lab["picture"] in compute.WALLS else run_parts()
lab.tabs({**parts, "Challenges": lab.challenges, "Sources": lab.sources})
