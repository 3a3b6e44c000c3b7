"""The parts of a page that teach: predict, notice, challenges, code, sources.

They show what ``lesson.py`` of a lab says; the engine's facts give every number and answer.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlviz.lessons import Facts, Lesson, Prediction
from dlviz.ui import address
from dlviz.words import number

FactsOf = Callable[[Any], Facts]


class Teaching:
    """The teaching parts of a page; a part of ``frame.Lab``."""

    state: Any
    name: str
    lesson: Lesson
    at_scene: bool
    control_place: DeltaGenerator

    def set(self, settings: Mapping[str, Any], *, keep_others: bool = True) -> None:
        """Give settings new values (``frame.Lab``)."""
        raise TypeError("expected a Lab")

    def put_address(self, params: dict[str, str]) -> None:
        """Write the URL (``frame.Lab``)."""
        raise TypeError("expected a Lab")

    # ------------------------------------------------------------ predict

    def predict(self, facts_of: FactsOf) -> None:
        """Ask before the picture moves; the answer sets up the picture that shows it.

        The first question is of what the page was opened with, as far as there is one.
        """
        if self.state.get("asked") is None:
            self.state["asked"] = self._question_here()
        asked = self.state["asked"] % len(self.lesson.predictions)
        question = self.lesson.predictions[asked]
        st.markdown(f"**Predict.** {question.question}")
        labels = [label for _, label in question.choices]
        key = f"predict_{question.slug}"
        st.radio("Your prediction", labels, index=None, key=key, label_visibility="collapsed",
                 on_change=self._show_answer, args=(question,))  # fmt: skip
        chosen = st.session_state.get(key)
        if chosen is None:
            return
        views = self.lesson.views
        own = {name: value for name, value in question.settings.items() if name not in views}
        facts = facts_of(self.lesson.config(**own))
        right = labels[question.answer(facts)]
        because = fill(question.because, facts, "{}")
        if chosen == right:
            st.success(f"Yes: {right}. {because}", icon=":material/check:")
        else:
            st.error(f"No: {right}. {because}", icon=":material/close:")
        st.button("Next question", key="ask_next", on_click=self._ask_next, args=(asked + 1,))

    def _question_here(self) -> int:
        """Return which question shares most of its settings with the page; else the first."""
        usual = address.defaults(self.lesson)

        def common(asked: int) -> int:
            own = self.lesson.predictions[asked].settings
            return sum(value == self.state.get(n) != usual[n] for n, value in own.items())

        return max(range(len(self.lesson.predictions)), key=common)

    def _show_answer(self, question: Prediction) -> None:
        self.set(question.settings, keep_others=False)
        self.state["answer"] = {**address.defaults(self.lesson), **question.settings}
        self.state.update({"scene": "", "pin": "", "branch": "", "restart": True})

    def _at_answer(self) -> bool:
        """Tell whether the settings are still those that the last answer set up."""
        answer = self.state.get("answer", {})
        return bool(answer) and all(self.state.get(name) == answer[name] for name in answer)

    def _ask_next(self, asked: int) -> None:
        self.state["asked"] = asked
        question = self.lesson.predictions[asked % len(self.lesson.predictions)]
        self.state.pop(f"predict_{question.slug}", None)

    # ------------------------------------------------------------ notice

    def notice(self, facts: Facts, outcome: str, *, formula: bool = True) -> None:
        """Say how the run ended and what to see, with the reader's own numbers in the words.

        A sentence or formula about a number that this run does not have is left out, and so are
        all formulas where they are not of this run.
        """
        st.markdown(f"**{outcome}**")
        if formula:
            lines = r" \\[2pt] ".join(told(self.lesson.formulas, facts))
            st.latex(rf"\begin{{gathered}} {lines} \end{{gathered}}")
        for sentence in told(self.lesson.notice, facts):
            st.markdown(f"- {sentence}")

    def say(
        self, words: str, rows: Sequence[tuple[str, ...]] = (), notes: Iterable[str] = ()
    ) -> None:
        """Say how it is, of what has no facts; under it notes, and a table: columns first."""
        st.markdown(f"**{words}**")
        for note in notes:
            st.markdown(f"- {note}")
        if rows:
            self.table_of(rows[1:], rows[0])

    def table_of(
        self, rows: Iterable[tuple[str, ...]], columns: tuple[str, ...] = ("what", "number")
    ) -> None:
        """Show rows of what, and how many; all but the first column are numbers."""
        lines = ["| " + " | ".join(row) + " |" for row in (columns, *rows)]
        lines.insert(1, "|---" + "|---:" * (len(columns) - 1) + "|")
        st.markdown("\n".join(lines))

    # ------------------------------------------------------------ challenges

    def check_challenges(self, facts: Facts) -> None:
        """Tick the goals that this run meets; what the page shows by itself is nobody's feat."""
        if self.at_scene or self._at_answer():
            return
        done = set(filter(None, self.state["done"].split(",")))
        fresh = [c for c in self.lesson.challenges if c.slug not in done and c.is_met(facts)]
        for challenge in fresh:
            self.control_place.success(f"Challenge met: {challenge.goal}", icon=":material/trophy:")
            done.add(challenge.slug)
        self.state["done"] = ",".join(c.slug for c in self.lesson.challenges if c.slug in done)
        if fresh:
            self.put_address({**self.state["address"], "done": self.state["done"]})

    def challenges(self) -> None:
        """List the goals, those met ticked; hints on demand."""
        done = self.state["done"].split(",")
        met = sum(challenge.slug in done for challenge in self.lesson.challenges)
        st.markdown(
            f"**{met} of {len(self.lesson.challenges)} met.** "
            "Set the picture up so that it happens; the page sees by itself when it does."
        )
        for challenge in self.lesson.challenges:
            box = (
                ":material/check_box:"
                if challenge.slug in done
                else ":material/check_box_outline_blank:"
            )
            st.markdown(f"{box} {challenge.goal}", help=challenge.hint)

    # ------------------------------------------------------------ code and sources

    def code(self, script: str, words: str) -> None:
        """Show the run as a script that stands alone; ``words`` say what it does."""
        st.markdown(f"The same run as a script of its own. {words}")
        st.code(script, language="python")
        st.download_button(
            "Download", script, f"{self.name}.py", "text/x-python", icon=":material/download:"
        )

    def sources(self) -> None:
        """List what the lab rests on."""
        for source in self.lesson.sources:
            title = f"[{source.text}]({source.url})" if source.url else source.text
            st.markdown(f"- {title}: {source.use}.")


def told(templates: Iterable[str], facts: Facts) -> list[str]:
    """Return the templates filled in with the facts, without those about a fact that is None."""
    known = [t for t in templates if all(facts[name] is not None for name in _facts_in(t))]
    return [fill(template, facts) for template in known]


def _facts_in(template: str) -> list[str]:
    return re.findall(r"«(\w+)»", template)


def fill(template: str, facts: Facts, quotes: str = "«»") -> str:
    """Return ``template`` with the facts between the quotes filled in; those a run lacks as "–"."""

    def word(match: re.Match[str]) -> str:
        fact = facts[match[1]]
        if fact is None:
            return "–"
        if isinstance(fact, bool):
            return "yes" if fact else "no"
        return number(fact) if isinstance(fact, int | float) else str(fact)

    left, right = map(re.escape, quotes)
    return re.sub(f"{left}(\\w+){right}", word, template)
