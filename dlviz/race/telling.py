"""What stands under each picture of the race's page: a sentence, and a program."""

from typing import NamedTuple

from dlviz.race.choices import alone
from dlviz.race.facts import facts
from dlviz.race.parabola_script import mistake_script, plane_script
from dlviz.race.runs import Branch, Race
from dlviz.race.script import script
from dlviz.race.sentences import mistake_sentence, outcome_sentence, plane_sentence


class Telling(NamedTuple):
    """A sentence on what is seen, a program that does the same, and what it prints."""

    words: str
    script: str
    prints: str


def telling(picture: str, run: Race, branch: Branch | None, rule: str, mistake: str) -> Telling:
    """Tell of a picture: "race", "anatomy" of a rule, "plane", or "mistake"."""
    config = run.config
    if picture == "plane":
        prints = "It prints what a step keeps of the error, and what is left after 60."
        return Telling(plane_sentence(facts(run)), plane_script(config), prints)
    if picture == "mistake":
        words = mistake_sentence(mistake, facts(run))
        return Telling(words, mistake_script(config, mistake), "It prints both after 80 steps.")
    asked = alone(config, rule) if picture == "anatomy" else config
    return Telling(outcome_sentence(run), script(asked, branch), "It prints who settled when.")
