from dlviz import ui
from dlviz.gan import choices, compute, figures

IN_TORCH = "The same in torch."
HANDS = {  # what becomes of the settings when the hand has done something
    "paint": lambda said: lab.set({"points": choices.painted(lab["points"], said)}),
}


@ui.cached
def stage(asked, branch, pinned, looks, _games, _ghost) -> bytes:
    return ui.squeeze(figures.game_scene(_games, looks, _ghost))


@ui.cached
def wall(run, branch, pinned, _trace, _ghost) -> bytes:
    return ui.squeeze(figures.picture_scene(run.picture, _trace, choices.MIXES, _ghost))


@ui.cached
def still(picture, method, asked, step) -> bytes:
    if picture == "slow":
        return ui.squeeze(figures.slow_scene(compute.slow_motion(asked, step)))
    return ui.squeeze(figures.theory_scene(picture, method, choices.KNOBS[picture][1]))


def controls() -> None:
    picture = lab.choice("picture", "Picture", choices.PICTURES)
    lab.rows(choices.CONTROLS[picture])
    if picture in ("game", "slow"):
        if lab["data"] in ("own", "own_line"):
            lab.rows([choices.OWN])
            lab.point("By keyboard", choices.dot(HANDS["paint"]), 2.0)
        lab.rows(choices.MENUS)


def other_runs(run, fixed):
    with lab.controls():
        with lab.side_by_side():
            lab.button("Re-roll", "Another seed", {"seed": (lab["seed"] + 1) % 100})
            pinned = lab.compare(run) if lab["picture"] in choices.COMPARED else None
        return pinned, lab.branch(compute.last_of, fixed)


def game() -> None:
    pinned, branch = other_runs(config, compute.FROM_THE_START)
    asked = choices.asked_of(config)
    args, others = (*asked, compute.past_of(branch)), pinned and (pinned, "seed", (pinned.seed,))
    job, ghost, whole = lab.follow_two("Training", compute.shown_steps, args, others)
    games = job.latest or compute.untrained(*asked)
    scene = stage.when(whole, job.stopped)(asked, branch, pinned, lab["looks"], games, ghost)
    lab.stage(scene, "lr_g", asked[2], on=HANDS, branch=config.steps > 0 and not branch,
              growing=not job.done, brush=lab["brush"])  # fmt: skip
    run = games.run(asked[2].index(config.lr_g))
    facts = compute.facts(run) if whole else {}
    with lab.controls():
        lab.predict(lambda asked: compute.facts(compute.train(asked)))
    lab.check_challenges(facts)
    words = compute.outcome_sentence(run) if whole else "Training goes on."
    lab.tabs({
        "What to notice": lambda: lab.notice(facts, words) if facts else lab.say(words),
        "Measures": lambda: measures(facts, run),
        "Side by side": side_by_side,
    }, (compute.script(config), IN_TORCH))  # fmt: skip


def measures(facts, run) -> None:
    lab.table_of(compute.measure_rows(facts))
    if facts:
        lab.small(figures.measures_scene(run), "measures")


def side_by_side() -> None:
    field = lab.choice("sweep_over", "Games that differ in", choices.VARIED)
    games = lab.follow("Training", compute.varied_steps, config, field).latest
    if games:
        lab.small(figures.multiples_scene(games, choices.VARIED[field]), f"by_{field}")


def painting() -> None:
    run = lab.run_of(compute.PictureRun)
    pinned, branch = other_runs(run, ["start"])
    args, others = (run.config, compute.past_of(branch)), pinned and (pinned.config, ())
    job, ghost, whole = lab.follow_two("Training", compute.paint_steps, args, others)
    trace = job.latest or compute.unpainted(run.config)
    lab.stage(wall.when(whole, job.stopped)(run, branch, pinned, trace, ghost),
              *choices.PAINTED[run.picture], growing=not job.done,
              branch=run.picture in choices.BRANCHED and not branch)  # fmt: skip
    words, notes = compute.picture_sentence(trace), compute.picture_notes(trace)
    lab.tabs({
        "What to notice": lambda: lab.say(words, notes=notes),
        "Nearest real ones": lambda: lab.small(figures.twins_scene(trace), "twins"),
        "Side by side": lambda: rivals(run),
    }, (compute.picture_script(run.config), IN_TORCH))  # fmt: skip


def rivals(run) -> None:
    kinds = run.kind, lab.choice("rival", "Beside it", choices.KINDS)
    asked = [run.but(kind).config for kind in kinds]
    traces = [lab.follow("Training", compute.paint_steps, each, ()).latest for each in asked]
    if all(traces):
        lab.small(figures.rivals_scene(traces, [choices.KINDS[k] for k in kinds]), "rivals")


def theory() -> None:
    ui.leave_unasked()  # no work here, and a picture may take a while
    picture, step = lab["picture"], min(lab["at"], compute.last_step(config))
    lab.stage(still(picture, lab["method"], config, step), *choices.KNOBS[picture])
    say = {"What to notice": lambda: lab.say(choices.THEORY[picture])}
    lab.tabs(say, (compute.script(config), IN_TORCH))


lab = ui.lab("gan")
with lab.controls():
    controls()
config = lab.config()
{"game": game, **dict.fromkeys(choices.PAINTED, painting)}.get(lab["picture"], theory)()
