from dlviz import ui
from dlviz.gan import choices, compute, figures

HANDS = {  # what becomes of the settings when the hand has done something
    "paint": lambda said: lab.set({"points": choices.painted(lab["points"], said)}),
}


@ui.cached
def stage(asked, branch, pinned, looks, _games, _ghost) -> bytes:
    return ui.squeeze(figures.game_scene(_games, looks, _ghost))


@ui.cached
def still(picture, method, asked, step) -> bytes:
    if picture == "slow":
        return ui.squeeze(figures.slow_scene(compute.slow_motion(asked, step)))
    return ui.squeeze(figures.theory_scene(picture, method, choices.KNOBS[picture][1]))


@ui.cached
def picture_stage(picture, asked, _trace) -> bytes:
    return ui.squeeze(figures.picture_scene(picture, _trace, choices.MIXES))


def controls() -> None:
    picture = lab.choice("picture", "Picture", choices.PICTURES)
    if picture == "dirac":
        lab.segments("method", "Steps", choices.METHODS)
    elif picture in choices.PAINTED:
        lab.segments("images", "Pictures", choices.SETS)
        lab.choice("kind", "Networks", choices.KINDS)
        lab.slider("seed", "Seed", 0, 99, 1)
    elif picture in ("game", "slow"):
        with lab.side_by_side():
            lab.choice("data", "Data", choices.DATA_NAMES)
            lab.choice("loss", "Loss", choices.LOSS_NAMES)
        if lab["data"] in ("own", "own_line"):
            lab.segments("brush", "Paint on the plane", choices.BRUSHES)
            lab.point("By keyboard", choices.dot(HANDS["paint"]), 2.0)
        if picture == "slow":
            lab.slider("at", "Step", 0, 500, 10)
        lab.slider("lr_d", "Learning rate of D", 0.0005, 0.1, 0.0005)
        for row in choices.MENUS:
            lab.menus(row)


def game() -> None:
    with lab.controls():
        with lab.side_by_side():
            lab.button("Re-roll", "Another seed", {"seed": (lab["seed"] + 1) % 100})
            pinned = lab.compare(config)
        branch = lab.branch(compute.last_step, compute.FROM_THE_START)
    asked = choices.asked_of(config)
    history = compute.history_of(branch[1], branch[0]) if branch else ()
    job = lab.work(compute.sweep_steps, *asked, history, share=compute.share_of)
    beside = pinned and lab.work(compute.sweep_steps, pinned, "seed", (pinned.seed,),
                                 share=compute.share_of)  # fmt: skip
    with lab.controls():
        for each in filter(None, (job, beside)):
            lab.progress(each, "Training")
    games = job.latest or compute.untrained(*asked)
    whole = job.done and not job.stopped and (not beside or beside.done)
    make = stage if whole else stage.__wrapped__  # what is whole is kept
    scene = make(asked, branch, pinned, lab["looks"], games, beside and beside.latest)
    lab.stage(scene, "lr_g", asked[2], on=HANDS, branch=config.steps > 0 and not branch,
              growing=not job.done, brush=lab["brush"])  # fmt: skip
    turn = asked[2].index(config.lr_g)
    facts = compute.facts(games.run(turn)) if whole else {}
    words = compute.outcome_sentence(games.run(turn)) if whole else "Training goes on."
    tabs(facts, words, {"Measures": lambda: lab.table_of(compute.measure_rows(facts)),
                        "Side by side": side_by_side})  # fmt: skip


def painting() -> None:
    picture = lab["picture"]
    asked = choices.picture_config(picture, lab["images"], lab["kind"], lab["seed"])
    job = lab.work(compute.paint_steps, asked, share=compute.share_painted)
    with lab.controls():
        lab.progress(job, "Training")
    trace = job.latest or compute.unpainted(asked)
    make = picture_stage if job.done and not job.stopped else picture_stage.__wrapped__
    lab.stage(make(picture, asked, trace), *choices.PAINTED[picture], growing=not job.done)
    tabs({}, compute.picture_sentence(trace),
         {"Nearest real ones": lambda: lab.small(figures.twins_scene(trace), "twins")})  # fmt: skip


def tabs(facts, words, more) -> None:
    with lab.controls():
        lab.predict(lambda asked: compute.facts(compute.train(asked)))
    lab.check_challenges(facts)
    lab.tabs({
        "What to notice": lambda: lab.notice(facts, words) if facts else lab.say(words),
        **more,
        "Challenges": lab.challenges,
        "Code": lambda: lab.code(compute.script(config), "It plays in torch, step by step."),
        "Sources": lab.sources,
    })  # fmt: skip


def side_by_side() -> None:
    field = lab.choice("sweep_over", "Games that differ in", choices.VARIED)
    job = lab.work(compute.varied_steps, config, field, share=compute.share_of)
    lab.progress(job, "Training")
    if job.latest:
        lab.small(figures.multiples_scene(job.latest, choices.VARIED[field]), f"by_{field}")


lab = ui.lab("gan")
with lab.controls():
    controls()
config = lab.config()
if lab["picture"] == "game":
    game()
elif lab["picture"] in choices.PAINTED:
    painting()
else:
    scene = still(lab["picture"], lab["method"], config, min(lab["at"], compute.last_step(config)))
    lab.stage(scene, *choices.KNOBS[lab["picture"]])
    tabs({}, choices.THEORY[lab["picture"]], {})
