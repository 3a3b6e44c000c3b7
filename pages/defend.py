from dlviz import ui
from dlviz.defend import choices, compute, figures


@ui.cached
def stage(asked, values, at_rest, _run) -> bytes:
    """Make the main picture; the run follows from what is asked once it is done."""
    if asked.picture == "training":
        scene = figures.duel_scene(_run, values[0])
    elif asked.picture == "price":
        scene = figures.price_scene(_run, at_rest)
    elif asked.picture == "masking":
        scene = figures.masking_scene(_run, values[0])
    else:
        scene = figures.smoothing_scene(_run, values[0])
    return ui.squeeze(scene)


run_of = ui.cached(compute.defend)


def facts_of(config) -> compute.Facts:
    return compute.facts(config, run_of(config))


def input_of() -> None:
    if lab.segments("source", "Picture", choices.SOURCES) == "drawn":
        with lab.more("Upload a picture"):
            lab.own_digit("drawing")
        lab.pad("drawing", "Drawing", choices.SIDE, choices.SIDE)
    else:
        lab.slider("digit", "Which test digit", 0, choices.DIGITS - 1)


def controls() -> None:
    picture = lab.choice("picture", "Defense", choices.PICTURES)
    lab.choice("kind", "Network", choices.KINDS)
    if picture == "training":
        lab.rows(choices.TRAINING)
    elif picture == "price":
        lab.set({"hardening": choices.trained_on(lab["hardening"])})
        lab.slider("epsilon", "Attacked within ε", 0.0, 0.4, 0.05)
    elif picture == "masking":
        mask = lab.segments("mask", "What hides the slope", choices.MASKS)
        lab.rows([choices.STRENGTHS[mask]])
        input_of()
    else:
        lab.toggle("hardened", "Trained on attacks")
        input_of()
        with lab.more():
            lab.slider("samples", "Noisy copies", 100, 2000, 100)
            lab.slider("seed", "Seed of the noise", 0, 99)


lab = ui.lab("defend")
with lab.controls():
    controls()
config = lab.config()
asked, field, values = compute.asked_of(config), compute.knob_of(config), compute.values_of(config)
job = lab.work(compute.defend_steps, asked, values, share=compute.share_of)
with lab.controls():
    lab.progress(job, "Training" if config.picture == "training" else "Attacking")
run, whole = job.latest or next(compute.defend_steps(asked, values)), job.done and not job.stopped
make = stage if whole else stage.__wrapped__  # what is whole is kept
lab.stage(make(asked, values, config.epsilon, run), field, values, growing=not job.done)
facts = compute.facts(config, run) if whole else {}
words = compute.outcome_sentence(facts) if whole else "It is not done yet."
with lab.controls():
    lab.predict(facts_of)
lab.check_challenges(facts)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, words) if facts else lab.say(words),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), "It prints the numbers of this picture."),
    "Sources": lab.sources,
})  # fmt: skip
