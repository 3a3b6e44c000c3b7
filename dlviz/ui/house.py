"""The router: ordered chapters of labs, the home page, and right first visits.

Streamlit takes a folder called ``pages`` beside the main script for an old-style app until
``st.navigation`` has been called once in the process; until then an address runs the page's file
without ``app.py``. ``enter``, called first on every page, notices that and starts again.
"""

import ast
from collections.abc import Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import streamlit as st

from dlviz.ui import serving
from dlviz.ui.address import encode
from dlviz.ui.attention import attention
from dlviz.ui.garbage import set_modules_apart
from dlviz.ui.precedence import picture_first

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets"

Chapters = Mapping[str, Mapping[str, str]]  # chapter -> lab -> title
_CHAPTERS: dict[str, Mapping[str, str]] = {}  # what app.py lists; the same for every session


def house(chapters: Chapters) -> None:
    """Run the app: its chapters in order, each lab's page under the lab's own name."""
    serving.serve()
    _CHAPTERS.update(chapters)
    st.set_page_config(page_title="dlviz", page_icon=str(ASSETS / "icon.png"), layout="wide")
    if "pages" not in st.session_state:  # once a session: each asks the disk eight times
        st.session_state["pages"] = _pages(chapters)
    page = st.navigation(st.session_state["pages"], position="top")
    st.session_state["routed"] = True
    if st.session_state.get("page") != page.url_path:  # entered anew: the address counts
        st.session_state.update({"page": page.url_path, "address": None})
    asked = st.query_params.get("debug") == "1"  # before the page writes its own address
    with picture_first(), attention(page.url_path):
        page.run()
    serving.footer(asked)
    set_modules_apart()


def _pages(chapters: Chapters) -> dict[str, list["st.Page"]]:
    pages = {"": [st.Page(_file("home"), title="All labs", default=True)]}
    for chapter, labs in chapters.items():
        found = [st.Page(_file(lab), title=title, url_path=lab) for lab, title in labs.items()]
        pages.setdefault(chapter, []).extend(found)
    return pages


def _file(lab: str) -> Path:
    return ROOT / "pages" / f"{lab}.py"


def enter() -> None:
    """Make sure that the router has run; called first on every page."""
    if st.session_state.get("routed"):
        return
    labs = [file.stem for file in _file("home").parent.glob("*.py") if file.stem != "home"]
    st.navigation(_pages({"": {lab: lab for lab in labs}}), position="top")
    st.rerun()


def see(lab: str, label: str, settings: Mapping[str, Any]) -> None:
    """Place a link to the page of a lab, with its settings chosen."""
    params = {name: encode(value) for name, value in settings.items()}
    st.page_link(_file(lab), label=label, icon=":material/arrow_forward:", query_params=params)


@cache
def question(lab: str) -> str:
    """Return the question a lab answers: the first line of its card, ``<lab>/__init__.py``."""
    card = ast.get_docstring(ast.parse((ROOT / "dlviz" / lab / "__init__.py").read_text("utf-8")))
    return (card or lab).splitlines()[0]


def gallery() -> None:
    """Show the labs, chapter by chapter: a picture, the name, the question."""
    enter()
    st.title("See deep learning")
    st.markdown(
        "Every lab is one picture that moves: turn its knob, rewind it, break it, and read why.  \n"
        "Made for lecturers on a projector and for students with a phone; each view is a link."
    )
    for chapter, labs in _CHAPTERS.items():
        st.subheader(chapter)
        rows = [st.columns(3) for _ in range(0, len(labs), 3)]
        for column, (lab, title) in zip(chain(*rows), labs.items(), strict=False):
            with column.container(border=True):
                card = ASSETS / f"{lab}.png"
                if card.exists():  # until `make pictures` has made it, the words do
                    st.image(
                        ASSETS / f"{lab}.png", alt=f"{title}: a scene of this lab", width="stretch"
                    )
                st.page_link(_file(lab), label=f"**{title}**", icon=":material/play_circle:")
                st.markdown(question(lab))
