from dlviz import ui
from dlviz.gan import choices, compute, figures

HANDS = {  # what becomes of the settings when the hand has done something
    "paint": lambda said: lab.set({"points": choices.painted(lab["points"], **said)}),
}


@ui.cached
def stage(asked, branch, pinned, looks, _games, _ghost) -> bytes:
    """Make the main picture; what begins with "_" follows from the rest."""
    return ui.squeeze(figures.game_scene(_games, looks, _ghost))


@ui.cached
def apart_stage() -> bytes:
    return ui.squeeze(figures.apart_scene(choices.GAPS))


@ui.cached
def dirac_stage(method) -> bytes:
    return ui.squeeze(figures.dirac_scene(method, choices.WEIGHTS))


@ui.cached
def facts_of(asked, branch, turn, _games) -> compute.Facts:
    return compute.facts(_games.run(turn))


def facts_asked(config) -> compute.Facts:
    return compute.facts(compute.train(config))


def controls() -> None:
    picture = lab.choice("picture", "Picture", choices.PICTURES)
    if picture == "dirac":
        lab.segments("method", "Steps", choices.METHODS)
    if picture != "game":
        return
    with lab.side_by_side():
        lab.choice("data", "Data", choices.DATA_NAMES)
        lab.choice("loss", "Loss", choices.LOSS_NAMES)
    if lab["data"] in ("own", "own_line"):
        lab.segments("brush", "Paint on the plane", choices.BRUSHES)
        lab.point("By keyboard", choices.dot(HANDS["paint"]), 2.0)
    lab.slider("lr_d", "Learning rate of D", 0.0005, 0.1, 0.0005)
    for row in choices.MENUS:
        lab.menus(row)


def game() -> None:
    """Play the game that is set up, and show all about it."""
    with lab.controls(), lab.side_by_side():
        lab.button("Re-roll", "Other initial weights, data and noise",
                   {"seed": (lab["seed"] + 1) % 100})  # fmt: skip
        pinned = lab.compare(config)
    with lab.controls():
        branch = lab.branch(compute.last_step, compute.FROM_THE_START)
    asked = choices.asked_of(config)
    history = compute.history_of(branch[1], branch[0]) if branch else ()
    job = lab.work(compute.sweep_steps, *asked, history, share=compute.share_of)
    with lab.controls():
        lab.progress(job, "Training")
    beside = pinned and lab.work(compute.sweep_steps, pinned, "seed", (pinned.seed,),
                                 share=compute.share_of)  # fmt: skip
    games = job.latest or compute.untrained(*asked)
    whole = job.done and not job.stopped and (not beside or beside.done)
    make = stage if whole else stage.__wrapped__  # what is whole is kept
    scene = make(asked, branch, pinned, lab["looks"], games, beside and beside.latest)
    lab.stage(scene, "lr_g", asked[2], on=HANDS, branch=config.steps > 0 and not branch,
              growing=not job.done, brush=lab["brush"])  # fmt: skip
    turn = asked[2].index(config.lr_g)
    tabs(games, facts_of(asked, branch, turn, games) if whole else {}, turn)


def tabs(games, facts, turn) -> None:
    run, words = games.run(turn), "Training goes on."
    with lab.controls():
        lab.predict(facts_asked)
    lab.check_challenges(facts)
    lab.tabs({
        "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(run)) if facts
        else lab.say(words),
        "Measures": lambda: lab.table_of(compute.measure_rows(facts)) if facts else lab.say(words),
        "Side by side": side_by_side,
        "Challenges": lab.challenges,
        "Code": lambda: lab.code(compute.script(config), "It plays in torch, step by step."),
        "Sources": lab.sources,
    })  # fmt: skip


def side_by_side() -> None:
    field = lab.choice("sweep_over", "Games that differ in", choices.VARIED)
    job = lab.work(compute.varied_steps, config, field, share=compute.share_of)
    lab.progress(job, "Training")
    if job.latest:
        scene = figures.multiples_scene(job.latest, choices.VARIED[field])
        lab.small(scene, f"by_{field}", autoplay=True)


def theory() -> None:
    """Show what is known without any training."""
    if lab["picture"] == "apart":
        lab.stage(apart_stage(), "gap", choices.GAPS)
    else:
        lab.stage(dirac_stage(lab["method"]), "gamma", choices.WEIGHTS)
    tabs(compute.untrained(config, "seed", (config.seed,)), {}, 0)


lab = ui.lab("gan")
with lab.controls():
    controls()
config = lab.config()
if lab["picture"] == "game":
    game()
else:
    theory()
