"""What labs make of a table: which columns they ask for, and what these become."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from dlviz.dataset import Dataset
from dlviz.table import Limits, Table
from dlviz.tables import MAX_CLASSES, Features, dataset_of, features_of

Columns = tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """What is made of a table.

    Parameters
    ----------
    asks : what the file is to hold
    roles : what each chosen column is for; its select box has the key ``table_`` + its name here
    options : of a table, which columns can take each role
    first : of a table, the columns to begin with
    make : of a table and the columns, what they make; ValueError if they make nothing
    size : how much that is, in words
    words : all that names it, for its key
    """

    asks: str
    limits: Limits
    roles: Mapping[str, str]
    options: Callable[[Table], tuple[Columns, ...]]
    first: Callable[[Table], Columns]
    make: Callable[..., Any]
    size: Callable[[Any], str]
    words: Callable[[Any], tuple[Any, ...]]


def first_columns(table: Table) -> Columns:
    """Return the columns to begin with: the class's, and the first two of numbers.

    Numbers look like classes if each occurs twice, on average, and two other columns of numbers
    are left.
    """
    last_first = table.columns[::-1]
    words = [column for column in last_first if column not in table.numeric]
    label = _class_column(table) or (words or last_first)[0]
    x1, x2 = [column for column in table.numeric if column != label][:2]
    return x1, x2, label


def _class_column(table: Table) -> str:
    """Return the last column that looks like classes, "" if none does."""
    spare = len(table.numeric) > 2

    def looks_like_classes(column: str) -> bool:
        values = len({row[table.columns.index(column)] for row in table.rows})
        if column in table.numeric:
            return spare and 2 <= values <= min(MAX_CLASSES, len(table.rows) // 2)
        return 2 <= values <= MAX_CLASSES

    return next(filter(looks_like_classes, table.columns[::-1]), "")


def content_key(made: Dataset | Features, words: tuple[Any, ...]) -> str:
    """Return 16 hex digits that stand for the points, their classes and all that names them."""
    content = made.x.tobytes() + made.y.tobytes() + repr(words).encode()
    return sha256(content).hexdigest()[:16]


PLANE = Form(
    asks="two features and a class",
    limits=Limits(),
    roles={"x1": "x₁", "x2": "x₂", "label": "Class"},
    options=lambda table: (table.numeric, table.numeric, table.columns),
    first=first_columns,
    make=dataset_of,
    size=lambda made: f"{len(made.x)} points, {made.classes} classes",
    words=lambda made: (made.names, made.axes, made.origin, made.unit),
)
MANY = Form(
    asks="columns of numbers, and a class if there is one",
    limits=Limits(megabytes=4, columns=200, rows=2000, least=10),
    roles={"class": "Class"},
    options=lambda table: (("", *table.columns),),
    first=lambda table: (_class_column(table),),
    make=features_of,
    size=lambda made: f"{len(made.x)} points, {len(made.columns)} columns",
    words=lambda made: (made.names, made.columns),
)
