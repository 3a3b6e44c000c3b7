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
    lab.rows(choices.CONTROLS[picture])
    if picture in ("game", "slow"):
        if lab["data"] in ("own", "own_line"):
            lab.rows([choices.OWN])
            lab.point("By keyboard", choices.dot(HANDS["paint"]), 2.0)
        lab.rows(choices.MENUS)


def follow(steps, *args):
    return lab.follow("Training", steps, *args, share=compute.share_of)


def game() -> None:
    with lab.controls():
        with lab.side_by_side():
            lab.button("Re-roll", "Another seed", {"seed": (lab["seed"] + 1) % 100})
            pinned = lab.compare(config)
        branch = lab.branch(compute.last_step, compute.FROM_THE_START)
    asked = choices.asked_of(config)
    history = compute.history_of(branch[1], branch[0]) if branch else ()
    job = follow(compute.sweep_steps, *asked, history)
    beside = pinned and follow(compute.sweep_steps, pinned, "seed", (pinned.seed,))
    games = job.latest or compute.untrained(*asked)
    whole = job.done and not job.stopped and (not beside or beside.done)
    make = stage if whole else stage.__wrapped__  # what is whole is kept
    scene = make(asked, branch, pinned, lab["looks"], games, beside and beside.latest)
    lab.stage(scene, "lr_g", asked[2], on=HANDS, branch=config.steps > 0 and not branch,
              growing=not job.done, brush=lab["brush"])  # fmt: skip
    run = games.run(asked[2].index(config.lr_g))
    facts = compute.facts(run) if whole else {}
    with lab.controls():
        lab.predict(lambda asked: compute.facts(compute.train(asked)))
    lab.check_challenges(facts)
    words = compute.outcome_sentence(run) if whole else "Training goes on."
    tabs({
        "What to notice": lambda: lab.notice(facts, words) if facts else lab.say(words),
        "Measures": lambda: lab.table_of(compute.measure_rows(facts)),
        "Side by side": side_by_side,
    })  # fmt: skip


def side_by_side() -> None:
    field = lab.choice("sweep_over", "Games that differ in", choices.VARIED)
    games = follow(compute.varied_steps, config, field).latest
    if games:
        lab.small(figures.multiples_scene(games, choices.VARIED[field]), f"by_{field}")


def painted(kind):
    return choices.picture_config(lab["picture"], lab["images"], kind, lab["seed"])


def painting() -> None:
    picture, asked = lab["picture"], painted(lab["kind"])
    job = follow(compute.paint_steps, asked)
    trace = job.latest or compute.unpainted(asked)
    make = picture_stage if job.done and not job.stopped else picture_stage.__wrapped__
    lab.stage(make(picture, asked, trace), *choices.PAINTED[picture], growing=not job.done)
    tabs({
        "What to notice": lambda: lab.say(compute.picture_sentence(trace)),
        "Nearest real ones": lambda: lab.small(figures.twins_scene(trace), "twins"),
        "Side by side": rivals,
    }, compute.picture_script(asked))  # fmt: skip


def rivals() -> None:
    kinds = lab["kind"], lab.choice("rival", "Beside it", choices.KINDS)
    traces = [follow(compute.paint_steps, painted(kind)).latest for kind in kinds]
    if all(traces):
        lab.small(figures.rivals_scene(traces, [choices.KINDS[k] for k in kinds]), "rivals")


def tabs(parts, script="") -> None:
    lab.tabs({
        **parts,
        "Challenges": lab.challenges,
        "Code": lambda: lab.code(script or compute.script(config), "The same in torch."),
        "Sources": lab.sources,
    })  # fmt: skip


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
    tabs({"What to notice": lambda: lab.say(choices.THEORY[lab["picture"]])})
