"""A table of one's own, as a part of the page: a CSV file, its columns, the dataset they make.

The session alone holds it: a link cannot carry it. Whatever is wrong with a file or with the
columns is said in one sentence, and the last good dataset stays. Names and cells are anybody's
text, so that every sentence that quotes them goes through ``plain``.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import streamlit as st

from dlviz.dataset import Dataset
from dlviz.table import MAX_NAME, Table, one_line
from dlviz.tables import MAX_CLASSES, dataset_of, read_table, to_csv

COLUMN_KEYS = ("table_x1", "table_x2", "table_label")
LINKED = "The link shows a table of somebody's own: upload it here."

Columns = tuple[str, str, str]  # of x1, x2 and the class

# A table in memory takes up to 20 times its file, so that sessions hold the bytes and all of them
# together a few tables. A class that opens one file reads it once.
_read = st.cache_resource(show_spinner=False, max_entries=4)(read_table)


@dataclass(frozen=True)
class File:
    """A file as it was uploaded; its name may hold anything."""

    name: str
    data: bytes


@dataclass(frozen=True, eq=False)
class Own:
    """The dataset that three columns of a file make, and the hash of its content."""

    file: File
    columns: Columns
    dataset: Dataset
    key: str


class OwnTable:
    """The upload of a table; a part of ``frame.Lab``."""

    state: Any

    @property
    def table_key(self) -> str:
        """Return 16 hex digits that stand for what is in the table, for caches; "" if none is."""
        own = self._own()
        return own.key if own else ""

    def table(self) -> Dataset | None:
        """Offer to upload a CSV file and to choose its columns.

        Call it before ``config``, which writes the URL that tells whether a link asks for a table.

        Returns
        -------
        Dataset or None
            The last good one of this session, the same object while it is the same; None if
            there was none yet.
        """
        by_link = self.state.setdefault("table_by_link", "table" in st.query_params.values())
        uploaded = _upload()
        file, defect = self._opened(uploaded)
        if file:
            columns = self._choose_columns(file)
            try:
                self.state["table_own"] = self._made(file, columns)
            except ValueError as refused:
                defect = defect or str(refused)
        own = self._own()
        if defect:
            st.error(plain(defect[:1].upper() + defect[1:]), icon=":material/table_view:")
        if own:
            st.caption(_status(own, stays=bool(defect) or own.file != uploaded))
        elif by_link and not defect:
            st.info(LINKED, icon=":material/upload_file:")
        return own.dataset if own else None

    def data_csv(self, dataset: Dataset, name: str) -> None:
        """Offer points as a CSV file called ``name``, as they were measured."""
        stem = re.sub(r"[^\w.-]+", "_", name).removesuffix(".csv").strip("._") or "data"
        st.download_button(
            "Download the data (CSV)", lambda: to_csv(dataset), f"{stem}.csv", "text/csv",
            key="data_csv", on_click="ignore", icon=":material/download:",
        )  # fmt: skip

    def _own(self) -> Own | None:
        own: Own | None = self.state.get("table_own")
        return own

    def _opened(self, uploaded: File | None) -> tuple[File | None, str]:
        """Return the file to choose columns of, the last good one if need be, and the defect."""
        own = self._own()
        file, defect = own.file if own else None, ""
        if uploaded:
            try:
                _read(uploaded.data)
                file = uploaded
            except ValueError as refused:
                defect = str(refused)
        return file, defect

    def _choose_columns(self, file: File) -> Columns:
        table = _read(file.data)
        options = (table.numeric, table.numeric, table.columns)
        stands = self.state.get("table_columns") == table.columns  # as in a file put right
        if not stands or any(
            self.state.get(key) not in names
            for key, names in zip(COLUMN_KEYS, options, strict=True)
        ):
            own = self._own()
            chosen = own.columns if own and own.file == file else first_columns(table)
            self.state.update(zip(COLUMN_KEYS, chosen, strict=True))
        self.state["table_columns"] = table.columns
        with st.container(horizontal=True, wrap=False, gap="small"):
            st.selectbox("x₁", table.numeric, key="table_x1")
            st.selectbox("x₂", table.numeric, key="table_x2")
        st.selectbox("Class", table.columns, key="table_label")
        x1, x2, label = (self.state[key] for key in COLUMN_KEYS)
        return x1, x2, label

    def _made(self, file: File, columns: Columns) -> Own:
        """Return what columns make; ValueError if they make no dataset."""
        own = self._own()
        if own and (own.file, own.columns) == (file, columns):
            return own
        dataset = dataset_of(_read(file.data), *columns)
        key = content_key(dataset)
        return Own(file, columns, own.dataset if own and own.key == key else dataset, key)


def plain(text: str) -> str:
    """Return anybody's text, on one line, as Markdown that shows it letter by letter.

    A backslash takes the meaning of every mark. Streamlit looks for links, emoji, icons and
    arrows once more, after backslashes are gone: a word joiner, which nobody sees, parts these.
    """
    marked = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", one_line(text))
    return re.sub(r"(\\[:@.=-])", "\u2060\\1", marked)


def first_columns(table: Table) -> Columns:
    """Return the columns to begin with: the last that looks like classes, the first two numbers.

    Numbers look like classes if each occurs twice, on average, and two other columns of numbers
    are left.
    """
    spare = len(table.numeric) > 2

    def looks_like_classes(column: str) -> bool:
        values = len({row[table.columns.index(column)] for row in table.rows})
        if column in table.numeric:
            return spare and 2 <= values <= min(MAX_CLASSES, len(table.rows) // 2)
        return 2 <= values <= MAX_CLASSES

    last_first = table.columns[::-1]
    words = [column for column in last_first if column not in table.numeric]
    label = next(filter(looks_like_classes, last_first), (words or last_first)[0])
    x1, x2 = [column for column in table.numeric if column != label][:2]
    return x1, x2, label


def content_key(dataset: Dataset) -> str:
    """Return 16 hex digits that stand for the points, their classes and all that names them."""
    words = repr((dataset.names, dataset.axes, dataset.origin, dataset.unit))
    content = dataset.x.tobytes() + dataset.y.tobytes() + words.encode()
    return sha256(content).hexdigest()[:16]


def _upload() -> File | None:
    uploaded = st.file_uploader(
        "CSV file: two features and a class",
        ("csv", "txt", "tsv"),
        max_upload_size=1,
        key="table_file",
    )
    return File(uploaded.name, uploaded.getvalue()) if uploaded else None


def _status(own: Own, *, stays: bool) -> str:
    """Say what is in the picture, and whether it is not what was uploaded last."""
    name = one_line(own.file.name)
    short = name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
    size = f"{len(own.dataset.x)} points, {own.dataset.classes} classes"
    return f"{plain(short)} {'stays' if stays else 'is'} in the picture: {size}."
