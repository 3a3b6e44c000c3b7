"""A table of one's own, as a part of the page: a CSV file, its columns, the dataset they make.

The session alone holds it: a link cannot carry it. Whatever is wrong with a file or with the
columns is said in one sentence, and the last good dataset stays. Names and cells are anybody's
text, so that every sentence that quotes them goes through ``plain``.
"""

import re
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dlviz.dataset import Dataset
from dlviz.table import MAX_NAME, one_line
from dlviz.tables import Features, read_table, to_csv
from dlviz.ui.table_forms import MANY, PLANE, Columns, Form, content_key

LINKED = "The link shows a table of somebody's own: upload it here."

# A table in memory takes up to 20 times its file, so that sessions hold the bytes and all of them
# together a few tables. A class that opens one file reads it once.
_read = st.cache_resource(show_spinner=False, max_entries=2, ttl=1800)(read_table)


@dataclass(frozen=True)
class File:
    """A file as it was uploaded; its name may hold anything."""

    name: str
    data: bytes


@dataclass(frozen=True, eq=False)
class Own:
    """What columns of a file make, and the hash of its content."""

    form: Form
    file: File
    columns: Columns
    made: Any
    key: str


class OwnTable:
    """The upload of a table; a part of ``frame.Lab``."""

    state: Any
    _form: Form | None = None

    @property
    def table_key(self) -> str:
        """Return 16 hex digits that stand for what is in the table, for caches; "" if none is."""
        own = self._own()
        return own.key if own else ""

    def table(self) -> Dataset | None:
        """Offer a CSV file of two features and a class: see ``upload``."""
        made: Dataset | None = self.upload(PLANE)
        return made

    def features(self) -> Features | None:
        """Offer a CSV file of many columns of numbers, and a class if there is one."""
        made: Features | None = self.upload(MANY)
        return made

    def upload(self, form: Form) -> Any:
        """Offer to upload a CSV file and to choose its columns.

        Call it before ``config``, which writes the URL that tells whether a link asks for a table.

        Returns
        -------
        what the form makes, or None
            The last good one of this session, the same object while it is the same; None if
            there was none yet.
        """
        self._form = form
        by_link = self.state.setdefault("table_by_link", "table" in st.query_params.values())
        uploaded = _upload(form)
        file, defect = self._opened(uploaded, form)
        if file:
            columns = self._choose_columns(file, form)
            try:
                self.state["table_own"] = self._made(file, columns, form)
            except ValueError as refused:
                defect = defect or str(refused)
        own = self._own()
        if defect:
            st.error(plain(defect[:1].upper() + defect[1:]), icon=":material/table_view:")
        if own:
            st.caption(_status(own, stays=bool(defect) or own.file != uploaded))
        elif by_link and not defect:
            st.info(LINKED, icon=":material/upload_file:")
        return own.made if own else None

    def data_csv(self, dataset: Dataset, name: str) -> None:
        """Offer points as a CSV file called ``name``, as they were measured."""
        stem = re.sub(r"[^\w.-]+", "_", name).removesuffix(".csv").strip("._") or "data"
        st.download_button(
            "Download the data (CSV)", lambda: to_csv(dataset), f"{stem}.csv", "text/csv",
            key="data_csv", on_click="ignore", icon=":material/download:",
        )  # fmt: skip

    def _own(self) -> Own | None:
        own: Own | None = self.state.get("table_own")
        return own if own and self._form in (None, own.form) else None  # else another lab's

    def _opened(self, uploaded: File | None, form: Form) -> tuple[File | None, str]:
        """Return the file to choose columns of, the last good one if need be, and the defect."""
        own = self._own()
        file, defect = own.file if own else None, ""
        if uploaded:
            try:
                _read(uploaded.data, form.limits)
                file = uploaded
            except ValueError as refused:
                defect = str(refused)
        return file, defect

    def _choose_columns(self, file: File, form: Form) -> Columns:
        table = _read(file.data, form.limits)
        keys = [f"table_{name}" for name in form.roles]
        choices = dict(zip(keys, form.options(table), strict=True))
        stands = self.state.get("table_columns") == table.columns  # as in a file put right
        if not stands or any(self.state.get(key) not in names for key, names in choices.items()):
            own = self._own()
            chosen = own.columns if own and own.file == file else form.first(table)
            self.state.update(zip(keys, chosen, strict=True))
        self.state["table_columns"] = table.columns
        *beside, (last, words) = zip(keys, form.roles.values(), strict=True)
        if beside:
            with st.container(horizontal=True, wrap=False, gap="small"):
                for key, role in beside:
                    st.selectbox(role, choices[key], key=key)
        st.selectbox(words, choices[last], format_func=lambda c: c or "none", key=last)
        return tuple(self.state[key] for key in keys)

    def _made(self, file: File, columns: Columns, form: Form) -> Own:
        """Return what columns make; ValueError if they make nothing."""
        own = self._own()
        if own and (own.file, own.columns) == (file, columns):
            return own
        made = form.make(_read(file.data, form.limits), *columns)
        key = content_key(made, form.words(made))
        return Own(form, file, columns, own.made if own and own.key == key else made, key)


def plain(text: str) -> str:
    """Return anybody's text, on one line, as Markdown that shows it letter by letter.

    A backslash takes the meaning of every mark. Streamlit looks for links, emoji, icons and
    arrows once more, after backslashes are gone: a word joiner, which nobody sees, parts these.
    """
    marked = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", one_line(text))
    return re.sub(r"(\\[:@.=-])", "\u2060\\1", marked)


def _upload(form: Form) -> File | None:
    uploaded = st.file_uploader(
        f"CSV file: {form.asks}",
        ("csv", "txt", "tsv"),
        max_upload_size=form.limits.megabytes,
        key="table_file",
    )
    return File(uploaded.name, uploaded.getvalue()) if uploaded else None


def _status(own: Own, *, stays: bool) -> str:
    """Say what is in the picture, and whether it is not what was uploaded last."""
    name = one_line(own.file.name)
    short = name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
    size = own.form.size(own.made)
    return f"{plain(short)} {'stays' if stays else 'is'} in the picture: {size}."
