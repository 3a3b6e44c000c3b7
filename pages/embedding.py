from dataclasses import replace

from dlviz import ui
from dlviz.embedding import choices, compute, figures
from dlviz.scene import knob_values


@ui.cached
def shown_facts(config, table_key, _trace, _cloud) -> compute.Facts:
    return compute.facts(_trace, _cloud)


@ui.cached
def map_stage(at_rest, values, table_key, views, _sweep, _cloud) -> bytes:
    return ui.squeeze(figures.embedding_scene(_sweep, _cloud, fixed=views[0], tiles=views[1]))


@ui.cached
def trust_stage(at_rest, values, table_key, name, _traces, _cloud) -> bytes:
    return ui.squeeze(figures.trust_scene(compute.trust_of(_traces, _cloud), _cloud, name))


@ui.cached
def wall_stage(config, kind, table_key, tiles, _wall) -> bytes:
    return ui.squeeze(figures.wall_scene(_wall, tiles=tiles))


def controls():
    """Place the controls; return the user's own table, if one is asked for."""
    picture = lab.choice("picture", "Picture", choices.PICTURES)
    lab.set(choices.with_picture(picture, lab["dataset"]))
    with lab.side_by_side():
        lab.choice("dataset", "Data", choices.DATASET_NAMES,
                   lambda: lab.set(choices.with_dataset(lab["dataset"])))  # fmt: skip
        if picture in choices.ONE_MAP:
            lab.choice("method", "Method", choices.METHOD_NAMES)
    table = lab.features() if lab["dataset"] == "table" else None
    lab.set(choices.fitted(lab["perplexity"], lab["n"], lab["dataset"]))
    lab.rows(choices.rows(lab["dataset"], picture))
    with lab.more():
        lab.rows(choices.more(lab["dataset"], picture, lab["layer"], lab["method"]))
    return table


def made(kept, function, *args, more=()):
    """Return what was made beforehand, or the result so far; if it is over; if it is whole."""
    if x is None and (ready := kept(*args)):
        return ready, True, True
    job = lab.follow("Embedding", function, *args, x, *more, share=lambda result: result.share)
    return job.latest, job.done, job.done and not job.stopped


def tsne_stage():
    """Show all perplexities; return the run of this one, and whether it is over."""
    at_rest = replace(config, method="tsne", perplexity=values[0])
    begun = choices.begun_with(lab.state.get("begun"), (at_rest, values, x), config.perplexity)
    *_, first = lab.state["begun"] = begun
    sweep, done, whole = made(
        compute.shipped, compute.sweep_steps, at_rest, values, more=(first,))  # fmt: skip
    sweep = sweep or compute.beginning(at_rest, values, x)
    if lab["picture"] == "trust" and whole:
        scene = trust_stage(at_rest, values, table_key, "", sweep.traces, cloud)
    else:
        make = map_stage if whole else map_stage.__wrapped__  # what is whole is kept
        scene = make(at_rest, values, table_key, (lab["fixed"], lab["images"]), sweep, cloud)
    lab.stage(scene, "perplexity", values, growing=not done)
    return sweep.trace(config.perplexity), done


def other_stage():
    """Show the map of a method without steps; return it, once it is made."""
    trace, _, whole = made(compute.kept_map, compute.steps, config)
    name, is_there = choices.METHOD_NAMES[config.method], whole and trace.outcome != "none"
    if lab["picture"] == "trust" and is_there:
        scene = trust_stage(config, (), table_key, name, (trace,), cloud)
    else:
        facts = shown_facts(config, table_key, trace, cloud) if whole else None
        scene = ui.squeeze(figures.single_scene(trace, cloud, facts, name, lab["images"]))
    lab.stage(scene, "perplexity", values)
    return trace, whole


def run_parts():
    """Show one map; return what is to be said of it, by tab."""
    is_tsne = config.method == "tsne"
    trace, done = tsne_stage() if is_tsne else other_stage()
    facts = shown_facts(trace.config, table_key, trace, cloud) if done and trace.share == 1 else {}
    lab.check_challenges(facts)
    say = lambda: lab.notice(facts, compute.outcome_sentence(facts), formula=is_tsne)  # noqa: E731
    return {
        "What to notice": say if facts else lambda: lab.say("Still under way."),
        "Code": lambda: lab.code(compute.script(config), "It prints KL, or how wide the map is."),
    }


def wall_parts(kind):
    """Show maps side by side; return what is to be said of them, by tab."""
    wall, done, whole = made(compute.kept_wall, compute.wall_steps, config, kind)
    make = wall_stage if whole else wall_stage.__wrapped__
    wall = wall or compute.blank_wall(config, kind, x)
    scene = make(config, kind, table_key, lab["images"], wall)
    lab.stage(scene, "perplexity", values, growing=not done)
    rows = compute.wall_rows(wall) if whole else ()
    return {"What to notice": lambda: lab.say(compute.wall_sentence(wall), rows)}


lab = ui.lab("embedding")
with lab.controls():
    table = controls()
config, x, table_key = choices.with_table(lab.config(), table, lab.table_key)
if x is not None:
    lab.state["perplexity"] = config.perplexity  # a table may have too few points for more
cloud = compute.points_of(config, x)
values = knob_values(float(config.perplexity), compute.usual_perplexities(len(cloud)))
with lab.controls():
    lab.predict(lambda asked: shown_facts(asked, "", compute.whole(asked), None))
parts = wall_parts(lab["picture"]) if lab["picture"] in compute.WALLS else run_parts()
lab.tabs({**parts, "Challenges": lab.challenges, "Sources": lab.sources})
