from dataclasses import replace

from dlviz import ui
from dlviz.adversarial import compute, figures
from dlviz.adversarial.config import ATTACKS, DIGITS, EPSILONS, TARGETS
from dlviz.scene import knob_values
from dlviz.victims import KINDS, SIDE

SOURCES = {"test": "Test digit", "drawn": "Drawn by hand"}


@ui.cached
def stage(config, values) -> bytes:
    """Make the main picture; ``config`` has the knob at rest, so that all its turns share it."""
    return ui.squeeze(figures.adversarial_scene(compute.sweep(config, values)))


@ui.cached
def facts_of(config) -> compute.Facts:
    return compute.facts(config)


def controls() -> None:
    lab.choice("victim", "Network", KINDS)
    lab.toggle("hardened", "Trained on attacks")
    lab.segments("method", "Bars after", ATTACKS)
    if lab.segments("source", "Picture", SOURCES) == "drawn":
        lab.pad("drawing", "Drawing", SIDE, SIDE)
    else:
        lab.slider("digit", "Which test digit", 0, DIGITS - 1)
    with lab.more():
        lab.choice("target", "FGSM and PGD want it read as", TARGETS)
        lab.slider("steps", "Steps of PGD", 1, 40)
        lab.slider("step_size", "Step size of PGD (0: 2.5 ε / steps)", 0.0, 0.1, 0.002)
        lab.slider("seed", "Seed of the random signs", 0, 99)


lab = ui.lab("adversarial")
with lab.controls():
    controls()
config = lab.config()
values = knob_values(config.epsilon, EPSILONS)
with lab.controls():
    lab.predict(facts_of)
lab.stage(stage(replace(config, epsilon=values[0]), values), "epsilon", values)
facts = facts_of(config)
lab.check_challenges(facts)
lab.tabs({
    "What to notice": lambda: lab.notice(facts, compute.outcome_sentence(facts)),
    "Challenges": lab.challenges,
    "Code": lambda: lab.code(compute.script(config), "It prints what is read."),
    "Sources": lab.sources,
})  # fmt: skip
