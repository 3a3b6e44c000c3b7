from dataclasses import replace

from dlviz import ui
from dlviz.boundary import choices, compute, figures
from dlviz.scene import knob_values

HANDS = {  # what becomes of the settings when the hand has done something
    "paint": lambda said: lab.set({"points": choices.painted(lab["points"], said)}),
    "branch": lambda at: lab.branch_at(int(at), epochs=choices.longer(lab["epochs"], int(at))),
}


@ui.cached
def stage(config, rates, table_key, looks, runs, _sweep, _ghosts) -> bytes:
    """Make the main picture; what begins with "_" follows from the rest."""
    return ui.squeeze(figures.boundary_scene(_sweep, ghosts=_ghosts, **dict(looks)))


@ui.cached
def classifier_stage(name, values, config, table_key, _sets) -> bytes:
    fits = compute.fit(name, *_sets, config.features, values, span=_sets[0].span)
    return ui.squeeze(figures.classifier_scene(fits, *_sets, paint=config.dataset == "own"))


def controls() -> object:
    """Place the controls; return the user's own table, if one is asked for."""
    with lab.side_by_side():
        lab.choice("dataset", "Data", choices.DATASET_NAMES,
                   lambda: lab.set(choices.with_dataset(lab["dataset"])))  # fmt: skip
        lab.choice("model", "Model", choices.model_names(lab["dataset"]))
    if lab["dataset"] == "own":
        lab.segments("brush", "Paint on the plane", choices.BRUSHES)
        lab.point("By keyboard", lambda x, y: HANDS["paint"](choices.dot(x, y, lab["brush"])), 6.0)
    table = lab.table() if lab["dataset"] == "table" else None
    lab.several("features", "Features", choices.FEATURE_WORDS)
    if lab["model"] == "network":
        names = choices.activation_names(lab["activation"])
        lab.widths("hidden", "Hidden layers", 6, 16, "activation", "Activation", names)
        lab.menus(choices.MENUS)
    else:
        lab.menus({"Data": choices.DATA})
    lab.tie("edits", (lab["hidden"], lab["features"]))
    return table


def network() -> tuple[compute.BoundaryTrace, bool, str, str]:
    """Show the network on the stage; return its run, if it is whole, how it ended, its code."""
    with lab.controls():
        with lab.side_by_side():
            lab.button("Re-roll", "Other initial weights", {"seed": (lab["seed"] + 1) % 100})
            pinned = lab.compare(config)
        branch = lab.branch(lambda c: c.epochs, compute.FROM_THE_START)
    rates = knob_values(config.lr, choices.RATES)
    asked = (replace(config, lr=rates[0]), rates, pair, branch, lab["edits"] if branch else "")
    job = lab.work(compute.course_steps, *asked, share=compute.share_of)
    with lab.controls():
        lab.progress(job, "Training")
    sweep = job.latest or compute.untrained(*asked[:3])
    ghosts = compute.ghosts(config, branch and branch[1], pinned, pair)
    looks = (*((name, lab[name]) for name in choices.LOOKS), ("paint", config.dataset == "own"))
    is_whole, edits = job.done and not job.stopped, None if branch else lab["edits"]
    make = stage.when(is_whole, job.stopped)
    scene = make(*asked[:2], table_key, looks, (pinned, *asked[3:]), sweep, ghosts)
    lab.stage(scene, "lr", rates, on=HANDS, branch=config.epochs > 0 and not branch,
              growing=not job.done, edits=edits, brush=lab["brush"])  # fmt: skip
    run = sweep.run(rates.index(config.lr))
    run = (edits and compute.edited_run(run, edits)) or run
    return run, is_whole, choices.ending(run, job.done), compute.export_torch(run, -1)


def classifier() -> tuple[compute.BoundaryTrace, bool, str, str]:
    """Show another classifier on the stage; return an untrained network, words, and its code."""
    name, run = lab["model"], compute.train(replace(config, epochs=0), pair)
    lab.state["complexity"], values = choices.complexities(name, lab["complexity"])
    scene = classifier_stage(name, values, config, table_key, run.data)
    lab.stage(scene, "complexity", values, on=HANDS, brush=lab["brush"])
    code = compute.classifier_script(name, lab["complexity"], config, run.data, choices.FILE)
    return run, False, choices.classifier_words(name), code


def side_by_side() -> None:
    field = lab.choice("sweep_over", "Runs that differ in", choices.VARIED_NAMES)
    job = lab.work(compute.variations_steps, config, field, pair, share=lambda runs: len(runs) / 16)
    lab.progress(job, "Training")
    if job.latest:
        lab.small(figures.multiples_scene(job.latest), f"by_{field}", autoplay=True)


def other_classifiers() -> None:
    chosen = lab.several("rivals", "Up to four", choices.CLASSIFIER_NAMES, most=4)
    rivals = compute.rivals(chosen, run.data, config.features)
    lab.small(figures.rivals_scene(rivals, run.data[0]), "rivals_" + "_".join(chosen))


def take_away() -> None:
    lab.code(code, choices.CODE[is_network])
    lab.data_csv(compute.whole(run), choices.FILE)


lab = ui.lab("boundary")
with lab.controls():
    table = controls()
config, table_key, pair = choices.with_table(lab.config(), table, lab.table_key)
is_network = lab["model"] == "network"
run, is_whole, words, code = network() if is_network else classifier()
facts = compute.facts(run)
with lab.controls():
    lab.predict(lambda asked: compute.facts(compute.trained(asked)))
lab.check_challenges(facts if is_whole else {})
inside = lambda: lab.small(figures.inside_scene(run), "inside", autoplay=True)  # noqa: E731
networks_own = {"Inside": inside, "Side by side": side_by_side} if is_network else {}
lab.tabs({
    "What to notice": lambda: lab.notice(facts, words) if is_network else lab.say(words),
    **networks_own,
    "Other classifiers": other_classifiers,
    "Challenges": lab.challenges,
    "Code": take_away,
    "Sources": lab.sources,
})  # fmt: skip
