"""What a lab says around its picture: presets, predictions, challenges, words, sources.

All of it is data; the page frame shows it and the engine gives the answers. ``facts`` below are
the numbers a lab's engine states about one run, by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, Any]
Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Preset:
    """A named scene: the settings that differ from the defaults, and what to see in it.

    It plays from its start, or ``opens_at_end`` if its caption is true of the last frame alone.
    """

    slug: str
    title: str
    caption: str
    settings: Settings
    opens_at_end: bool = False


@dataclass(frozen=True)
class Prediction:
    """A question answered before the picture moves; ``fact`` of ``settings`` is the answer.

    ``choices`` are (value of the fact, label); numbers match within a thousandth.
    ``because`` may hold facts in braces.
    """

    slug: str
    question: str
    choices: tuple[tuple[Any, str], ...]
    settings: Settings
    fact: str
    because: str

    def answer(self, facts: Facts) -> int:
        """Return the index of the choice that the facts make right."""
        return next(
            i for i, (value, _) in enumerate(self.choices) if agrees(facts, self.fact, value)
        )


@dataclass(frozen=True)
class Challenge:
    """A goal the page checks: every fact in ``wants`` must agree.

    A wanted value is a value, a tuple (low, high) that must hold the number, or a set of values.
    ``solution`` is one configuration that meets the goal.
    """

    slug: str
    goal: str
    wants: Mapping[str, Any]
    hint: str
    solution: Settings

    def is_met(self, facts: Facts) -> bool:
        """Return whether the facts of a run meet the goal."""
        return all(agrees(facts, name, wanted) for name, wanted in self.wants.items())


@dataclass(frozen=True)
class Source:
    """A paper, chapter or peer to read on, and what it is used for here."""

    text: str
    use: str
    url: str = ""


@dataclass(frozen=True)
class Lesson:
    """Everything a page shows that is words: see the classes above.

    ``views`` are settings of the page that are not the run's: name -> default.
    ``notice`` and ``formulas`` (a line of LaTeX each) are filled in with the facts of the reader's
    own run, between « and ».
    """

    config: type[Any]
    scenes: tuple[Preset, ...]
    predictions: tuple[Prediction, ...]
    challenges: tuple[Challenge, ...]
    notice: tuple[str, ...]
    formulas: tuple[str, ...]
    sources: tuple[Source, ...]
    views: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.scenes or self.scenes[0].settings or not self.predictions:
            raise ValueError("expected a prediction, and scenes of which the first has no settings")

    def scene(self, slug: str) -> Preset | None:
        """Return the preset called ``slug``, or None."""
        return next((scene for scene in self.scenes if scene.slug == slug), None)


def agrees(facts: Facts, name: str, wanted: Any) -> bool:
    """Return whether one fact is what is wanted: equal, within (low, high), or in a set."""
    fact = facts.get(name)
    if isinstance(wanted, set | frozenset):
        return fact in wanted
    if isinstance(wanted, tuple):
        return isinstance(fact, int | float) and wanted[0] <= fact <= wanted[1]
    if isinstance(wanted, float) and isinstance(fact, int | float):
        return bool(abs(fact - wanted) <= 1e-3 * max(abs(wanted), abs(fact)))
    return bool(fact == wanted)
